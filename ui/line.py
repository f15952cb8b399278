"""A line that is one button: what it is at the left, what belongs to it beside, its state at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from ui import theme, words
from ui.widgets.buttons import Button, Kind
from ui.widgets.label import ElidedLabel, Label, Role, Sign


def empty(layout: QLayout) -> None:
    """Take everything out of a layout; what was in it is not to be seen from now on."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()


def across(first: QWidget, *others: QWidget) -> QWidget:
    """Beside each other; the first takes the room that is left."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(8))
    row.addWidget(first, 1)
    for other in others:
        row.addWidget(other)
    return line


class Part:
    """A text in a line. `wide` in pixels at scale 1 keeps columns straight, -1 takes what it needs, 0 what is left.

    `whole`: what does not fit is not cut, the line grows.
    """

    def __init__(
        self,
        text: str,
        role: Role = "body",
        wide: int = 0,
        stretch: int = 1,
        right: bool | None = None,
        whole: bool = False,
    ) -> None:
        self.whole = whole
        self.text, self.role, self.wide, self.stretch = text, role, wide, stretch
        self.right = role == "muted" and not wide if right is None else right

    def label(self) -> Label:
        """The part as a widget that lets presses through to the line."""
        if self.whole:
            made = Label(self.text, self.role, wrap=True)
        else:
            made = Label(self.text, self.role) if self.wide else ElidedLabel(self.text, self.role)
        if self.wide > 0:
            made.setFixedWidth(theme.px(self.wide))
        if self.right:
            made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return made


def entered(event: QKeyEvent) -> bool:
    """Whether Enter was pressed; held down, it does nothing twice."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()


class LineButton(Button):
    """The whole line is the target; Enter opens it as Space does."""

    def __init__(
        self,
        parts: Sequence[Part],
        sign: str = "",
        tone: str = "muted",
        kind: Kind = "quiet",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        said = name or words.join(*(part.text for part in parts))
        super().__init__("", kind, name=said, parent=parent)
        self.setToolTip("")
        self.setMinimumHeight(theme.px(theme.TARGET if kind == "bare" else 50))
        row = QHBoxLayout(self)
        edge = theme.px(4 if kind == "bare" else 14)
        row.setContentsMargins(edge, 0, edge, 0)
        row.setSpacing(theme.px(12))
        if sign:
            shown = Sign(sign, tone)
            shown.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(shown)
        self._least, self._whole = self.minimumHeight(), list[Label]()
        for part in parts:
            label = part.label()
            if part.whole:
                self._whole.append(label)
            row.addWidget(label, 0 if part.wide else part.stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if entered(event):
            self.click()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A part that is not cut takes the lines it needs at this width."""
        super().resizeEvent(event)
        row = self.layout()
        if row is not None and self._whole:
            row.activate()
            needs = max(label.heightForWidth(label.width()) for label in self._whole)
            self.setMinimumHeight(max(self._least, needs + theme.px(12)))
