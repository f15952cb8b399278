"""What is done on the page of a running session, turned into the record."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from kapdesk.clinical.codes import INTERVENTION
from kapdesk.clock import DAY_US
from kapdesk.facts.care import LozengeOut, ScaleRated, StopSignalGiven, TimerOver
from kapdesk.facts.home import PatientLocated
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
from ui.session.handing import Handing
from ui.session.now import FIVE_MINUTES_MS
from ui.session.page import SessionPage
from ui.widgets.when import Moment

if TYPE_CHECKING:
    from ui.session.seat import Seat


class Tending(QObject):
    """The page of a seat's running session, at work."""

    def __init__(self, seat: "Seat") -> None:
        super().__init__(seat)
        self._seat = seat
        self.page = page = SessionPage()
        notes, vitals, doses, music = page.notes, page.vitals, page.doses, page.music
        seat.half.bring_back = notes.bring_back
        notes.noted.connect(self._note)
        notes.began.connect(seat.half.begin)
        notes.typed.connect(seat.half.type)
        notes.how.connect(lambda code, own: seat.editors.type("how", f"{int(own)}{code}"))
        notes.undo_asked.connect(seat.undo)
        notes.opened.connect(lambda id_: self._open(id_, strike=False))
        notes.strike_asked.connect(lambda id_: self._open(id_, strike=True))
        notes.retry_asked.connect(lambda _: seat.desk.clinic.log.writer.retry())
        notes.amend.typed.connect(lambda id_, text: seat.editors.type(f"correction {id_}", text))
        notes.amend.corrected.connect(self._corrected)
        notes.amend.struck.connect(self._struck)
        page.timeline.picked.connect(lambda id_: self._open(id_, strike=False))
        vitals.entered.connect(self._vitals)
        vitals.not_taken.connect(self._not_taken)
        page.dose.given.connect(self._dose)
        page.rescue.given.connect(seat.answering.rescue)
        vitals.scale.rated.connect(self._rate)
        vitals.scale.left_out.connect(seat.answering.ask_why_not_rated)
        doses.holding.out.connect(lambda dose, how, meant: seat.record(LozengeOut(dose, how, meant), page.say))
        doses.check.looked.connect(seat.answering.check_dose)
        doses.infusion.turned.connect(seat.answering.turn_infusion)
        doses.infusion.rate_asked.connect(seat.answering.ask_rate)
        doses.infusion.stop_asked.connect(seat.answering.ask_stop)
        page.bar.emergency.connect(seat.answering.call_emergency)
        page.place.located.connect(self._locate)
        page.place.typed.connect(lambda name, text: seat.editors.type(f"place {name}", text))
        page.place.bring_back(lambda name: seat.editors.found(f"place {name}"))
        page.bar.contact_lost.connect(seat.answering.lose_contact)
        doses.opened.connect(lambda id_: self._open(id_, strike=False))
        notes.touch_asked.connect(seat.answering.ask_touch)
        notes.stop_signal.connect(lambda: seat.record(StopSignalGiven(), page.say))
        notes.timer_asked.connect(seat.answering.ask_timer)
        notes.work_asked.connect(seat.lasts.turn_work)
        page.now.timer_over.connect(lambda timer: seat.record(TimerOver(timer), page.say))
        page.now.entered.connect(self._enter)
        page.now.extended.connect(self._extend)
        self._handing = Handing(seat, page.handing)
        seat.connect_bar(page.bar)
        page.bar.close_asked.connect(lambda: seat.turned.emit("close"))
        page.answered.connect(seat.answering.answer)
        page.keys.connect(self._key)
        seat.playing.connect(music)
        page.display(seat.seen())
        page.hear(seat.playing.heard())
        seat.half.offer()
        if notes.edit.text() and (how := seat.editors.found("how")):
            notes.be(how[1:], how[0] == "1")

    def _note(self, text: str, code: str, patients_words: bool) -> None:
        at_us = self._seat.half.first_key_us if text else None
        if at_us is not None and self._seat.room.now_us() - at_us >= DAY_US:
            at_us = None  # half-typed the day before: its own time cannot be recorded any more
        recording = None
        for fact in self._seat.lasts.facts(text, code, patients_words):
            recording = self._seat.record(fact, self.page.notes.refuse, at_us=at_us)
        if recording is None:
            return
        if code == INTERVENTION and not text:
            self._seat.answering.ask_intervention(recording.statement.id)
        if text:
            key = self._seat.half.hand_over()
            self._seat.desk.when_kept(recording.kept, lambda: self._seat.desk.clinic.drafts.drop(key))
            self.page.notes.taken()
            self._seat.half.offer()

    def _vitals(self, taken: VitalsTaken, moment: Moment) -> None:
        self._seat.take_reading(taken, moment, self.page.vitals)

    def _not_taken(self, reason: str) -> None:
        if self._seat.record(VitalsNotTaken(reason), self.page.vitals.refuse):
            self.page.vitals.taken()

    def _rate(self, rated: ScaleRated) -> None:
        if self._seat.record(rated, self.page.vitals.refuse):
            self.page.vitals.rated()

    def _dose(self, dose: DoseGiven, moment: Moment) -> None:
        recording = self._seat.record(dose, self.page.dose.refuse, moment)
        if recording is not None:
            self.page.dose.taken()
            self._seat.answering.begin_infusion(recording.statement.id, dose, moment)
        else:
            self._seat.answering.offer_override(dose, lambda: self._dose(dose, moment))

    def _locate(self, there: PatientLocated) -> None:
        recording = self._seat.record(there, self.page.place.refuse)
        if recording is not None:
            typed = self.page.place.texts()
            self._seat.desk.when_kept(recording.kept, lambda: self._seat.editors.drop_all("place", typed))
            self.page.place.taken()

    def _enter(self, phase: Phase) -> None:
        self._seat.record(PhaseEntered(phase), self.page.say)

    def _extend(self, phase: Phase) -> None:
        self._seat.record(PhaseExtended(phase, FIVE_MINUTES_MS), self.page.say)

    def _open(self, id_: str, strike: bool) -> None:
        one = self._seat.room.session.history.get(UUID(id_)) if id_ else None
        if one is not None and not one.struck:
            self.page.amend(one, self._seat.seen(), strike, self._seat.editors.found(f"correction {id_}"))

    def _corrected(self, id_: str, truth: SessionFact, at_us: int, reason: str) -> None:
        if self._seat.correct(id_, truth, at_us, reason, self.page.notes.amend.refuse):
            self._seat.editors.drop(f"correction {id_}", truth.text if isinstance(truth, NoteTaken) else "")
            self.page.notes.amend.leave()

    def _struck(self, id_: str, reason: str) -> None:
        if self._seat.strike(id_, reason, self.page.notes.amend.refuse):
            self.page.notes.amend.leave()

    def _key(self, key: str) -> None:
        match key:
            case "mark":
                self._seat.record(Marked(), self.page.say)
            case "emergency":
                self._seat.answering.call_emergency()
            case "lost":
                self._seat.answering.lose_contact()
            case "music":
                if self.page.music.put_away:
                    self._seat.answering.ask_elsewhere()
                else:
                    self._seat.playing.turn()
            case _:
                self._seat.undo()
