"""Filing: each signed paper goes to the folder of the clinic's choosing, tried again until it is there; none waits."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kapdesk.clinic import naming, putting
from kapdesk.clinic.kept import Paper, Papers, record_in
from kapdesk.clinic.naming import Named
from kapdesk.clinic.putting import NotReached
from kapdesk.clock import local
from kapdesk.errors import KnownError
from kapdesk.facts.filing import FilingSet
from kapdesk.facts.papers import PaperFiled
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording

if TYPE_CHECKING:
    from kapdesk.clinic.open import Line, OpenClinic

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


class Standing(msgspec.Struct, frozen=True):
    """How the filing stands: how many papers wait, and why, as a row of the records says it ("waiting: folder not
    reached")."""

    waiting: int = 0
    trouble: str = ""


class Filing:
    """Files what is kept, on a thread of its own for each round, one at a time: a disk that hangs holds up only that.

    All methods are called on the core's thread. `read` gives a paper's content by its SHA-256; `told` is called on the
    core's thread after each round.
    """

    def __init__(self, clinic: "OpenClinic", read: Callable[[str], bytes]) -> None:
        self._clinic, self._read = clinic, read
        self.told: Callable[[], None] = lambda: None
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
        self._standing = Standing(waiting, trouble)
        if trouble:
            logger.warning("%d papers wait to be filed", waiting)
        self.told()


def named(line: "Line", paper: Paper) -> Named:
    """What a paper's name can be made of."""
    opened, known = line.session.opened, line.patient.registered
    begun = next(iter(line.session.history), None)
    at_us = line.session.arrived_us or (begun.at_us if begun is not None else paper.kept_us)
    return Named(
        local(at_us, line.session.zone).date().isoformat(),
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
