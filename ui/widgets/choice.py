"""Choices: one from a short list, yes or no, one of a few. In our own strokes, and large enough to hit."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QRadioButton, QWidget

from ui import icons, theme

_BOX = 22


class Choice(QComboBox):
    """A drop-down list. The wheel never changes it: scrolling past must not alter what is recorded."""

    def __init__(self, words: Sequence[str] = (), name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItems(list(words))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.px(20)
        box = QRectF(self.width() - theme.px(14) - side, (self.height() - side) / 2, side, side)
        with QPainter(self) as painter:
            icons.paint(painter, "down", box, "muted" if self.isEnabled() else "faint")


class Check(QCheckBox):
    """Yes or no; the whole of it is the target. A double click is one press."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def sizeHint(self) -> QSize:
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        return _size(self)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            box = _frame(painter, self, round_=False)
            if self.isChecked():
                icons.paint(painter, "check", box, "accent" if self.isEnabled() else "faint")


class Option(QRadioButton):
    """One of a few; the whole of it is the target. A double click is one press."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def sizeHint(self) -> QSize:
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        return _size(self)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            box = _frame(painter, self, round_=True)
            if self.isChecked():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent" if self.isEnabled() else "faint"))
                painter.drawEllipse(box.center(), theme.length(5), theme.length(5))


def _size(button: QAbstractButton) -> QSize:
    words = button.fontMetrics().horizontalAdvance(_plain(button))
    return QSize(words + theme.px(_BOX + 14), theme.px(theme.TARGET))


def _plain(button: QAbstractButton) -> str:
    """Its words; Qt would take an ampersand for a shortcut, here it is one."""
    return button.text().replace("&&", "&")


def _frame(painter: QPainter, button: QAbstractButton, round_: bool) -> QRectF:
    """Draw box (or ring) and words; gives the box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = theme.px(_BOX)
    box = QRectF(theme.px(2), (button.height() - side) / 2, side, side)
    painter.setBrush(theme.colour("bg"))
    painter.setPen(
        QPen(theme.colour("accent" if button.hasFocus() or button.isChecked() else "muted"), theme.length(1.8))
    )
    corner = side / 2 if round_ else theme.px(5)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), corner, corner)
    painter.setFont(button.font())
    painter.setPen(theme.colour("text" if button.isEnabled() else "faint"))
    words = QRectF(QPointF(box.right() + theme.px(10), 0), QPointF(button.width(), button.height()))
    shown = button.fontMetrics().elidedText(_plain(button), Qt.TextElideMode.ElideRight, int(words.width()))
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
    return box
