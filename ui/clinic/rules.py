"""The clinic's rules: when the screen locks, and how long records are kept."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.panel import Panel

MINUTES = (2, 5, 10, 15, 30, 60)
YEARS = (5, 6, 7, 8, 10, 15, 20, 30)
EXAMPLES = "What is shipped is an example. How long records must be kept is said by the law of your country."


class RulesPanel(Panel):
    """`lock_chosen` carries minutes, `years_chosen` years, each as soon as it is chosen."""

    lock_chosen = Signal(int)
    years_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Rules", "check", parent=parent)
        self._minutes = Choice(name="Minutes without a touch until the screen locks")
        self._years = Choice(name="Years that a record is kept after the last visit")
        self._refusal = Refusal()
        grid = QGridLayout()
        grid.setSpacing(theme.px(10))
        grid.setColumnStretch(0, 1)
        for n, (said, choice) in enumerate(
            (("The screen locks after", self._minutes), ("Records are kept after the last visit for", self._years))
        ):
            grid.addWidget(Label(said, wrap=True), n, 0)
            grid.addWidget(choice, n, 1)
        self.body.addLayout(grid)
        self.body.addWidget(Label(EXAMPLES, "muted", wrap=True))
        self.body.addWidget(self._refusal)
        self._minutes.activated.connect(lambda _: self.lock_chosen.emit(self._minutes.currentData()))
        self._years.activated.connect(lambda _: self.years_chosen.emit(self._years.currentData()))

    def display(self, minutes: int, years: int) -> None:
        """As they are now."""
        _fill(self._minutes, MINUTES, minutes, "min")
        _fill(self._years, YEARS, years, "years")
        self._refusal.say("")

    def refuse(self, sentence: str) -> None:
        """Why a rule was not changed."""
        self._refusal.say(sentence)


def _fill(choice: Choice, offered: tuple[int, ...], now: int, unit: str) -> None:
    choice.clear()
    for number in sorted({*offered, now}):
        choice.addItem(f"{number} {unit}", number)
    choice.setCurrentIndex(choice.findData(now))
