"""A session, as the facts so far add up to it. Never stored: always folded."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from functools import lru_cache
from typing import Literal, assert_never, get_args
from uuid import UUID

import msgspec

from kapdesk.clinical.dosing import same_medication
from kapdesk.clinical.protocol import parse
from kapdesk.clock import local, zone
from kapdesk.errors import KnownError
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.care import (
    CareFact,
    EmergencyBegan,
    EmergencyOver,
    TouchAgreed,
)
from kapdesk.facts.entry import Kind
from kapdesk.facts.fact import Correction, Erased, Struck, Unread, tag_of
from kapdesk.facts.papers import Countersigned, PaperFiled, PaperKept
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
    UpTo,
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
    lock: Happening | None = None
    volume_percent: int | None = None

    @property
    def signed(self) -> bool:
        """Signed and locked."""
        return self.lock is not None

    @property
    def locked_us(self) -> int | None:
        """When it was signed."""
        return self.lock.at_us if self.lock is not None else None

    @property
    def moves(self) -> list[Happening]:
        """Each time the visit was moved to another patient's record, in order, after signing too."""
        return [each for each in self.history if isinstance(each.fact, VisitMoved) and not each.struck]

    @property
    def patient(self) -> UUID | None:
        """Whose visit it is: the newest move says so, or else the opening. None where neither can be read."""
        moves = self.moves
        if moves:
            return moves[-1].fact.patient  # type: ignore[no-any-return]
        return self.opened.patient if self.opened is not None else None

    @property
    def erased(self) -> bool:
        """Whether its contents were deleted; nothing can be said in it any more."""
        return any(isinstance(each.fact, Erased) for each in self.history)

    @property
    def stage(self) -> Stage:
        """Where the visit stands."""
        if self.lock is not None:
            return "locked"
        if self.ended is not None:
            return "ended"
        if self.first_dose_us is not None:
            return "running"
        return "preparing" if self.cleared_us is None else "cleared"

    @property
    def time_zone(self) -> str:
        """The name of the zone it was opened in; "UTC" where that was not said."""
        return self.opened.time_zone if self.opened is not None else "UTC"

    @property
    def zone(self) -> tzinfo:
        """The zone it was opened in."""
        return zone(self.time_zone)

    @property
    def day(self) -> str:
        """The day of its first entry, where it was (YYYY-MM-DD)."""
        begun = next(iter(self.history), None)
        return local(begun.at_us if begun else 0, self.zone).date().isoformat()

    @property
    def live(self) -> bool:
        """Whether it goes on: opened and neither ended nor locked."""
        return self.opened is not None and self.ended is None and self.lock is None

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

    @property
    def in_emergency(self) -> bool:
        """Whether an emergency was called and is not over."""
        moves = [each for kind in (EmergencyBegan, EmergencyOver) for each in self.history.standing(kind)]
        last = max(moves, key=lambda each: (each.at_us, each.order), default=None)
        return last is not None and isinstance(last.fact, EmergencyBegan)

    def touch(self) -> str | None:
        """Which touch is agreed now, "" for none; None where nobody asked."""
        agreed = self.history.standing(TouchAgreed)
        return agreed[-1].fact.what if agreed else None

    def counts(self, dose: DoseGiven) -> bool:
        """Whether it is a dose of the session's own medication, not a rescue or another one.

        Without a protocol, or with one that cannot be read, every dose is.
        """
        own = _medication(self.protocol.toml) if self.protocol is not None else ""
        return not own or same_medication(dose.medication, own)

    def doses(self) -> list[Happening]:
        """The doses of the session's own medication, by the time they were given."""
        return [h for h in self.history.standing(DoseGiven) if self.counts(h.fact)]

    def weight(self) -> WeightMeasured | None:
        """The newest weight, if one was taken."""
        weights = self.history.standing(WeightMeasured)
        return weights[-1].fact if weights else None


def evolve(session: Session, new: Happening) -> Session:
    """The session after one more happening, whenever in its one order that comes.

    Total: nothing raises. What the one who signed had not before them is kept and marked late.
    """
    if session.history.get(new.id) is not None:
        return session
    if (session.lock is None and _signs(new)) or session.history.precedes(new):
        return fold([*session.history.said(), new])
    if session.lock is not None:
        new = msgspec.structs.replace(new, late=_late(new, session.lock))
    history = session.history.add(new)
    if new.late:
        return msgspec.structs.replace(session, history=history)
    if isinstance(new.fact, Correction | Struck):
        return _read(history, session.lock)
    session = msgspec.structs.replace(_apply(session, new), history=history)
    return _begun(session) if isinstance(new.fact, DoseGiven | ProtocolChosen) else session


