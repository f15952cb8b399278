"""A headed part of a page: what it is and, where several people are treated, whose."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.label import ElidedLabel, Label, Sign


class Panel(QFrame):
    """A title on the left, a remark on the right, and `body` beneath for what it holds.

    `head` is the row of the title; what is added to it stands at its right end.
    """

    def __init__(self, title: str, icon: str = "", remark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "panel")
        edge = theme.px(12)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(edge + 2, edge - 2, edge + 2, edge)
        self.body.setSpacing(theme.px(8))
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.px(8))
        self._title = Label(title, "head")
        self._remark = ElidedLabel(remark, "muted")
        self._remark.setAlignment(self._remark.alignment() | Qt.AlignmentFlag.AlignRight)
        if icon:
            self.head.addWidget(Sign(icon, "muted"))
        self.head.addWidget(self._title)
        self.head.addWidget(self._remark, 1)
        self.body.addLayout(self.head)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """What it is, as "Vitals for Sample Patient A, chair 2"."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_remark(self, remark: str) -> None:
        """What is said beside the title; it is the first to give way when room is short."""
        self._remark.setText(remark)
