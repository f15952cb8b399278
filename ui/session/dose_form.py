"""What a dose is typed into, the first time or as a correction."""

from decimal import Decimal, InvalidOperation
from typing import get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinical.dosing import SELF_TAKEN, microlitres, per_kg
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.session import DoseGiven
from kapdesk.facts.words import Route
from kapdesk.session.devices import Next, place
from ui import theme, words
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit

ROUTES: tuple[Route, ...] = get_args(Route)


class DoseForm(QWidget):
    """Medication, milligrams, route and place. `dose` gives what was typed; `done` comes with Enter."""

    done = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.medication = line_edit("Medication")
        self.mg = line_edit("Dose in milligrams")
        self.mg.setPlaceholderText("mg")
        self.route = Choice(name="Route")
        for route in ROUTES:
            self.route.addItem(words.route(route), route)
        self.site = line_edit("Site")
        self.site.setPlaceholderText("Site, for example left deltoid")
        self._per_kg = Label("", "muted")
        self._weight_g: int | None = None
        self._usual_buttons: list[Button] = []
        self._device_mg = 0
        self._usual_doses: tuple[int, ...] = ()
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, parts in ((first, ((self.mg, 2), (self.route, 3), (self.medication, 4))), (second, ((self.site, 1),))):
            row.setSpacing(theme.px(6))
            for part, stretch in parts:
                row.addWidget(part, stretch)
        self._usual = FlowRow(spacing=theme.px(6))
        second.insertWidget(0, self._usual)
        self._more = Button("More", name="Strength, lot and expiry")
        self._more.setCheckable(True)
        second.addWidget(self._per_kg)
        second.addWidget(self._more)
        self.strength, self.lot, self.expiry = (
            line_edit("Strength in mg/mL"),
            line_edit("Lot"),
            line_edit("Expiry, for example 2027-04"),
        )
        self._vial = QWidget()
        third = QHBoxLayout(self._vial)
        third.setContentsMargins(0, 0, 0, 0)
        third.setSpacing(theme.px(6))
        self._volume = Label("", "muted")
        third.addWidget(self.strength, 3)
        third.addWidget(self._volume)
        third.addWidget(self.lot, 2)
        third.addWidget(self.expiry, 3)
        self._vial.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self._vial)
        for edit in (self.medication, self.mg, self.site, self.strength, self.lot, self.expiry):
            edit.returnPressed.connect(self.done)
            edit.installEventFilter(self)
        self._more.toggled.connect(self._vial.setVisible)
        for edit in (self.mg, self.strength):
            edit.textChanged.connect(lambda _: self._show_volume())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves, and keeps what was typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def offer(self, protocol: Protocol | None, following: Next | None = None) -> None:
        """Begin with what the protocol has: its medication and route; its usual doses are offered, none is chosen.

        Where it is given by devices, one is offered at a time: how many in all at the first, then the `following` one.
        """
        for edit in (self.site, self.mg, self.strength, self.lot, self.expiry):
            edit.clear()
        self._more.setChecked(False)
        self.medication.setText(protocol.medication if protocol else "")
        if protocol is not None:
            self.route.setCurrentIndex(ROUTES.index(protocol.route))
            if protocol.setting == "home":
                self.site.setText(SELF_TAKEN)
        self._device_mg = protocol.device_mg if protocol else 0
        self._offer_doses(protocol.usual_doses_mg if protocol and following is None else ())
        if following is not None:
            self.mg.setText(str(self._device_mg))
            self.site.setText(", ".join(filter(None, (following.words, self.site.text()))))
        self.mg.setFocus()

    def bring_back(self, given: DoseGiven) -> None:
        """Begin with a dose as it was recorded."""
        self._offer_doses(())
        self.medication.setText(given.medication)
        self.mg.setText(words.amount(given.dose_ug).removesuffix(" mg"))
        self.route.setCurrentIndex(ROUTES.index(given.route))
        self.site.setText(given.site)
        strength = given.strength_ug_per_ml
        self.strength.setText(words.amount(strength).removesuffix(" mg") if strength else "")
        self.lot.setText(given.lot)
        self.expiry.setText(given.expiry)
        self._more.setChecked(bool(strength or given.lot or given.expiry))

    def dose(self) -> DoseGiven | str:
        """What was typed, or a plain sentence saying what is missing."""
        dose_ug = micrograms(self.mg.text())
        if dose_ug is None:
            self.mg.setFocus()
            return "Type the dose in milligrams, for example 50 or 12.5."
        if not self.medication.text().strip():
            self.medication.setFocus()
            return "Type which medication was given."
        strength = micrograms(self.strength.text())
        if self.strength.text().strip() and strength is None:
            self.strength.setFocus()
            return "Type the strength in mg/mL, for example 50, or leave it empty."
        return DoseGiven(
            self.medication.text().strip(),
            dose_ug,
            self.route.currentData(),
            self.site.text().strip(),
            strength,
            microlitres(dose_ug, strength) if strength else None,
            self.lot.text().strip(),
            self.expiry.text().strip(),
        )

    def weigh(self, weight_g: int | None) -> None:
        """The patient's weight: what is typed is said by it, too."""
        self._weight_g = weight_g
        self._show_volume()

    def _show_volume(self) -> None:
        dose_ug, strength = micrograms(self.mg.text()), micrograms(self.strength.text())
        self._volume.setText(volume(microlitres(dose_ug, strength)) if dose_ug and strength else "")
        self._per_kg.setText(f"= {per_kg(dose_ug, self._weight_g)}" if dose_ug and self._weight_g else "")

    def _offer_doses(self, doses_mg: tuple[int, ...]) -> None:
        if doses_mg == self._usual_doses:
            return
        self._usual_doses = doses_mg
        for old in self._usual_buttons:
            self._usual.drop(old)
        self._usual_buttons = []
        for mg in doses_mg[:3]:
            by_device = self._device_mg > 0 and mg % self._device_mg == 0
            said = f"{mg // self._device_mg} × {self._device_mg} mg" if by_device else f"{mg} mg"
            button = Button(said, name=f"Dose {said}")
            button.setProperty("narrow", True)
            button.clicked.connect(lambda _=False, mg=mg: self._take(mg))
            self._usual.add(button)
            self._usual_buttons.append(button)
        self._usual.setFixedWidth(self._usual.line_width())

    def _take(self, mg: int) -> None:
        if self._device_mg and mg % self._device_mg == 0:
            self.mg.setText(str(self._device_mg))
            self.site.setText(place(1, mg // self._device_mg))
            self.mg.setFocus()
        else:
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


def volume(ul: int) -> str:
    """A volume: "= 0.5 mL"."""
    whole, part = divmod(ul, 1000)
    return f"= {whole}.{part:03d}".rstrip("0").rstrip(".") + " mL"
