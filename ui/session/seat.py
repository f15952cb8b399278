"""One session at this desk: its room, its pages, and what is half-typed in them."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kapdesk.clinic.room import UNDO_US
from kapdesk.errors import KnownError
from kapdesk.facts.care import Held, Overridden
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.people import Actor
from kapdesk.facts.session import (
    SessionFact,
    VitalsTaken,
)
from ui.refusal import Say
from ui.session.answering import Answering
from ui.session.bar import PatientBar
from ui.session.half import Editors, HalfTyped
from ui.session.lasting import Lasts
from ui.session.page import SessionPage
from ui.session.playing import Playing
from ui.session.seen import Seen
from ui.session.tending import Tending
from ui.session.times import instant
from ui.session.twice import Twice
from ui.session.vitals import VitalsPanel
from ui.widgets.needs import NeedsList
from ui.widgets.when import Moment

if TYPE_CHECKING:
    from kapdesk.clinic.room import Room
    from kapdesk.record.recorder import Recording
    from kapdesk.store.drafts import Draft
    from ui.close.closing import Closing
    from ui.close.page import ClosePage
    from ui.desk import Desk
    from ui.paper.entering import Entering
    from ui.prepare.arriving import Arriving
    from ui.private.writing import Writing


class Seat(QObject):
    """Turns what is done on a session's pages into the record, and the record into what the pages show.

    `turned` asks the window for another page of this session ("arrival", "session", "close", "paper", "private"),
    `changed` says that the rail may look different.
    """

    turned = Signal(str)
    changed = Signal()
    finished = Signal()

    def __init__(self, desk: "Desk", room: "Room", drafts: "list[Draft]", resumed: bool) -> None:
        super().__init__(desk)
        self.desk, self.room = desk, room
        self.pages: dict[str, QWidget] = {}
        self.behind = False
        self.half = HalfTyped(str(room.id), desk.clinic.drafts, room.now_us, self)
        self.half.restore(drafts, room.session)
        self.editors = Editors(str(room.id), desk.clinic.drafts, room.now_us, drafts, self)
        self._tending: Tending | None = None
        self._arriving: Arriving | None = None
        self._closing: Closing | None = None
        self._writing: Writing | None = None
        self._entering: Entering | None = None
        self._last: tuple[UUID, int] | None = None
        self.answering = Answering(self, resumed)
        self.lasts = Lasts(self)
        self._twice = Twice()
        self.playing = Playing(self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.show)
        room.listen(self._changed)

    @property
    def page(self) -> SessionPage:
        """The page of the running session."""
        if "session" not in self.pages:
            self._tending = Tending(self)
            self.pages["session"] = self._tending.page
        page = self.pages["session"]
        assert isinstance(page, SessionPage)
        return page

    @property
    def closing_page(self) -> "ClosePage | None":
        """The closing page, once someone has opened it."""
        return self._closing.page if self._closing is not None else None

    def page_for(self, where: str) -> QWidget:
        """One of this session's pages: "arrival", "session" or "close"."""
        if where == "session":
            return self.page
        if where not in self.pages:
            if where == "arrival":
                from ui.prepare.arriving import Arriving  # each page comes late: the first one is painted without it

                self._arriving = Arriving(self)
                self.pages[where] = self._arriving.page
            elif where == "paper":
                from ui.paper.entering import Entering

                self._entering = Entering(self)
                self.pages[where] = self._entering.page
            elif where == "private":
                from ui.private.writing import Writing

                self._writing = Writing(self)
                self.pages[where] = self._writing.page
            else:
                from ui.close.closing import Closing

                self._closing = closing = Closing(self)
                closing.page.sign.finished.connect(self.finished)
                self.pages[where] = closing.page
                self.show()
                closing.bring_back()
                closing.make_soon()
            self.show()
        return self.pages[where]

    def seen(self) -> Seen:
        """What the pages are drawn from, now."""
        room = self.room
        return Seen(
            room.patient,
            room.session,
            self.desk.clinic.state,
            room.now_us(),
            self.desk.clinic.clock.wall_us(),
            room.by.by,
            tuple(room.pending),
            room.protocol,
            room.spans,
            room.due,
            self.desk.trouble,
        )

    def open_private(self, say: Say) -> None:
        """Psychotherapy notes, for whoever types; or why not."""
        self.page_for("private")
        assert self._writing is not None
        try:
            self._writing.open()
        except KnownError as error:
            say(str(error))
            return
        self.turned.emit("private")

    def where(self) -> str:
        """The page this session belongs on now."""
        stage = self.room.session.stage
        return "arrival" if stage == "preparing" else "session" if stage in ("cleared", "running") else "close"

    def show(self) -> None:
        """Draw every page of this session anew. Until all of it is drawn the session counts as `behind`."""
        self.behind = True
        seen = self.seen()
        for page in self.pages.values():
            page.display(seen)  # type: ignore[attr-defined]
        self.answering.ask(seen)
        self.behind = False
        self.hear()

    def hear(self) -> None:
        """Show what is heard."""
        if self._arriving is not None:
            self._arriving.hear()
        if isinstance(page := self.pages.get("session"), SessionPage):
            page.hear(self.playing.heard())

    def record(
        self, fact: Fact, say: Say, moment: Moment | None = None, at_us: int | None = None
    ) -> "Recording | None":
        """Record a fact; where that is not possible, `say` the sentence and give None."""
        if moment is not None:
            at_us = instant(moment, self.room.now_us(), self.seen().zone)
        try:
            recording = self.room.record(fact, at_us)
        except KnownError as error:
            say(str(error))
            return None
        self._last = (recording.statement.id, self.room.now_us())
        return recording

    def read_twice(self, taken: VitalsTaken, moment: Moment, actor: Actor | None = None) -> str | None:
        """Whose reading stands there that this may be once more; None where it is to be recorded."""
        now_us = self.room.now_us()
        at_us = instant(moment, now_us, self.seen().zone)
        state = self.desk.clinic.state
        return self._twice.doubt(self.room.expected, taken, at_us, now_us, actor or self.room.by, state)

    def take_reading(self, taken: VitalsTaken, moment: Moment, panel: VitalsPanel) -> None:
        """Record a reading; one that may stand there already is asked about first, and entered again it is recorded."""
        if said := self.read_twice(taken, moment):
            panel.ask(f"{said} Enter again records yours too.")
        elif self.record(taken, panel.refuse, moment):
            panel.taken()

    def record_of_patient(self, fact: Fact, actor: Actor, say: Say) -> "Recording | None":
        """Record something of the patient outside the visit; where that is not possible, `say` why and give None."""
        try:
            recording: Recording = self.desk.clinic.patient_recorder(self.room.patient.id).record(fact, actor)
        except KnownError as error:
            say(str(error))
            return None
        self.desk.when_kept(recording.kept, self.show)
        return recording

    def override(self, what: Held, missing: tuple[str, ...], reason: str, said: NeedsList) -> None:
        """Set aside what is missing. A PIN is not enough for that."""
        try:
            self.desk.require("override")
        except KnownError as error:
            said.refuse(str(error))
            return
        if self.record(Overridden(what, missing, reason.strip()), said.refuse):
            said.taken()

    def write_as(self, person: str) -> None:
        """Someone else writes from now on."""
        self.desk.by = person
        self.room.by = self.desk.actor
        self.show()

    def connect_bar(self, bar: PatientBar) -> None:
        """The choice of who writes, on whichever page the bar stands."""
        bar.by_chosen.connect(self.write_as)
        bar.people_asked.connect(lambda: self.turned.emit("arrival"))

    def strike(self, id_: str, reason: str, say: Say) -> bool:
        """Say that something did not happen; whether that is on its way to the record."""
        return self._amend(Struck(UUID(id_), reason), say)

    def correct(self, id_: str, truth: SessionFact, at_us: int, reason: str, say: Say) -> bool:
        """Say how something was; whether that is on its way to the record."""
        try:
            self.room.correct(UUID(id_), truth, at_us, reason)
        except KnownError as error:
            say(str(error))
            return False
        return True

    def undo(self) -> None:
        """Take back what was recorded last, within ten seconds."""
        if self._last is None or self.room.now_us() - self._last[1] > UNDO_US:
            self.page.say("There is nothing to take back: that goes for ten seconds. Open the line to correct it.")
            return
        id_, self._last = self._last[0], None
        self._amend(Struck(id_, "Undone", undo=True), self.page.say)

    def stop(self) -> None:
        """Nothing goes on by itself any more: the clinic is about to be closed, or the session leaves."""
        if self._arriving is not None:
            self._arriving.stop()
        if self._closing is not None:
            self._closing.stop()
        if self._writing is not None:
            self._writing.close()
        if self._entering is not None:
            self._entering.stop()
        for each in (self._soon, self.half, self.editors):
            each.stop()

    def put_away(self) -> None:
        """The session leaves this desk."""
        self.stop()
        self.room.forget(self._changed)
        for page in self.pages.values():
            page.deleteLater()
        self.pages.clear()

    def _amend(self, fact: Struck, say: Say) -> bool:
        try:
            self.room.record(fact)
        except KnownError as error:
            say(str(error))
            return False
        return True

    def _changed(self) -> None:
        self._soon.start()
        self.changed.emit()
