"""A session, as the facts so far add up to it. Never stored: always folded."""

from collections.abc import Iterable
from typing import Literal, assert_never

import msgspec

from kapdesk.facts.fact import Correction, Erased, Struck, Unread
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    ComputerRestarted,
    ComputerSlept,
    Corrected,
    DoseGiven,
    Ended,
    ImageryStarted,
    ImageryStopped,
    IntentionSet,
    Locked,
    Marked,
    MusicBroughtBack,
    MusicLost,
    MusicPlanned,
    MusicRestored,
    MusicSilenced,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PersonCameIn,
    PersonLeft,
    PhaseEntered,
    PhaseExtended,
    ProtocolChosen,
    SessionFact,
    SummaryWritten,
    TrackSkipped,
    TrackStarted,
    TrackStopped,
    VisitOpened,
    VitalsNotTaken,
    VitalsTaken,
    VolumeSet,
    WallClockMoved,
    WeightMeasured,
)
from kapdesk.record.history import Happening, History

Stage = Literal["preparing", "cleared", "running", "ended", "locked"]


class Session(msgspec.Struct, frozen=True):
    """Everything the screen, the paper and the music need to know.

    Times are desk time in UTC µs. What comes after signing is in the history, marked late, and changes nothing else.
    """

    history: History = History()
    opened: VisitOpened | None = None
    protocol: ProtocolChosen | None = None
    music: MusicPlanned | None = None
    arrived_us: int | None = None
    cleared_us: int | None = None
    first_dose_us: int | None = None
    ended: Ended | None = None
    ended_us: int | None = None
    left_us: int | None = None
    locked_us: int | None = None
    signed: bool = False
    volume_percent: int | None = None

    @property
    def stage(self) -> Stage:
        """Where the visit stands."""
        if self.locked_us is not None:
            return "locked"
        if self.ended is not None:
            return "ended"
        if self.first_dose_us is not None:
            return "running"
        return "preparing" if self.cleared_us is None else "cleared"

    @property
    def live(self) -> bool:
        """Whether it goes on: opened and neither ended nor locked."""
        return self.opened is not None and self.ended is None and self.locked_us is None

    def since_first_dose_ms(self, now_us: int) -> int | None:
        """Time since the first dose; None before it."""
        return None if self.first_dose_us is None else (now_us - self.first_dose_us) // 1000

    def uncertainty_ms(self) -> int:
        """By how much the time since the first dose (or arrival) may be off, after restarts of the computer."""
        begin = self.first_dose_us if self.first_dose_us is not None else self.arrived_us or 0
        restarts = self.history.standing(ComputerRestarted)
        return sum(h.fact.uncertainty_ms for h in restarts if h.at_us >= begin)

    def wall_ahead_ms(self) -> int:
        """How far the computer's time of day had come to be ahead of the session's time, by jumps of the former."""
        ahead = 0
        for each in self.history:
            if each.struck or each.late:
                continue
            if isinstance(each.fact, WallClockMoved):
                ahead += each.fact.by_ms
            elif isinstance(each.fact, ComputerRestarted):
                ahead = each.fact.wall_ahead_ms
        return ahead

    def present(self) -> list[PersonCameIn]:
        """Who of the staff is in the room, in the order they came."""
        here: dict[str, PersonCameIn] = {}
        for each in self.history:
            if each.struck or each.late:
                continue
            if isinstance(each.fact, PersonCameIn):
                here[each.fact.person] = each.fact
            elif isinstance(each.fact, PersonLeft):
                here.pop(each.fact.person, None)
        return list(here.values())

    def weight(self) -> WeightMeasured | None:
        """The newest weight, if one was taken."""
        weights = self.history.standing(WeightMeasured)
        return weights[-1].fact if weights else None


def evolve(session: Session, new: Happening) -> Session:
    """The session after one more happening, which comes after all others in order.

    Total: nothing raises. What comes after signing is kept and marked late.
    """
    if session.history.get(new.id) is not None:
        return session
    if session.signed:
        late = msgspec.structs.replace(new, late=True)
        return msgspec.structs.replace(session, history=session.history.add(late))
    history = session.history.add(new)
    if isinstance(new.fact, Correction | Struck):
        return _read(history)
    signed = isinstance(new.fact, Locked)
    return msgspec.structs.replace(_apply(session, new), history=history, signed=signed)


def fold(happenings: Iterable[Happening]) -> Session:
    """All that happened in a session, from however many stations, in their one order."""
    return _read(History(_marked_late(sorted(happenings, key=lambda h: h.order))))


def _marked_late(happenings: list[Happening]) -> Iterable[Happening]:
    locked = False
    for each in happenings:
        yield msgspec.structs.replace(each, late=True) if locked else each
        locked = locked or isinstance(each.fact, Locked)


def _read(history: History) -> Session:
    session = Session(history, signed=any(isinstance(each.first or each.fact, Locked) for each in history))
    for each in history:
        if not each.struck and not each.late:
            session = _apply(session, each)
    return session


def _apply(session: Session, new: Happening) -> Session:
    """What one standing happening means for the session, whatever else there is in it."""
    fact: SessionFact = new.fact
    with_ = msgspec.structs.replace
    match fact:
        case VisitOpened():
            return with_(session, opened=session.opened or fact)
        case ProtocolChosen():
            return with_(session, protocol=fact)
        case MusicPlanned():
            return with_(session, music=fact)
        case PatientArrived():
            return with_(session, arrived_us=_earlier(session.arrived_us, new.at_us))
        case Cleared():
            return with_(session, cleared_us=_earlier(session.cleared_us, new.at_us))
        case DoseGiven():
            return with_(session, first_dose_us=_earlier(session.first_dose_us, new.at_us))
        case PatientLeft():
            return with_(session, left_us=new.at_us)
        case VolumeSet():
            return with_(session, volume_percent=fact.percent)
        case Ended():
            return with_(session, ended=fact, ended_us=new.at_us)
        case Locked():
            return with_(session, locked_us=new.at_us)
        case (
            PersonCameIn()
            | PersonLeft()
            | WeightMeasured()
            | IntentionSet()
            | PhaseEntered()
            | PhaseExtended()
            | VitalsTaken()
            | VitalsNotTaken()
            | NoteTaken()
            | Marked()
            | TrackStarted()
            | TrackStopped()
            | TrackSkipped()
            | MusicLost()
            | MusicRestored()
            | MusicSilenced()
            | MusicBroughtBack()
            | ImageryStarted()
            | ImageryStopped()
            | SummaryWritten()
            | ComputerSlept()
            | WallClockMoved()
            | ComputerRestarted()
            | AddendumWritten()
            | Corrected()
            | Struck()
            | Erased()
            | Unread()
        ):
            return session  # read from the history by whoever needs it
        case _ as unknown:
            assert_never(unknown)


def _earlier(so_far: int | None, at_us: int) -> int:
    return at_us if so_far is None else min(so_far, at_us)
