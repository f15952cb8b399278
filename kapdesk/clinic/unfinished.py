"""The sessions that were running when KapDesk last stopped: found at the next start, timed, and gone on with."""

from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic.moving import finish
from kapdesk.clinic.room import Away, Room
from kapdesk.clock import NOTICEABLE_MS, Absence, Moment, absence_of
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import HeadsKept
from kapdesk.facts.entry import Stream
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import WallClockMoved

if TYPE_CHECKING:
    from kapdesk.clinic.open import Line, OpenClinic

RECENT = 50
"""How many of the newest visits are looked at for what an abrupt end has left undone."""

MANY = 500
"""With fewer visits than this the record itself is asked which go on, which is as quick."""

_OPENED = "SELECT stream_id FROM entry WHERE stream_kind = 'session' AND kind = 'visit-opened'"
_ENDED = "SELECT stream_id FROM entry WHERE stream_kind = 'session' AND kind = 'ended'"

ASKED_UNCERTAINTY_MS = 60_000
"""Someone said how long the computer was away: to the minute, at best."""


class Unfinished:
    """`patients` are those whose session still waits; `asks` while someone must first say how long the computer was
    away, for nothing can be timed before."""

    def __init__(self, clinic: "OpenClinic") -> None:
        self._clinic = clinic
        self.asks = False
        self.patients: set[UUID] = set()

    def look(self) -> list[Away]:
        """The sessions that were running, newest first; takes up their time. To be asked once, right after opening."""
        clinic = self._clinic
        visits = clinic.visits(self._perhaps())
        if sum(line.session.live for line in visits) < clinic.said_to_run:
            visits = clinic.visits(self._all_open())
        self._keep_missing_heads(visits)
        finish(clinic)
        live = [line for line in visits if line.session.live and line.id not in clinic.rooms]
        ends = [(last, line) for line in live if (last := self._last(line.id)) is not None]
        ends.sort(key=lambda each: -each[0].utc_us)
        absences: list[Away] = []
        for n, (last, line) in enumerate(ends):
            if n == 0:
                absence = clinic.clock.go_on_from(last, clinic.visit(line.id).session.wall_ahead_ms())
                self.asks = absence is not None and absence.away_ms is None
            else:
                absence = self._since(last)
            absences.append(Away(line.id, absence))
        clinic.timed = {away.session for away in absences}
        self.patients = {line.patient.id for _, line in ends}
        return absences

    def resume(self, away: Away, asked_away_ms: int | None = None, actor: Actor = ITSELF) -> Room:
        """Go on with a session that was running. After a restart of the computer, that goes on record.

        `asked_away_ms`: what someone answered when the clocks could not say. Raises KnownError without it.
        """
        clinic = self._clinic
        if away.session in clinic.rooms:
            return clinic.rooms[away.session]
        last = self._last(away.session)
        how = "time of day"
        absence = away.absence if away.ask or last is None else self._since(last)
        if away.ask and last is not None:
            how = "asked"
            if self.asks:  # one answer sets the desk's time for all sessions
                if asked_away_ms is None:
                    raise KnownError("The computer's clock is wrong. Say first how long the computer was away.")
                clinic.clock.after_asking(last, asked_away_ms)
                self.asks = False
            absence = Absence((clinic.clock.now().utc_us - last.utc_us) // 1000, ASKED_UNCERTAINTY_MS)
        room = clinic.room_of(away.session)
        room.by = actor
        clinic.timed.add(room.id)
        self.patients = {each for each in self.patients if clinic.patient(each).id != room.patient.id}
        if absence is not None:
            room.tell_restart(absence, how, clinic.wall_ahead_ms())
        elif abs(moved_ms := clinic.wall_ahead_ms() - room.session.wall_ahead_ms()) >= NOTICEABLE_MS:
            room.record(WallClockMoved(moved_ms), actor=ITSELF)  # while KapDesk was not running; the boot is the same
        return room

    def _perhaps(self) -> list[str]:
        """The newest visits, and any older one that was opened and never ended.

        In a record of many the index says which those may be, where it is whole. It is not the truth: where fewer are
        running than were said to run, the record itself is asked.
        """
        log = self._clinic.log
        (many,) = log.select("SELECT COUNT(*) FROM entry WHERE stream_kind = 'session' AND kind = 'visit-opened'")[0]
        known = self._clinic.index.perhaps_open() if many > MANY else None
        return self._all_open() if known is None else sorted({*self._newest(), *known})

    def _newest(self) -> list[str]:
        """The visits that were opened last, by row."""
        return [row[0] for row in self._clinic.log.select(f"{_OPENED} ORDER BY rowid DESC LIMIT {RECENT}")]

    def _all_open(self) -> list[str]:
        """As the record says, asked about every visit."""
        return sorted({*self._newest(), *(row[0] for row in self._clinic.log.select(f"{_OPENED} EXCEPT {_ENDED}"))})

    def _since(self, last: Moment) -> Absence | None:
        """How long a session went without its computer, by the desk's time as it is now anchored."""
        now = self._clinic.clock.now()
        if last.boot_id == now.boot_id:
            return None
        return Absence(None, 0) if self.asks else absence_of((now.utc_us - last.utc_us) // 1000)

    def _keep_missing_heads(self, visits: "list[Line]") -> None:
        """A desk that stopped right after a session's end could not say any more where its chains ended."""
        clinic = self._clinic
        kept = {heads.stream: heads.heads for heads in clinic.state.heads}
        for line in visits:
            stream = Stream("session", str(line.id))
            if line.session.ended is not None and kept.get(stream) != (heads := clinic.log.heads(stream)):
                clinic.recorder.record(HeadsKept(stream, heads), ITSELF)

    def _last(self, session: UUID) -> Moment | None:
        """When this computer last recorded in a session; None for a session of another one."""
        for station in self._clinic.state.lines_of(self._clinic.log.keys.station):
            rows = self._clinic.log.select(
                "SELECT entered_at_us, utc_offset_s, boot_id, boottime_ms FROM entry "
                "WHERE stream_kind = 'session' AND stream_id = ? AND station = ? ORDER BY seq DESC LIMIT 1",
                (str(session), station),
            )
            if rows:
                return Moment(*rows[0])
        return None
