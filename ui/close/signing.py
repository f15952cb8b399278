"""Signs, countersigns and adds to a visit, once whoever does it has typed their password anew; tells of the paper."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from kapdesk.clinic import signing
from kapdesk.clinic.papers import newest
from kapdesk.errors import KnownError
from kapdesk.note.signed import AGREED
from ui.close.sign import SignPanel
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.record.recorder import Recording
    from ui.session.seat import Seat

DRAFT = "addendum"


class Signing(QObject):
    """The panel of signing, at work in a seat. `ready` says why it cannot be signed yet; "" where it can."""

    def __init__(self, seat: "Seat", panel: SignPanel, ready: Callable[[], str]) -> None:
        super().__init__(seat)
        self._seat, self._panel, self._ready = seat, panel, ready
        self._read = ""
        panel.typed.connect(lambda text: seat.editors.type(DRAFT, text))
        panel.asked.connect(self._ask)
        panel.shown.connect(self._prove)
        self._papers = seat.desk.clinic.papers
        self._papers.listen(self._tell)
        if seat.room.session.signed:
            self._papers.ask(seat.room.id)  # what could not be made before, or was cut off
        self._tell(seat.room.id)

    def bring_back(self) -> None:
        """What was half-typed when KapDesk last stopped."""
        if text := self._seat.editors.found(DRAFT):
            self._panel.bring_back(text)

    def stop(self) -> None:
        """Told no more."""
        self._papers.forget(self._tell)

    def _tell(self, session: UUID) -> None:
        if session == self._seat.room.id:
            self._panel.tell_paper(self._papers.state(session))

    def _ask(self, what: str) -> None:
        desk, session = self._seat.desk, self._seat.room.session
        self._read = newest(session)
        people = signing.may_add(desk.clinic) if what == "add" else signing.able(desk.clinic, session)
        self._panel.prove(people, desk.typing or desk.by)

    def _prove(self, what: str, who: str, secret: str) -> None:
        clinic = self._seat.desk.clinic
        try:
            done = self._seat.desk.presence.prove(who, secret)
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        done.add_done_callback(lambda proved: clinic.post(lambda: self._proved(proved, what)))

    def _proved(self, done: "Future[str]", what: str) -> None:
        if (error := done.exception()) is not None:
            self._panel.refuse(f"{sentence_of(error)} Nothing was signed.")
            return
        try:
            recording = self._record(what, done.result())
        except KnownError as refused:
            self._panel.refuse(str(refused))
            return
        if recording is not None:
            self._panel.taken()

    def _record(self, what: str, person: str) -> "Recording | None":
        seat = self._seat
        clinic, room = seat.desk.clinic, seat.room
        if what == "countersign":
            return signing.countersign(clinic, room.id, person, self._read, AGREED)
        if what == "sign":
            if sentence := self._ready():
                raise KnownError(f"{sentence} Nothing was signed.")
            return signing.sign(clinic, room, person)
        adding = self._panel.adding()
        if adding is None:
            return None
        recording = signing.add(clinic, room, person, adding.text, adding.kind, adding.of, adding.at_us)
        seat.desk.when_kept(recording.kept, lambda: seat.editors.drop(DRAFT, adding.text))
        return recording
