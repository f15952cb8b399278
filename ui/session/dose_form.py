"""What a dose is typed into, the first time or as a correction."""

from decimal import Decimal, InvalidOperation
from typing import get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.session import DoseGiven, Route
from ui import theme, words
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow

ROUTES: tuple[Route, ...] = get_args(Route)


class DoseForm(QWidget):
    """Medication, milligrams, route and place. `dose` gives what was typed; `done` comes with Enter."""

    done = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.medication = _line("Medication")
        self.mg = _line("Dose in milligrams")
        self.mg.setPlaceholderText("mg")
        self.route = Choice(name="Route")
        for route in ROUTES:
            self.route.addItem(words.route(route), route)
        self.site = _line("Site")
        self.site.setPlaceholderText("Site, for example left deltoid")
        self._usual_buttons: list[Button] = []
        self._usual_doses: tuple[int, ...] = ()
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, parts in ((first, ((self.mg, 2), (self.route, 3), (self.medication, 4))), (second, ((self.site, 1),))):
            row.setSpacing(theme.px(6))
            for part, stretch in parts:
                row.addWidget(part, stretch)
        self._usual = FlowRow(spacing=theme.px(6))
        second.insertWidget(0, self._usual)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addLayout(first)
        column.addLayout(second)
        for edit in (self.medication, self.mg, self.site):
            edit.returnPressed.connect(self.done)
            edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves, and keeps what was typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def offer(self, protocol: Protocol | None) -> None:
        """Begin with what the protocol has: its medication and route; its usual doses are offered, none is chosen."""
        self.site.clear()
        self.mg.clear()
        self.medication.setText(protocol.medication if protocol else "")
        if protocol is not None:
            self.route.setCurrentIndex(ROUTES.index(protocol.route))
        self._offer_doses(protocol.usual_doses_mg if protocol else ())
        self.mg.setFocus()

    def bring_back(self, given: DoseGiven) -> None:
        """Begin with a dose as it was recorded."""
        self._offer_doses(())
        self.medication.setText(given.medication)
        self.mg.setText(words.amount(given.dose_ug).removesuffix(" mg"))
        self.route.setCurrentIndex(ROUTES.index(given.route))
        self.site.setText(given.site)

    def dose(self, like: DoseGiven | None = None) -> DoseGiven | str:
        """What was typed, with strength and lot as in `like`; or a plain sentence saying what is missing."""
        dose_ug = micrograms(self.mg.text())
        if dose_ug is None:
            self.mg.setFocus()
            return "Type the dose in milligrams, for example 50 or 12.5."
        if not self.medication.text().strip():
            self.medication.setFocus()
            return "Type which medication was given."
        typed = (self.medication.text().strip(), dose_ug, self.route.currentData(), self.site.text().strip())
        if like is None:
            return DoseGiven(*typed)
        return DoseGiven(*typed, like.strength_ug_per_ml, like.volume_ul, like.lot, like.expiry)

    def _offer_doses(self, doses_mg: tuple[int, ...]) -> None:
        if doses_mg == self._usual_doses:
            return
        self._usual_doses = doses_mg
        for old in self._usual_buttons:
            self._usual.drop(old)
        self._usual_buttons = []
        for mg in doses_mg[:3]:
            button = Button(f"{mg} mg", name=f"Dose {mg} mg")
            button.setProperty("narrow", True)
            button.clicked.connect(lambda _=False, mg=mg: self._take(mg))
            self._usual.add(button)
            self._usual_buttons.append(button)
        self._usual.setFixedWidth(self._usual.line_width())

    def _take(self, mg: int) -> None:
        self.mg.setText(str(mg))
        self.site.setFocus()


def micrograms(typed: str) -> int | None:
    """Milligrams as typed ("12.5", "12,5", "50 mg") in micrograms; None for anything that is not exactly that."""
    try:
        amount = Decimal(typed.strip().lower().removesuffix("mg").strip().replace(",", ".")) * 1000
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount <= 0 or amount != amount.to_integral_value() or amount > 100_000_000:
        return None
    return int(amount)


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(name)
    line.setAccessibleName(name)
    return line
