"""Brings a patient's course to its page, and what is said there into their record."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic.course import Course, Courses
from kapdesk.clinic.forms import AtHand, at_hand
from kapdesk.clinical import forms
from kapdesk.clinical.forms import Answers
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.patient import FormAnswered
from kapdesk.store.drafts import Draft
from ui.course.form import FormPage
from ui.course.page import CoursePage, CourseShown
from ui.course.planning import Entry
from ui.course.turned import TurnedPage, can_be_turned
from ui.trace import sentence_of

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.window import Window

_DRAFT = "form "
Reading = tuple[Course, tuple[AtHand, ...]]


def _read_half(text: str) -> Answers:
    """Answers as a draft holds them."""
    return tuple(int(each) if each.isdigit() else None for each in text.split(",")) if text else ()


class Following:
    """One patient at a time; `left` goes back from the page, `opened` to one of their visits."""

    def __init__(
        self, desk: "Desk", window: "Window", left: Callable[[], None], opened: Callable[[UUID], None]
    ) -> None:
        self._desk, self._window = desk, window
        self._courses = Courses(desk.clinic)
        self._patient: UUID | None = None
        self.page, self.form, self.turned = CoursePage(), FormPage(), TurnedPage()
        self.page.left.connect(left)
        self.page.opened.connect(opened)
        self.page.asked.connect(self._open_form)
        self.page.strike_asked.connect(self._strike)
        self.page.planning.said.connect(self._plan)
        self.page.safety.done.connect(self._safe)
        self.form.left.connect(lambda: window.turn_to(self.page))
        self.form.kept.connect(self._answered)
        self.form.turned.connect(self._turn)
        self.form.half.connect(lambda: self._keep_half(self.form.answers))
        self.turned.half.connect(self._keep_half)
        self.turned.done.connect(self._given_back)
        drafts = desk.clinic.drafts.all().values()
        self._half = {each.key: each.text for each in drafts if each.key.startswith(_DRAFT)}

    def show(self, patient: UUID) -> None:
        """This patient's course. Raises KnownError where whoever types may not."""
        self._desk.require("read records")
        whole = self._desk.clinic.patient(patient)
        if whole.id != self._patient:
            self.page.wait(whole.name)
        self._patient = whole.id
        self._window.turn_to(self.page)
        self._read()

    def _read(self) -> None:
        """Off the window's thread: sixty visits are folded there, and only those that have changed."""
        clinic, patient = self._desk.clinic, self._patient
        if patient is None:
            return

        def work() -> Reading:
            return self._courses.read(patient), tuple(at_hand(clinic.log.folder))

        clinic.later(work).add_done_callback(lambda done: clinic.post(lambda: self._display(patient, done)))

    def _display(self, patient: UUID, done: "Future[Reading]") -> None:
        if patient != self._patient:
            return
        if (error := done.exception()) is not None:
            self.page.refuse(sentence_of(error))
            return
        course, at_hand_now = done.result()
        clinic = self._desk.clinic
        names = {id_: each.name for id_, each in clinic.state.people.items()}
        self.page.display(CourseShown(course, at_hand_now, names, clinic.today().isoformat(), clinic.state.time_zone))

    def _open_form(self, asked: AtHand) -> None:
        if self._patient is not None:
            self._window.turn_to(self.form)
            self.form.open(
                asked,
                self._desk.clinic.patient(self._patient).called,
                self._patient,
                self._desk.clinic.today().isoformat(),
            )
            answers = _read_half(self._half.get(self._draft(asked), ""))
            if asked.form is not None and answers and forms.doubt(asked.form, answers) is None:
                self.form.take(answers)

    def _answered(self, fact: FormAnswered) -> None:
        asked = self.form.asked
        if self._record(fact, self.form.refuse):
            if asked is not None:
                self._half.pop(key := self._draft(asked), None)
                self._desk.clinic.drafts.drop(key)
            self.form.taken()
            self._window.turn_to(self.page)

    def _keep_half(self, answers: Answers) -> None:
        """What is answered so far goes to the disk, so that no crash loses it."""
        if (asked := self.form.asked) is None:
            return
        key = self._draft(asked)
        self._half[key] = ",".join("" if each is None else str(each) for each in answers)
        self._desk.clinic.drafts.keep(Draft(key, self._half[key], self._desk.clinic.clock.now().utc_us))

    def _draft(self, asked: AtHand) -> str:
        return f"{_DRAFT}{self._patient} {asked.form.id if asked.form is not None else ''}"

    def _plan(self, entry: Entry, fact: Fact) -> None:
        if self._record(fact, entry.refuse):
            entry.taken()

    def _safe(self, fact: Fact) -> None:
        if self._record(fact, self.page.safety.refuse):
            self.page.safety.taken()

    def _strike(self, id_: UUID, reason: str) -> None:
        """In whichever of the patient's records it was said."""
        if self._patient is None:
            return
        records = self._desk.clinic.patient(self._patient).records
        holds = [each.id for each in records if each.history.get(id_) is not None]
        if self._record(Struck(id_, reason), self.page.refuse, holds[0] if holds else None):
            self.page.refuse("")

    def _record(self, fact: Fact, say: Callable[[str], None], record: UUID | None = None) -> bool:
        patient = record or self._patient
        if patient is None:
            return False
        try:
            recording = self._desk.clinic.patient_recorder(patient).record(fact, self._desk.actor)
        except KnownError as error:
            say(str(error))
            return False
        self._desk.when_kept(recording.kept, self._read)
        return True

    def _turn(self) -> None:
        """The desk is turned to the patient. Nothing leads from there but to the locked page."""
        asked = self.form.asked
        if asked is None:
            return
        if not can_be_turned(asked):
            self.form.refuse("This form has too many points to press. Ask the questions, and type the answers here.")
            return
        if any(seat.room.session.first_dose_us is not None for seat in self._desk.live):
            self.form.refuse(
                "A session is running, and its readings would be out of sight. Ask the questions, and type the answers "
                "here."
            )
            return
        self.turned.open(asked, self.form.answers)
        self._window.lock(self.turned)
        self.turned.setFocus()

    def _given_back(self, answers: Answers) -> None:
        """The answers are with the staff; before anyone sees them, someone says who they are."""
        self.form.take(answers)
        self._window.unlock()
        self._desk.lock_asked.emit()
