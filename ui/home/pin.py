"""A PIN for today, chosen in one line: it opens the locked screen and stands for its person, nothing more."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.errors import KnownError
from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Sign
from ui.widgets.secret import NewSecret

NONE = "No PIN for today. With one, four digits open the locked screen and enter a reading."
CHOSEN = "Your PIN holds until midnight."


class PinLine(QWidget):
    """`wanted` carries the PIN."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = Sign("person", "muted")
        self._words = Label("", "muted", wrap=True)
        self._choose = Button("Choose a PIN")
        self._secret = NewSecret("PIN")
        self._keep = Button("Keep it", "primary", name="Keep this PIN")
        self._away = Button("Put away", name="Put the PIN away")
        self._refusal = Refusal()
        line = QHBoxLayout()
        line.setSpacing(theme.px(10))
        line.addWidget(self._sign)
        line.addWidget(self._words, 1)
        line.addWidget(self._choose)
        self._row = FlowRow(self._keep, self._away)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        column.setSpacing(theme.px(8))
        column.addLayout(line)
        for part in (self._secret, self._row, self._refusal):
            column.addWidget(part)
        self._open(False)
        self._choose.clicked.connect(lambda: self._open(True))
        self._away.clicked.connect(lambda: self._open(False))
        self._keep.clicked.connect(self._say)
        self._secret.returned.connect(self._say)

    def display(self, name: str, has_pin: bool) -> None:
        """Whose PIN it is; nothing where nobody is known to be at the desk."""
        self.setVisible(bool(name))
        self._words.setText(f"{name}: {CHOSEN if has_pin else NONE}")
        self._choose.set_words("Another PIN" if has_pin else "Choose a PIN")

    def taken(self) -> None:
        """It holds."""
        self._open(False)

    def refuse(self, sentence: str) -> None:
        """It was not taken: why."""
        self._secret.clear()
        self._refusal.say(sentence)

    def _open(self, open_: bool) -> None:
        self._refusal.say("")
        self._secret.clear()
        self._choose.setVisible(not open_)
        self._secret.setVisible(open_)
        self._row.setVisible(open_)
        if open_:
            self._secret.first.setFocus()

    def _say(self) -> None:
        try:
            pin = self._secret.text()
        except KnownError as error:
            self.refuse(str(error))
            return
        self.wanted.emit(pin)
