"""The sheet for the ambulance: one page, black on white, the largest first; nothing in confidence. Pure.

Who it is and what they do not tolerate, what happened and what was done, what was given when, the last readings, whom
to call. It is built up from what those who take over need; what a patient said has no way onto it.
"""

from datetime import date

from kapdesk.note.cared import EMERGENCY
from kapdesk.note.paper import Dose, Event, Flag, Named, Note, Reading
from kapdesk.note.sheet import Block, Column, Facts, Line, Part, Sheet, Table, Words

TITLE = "Handover for the ambulance"
STATUS = "Times are of this clinic’s clock. The session note follows."
FIRST = 6
"""So many events stand on top, the others at the end: what was given and the last readings are on the first page."""
LAST = 5
"""So many readings stand on it, the newest first, and the one before the first dose."""
_SHAPE: dict[Flag, str] = {"": "", "high": "▲ H ", "low": "▼ L "}


def handover_of(note: Note) -> Sheet:
    """The sheet of a visit, as its record stands now."""
    first, before = _happened(note)
    made = note.digest.made.partition(",")[0]
    parts = [
        Part(heading="", blocks=_who(note)),
        Part(heading="Where they are", blocks=(Words(text=note.whereabouts, how="larger"),))
        if note.whereabouts
        else None,
        Part(heading="What happened, and what was done: the newest first", blocks=(_told(first),))
        if first
        else Part(heading="What happened", blocks=(Words(text=note.no_events or "Nothing is on record."),)),
        Part(heading="Given", blocks=_given(note)),
        Part(heading="Last readings", blocks=_readings(note)),
        Part(heading="Whom to call", blocks=_call(note)),
        Part(heading="What happened before that", blocks=(_told(before),)) if before else None,
    ]
    return Sheet(
        title=TITLE,
        status=f"As of {made}. {STATUS}" if made else STATUS,
        clinic=note.clinic,
        whose=note.patient.name,
        born=note.patient.born,
        number=note.patient.number,
        date=note.date,
        parts=tuple(part for part in parts if part is not None),
        black=True,
        rehearsal=note.standing == "rehearsal",
        paper=note.paper,
        language=note.language,
    )


def _who(note: Note) -> tuple[Block, ...]:
    who = note.patient
    called = f"  (called {who.preferred})" if who.preferred else ""
    facts = (
        Named(name="Born", value=_born(who.born, note.date) or "not recorded"),
        Named(name="Weight", value=who.weight),
        Named(name="Medicines", value=who.medicines or "none recorded"),
        Named(name="Record no.", value=who.number or "none"),
    )
    return (
        Words(text=f"{who.name}{called}", how="largest"),
        Words(text=f"Allergies: {who.allergies or 'none recorded'}", how="larger"),
        Facts(facts=facts, columns=2, names=34),
    )


def _born(born: str, today: str) -> str:
    """With their age on the day, where both can be read: "1984-03-09, aged 41"."""
    try:
        then, now = date.fromisoformat(born), date.fromisoformat(today)
    except ValueError:
        return born
    return f"{born}, aged {now.year - then.year - ((now.month, now.day) < (then.month, then.day))}"


def _given(note: Note) -> tuple[Block, ...]:
    """Each dose by its time, then what all of one route come to."""
    doses = [each for each in note.doses if not each.struck]
    also = [each for table in note.tables if table.part == "medication" for each in table.lines if not each.struck]
    if not doses and not also:
        return (Words(text="No medication is on record.", how="larger"),)
    columns = (Column(name="Time", share=14), Column(name="What", share=44), Column(name="How", share=42))
    lines = [(each.clock, f"{each.medication} {each.dose}", _how(each)) for each in doses]
    lines += [(each.clock, _join(*each.cells), "") for each in also]
    rows = tuple(Line(cells=cells, strong=n < len(doses)) for n, cells in enumerate(lines))
    several = [each for each in note.sums if each.several]
    sums = "; ".join(f"{each.medication} {each.route}: {each.total}" for each in several)
    return (Table(columns=columns, lines=rows), *((Words(text=f"In all: {sums}."),) if sums else ()))


def _how(dose: Dose) -> str:
    return _join(dose.route, dose.site, dose.ran, dose.per_kg)


def _readings(note: Note) -> tuple[Block, ...]:
    """The newest first; what lies beyond a limit of the clinic with its shape."""
    taken = [each for each in note.vitals.readings if not each.struck]
    scales = [each for table in note.tables if table.part == "scales" for each in table.lines if not each.struck]
    if not taken and not scales:
        return (Words(text="No reading is on record.", how="larger"),)
    columns = (
        Column(name="Time", share=14),
        *(Column(name=_join(each.name, each.unit, between=" "), share=12) for each in note.vitals.columns),
    )
    made: list[Block] = []
    if taken:
        made.append(Table(columns=columns, lines=tuple(_reading(each) for each in taken[-LAST:][::-1])))
    before = note.vitals.baseline
    said = [
        f"{len(taken)} readings in all." if len(taken) > LAST else "",
        f"Before the dose: {before}." if before else "",
    ]
    if any(said):
        made.append(Words(text=" ".join(filter(None, said))))
    if scales:
        told = "; ".join(f"{each.clock} {_join(*each.cells, between=' ')}" for each in scales[-LAST:][::-1])
        made.append(Words(text=f"Rated: {told}."))
    return tuple(made)


def _reading(each: Reading) -> Line:
    flagged = any(figure.flag for figure in each.figures)
    figures = (f"{_SHAPE[figure.flag]}{figure.value}" if figure.value else "–" for figure in each.figures)
    return Line(cells=(each.clock, *figures), strong=flagged)


def _happened(note: Note) -> tuple[list[Event], list[Event]]:
    """What is read first, an emergency before all else and then the newest; and what came before that."""
    events = [each for each in note.events if not each.struck][::-1]
    events.sort(key=lambda each: each.what != EMERGENCY)
    return events[:FIRST], events[FIRST:]


def _told(events: list[Event]) -> Table:
    columns = (Column(name="Time", share=14), Column(name="What happened, what was done, how it came out", share=86))
    lines = (Line(cells=(each.clock, _event(each)), strong=each.what == EMERGENCY) for each in events)
    return Table(columns=columns, lines=tuple(lines))


def _event(each: Event) -> str:
    what = _join(each.what, each.detail, between=": ")
    said = f"{what.rstrip('.')}: {each.done}" if what and each.done else what or each.done
    return f"{said.rstrip('.')}. Outcome: {each.outcome}" if each.outcome else said


def _call(note: Note) -> tuple[Block, ...]:
    """The clinic as it stands on its papers, who of the staff is there, and who was to take the patient home."""
    staff = "; ".join(_join(each.name, each.credential, each.role) for each in note.people)
    escort = next((each.value for each in note.times if each.name == "Escort"), "")
    clinic = _join(note.clinic, *note.letterhead)
    made = [Words(text=clinic, how="larger")] if clinic else []
    if staff:
        made.append(Words(text=f"Here: {staff}."))
    if escort:
        made.append(Words(text=f"Was to take them home: {escort}."))
    return tuple(made)


def _join(*parts: str, between: str = ", ") -> str:
    return between.join(part for part in parts if part)
