"""The large clock: time since the first dose, readable from three metres, with the time of day beside it."""

from typing import Literal

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, words

DIGITS = 75
"""Least height of the large digits in pixels at scale 1: 17 mm on a 14-inch screen of 1366 by 768, which is 19 minutes
of arc at three metres (ISO 9241-303 asks for at least 16)."""
_CAP = 0.66  # digit height of the typeface, in parts of its size
_BELOW = 16  # from the digits to the line beneath


class ClockReading(msgspec.Struct, frozen=True):
    """What the clock says. `wall` and `started` are times of day ("21:47"), worded by `words.wall_clock`.

    `overdue` ("BP 6 min late") turns the edge amber; else `next_due` ("BP in 4 min") stands quietly in its place.
    """

    elapsed_ms: int
    since: Literal["first dose", "arrival"]
    wall: str
    started: str = ""
    uncertainty_ms: int = 0
    overdue: str = ""
    next_due: str = ""


class ClockFace(QWidget):
    """Draws a `ClockReading` as large as its room allows, never smaller than is readable across the treatment room.

    The time of day stands to the right when there is room for it, else above. Nothing moves from second to second.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = ClockReading(0, "arrival", "")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)
        self.setAccessibleName("Session clock")

    def display(self, reading: ClockReading) -> None:
        """Show this reading; repaints only when something of it is seen."""
        before, self._reading = self._reading, reading
        if _seen(before) != _seen(reading):
            self.setAccessibleDescription(self._said())
            self.update()

    def digits_px(self) -> int:
        """Height of the large digits now, in pixels."""
        return round(self._digit_font().pixelSize() * _CAP)

    def minimumSizeHint(self) -> QSize:
        font = theme.font_px(round(theme.px(DIGITS) / _CAP) + 1)
        width = QFontMetricsF(font).horizontalAdvance("0:00:00")
        return QSize(round(width) + 2 * self._pad(), self._height_for(theme.px(DIGITS)))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wider column gives larger digits, and asks for the height they need."""
        super().resizeEvent(event)
        one = QFontMetricsF(theme.font_px(1000)).horizontalAdvance("0:00:00") / 1000
        digits = (self.width() - 2 * self._pad()) / one * _CAP
        self.setMinimumHeight(self._height_for(min(max(digits, theme.px(DIGITS)), 1.7 * theme.px(DIGITS))))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        reading = self._reading
        self._edge(painter, bool(reading.overdue))
        font = self._digit_font()
        digits, pad = font.pixelSize() * _CAP, self._pad()
        text = words.since_dose(reading.elapsed_ms)
        wide = QFontMetricsF(font).horizontalAdvance(self._widest())
        caption = QRectF(pad, self._top(), self.width() - 2 * pad, self._caption())
        beside = self._beside(wide)
        self._say(painter, caption, beside)
        base = caption.bottom() + theme.px(10) + digits
        painter.setFont(font)
        painter.setPen(theme.colour("clock"))
        painter.drawText(QPointF(pad, base), text)
        if beside:
            self._wall_beside(painter, pad + wide + theme.px(24), base, digits)
        foot = QRectF(pad, base + theme.px(_BELOW), self.width() - 2 * pad, self._foot())
        if reading.overdue:
            self._late(painter, foot)
        elif reading.next_due:
            painter.setFont(theme.font("lead"))
            painter.setPen(theme.colour("muted"))
            painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, reading.next_due)

    def _edge(self, painter: QPainter, late: bool) -> None:
        width = theme.px(4) if late else 1
        painter.setPen(QPen(theme.colour("accent" if late else "line"), width))
        painter.setBrush(theme.colour("panel"))
        half = width / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(box, theme.px(12), theme.px(12))

    def _say(self, painter: QPainter, line: QRectF, beside: bool) -> None:
        reading = self._reading
        said = f"since {reading.since} {reading.started}".rstrip()
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("muted"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, said)
        mark = words.uncertainty(reading.uncertainty_ms)
        if mark:
            left = line.adjusted(painter.fontMetrics().horizontalAdvance(said) + theme.px(10), 0, 0, 0)
            painter.setFont(theme.font("small", "semibold"))
            painter.setPen(theme.colour("accent"))
            painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, mark)
        if not beside:
            painter.setFont(theme.font_px(theme.px(36)))
            painter.setPen(theme.colour("text"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, reading.wall)

    def _wall_beside(self, painter: QPainter, x: float, base: float, digits: float) -> None:
        painter.setFont(self._wall_font(digits))
        painter.setPen(theme.colour("text"))
        painter.drawText(QPointF(x, base), self._reading.wall)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("muted"))
        over = base - self._wall_font(digits).pixelSize() * _CAP - theme.px(8)
        painter.drawText(
            QRectF(x, over - theme.px(20), self.width(), theme.px(20)), Qt.AlignmentFlag.AlignBottom, "now"
        )

    def _late(self, painter: QPainter, foot: QRectF) -> None:
        band = foot.adjusted(-theme.px(6), 0, theme.px(6), 0)
        ground, ink = ("accent", "accent_ink") if theme.current().filled else ("accent_ground", "accent")
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(band, theme.px(6), theme.px(6))
        painter.setPen(theme.colour(ink))
        painter.setFont(_fitting(self._reading.overdue, foot.width() - theme.px(8), self._foot() * 0.78))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, self._reading.overdue)

    def _digit_font(self) -> QFont:
        least = theme.px(DIGITS) / _CAP + 1
        high = (self.height() - self._height_for(0)) / _CAP
        one = QFontMetricsF(theme.font_px(1000)).horizontalAdvance(self._widest()) / 1000
        wide = (self.width() - 2 * self._pad()) / one
        fits = min(wide, high)
        usual = len(self._widest()) <= len("0:00:00")
        return theme.font_px(int(max(fits, least) if usual else fits))

    def _widest(self) -> str:
        """The text whose width is kept free, so that nothing moves when a digit changes."""
        return "".join("0" if c.isdigit() else c for c in words.since_dose(self._reading.elapsed_ms))

    def _wall_font(self, digits: float) -> QFont:
        return theme.font_px(round(digits * 0.5 / _CAP))

    def _beside(self, wide: float) -> bool:
        digits = self._digit_font().pixelSize() * _CAP
        wall = QFontMetricsF(self._wall_font(digits)).horizontalAdvance("00:00")
        return self.width() >= wide + wall + theme.px(24) + 2 * self._pad()

    def _pad(self) -> int:
        return theme.px(16)

    def _top(self) -> int:
        return theme.px(8)

    def _caption(self) -> int:
        return theme.px(36)

    def _foot(self) -> int:
        return theme.px(40)

    def _height_for(self, digits: float) -> int:
        return round(
            self._top() + self._caption() + theme.px(10) + digits + theme.px(_BELOW) + self._foot() + theme.px(12)
        )

    def _said(self) -> str:
        reading = self._reading
        elapsed = f"{words.since_dose(reading.elapsed_ms)} since {reading.since}"
        mark = words.uncertainty(reading.uncertainty_ms)
        return ", ".join(
            part for part in (elapsed, mark, f"now {reading.wall}", reading.overdue or reading.next_due) if part
        )


def _seen(reading: ClockReading) -> ClockReading:
    return msgspec.structs.replace(reading, elapsed_ms=reading.elapsed_ms // words.SECOND)


def _fitting(text: str, width: float, height: float) -> QFont:
    """The largest semibold type in which the text fits a width, at most so high."""
    font = theme.font_px(int(height), "semibold")
    needs = QFontMetricsF(font).horizontalAdvance(text)
    return font if needs <= width else theme.font_px(max(int(height * width / needs), theme.px(14)), "semibold")
