"""The choice of when something was: now, one, two or five minutes ago, or at a time of day."""

import re

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.label import Label, restyle

AGO_MS = (0, 60_000, 120_000, 300_000)
_CLOCK = re.compile(r"(?P<hour>\d{1,2})[:.h ]?(?P<minute>\d{2})")


class Moment(msgspec.Struct, frozen=True):
    """When something was: so long ago (`ago_ms`), or, where `clock` is not empty, at that time of day ("21:40").

    Which instant that is, the one who holds the clock says.
    """

    ago_ms: int = 0
    clock: str = ""


def clock_time(typed: str) -> str | None:
    """A typed time of day as "21:40": `2140`, `21:40`, `9.05`; None for anything else."""
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"])
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


class When(QWidget):
    """One row of choices, "Now" to begin with. `chosen` carries the `Moment` each time it becomes another;
    `done` comes with Enter in the time of day."""

    chosen = Signal(object)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("When")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        self._choices = QButtonGroup(self)
        for n, (words, said) in enumerate(
            [
                ("Now", "Now"),
                ("1", "1 minute ago"),
                ("2", "2 minutes ago"),
                ("5", "5 minutes ago"),
                ("At", "Time of day"),
            ]
        ):
            button = Button(words, name=said)
            button.setProperty("narrow", True)
            button.setCheckable(True)
            button.setToolTip(said)
            self._choices.addButton(button, n)
            if words == "At":
                row.addWidget(Label("min ago", "muted"))
            row.addWidget(button)
        self._clock = QLineEdit()
        self._clock.setPlaceholderText("21:40")
        self._clock.setMaxLength(5)
        self._clock.setFixedWidth(theme.px(76))
        self._clock.setAccessibleName("Time of day, hours and minutes")
        self._clock.hide()
        row.addWidget(self._clock)
        row.addStretch(1)
        self._choices.button(0).setChecked(True)
        self._choices.idClicked.connect(self._chose)
        self._clock.textChanged.connect(self._typed)
        self._clock.returnPressed.connect(self.done)

    def moment(self) -> Moment | None:
        """The choice; None while a time of day is asked for and not yet one."""
        n = self._choices.checkedId()
        if n < len(AGO_MS):
            return Moment(AGO_MS[n])
        clock = clock_time(self._clock.text())
        return None if clock is None else Moment(clock=clock)

    def reset(self) -> None:
        """Back to "Now"."""
        self._clock.clear()
        self._choices.button(0).setChecked(True)
        self._clock.hide()

    def point_out(self) -> None:
        """Put the cursor where the time of day is still missing."""
        restyle(self._clock, "state", "check")
        self._clock.setFocus()

    def _chose(self, n: int) -> None:
        asks = n == len(AGO_MS)
        self._clock.setVisible(asks)
        if asks:
            self._clock.setFocus()
        self._tell()

    def _typed(self, text: str) -> None:
        whole = len(text.replace(":", "")) >= 4
        restyle(self._clock, "state", "refused" if whole and clock_time(text) is None else "")
        self._tell()

    def _tell(self) -> None:
        moment = self.moment()
        if moment is not None:
            self.chosen.emit(moment)
