"""One live session, wired: the recorder and its judges, the session folded from the record, and its plan."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from kapdesk.clinical.protocol import Protocol, parse
from kapdesk.clock import Absence, Event, Moment
from kapdesk.errors import KnownError
from kapdesk.facts.entry import Entry, OrderKey, Stream
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import ComputerRestarted, ComputerSlept, Corrected, SessionFact, WallClockMoved
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening, happening
from kapdesk.record.listeners import Listeners
from kapdesk.record.recorder import Recorder, Recording
from kapdesk.session.due import Due, due
from kapdesk.session.plan import PhaseSpan, phase_at, phase_spans
from kapdesk.session.state import Session, evolve

UNDO_US = 10_000_000
"""Taken back within ten seconds, a slip of the hand is counted but not printed."""


class Room:
    """A session as it goes on. Views read `session`, `spans` and `due` and are told by `listen` when they change.

    All methods are called on the core's thread. `by` is who is writing now.
    """

    def __init__(
        self, id_: UUID, patient: Patient, session: Session, recorder: Recorder, now: Callable[[], Moment]
    ) -> None:
        self.id, self.patient, self.session = id_, patient, session
        self.by: Actor = ITSELF
        self.pending: list[Recording] = []
        self._recorder, self._now = recorder, now
        self.expected = session
        """The session with what is still on its way to the disk: what judges go by, never what is shown as saved."""
        self.plan_trouble = ""
        self._listeners: Listeners[[]] = Listeners()
        self._read_plan()
        recorder.listen(self._evolve)
        recorder.listen_for_failure(self._never_kept)

    @property
    def stream(self) -> Stream:
        """Where its facts are."""
        return Stream("session", str(self.id))

    @property
    def due(self) -> tuple[Due, ...]:
        """What is due next, soonest first."""
        return due(self.session, self.protocol) if self.protocol else ()

    def phase(self, at_us: int | None = None) -> PhaseSpan | None:
        """The phase now, or at another time."""
        return phase_at(self.spans, self.now_us() if at_us is None else at_us)

    def now_us(self) -> int:
        """Desk time, UTC µs."""
        return self._now().utc_us

    @property
    def shown(self) -> bool:
        """Whether anyone listens, as every page on which it is open does."""
        return bool(self._listeners)

    def listen(self, listener: Callable[[], None]) -> None:
        """Be told whenever something was recorded, is on its way, or failed."""
        self._listeners.add(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Be told no more."""
        self._listeners.remove(listener)

    def doubt(self, fact: Fact, at_us: int, actor: Actor, session: Session | None = None) -> str | None:
        """What the judges say of a line from paper, without recording it; as the session would stand, if given."""
        return self._recorder.doubt(fact, actor, at_us, True, self.expected if session is None else session)

    def record(
        self, fact: Fact, at_us: int | None = None, actor: Actor | None = None, from_paper: bool = False
    ) -> Recording:
        """Record a fact of this session; raises KnownError when it is not possible or not permitted."""
        recording = self._recorder.record(fact, actor or self.by, at_us, from_paper)
        self.pending.append(recording)
        self.expected = evolve(self.expected, _expected(recording))
        self._listeners.tell()
        return recording

    def correct(self, target: UUID, truth: SessionFact, at_us: int, reason: str) -> Recording:
        """Say how an earlier fact really was. It stays on the record beside its correction."""
        return self.record(Corrected(target, truth, at_us, reason))

    def strike(self, target: UUID, reason: str) -> Recording:
        """Say that an earlier fact did not happen. Within ten seconds of entering it, this is an undo."""
        known = self.expected.history.get(target)
        undo = known is not None and self.now_us() - known.entered_at_us <= UNDO_US
        return self.record(Struck(target, reason, undo))

    def tell_clock(self, events: list[Event]) -> None:
        """The computer slept, or its time of day was moved: put it on the record while the session goes on."""
        if not self.session.live:
            return
        for event in events:
            fact = ComputerSlept(event.by_ms) if event.kind == "slept" else WallClockMoved(event.by_ms)
            self.record(fact, actor=ITSELF)

    def tell_restart(self, absence: Absence, how: str, wall_ahead_ms: int) -> None:
        """The computer was restarted under the session."""
        if absence.away_ms is None:
            raise KnownError("How long the computer was away is not known yet. Answer that first.")
        asked = how == "asked"
        fact = ComputerRestarted(
            absence.away_ms, absence.uncertainty_ms, "asked" if asked else "time of day", wall_ahead_ms
        )
        self.record(fact, actor=self.by if asked else ITSELF)

    def _evolve(self, entry: Entry, fact: Fact) -> None:
        self.session = evolve(self.session, happening(entry, fact))
        self.pending = [each for each in self.pending if each.statement.id != entry.body.id]
        if not self.pending:
            self.expected = self.session  # until then it holds this entry already, as a statement
        self._show()

    def belong(self, patient: Patient) -> None:
        """Whose session it is, as the record says now."""
        if patient is not self.patient:
            self.patient = patient
            self._show()

    def take(self, session: Session) -> None:
        """The session as read anew from the record, after entries of another station came into it."""
        self.session = session
        self._expect_anew()

    def _never_kept(self, id_: UUID) -> None:
        self.pending = [each for each in self.pending if each.statement.id != id_]
        self._expect_anew()

    def _expect_anew(self) -> None:
        self.expected = self.session
        for each in self.pending:
            self.expected = evolve(self.expected, _expected(each))
        self._show()

    def _show(self) -> None:
        self._read_plan()
        self._listeners.tell()

    def _read_plan(self) -> None:
        chosen = self.session.protocol
        self.protocol: Protocol | None = None
        self.plan_trouble = ""
        try:
            self.protocol = parse(chosen.toml, "The session's protocol") if chosen else None
        except KnownError as error:
            self.plan_trouble = str(error)
        self.spans: tuple[PhaseSpan, ...] = phase_spans(self.session, self.protocol) if self.protocol else ()


def _expected(recording: Recording) -> Happening:
    """A statement as it will probably stand in the record."""
    said = recording.statement
    at_the_end = OrderKey(2**62, 0, said.id.hex)
    return Happening(
        said.id, at_the_end, said.at_us, said.moment.utc_us, said.actor.by, said.actor.entered_by, recording.fact
    )


class Away(msgspec.Struct, frozen=True):
    """A running session met at the start, and whether someone must say how long the computer was away."""

    session: UUID
    absence: Absence | None

    @property
    def ask(self) -> bool:
        """The time of day lies before the last entry: only a person can tell."""
        return self.absence is not None and self.absence.away_ms is None
