"""A few lines to write in, told of when they are left."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit

from ui import theme


class Text(QPlainTextEdit):
    """`left` when the cursor goes elsewhere; Tab goes on to the next field."""

    left = Signal()

    def __init__(self, name: str, asked: str, lines_px: int = 68) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(asked)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(theme.px(lines_px))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(84))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def put(self, text: str) -> None:
        """Other words stand here, which nobody typed now."""
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)
