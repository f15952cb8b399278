"""The sheet for the ambulance: who it is, what was given when, the readings, what was done; nothing in confidence."""

from msgspec.structs import replace

from kapdesk.note.paper import Note

TITLE = "Handover for the ambulance"
STATUS = "For those who take over now; the session note follows. Times are of this clinic’s clock."


FOR_THEM = ("people", "set aside", "medication", "substances", "scales", "adverse events")
"""The matters that those who take over need; the others may hold what was said in confidence."""


def handover_of(note: Note) -> Note:
    """The note without what the patient said in confidence, the music and the signatures."""
    return replace(
        note,
        title=TITLE,
        status=f"The patient is at: {note.whereabouts} {STATUS}" if note.whereabouts else STATUS,
        subtitle="Medication, readings and steps so far",
        indication="",
        intention="",
        how_it_went=(),
        debrief=(),
        tables=tuple(table for table in note.tables if table.part in FOR_THEM),
        leaving=(),
        plan=(),
        before=(),
        scores=(),
        signatures=(),
        observations=(),
        tracks=(),
        imagery=(),
        time_notices=(),
        changed=(),
        late=(),
    )
