"""The observation summaries that are not sent yet, on the first page: of whom, and the day by which each is due."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.line import LineButton, Part, empty
from ui.widgets.label import Label

if TYPE_CHECKING:
    from kapdesk.clinic.summary import Owed

MOST_SHOWN = 3
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class OwedLines(QWidget):
    """`opened` carries the visit whose summary is wanted. Nothing is shown where nothing is owed."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Observation summaries not sent")
        self._shown: tuple[tuple[Owed, ...], date] | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(theme.px(6))
        self.hide()

    def display(self, owed: "tuple[Owed, ...]", today: date) -> None:
        """Show what is due first; the others stand in the records."""
        self.setVisible(bool(owed))
        if (owed, today) == self._shown:
            return
        self._shown = (owed, today)
        empty(self._lines)
        for each in owed[:MOST_SHOWN]:
            sentence, late = told(each, today)
            parts = (Part(sentence), Part(late, "accent", -1)) if late else (Part(sentence),)
            tone = "accent" if late else "muted"
            line = LineButton(parts, "paper", tone, name=f"{sentence} · {late}" if late else sentence)
            line.clicked.connect(lambda _=False, id_=each.session: self.opened.emit(id_))
            self._lines.addWidget(line)
        if (more := len(owed) - MOST_SHOWN) > 0:
            self._lines.addWidget(Label(f"{more} more not sent: see Records.", "muted"))


def told(owed: "Owed", today: date) -> tuple[str, str]:
    """One of them in words, and how late it is: "Observation summary for Sample Patient A: due 26 Nov · not sent"."""
    year = f" {owed.due.year}" if owed.due.year != today.year else ""
    by = f"{owed.due.day} {_MONTHS[owed.due.month - 1]}{year}"
    days = (today - owed.due).days
    late = f"{days} day{'s' if days != 1 else ''} late" if days > 0 else ""
    return f"Observation summary for {owed.patient}: due {by} · not sent", late
