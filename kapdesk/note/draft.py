"""Plain sentences for the note's first page, drafted from the record alone; nothing is guessed or judged. Pure."""

from kapdesk.clinical import care, sound
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.care import BreachAnswered
from kapdesk.facts.music import MusicRated
from kapdesk.facts.session import (
    DoseGiven,
    ImageryStarted,
    PatientLeft,
    Section,
    SummaryWritten,
    TrackStarted,
    VitalsTaken,
)
from kapdesk.note import after, lasted, wording
from kapdesk.note.events import events_of
from kapdesk.note.paper import Event
from kapdesk.note.telling import Telling
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session import lasting
from kapdesk.session.heard import heard

SIGN = "◇ "
"""Stands before a drafted line on paper: a shape, so that it survives print without colour and the text taken out."""
LEGEND = "(◇: drafted from the record, not edited)"

Drafts = dict[Section, tuple[str, ...]]
"""The sentences of each section that can be drafted; a section of which the record says nothing has none."""


def drafted(telling: Telling, protocol: Protocol | None, patient: Patient) -> Drafts:
    """What the record says by now, as sentences; facts as they stand after corrections, without what was struck."""
    drafts: dict[Section, tuple[str, ...]] = {
        "how it went": (
            *_given(telling),
            *_highest(telling),
            *_answered(telling),
            *_events(telling, protocol),
            *_states(telling),
            *(f"Psychotherapy: {line}." for line in lasted.psychotherapy(telling)),
            *_heard(telling),
        ),
        "condition at leaving": (*after.scores(telling), *last_reading(telling), *_left(telling)),
        "plan": after.agreed(telling, patient),
    }
    return {section: tuple(map(one_line, lines)) for section, lines in drafts.items()}


def one_line(words: str) -> str:
    """What was typed over several lines is one sentence in a draft."""
    return " ".join(words.split())


def marked(lines: tuple[str, ...], written: SummaryWritten, draft: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a section with the sign before those nobody changed, and what the sign says.

    All of a section taken as it was drafted; in one that someone edited, the lines that the record still says so.
    """
    signed = tuple(SIGN + line if written.drafted or line in draft else line for line in lines)
    return signed if signed == lines else (*signed, LEGEND)


def last_reading(telling: Telling) -> tuple[str, ...]:
    """The last reading in a sentence; nothing where none was taken."""
    readings = telling.session.history.standing(VitalsTaken)
    if not readings:
        return ()
    return (f"Last reading, {telling.clock(readings[-1].at_us)}: {wording.reading(readings[-1].fact)}.",)


def _given(telling: Telling) -> list[str]:
    """Each dose: what, how much, where, when and by whom."""
    made = []
    for each in telling.session.history.standing(DoseGiven):
        fact = each.fact
        where = ", ".join(part for part in (care.ROUTES[fact.route], fact.site) if part)
        by = f" by {person}" if (person := _name(telling, each)) else ""
        what = f"{wording.medication(fact)} {wording.mg(telling.given_ug(each))}"
        made.append(f"{what} {where} at {telling.clock(each.at_us)}{by}.")
    return made


def _highest(telling: Telling) -> list[str]:
    readings = [h for h in telling.session.history.standing(VitalsTaken) if h.fact.systolic_mmhg is not None]
    if not readings:
        return []
    top = max(readings, key=lambda each: int(each.fact.systolic_mmhg))
    return [f"Highest blood pressure {wording.pressure(top.fact)} mmHg at {telling.clock(top.at_us)}."]


def _answered(telling: Telling) -> list[str]:
    """What was done about readings beyond a limit; of readings that stand."""
    history, made = telling.session.history, []
    readings = {each.id: each for each in history.standing(VitalsTaken)}
    for each in history.standing(BreachAnswered):
        reading = readings.get(each.fact.reading)
        if reading is not None:
            why = f" ({each.fact.reason})" if each.fact.reason else ""
            of = f"{wording.reading(reading.fact)} at {telling.clock(reading.at_us)}"
            made.append(f"Outside the limit, {of}: {each.fact.answer}{why}, at {telling.clock(each.at_us)}.")
    return made


def _events(telling: Telling, protocol: Protocol | None) -> list[str]:
    return [_event(each) for each in events_of(telling, protocol) if not each.struck]


def _event(event: Event) -> str:
    what = " ".join(part for part in (event.what, event.detail) if part)
    parts = (what, f"done: {event.done}" if event.done and what else event.done, event.outcome)
    return _line(f"At {event.clock}: " + "; ".join(part.rstrip(".") for part in parts if part))


def _states(telling: Telling) -> list[str]:
    """What lasted, and until when; what was unwelcome stands among the events."""
    made = []
    for each in lasting.states(telling.session):
        began = telling.session.history.get(each.ids[0])
        if began is not None and not telling.unwanted(began):
            told = lasted.state(telling, began)
            made.append(_line(f"{each.what} {told} (from {telling.clock(each.from_us)})"))
    return made


def _heard(telling: Telling) -> list[str]:
    """How long music was heard, which, and how it was for the patient."""
    history, made = telling.session.history, []
    found = heard(telling.session)
    over = found.heard_ms and all(one.stop is not None for one in found.pieces)  # else nobody knows how long
    long = f" for {wording.lasted(found.heard_ms)}" if over else ""
    for kind, name in ((TrackStarted, f"Music heard{long}"), (ImageryStarted, "Guided imagery")):
        titles = dict.fromkeys(each.fact.title for each in history.standing(kind))
        if titles:
            made.append(_line(f"{name}: {'; '.join(titles)}"))
    rated = history.standing(MusicRated)
    return [*made, *(_line(sound.said(each.fact)) for each in rated[-1:])]


def _left(telling: Telling) -> list[str]:
    left = telling.session.history.standing(PatientLeft)
    if not left:
        return []
    with_whom = f"with {left[-1].fact.escort}" if left[-1].fact.escort else "alone"
    return [_line(f"Left at {telling.clock(left[-1].at_us)}, {with_whom}")]


def _name(telling: Telling, each: Happening) -> str:
    return next((person.name for person in telling.people if person.id == each.by), "")


def _line(words: str) -> str:
    """One full stop at its end."""
    return words.rstrip().rstrip(".") + "."
