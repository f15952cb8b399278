"""One line to type in."""

from PySide6.QtWidgets import QLineEdit


def line_edit(name: str) -> QLineEdit:
    """A field that says its name while it is empty, and to a screen reader always."""
    edit = QLineEdit()
    edit.setPlaceholderText(name)
    edit.setAccessibleName(name)
    return edit
