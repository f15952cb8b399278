"""A rescue medication, typed in a moment: what, how much, by which route, and why. It never starts the clock."""

from typing import get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinical.dosing import doubts, same_medication
from kapdesk.facts.session import DoseGiven
from kapdesk.facts.words import Route
from ui import theme, words
from ui.refusal import Refusal
from ui.session.dose_form import micrograms
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.line_edit import line_edit
from ui.widgets.when import When

OFFERED = ("ondansetron", "clonidine", "labetalol", "lorazepam")
"""Names that clinics' consent forms list as rescue medication; offered to save typing. No dose is offered with them.
Examples, to be approved by the clinic."""


class RescueSheet(QFrame):
    """`given` carries (DoseGiven, reason, Moment). What was typed stays until `taken`."""

    given = Signal(object, str, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self.setAccessibleName("Rescue medication")
        self._own = ""
        self._medication = line_edit("Rescue medication")
        self._mg = line_edit("Rescue dose in milligrams")
        self._mg.setPlaceholderText("mg")
        self._route = Choice(name="Route of the rescue medication")
        for route in get_args(Route):
            self._route.addItem(words.route(route), route)
        self._reason = line_edit("Why it was given")
        self._refusal = Refusal()
        self.when = When()
        record = Button("Record", "primary", name="Record the rescue medication")
        away = Button("Put away", name="Put the rescue medication away, keep what was typed")
        self._lay_out(record, away)
        self.hide()
        record.clicked.connect(self._give)
        self.when.done.connect(self._give)
        away.clicked.connect(self.leave)
        for edit in (self._medication, self._mg, self._reason):
            edit.returnPressed.connect(self._give)
            edit.installEventFilter(self)

    def start(self, seen: Seen | None) -> None:
        """Open it, or go back to what was typed."""
        self._own = seen.protocol.medication if seen is not None and seen.protocol is not None else ""
        self.show()
        (self._mg if self._medication.text() else self._medication).setFocus()

    def leave(self) -> None:
        """Put it away; what was typed is there again when it is opened."""
        self.hide()
        self.left.emit()

    def taken(self) -> None:
        """It is on its way to the disk."""
        for edit in (self._medication, self._mg, self._reason):
            edit.clear()
        self.when.reset()
        self._refusal.say("")
        self.leave()

    def refuse(self, sentence: str) -> None:
        """Say why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves, and keeps what was typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self, record: Button, away: Button) -> None:
        names = FlowRow(spacing=theme.px(6))
        for each in OFFERED:
            button = Button(each.capitalize(), name=f"Rescue: {each}")
            button.setProperty("narrow", True)
            button.clicked.connect(lambda _=False, each=each: self._take(each))
            names.add(button)
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        for part, stretch in ((self._medication, 4), (self._mg, 2), (self._route, 3)):
            line.addWidget(part, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(10))
        column.setSpacing(theme.px(8))
        column.addWidget(names)
        column.addLayout(line)
        column.addWidget(self._reason)
        column.addWidget(self._refusal)
        column.addWidget(FlowRow(self.when, record, away, spacing=theme.px(8)))

    def _take(self, name: str) -> None:
        self._medication.setText(name)
        self._mg.setFocus()

    def _give(self) -> None:
        dose_ug, moment, reason = micrograms(self._mg.text()), self.when.moment(), self._reason.text().strip()
        medication = self._medication.text().strip()
        if not medication:
            self._point("Type which medication was given.", self._medication)
        elif self._own and same_medication(medication, self._own):
            self._point(f"{medication} is this session’s medication. Record it under “Dose”.", self._medication)
        elif dose_ug is None:
            self._point("Type the dose in milligrams, for example 4 or 0.1.", self._mg)
        elif not reason:
            self._point("Type why it was given, in a word or two.", self._reason)
        elif moment is None:
            self.refuse("Type the time of day, for example 21:40.")
            self.when.point_out()
        else:
            dose = DoseGiven(medication, dose_ug, self._route.currentData())
            impossible = [each.words for each in doubts(dose, None)]
            if impossible:
                self._point(impossible[0], self._mg)
            else:
                self.given.emit(dose, reason, moment)

    def _point(self, sentence: str, where: QWidget) -> None:
        self.refuse(sentence)
        where.setFocus()
