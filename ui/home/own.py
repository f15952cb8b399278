"""What is one's own at the first page: a PIN for today, and another password."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.errors import KnownError
from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Sign
from ui.widgets.secret import NewSecret, SecretField

NO_PIN = "No PIN for today. It would open the locked screen and enter a reading."
PIN = "Your PIN holds until midnight."
CHANGED = "The new password holds from now on. Your private notes open with it too."


class _Sheet(QWidget):
    """Something secret, typed twice, and what to do with it."""

    def __init__(self, kind: str, keep: str, before: SecretField | None = None) -> None:
        super().__init__()
        self.before = before
        self.secret = NewSecret(kind)
        self.keep = Button("Keep it", "primary", name=keep)
        self.away = Button("Put away", name=f"Put it away: {keep}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for part in (before, self.secret, FlowRow(self.keep, self.away)):
            if part is not None:
                column.addWidget(part)
        self.away.clicked.connect(self.put_away)
        self.hide()

    def open(self) -> None:
        """Ready to be typed into."""
        self.show()
        (self.before or self.secret.first).setFocus()

    def clear(self) -> None:
        """Forget what was typed."""
        self.secret.clear()
        if self.before is not None:
            self.before.clear()

    def put_away(self) -> None:
        """Out of sight, and forgotten."""
        self.clear()
        self.hide()


class OwnLine(QWidget):
    """`pin_wanted` carries a PIN; `password_wanted` the password so far and the new one; `audit_asked` who did what,
    `clinic_asked` the clinic's own page."""

    pin_wanted = Signal(str)
    password_wanted = Signal(str, str)
    audit_asked = Signal()
    clinic_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Label("", "muted", wrap=True)
        self._pin, self._password = Button("Choose a PIN"), Button("Change password")
        self._audit, self._clinic = Button("Who did what"), Button("The clinic")
        self._pins = _Sheet("PIN", "Keep this PIN")
        self._passwords = _Sheet("Password", "Keep this password", SecretField("Password so far"))
        self._refusal, self._told = Refusal(), Refusal("muted")
        line = QHBoxLayout()
        line.setSpacing(theme.px(10))
        line.addWidget(Sign("person", "muted"))
        line.addWidget(self._words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        column.setSpacing(theme.px(8))
        column.addLayout(line)
        column.addWidget(FlowRow(self._pin, self._password, self._audit, self._clinic))
        for part in (self._pins, self._passwords, self._refusal, self._told):
            column.addWidget(part)
        self._audit.clicked.connect(self.audit_asked)
        self._clinic.clicked.connect(self.clinic_asked)
        self._pin.clicked.connect(lambda: self._open(self._pins))
        self._password.clicked.connect(lambda: self._open(self._passwords))
        for sheet in (self._pins, self._passwords):
            sheet.keep.clicked.connect(lambda _=True, sheet=sheet: self._say(sheet))
            sheet.secret.returned.connect(lambda sheet=sheet: self._say(sheet))

    def display(self, name: str, has_pin: bool, audits: bool, runs: bool) -> None:
        """Whose they are, and whether they may see who did what, and run the clinic; nothing where nobody is known to
        be at the desk."""
        self._audit.setVisible(audits)
        self._clinic.setVisible(runs)
        self.setVisible(bool(name))
        self._words.setText(f"{name}: {PIN if has_pin else NO_PIN}")
        self._pin.set_words("Another PIN" if has_pin else "Choose a PIN")

    def taken(self, words: str = "") -> None:
        """It holds."""
        self._pins.put_away()
        self._passwords.put_away()
        self._refusal.say("")
        self._told.say(words)

    def refuse(self, sentence: str) -> None:
        """It was not taken: why. It is to be typed again."""
        for sheet in (self._pins, self._passwords):
            sheet.clear()
        self._refusal.say(sentence)

    def _open(self, sheet: _Sheet) -> None:
        self.taken()
        sheet.open()

    def _say(self, sheet: _Sheet) -> None:
        try:
            secret = sheet.secret.text()
        except KnownError as error:
            self.refuse(str(error))
            return
        if sheet.before is None:
            self.pin_wanted.emit(secret)
        else:
            self.password_wanted.emit(sheet.before.text(), secret)
