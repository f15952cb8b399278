"""Lines of a sheet of paper: judged as they would stand in the session together, and entered in order of time."""

from collections.abc import Sequence
from uuid import uuid4

import msgspec

from kapdesk.clinic.room import Room
from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.after import PaperEntered
from kapdesk.facts.care import InfusionStarted
from kapdesk.facts.entry import OrderKey
from kapdesk.facts.fact import Fact
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Cleared, DoseGiven, Ended, PatientArrived, PatientLeft, VitalsNotTaken, VitalsTaken
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Recording
from kapdesk.session.state import Session, evolve

THERE = "This line is on the record already."
_RANKS: dict[type[Fact], int] = {
    PatientArrived: 0,
    VitalsTaken: 1,
    VitalsNotTaken: 1,
    Cleared: 2,
    DoseGiven: 3,
    Ended: 8,
    PatientLeft: 9,
}
"""Which comes first of what has the same minute on paper."""


class PaperLine(msgspec.Struct, frozen=True):
    """One line of the sheet: what, when (desk time, UTC µs), and in whose name."""

    fact: Fact
    at_us: int
    actor: Actor


class Entered(msgspec.Struct, frozen=True):
    """What became of a line: the sentence why not, or "" and what is on its way to the disk."""

    sentence: str
    recording: Recording | None = None


def in_order(lines: Sequence[PaperLine]) -> list[int]:
    """Places of the lines by time; whichever row they were typed in."""

    def key(n: int) -> tuple[int, int, bytes]:
        return lines[n].at_us, _RANKS.get(type(lines[n].fact), 5), codec.encode(lines[n].fact)

    return sorted(range(len(lines)), key=key)


def judged(room: Room, lines: Sequence[PaperLine]) -> tuple[str, ...]:
    """What the judges say of each line, each after those before it in time; "" for what can be recorded. Records none.

    What is on the record already is told by `THERE`.
    """
    said = [""] * len(lines)
    session = room.expected
    for n in in_order(lines):
        line = lines[n]
        said[n] = _doubt(room, session, line)
        if not said[n]:
            session = evolve(session, _as_if(session, line, room.now_us()))
    return tuple(said)


def enter(room: Room, lines: Sequence[PaperLine], why: str, actor: Actor) -> tuple[Entered, ...]:
    """Record the lines in order of their times, each at its own; then how many there were, and why on paper.

    Raises KnownError, with nothing recorded, where the reason is missing. A line that is refused stays out alone.
    """
    if sentence := room.doubt(PaperEntered(len(lines), why.strip()), room.now_us(), actor):
        raise KnownError(sentence)
    done = [Entered("")] * len(lines)
    for n in in_order(lines):
        done[n] = _enter(room, lines[n])
    entered = sum(each.recording is not None for each in done)
    if entered:
        room.record(PaperEntered(entered, why.strip()), actor=actor)
    return tuple(done)


def _enter(room: Room, line: PaperLine) -> Entered:
    if sentence := _doubt(room, room.expected, line):
        return Entered(sentence)
    try:
        recording = room.record(line.fact, line.at_us, line.actor, from_paper=True)
    except KnownError as error:
        return Entered(str(error))
    plan, dose = room.protocol, line.fact
    if isinstance(dose, DoseGiven) and dose.route == "iv" and plan is not None and plan.infuse_over_min:
        rate = dose.dose_ug * 60 // plan.infuse_over_min
        begun = InfusionStarted(recording.statement.id, dose.dose_ug, rate)
        if room.doubt(begun, line.at_us, line.actor) is None:
            room.record(begun, line.at_us, line.actor, from_paper=True)
    return Entered("", recording)


def _doubt(room: Room, session: Session, line: PaperLine) -> str:
    return THERE if there(session, line) else room.doubt(line.fact, line.at_us, line.actor, session) or ""


def there(session: Session, line: PaperLine) -> bool:
    """Whether a line stands in a session: the same, at the same time."""
    wanted = (line.fact, line.at_us)
    return any(
        not each.struck and wanted in ((each.fact, each.at_us), (each.said.fact, each.said.at_us))
        for each in session.history
    )


def _as_if(session: Session, line: PaperLine, now_us: int) -> Happening:
    last = session.history.last()
    order = last.order.after(0, "") if last is not None else OrderKey(0, 0, "")
    return Happening(uuid4(), order, line.at_us, now_us, line.actor.by, line.actor.entered_by, line.fact)
