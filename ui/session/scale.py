"""Rating on a scale: sedation, dissociation, nausea, pain."""

from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kapdesk.clinical.scales import RANGES
from kapdesk.facts.care import Scale, ScaleRated
from ui import theme
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.line_edit import LineEdit


class ScaleLine(QWidget):
    """`rated` carries a `ScaleRated`, `left_out` a scale that is not rated now, `refused` why a figure is none."""

    rated = Signal(object)
    left_out = Signal(str)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first: Scale | None = None
        self._scale = Choice(name="Scale")
        self._value = LineEdit()
        self._value.setAccessibleName("Value on the scale")
        self._rate = Button("Rate", name="Record this rating")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self._scale, 3)
        row.addWidget(self._value, 4)
        row.addWidget(self._rate)
        leave_out = Button("Not …", name="Not rated, reason")
        row.addWidget(leave_out)
        leave_out.clicked.connect(lambda: self.left_out.emit(self._scale.currentData()))
        self._fill("MOAA/S")
        self._scale.activated.connect(lambda _: self._hint())
        self._rate.clicked.connect(self._say)
        self._value.returnPressed.connect(self._say)

    def display(self, seen: Seen) -> None:
        """The protocol's sedation scale first; the other one is not offered."""
        wanted: Scale = (seen.protocol.sedation if seen.protocol else None) or "MOAA/S"
        if wanted != self._first:
            self._fill(wanted)

    def start(self, scale: Scale | None = None) -> None:
        """The cursor in the value, for this scale or the one that stands there."""
        if scale is not None and (n := self._scale.findData(scale)) >= 0:
            self._scale.setCurrentIndex(n)
            self._hint()
        self._value.setFocus()

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._value.clear()

    def _fill(self, sedation: Scale) -> None:
        self._first = sedation
        self._scale.clear()
        others = [scale for scale in get_args(Scale) if scale not in ("MOAA/S", "RASS")]
        for scale in (sedation, *others):
            self._scale.addItem(scale[:1].upper() + scale[1:], scale)
        self._hint()

    def _hint(self) -> None:
        least, most, low, high = RANGES[self._scale.currentData()]
        self._value.setPlaceholderText(f"{least} {low} … {most} {high}")

    def _say(self) -> None:
        text = self._value.text().strip().replace("−", "-")
        if not text.lstrip("+-").isdecimal():
            self.refused.emit("Type the value as a whole number.")
        else:
            self.rated.emit(ScaleRated(self._scale.currentData(), int(text)))
