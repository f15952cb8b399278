"""What is due, as a line to press."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kapdesk.session.due import Due
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.session.reading import MINUTE_MS, SOON_MS
from ui.session.seen import Seen
from ui.widgets.label import Label


class DueList(QFrame):
    """What is due next, and after it; pressing it opens the pad or the scale for it, or says that a timer is over.

    `be_brief`: only what no other button opens, a rating or a timer, from five minutes before its time; nothing else,
    and no room is taken. `turned` when it comes or goes.
    """

    asked = Signal()
    rating_asked = Signal(str)
    device_asked = Signal()
    over = Signal(object)
    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "panel")
        self.setAccessibleName("Due")
        self._shown: tuple[tuple[str, str, bool], ...] | None = None
        self._brief = False
        self._wanted = True
        self._seen: Seen | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(theme.px(14), theme.px(4), theme.px(14), theme.px(4))
        self._lines.setSpacing(0)

    def display(self, seen: Seen) -> None:
        """Show what is due now and next."""
        self._seen = seen
        found = [due for due in seen.due if not self._brief or _alone(due, seen.now_us)]
        self._want(bool(found) or not self._brief)
        lates = [(due, due.late_ms(seen.now_us)) for due in found]
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
            line.clicked.connect(lambda _=False, due=found[0]: self._open(due))
            self._lines.addWidget(line)
        if not shown:
            self._lines.addWidget(Label("Nothing is due.", "muted"))

    def be_brief(self, brief: bool) -> None:
        """Show only what would be out of a pointer's reach without this line, or all that is due."""
        self._brief = brief
        if self._seen is not None:
            self.display(self._seen)

    @property
    def wanted(self) -> bool:
        """Whether there is anything for it to show."""
        return self._wanted

    def _want(self, wanted: bool) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self.setVisible(wanted)
            self.turned.emit()

    def _open(self, due: Due) -> None:
        if due.timer is not None:
            self.over.emit(due.timer)
        elif due.scale is not None:
            self.rating_asked.emit(due.scale)
        elif due.device:
            self.device_asked.emit()
        else:
            self.asked.emit()


def _alone(due: Due, now_us: int) -> bool:
    return (due.scale is not None or due.timer is not None) and due.late_ms(now_us) >= -SOON_MS


def _left(late_ms: int) -> str:
    return "now" if abs(late_ms) < MINUTE_MS else words.remaining(-late_ms)
