"""Whose session it is, always in sight: name, birth date, weight, chair, allergies, who is writing."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from kapdesk.facts.session import PersonCameIn
from ui import theme, words
from ui.session.saying import weight
from ui.session.seen import Seen
from ui.spot import Spot
from ui.widgets.buttons import Button
from ui.widgets.label import ElidedLabel, Label


class PatientBar(QFrame):
    """`by_asked`: who is writing? `layout_asked`: the other layout. `close_asked`: the page for closing."""

    by_asked = Signal()
    layout_asked = Signal()
    close_asked = Signal()

    def __init__(self, layouts: bool = True, closes: str = "Close session", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self.setAccessibleName("Patient")
        self._name = Label("", "title")
        self._spot = Spot()
        self._said = ElidedLabel("", "muted")
        self._rehearsal = Label("Rehearsal", "accent")
        self._allergy = Label("", "alarm")
        self._by = Button("", icon="edit")
        self.layout_ = Button("Medical", icon="vitals", key="F2")
        self.layout_.setVisible(layouts)
        self._close = Button(closes, icon="end")
        self._close.setVisible(bool(closes))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(8), theme.px(12), theme.px(8))
        row.setSpacing(theme.px(12))
        row.addWidget(self._spot)
        row.addWidget(self._name)
        row.addWidget(self._said, 1)
        row.addWidget(self._rehearsal)
        row.addWidget(self._allergy)
        row.addWidget(self._by)
        row.addWidget(self.layout_)
        row.addWidget(self._close)
        self._by.clicked.connect(self.by_asked)
        self.layout_.clicked.connect(self.layout_asked)
        self._close.clicked.connect(self.close_asked)

    def display(self, seen: Seen) -> None:
        """Show this patient."""
        known = seen.patient.registered
        self._name.setText(seen.patient.called)
        self._spot.display(known.colour if known else "", seen.patient.called)
        self._said.setText(identity(seen))
        self._rehearsal.setVisible(bool(seen.session.opened and seen.session.opened.rehearsal))
        self._allergy.setText(f"Allergy: {known.allergies}" if known and known.allergies else "")
        self._allergy.setMaximumWidth(theme.px(260))
        self._by.set_words(f"By: {seen.name_of(seen.by)}" if seen.by else "By: choose")
        self._by.set_kind("quiet" if seen.by else "primary")

    def show_layout(self, medical: bool) -> None:
        """Name the layout the key goes to."""
        self.layout_.set_words("Therapist" if medical else "Medical")
        self.layout_.set_icon("note" if medical else "vitals")


def identity(seen: Seen) -> str:
    """The patient beside the name: full name where another is preferred, birth date, number, weight, chair."""
    known = seen.patient.registered
    measured = seen.session.weight()
    return words.join(
        seen.patient.name if seen.patient.called != seen.patient.name else "",
        f"born {known.born_on}" if known and known.born_on else "",
        known.record_number if known else "",
        weight(measured) if measured else "",
        f"chair {seen.chair}" if seen.chair else "",
    )


def writers(seen: Seen) -> list[PersonCameIn]:
    """Who may be chosen as the one who writes: those in the room."""
    return seen.session.present()
