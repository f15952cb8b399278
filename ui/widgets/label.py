"""Text on a page, always as it was typed: a `<b>` in a note is three characters, not a command."""

import re
from html import escape
from typing import Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui import icons, theme

Role = Literal["body", "muted", "faint", "head", "lead", "title", "value", "accent", "alarm", "ok"]


def plain_tip(text: str) -> str:
    """A text as a tool tip that shows it as typed; Qt would take `<b>` for a command."""
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>" if text else ""


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a property the style sheet looks at, and have the widget look again if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


_ENDLESS = re.compile(r"\S{24}(?=\S)")
"""So much of a word stands on one line of a paragraph; Qt would widen the page for a longer one."""


class Label(QLabel):
    """A line (or with `wrap` a paragraph) of plain text in one of the roles of the style sheet.

    A paragraph breaks a word without end, so that no name widens its page.
    """

    def __init__(self, text: str = "", role: Role = "body", wrap: bool = False, parent: QWidget | None = None) -> None:
        self._given = ""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:  # Qt's name
        """The text, as it is to be shown."""
        self._given = text
        super().setText(_ENDLESS.sub("\\g<0>\u200b", text) if self.wordWrap() else text)

    def text(self) -> str:  # Qt's name
        """The text as given, without the places where it may break."""
        return self._given

    def set_role(self, role: Role) -> None:
        """Let the text speak in another role."""
        restyle(self, "role", role)


class ElidedLabel(Label):
    """A line that gives up its end, with an ellipsis and the whole as a tool tip, rather than widen its page."""

    def __init__(self, text: str = "", role: Role = "body", parent: QWidget | None = None) -> None:
        self._whole = text
        super().__init__(text, role, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:  # Qt's name
        """The whole text; what fits of it is shown."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def whole(self) -> str:
        """The text as given."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        if shown != super().text():
            super().setText(shown)
            self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


class Sign(QLabel):
    """One of our signs beside a text; decoration, so it has no name of its own."""

    def __init__(self, name: str = "", tone: str = "muted", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = (name, tone, size)
        self._draw()

    def set_sign(self, name: str, tone: str = "muted") -> None:
        """Another sign, or none for an empty name."""
        self._sign = (name, tone, self._sign[2])
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        name, tone, size = self._sign
        if name:
            self.setFixedWidth(theme.px(size) + 2)
            self.setPixmap(icons.pixmap(name, tone, size, self.devicePixelRatio()))
        else:
            self.clear()
            self.setFixedWidth(0)
