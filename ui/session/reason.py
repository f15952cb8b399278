"""A line for a few words that an answer needs: why it goes on, how it came out."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.line_edit import LineEdit


class ReasonLine(QFrame):
    """`opened` with what it is for; `left` when it is closed again. What was typed stays until it is taken.

    Where there are choices, a press on one says its words at once; others can be typed. Esc puts the line away.
    """

    opened = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self._then: Callable[[str], bool] = lambda text: True
        self._edit = LineEdit()
        self._keep, away = Button("Record", "primary", name="Record these words"), Button("Put away")
        away.setAccessibleName("Put the line away")
        self._refusal = Refusal()
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self._edit, 1)
        row.addWidget(self._keep)
        row.addWidget(away)
        self._offered = FlowRow(spacing=theme.px(6))
        self._buttons: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(6), theme.px(8), theme.px(6))
        column.addWidget(self._offered)
        column.addLayout(row)
        column.addWidget(self._refusal)
        self._offered.hide()
        self.hide()
        self._keep.clicked.connect(self._say)
        self._edit.returnPressed.connect(self._say)
        away.clicked.connect(self._shut)

    def open(self, asked: str, then: Callable[[str], bool], choices: Mapping[str, str] | None = None) -> None:
        """Ask for words; `then` takes them and says whether they were recorded. `choices`: on a button -> words."""
        self._then = then
        if asked != self._edit.placeholderText():
            self._edit.clear()  # words for something else
        self._offer(choices or {})
        self._edit.setPlaceholderText(asked)
        self._edit.setAccessibleName(asked)
        self._refusal.say("")
        self.show()
        self.opened.emit()
        self._edit.setFocus()

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded."""
        self._refusal.say(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._shut()
        else:
            super().keyPressEvent(event)

    def _offer(self, choices: Mapping[str, str]) -> None:
        for old in self._buttons:
            self._offered.drop(old)
        self._buttons = [Button(label) for label in choices]
        for button, words in zip(self._buttons, choices.values(), strict=True):
            button.setProperty("narrow", True)
            button.clicked.connect(partial(self._choose, words))
            self._offered.add(button)
            button.show()
        self._offered.setVisible(bool(choices))

    def _choose(self, words: str) -> None:
        if self._then(words):
            self._edit.clear()
            self._shut()

    def _say(self) -> None:
        if self._then(self._edit.text().strip()):
            self._edit.clear()
            self._shut()

    def _shut(self) -> None:
        self.hide()
        self.left.emit()
