"""The session from end to end in one band: phases, doses, readings, notes, what is due, and now."""

from typing import Literal

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, words
from ui.widgets import marks
from ui.widgets.label import plain_tip
from ui.widgets.placing import place_doses, step
from ui.widgets.spans import Span

__all__ = ["Kind", "Mark", "Span", "Stretch", "Timeline", "TimelineView"]

Kind = Literal["reading", "note", "event", "due", "dose"]
_SAY: dict[Kind, str] = {"reading": "Reading", "note": "Note", "event": "Event", "due": "Due", "dose": "Dose"}


class Mark(msgspec.Struct, frozen=True):
    """Something at a moment. `late` is for what is due and was not done; `id` is what `picked` carries."""

    at_ms: int
    kind: Kind
    label: str = ""
    id: str = ""
    late: bool = False


class Stretch(msgspec.Struct, frozen=True):
    """Something that lasted: a state that was seen, the therapist's `work`, or a piece of `music` that was heard."""

    name: str
    start_ms: int
    end_ms: int
    work: bool = False
    music: bool = False


class TimelineView(msgspec.Struct, frozen=True):
    """Times are from the first dose (before one: from arrival); what lies before it is negative."""

    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()
    now_ms: int = 0
    stretches: tuple[Stretch, ...] = ()


