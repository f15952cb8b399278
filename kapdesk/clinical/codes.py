"""The clinic's words for what is seen: those it begins with, what may stand under its keys, and which are events."""

from collections.abc import Sequence

from kapdesk.facts.clinic import Code, CodeWords

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

GENERAL = ("from here on", "over")
"""What is said of a beginning and an end where the clinic has no words of its own for them."""

INTERVENTION = "Intervention"
"""What was done about something; which one is asked in place, and it stands beside the events on the note."""

INTERVENTIONS = ("Hand held", "Reassurance", "Breathing together", "Blindfold off")
MODALITIES = ("supportive", "parts work", "EMDR", "somatic", "cognitive", "integration talk", "other")
"""Offered, never asked for: anything else can be typed."""

MOST_CODES = 8
LONGEST = 16
"""A longer word does not fit on its button beside a video call."""
LONGEST_WORDS = 40
"""Longer words for a beginning or an end would not stay on one line of the list."""
_OURS = ("Dose", "Vitals", "Mark", "Emergency", "Psychotherapy")


def default_words(word: str) -> CodeWords:
    """What a lasting code of the clinic's own says where it begins and ends, until someone types other words."""
    if not word or word in WAYS:
        return CodeWords(word)
    return CodeWords(word, f"{word} begins", f"{word} ends")


def words_doubt(said: Sequence[CodeWords]) -> str | None:
    """Why a clinic's codes cannot say this where they begin and end, in one plain sentence, or None."""
    for each in said:
        for text in (each.begins, each.ends):
            if len(text) > LONGEST_WORDS:
                return f"What “{each.word}” says is longer than {LONGEST_WORDS} letters. Shorten it; it is as it was."
            if not text.isprintable():
                return f"Something that “{each.word}” says cannot be printed. Type it anew; it is as it was."
    return None


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
