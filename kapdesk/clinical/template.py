"""The parts of the note's first page: their order and headings, and what a clinic may change of them. Pure.

Who and when, status, signatures and the digest are no parts: they always stand where they stand.
"""

from collections.abc import Sequence

from kapdesk.facts.clinic import NotePart

PARTS = (
    NotePart("indication", "Indication"),
    NotePart("intention", "Intention, in the patient’s words"),
    NotePart("given", "What was given"),
    NotePart("how it went", "How it went"),
    NotePart("events", "Events and what was done"),
    NotePart("debrief", "Debrief, in the patient’s words"),
    NotePart("condition at leaving", "Condition at leaving"),
    NotePart("plan", "Plan"),
)
"""What holds until the clinic decides, in the order of the page."""

ALWAYS = ("given", "events")
"""Nobody reads a note that does not say these."""
LONGEST = 60
_STAYS = "the note stays as it was"


def laid_out(template: Sequence[NotePart]) -> tuple[NotePart, ...]:
    """A clinic's parts as they stand on the page: those a template does not name yet come last, in our order, and what
    it names that is none of ours is left aside. Total, whatever the template says."""
    ours = {part.part for part in PARTS}
    taken = {part.part: part for part in reversed(template) if part.part in ours}
    named = dict.fromkeys(part.part for part in template if part.part in ours)
    made = [taken[part] for part in named]
    made = [NotePart(part.part, part.heading, part.shown or part.part in ALWAYS) for part in made]
    return (*made, *(part for part in PARTS if part.part not in named))


def doubt(template: Sequence[NotePart]) -> str | None:
    """Why a note cannot be laid out so, in one plain sentence, or None."""
    ours, seen = {part.part: part.heading for part in PARTS}, set()
    for part in template:
        if part.part not in ours:
            return f"The note has no part “{part.part}”. Take it out; {_STAYS}."
        if part.part in seen:
            return f"“{ours[part.part]}” stands there twice. Take one out; {_STAYS}."
        seen.add(part.part)
        if not part.heading.strip():
            return f"“{ours[part.part]}” has no heading. Type one; {_STAYS}."
        if len(part.heading) > LONGEST:
            return f"“{part.heading[:20]}…” is longer than {LONGEST} letters. Choose a shorter heading; {_STAYS}."
        if not part.shown and part.part in ALWAYS:
            return f"“{ours[part.part]}” cannot be left out of a note. Tick it again; {_STAYS}."
    return None
