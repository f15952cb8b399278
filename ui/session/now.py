"""The left column of a session: the large clock, the phase and its two moves, and what is due."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from kapdesk.facts.words import PHASES, Phase
from ui import theme, words
from ui.session import reading
from ui.session.due_list import DueList
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.clock import ClockFace
from ui.widgets.frame import stack
from ui.widgets.label import ElidedLabel, Label

FIVE_MINUTES_MS = 300_000


class NowPanel(QWidget):
    """Where the session stands. `entered` carries the phase to go to, `extended` the phase that lasts 5 min longer.

    `due` is the line of what is due beneath, `turned` when that comes or goes.
    """

    entered = Signal(str)
    extended = Signal(str)
    vitals_asked = Signal()
    timer_over = Signal(object)
    rating_asked = Signal(str)
    device_asked = Signal()
    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clock = ClockFace()
        self._panel = QFrame()
        self._panel.setProperty("part", "panel")
        self._name = Label("", "accent")
        self._said = ElidedLabel("", "muted")
        self._next = Button("Next phase", icon="forward")
        self._longer = Button("+5 min", icon="timer", name="This phase five minutes longer")
        self.due = DueList()
        self._following: Phase | None = None
        self._here: Phase | None = None
        self._line = line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        line.setSpacing(theme.px(8))
        line.addWidget(self._name)
        line.addWidget(self._said, 1)
        self._moves = moves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        moves.setSpacing(theme.px(8))
        moves.addWidget(self._next, 1)
        moves.addWidget(self._longer, 1)
        panel = QVBoxLayout(self._panel)
        panel.setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(12))
        panel.setSpacing(theme.px(8))
        panel.addLayout(line)
        panel.addLayout(moves)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.setSpacing(theme.px(10))
        self._box.addWidget(self.clock)
        self._box.addWidget(self._panel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(10))
        whole.addLayout(self._box)
        whole.addWidget(self.due)
        self.due.asked.connect(self.vitals_asked)
        self.due.over.connect(self.timer_over)
        self.due.device_asked.connect(self.device_asked)
        self.due.rating_asked.connect(self.rating_asked)
        self.due.turned.connect(self.turned)
        self._next.clicked.connect(lambda: self._following and self.entered.emit(self._following))
        self._longer.clicked.connect(lambda: self._here and self.extended.emit(self._here))

    def lie(self, flat: bool) -> None:
        """Clock and phase beside each other, where the page is narrow; else one over the other."""
        stack(self._box, not flat)
        stack(self._moves, flat)
        stack(self._line, flat)
        self._line.setSpacing(0 if flat else theme.px(8))
        self.clock.setMaximumWidth(self.clock.minimumSizeHint().width() if flat else 16_777_215)

    def show_due(self, whole: bool) -> None:
        """Show all that is due beneath, or only what nothing else opens; the clock names the first in any case."""
        self.due.be_brief(not whole)

    def display(self, seen: Seen) -> None:
        """Show where the session stands."""
        self.due.display(seen)
        self.clock.display(reading.clock(seen))
        span = seen.phase()
        self._here = span.phase if span else None
        self._following = _after(seen)
        self._name.setText(span.phase.capitalize() if span else "No phase")
        if span is not None:
            in_ms, left_ms = (seen.now_us - span.start_us) // 1000, (span.end_us - seen.now_us) // 1000
            left = f"{words.lasting(left_ms)} left" if left_ms > 0 else "over its time"
            self._said.setText(words.join(f"{words.lasting(in_ms)} in", left))
        dosed = seen.session.first_dose_us is not None
        self._next.setEnabled(dosed and self._following is not None)
        self._next.set_words(f"To {self._following}" if self._following else "Last phase")
        self._longer.setEnabled(span is not None)


def _after(seen: Seen) -> Phase | None:
    span = seen.phase()
    if span is None or seen.protocol is None:
        return None
    planned = {each.phase for each in seen.protocol.phases}
    return next((phase for phase in PHASES[PHASES.index(span.phase) + 1 :] if phase in planned), None)
