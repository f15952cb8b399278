"""The private page of a seat, at work: it is whoever typed their password last who writes here, and nobody else."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from kapdesk.clinic.private import PrivateNotes
from kapdesk.errors import KnownError
from kapdesk.facts.people import may_record
from kapdesk.record.history import Happening
from ui.private.page import PrivatePage

if TYPE_CHECKING:
    from ui.session.seat import Seat

SOON_MS = 900


class Writing(QObject):
    """Opened for one person; as soon as another is at the keyboard, nothing of it is on the screen any more."""

    def __init__(self, seat: "Seat") -> None:
        super().__init__(seat)
        self._seat = seat
        self._notes: PrivateNotes | None = None
        self.page = page = PrivatePage()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.keep_half)
        page.left.connect(self.leave)
        page.kept.connect(self._keep)
        page.typed.connect(lambda _: self._soon.start())
        page.let.connect(self._let)
        seat.connect_bar(page.bar)
        seat.desk.changed.connect(self._look)

    def open(self) -> None:
        """For whoever types now. Raises KnownError for whoever has only a PIN, or writes no private notes."""
        desk = self._seat.desk
        if desk.by_pin:
            raise KnownError("A PIN opens no private notes. Press Ctrl+L and come in with your password.")
        person = desk.actor.entered_by
        self._notes = None
        self.page.forget()
        notes = PrivateNotes(desk.clinic, person, self._seat.room.patient.id)
        self.page.edit.setPlainText(notes.half())
        self._notes = notes
        self._show()

    def leave(self) -> None:
        """Back to the closing page; what is half-typed is kept, sealed."""
        self.close()
        self._seat.turned.emit("close")

    def close(self) -> None:
        """Nothing of it stays on the screen."""
        self.keep_half()
        self._notes = None
        self.page.forget()

    def keep_half(self) -> None:
        """On the disk now."""
        self._soon.stop()
        if self._notes is not None:
            self._notes.keep_half(self.page.edit.toPlainText())

    def _look(self) -> None:
        if self._notes is None:
            return
        moved = self._seat.desk.clinic.patient(self._notes.patient).id != self._seat.room.patient.id
        if moved or self._seat.desk.actor.entered_by != self._notes.person:
            self.close()
            if self.page.isVisible():
                self._seat.turned.emit("close")

    def _keep(self, text: str) -> None:
        if self._notes is None:
            return
        try:
            recording = self._notes.write(text)
        except KnownError as error:
            self.page.refuse(str(error))
            return
        self._seat.desk.when_kept(recording.kept, lambda: self._kept(text))

    def _kept(self, text: str) -> None:
        """It is on the disk; what was typed on meanwhile stays in the line."""
        if self._notes is not None:
            self.page.taken(text)
            self._notes.keep_half(self.page.edit.toPlainText())
            self._show()

    def _let(self, reader: str) -> None:
        if self._notes is None or not reader:
            return
        try:
            self._notes.let_read(reader)
        except KnownError as error:
            self.page.refuse(str(error))
            return
        self._show()

    def _show(self) -> None:
        notes, clinic = self._notes, self._seat.desk.clinic
        assert notes is not None
        told = [self._line(each, clinic.state.name_of(notes.person)) for each in reversed(notes.mine())]
        for author, theirs in notes.others():
            told += [self._line(each, author) for each in reversed(theirs)]
        readers = notes.readers()
        may_be = [
            (id_, each.name)
            for id_, each in clinic.state.staff.items()
            if id_ != notes.person
            and each.name not in readers
            and may_record(each.roles, "private")
            and clinic.ring.has_account(id_)
        ]
        self.page.open(clinic.state.name_of(notes.person), readers, may_be, told)

    def _line(self, one: Happening, author: str) -> tuple[str, str, str]:
        seen = self._seat.seen()
        return f"{seen.day_of(one.at_us)} {seen.wall(one.at_us)}", author, one.fact.text
