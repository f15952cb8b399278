"""The signed papers of the visits: made from what is signed on record, kept, and found again; never in anyone's way.

The record decides: who signs or countersigns is recorded first, and the paper is made after it, off the core's thread.
What was cut off, or could not be made (a full disk, a certificate that is over), is made at the next chance.
"""

import contextlib
import importlib.metadata
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kapdesk.access.ring import PAPERS
from kapdesk.clinic import seal
from kapdesk.clinic.kept import digests, record_in
from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.papers import PaperKept
from kapdesk.facts.people import ITSELF
from kapdesk.facts.seal import SealMade
from kapdesk.people.clinic import Clinic
from kapdesk.record.history import Happening, read
from kapdesk.record.listeners import Listeners
from kapdesk.record.recorder import Recording
from kapdesk.session import papers as versions_of
from kapdesk.session import state as session_fold
from kapdesk.session.papers import Owed, owed
from kapdesk.session.state import Session
from kapdesk.store import places
from kapdesk.store.papers import FOLDER, Papers, Slip

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic

logger = logging.getLogger(__name__)

AGAIN_MS = 5 * 60_000
"""After a paper could not be made, the next try."""

_FAULT = (
    "The signed paper could not be made, by a fault of KapDesk’s own. The record is signed and safe; it is tried again."
)
MAKING = "The signed paper is being made …"

_SAID = ["visit-opened", "locked", "addendum-written", "visit-moved", "countersigned", "paper-kept", "struck", "erased"]
"""What it hangs on whether a paper is still to be made."""

_PERHAPS = (
    "SELECT stream_id FROM entry WHERE stream_kind = 'session' "
    "AND kind IN ('locked', 'addendum-written', 'visit-moved', 'countersigned', 'paper-kept') "
    "AND rowid > (SELECT MIN(rowid) FROM entry WHERE stream_kind = 'clinic' AND kind = 'seal-made') "
    "GROUP BY stream_id HAVING SUM(kind = 'paper-kept') < SUM(kind <> 'paper-kept')"
)
"""Of what came before the clinic's first certificate there are no signed papers, and so it is not even looked at."""

Left = dict[tuple[UUID, int, str], str]
"""Papers that lie there and that no line names: of which visit, which version, in whose place -> digest."""


