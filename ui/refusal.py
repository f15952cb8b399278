"""One plain sentence in place: why something was not done, or what to check."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.widgets.label import Label, Role
from ui.widgets.scrolling import bring_into_sight

Say = Callable[[str], None]
"""Shows one plain sentence where it belongs."""


class Refusal(Label):
    """Takes no room until it has something to say; why something was not done is scrolled to."""

    def __init__(self, role: Role = "alarm", parent: QWidget | None = None) -> None:
        super().__init__("", role, wrap=True, parent=parent)
        self._sought = role == "alarm"
        self.hide()

    def say(self, sentence: str) -> None:
        """Say this sentence, or nothing."""
        new = self.isHidden() or sentence != self.text()
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
        if sentence and new and self._sought:
            bring_into_sight(self)


def keep_focus(page: QWidget) -> None:
    """Let a mouse press on a button leave the focus where it is: in the editor, or on the page that hears the keys.

    So Space presses a button only for someone who has gone there by Tab.
    """
    for button in page.findChildren(QAbstractButton):
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
