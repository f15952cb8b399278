"""Opening the locked screen: a name and its PIN or password, or emergency access."""

from functools import partial

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.secret import SecretField

GLASS = (
    "The screen opens without a password. Your name, the reason and the time stay on record, and the window says so "
    "for a day."
)


class Known(msgspec.Struct, frozen=True):
    """Someone who can open the screen: by their PIN of today where `person` says who they are, else by password."""

    name: str
    person: str = ""


class UnlockPanel(Panel):
    """`by_pin` carries person and PIN, `by_password` name and password, `glass` the name and the reason."""

    by_pin = Signal(str, str)
    by_password = Signal(str, str)
    glass = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Locked", "person", parent=parent)
        self._people: tuple[Known, ...] = ()
        self._chosen: Known | None = None
        self._pin = True
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.px(6))
        self._hint = Label("", "muted", wrap=True)
        self._secret = SecretField("PIN")
        self._open = Button("Unlock", "primary", "forward")
        self._other = Button("Password instead")
        self._row = FlowRow(self._open, self._other)
        self._refusal = Refusal()
        self._emergency = Button("Emergency access", icon="warning")
        self._sheet = QWidget()
        self._name, self._reason = QLineEdit(), QLineEdit()
        for edit, said in ((self._name, "Your name"), (self._reason, "Reason")):
            edit.setPlaceholderText(said)
            edit.setAccessibleName(said)
            edit.returnPressed.connect(self._break)
        self._go = Button("Open and keep it on record", "primary")
        self._away = Button("Put away", name="Put emergency access away")
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        parts: tuple[QWidget, ...] = (self._name, self._reason, FlowRow(self._go, self._away))
        for part in (Label(GLASS, "muted", wrap=True), *parts):
            sheet.addWidget(part)
        self._sheet.hide()
        self.body.addLayout(self._list)
        for part in (self._hint, self._secret, self._row, self._sheet, self._refusal):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.body.addWidget(self._emergency)
        self._open.clicked.connect(self._say)
        self._secret.returned.connect(self._say)
        self._other.clicked.connect(lambda: self._ask(pin=not self._pin))
        self._emergency.clicked.connect(partial(self._turn, True))
        self._away.clicked.connect(partial(self._turn, False))
        self._go.clicked.connect(self._break)

    def display(self, people: tuple[Known, ...], hint: str, last: str = "") -> None:
        """Who can open it; `last` is who was at the desk, whose secret is asked for at once."""
        self._people = people
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._turn(False)
        self._name.clear()
        self._reason.clear()
        self._choose(next((each for each in people if last and last in (each.person, each.name)), None))

    def take_focus(self) -> None:
        """Ready to be typed into."""
        (self._secret if self._chosen else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, sentence: str) -> None:
        """It did not open: why. What was secret is to be typed again."""
        self.busy(False)
        self._secret.clear()
        self._refusal.say(sentence)
        self.take_focus()

    def hold(self, seconds: int) -> None:
        """Too many wrong passwords: the next one waits so long."""
        if seconds > 0:
            self._open.setEnabled(False)
            QTimer.singleShot(seconds * 1_000, self, lambda: self._open.setEnabled(True))

    def busy(self, busy: bool) -> None:
        """While it is being looked at nothing can be pressed."""
        for button in (self._open, self._other):
            button.setEnabled(not busy)
        if busy:
            self._refusal.say("")

    def _choose(self, chosen: Known | None) -> None:
        self._chosen = chosen
        empty(self._list)
        for each in self._people:
            here = each == chosen
            button = LineButton(
                (Part(each.name, "head" if here else "body"), Part("PIN" if each.person else "password", "muted")),
                *(("check", "accent") if here else ("person", "muted")),
                name=each.name,
            )
            button.setCheckable(True)
            button.setChecked(here)
            button.clicked.connect(partial(self._take, each))
            self._list.addWidget(button)
        self._ask(pin=chosen is not None and bool(chosen.person))

    def _take(self, chosen: Known, _: bool = True) -> None:
        self._refusal.say("")
        QTimer.singleShot(0, self, partial(self._taken, chosen))  # not under the press

    def _taken(self, chosen: Known) -> None:
        self._choose(chosen)
        self.take_focus()

    def _ask(self, pin: bool) -> None:
        self._pin = pin
        said = "PIN" if pin else "Password"
        self._secret.clear()
        self._secret.edit.setPlaceholderText(said)
        self._secret.edit.setAccessibleName(said)
        self._other.set_words("Password instead" if pin else "PIN instead")
        self._other.setVisible(bool(self._chosen and self._chosen.person))
        for part in (self._secret, self._row):
            part.setVisible(self._chosen is not None and self._sheet.isHidden())
        if self._chosen:
            self.take_focus()

    def _say(self) -> None:
        if self._chosen is None or not self._open.isEnabled():
            return
        if not self._secret.text():
            self._refusal.say(f"Type your {'PIN' if self._pin else 'password'}.")
            return
        self.busy(True)
        if self._pin:
            self.by_pin.emit(self._chosen.person, self._secret.text())
        else:
            self.by_password.emit(self._chosen.name, self._secret.text())

    def _turn(self, emergency: bool, _: bool = True) -> None:
        self._refusal.say("")
        self.busy(False)
        self._sheet.setVisible(emergency)
        self._emergency.setVisible(not emergency)
        for part in (self._secret, self._row):
            part.setVisible(not emergency and self._chosen is not None)
        (self._name if emergency else self._secret).setFocus()

    def _break(self) -> None:
        self.glass.emit(self._name.text(), self._reason.text())
