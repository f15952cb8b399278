"""Filing: each signed paper goes to the folder of the clinic's choosing, tried again until it is there; none waits."""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from kapdesk.clinic import naming, putting
from kapdesk.clinic.naming import Named
from kapdesk.clinic.putting import NotReached
from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.entry import Payload
from kapdesk.facts.filing import FilingSet
from kapdesk.facts.papers import Countersigned, PaperFact, PaperFiled, PaperKept
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.record.recorder import Recording
from kapdesk.store.log import SqlLog

if TYPE_CHECKING:
    from kapdesk.clinic.open import Line, OpenClinic
    from kapdesk.clinic.room import Room

T = TypeVar("T")

logger = logging.getLogger(__name__)

PAUSES_MIN = (1, 2, 5, 15, 30, 60)
"""Between two tries at a folder that is not reached, in minutes; the last holds from then on."""

SOON_MS = 5_000
"""After the opening, so that the first page comes first."""

SILENT_MS = 20_000
"""So long a disk may take before it is said that it does not answer."""

CLOSING_S = 2.0
_FAULT = "This did not work, by a fault in KapDesk. What was saved is safe; the log file has the trace."

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


class Standing(msgspec.Struct, frozen=True):
    """How the filing stands: how many papers wait, why ("waiting: folder not reached"), and when it is tried again
    (boot clock, ms; 0 where nothing hinders)."""

    waiting: int = 0
    trouble: str = ""
    again_ms: int = 0

    @property
    def said(self) -> str:
        """Why a paper is not filed yet, as a row of the records says it."""
        return self.trouble


class Filing:
    """Files what is kept, on a thread of its own for each round, one at a time: a disk that hangs holds up only that.

    All methods are called on the core's thread. `read` gives a paper's content by its SHA-256; `told` is called on the
    core's thread after each round.
    """

    def __init__(
        self, clinic: "OpenClinic", read: Callable[[str], bytes], told: Callable[[], None] = lambda: None
    ) -> None:
        self._clinic, self._read, self.told = clinic, read, told
        self.papers = Papers(clinic.log)
        self._standing = Standing()
        self._tries = 0
        self._due_ms: int | None = self._now_ms() + SOON_MS
        self._begun_ms = 0
        self._at_work: threading.Thread | None = None
        self._asked = self._closed = False

    def state(self) -> Standing:
        """As of now. Asks no disk."""
        if self._at_work is not None and self._now_ms() - self._begun_ms > SILENT_MS:
            return msgspec.structs.replace(self._standing, trouble="waiting: the folder’s disk does not answer")
        return self._standing

    def ask(self) -> None:
        """There may be something to file: look soon, whatever pause there is."""
        self._asked = self._at_work is not None
        self._due_ms = self._now_ms()

    def tick(self) -> None:
        """About once a second: begin a round where it is time for one."""
        if self._due_ms is not None and self._now_ms() >= self._due_ms and self._at_work is None:
            self.begin()

    def begin(self) -> None:
        """Begin a round now, if a folder is chosen and none is on its way."""
        chosen = self._clinic.state.filing
        if chosen is None or not chosen.folder or self._at_work is not None or self._closed:
            self._due_ms = None if chosen is None or not chosen.folder else self._due_ms
            return
        self._due_ms, self._begun_ms, self._asked = None, self._now_ms(), False
        self._at_work = threading.Thread(target=self._round, args=(chosen,), name="filing", daemon=True)
        self._at_work.start()

    def idle(self) -> bool:
        """Whether no round is on its way."""
        return self._at_work is None

    def close(self) -> None:
        """Begin nothing more; what a disk does not answer is not waited for, and is filed at the next opening."""
        self._closed = True
        if self._at_work is not None:
            self._at_work.join(CLOSING_S)

    def _now_ms(self) -> int:
        return self._clinic.clock.now().boottime_ms

    def now(self) -> tuple[tuple[str, ...], Standing]:
        """A round on the calling thread, for a command: the names that were filed, and what still waits."""
        chosen = self._clinic.state.filing
        if chosen is None or not chosen.folder:
            raise KnownError("No folder is chosen for signed notes. Choose one first: kapdesk file --folder FOLDER")
        filed: list[tuple[Paper, str]] = []
        waiting, trouble = self._work(chosen, lambda paper, place: filed.append((paper, place)))
        for paper, place in filed:
            record_in(self._clinic, paper.session, PaperFiled(paper.sha256, place)).kept.result()
        return tuple(place for _, place in filed), Standing(waiting, trouble)

    def _round(self, chosen: FilingSet) -> None:
        """On the filing thread."""
        waiting, trouble = 0, f"waiting: {_FAULT}"
        try:
            waiting, trouble = self._work(chosen, lambda paper, place: self._post(lambda: self._filed(paper, place)))
        finally:
            self._post(lambda: self._over(waiting, trouble))

    def _work(self, chosen: FilingSet, filed: Callable[[Paper, str], None]) -> tuple[int, str]:
        """What is not filed goes to the folder. How many papers wait then, and the first thing that hindered one."""
        folder, found = Path(chosen.folder), tuple[Paper, ...]()
        try:
            found = self.papers.to_file()
            if found:
                putting.reach(folder, self._clinic.log.keys.clinic)
        except KnownError as error:
            return len(found), _waits(error)
        waiting, trouble = 0, ""
        for n, paper in enumerate(found):
            if self._closed:
                return len(found) - n, trouble
            try:
                filed(paper, self._put(folder, chosen.scheme, paper))
            except NotReached as error:
                return waiting + len(found) - n, _waits(error)
            except KnownError as error:
                waiting, trouble = waiting + 1, trouble or _waits(error)
        return waiting, trouble

    def _put(self, folder: Path, scheme: str, paper: Paper) -> str:
        content = self._read(paper.sha256)
        name = naming.name_of(scheme, named(self._clinic.visit(paper.session), paper))
        return putting.put(folder, name, content)

    def _post(self, call: Callable[[], None]) -> None:
        if not self._closed:
            self._clinic.post(call)

    def _filed(self, paper: Paper, place: str) -> None:
        """On the core's thread: it lies there, so it is said in its visit."""
        if self._closed:
            return
        try:
            record_in(self._clinic, paper.session, PaperFiled(paper.sha256, place))
        except KnownError as error:
            logger.warning("%s", error)

    def _over(self, waiting: int, trouble: str) -> None:
        self._at_work = None
        if trouble:
            pause_min = PAUSES_MIN[min(self._tries, len(PAUSES_MIN) - 1)]
            self._tries += 1
            self._due_ms = self._now_ms() + pause_min * 60_000
        else:
            self._tries = 0
        if self._asked:
            self._due_ms = self._now_ms()
        self._standing = Standing(waiting, trouble, self._due_ms or 0)
        if trouble:
            logger.warning("%d papers wait to be filed", waiting)
        self.told()


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


