"""The parts of the note, on the first page and behind it: their order, headings, and what a clinic may change. Pure.

Who and when, status, signatures, what was added after signing and the digest are no parts: they stand where they stand.
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
"""Those of the first page, as they stand until the clinic decides."""

BEHIND = (
    NotePart("course", "Course of the session"),
    NotePart("people", "People and roles"),
    NotePart("times", "Times"),
    NotePart("before", "Known before the dose"),
    NotePart("questionnaires", "Questionnaires"),
    NotePart("orders", "Orders"),
    NotePart("set aside", "Holds set aside, and why"),
    NotePart("checked", "Checked before the dose"),
    NotePart("medication", "Medication"),
    NotePart("substances", "Substances counted"),
    NotePart("vital signs", "Vital signs"),
    NotePart("scales", "Scales"),
    NotePart("adverse events", "Adverse events and rescue"),
    NotePart("observations", "Observations"),
    NotePart("interventions", "Touch, interventions and psychotherapy"),
    NotePart("music", "Music heard"),
    NotePart("imagery", "Guided imagery"),
    NotePart("practice", "Debrief and practice"),
    NotePart("leaving", "Before leaving"),
    NotePart("clock", "The computer’s clock"),
    NotePart("corrections", "Other corrections"),
)
"""Those behind it."""

ALWAYS = ("given", "events", "medication", "vital signs", "set aside", "adverse events", "clock", "corrections")
"""Nobody reads a note that does not say these."""
LONGEST = 60
_STAYS = "the note stays as it was"


def laid_out(template: Sequence[NotePart], of: Sequence[NotePart] = PARTS) -> tuple[NotePart, ...]:
    """A clinic's parts as they stand on the first page, or behind it (`of`): those a template does not name yet come
    last, in our order, and what it names that is none of these is left aside. Total, whatever the template says."""
    ours = {part.part for part in of}
    taken = {part.part: part for part in reversed(template) if part.part in ours}
    named = dict.fromkeys(part.part for part in template if part.part in ours)
    made = [taken[part] for part in named]
    made = [NotePart(part.part, part.heading, part.shown or part.part in ALWAYS) for part in made]
    return (*made, *(part for part in of if part.part not in named))


def doubt(template: Sequence[NotePart]) -> str | None:
    """Why a note cannot be laid out so, in one plain sentence, or None."""
    ours, seen = {part.part: part.heading for part in (*PARTS, *BEHIND)}, set()
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
