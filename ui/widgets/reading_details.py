"""How a reading was taken: arm, position, oxygen, who read it. Each changes by one tap, and costs no key."""

from decimal import Decimal, InvalidOperation
from typing import get_args

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kapdesk.clinical.vitals import litres
from kapdesk.facts.session import Arm, Position, Reader, VitalsTaken
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, restyle
from ui.widgets.line_edit import line_edit

_ASKED = {"arm": "Arm", "position": "Position", "read_by": "Read by"}
_CHOICES: dict[str, tuple[str, ...]] = {
    "arm": get_args(Arm),
    "position": get_args(Position),
    "read_by": get_args(Reader),
}


class ReadingDetails(FlowRow):
    """Three buttons that go on to their next word, and a short line for oxygen in L/min. `done` comes with Enter."""

    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(spacing=theme.px(4), parent=parent)
        self._chosen = dict.fromkeys(_CHOICES, "")
        self._buttons: dict[str, Button] = {}
        for field, asked in _ASKED.items():
            button = Button(asked, "bare")
            button.setProperty("narrow", True)
            button.clicked.connect(lambda _=False, field=field: self._next(field))
            self._buttons[field] = button
        self.oxygen = line_edit("Oxygen, L/min")
        self.oxygen.setPlaceholderText("O₂")
        self.oxygen.setToolTip("Oxygen, L/min; empty: not said, 0: room air")
        self.oxygen.setMaxLength(5)
        self.oxygen.setFixedWidth(theme.px(60))
        self.oxygen.returnPressed.connect(self.done)
        unit = Label("L/min", "muted")
        unit.setFixedHeight(theme.px(44))
        for part in (self._buttons["arm"], self._buttons["position"], self.oxygen, unit, self._buttons["read_by"]):
            self.add(part)
        for field in _CHOICES:
            self._show(field)

    def put(self, taken: VitalsTaken) -> None:
        """Show how this one was taken."""
        for field in _CHOICES:
            self._chosen[field] = getattr(taken, field)
            self._show(field)
        oxygen = taken.oxygen_ml_per_min
        self.oxygen.setText("" if oxygen is None else litres(oxygen))
        self.mark(refused=False)

    def into(self, taken: VitalsTaken) -> VitalsTaken:
        """The reading with how it was taken, the arm only for a pressure. ValueError where oxygen is no number."""
        pressure = taken.systolic_mmhg is not None or taken.diastolic_mmhg is not None
        chosen = self._chosen | ({} if pressure else {"arm": ""})
        return msgspec.structs.replace(taken, oxygen_ml_per_min=millilitres(self.oxygen.text()), **chosen)

    def mark(self, refused: bool, check: bool = False) -> None:
        """Show whether the oxygen stands, is asked about, or is refused."""
        restyle(self.oxygen, "state", "refused" if refused else "check" if check else "")

    def _next(self, field: str) -> None:
        choices = _CHOICES[field]
        self._chosen[field] = choices[(choices.index(self._chosen[field]) + 1) % len(choices)]
        self._show(field)

    def _show(self, field: str) -> None:
        word, asked = self._chosen[field], _ASKED[field]
        said = {"arm": f"{word.capitalize()} arm", "position": word.capitalize(), "read_by": f"Read by {word}"}[field]
        self._buttons[field].set_words(said if word else asked, f"{asked}: {word or 'not said'}")
        self.claim()


def millilitres(typed: str) -> int | None:
    """Oxygen as typed in L/min ("2", "1,5") in mL/min; None for an empty text. ValueError where it is no number."""
    text = typed.strip().replace(",", ".")
    if not text:
        return None
    try:
        amount = Decimal(text) * 1000
    except InvalidOperation as error:
        raise ValueError(f"{typed} is no number") from error
    if not amount.is_finite() or amount != amount.to_integral_value():
        raise ValueError(f"{typed} is no number of L/min")
    return int(amount)
