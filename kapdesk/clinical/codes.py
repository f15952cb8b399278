"""The clinic's words for what is seen: those it begins with, what may stand under its keys, and which are events."""

from collections.abc import Sequence

from kapdesk.facts.clinic import Code

DEFAULTS = (
    Code("Tears"),
    Code("Ease"),
    Code("Movement"),
    Code("Breath"),
    Code("Eyes", lasts=True),
    Code("Nausea", unwanted=True),
    Code("Distress", unwanted=True),
    Code("Intervention"),
)
"""What holds until the clinic decides, in the order of the keys."""

WAYS = {"Eyes": "closed"}
"""In which way a code lasts when it is begun without other words."""

INTERVENTION = "Intervention"
"""What was done about something; which one is asked in place, and it stands beside the events on the note."""

INTERVENTIONS = ("Hand held", "Reassurance", "Breathing together", "Blindfold off")
MODALITIES = ("supportive", "parts work", "EMDR", "somatic", "cognitive", "integration talk", "other")
"""Offered, never asked for: anything else can be typed."""

MOST_CODES = 8
LONGEST = 16
"""A longer word does not fit on its button beside a video call."""
_OURS = ("Dose", "Vitals", "Mark", "Emergency", "Psychotherapy")


def doubt(codes: Sequence[Code]) -> str | None:
    """Why these cannot be a clinic's codes, in one plain sentence, or None."""
    if not codes:
        return "A code at least is needed. Type a word, or go back to the defaults; the codes are as they were."
    if len(codes) > MOST_CODES:
        return f"There are {MOST_CODES} keys, so {MOST_CODES} codes at most. Take one out; the codes are as they were."
    seen: set[str] = set()
    for code in codes:
        word = code.word
        if not word.strip():
            return "A code has no word. Type one, or take the line out; the codes are as they were."
        if word != " ".join(word.split()):
            return f"“{word.strip()}” has blanks too many. Type it with single ones; the codes are as they were."
        if len(word) > LONGEST:
            return f"“{word}” is longer than {LONGEST} letters. Choose a shorter word; the codes are as they were."
        if word.casefold() in seen:
            return f"“{word}” stands there twice. Change one of the two; the codes are as they were."
        if word in _OURS:
            return f"“{word}” is what KapDesk calls something else. Choose another word; the codes are as they were."
        seen.add(word.casefold())
    return None
