"""Records of the same person: those that may be, to be read as one; those that are read as one, to be parted again."""

from uuid import UUID

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.people.patient import Patient
from ui import theme
from ui.line import empty
from ui.prepare.registration import described, perhaps
from ui.session.reason import ReasonLine
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class Joined(msgspec.Struct, frozen=True):
    """A record that is read with this one, since when, by whom, and why: in words."""

    patient: Patient
    said: str


class Records(msgspec.Struct, frozen=True):
    """The patient of the page, those they may be as well, and the records read with theirs."""

    patient: Patient
    alike: tuple[Patient, ...] = ()
    joined: tuple[Joined, ...] = ()


class RecordsPanel(Panel):
    """`merge_asked` and `part_asked` carry a record and the reason; hidden where there is nothing to say."""

    merge_asked = Signal(object, str)
    part_asked = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("One person, more than one record", "people", parent=parent)
        self._shown: Records | None = None
        self._else: frozenset[UUID] = frozenset()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(8))
        self._reason = ReasonLine()
        self.body.addLayout(self._lines)
        self.body.addWidget(self._reason)
        self.hide()

    def display(self, shown: Records) -> None:
        """Show these."""
        if shown == self._shown:
            return
        if self._shown is None or self._shown.patient.id != shown.patient.id:
            self._else = frozenset()
            self._reason.hide()
        self._shown = shown
        self._fill()

    def refuse(self, sentence: str) -> None:
        """Why nothing was changed."""
        self._reason.refuse(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._reason.hide()

    def ask(self, other: UUID) -> None:
        """Ask for the reason of a merge with this record."""
        self._reason.open("Why both are one person", lambda why: self._merge(other, why))
        self.show()

    def _fill(self) -> None:
        assert self._shown is not None
        empty(self._lines)
        alike = [each for each in self._shown.alike if each.id not in self._else]
        for joined in self._shown.joined:
            part = Button("Part again …", name=f"Part from {described(joined.patient)}")
            part.clicked.connect(lambda _=False, id_=joined.patient.id: self._ask_part(id_))
            self._line(f"Read with {described(joined.patient)}. {joined.said}", part)
        for each in alike:
            same = Button("The same person …", name=f"The same person as {described(each)}")
            other = Button("Somebody else", name=f"Somebody else than {described(each)}")
            same.clicked.connect(lambda _=False, id_=each.id: self.ask(id_))
            other.clicked.connect(lambda _=False, id_=each.id: self._put_aside(id_))
            self._line(self._words(each), same, other)
        self.setVisible(bool(alike or self._shown.joined))

    def _words(self, other: Patient) -> str:
        own = self._shown.patient.registered if self._shown else None
        return perhaps(own, other) if own is not None else ""

    def _line(self, words: str, *buttons: Button) -> None:
        line, row = QWidget(), QHBoxLayout()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(Label(words, wrap=True))
        row.setSpacing(theme.px(8))
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._lines.addWidget(line)

    def _put_aside(self, other: UUID) -> None:
        self._else |= {other}
        self._fill()

    def _ask_part(self, other: UUID) -> None:
        self._reason.open("Why they are two people after all", lambda why: self._part(other, why))

    def _merge(self, other: UUID, why: str) -> bool:
        self._reason.refuse("")
        self.merge_asked.emit(other, why)
        return self._reason.isHidden()

    def _part(self, other: UUID, why: str) -> bool:
        self._reason.refuse("")
        self.part_asked.emit(other, why)
        return self._reason.isHidden()
