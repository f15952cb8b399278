"""What is done on the pages of arrival and closing, turned into the record; and the note made for the screen."""

from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from kapdesk.errors import KnownError
from kapdesk.facts.session import (
    AddendumWritten,
    Ended,
    How,
    Locked,
    NoteTaken,
    PatientLeft,
    Section,
    SummaryWritten,
)
from ui.close.page import ClosePage
from ui.close.pages_of import pictures
from ui.widgets.when import Moment

if TYPE_CHECKING:
    from ui.session.seat import Seat


class Closing(QObject):
    """The closing page of a seat, at work."""

    def __init__(self, seat: "Seat") -> None:
        super().__init__(seat)
        self._seat = seat
        self._pdf: bytes | None = None
        self._turn = 0
        self.page = page = ClosePage()
        page.back.connect(lambda: seat.turned.emit("session"))
        page.bar.by_asked.connect(lambda: seat.turned.emit("session"))
        page.ending.ended.connect(self._end)
        page.ending.went.connect(self._went)
        page.marks.filled.connect(self._fill)
        page.summary.written.connect(self._write)
        page.sign.signed.connect(self._sign)
        page.sign.added.connect(self._add)
        page.preview.wanted.connect(self.make)
        page.preview.saved.connect(self._save_as)

    def make(self) -> None:
        """Make the note anew from the record, off this thread, and show it."""
        from kapdesk.clinic.close import note_pdf

        self._turn += 1
        turn, width = self._turn, self.page.preview.page_width()
        self.page.preview.wait()
        clinic = self._seat.desk.clinic

        def drawn(made: "Future[bytes]") -> None:
            try:
                pdf = made.result()
                shown = pictures(pdf, width)
            except KnownError as error:
                sentence = str(error)
                clinic.post(lambda: self._refused(turn, sentence))
                return
            clinic.post(lambda: self._made(turn, pdf, shown))

        note_pdf(clinic, self._seat.room.id).add_done_callback(drawn)

    def _made(self, turn: int, pdf: bytes, shown: list[QImage]) -> None:
        if turn == self._turn:
            self._pdf = pdf
            self.page.preview.display(shown)

    def _refused(self, turn: int, sentence: str) -> None:
        if turn == self._turn:
            self.page.preview.refuse(sentence)

    def _end(self, how: How, reason: str, moment: Moment) -> None:
        seat, page = self._seat, self.page
        recording = seat.record(Ended(how, reason), page.ending.refuse, moment)
        if recording is None:
            return
        page.ending.taken()
        music = seat.desk.music
        if music.owner is not None and music.owner.id == seat.room.id:
            music.end()
        seat.desk.when_kept(recording.kept, self.make)

    def _went(self, escort: str, moment: Moment) -> None:
        if self._seat.record(PatientLeft(escort), self.page.ending.refuse, moment):
            self.page.ending.taken()

    def _fill(self, id_: str, text: str) -> None:
        one = next((h for h in self._seat.room.session.history if str(h.id) == id_), None)
        if one is not None:
            self._seat.correct(id_, NoteTaken(text), one.at_us, "mark filled in", self.page.marks.refuse)

    def _write(self, section: Section, text: str) -> None:
        self._seat.record(SummaryWritten(section, text), self.page.summary.refuse)

    def _sign(self) -> None:
        self.page.summary.finish()
        recording = self._seat.record(Locked(), self.page.sign.refuse)
        if recording is not None:
            self._seat.desk.when_kept(recording.kept, self.make)

    def _add(self, text: str) -> None:
        recording = self._seat.record(AddendumWritten(text), self.page.sign.refuse)
        if recording is not None:
            self.page.sign.taken()
            self._seat.desk.when_kept(recording.kept, self.make)

    def _save_as(self) -> None:
        if self._pdf is None:
            self.page.preview.refuse("The note is not made yet. Wait a moment, then save it.")
            return
        dialog = QFileDialog(self.page, "Save the note", str(Path.home() / f"session-note-{self._seat.room.id}.pdf"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setModal(False)
        dialog.fileSelected.connect(lambda file: self.save(Path(file)))
        dialog.finished.connect(lambda _: dialog.deleteLater())
        dialog.show()

    def save(self, path: Path) -> None:
        """Write the note that is shown to a file."""
        from kapdesk.clinic.close import save

        if self._pdf is None:
            return
        try:
            save(self._pdf, path)
        except KnownError as error:
            self.page.preview.refuse(str(error))
            return
        self.page.preview.tell(f"Saved: {path}")