class SignedPapers:
    """Makes what is owed, one paper at a time, on a thread of its own; all else is called on the core's thread."""

    def __init__(self, clinic: "OpenClinic") -> None:
        self._clinic = clinic
        self._thread = ThreadPoolExecutor(1, "paper")
        self._listeners: Listeners[UUID] = Listeners()
        self._asked: dict[UUID, bool] = {}
        """The visits at work, and whether they were asked for once more meanwhile."""
        self._troubles: dict[UUID, str] = {}
        self._parts: dict[UUID, float] = {}
        self._again_ms = 0
        self._left: Left = {}
        self._store: Papers | None = None
        self._begun = self._closed = False
        self.certificate = ""
        """That the clinic's certificate ends soon, or is over; "" while it holds, and until that was looked at."""
        clinic.recorder.listen(lambda entry, fact: self._sealed() if isinstance(fact, SealMade) else None)

    @property
    def store(self) -> Papers:
        """Where they are kept. Raises KnownError where their key cannot be written."""
        if self._store is None:
            clinic, own = self._clinic, self._clinic.log.keys
            copies = clinic.places.folders(clinic.log.folder, own.clinic, places.BACKUPS)
            key = clinic.ring.papers_key()
            self._store = Papers(clinic.log.folder, own.clinic, key, [each / FOLDER for each in copies])
        return self._store

    def listen(self, listener: Callable[[UUID], None]) -> None:
        """Be told of a visit whose paper is being made, was kept, or could not be."""
        self._listeners.add(listener)

    def forget(self, listener: Callable[[UUID], None]) -> None:
        """Be told no more."""
        self._listeners.remove(listener)

    def state(self, session: UUID) -> str:
        """That its paper is being made, or why it is not; "" while there is nothing to say."""
        if session not in self._asked:
            return self._troubles.get(session, "")
        part = self._parts.get(session, 0.0)
        return f"{MAKING} {part:.0%}" if part else MAKING

    def ask(self, session: UUID) -> None:
        """Make what is owed of a visit, if anything; returns at once."""
        if self._closed:
            return
        if session in self._asked:
            self._asked[session] = True
            return
        self._asked[session] = False
        self._thread.submit(self._made, session).add_done_callback(lambda done: self._worked(session, done))

    def begin(self) -> None:
        """Once, after the opening: give a clinic from before its certificate, and make what is still owed anywhere."""
        if not (self._begun or self._closed):
            self._begun = True
            self._thread.submit(self._catch_up).add_done_callback(_told_of_a_fault)

    def tick(self) -> None:
        """About once a second: is it time to try again what could not be made?"""
        if self._troubles and self._clinic.clock.now().boottime_ms >= self._again_ms:
            self._later()
            self.try_again()

    def _sealed(self) -> None:
        """There is another certificate: what waited for it is made."""
        self.certificate = ""
        self.try_again()

    def try_again(self) -> None:
        """Make now what could not be made."""
        self._ask_all(list(self._troubles))

    def idle(self) -> bool:
        """Whether nothing is being made."""
        return not self._asked

    def close(self) -> None:
        """Begin nothing more; wait for the paper that is being made."""
        self._closed = True
        self._thread.shutdown(cancel_futures=True)

    def read(self, sha256: str) -> bytes:
        """A kept paper, byte for byte. May be called on any thread. Raises KnownError where it cannot be read."""
        if self._store is None and self._clinic.ring.shared(PAPERS) is None:
            raise KnownError(f"No signed paper is kept here, and so not {sha256[:16]} either. The record is safe.")
        return self.store.take_out(sha256).pdf

    def forget_of(self, sessions: list[str]) -> None:
        """Delete the papers of these visits, which are erased; those too that no line names yet. On any thread."""
        gone = set(digests(self._clinic.log, sessions))
        for sha256 in self.store.at_hand() - self._clinic.filing.papers.digests():
            with contextlib.suppress(Damaged):
                if str(self.store.take_out(sha256).slip.session) in sessions:
                    gone.add(sha256)
        self.store.forget(gone)

    def make_all(self, session: UUID) -> None:
        """Make what is owed of a visit now, on the calling thread, which is the core's. Raises KnownError."""
        while (made := self._made(session)) is not None:
            record_in(self._clinic, session, made).kept.result()

    def _worked(self, session: UUID, done: "Future[PaperKept | None]") -> None:
        if done.cancelled():
            return
        error, trouble = done.exception(), ""
        if isinstance(error, KnownError):
            trouble = str(error)
            logger.warning("a signed paper waits: %s", trouble)
        elif error is not None:
            trouble = _FAULT
            _told_of_a_fault(done)
        made = done.result() if error is None else None
        self._post(lambda: self._told(session, made, trouble))

    def _made(self, session: UUID) -> PaperKept | None:
        """The first paper that is owed of a visit, made and kept; None where none is."""
        first = next(iter(owed(self._clinic.session(session), since(self._clinic.state))), None)
        if first is None:
            return None
        slip = Slip(session, first.version, first.replaces, made_with())
        known = self._left.pop((session, first.version, first.replaces), "")
        if known and self.store.whole(known):
            return PaperKept(first.version, known, first.replaces, self.store.take_out(known).slip.made_with)
        pdf = _pressed(self._clinic, session, first, self.store, lambda part: self._goes_on(session, part))
        return PaperKept(first.version, self.store.keep(pdf, slip), first.replaces, slip.made_with)

    def _goes_on(self, session: UUID, part: float) -> None:
        """On a thread of the press: so much of the pages is set."""

        def heard() -> None:
            self._parts[session] = part
            self._listeners.tell(session)

        self._post(heard)

    def _told(self, session: UUID, made: PaperKept | None, trouble: str) -> None:
        """On the core's thread: a paper lies there, so it is said in its visit; then the next one."""
        again = self._asked.pop(session, False)
        self._parts.pop(session, None)
        self._troubles.pop(session, None)
        if made is not None:
            try:
                recording = record_in(self._clinic, session, made)
            except KnownError as error:
                trouble = str(error)
            else:
                self._asked[session] = again
                recording.kept.add_done_callback(lambda done: self._post(lambda: self._next(session, recording)))
        if trouble:
            self._troubles[session] = trouble
            self._later()
        elif made is None and again:
            self.ask(session)
        self._listeners.tell(session)

    def _next(self, session: UUID, recording: Recording) -> None:
        self._asked.pop(session, None)
        if not recording.kept.cancelled() and recording.kept.exception() is None:
            self._clinic.backups.ask_for_papers()
            self.ask(session)
        self._listeners.tell(session)

    def _catch_up(self) -> None:
        clinic = self._clinic
        try:
            if not clinic.state.seals:
                made = seal.make(clinic.state.name or "Clinic", clinic.clock.now().utc_us)
                self._post(lambda: _take(clinic, made))
                return  # whatever was signed before it has no signed paper
            self.certificate = seal.warning(clinic.state, clinic.ring, clinic.clock.now().utc_us)
            self._left = self._find_left()
            found = [id_ for id_ in _perhaps(clinic) if owed(_short(clinic, id_), since(clinic.state))]
        except KnownError as error:
            logger.warning("what is owed in signed papers was not looked for: %s", error)
            return
        self._post(lambda: self._ask_all(found))

    def _ask_all(self, sessions: list[UUID]) -> None:
        for each in sessions:
            self.ask(each)

    def _find_left(self) -> Left:
        """What KapDesk kept and did not come to record when it stopped; what is of an erased visit goes."""
        if self._clinic.ring.shared(PAPERS) is None:
            return {}
        self.store.sweep()
        lying = self.store.at_hand() - self._clinic.filing.papers.digests()
        erased = {stream.id for stream in self._clinic.log.erased_streams()} if lying else set()
        found: Left = {}
        for sha256 in lying:
            try:
                slip = self.store.take_out(sha256).slip
            except Damaged:
                continue
            if str(slip.session) in erased:
                self.store.forget([sha256])
            else:
                found[slip.session, slip.version, slip.replaces] = sha256
        return found

    def _later(self) -> None:
        self._again_ms = self._clinic.clock.now().boottime_ms + AGAIN_MS

    def _post(self, call: Callable[[], object]) -> None:
        def run() -> None:
            if not self._closed:
                call()

        if not self._closed:
            self._clinic.post(run)


