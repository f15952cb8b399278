"""What is taller than its place, scrolled up and down."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget


def bring_into_sight(part: QWidget) -> None:
    """Scroll to a part wherever it lies, once it has been laid out."""

    def scroll() -> None:
        above = part.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(part)
            above = above.parentWidget()

    QTimer.singleShot(0, part, scroll)


class Scrolling(QScrollArea):
    """Without a frame, and what is in it is as wide as its place: never scrolled sideways."""

    def __init__(self, sheet: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if sheet is not None:
            self.setWidget(sheet)
