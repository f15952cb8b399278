"""One box of the vitals pad: a number typed with the numpad, and what is said about it."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical.vitals import NAMES, Field, complete
from ui import theme
from ui.widgets.label import Label, restyle

FieldState = Literal["ok", "check", "refused"]
_SHORT: dict[Field, tuple[str, str]] = {
    "systolic_mmhg": ("Sys", "mmHg"),
    "diastolic_mmhg": ("Dia", "mmHg"),
    "pulse_per_min": ("Pulse", "/min"),
    "spo2_percent": ("SpO₂", "%"),
    "breaths_per_min": ("RR", "/min"),
    "temperature_dc": ("Temp", "°C"),
}
_ON = {Qt.Key.Key_Space, Qt.Key.Key_Slash, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Asterisk}
_DIGITS = 3


def number(field: Field, typed: str) -> int | None:
    """A typed value in the unit of its field: tenths for temperature (`36.8`, `36,8`, `368`), else whole numbers.

    None for an empty text. Raises ValueError for one that is no number.
    """
    text = typed.strip().replace(",", ".")
    if not text:
        return None
    if field != "temperature_dc":
        return int(text)
    whole, point, tenths = text.partition(".")
    if not point:
        return int(whole) if len(whole) == 3 else int(whole) * 10
    if len(tenths) > 1:
        raise ValueError(f"{typed} has more than one decimal")
    return int(whole) * 10 + int(tenths or 0)


class _Box(QLineEdit):
    """A short line that hands on the keys which mean "next" and "back"."""

    onward = Signal()
    backward = Signal()
    came_by_itself = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        came_by_itself, self.came_by_itself = self.came_by_itself, False
        if event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # held down, it would answer what it was just asked
        elif event.key() in _ON and came_by_itself:
            event.accept()  # the hand that types the separator all the same is here already
        elif event.key() in _ON:
            self.onward.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.backward.emit()
        elif event.key() == Qt.Key.Key_Right and self.cursorPosition() == len(self.text()):
            self.onward.emit()
        elif event.key() == Qt.Key.Key_Left and self.cursorPosition() == 0:
            self.backward.emit()
        elif event.text().isprintable() and event.text() and not (event.text().isdigit() or event.text() in ".,"):
            event.accept()  # nothing but numbers comes in, and no letter goes on to act as a key of the page
        else:
            super().keyPressEvent(event)


class ReadingField(QWidget):
    """A value with its name above. `typed` at every change; `onward` and `backward` when another box is asked for.

    `full` comes when a value was typed that can go on to no other: the cursor may jump to the next box by itself.
    """

    typed = Signal()
    full = Signal()
    onward = Signal()
    backward = Signal()
    done = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        short, unit = _SHORT[field]
        self._box = _Box()
        self._box.setMaxLength(_DIGITS + 1 if field == "temperature_dc" else _DIGITS)
        self._box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._box.setProperty("part", "figure")
        self._box.setMinimumWidth(theme.px(52))
        self._box.setAccessibleName(f"{NAMES[field]}, {unit}")
        self._box.setToolTip(f"{NAMES[field]}, {unit}")
        self._had, self._grew = 0, False
        self._box.textChanged.connect(self._note_length)
        self._box.textEdited.connect(self._edited)
        self._box.onward.connect(self.onward)
        self._box.backward.connect(self.backward)
        self._box.returnPressed.connect(self.done)
        name = Label(short, "muted")
        name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        name.setBuddy(self._box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(name)
        column.addWidget(self._box)
        self.setFocusProxy(self._box)

    def text(self) -> str:
        """What was typed."""
        return self._box.text()

    def set_text(self, text: str) -> None:
        """Put a text in, as a draft brought back."""
        self._box.setText(text)

    def value(self) -> int | None:
        """The value in the unit of the field; None when empty. Raises ValueError when it is no number."""
        return number(self.field, self._box.text())

    def _edited(self, text: str) -> None:
        self.typed.emit()
        if self._grew and self._box.cursorPosition() == len(text) and complete(self.field, text):
            self.full.emit()

    def _note_length(self, text: str) -> None:
        self._grew, self._had = len(text) > self._had, len(text)

    def mark(self, state: FieldState) -> None:
        """Show whether it stands, is asked about, or is refused."""
        restyle(self._box, "state", "" if state == "ok" else state)

    def take_focus(self, by_itself: bool = False) -> None:
        """Put the cursor here, all of it selected; `by_itself`: nobody pressed a key for it."""
        self._box.came_by_itself = by_itself
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)
        self._box.selectAll()
