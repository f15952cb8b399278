"""The shapes of what happens in a session, the same wherever they are drawn: no two differ by colour alone."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ui import theme


def reading(painter: QPainter, at: QPointF) -> None:
    """A reading: the two carets of a blood pressure, one above the other."""
    wide, tip, end = theme.length(4), theme.length(2.5), theme.length(6.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("text"), theme.length(1.6)))
    painter.drawLine(at + QPointF(0, -tip), at + QPointF(0, tip))
    for way in (-1, 1):
        ends = [at + QPointF(-wide, way * end), at + QPointF(0, way * tip), at + QPointF(wide, way * end)]
        painter.drawPolyline(QPolygonF(ends))


def note(painter: QPainter, at: QPointF) -> None:
    """A note: a dot."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("muted"))
    painter.drawEllipse(at, theme.length(2.6), theme.length(2.6))


def event(painter: QPainter, at: QPointF) -> None:
    """An event: a filled diamond."""
    r = theme.px(6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("blue"))
    painter.drawPolygon(QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)]))


def due(painter: QPainter, at: QPointF, late: bool) -> None:
    """Something due: an empty square; late, a square in amber with a stroke through it."""
    r = theme.length(4.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("accent" if late else "muted"), theme.length(1.6)))
    painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r))
    if late:
        painter.drawLine(at + QPointF(-r, r), at + QPointF(r, -r))


def dose(painter: QPainter, at: QPointF) -> None:
    """A dose: a triangle pointing down to its moment."""
    r = theme.px(5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    painter.drawPolygon(QPolygonF([at + QPointF(-r, -r), at + QPointF(r, -r), at + QPointF(0, r)]))


def breach(painter: QPainter, at: QPointF) -> None:
    """A reading beyond a limit: a ring around it, in the one red of the page; words stand beside it."""
    r = theme.px(8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("alarm"), theme.px(2)))
    painter.drawEllipse(at, r, r)
