"""What is done on the pages of arrival and closing, turned into the record; and the note made for the screen."""

from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from kapdesk.clinic.signing import standing
from kapdesk.errors import KnownError
from kapdesk.facts.after import DebriefWritten, LeavingScored, PracticeAgreed
from kapdesk.facts.care import Witnessed
from kapdesk.facts.music import MusicRated
from kapdesk.facts.patient import VisitPlanned
from kapdesk.facts.session import (
    Ended,
    How,
    NoteTaken,
    PatientLeft,
    SummaryWritten,
)
from kapdesk.session.state import Session
from ui.close.carried import UNWELCOME
from ui.close.debrief import PARTS, PRACTICE
from ui.close.moving import Moving
from ui.close.page import ClosePage
from ui.close.pages_of import pictures
from ui.close.signing import Signing
from ui.close.summary import SECTIONS
from ui.saving import ask_where
from ui.trace import sentence_of
from ui.widgets.when import Moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from kapdesk.clinic.open import OpenClinic
    from kapdesk.facts.people import Actor
    from kapdesk.record.recorder import Recording
    from ui.session.seat import Seat

SOON_MS = 700
"""After a change the note waits so long for the next one before it is made anew."""


class Closing(QObject):
    """The closing page of a seat, at work."""

    def __init__(self, seat: "Seat") -> None:
        super().__init__(seat)
        self._seat = seat
        self._pdf: bytes | None = None
        self._turn = 0
        self._of: Session | None = None
        self._whose = seat.room.patient.id
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.make)
        seat.room.listen(self._changed)
        self.page = page = ClosePage()
        page.back.connect(lambda: seat.turned.emit("session"))
        page.paper.connect(lambda: seat.turned.emit("paper"))
        page.sheet.connect(lambda: seat.turned.emit("sheet"))
        page.private.connect(lambda: seat.open_private(page.say))
        seat.connect_bar(page.bar)
        self._moving = Moving(seat, page.whose)
        page.marks.bring_back(lambda id_: seat.editors.found(f"mark {id_}"))
        page.marks.typed.connect(lambda id_, text: seat.editors.type(f"mark {id_}", text))
        page.ending.ended.connect(self._end)
        page.ending.went.connect(self._went)
        page.substances.counted.connect(lambda fact: seat.record(fact, page.substances.refuse))
        page.substances.needs.override_wanted.connect(
            lambda missing, reason: seat.override("substances", missing, reason, page.substances.needs)
        )
        page.substances.witness.looked.connect(
            lambda of, who, pin: seat.answering.by_pin(Witnessed(of), who, pin, "witness", page.substances.witness)
        )
        page.ending.settled.connect(lambda fact: seat.record(fact, page.ending.refuse))
        page.ending.needs.answered.connect(lambda fact: seat.record(fact, page.ending.needs.refuse))
        page.ending.needs.override_wanted.connect(
            lambda missing, reason: seat.override("leaving", missing, reason, page.ending.needs)
        )
        page.safety.done.connect(lambda fact: seat.record(fact, page.safety.refuse))
        page.marks.filled.connect(self._fill)
        page.score.scored.connect(self._score)
        page.debrief.said.connect(self._debrief)
        page.debrief.planned.connect(self._plan)
        page.carried.rated.connect(self._rate)
        page.carried.typed.connect(lambda text: seat.editors.type(UNWELCOME, text))
        page.debrief.typed.connect(lambda name, text: seat.editors.type(f"debrief {name}", text))
        page.summary.written.connect(self._write)
        page.summary.typed.connect(lambda section, text: seat.editors.type(section, text))
        page.sign.asked.connect(self._asked_to_sign)
        self._signing = Signing(seat, page.sign, self._not_ready)
        page.sign.version_wanted.connect(self._show_version)
        page.observed.belongs(seat.room.id)
        page.observed.looking.connect(lambda: seat.turned.emit("summary"))
        page.observed.saving.connect(self._save_observed)
        page.observed.sent.connect(self._send_observed)
        page.observed.withdrawn.connect(self._take_back_observed)
        page.preview.wanted.connect(self.make)
        page.preview.saved.connect(self._save_as)
        page.preview.printed.connect(self._print)

    def bring_back(self) -> None:
        """What was half-typed here when KapDesk last stopped."""
        for section in SECTIONS:
            if text := self._seat.editors.found(section):
                self.page.summary.bring_back(section, text)
        for name in (*PARTS, PRACTICE):
            if text := self._seat.editors.found(f"debrief {name}"):
                self.page.debrief.bring_back(name, text)
        self.page.carried.bring_back(self._seat.editors.found(UNWELCOME))
        self._moving.bring_back()
        self._signing.bring_back()

    def stop(self) -> None:
        """The note is not made anew any more."""
        self._soon.stop()
        self._turn += 1
        self._seat.room.forget(self._changed)
        self._signing.stop()

    def _changed(self) -> None:
        """Something came into the record: the note that is shown is not the one to sign, so it is made anew."""
        if self._of is not None and self._seat.room.session is not self._of and self.page.isVisible():
            self._pdf = None
            if self._seat.room.patient.id != self._whose:
                self._turn += 1  # a note in another patient's name is not left standing, nor does it come yet
                self.page.preview.display([])
            self.page.preview.wait()
            self._soon.start(SOON_MS)

    def make_soon(self) -> None:
        """Once the page has its place: the note is drawn as wide as that is."""
        self._soon.start(0)

    def make(self) -> None:
        """Show the note: the signed paper that is kept, or else made anew from the record, off this thread."""
        from kapdesk.clinic.close import note_pdf

        self._draw(lambda going: note_pdf(self._seat.desk.clinic, self._seat.room.id, going))

    def _show_version(self, number: int) -> None:
        """One version of the signed note; how it stands is said above it."""
        from kapdesk.clinic.close import kept_version

        said = [line for line in standing(self._seat.room.session) if line.startswith(f"Version {number},")]
        clinic = self._seat.desk.clinic
        self._draw(lambda going: kept_version(clinic, self._seat.room.id, number), *said)

    def _draw(self, made_by: "Callable[[Callable[[float], None]], Future[bytes]]", told: str = "") -> None:
        self._soon.stop()
        self._of, self._whose = self._seat.room.session, self._seat.room.patient.id
        self._turn += 1
        turn, width = self._turn, self.page.preview.page_width()
        self.page.preview.wait()
        clinic = self._seat.desk.clinic

        def drawn(made: "Future[bytes]") -> None:
            if (error := made.exception()) is not None:
                sentence = sentence_of(error)
                clinic.post(lambda: self._refused(turn, sentence))
                return
            pdf = made.result()
            shown = pictures(pdf, width)
            clinic.post(lambda: self._made(turn, pdf, shown, told))

        def going(part: float) -> None:
            clinic.post(lambda: self._goes_on(turn, part))

        made_by(going).add_done_callback(drawn)

    def _goes_on(self, turn: int, part: float) -> None:
        if turn == self._turn:
            self.page.preview.go_on(part)

    def _made(self, turn: int, pdf: bytes, shown: list[QImage], told: str) -> None:
        if turn == self._turn:
            self._pdf = pdf
            self.page.preview.display(shown)
            if told:
                self.page.preview.tell(f"{told}.")
            self._check(turn, pdf, f"{told}. " if told else "")

    def _check(self, turn: int, pdf: bytes, told: str) -> None:
        """Whether a signed paper is what was signed is seen to beside, and said above it."""
        clinic = self._seat.desk.clinic
        if not self._seat.room.session.signed or not clinic.state.seals:
            return
        from kapdesk.clinic.verified import beside

        pems = [seal.pem for seal in clinic.state.seals]

        def checked(done: "Future[str]") -> None:
            sentence = sentence_of(error) if (error := done.exception()) is not None else done.result()
            if sentence:
                clinic.post(lambda: self._checked(turn, told + sentence))

        clinic.later(lambda: beside(pdf, pems)).add_done_callback(checked)

    def _checked(self, turn: int, sentence: str) -> None:
        if turn == self._turn:
            self.page.preview.tell(sentence)

    def _refused(self, turn: int, sentence: str) -> None:
        if turn == self._turn:
            self.page.preview.refuse(sentence)

    def _end(self, how: How, reason: str, moment: Moment) -> None:
        seat, page = self._seat, self.page
        recording = seat.record(Ended(how, reason), page.ending.refuse, moment)
        if recording is None:
            return
        page.ending.taken()
        seat.desk.free_music(seat)

    def _went(self, escort: str, moment: Moment) -> None:
        if self._seat.record(PatientLeft(escort), self.page.ending.refuse, moment):
            self.page.ending.taken()

    def _fill(self, id_: str, text: str) -> None:
        one = next((h for h in self._seat.room.session.history if str(h.id) == id_), None)
        if one is not None:
            filled = self._seat.correct(id_, NoteTaken(text), one.at_us, "mark filled in", self.page.marks.refuse)
            if filled:
                self._seat.editors.drop(f"mark {id_}", text)

    def _write(self, fact: SummaryWritten) -> None:
        recording = self._seat.record(fact, partial(self.page.summary.refuse, fact.section))
        if recording is not None:
            self._seat.desk.when_kept(recording.kept, lambda: self._seat.editors.drop(fact.section, fact.text))

    def _score(self, fact: LeavingScored) -> None:
        if self._seat.record(fact, self.page.score.refuse):
            self.page.score.taken()

    def _debrief(self, fact: DebriefWritten | PracticeAgreed) -> None:
        seat, panel = self._seat, self.page.debrief
        name = fact.part if isinstance(fact, DebriefWritten) else PRACTICE
        recording = seat.record(fact, panel.refuse)
        if recording is None:
            return
        seat.desk.when_kept(recording.kept, lambda: seat.editors.drop(f"debrief {name}", fact.text))
        if isinstance(fact, PracticeAgreed):
            panel.agreed()

    def _rate(self, fact: MusicRated) -> None:
        seat = self._seat
        recording = seat.record(fact, self.page.carried.refuse)
        if recording is not None:
            seat.desk.when_kept(recording.kept, lambda: seat.editors.drop(UNWELCOME, fact.unwelcome))
            self.page.carried.taken()

    def _plan(self, fact: VisitPlanned) -> None:
        if self._seat.record_of_patient(fact, self._seat.room.by, self.page.debrief.refuse):
            self.page.debrief.visit_planned()

    def _asked_to_sign(self, what: str) -> None:
        """What is signed is seen first: drafts are kept, and the newest version is what is shown."""
        if what == "sign":
            self.page.summary.keep()
        elif what == "countersign":
            self.make()

    def _not_ready(self) -> str:
        """Why it cannot be signed yet: what is written is not all on its way to the record."""
        page = self.page
        page.summary.keep()
        page.debrief.finish()
        if not page.debrief.all_said():
            return "A part of the debrief is not recorded yet: see there."
        return "" if page.summary.all_said() else "A part of the summary is not recorded yet: see there."

    def _save_as(self) -> None:
        if self._pdf is None:
            self.page.preview.refuse("The note is not made yet. Wait a moment, then save it.")
            return
        ask_where(self.page, "Save the note", f"session-note-{self._seat.room.id}", "pdf", self.save)

    def _print(self) -> None:
        """The note that is shown, on paper: it leaves the record as by saving it."""
        from kapdesk.clinic.audit import take_out
        from ui.printing import print_pdf

        preview, desk = self.page.preview, self._seat.desk
        if self._pdf is None:
            preview.refuse("The note is not made yet. Wait a moment, then print it.")
            return
        try:
            desk.require("print")
            take_out(desk.clinic, self._seat.room.id, desk.actor)
        except KnownError as error:
            preview.refuse(str(error))
            return
        print_pdf(self._pdf, self.page, preview.tell, preview.refuse)

    def save(self, path: Path) -> None:
        """Write the note that is shown to a file."""
        from kapdesk.clinic.audit import take_out
        from kapdesk.clinic.close import save

        if self._pdf is None:
            return
        desk = self._seat.desk
        try:
            desk.require("print")
            take_out(desk.clinic, self._seat.room.id, desk.actor)
            save(self._pdf, path)
        except KnownError as error:
            self.page.preview.refuse(str(error))
            return
        self.page.preview.tell(f"Saved: {path}")

    def _save_observed(self) -> None:
        name = f"observation-summary-{self._seat.room.id}"
        ask_where(self.page, "Save the observation summary", name, "pdf", self.save_observed)

    def save_observed(self, path: Path) -> None:
        """Make the observation summary off this thread and write it to a file."""
        from kapdesk.clinic import summary
        from kapdesk.clinic.close import save

        clinic, panel = self._seat.desk.clinic, self.page.observed
        try:
            self._seat.desk.require("print")
            made = summary.pdf(clinic, self._seat.room.id, self._seat.desk.actor)
        except KnownError as error:
            panel.say(str(error))
            return

        def written(done: "Future[bytes]") -> None:
            try:
                save(done.result(), path, "summary")
            except KnownError as error:
                sentence = str(error)
                clinic.post(lambda: panel.say(sentence))
                return
            clinic.post(lambda: panel.say(f"Saved: {path}"))

        made.add_done_callback(written)

    def _send_observed(self, how: str) -> None:
        from kapdesk.clinic import summary

        self._say_of_observed(summary.send, how)

    def _take_back_observed(self, reason: str) -> None:
        from kapdesk.clinic import summary

        self._say_of_observed(summary.take_back, reason)

    def _say_of_observed(self, say: "Callable[[OpenClinic, UUID, str, Actor], Recording]", words: str) -> None:
        seat, panel = self._seat, self.page.observed
        try:
            seat.desk.require("file")
            recording = say(seat.desk.clinic, seat.room.id, words, seat.desk.actor)
        except KnownError as error:
            panel.say(str(error))
            return
        seat.desk.when_kept(recording.kept, seat.show)
