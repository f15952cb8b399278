"""What is due, as a list."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kapdesk.session.due import Due
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.session.reading import MINUTE_MS
from ui.session.seen import Seen
from ui.widgets.label import Label


class DueList(QFrame):
    """What is due next, and after it; pressing it opens the pad or the scale for it, or says that a timer is over."""

    asked = Signal()
    rating_asked = Signal(str)
    device_asked = Signal()
    over = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "panel")
        self.setAccessibleName("Due")
        self._shown: tuple[tuple[str, str, bool], ...] | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(theme.px(14), theme.px(4), theme.px(14), theme.px(4))
        self._lines.setSpacing(0)

    def display(self, seen: Seen) -> None:
        """Show what is due now and next."""
        lates = [(due, due.late_ms(seen.now_us)) for due in seen.due]
        shown = tuple(
            (f"{due.what} {seen.wall(due.at_us)}", _left(late_ms), late_ms >= MINUTE_MS) for due, late_ms in lates
        )
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._lines)
        for what, left, late in shown[:1]:
            then = f"then {shown[1][0]}" if len(shown) > 1 else ""
            parts = (Part(what, "head", -1), Part(left, "accent" if late else "muted", -1), Part(then, "muted"))
            line = LineButton(parts, "vitals", "accent" if late else "muted", "bare", f"Due: {what}, {left}")
            line.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.clicked.connect(lambda _=False, due=seen.due[0]: self._open(due))
            self._lines.addWidget(line)
        if not shown:
            self._lines.addWidget(Label("Nothing is due.", "muted"))

    def _open(self, due: Due) -> None:
        if due.timer is not None:
            self.over.emit(due.timer)
        elif due.scale is not None:
            self.rating_asked.emit(due.scale)
        elif due.device:
            self.device_asked.emit()
        else:
            self.asked.emit()


def _left(late_ms: int) -> str:
    return "now" if abs(late_ms) < MINUTE_MS else words.remaining(-late_ms)
