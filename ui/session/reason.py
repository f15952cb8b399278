"""A line for a few words that an answer needs: why it goes on, how it came out."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button


class ReasonLine(QFrame):
    """Opened with what it is for; `left` when it is closed again. What was typed stays until it is taken."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self._then: Callable[[str], bool] = lambda text: True
        self._edit = QLineEdit()
        self._keep, away = Button("Record", "primary", name="Record these words"), Button("Put away")
        away.setAccessibleName("Put the line away")
        self._refusal = Refusal()
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self._edit, 1)
        row.addWidget(self._keep)
        row.addWidget(away)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(6), theme.px(8), theme.px(6))
        column.addLayout(row)
        column.addWidget(self._refusal)
        self.hide()
        self._keep.clicked.connect(self._say)
        self._edit.returnPressed.connect(self._say)
        away.clicked.connect(self._shut)

    def open(self, asked: str, then: Callable[[str], bool]) -> None:
        """Ask for words; `then` takes them and says whether they were recorded."""
        self._then = then
        self._edit.setPlaceholderText(asked)
        self._edit.setAccessibleName(asked)
        self._refusal.say("")
        self.show()
        self._edit.setFocus()

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded."""
        self._refusal.say(sentence)

    def _say(self) -> None:
        if self._then(self._edit.text().strip()):
            self._edit.clear()
            self._shut()

    def _shut(self) -> None:
        self.hide()
        self.left.emit()
