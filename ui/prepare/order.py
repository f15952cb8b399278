"""The prescriber's order: what holds, and a new one, typed by whoever is at the desk in the prescriber's name."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinical import care
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.patient import OrderWritten
from kapdesk.facts.people import may
from ui import theme
from ui.refusal import Refusal
from ui.session.dose_form import micrograms
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit


class OrderLine(QWidget):
    """`ordered` carries an `OrderWritten` and who ordered it (a person's id)."""

    ordered = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._protocol: Protocol | None = None
        self._prescribers: tuple[tuple[str, str], ...] = ()
        self._words = Label("", "muted", wrap=True)
        self._new = Button("New order …", icon="edit", name="Write a new order")
        self._mg, self._booster = line_edit("Dose in mg"), line_edit("Booster up to, mg (0 for none)")
        self._until = line_edit("Valid until, YYYY-MM-DD")
        self._who = Choice(name="Ordered by")
        keep, away = Button("Record the order", "primary"), Button("Put away", name="Put the order away")
        self._refusal = Refusal()
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(6))
        lines: tuple[tuple[QWidget, ...], ...] = ((self._mg, self._booster), (self._until, self._who))
        for parts in lines:
            row = QHBoxLayout()
            row.setSpacing(theme.px(6))
            for each in parts:
                row.addWidget(each, 1)
            sheet.addLayout(row)
        sheet.addWidget(self._refusal)
        sheet.addWidget(FlowRow(keep, away))
        self._sheet.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        for part in (self._words, self._new, self._sheet):
            column.addWidget(part)
        self._new.clicked.connect(self._open)
        keep.clicked.connect(self._say)
        away.clicked.connect(self._put_away)
        for edit in (self._mg, self._booster, self._until):
            edit.returnPressed.connect(self._say)

    def display(self, seen: Seen) -> None:
        """Show the order that holds; nothing where the protocol asks for none."""
        self._protocol = seen.protocol
        wanted = seen.protocol is not None and "order" in seen.protocol.needs
        self.setVisible(wanted)
        orders = seen.patient.orders
        self._words.setText(f"Newest order: {care.order(orders[-1].fact)}, by {seen.name_of(orders[-1].by)}"
                            if orders else "No order yet.")  # fmt: skip
        prescribers = tuple((id_, each.name) for id_, each in seen.clinic.staff.items() if may(each.roles, "prescribe"))
        if prescribers != self._prescribers:
            self._prescribers = prescribers
            self._who.clear()
            for id_, name in prescribers:
                self._who.addItem(name, id_)
        if not self._until.text():
            self._until.setText(seen.day_in(30))

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._mg.clear()
        self._booster.clear()
        self._put_away()

    def _open(self) -> None:
        self._sheet.show()
        self._new.hide()
        self._mg.setFocus()

    def _put_away(self) -> None:
        self._refusal.say("")
        self._sheet.hide()
        self._new.show()

    def _say(self) -> None:
        if self._protocol is None:
            return
        dose_ug = micrograms(self._mg.text())
        booster = self._booster.text().strip()
        booster_ug = 0 if booster in ("", "0") else micrograms(booster)
        if dose_ug is None or booster_ug is None:
            self.refuse("Type the dose in milligrams, for example 50, and the booster, or 0 for none.")
        elif self._who.currentData() is None:
            self.refuse("No prescriber is on the staff. Add one first, or override with a reason.")
        else:
            plan = self._protocol
            order = OrderWritten(plan.medication, plan.route, dose_ug, booster_ug, self._until.text().strip())
            self.ordered.emit(order, self._who.currentData())
