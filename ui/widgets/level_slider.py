"""A volume from 0 to 100 that a hand cannot push beyond its ceiling, and that shows where the ceiling is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from ui import theme

_HANDLE = 20
"""How wide the handle is, at scale 1; as in the style sheet."""


class LevelSlider(QSlider):
    """As a `QSlider`; pulled, pressed or stepped beyond `ceiling` it stays there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, 100)
        self.ceiling = 100
        self.actionTriggered.connect(self._stay_below)

    def set_ceiling(self, percent: int) -> None:
        """No louder than this; 100: there is none."""
        if percent != self.ceiling:
            self.ceiling = percent
            self.setToolTip(f"No louder than {percent} %" if percent < 100 else "")
            self.setAccessibleDescription(self.toolTip())
            self.update()

    def ceiling_x(self) -> int:
        """Where the ceiling is drawn, in pixels from the left: where the middle of the handle stands at it."""
        handle = theme.px(_HANDLE)
        return handle // 2 + QStyle.sliderPositionFromValue(0, 100, self.ceiling, self.width() - handle)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.ceiling >= 100:
            return
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
        x, middle, half = self.ceiling_x(), self.height() // 2, theme.px(13)
        painter.drawLine(x, middle - half, x, middle + half)

    def _stay_below(self) -> None:
        """Qt has moved the handle and not yet taken its place for the value: the moment to hold it."""
        if self.sliderPosition() > self.ceiling:
            self.setSliderPosition(self.ceiling)
