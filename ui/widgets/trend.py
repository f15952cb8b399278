"""The trend of the readings over the session: pressure as carets, pulse as a line, saturation in a lane of its own."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, words
from ui.widgets.readings import Band, Dose, Lane, Limit, Point, Pressure, Track, TrendView, breaches
from ui.widgets.trend_sheet import Sheet

__all__ = ["Band", "Dose", "Lane", "Limit", "Point", "Pressure", "Track", "Trend", "TrendView"]


class Trend(QWidget):
    """Draws a `TrendView` at any size from 320 by 200.

    Red stands for a breach and nothing else, with a ring around the reading and words beside it. The newest value of
    each series stands at the right, in the colour and shape of its series, and is the legend too.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TrendView()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Trend of the readings")

    def display(self, view: TrendView) -> None:
        """Show this trend."""
        if view != self._view:
            self._view = view
            self.setAccessibleDescription(self._said())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(200))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            Sheet(self._view, self.width(), self.height()).paint(painter)

    def _said(self) -> str:
        view = self._view
        parts = []
        if view.pressure:
            parts.append(f"Blood pressure {words.pressure(view.pressure[-1].systolic, view.pressure[-1].diastolic)}")
            if view.pressure[-1].mean is not None:
                parts.append(f"mean pressure {view.pressure[-1].mean}, calculated")
        parts += [f"{name} {line[-1].value}" for name, line in (("pulse", view.pulse), ("SpO₂", view.spo2)) if line]
        parts += [f"{words.axis(at)} {said}" for at, said, _ in breaches(view)]
        return ", ".join(parts)
