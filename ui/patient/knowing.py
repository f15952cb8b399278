"""Brings a patient to their own page, and what is done there into their record."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic import finding, merging
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import Corrected, MergedInto, PatientRegistered, TookIn, VisitCame, VisitGone
from kapdesk.facts.people import Actor
from kapdesk.people.patient import Patient, alike
from ui import words
from ui.prepare.section import Section
from ui.prepare.shown import in_words, of_patient
from ui.records.telling import record_of
from ui.session.times import day
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clinic.finding import Hit
    from kapdesk.record.history import Happening
    from kapdesk.record.recorder import Recording
    from ui.desk import Desk
    from ui.patient.page import PatientPage


class Knowing:
    """One patient at a time; `left` goes back from the page, `opened` to one of their visits,
    `course` to their course, `overview` to that as a paper."""

    def __init__(
        self,
        desk: "Desk",
        left: Callable[[], None],
        opened: Callable[[UUID], None],
        course: Callable[[UUID], None],
        overview: Callable[[UUID], None],
    ) -> None:
        self._desk, self._left, self._opened, self._course = desk, left, opened, course
        self._overview = overview
        self._page: PatientPage | None = None
        self._patient: UUID | None = None

    @property
    def page(self) -> "PatientPage":
        """Made when it is first needed."""
        if self._page is None:
            from ui.patient.page import PatientPage

            self._page = page = PatientPage()
            page.left.connect(self._left)
            page.opened.connect(self._opened)
            page.edit_asked.connect(self._edit)
            page.course_asked.connect(lambda: self._course(self._patient) if self._patient is not None else None)
            page.overview_asked.connect(lambda: self._overview(self._patient) if self._patient is not None else None)
            page.registration.corrected.connect(self._correct)
            page.registration.known.connect(self._same)
            page.records.merge_asked.connect(self._merge)
            page.records.part_asked.connect(self._part)
            page.before.said.connect(self._say)
            page.before.typed.connect(self._type)
        return self._page

    def show(self, patient: UUID) -> None:
        """This patient. Raises KnownError where whoever types may not."""
        self._desk.require("read patient")
        if patient != self._patient:
            self.page.list_visits(None)
            self.page.put_away()
            editors = self._desk.editors_of(str(self._desk.clinic.patient(patient).id))
            self.page.before.turn_to(lambda name: editors.half(f"before {name}"))
        self._patient = patient
        self.page.refuse("")
        self._show()
        clinic = self._desk.clinic
        clinic.later(lambda: finding.of_patient(clinic, patient)).add_done_callback(
            lambda done: clinic.post(lambda: self._list(done))
        )

    def _show(self) -> None:
        from ui.patient.page import PatientView
        from ui.patient.twice import Joined, Records

        if self._patient is None:
            return
        clinic = self._desk.clinic
        patient = clinic.patient(self._patient)
        self._patient = patient.id
        joined = tuple(Joined(each, self._how(each, patient)) for each in patient.also)
        others = tuple(alike(patient.registered, self._others(patient))) if patient.registered is not None else ()
        shown = of_patient(patient, clinic.state, clinic.clock.now().utc_us)
        was = (*self._was(clinic.patients.get(patient.id, patient)), *self._moves(patient))
        self.page.display(PatientView(patient, Records(patient, others, joined), shown, was))

    def _others(self, patient: Patient) -> list[Patient]:
        return [each for each in self._desk.clinic.known() if each.id != patient.id]

    def _list(self, done: "Future[tuple[Hit, ...]]") -> None:
        if (error := done.exception()) is not None:
            self.page.refuse(sentence_of(error))
            return
        clinic = self._desk.clinic
        mine = {str(each.id) for each in clinic.patient(self._patient).records} if self._patient is not None else set()
        now_us, waits = clinic.clock.now().utc_us, clinic.filing.state().trouble
        hits = (hit for hit in done.result() if hit.patient.id in mine)
        self.page.list_visits(tuple(record_of(hit, clinic.state, now_us, waits) for hit in hits))

    def _edit(self) -> None:
        patient = self._own()
        if patient is not None:
            self.page.edit(tuple(self._others(patient)), patient)

    def _own(self) -> Patient | None:
        """The record that goes on, by itself: what is corrected is what it says, not what others say beside it."""
        return self._desk.clinic.patients.get(self._patient) if self._patient is not None else None

    def _correct(self, truth: PatientRegistered, reason: str) -> None:
        own = self._own()
        standing = own.history.standing(PatientRegistered) if own is not None else []
        if own is None or not standing:
            return
        first = standing[-1]
        if truth == first.fact:
            self.page.put_away()
            return
        if self._record(own.id, Corrected(first.id, truth, first.at_us, reason), self.page.registration.refuse):
            self.page.put_away()

    def _same(self, other: UUID) -> None:
        """In a correction it turned out that the person is known already: what was typed stays, both become one."""
        self.page.records.ask(other)

    def _merge(self, other: UUID, reason: str) -> None:
        """The record of this page goes on, the other is read with it."""
        clinic, patient = self._desk.clinic, self._patient
        if patient is None:
            return
        try:
            self._desk.require("read patient")
            for each in merging.merge(clinic, other, patient, reason, self._desk.actor):
                self._desk.when_kept(each.kept, self._show)
        except KnownError as error:
            self.page.records.refuse(str(error))
            return
        self.page.records.taken()

    def _part(self, other: UUID, reason: str) -> None:
        try:
            self._desk.require("read patient")
            for each in merging.part(self._desk.clinic, other, reason, self._desk.actor):
                self._desk.when_kept(each.kept, self._show)
        except KnownError as error:
            self.page.records.refuse(str(error))
            return
        self.page.records.taken()

    def _say(self, section: Section, fact: Fact, by: str) -> None:
        actor, patient, typed = Actor(by, self._desk.actor.entered_by) if by else None, self._patient, section.texts()
        if patient is None:
            return
        recording = self._record(patient, fact, section.refuse, actor)
        if recording is not None:
            editors = self._desk.editors_of(str(patient))
            self._desk.when_kept(recording.kept, lambda: editors.drop_all("before", typed))
            section.taken()

    def _type(self, name: str, text: str) -> None:
        if self._patient is not None:
            self._desk.editors_of(str(self._patient)).type(f"before {name}", text)

    def _record(
        self, patient: UUID, fact: Fact, say: Callable[[str], None], actor: Actor | None = None
    ) -> "Recording | None":
        try:
            actor = actor or self._desk.actor
            recording: Recording = self._desk.clinic.patient_recorder(patient).record(fact, actor)
        except KnownError as error:
            say(str(error))
            return None
        self._desk.when_kept(recording.kept, self._show)
        return recording

    def _was(self, own: Patient) -> tuple[str, ...]:
        """What stood before a correction, and why it was made."""
        return tuple(
            f"Before: {words.join(each.first.name, f'born {each.first.born_on}', each.first.record_number)}. {each.why}"
            for each in own.history.standing(PatientRegistered)
            if each.first is not None
        )

    def _moves(self, patient: Patient) -> tuple[str, ...]:
        """That a visit was moved out of this record or into it: when, by which two, and why."""
        state, said = self._desk.clinic.state, []
        zone = state.time_zone
        for each in sorted((*patient.standing(VisitGone), *patient.standing(VisitCame)), key=lambda h: h.at_us):
            gone = isinstance(each.fact, VisitGone)
            what = "that was not theirs was moved out of this record" if gone else "was moved into this record"
            by = f"{state.name_of(each.by)} and {state.name_of(each.fact.agreed_by)}"
            said.append(f"A visit {what}, {day(each.at_us, zone)}, by {by}: {each.fact.reason}")
        return tuple(said)

    def _how(self, record: Patient, patient: Patient) -> str:
        """Since when and by whom two records are read as one, and why."""
        said: list[Happening] = [
            each
            for one in patient.records
            for each in (*one.history.standing(MergedInto), *one.history.standing(TookIn))
            if record.id in (one.id, each.fact.patient)
        ]
        if not said:
            return ""
        clinic = self._desk.clinic
        last, zone = said[-1], clinic.state.time_zone
        on = in_words(day(last.at_us, zone), day(clinic.clock.now().utc_us, zone))
        return f"{clinic.state.name_of(last.by)}, {on}: {last.fact.reason}"
