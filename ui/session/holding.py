"""A lozenge in the mouth: how long by now, and the four ways in which it comes out."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.facts.care import LOZENGES
from kapdesk.session.holding import Held
from ui import theme, words
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import ElidedLabel


class HoldingLine(QWidget):
    """`out` carries the dose, what became of it, and for how long (ms) it was meant to be held."""

    out = Signal(object, str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dose: UUID | None = None
        self._meant_ms = 0
        self._said = ElidedLabel("", "accent")
        ways = FlowRow(spacing=theme.px(6))
        for how in LOZENGES:
            button = Button(how.capitalize(), name=f"Lozenge {how}")
            button.setProperty("narrow", True)
            button.clicked.connect(lambda _=False, how=how: self.out.emit(self._dose, how, self._meant_ms))
            ways.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(self._said)
        column.addWidget(ways)
        self.hide()

    def display(self, held: Held | None, seen: Seen) -> None:
        """Show how long it is held; nothing where none is."""
        self.setVisible(held is not None)
        if held is None:
            return
        self._dose, self._meant_ms = held.dose.id, held.meant_ms
        over = held.dose.at_us + held.meant_ms * 1000 <= seen.now_us
        self._said.setText(words.join("In the mouth", held.words(seen.now_us), "time is over" if over else ""))