def _told_of_a_fault(done: "Future[Any]") -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        logger.error("the making of signed papers met a fault", exc_info=error)


def _take(clinic: "OpenClinic", made: seal.Made) -> None:
    try:
        seal.take(clinic, made, ITSELF)
    except KnownError as error:
        logger.warning("the clinic has no certificate yet: %s", error)


def since(clinic: Clinic) -> Happening | None:
    """From where on signings have a signed paper: the clinic's first certificate."""
    return min(clinic.history.standing(SealMade), key=lambda each: each.order, default=None)


def newest(session: Session) -> str:
    """The digest of the paper that stands for a visit now; "" while none is kept."""
    return next((each.sha256 for each in reversed(versions_of.versions(session)) if each.sha256), "")


def made_with() -> str:
    """The program that makes the paper."""
    return f"KapDesk {importlib.metadata.version('kapdesk')}"


def _perhaps(clinic: "OpenClinic") -> list[UUID]:
    return [UUID(row[0]) for row in clinic.log.select(_PERHAPS)]


def _short(clinic: "OpenClinic", session: UUID) -> Session:
    """As much of a visit as says which papers it has."""
    found = clinic.log.read_kinds("session", _SAID, [str(session)])
    return session_fold.fold(map(read, found.get(str(session), ())))


def _pressed(clinic: "OpenClinic", session: UUID, wanted: Owed, store: Papers, heard: Callable[[float], None]) -> bytes:
    """The paper as a signed PDF: laid out and signed in child processes; `heard` is told what part of it is set."""
    from kapdesk.clinic.close import unsigned_paper  # it stands above this, and brings the paper along
    from kapdesk.note.content import as_signed
    from kapdesk.note.press import press_signed
    from kapdesk.note.signed import marks_of
    from kapdesk.note.signing import Order, Seal
    from kapdesk.note.telling import Telling

    held = seal.usable(clinic.state, clinic.ring, clinic.clock.now().utc_us)
    line = clinic.visit(session)
    version = versions_of.upto(line.session, wanted.version)
    _, staff = as_signed(version, line.patient, clinic.state)  # as the page names them: a name may be another by now
    first, second = marks_of(Telling(version, staff))
    own = Seal(pem=held.pem, key=held.key, time_stamps=clinic.state.time_stamps)
    if wanted.what == "signed":
        return press_signed(Order(unsigned_paper(clinic, session, wanted.version, heard), (first,), own))
    if second is None:
        raise KnownError("Nobody countersigned this version of the note. Nothing was made.")
    return press_signed(Order(store.take_out(wanted.replaces).pdf, (second,), own))
