"""One line to type in."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class LineEdit(QLineEdit):
    """A line whose Enter counts once, however long it is held: held down, it would answer what it was just asked."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)


def line_edit(name: str) -> QLineEdit:
    """A field that says its name while it is empty, and to a screen reader always."""
    edit = LineEdit()
    edit.setPlaceholderText(name)
    edit.setAccessibleName(name)
    return edit
