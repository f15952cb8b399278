"""Which signed papers there are of each visit, and which are filed: kept at hand, brought up to date by the rows that
came since; and recording what became of one."""

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.entry import Payload
from kapdesk.facts.papers import Countersigned, PaperFact, PaperFiled, PaperKept
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.record.history import read
from kapdesk.record.recorder import Recording
from kapdesk.store.log import SqlLog

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic
    from kapdesk.clinic.room import Room

_CAME = (
    "SELECT entry.stream_id, entry.kind, entry.at_us, salt, codec, sealed_to, bytes "
    "FROM entry LEFT JOIN payload ON payload.entry_id = entry.id "
    "WHERE entry.stream_kind = 'session' AND entry.kind IN ('paper-kept', 'paper-filed', 'countersigned', 'erased') "
    "AND entry.rowid > ? AND entry.rowid <= ? ORDER BY entry.rowid"
)


_Said = Countersigned | PaperFiled | PaperKept


class Paper(msgspec.Struct, frozen=True):
    """A signed paper of a visit. `signatures` counts those on it; `place` is the name it is filed under, or "";
    `countersigned` whether someone has, though it may not be on this paper yet."""

    session: UUID
    version: int
    sha256: str
    kept_us: int
    signatures: int = 1
    place: str = ""
    filed_us: int = 0
    countersigned: bool = False


def newest(session: UUID, said: Iterable[tuple[int, _Said]]) -> tuple[Paper, ...]:
    """The newest paper of each version of a visit, from what was said of them, each with its time (UTC µs). Pure."""
    kept: dict[str, Paper] = {}
    filed: dict[str, tuple[str, int]] = {}
    counter: set[str] = set()
    for at_us, fact in said:
        match fact:
            case PaperFiled():
                filed[fact.sha256] = (fact.place, at_us)
            case Countersigned():
                counter.add(fact.paper)
            case PaperKept():
                before = kept.get(fact.replaces)
                more = before is not None and before.version == fact.version
                signatures = before.signatures + 1 if before is not None and more else 1
                signed_by_two = signatures > 1 or (not kept and "" in counter)
                kept[fact.sha256] = Paper(session, fact.version, fact.sha256, at_us, signatures, "", 0, signed_by_two)
    versions = {each.version: each for each in kept.values()}
    return tuple(_found(each, filed, counter) for _, each in sorted(versions.items()))


def _found(paper: Paper, filed: dict[str, tuple[str, int]], counter: set[str]) -> Paper:
    place, filed_us = filed.get(paper.sha256, ("", 0))
    by_two = paper.countersigned or paper.sha256 in counter
    return msgspec.structs.replace(paper, place=place, filed_us=filed_us, countersigned=by_two)


class Papers:
    """The signed papers of all visits, kept at hand and brought up to date by the rows that came since."""

    def __init__(self, log: SqlLog) -> None:
        self._log, self._lock, self._row = log, threading.Lock(), 0
        self._said: dict[str, list[tuple[int, _Said]]] = {}
        self._open: dict[str, None] = {}
        self._of_one: dict[str, None] = {}
        self._erased: set[str] = set()

    def to_file(self) -> tuple[Paper, ...]:
        """Those that are not filed, the oldest first. May be asked on any thread."""
        with self._lock:
            self._catch_up()
            found = [each for id_ in self._open for each in newest(UUID(id_), self._said[id_]) if not each.place]
        return tuple(sorted(found, key=lambda each: each.kept_us))

    def of_one(self) -> tuple[Paper, ...]:
        """The newest of each visit where nobody has countersigned it."""
        with self._lock:
            self._catch_up()
            return tuple(newest(UUID(id_), self._said[id_])[-1] for id_ in self._of_one)

    def of(self, session: UUID) -> tuple[Paper, ...]:
        """Those of one visit, by version."""
        with self._lock:
            self._catch_up()
            return newest(session, self._said.get(str(session), ()))

    def digests(self) -> frozenset[str]:
        """Of all papers that are on record as kept. May be asked on any thread."""
        with self._lock:
            self._catch_up()
            return frozenset(
                fact.sha256 for said in self._said.values() for _, fact in said if isinstance(fact, PaperKept)
            )

    def read_anew(self) -> None:
        """What came from elsewhere may fill earlier rows' contents: begin at the first again."""
        with self._lock:
            self._said, self._open, self._of_one, self._erased, self._row = {}, {}, {}, set(), 0

    def _catch_up(self) -> None:
        last = self._log.row()
        came: set[str] = set()
        for id_, kind, at_us, *content in self._log.select(_CAME, (self._row, last)) if last > self._row else ():
            fact = codec.decode("session", kind, Payload(*content)) if content[0] is not None else None
            if kind == "erased":
                self._erased.add(id_)
                for those in (self._said, self._open, self._of_one):
                    those.pop(id_, None)
                came.discard(id_)
            elif isinstance(fact, _Said) and id_ not in self._erased:
                self._said.setdefault(id_, []).append((at_us, fact))
                came.add(id_)
        for id_ in came:
            papers = newest(UUID(id_), self._said[id_])
            for those, holds in (
                (self._open, any(not each.place for each in papers)),
                (self._of_one, bool(papers) and not papers[-1].countersigned),
            ):
                those.pop(id_, None)
                if holds:
                    those[id_] = None
        self._row = last


def digests(log: SqlLog, sessions: Sequence[str] | None = None) -> frozenset[str]:
    """Of the papers that are on record as kept, of all visits or of these: read from the record anew."""
    kept = log.read_kinds("session", ["paper-kept"], sessions).values()
    said = [read(each).fact for of_one in kept for each in of_one]
    return frozenset(fact.sha256 for fact in said if isinstance(fact, PaperKept))


def record_in(clinic: "OpenClinic", session: UUID, fact: PaperFact, actor: Actor = ITSELF) -> Recording:
    """Record what became of a visit's paper. A visit nobody has open is put away again."""
    room = clinic.room_of(session)
    try:
        recording = room.record(fact, actor=actor)
    except KnownError:
        _put_away(clinic, room)
        raise
    recording.kept.add_done_callback(lambda _: clinic.post(lambda: _put_away(clinic, room)))
    return recording


def _put_away(clinic: "OpenClinic", room: "Room") -> None:
    if not (room.shown or room.pending or room.session.live) and clinic.rooms.get(room.id) is room:
        clinic.leave(room)