def fold(happenings: Iterable[Happening]) -> Session:
    """All that happened in a session, from however many stations, in their one order.

    Of two who signed without knowing of each other, the first in order has.
    """
    said = sorted(happenings, key=lambda h: h.order)
    lock = next(filter(_signs, said), None)
    if lock is not None:
        said = [msgspec.structs.replace(each, late=True) if _late(each, lock) else each for each in said]
    return _read(History(said), lock)


def seen(session: Session, history: History, kind: Kind, id_: str = "") -> Iterator[Happening]:
    """What of another history (the patient's, the clinic's) the one who signed had before them, as it was said.

    All of it while nobody has signed. `id_` is the history's stream, where there may be several of a kind: what the
    signature says nothing of while it speaks of another was not before them.
    """
    if session.lock is None or not _reached(session.lock, kind):
        return history.said()
    reached = _reached(session.lock, kind, id_)
    return (each for each in history.said() if each.seq is None or each.seq <= reached.get(each.order.station, -1))


def _signs(one: Happening) -> bool:
    """One that signs, even where what it covered cannot be read."""
    return isinstance(one.fact, Locked) or (isinstance(one.fact, Unread) and one.fact.kind == tag_of(Locked()))


def _late(one: Happening, lock: Happening) -> bool:
    """Not covered by the signing. The signing station's own entries are by their order, for they are one chain."""
    if one.order >= lock.order:
        return one.id != lock.id
    if one.order.station == lock.order.station or one.seq is None or isinstance(lock.fact, Unread):
        return False
    return one.seq > _reached(lock, "session").get(one.order.station, -1)


def _reached(lock: Happening, kind: Kind, id_: str = "") -> dict[str, int]:
    covers: tuple[UpTo, ...] = getattr(lock.fact, "covers", ())
    return {each.station: each.seq for each in covers if each.stream.kind == kind and id_ in ("", each.stream.id)}


def _read(history: History, lock: Happening | None) -> Session:
    session = Session(history, lock=lock)
    for each in history:
        if not each.struck and not each.late:
            session = _apply(session, each)
    return _begun(session)


def _begun(session: Session) -> Session:
    """The clock runs from the first dose of the session's own medication: a rescue before it does not start it."""
    first = next(iter(session.doses()), None)
    return msgspec.structs.replace(session, first_dose_us=first.at_us if first is not None else None)


@lru_cache(maxsize=64)
def _medication(toml: str) -> str:
    """The medication of a protocol, as it was on its day; empty where it cannot be read."""
    try:
        return parse(toml).medication.strip()
    except KnownError:
        return ""


def _apply(session: Session, new: Happening) -> Session:
    """What one standing happening means for the session, whatever else there is in it."""
    fact: SessionFact | Unread = new.fact
    if type(fact) in _MANY:
        return session
    with_ = msgspec.structs.replace
    if isinstance(fact, CareFact):
        return session  # read from the history by whoever needs it
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
        case PatientLeft():
            return with_(session, left_us=new.at_us)
        case VolumeSet():
            return with_(session, volume_percent=fact.percent)
        case Ended():
            return with_(session, ended=fact, ended_us=new.at_us)
        case (
            PersonCameIn()
            | PersonLeft()
            | WeightMeasured()
            | IntentionSet()
            | DoseGiven()
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
            | Locked()
            | AddendumWritten()
            | Countersigned()
            | PaperKept()
            | PaperFiled()
            | Corrected()
            | Struck()
            | Erased()
            | Unread()
        ):
            return session  # read from the history by whoever needs it
        case _ as unknown:
            assert_never(unknown)


_MANY = frozenset({NoteTaken, VitalsTaken, TrackStarted, TrackStopped, *get_args(CareFact)})
"""The kinds that there are many of, and that are read from the history: told by their type alone, which is quick."""


def _earlier(so_far: int | None, at_us: int) -> int:
    return at_us if so_far is None else min(so_far, at_us)
