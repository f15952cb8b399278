"""One row of the grid: day, time, kind and cells, and below them what is said of it."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.paper.reading import CELLS, Typed
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.frame import stack
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit

RowState = Literal["", "fits", "check", "refused", "entered"]
_MOST = max(len(cells) for cells in CELLS.values())
_WIDE = {"Text", "Remark", "What was done", "Reason", "With whom", "What"}


class PaperRow(QWidget):
    """`typed_` at every change, `done` with Enter, `gone` when it is taken out of the grid."""

    typed_ = Signal()
    done = Signal()
    gone = Signal()

    def __init__(self, number: int, typed: Typed, people: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.entered = False
        self.state: RowState = ""
        self._number = number
        self.day, self.clock = self._line("Day"), self._line("Time")
        self.day.setPlaceholderText("2026-11-26")
        self.clock.setPlaceholderText("21:40")
        self.day.setFixedWidth(theme.px(112))
        self.clock.setFixedWidth(theme.px(72))
        self.kind = Choice(list(CELLS), f"Kind, row {number}")
        self.kind.setFixedWidth(theme.px(178))
        self.cells = [self._line("") for _ in range(_MOST)]
        self.by = Choice(name=f"By, row {number}")
        self.by.setFixedWidth(theme.px(188))
        for id_, name in people:
            self.by.addItem(name, id_)
        self._remove = Button("", icon="close", name=f"Take row {number} out")
        self._remove.setProperty("narrow", True)
        self._remove.setFixedWidth(theme.px(theme.TARGET))
        self._said = Label("", "muted", wrap=True)
        self._said.setMinimumHeight(theme.px(24))
        self._said.hide()
        self._lay_out()
        self._put(typed)
        self._show_cells()
        self.kind.currentIndexChanged.connect(lambda _: self._show_cells())
        self.kind.currentIndexChanged.connect(lambda _: self.typed_.emit())
        self.by.currentIndexChanged.connect(lambda _: self.typed_.emit())
        self._remove.clicked.connect(self.gone)

    def typed(self) -> Typed:
        """What stands in it."""
        kind = self.kind.currentText()
        cells = tuple(edit.text() for edit in self.cells[: len(CELLS[kind])])
        return Typed(self.day.text(), self.clock.text(), kind, cells, self.by.currentData() or "")

    def show_state(self, state: RowState, sentence: str) -> None:
        """What the judges say of it; what is entered cannot be typed into any more."""
        self.state = state
        self.entered = self.entered or state == "entered"
        for part in (self.day, self.clock, self.kind, self.by, *self.cells):
            part.setEnabled(not self.entered)
        self._remove.setEnabled(not self.entered)
        role = {"refused": "alarm", "check": "accent", "entered": "ok"}.get(state, "muted")
        self._said.set_role(role)  # type: ignore[arg-type]
        self._said.setText(sentence)
        self._said.setAccessibleName(f"Row {self._number}: {sentence}")
        self._said.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, in any cell, goes to the next row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def stack(self, narrow: bool) -> None:
        """Its three parts beside each other, or below."""
        stack(self._whole, narrow)

    def start(self) -> None:
        """Put the cursor where the time goes."""
        self.clock.setFocus()

    def _put(self, typed: Typed) -> None:
        self.day.setText(typed.day)
        self.clock.setText(typed.clock)
        self.kind.setCurrentIndex(max(0, self.kind.findText(typed.kind)))
        self.by.setCurrentIndex(max(0, self.by.findData(typed.by)))
        for edit, text in zip(self.cells, typed.cells, strict=False):
            edit.setText(text)

    def _show_cells(self) -> None:
        names = CELLS[self.kind.currentText()]
        for n, edit in enumerate(self.cells):
            edit.setVisible(n < len(names))
            if n < len(names):
                edit.setPlaceholderText(names[n])
                edit.setAccessibleName(f"{names[n]}, row {self._number}")
                self._row.setStretchFactor(edit, 4 if names[n] in _WIDE else 2 if len(names) < _MOST else 1)
        self._filler.setVisible(not names)

    def _line(self, name: str) -> QLineEdit:
        edit = line_edit(f"{name}, row {self._number}")
        edit.setMinimumWidth(theme.px(56))
        edit.textChanged.connect(lambda _: self.typed_.emit())
        return edit

    def _lay_out(self) -> None:
        self._filler = QWidget()
        when, self._row, who = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for part in (self.day, self.clock, self.kind):
            when.addWidget(part)
        when.addStretch(1)
        for edit in self.cells:
            self._row.addWidget(edit, 1)
        self._row.addWidget(self._filler, 1)
        who.addStretch(1)
        who.addWidget(self.by)
        who.addWidget(self._remove)
        for layout, stretch in ((when, 0), (self._row, 1), (who, 0)):
            layout.setSpacing(theme.px(6))
            self._whole.addLayout(layout, stretch)
        self._whole.setSpacing(theme.px(6))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addLayout(self._whole)
        column.addWidget(self._said)
