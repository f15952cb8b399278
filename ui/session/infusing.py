"""An infusion that runs: how much is in, how fast, until when; paused, changed, stopped in place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.clinical import care
from kapdesk.session.infusion import Infusion
from ui import theme, words
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label


class InfusionLine(QWidget):
    """`turned` pauses or goes on, `rate_asked` wants another rate, `stop_asked` its end."""

    turned = Signal()
    rate_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = Label("", "accent", wrap=True)
        self._turn = Button("Pause", icon="pause", name="Pause the infusion")
        rate, stop = Button("Rate …", name="Another rate of the infusion"), Button("Stop …", "danger")
        stop.setAccessibleName("Stop the infusion")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(self._said)
        column.addWidget(FlowRow(self._turn, rate, stop))
        self._turn.clicked.connect(self.turned)
        rate.clicked.connect(self.rate_asked)
        stop.clicked.connect(self.stop_asked)

    def display(self, infusion: Infusion | None, seen: Seen) -> None:
        """Show how far it is; nothing where none runs."""
        self.setVisible(infusion is not None)
        if infusion is None:
            return
        rate, ends_us = infusion.rate_at(seen.now_us), infusion.ends_us(seen.now_us)
        done = f"{care.mg(infusion.delivered_ug(seen.now_us) // 100 * 100)} of {care.mg(infusion.planned_ug)} mg in"
        speed = f"{care.mg(rate)} mg/h" if rate else "paused"
        until = f"until {seen.wall(ends_us)}" if ends_us is not None and rate else ""
        self._said.setText(words.join(done, speed, until))
        self._turn.set_words(*(("Pause", "Pause the infusion") if rate else ("Go on", "Go on with the infusion")))
        self._turn.set_icon("pause" if rate else "play")
