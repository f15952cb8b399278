"""What is done on the arrival page, turned into the record."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from kapdesk.clinic.carried import carried, last_level, last_music, last_place, last_weight
from kapdesk.clinical.weight import doubt, odd
from kapdesk.errors import KnownError
from kapdesk.facts.care import EscortNamed
from kapdesk.facts.fact import Fact
from kapdesk.facts.home import HomeDosesCounted, PatientLocated
from kapdesk.facts.patient import OrderWritten, PatientFact
from kapdesk.facts.people import Actor, Role
from kapdesk.facts.session import (
    Cleared,
    IntentionSet,
    PatientArrived,
    PersonCameIn,
    PersonLeft,
    VitalsNotTaken,
    VitalsTaken,
    WeightMeasured,
)
from ui.paper.sheet import offer_sheet
from ui.prepare.arrival import ArrivalPage
from ui.prepare.section import Section
from ui.prepare.sounding import Sounding
from ui.widgets.when import Moment

if TYPE_CHECKING:
    from kapdesk.access.accounts import NewPassword
    from ui.session.seat import Seat


class Arriving(QObject):
    """The arrival page of a seat, at work."""

    def __init__(self, seat: "Seat") -> None:
        super().__init__(seat)
        self._seat = seat
        self._last_weight: WeightMeasured | None = None
        self._asked_weight: WeightMeasured | None = None
        self.page = page = ArrivalPage()
        page.arrived.connect(lambda moment: seat.record(PatientArrived(), page.say, moment))
        page.weighed.connect(self._weigh)
        page.intended.connect(self._intend)
        page.bring_back(seat.editors.found("intention"))
        page.intending.connect(lambda text: seat.editors.type("intention", text))
        page.turned.connect(self._turn)
        page.added.connect(self._add)
        page.ready.connect(self._ready)
        page.to_session.connect(lambda: seat.turned.emit("session"))
        page.sheet_asked.connect(self._sheet)
        page.paper_asked.connect(lambda: seat.turned.emit("paper"))
        seat.connect_bar(page.bar)
        page.bar.close_asked.connect(lambda: seat.turned.emit("close"))
        page.vitals.entered.connect(self._vitals)
        page.vitals.not_taken.connect(self._not_taken)
        page.needs.answered.connect(lambda fact: seat.record(fact, page.needs.refuse))
        page.needs.override_wanted.connect(
            lambda missing, reason: seat.override("clearance", missing, reason, page.needs)
        )
        page.order.ordered.connect(self._order)
        page.before.said.connect(self._known)
        page.before.typed.connect(lambda name, text: seat.editors.type(f"before {name}", text))
        page.before.bring_back(lambda name: seat.editors.found(f"before {name}"))
        page.safety.done.connect(lambda fact: seat.record(fact, page.safety.refuse))
        self._of = seat.room.patient.id
        self._sounding = Sounding(seat, page.music)
        self._look_back()
        seat.changed.connect(self._whose)
        page.about.page_asked.connect(lambda: seat.desk.patient_asked.emit(seat.room.patient.id))
        page.about.described.connect(self._describe)
        page.about.planned.connect(self._describe)
        page.about.reviewed.connect(lambda fact: seat.record(fact, page.about.refuse))

    def hear(self) -> None:
        """Show how the music stands."""
        self._sounding.begin()
        if self.page.isVisible():
            self._sounding.show()

    def stop(self) -> None:
        """Nothing goes on by itself any more."""
        self._sounding.stop()

    def _whose(self) -> None:
        """The visit was moved to another patient's record: nothing of the one before stays on the page."""
        if self._seat.room.patient.id != self._of:
            self._of = self._seat.room.patient.id
            self._last_weight = None
            self.page.about.forget()
            self._sounding.recall(None)
            self._sounding.remember(None)
            self.page.before.offer_place(None)
            self._look_back()

    def _look_back(self) -> None:
        """Read what this patient brought from the visit before, off this thread."""
        seat, patient = self._seat, self._of
        clinic = seat.desk.clinic

        def told(done: "Future[Any]", call: "Callable[[Any], None]") -> None:
            if not done.exception():
                clinic.post(lambda: call(done.result()) if patient == self._of else None)

        clinic.later(lambda: carried(clinic, patient, seat.room.id)).add_done_callback(
            lambda done: told(done, self.page.about.carry)
        )
        clinic.later(lambda: last_weight(clinic, patient, seat.room.id)).add_done_callback(
            lambda done: told(done, self._remember)
        )
        clinic.later(lambda: last_place(clinic, patient, seat.room.id)).add_done_callback(
            lambda done: told(done, self.page.before.offer_place)
        )
        clinic.later(lambda: last_level(clinic, patient, seat.room.id)).add_done_callback(
            lambda done: told(done, self._sounding.remember)
        )
        clinic.later(lambda: last_music(clinic, patient, seat.room.id)).add_done_callback(
            lambda done: told(done, self._sounding.recall)
        )

    def _sheet(self) -> None:
        seat = self._seat
        chosen = seat.room.session.protocol
        if chosen is not None:
            offer_sheet(seat.desk, chosen.toml, seat.room.patient, self.page, self.page.say)

    def _order(self, order: OrderWritten, by: str) -> None:
        """In the prescriber's name; where someone else types it, it was given by word, and the record says so."""
        if self._seat.record_of_patient(order, Actor(by, self._seat.desk.actor.entered_by), self.page.order.refuse):
            self.page.order.taken()

    def _known(self, section: Section, fact: Fact, by: str) -> None:
        """What belongs to the patient goes into their record, what is of today into the visit."""
        seat = self._seat
        if isinstance(fact, EscortNamed | PatientLocated | HomeDosesCounted):
            recording = seat.record(fact, section.refuse)
        else:
            actor = Actor(by, seat.desk.actor.entered_by) if by else seat.room.by
            recording = self._seat.record_of_patient(fact, actor, section.refuse)
        if recording is not None:
            typed = section.texts()
            seat.desk.when_kept(recording.kept, lambda: seat.editors.drop_all("before", typed))
            section.taken()

    def _describe(self, fact: PatientFact) -> None:
        self._seat.record_of_patient(fact, self._seat.room.by, self.page.about.refuse)

    def _weigh(self, grams: int, measured_on: str) -> None:
        weight = WeightMeasured(grams, measured_on)
        sentence = doubt(weight, date.fromisoformat(self.page.today()))
        ask = odd(weight, self._seat.room.session.weight() or self._last_weight)
        if sentence:
            self.page.say(sentence)
        elif ask and self._asked_weight != weight:
            self._asked_weight = weight
            self.page.say(f"{ask} Enter again records it.")
        elif self._seat.record(weight, self.page.say):
            self.page.weight_taken()

    def _remember(self, last: WeightMeasured | None) -> None:
        self._last_weight = last

    def _intend(self, text: str) -> None:
        recording = self._seat.record(IntentionSet(text), self.page.say)
        if recording is not None:
            self.page.intention_taken()
            self._seat.desk.when_kept(recording.kept, lambda: self._seat.editors.drop("intention", text))

    def _vitals(self, taken: VitalsTaken, moment: Moment) -> None:
        self._seat.take_reading(taken, moment, self.page.vitals)

    def _not_taken(self, reason: str) -> None:
        if self._seat.record(VitalsNotTaken(reason), self.page.vitals.refuse):
            self.page.vitals.taken()

    def _turn(self, person: str, here: bool) -> None:
        """Someone of the staff comes in or leaves; who comes first writes."""
        seat = self._seat
        known = seat.desk.clinic.state.people.get(person)
        if known is None:
            return
        fact = PersonCameIn(person, known.name, known.roles, known.credentials) if here else PersonLeft(person)
        if here and not seat.room.by.by:
            seat.write_as(person)
        if seat.record(fact, self.page.say) is None:
            seat.show()
            return
        seat.desk.turn_person(person, here)
        if not here and seat.room.by.by == person:
            others = [each.person for each in seat.room.session.present() if each.person != person]
            if others:
                seat.write_as(others[0])

    def _add(self, name: str, roles: tuple[Role, ...], credentials: str, password: "NewPassword | None" = None) -> None:
        try:
            self._seat.desk.add_person(name, roles, credentials, password)
        except KnownError as error:
            self.page.people.refuse(str(error))

    def _ready(self) -> None:
        if self._seat.record(Cleared(), self.page.say):
            self.page.say("")
            self._seat.turned.emit("session")