def named(line: "Line", paper: Paper) -> Named:
    """What a paper's name can be made of."""
    opened, known = line.session.opened, line.patient.registered
    begun = next(iter(line.session.history), None)
    at_us = line.session.arrived_us or (begun.at_us if begun is not None else paper.kept_us)
    return Named(
        datetime.fromtimestamp(at_us / 1e6, ZoneInfo(opened.time_zone if opened else "UTC")).date().isoformat(),
        line.patient.name,
        known.record_number if known else "",
        known.born_on if known else "",
        opened.visit if opened else "",
        str(paper.version),
        "signed" if paper.signatures < 2 else "countersigned",
        line.id.hex[-8:],
    )


def choose(clinic: "OpenClinic", folder: str, scheme: str, actor: Actor) -> Recording:
    """File into this folder, under names by this scheme, from now on; without a folder, nowhere.

    The folder is looked at and marked first, so call it off the core's thread with `prepared`, then here. Raises
    KnownError where the actor may not, and for a scheme by which no name can be made.
    """
    clinic.require(actor.entered_by, "settings")
    recording = clinic.recorder.record(FilingSet(folder.strip(), scheme.strip()), actor)
    recording.kept.add_done_callback(lambda _: clinic.post(clinic.filing.ask))
    return recording


def prepared(clinic: "OpenClinic", folder: str, scheme: str) -> str:
    """Look whether it can be filed so, mark the folder, and give an example of a name. Asks the disk, so it may hang:
    never on the core's thread. Raises KnownError where it cannot be."""
    example = naming.name_of(scheme, naming.SAMPLE)
    if folder.strip():
        putting.take(Path(folder.strip()), clinic.log.keys.clinic)
    return example


def aside(work: Callable[[], T]) -> "Future[T]":
    """Do what asks a disk that may hang on a thread that nobody waits for, not even at the end of the program."""
    made: Future[T] = Future()

    def run() -> None:
        try:
            made.set_result(work())
        except KnownError as error:
            made.set_exception(error)
        finally:
            if not made.done():  # a bug, whose trace goes to the log; who asked is told, and waits no longer
                made.set_exception(KnownError(_FAULT))

    threading.Thread(target=run, name="disk", daemon=True).start()
    return made


def _waits(error: KnownError) -> str:
    return "waiting: folder not reached" if isinstance(error, NotReached) else f"waiting: {error}"
