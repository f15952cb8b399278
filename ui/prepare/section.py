"""A part of what is known of a patient: one quiet line when it is settled, a sheet below it when it is not."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.fact import Fact
from ui import theme
from ui.line import empty
from ui.prepare.shown import Shown, Told
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.label import Label, Sign
from ui.widgets.line_edit import line_edit


class Section(QWidget):
    """`said` carries a fact and who says it ("" for whoever writes). `tell` puts it into one line.

    Once it has nothing left to answer it closes by itself.
    """

    said = Signal(object, str)
    turned = Signal()

    def __init__(self, name: str, title: str, tell: Callable[[Shown], Told], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self._title, self._tell = name, title, tell
        self._told: Told | None = None
        self._asked = False
        self.put_aside = False
        self.edits: list[QLineEdit] = []
        self._filled: Any = None
        self._sign = Sign("minus", "faint")
        self._words = Label("", "muted", wrap=True)
        self._turn = Button("")
        self._turn.setProperty("narrow", True)
        self._refusal = Refusal()
        self.sheet = QWidget()
        self.column = QVBoxLayout(self.sheet)
        self.column.setContentsMargins(theme.px(28), 0, 0, theme.px(6))
        self.column.setSpacing(theme.px(6))
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._words, 1)
        line.addWidget(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(line)
        column.addWidget(self.sheet)
        column.addWidget(self._refusal)
        self.sheet.hide()
        self._name_turn()
        self._turn.clicked.connect(self._pressed)

    @property
    def wants(self) -> bool:
        """Whether there is something left to answer."""
        return self._told is not None and self._told.open

    @property
    def is_open(self) -> bool:
        """Whether its sheet is shown."""
        return not self.sheet.isHidden()

    def texts(self) -> list[tuple[str, str]]:
        """What stands in each editor now."""
        return [(edit.accessibleName(), edit.text().strip()) for edit in self.edits]

    def display(self, shown: Shown) -> None:
        """What is known now; the sheet keeps what is half-typed in it."""
        told, asked = self._tell(shown), self.name in shown.needs
        if (told, asked) != (self._told, self._asked):
            done = self._told is not None and self._told.open and not told.open
            self._told, self._asked = told, asked
            self._words.setText(told.words)
            holds = not told.there and not told.open
            sign = ("warning", "alarm") if holds else ("minus", "accent" if asked else "faint")
            self._sign.set_sign(*(("check", "teal") if told.there else sign))
            self._words.set_role("body" if told.there else "alarm" if holds else "muted")
            self._name_turn()
            if done:
                self.open(False)
        self.fill(shown)

    def fill(self, shown: Shown) -> None:
        """What is known, into the sheet."""

    def clear(self) -> None:
        """Another patient: nothing of the one before stays."""
        self._filled, self.put_aside = None, False
        for edit in self.edits:
            edit.setText("")
        self.open(False)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._refusal.say("")

    def open(self, open_: bool) -> None:
        """Show the sheet, or only the line."""
        self.sheet.setVisible(open_)
        if not open_:
            self._refusal.say("")
        self._name_turn()

    def say(self, fact: Fact, by: str = "") -> None:
        """This is to be recorded."""
        self._refusal.say("")
        self.said.emit(fact, by)

    def _pressed(self) -> None:
        self.put_aside = self.is_open
        self.open(not self.is_open)
        self.turned.emit()

    def _name_turn(self) -> None:
        words = "Put away" if self.is_open else "Answer" if self._told is None or self._told.open else "Change"
        self._turn.set_words(words, f"{self._title}: {words.lower()}")


class Row(msgspec.Struct, frozen=True):
    """A line that is answered: its words, the answer that stands ("" for none), what is said beside it, a remark
    ("" for none yet) or None where a remark is not asked for."""

    id: str
    words: str
    answer: str
    beside: str = ""
    remark: str | None = None


class Rows(QWidget):
    """Lines with the same answers. `answered` carries the line's id, the answer and a remark."""

    answered = Signal(str, str, str)

    def __init__(self, answers: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers = tuple(answers)
        self._shown: tuple[Row, ...] | None = None
        self._half: dict[str, str] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(theme.px(4))

    def display(self, rows: tuple[Row, ...]) -> None:
        """Show these."""
        if rows == self._shown:
            return
        self._shown = rows
        empty(self._lines)
        for row in rows:
            self._lines.addWidget(self._line(row))
            if row.remark is not None:
                self._lines.addWidget(self._remark(row))

    def _line(self, row: Row) -> QWidget:
        line = QWidget()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(theme.px(8))
        words = f"{row.words} ({row.beside})" if row.beside else row.words
        inside.addWidget(Label(words, "body" if row.answer else "muted", wrap=True), 1)
        for answer, label in self._answers:
            button = Button(label, name=f"{row.words}: {label.lower()}")
            button.setProperty("narrow", True)
            button.setCheckable(True)
            button.setChecked(row.answer == answer)
            button.clicked.connect(partial(self._press, row, answer, button))
            inside.addWidget(button)
        return line

    def _press(self, row: Row, answer: str, button: Button, _checked: bool = False) -> None:
        button.setChecked(row.answer == answer)  # what stands is what is on record
        self.answered.emit(row.id, answer, "")

    def _remark(self, row: Row) -> QWidget:
        edit = line_edit(f"Remark: {row.words}")
        edit.setPlaceholderText("Remark; Enter records it")
        edit.setText(self._half.get(row.id, row.remark or ""))
        edit.textEdited.connect(lambda text: self._half.__setitem__(row.id, text))
        edit.returnPressed.connect(lambda: self.answered.emit(row.id, row.answer, edit.text().strip()))
        return edit
