"""The course over its days: one lane for each thing measured, each in a shape of its own, its figures beside it."""

from datetime import date
from typing import Literal

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

Shape = Literal["bar", "carets", "dot", "ring", "square", "diamond", "triangle"]
_TONES: dict[Shape, str] = {
    "bar": "accent",
    "carets": "text",
    "dot": "teal",
    "ring": "violet",
    "square": "blue",
    "diamond": "muted",
    "triangle": "indigo",
}
LANE, GUTTER, RIGHT, TOP, FOOT = 84, 168, 150, 22, 26
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Dot(msgspec.Struct, frozen=True):
    """A value on a day (its ordinal), as it is written; `low` is the other end of a pressure, `below` a second line."""

    day: int
    value: int
    label: str
    low: int | None = None
    below: str = ""


class Level(msgspec.Struct, frozen=True):
    """From where on a value is called so."""

    at: int
    words: str


class Lane(msgspec.Struct, frozen=True):
    """One thing over the course, over its own range."""

    name: str
    dots: tuple[Dot, ...]
    shape: Shape
    least: int
    most: int
    levels: tuple[Level, ...] = ()
    line: bool = False


class CourseView(msgspec.Struct, frozen=True):
    """Lanes from top to bottom; `visits` are the dosing visits: day (ordinal) and number."""

    lanes: tuple[Lane, ...] = ()
    visits: tuple[tuple[int, str], ...] = ()


