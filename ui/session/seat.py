"""One session at this desk: its room, its pages, and what is half-typed in them."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kapdesk.clinic.room import UNDO_US
from kapdesk.clinical.codes import INTERVENTION
from kapdesk.errors import KnownError
from kapdesk.facts.care import Held, LozengeOut, Overridden, ScaleRated, StopSignalGiven, TimerOver
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.home import PatientLocated
from kapdesk.facts.people import Actor
from kapdesk.facts.session import (
    DoseGiven,
    Marked,
    NoteTaken,
    PhaseEntered,
    PhaseExtended,
    SessionFact,
    VitalsNotTaken,
    VitalsTaken,
)
from kapdesk.facts.words import Phase
from ui.refusal import Say
from ui.session.answering import Answering
from ui.session.bar import PatientBar
from ui.session.half import Editors, HalfTyped
from ui.session.handing import Handing
from ui.session.lasting import Lasts
from ui.session.now import FIVE_MINUTES_MS
from ui.session.page import SessionPage
from ui.session.playing import Playing
from ui.session.seen import Seen
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

DAY_US = 86_400_000_000


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
            self.pages["session"] = self._session_page()
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
                closing.make()
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

    def _session_page(self) -> SessionPage:
        page = SessionPage()
        notes, vitals, doses, music = page.notes, page.vitals, page.doses, page.music
        self.half.bring_back = notes.bring_back
        notes.noted.connect(self._note)
        notes.began.connect(self.half.begin)
        notes.typed.connect(self.half.type)
        notes.how.connect(lambda code, own: self.editors.type("how", f"{int(own)}{code}"))
        notes.undo_asked.connect(self.undo)
        notes.opened.connect(lambda id_: self._open(page, id_, strike=False))
        notes.strike_asked.connect(lambda id_: self._open(page, id_, strike=True))
        notes.retry_asked.connect(lambda _: self.desk.clinic.log.writer.retry())
        notes.amend.typed.connect(lambda id_, text: self.editors.type(f"correction {id_}", text))
        notes.amend.corrected.connect(lambda *said: self._corrected(page, *said))
        notes.amend.struck.connect(lambda *said: self._struck(page, *said))
        page.timeline.picked.connect(lambda id_: self._open(page, id_, strike=False))
        vitals.entered.connect(self._vitals)
        vitals.not_taken.connect(self._not_taken)
        page.dose.given.connect(self._dose)
        page.rescue.given.connect(self.answering.rescue)
        vitals.scale.rated.connect(self._rate)
        vitals.scale.left_out.connect(self.answering.ask_why_not_rated)
        doses.holding.out.connect(lambda dose, how, meant: self.record(LozengeOut(dose, how, meant), page.say))
        doses.check.looked.connect(self.answering.check_dose)
        doses.infusion.turned.connect(self.answering.turn_infusion)
        doses.infusion.rate_asked.connect(self.answering.ask_rate)
        doses.infusion.stop_asked.connect(self.answering.ask_stop)
        page.bar.emergency.connect(self.answering.call_emergency)
        page.place.located.connect(self._locate)
        page.place.typed.connect(lambda name, text: self.editors.type(f"place {name}", text))
        page.place.bring_back(lambda name: self.editors.found(f"place {name}"))
        page.bar.contact_lost.connect(self.answering.lose_contact)
        doses.opened.connect(lambda id_: self._open(page, id_, strike=False))
        notes.touch_asked.connect(self.answering.ask_touch)
        notes.stop_signal.connect(lambda: self.record(StopSignalGiven(), page.say))
        notes.timer_asked.connect(self.answering.ask_timer)
        notes.work_asked.connect(self.lasts.turn_work)
        page.now.timer_over.connect(lambda timer: self.record(TimerOver(timer), page.say))
        page.now.entered.connect(self._enter)
        page.now.extended.connect(self._extend)
        self.handing = Handing(self, page.handing)
        self.connect_bar(page.bar)
        page.bar.close_asked.connect(lambda: self.turned.emit("close"))
        page.answered.connect(self.answering.answer)
        page.keys.connect(lambda key: self._key(page, key))
        self.playing.connect(music)
        page.display(self.seen())
        page.hear(self.playing.heard())
        self.half.offer()
        if notes.edit.text() and (how := self.editors.found("how")):
            notes.be(how[1:], how[0] == "1")
        return page

    def _note(self, text: str, code: str, patients_words: bool) -> None:
        at_us = self.half.first_key_us if text else None
        if at_us is not None and self.room.now_us() - at_us >= DAY_US:
            at_us = None  # half-typed the day before: its own time cannot be recorded any more
        recording = None
        for fact in self.lasts.facts(text, code, patients_words):
            recording = self.record(fact, self.page.notes.refuse, at_us=at_us)
        if recording is None:
            return
        if code == INTERVENTION and not text:
            self.answering.ask_intervention(recording.statement.id)
        if text:
            key = self.half.hand_over()
            self.desk.when_kept(recording.kept, lambda: self.desk.clinic.drafts.drop(key))
            self.page.notes.taken()
            self.half.offer()

    def _vitals(self, taken: VitalsTaken, moment: Moment) -> None:
        self.take_reading(taken, moment, self.page.vitals)

    def _not_taken(self, reason: str) -> None:
        if self.record(VitalsNotTaken(reason), self.page.vitals.refuse):
            self.page.vitals.taken()

    def _rate(self, rated: ScaleRated) -> None:
        if self.record(rated, self.page.vitals.refuse):
            self.page.vitals.rated()

    def _dose(self, dose: DoseGiven, moment: Moment) -> None:
        recording = self.record(dose, self.page.dose.refuse, moment)
        if recording is not None:
            self.page.dose.taken()
            self.answering.begin_infusion(recording.statement.id, dose, moment)
        else:
            self.answering.offer_override(dose, lambda: self._dose(dose, moment))

    def _locate(self, there: PatientLocated) -> None:
        recording = self.record(there, self.page.place.refuse)
        if recording is not None:
            typed = self.page.place.texts()
            self.desk.when_kept(recording.kept, lambda: self.editors.drop_all("place", typed))
            self.page.place.taken()

    def _enter(self, phase: Phase) -> None:
        self.record(PhaseEntered(phase), self.page.say)

    def _extend(self, phase: Phase) -> None:
        self.record(PhaseExtended(phase, FIVE_MINUTES_MS), self.page.say)

    def _open(self, page: SessionPage, id_: str, strike: bool) -> None:
        one = self.room.session.history.get(UUID(id_)) if id_ else None
        if one is not None and not one.struck:
            page.amend(one, self.seen(), strike, self.editors.found(f"correction {id_}"))

    def _corrected(self, page: SessionPage, id_: str, truth: SessionFact, at_us: int, reason: str) -> None:
        if self.correct(id_, truth, at_us, reason, page.notes.amend.refuse):
            self.editors.drop(f"correction {id_}", truth.text if isinstance(truth, NoteTaken) else "")
            page.notes.amend.leave()

    def _struck(self, page: SessionPage, id_: str, reason: str) -> None:
        if self.strike(id_, reason, page.notes.amend.refuse):
            page.notes.amend.leave()

    def _key(self, page: SessionPage, key: str) -> None:
        match key:
            case "mark":
                self.record(Marked(), page.say)
            case "emergency":
                self.answering.call_emergency()
            case "lost":
                self.answering.lose_contact()
            case "music":
                if page.music.put_away:
                    self.answering.ask_elsewhere()
                else:
                    self.playing.turn()
            case _:
                self.undo()
