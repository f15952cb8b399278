"""A row of widgets that goes on in the next line when it is full."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class Flow(QLayout):
    """Lays its widgets out like words in a paragraph, each at its own size."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def line_width(self) -> int:
        """How wide all of it is in one line."""
        widths = [item.sizeHint().width() for item in self._items]
        return sum(widths) + self.spacing() * max(len(widths) - 1, 0)

    def sizeHint(self) -> QSize:
        return QSize(self.line_width(), self._tallest())

    def minimumSize(self) -> QSize:
        return QSize(max((item.minimumSize().width() for item in self._items), default=0), self._tallest())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def _tallest(self) -> int:
        return max((item.sizeHint().height() for item in self._items), default=0)

    def _lay(self, rect: QRect, move: bool) -> int:
        x, y, tall = rect.x(), rect.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, tall = rect.x(), y + tall + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self.spacing()
            tall = max(tall, hint.height())
        return y + tall - rect.y()


class FlowRow(QWidget):
    """A widget whose parts flow. It claims the height its width needs, which a bare layout in a row is not granted."""

    def __init__(self, *parts: QWidget, spacing: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._flow = Flow(self, spacing)
        self._laid_out = False
        for part in parts:
            self._flow.addWidget(part)

    def add(self, part: QWidget) -> None:
        """One more part, at the end. It is shown at once: what is shown a moment later counts as nothing till then."""
        self._flow.addWidget(part)
        if not part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            part.show()
        self.claim()

    def drop(self, part: QWidget) -> None:
        """A part less."""
        self._flow.removeWidget(part)
        part.hide()
        part.deleteLater()
        self.claim()

    def line_width(self) -> int:
        """How wide all of it is in one line."""
        return self._flow.line_width()

    def height_for(self, width: int) -> int:
        """How high it is at a width."""
        return max(self._flow.heightForWidth(width), 0)

    def claim(self) -> None:
        """Ask for the height the parts take at this width, once the width is its own."""
        if self._laid_out:
            self.setFixedHeight(self.height_for(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid_out = True
        self.claim()
