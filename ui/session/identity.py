"""The patient beside the name, in one line where there is room for it, else in two."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui import words
from ui.widgets.label import ElidedLabel


class Identity(QWidget):
    """Who it is (`who`) and where and what there is to them (`more`); neither is cut while both lines have room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._who, self._more = "", ""
        self._first, self._second = ElidedLabel("", "muted"), ElidedLabel("", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addStretch(1)
        lines.addWidget(self._first)
        lines.addWidget(self._second)
        lines.addStretch(1)
        self._second.hide()

    def display(self, who: str, more: str) -> None:
        """Show this."""
        if (who, more) != (self._who, self._more):
            self._who, self._more = who, more
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        both = words.join(self._who, self._more)
        split = bool(self._who and self._more) and self._first.fontMetrics().horizontalAdvance(both) > self.width()
        self._first.setText(self._who if split else both)
        self._second.setText(self._more if split else "")
        self._second.setVisible(split)