class CoursePlot(QWidget):
    """Draws a `CourseView`. Nothing is told by colour alone: each lane has its name, its shape and its figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = CourseView()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The course over time; the same stands in the lists below")

    def display(self, view: CourseView) -> None:
        """Show this course."""
        if view != self._view:
            self._view = view
            self.setVisible(bool(view.lanes))
            self.setAccessibleDescription(said(view))
            self.setFixedHeight(self.sizeHint().height())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(900), theme.px(LANE) * len(self._view.lanes) + theme.px(TOP + FOOT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(440), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._view.lanes:
                self._days(painter)
                for n, lane in enumerate(self._view.lanes):
                    self._lane(painter, lane, theme.px(TOP) + n * theme.px(LANE))

    def place(self, day: int) -> float:
        """Where a day stands."""
        first, last = self._ends()
        left, right = theme.px(GUTTER + 34), self.width() - theme.px(RIGHT + 34)
        return left + (right - left) * ((day - first) / (last - first) if last > first else 0.5)

    def _ends(self) -> tuple[int, int]:
        days = [dot.day for lane in self._view.lanes for dot in lane.dots] + [day for day, _ in self._view.visits]
        return min(days), max(days)

    def _days(self, painter: QPainter) -> None:
        """The dosing visits as upright lines with their number above, and their days beneath."""
        bottom = self.height() - theme.px(FOOT)
        metrics, reached = QFontMetricsF(theme.font("tiny")), 0.0
        painter.setFont(theme.font("tiny"))
        marked = dict(self._view.visits) or dict.fromkeys(self._ends(), "")
        for day, number in sorted(marked.items()):
            x = self.place(day)
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(x, theme.px(TOP)), QPointF(x, bottom))
            on = date.fromordinal(day)
            label = f"{on.day} {_MONTHS[on.month - 1]}"
            wide = metrics.horizontalAdvance(label) + theme.px(6)
            if x - wide / 2 < reached:
                continue
            reached = x + wide / 2
            painter.setPen(theme.colour("muted"))
            under = QRectF(x - wide / 2, bottom + theme.px(4), wide, theme.px(20))
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, label)
            painter.drawText(QRectF(x - wide / 2, 0, wide, theme.px(20)), Qt.AlignmentFlag.AlignCenter, number)
        if self._view.visits:
            box = QRectF(theme.px(4), 0, theme.px(GUTTER), theme.px(20))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, "Dosing visit")

    def _lane(self, painter: QPainter, lane: Lane, top: float) -> None:
        box = QRectF(theme.px(GUTTER), top + theme.px(22), self.width() - theme.px(GUTTER + RIGHT), theme.px(LANE - 32))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
        named = QRectF(theme.px(24), top + theme.px(6), theme.px(GUTTER - 30), theme.px(LANE - 14))
        painter.setFont(theme.font("small", "semibold"))
        painter.setPen(theme.colour("text"))
        painter.drawText(named, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, lane.name)
        _draw(painter, lane.shape, QPointF(theme.px(12), top + theme.px(LANE / 2)))
        self._levels(painter, lane, box)
        spots = [QPointF(self.place(dot.day), _y(lane, dot.value, box)) for dot in lane.dots]
        if lane.line and len(spots) > 1:
            painter.setPen(QPen(theme.colour(_TONES[lane.shape]), theme.length(1.4)))
            painter.drawPolyline(QPolygonF(spots))
        reached = 0.0
        for n, (dot, at) in enumerate(zip(lane.dots, spots, strict=True)):
            if lane.shape == "bar":
                _bar(painter, QRectF(at.x() - theme.px(5), at.y(), theme.px(10), box.bottom() - at.y()))
            elif lane.shape == "carets":
                _carets(painter, at, None if dot.low is None else _y(lane, dot.low, box))
            else:
                _draw(painter, lane.shape, at)
            reached = self._label(painter, dot, at, reached, last=n == len(spots) - 1, beside=lane.shape == "bar")

    def _label(self, painter: QPainter, dot: Dot, at: QPointF, reached: float, *, last: bool, beside: bool) -> float:
        """The figure above its mark (beside a bar), where it lies on no other; the newest always stands."""
        painter.setFont(theme.font("tiny", "semibold" if last else "regular"))
        metrics = QFontMetricsF(painter.font())
        wide = max(metrics.horizontalAdvance(dot.label), metrics.horizontalAdvance(dot.below)) + 2
        left = at.x() + theme.px(9) if beside else at.x() - wide / 2
        if left < reached and not last:
            return reached
        row = theme.px(17)
        top = at.y() - theme.px(2) if beside else at.y() - theme.px(9) - row
        painter.fillRect(QRectF(left, top, wide, row), theme.colour("panel"))  # no band runs through a figure
        painter.setPen(theme.colour("text" if last else "muted"))
        flag = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, top, wide, row), flag, dot.label)
        if dot.below:
            painter.drawText(QRectF(left, top + row, wide, row), flag, dot.below)
        return left + wide + theme.px(4)

    def _levels(self, painter: QPainter, lane: Lane, box: QRectF) -> None:
        """Where each band begins, and at the right what it is called."""
        painter.setFont(theme.font("tiny"))
        row, above = theme.px(15), box.bottom() + theme.px(40)
        for level in lane.levels:
            y = _y(lane, level.at, box)
            pen = QPen(theme.colour("edge"), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            middle = min(y, above - row)
            above = middle
            painter.setPen(theme.colour("faint"))
            words = QRectF(box.right() + theme.px(6), middle - row / 2, theme.px(RIGHT - 8), row)
            fitting = QFontMetricsF(painter.font()).elidedText(
                f"{level.at} {level.words}", Qt.TextElideMode.ElideRight, words.width()
            )
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, fitting)


def said(view: CourseView) -> str:
    """The newest of each lane, for whoever hears the page."""
    return ". ".join(f"{lane.name}: {', '.join(dot.label for dot in lane.dots)}" for lane in view.lanes)


def _y(lane: Lane, value: int, box: QRectF) -> float:
    part = (value - lane.least) / (lane.most - lane.least) if lane.most > lane.least else 1.0
    return box.bottom() - part * box.height()


def _carets(painter: QPainter, at: QPointF, low_y: float | None) -> None:
    """A pressure: a caret down to the systolic value, one up to the diastolic, a line between."""
    wide, tall = theme.length(5), theme.length(6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("text"), theme.length(1.6)))
    painter.drawPolyline(QPolygonF([at + QPointF(-wide, -tall), at, at + QPointF(wide, -tall)]))
    if low_y is not None:
        low = QPointF(at.x(), low_y)
        painter.drawLine(at, low)
        painter.drawPolyline(QPolygonF([low + QPointF(-wide, tall), low, low + QPointF(wide, tall)]))


def _bar(painter: QPainter, box: QRectF) -> None:
    """A dose: filled, or in a dark room its outline."""
    painter.setPen(QPen(theme.colour("accent"), theme.length(1.6)))
    painter.setBrush(theme.colour("accent") if theme.current().filled else Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _draw(painter: QPainter, shape: Shape, at: QPointF) -> None:
    r = theme.length(5)
    tone = theme.colour(_TONES[shape])
    painter.setPen(QPen(tone, theme.length(1.8)))
    painter.setBrush(Qt.BrushStyle.NoBrush if shape == "ring" else tone)
    match shape:
        case "dot" | "ring":
            painter.drawEllipse(at, r, r)
        case "square":
            painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r))
        case "diamond":
            painter.drawPolygon(
                QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
            )
        case "triangle":
            painter.drawPolygon(QPolygonF([at + QPointF(-r, r), at + QPointF(r, r), at + QPointF(0, -r)]))
        case "bar":
            _bar(painter, QRectF(at.x() - r / 2, at.y() - r, r, 2 * r))
        case "carets":
            _carets(painter, at + QPointF(0, -r), at.y() + r)
