"""The list of what was observed: when, what, by whom, and whether it is safely written down."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from ui import theme
from ui.widgets.noterow import NoteRow
from ui.widgets.rows import ObservationModel, Row

__all__ = ["ObservationList", "Row"]


class ObservationList(QListView):
    """Shows rows, thousands of them at ease. The row in hand is shown whole, the others to three lines.

    Enter or a double click opens a row, Delete asks to strike it, and pressing "not saved" asks to try again.
    """

    opened = Signal(str)
    strike_asked = Signal(str)
    retry_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ObservationModel(self)
        self._painter = NoteRow(self._model.rows, self)
        self.setModel(self._model)
        self.setItemDelegate(self._painter)
        self.setAccessibleName("Observations")
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._model.rows[index.row()].id))
        self.selectionModel().currentChanged.connect(self._turned)

    def display(self, rows: Sequence[Row]) -> None:
        """Show these rows, in this order; a reader who has scrolled away from the top keeps their place."""
        bar = self.verticalScrollBar()
        top = self.indexAt(QPoint(theme.px(20), 0)) if bar.value() else QModelIndex()
        held, before = self._model.rows[top.row()].id if top.isValid() else "", self.visualRect(top).top()
        if self._model.replace(rows):
            self.scheduleDelayedItemsLayout()  # a corrected text may be longer, and Qt does not ask again by itself
        self._painter.open_row = self.currentIndex().row()  # the row in hand may have moved down
        if held and (now := self._model.index_of(held)).isValid():
            self.executeDelayedItemsLayout()
            bar.setValue(bar.value() + self.visualRect(now).top() - before)

    def rows(self) -> tuple[Row, ...]:
        """The rows shown."""
        return tuple(self._model.rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid():
            row = self._model.rows[index.row()]
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                (self.retry_asked if row.state == "not saved" else self.opened).emit(row.id)
                return
            if event.key() == Qt.Key.Key_Delete and not row.struck:
                self.strike_asked.emit(row.id)
                return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        row = self._model.rows[index.row()]
        if row.state == "not saved" and self._painter.state_box(self.visualRect(index)).contains(event.position()):
            self.retry_asked.emit(row.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._painter.width != self.viewport().width():
            self._painter.width = self.viewport().width()
            self._painter.forget()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_painter"):
            self._painter.forget()
            self.scheduleDelayedItemsLayout()

    def _turned(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._painter.open_row = current.row()
        for index in (previous, current):
            if index.isValid():
                self._painter.sizeHintChanged.emit(index)
