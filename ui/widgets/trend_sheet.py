"""How the trend is drawn: one sheet per repaint, laid out once and then painted part by part."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from ui import theme, words
from ui.widgets import marks
from ui.widgets.placing import place, place_doses, stack, step
from ui.widgets.readings import Lane, Point, TrendView, breaches

LOW, HIGH = 40, 220
"""The scale of pressure and pulse: always the same, so that a glance compares two sessions. It grows, never shrinks."""
SPO2_LOW, SPO2_HIGH = 85, 100
_TONES: dict[Lane, str] = {"pressure": "text", "pulse": "teal", "spo2": "blue"}
_VCENTER = Qt.AlignmentFlag.AlignVCenter


class Sheet:
    """The trend of one view at one size. It knows where each time and value lies."""

    def __init__(self, view: TrendView, width: float, height: float) -> None:
        self._view = view
        self._row = theme.px(18)
        small = QFontMetricsF(theme.font("small", "semibold"))
        left = QFontMetricsF(theme.font("tiny")).horizontalAdvance("220") + theme.px(8)
        mean = QFontMetricsF(theme.font("tiny")).horizontalAdvance("MAP calc.") + small.horizontalAdvance("188")
        right = max(small.horizontalAdvance("BP 188/100"), mean + theme.px(5)) + theme.px(14)
        plot = max(width - left - right, 10)
        self._dose_widths = [
            QFontMetricsF(theme.font("tiny", "semibold")).horizontalAdvance(d.label) for d in view.doses
        ]
        along = [left + self._share(dose.at_ms) * plot for dose in view.doses]
        self._dose_spots = place_doses(along, self._dose_widths, left, width, theme.px(8))
        rows = 1 + max((1 + spot[1] for spot in self._dose_spots if spot is not None), default=0)
        top = self._row * rows + theme.px(2)
        bottom = self._row + (self._row + theme.px(4) if view.tracks else 0)
        tall = max(height - top - bottom, 10)
        lane = min(max(tall * 0.2, theme.px(40)), theme.px(110))
        gap = theme.px(8)
        self.main = QRectF(left, top, plot, max(tall - lane - gap, 10))
        self.lane = QRectF(left, self.main.bottom() + gap, self.main.width(), lane)
        self._low = min([LOW, *(p.diastolic for p in view.pressure), *(p.value for p in view.pulse)])
        self._high = max([HIGH, *(p.systolic for p in view.pressure), *(p.value for p in view.pulse)])
        self._spo2_low = min([SPO2_LOW, *(p.value for p in view.spo2)])

    def paint(self, painter: QPainter) -> None:
        """All of it, ground first."""
        self.phases(painter)
        self.grid(painter)
        self.band(painter)
        self.limits(painter)
        self.doses(painter)
        self.tracks(painter)
        self.times(painter)
        self.lines(painter)
        self.carets(painter)
        self.names(painter)
        self.breaches(painter)
        self.now(painter)
        self.newest(painter)

    def x(self, at_ms: int) -> float:
        """Where a time lies."""
        return self.main.left() + self._share(at_ms) * self.main.width()

    def _share(self, at_ms: int) -> float:
        return (at_ms - self._view.start_ms) / max(self._view.end_ms - self._view.start_ms, 1)

    def y(self, lane: Lane, value: float) -> float:
        """Where a value lies in its lane."""
        if lane == "spo2":
            return self.lane.bottom() - (value - self._spo2_low) / (SPO2_HIGH - self._spo2_low) * self.lane.height()
        return self.main.bottom() - (value - self._low) / (self._high - self._low) * self.main.height()

    def phases(self, painter: QPainter) -> None:
        """Each phase as a shade behind both lanes, its name above."""
        painter.setFont(theme.font("tiny"))
        metrics = QFontMetricsF(painter.font())
        painter.fillRect(self.main, theme.colour("panel"))
        for span in self._view.spans:
            left = max(self.x(span.start_ms), self.main.left())
            right = min(self.x(span.end_ms), self.main.right())
            if right - left < 1:
                continue
            shade = QColor(theme.current().phase_ground(span.colour(), False))
            for lane in (self.main, self.lane):
                painter.fillRect(QRectF(left, lane.top(), right - left - 1, lane.height()), shade)
            if metrics.horizontalAdvance(span.name) <= right - left - theme.px(4):
                painter.setPen(theme.colour("muted"))
                painter.drawText(QRectF(left + theme.px(3), 0, right - left, self._row), _VCENTER, span.name)

    def grid(self, painter: QPainter) -> None:
        """Scale lines and their figures."""
        painter.setFont(theme.font("tiny"))
        every = 20 if self.main.height() >= theme.px(190) else 40
        lines = [("pressure", value) for value in range((self._low // every + 1) * every, self._high + 1, every)]
        steps = 5 if self.lane.height() >= theme.px(50) else 10
        lines += [("spo2", value) for value in range(SPO2_HIGH, self._spo2_low - 1, -steps)]
        for lane, value in lines:
            y = self.y(lane, value)  # type: ignore[arg-type]
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QLineF(self.main.left(), y, self.main.right(), y))
            painter.setPen(theme.colour("faint"))
            box = QRectF(0, y - self._row / 2, self.main.left() - theme.px(6), self._row)
            painter.drawText(box, _VCENTER | Qt.AlignmentFlag.AlignRight, str(value))

    def band(self, painter: QPainter) -> None:
        """The band around the baseline."""
        band = self._view.band
        if band is None:
            return
        top, bottom = self.y("pressure", band.high), self.y("pressure", band.low)
        veil = theme.colour("text")
        veil.setAlphaF(0.07)
        painter.fillRect(QRectF(self.main.left(), top, self.main.width(), bottom - top), veil)
        painter.setPen(QPen(theme.colour("edge"), 1, Qt.PenStyle.DashLine))
        for y in (top, bottom):
            painter.drawLine(QLineF(self.main.left(), y, self.main.right(), y))

    def limits(self, painter: QPainter) -> None:
        """Every limit as a dotted line with its name."""
        for limit in self._view.limits:
            y = self.y(limit.lane, limit.value)
            painter.setPen(QPen(theme.colour("muted"), theme.length(1.4), Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(self.main.left(), y, self.main.right(), y))

    def names(self, painter: QPainter) -> None:
        """The names of limits and band at the right, on a ground of their own so that no reading runs through them."""
        view = self._view
        named = [(limit.name, self.y(limit.lane, limit.value), limit.lane == "spo2") for limit in view.limits]
        if view.band is not None:
            named.append((view.band.name, self.y("pressure", view.band.low), False))
        painter.setFont(theme.font("tiny"))
        metrics, high = QFontMetricsF(painter.font()), float(theme.px(16))
        for lane in (self.main, self.lane):
            mine = [(text, y) for text, y, low in named if low == (lane is self.lane)]
            middles = stack([y for _, y in mine], high, lane.top(), lane.bottom())
            for (text, _), middle in zip(mine, middles, strict=True):
                wide = metrics.horizontalAdvance(text) + theme.px(8)
                box = QRectF(lane.right() - wide - theme.px(2), middle - high / 2, wide, high)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("panel"))
                painter.drawRoundedRect(box, theme.px(3), theme.px(3))
                painter.setPen(theme.colour("muted"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def doses(self, painter: QPainter) -> None:
        """Every dose as a line through the sheet, labelled above it."""
        painter.setFont(theme.font("tiny", "semibold"))
        for dose, spot, width in zip(self._view.doses, self._dose_spots, self._dose_widths, strict=True):
            row = 0 if spot is None else spot[1]
            x, middle = self.x(dose.at_ms), self.main.top() - self._row * (row + 0.5)
            painter.setPen(QPen(theme.colour("accent"), theme.length(1.4), Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, middle, x, self.lane.bottom()))
            marks.dose(painter, QPointF(x, middle))
            if spot is not None:
                painter.setPen(theme.colour("accent"))
                painter.drawText(QRectF(spot[0], middle - self._row / 2, width + 1, self._row), _VCENTER, dose.label)

    def tracks(self, painter: QPainter) -> None:
        """What was heard, beneath."""
        painter.setFont(theme.font("tiny"))
        metrics = QFontMetricsF(painter.font())
        top = self.lane.bottom() + theme.px(4)
        for track in self._view.tracks:
            left, right = max(self.x(track.start_ms), self.main.left()), min(self.x(track.end_ms), self.main.right())
            box = QRectF(left, top, max(right - left - 2, 1), self._row)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(box, theme.px(3), theme.px(3))
            room = box.width() - theme.px(8)
            if room >= metrics.horizontalAdvance("Mm…"):
                painter.setPen(theme.colour("muted"))
                title = metrics.elidedText(track.title, Qt.TextElideMode.ElideRight, room)
                painter.drawText(box.adjusted(theme.px(4), 0, 0, 0), _VCENTER, title)

    def times(self, painter: QPainter) -> None:
        """Times since the first dose along the foot."""
        view = self._view
        painter.setFont(theme.font("tiny"))
        metrics = QFontMetricsF(painter.font())
        wide = metrics.horizontalAdvance("−0:00")
        every = step(view.end_ms - view.start_ms, self.main.width(), wide + theme.px(14))
        top = self.lane.bottom() + theme.px(1) + (self._row + theme.px(4) if view.tracks else 0)
        painter.setPen(theme.colour("faint"))
        for at in range(-(-view.start_ms // every) * every, view.end_ms + 1, every):
            box = QRectF(self.x(at) - wide / 2, top, wide, self._row)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words.axis(at))

    def lines(self, painter: QPainter) -> None:
        """Pulse with dots, saturation with squares; without them where they would touch."""
        for lane, points in (("pulse", self._view.pulse), ("spo2", self._view.spo2)):
            self._line(painter, lane, points)  # type: ignore[arg-type]

    def _line(self, painter: QPainter, lane: Lane, points: Sequence[Point]) -> None:
        tone = theme.colour(_TONES[lane])
        spots = [QPointF(self.x(p.at_ms), self.y(lane, p.value)) for p in points]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tone, theme.length(1.8)))
        painter.drawPolyline(QPolygonF(spots))
        if self._apart(len(points)) < theme.px(8):
            return
        r = theme.length(3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        for spot in spots:
            if lane == "pulse":
                painter.drawEllipse(spot, r, r)
            else:
                painter.drawRect(QRectF(spot.x() - r, spot.y() - r, 2 * r, 2 * r))

    def carets(self, painter: QPainter) -> None:
        """Blood pressure: a caret down at systolic, a caret up at diastolic, a stem between."""
        apart = self._apart(len(self._view.pressure))
        w = min(max(apart * 0.35, 1.5), theme.length(6))
        dense = apart < theme.px(8)
        for tone, breach in (("text", False), ("alarm", True)):
            stems: list[QLineF] = []
            tips: list[QLineF] = []
            for reading in self._view.pressure:
                if bool(reading.breach) is not breach:
                    continue
                x = self.x(reading.at_ms)
                top, bottom = self.y("pressure", reading.systolic), self.y("pressure", reading.diastolic)
                stems.append(QLineF(x, top, x, bottom))
                tips += [QLineF(x - w, top - w, x, top), QLineF(x, top, x + w, top - w)]
                tips += [QLineF(x - w, bottom + w, x, bottom), QLineF(x, bottom, x + w, bottom + w)]
            painter.setPen(QPen(theme.colour(tone), theme.length(1.6)))
            painter.drawLines(tips)
            if dense:  # where stems would make a wall, they are a hint
                look = theme.current()
                painter.setPen(QPen(QColor(theme.mix(look.panel, look.tone(tone), 0.35)), 1))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.drawLines(stems)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def breaches(self, painter: QPainter) -> None:
        """A ring around every reading beyond a limit, and its words at the top of its lane, the newest first."""
        found = breaches(self._view)[::-1]
        painter.setFont(theme.font("tiny", "semibold"))
        metrics = QFontMetricsF(painter.font())
        for lane, rows in ((self.main, 2), (self.lane, 1)):
            mine = [each for each in found if (each[2][0] == "spo2") == (lane is self.lane)]
            widths = [metrics.horizontalAdvance(said) + theme.px(8) for _, said, _ in mine]
            anchors = [self.x(at) - width / 2 for (at, _, _), width in zip(mine, widths, strict=True)]
            spots = place(anchors, widths, self.main.left(), self.main.right(), rows=rows, gap=theme.px(4))
            for (at, said, (kind, value)), spot, width in zip(mine, spots, widths, strict=True):
                at_point = QPointF(self.x(at), self.y(kind, value))
                if spot is not None:
                    top = lane.top() + 2 + spot[1] * self._row
                    self._said(painter, said, QRectF(spot[0], top, width, self._row - 2), at_point)
                marks.breach(painter, at_point)

    def _said(self, painter: QPainter, text: str, box: QRectF, point: QPointF) -> None:
        painter.setPen(QPen(theme.colour("alarm"), 1))
        if point.y() > box.bottom() + theme.px(8):
            painter.drawLine(QLineF(point.x(), box.bottom(), point.x(), point.y() - theme.px(8)))
        painter.setBrush(theme.colour("alarm_ground"))
        painter.drawRoundedRect(box, theme.px(3), theme.px(3))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def now(self, painter: QPainter) -> None:
        """The line of now."""
        x = self.x(self._view.now_ms)
        if self.main.left() <= x <= self.main.right():
            painter.setPen(QPen(theme.colour("text"), theme.length(1.4)))
            painter.drawLine(QLineF(x, self.main.top(), x, self.lane.bottom()))

    def newest(self, painter: QPainter) -> None:
        """The newest value of each series at the right, as its legend."""
        view = self._view
        shown: list[tuple[Lane, str, str, float]] = []
        if view.pressure:
            last = view.pressure[-1]
            middle = (self.y("pressure", last.systolic) + self.y("pressure", last.diastolic)) / 2
            shown.append(("pressure", "BP", words.pressure(last.systolic, last.diastolic), middle))
            if last.mean is not None:
                shown.append(("pressure", "MAP calc.", str(last.mean), middle))
        if view.pulse:
            shown.append(("pulse", "Pulse", str(view.pulse[-1].value), self.y("pulse", view.pulse[-1].value)))
        middles = stack([each[3] for each in shown], self._row, self.main.top(), self.main.bottom())
        if view.spo2:
            shown.append(("spo2", "SpO₂", str(view.spo2[-1].value), self.y("spo2", view.spo2[-1].value)))
            middles += stack([shown[-1][3]], self._row, self.lane.top(), self.lane.bottom())
        for (lane, name, value, _), middle in zip(shown, middles, strict=True):
            box = QRectF(self.main.right() + theme.px(8), middle - self._row / 2, theme.px(200), self._row)
            painter.setFont(theme.font("tiny"))
            painter.setPen(theme.colour("muted"))
            painter.drawText(box, _VCENTER, name)
            box.adjust(QFontMetricsF(painter.font()).horizontalAdvance(name) + theme.px(5), 0, 0, 0)
            painter.setFont(theme.font("small", "semibold"))
            painter.setPen(theme.colour(_TONES[lane]))
            painter.drawText(box, _VCENTER, value)

    def _apart(self, count: int) -> float:
        """How many pixels lie between two readings, on average over what has passed."""
        view = self._view
        passed = min(max(self.x(view.now_ms) - self.main.left(), 1), self.main.width())
        return passed / max(count, 1)