class Timeline(QWidget):
    """Draws a `TimelineView` across its width.

    Doses carry their labels above, in up to two rows, and no label ever lies on another; readings, events and what
    is due stand between them and the band, notes below it, each kind in a shape of its own. What lasted is a line with
    ends along the foot of the band, psychotherapy one along its head, a piece of music a thin one within. What is past
    is full, what is to come is an outline. `picked` carries the id of a mark that was pressed.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TimelineView()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline")

    def display(self, view: TimelineView) -> None:
        """Show this timeline."""
        if view != self._view:
            self._view = view
            self.setAccessibleDescription(self._said())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(900), theme.px(116))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(116))

    def dose_labels(self) -> list[tuple[QRectF, Mark]]:
        """Where the labels of doses stand, and whose they are: what is painted, and what a test can measure."""
        doses = sorted((mark for mark in self._view.marks if mark.kind == "dose"), key=lambda mark: mark.at_ms)
        metrics = QFontMetricsF(theme.font("small", "semibold"))
        widths = [metrics.horizontalAdvance(dose.label) for dose in doses]
        row = theme.px(19)
        spots = place_doses([self._x(dose.at_ms) for dose in doses], widths, 0, self.width(), theme.px(10))
        return [
            (QRectF(spot[0], (1 - spot[1]) * row, width + 1, row), dose)
            for spot, width, dose in zip(spots, widths, doses, strict=True)
            if spot is not None
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._view.spans:
                self._draw(painter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setToolTip(plain_tip(self._under(event.position().x(), event.position().y())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        mark = self._nearest(event.position().x(), theme.px(22))
        if mark is not None and mark.id:
            self.picked.emit(mark.id)

    def _draw(self, painter: QPainter) -> None:
        for span in self._view.spans:
            self._phase(painter, span)
        for stretch in self._view.stretches:
            self._lasted(painter, stretch)
        self._axis(painter)
        labels = self.dose_labels()
        tops = {dose: box.center().y() for box, dose in labels}
        for mark in self._view.marks:
            self._mark(painter, mark, tops.get(mark, theme.px(28)))
        painter.setFont(theme.font("small", "semibold"))
        painter.setPen(theme.colour("accent"))
        for box, dose in labels:
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, dose.label)
        self._now(painter)

    def _ends(self) -> tuple[int, int]:
        spans, now = self._view.spans, self._view.now_ms
        return min(spans[0].start_ms, now), max(spans[-1].end_ms, now)

    def _x(self, at_ms: int) -> float:
        start, end = self._ends()
        inset = theme.px(8)
        return inset + (at_ms - start) / max(end - start, 1) * (self.width() - 2 * inset)

    def _band(self) -> QRectF:
        return QRectF(0, theme.px(56), self.width(), theme.px(30))

    def _phase(self, painter: QPainter, span: Span) -> None:
        now, look, band = self._view.now_ms, theme.current(), self._band()
        left, right = self._x(span.start_ms), self._x(span.end_ms)
        box = QRectF(left + 1, band.top(), max(right - left - 2, 1), band.height())
        path = QPainterPath()
        path.addRoundedRect(box, theme.px(6), theme.px(6))
        painter.fillPath(path, QColor(look.phase_ground(span.colour(), False)))
        here = span.start_ms <= now < span.end_ms
        if span.start_ms < now:
            painter.save()
            painter.setClipPath(path)
            past = QRectF(box.left(), box.top(), self._x(now) - box.left(), box.height())
            painter.fillRect(past, QColor(look.phase_ground(span.colour(), True)))
            painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(span.colour()), theme.px(2) if here else 1))
        if here or span.start_ms >= now:
            if not here:
                faint = theme.colour(span.colour())
                faint.setAlphaF(0.4)
                painter.setPen(QPen(faint, 1))
            painter.drawPath(path)
        self._named(painter, span, box, here)

    def _named(self, painter: QPainter, span: Span, box: QRectF, here: bool) -> None:
        room = box.width() - theme.px(14)
        painter.setPen(theme.colour("text" if here or span.start_ms < self._view.now_ms else "muted"))
        whole = f"{span.name}  {words.minutes(span.end_ms - span.start_ms)}"
        for size in ("body", "small", "tiny"):
            painter.setFont(theme.font(size, "semibold" if here else "regular"))
            metrics = QFontMetricsF(painter.font())
            for said in (whole, span.name):
                if metrics.horizontalAdvance(said) <= room:
                    inner = box.adjusted(theme.px(8), 0, 0, 0)
                    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, said)
                    return

    def _lasted(self, painter: QPainter, stretch: Stretch) -> None:
        y, half, tone = self._line(stretch), theme.px(4), "indigo" if stretch.work else "teal"
        if stretch.music:
            painter.setPen(QPen(theme.colour("muted"), theme.px(2), c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(self._x(stretch.start_ms) + 1, y), QPointF(self._x(stretch.end_ms) - 1, y))
            return
        left, right = self._x(stretch.start_ms), max(self._x(stretch.end_ms), self._x(stretch.start_ms) + theme.px(3))
        painter.setPen(QPen(theme.colour(tone), theme.px(3), c=Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        painter.setPen(QPen(theme.colour(tone), theme.px(2)))
        for x in (left, right):
            painter.drawLine(QPointF(x, y - half), QPointF(x, y + half))

    def _line(self, stretch: Stretch) -> float:
        """The height at which something that lasted is drawn."""
        band = self._band()
        return band.bottom() - theme.px(5) if stretch.music else band.top() if stretch.work else band.bottom()

    def _axis(self, painter: QPainter) -> None:
        start, end = self._ends()
        painter.setFont(theme.font("tiny"))
        metrics = QFontMetricsF(painter.font())
        wide = metrics.horizontalAdvance("−0:00") + theme.px(36)
        every = step(end - start, self.width() - 2 * theme.px(8), wide)
        top = self._band().bottom() + theme.px(10)
        now = self._x(self._view.now_ms)
        painter.setPen(theme.colour("faint"))
        for at in range(-(-start // every) * every, end + 1, every):
            x, label = self._x(at), words.axis(at)
            width = metrics.horizontalAdvance(label)
            left = min(max(x - width / 2, 0), self.width() - width)
            if abs(x - now) > wide - theme.px(26):
                painter.drawText(QRectF(left, top, width + 1, theme.px(18)), Qt.AlignmentFlag.AlignVCenter, label)

    def _mark(self, painter: QPainter, mark: Mark, top: float) -> None:
        x, band = self._x(mark.at_ms), self._band()
        lane = QPointF(x, theme.px(47))
        match mark.kind:
            case "reading":
                marks.reading(painter, lane)
            case "event":
                marks.event(painter, lane)
            case "due":
                marks.due(painter, lane, mark.late)
            case "note":
                marks.note(painter, QPointF(x, band.bottom() + theme.px(6)))
            case "dose":
                painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
                painter.drawLine(QPointF(x, top), QPointF(x, band.top()))
                marks.dose(painter, QPointF(x, top))

    def _now(self, painter: QPainter) -> None:
        x, band = self._x(self._view.now_ms), self._band()
        painter.setPen(QPen(theme.colour("text"), theme.px(2)))
        painter.drawLine(QPointF(x, band.top() - theme.px(14)), QPointF(x, band.bottom() + theme.px(10)))
        painter.setFont(theme.font("tiny", "bold"))
        label = words.axis(self._view.now_ms)
        width = QFontMetricsF(painter.font()).horizontalAdvance(label)
        left = min(max(x - width / 2, 0), self.width() - width)
        box = QRectF(left, band.bottom() + theme.px(10), width + 1, theme.px(18))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, label)

    def _nearest(self, x: float, within: float) -> Mark | None:
        near = [(abs(self._x(mark.at_ms) - x), n) for n, mark in enumerate(self._view.marks)]
        distance, n = min(near, default=(within + 1, 0))
        return self._view.marks[n] if distance <= within else None

    def _under(self, x: float, y: float) -> str:
        band, edge = self._band(), theme.px(3)
        for stretch in self._view.stretches:
            near = abs(y - self._line(stretch)) <= edge
            if near and self._x(stretch.start_ms) - edge <= x <= self._x(stretch.end_ms) + edge:
                start, end = words.axis(stretch.start_ms), words.axis(stretch.end_ms)
                return f"{stretch.name}, {start} to {end} ({words.lasting(stretch.end_ms - stretch.start_ms)})"
        if band.top() <= y <= band.bottom():
            for span in self._view.spans:
                if self._x(span.start_ms) <= x < self._x(span.end_ms):
                    start, end = words.axis(span.start_ms), words.axis(span.end_ms)
                    return f"{span.name}, {start} to {end} ({words.minutes(span.end_ms - span.start_ms)})"
        mark = self._nearest(x, theme.px(10))
        return "" if mark is None else words.join(words.axis(mark.at_ms), _SAY[mark.kind], mark.label)

    def _said(self) -> str:
        now = self._view.now_ms
        here = next((span for span in self._view.spans if span.start_ms <= now < span.end_ms), None)
        doses = [f"{mark.label} at {words.axis(mark.at_ms)}" for mark in self._view.marks if mark.kind == "dose"]
        phase = "" if here is None else f"{here.name}, {words.remaining(here.end_ms - now).removeprefix('in ')} left"
        return ". ".join(part for part in (phase, ", ".join(doses)) if part)
