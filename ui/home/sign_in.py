"""Signing in: who, and their password; or, where it is forgotten, the recovery code."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kapdesk.errors import KnownError
from ui import theme
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.secret import NewSecret, SecretField

FORGOTTEN = (
    "The recovery code is on the paper that was printed when this clinic was set up. It opens the record and gives "
    "you a new password; your private notes open with that, too."
)


class SignInPanel(Panel):
    """`wanted` carries name and password, `recovered` the recovery code, the name and a new password."""

    wanted = Signal(str, str)
    recovered = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sign in", "person", parent=parent)
        self._names: tuple[str, ...] = ()
        self._chosen = ""
        self._waiting = Label("", "lead", wrap=True)
        self._hint = Label("", "muted", wrap=True)
        self._people = QVBoxLayout()
        self._people.setSpacing(theme.px(6))
        self._password = SecretField("Password")
        self._refusal = Refusal()
        self._open = Button("Open", "primary", "forward")
        self._forgotten = Button("Forgotten password")
        self._code = QLineEdit()
        self._code.setPlaceholderText("Recovery code: 8 groups of 5 characters")
        self._code.setAccessibleName("Recovery code")
        self._new = NewSecret()
        self._recover = Button("Open with the recovery code", "primary")
        self._away = Button("Put away", name="Put the recovery code away")
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        sheet.addWidget(Label(FORGOTTEN, "muted", wrap=True))
        sheet.addWidget(self._code)
        sheet.addWidget(Label("Your new password", "muted"))
        sheet.addWidget(self._new)
        sheet.addWidget(FlowRow(self._recover, self._away))
        self._sheet.hide()
        self._row = FlowRow(self._open, self._forgotten)
        self.body.addWidget(self._waiting)
        self.body.addLayout(self._people)
        for part in (self._hint, self._password, self._row, self._sheet, self._refusal):
            self.body.addWidget(part)
        self._clock = QTimer(self, interval=1_000)
        self._clock.timeout.connect(self._count)
        self._left_s = 0
        self._open.clicked.connect(self._say)
        self._password.returned.connect(self._say)
        self._forgotten.clicked.connect(partial(self._turn, True))
        self._away.clicked.connect(partial(self._turn, False))
        self._recover.clicked.connect(self._say_code)
        self._new.returned.connect(self._say_code)

    def display(self, names: tuple[str, ...], waiting: str = "", hint: str = "") -> None:
        """Who can sign in; what waits for them, without any patient's name; a hint below their names."""
        self._names = names
        self._waiting.setText(waiting)
        self._waiting.setVisible(bool(waiting))
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._choose(names[0] if len(names) == 1 else self._chosen)

    @property
    def chosen(self) -> str:
        """Who is to sign in."""
        return self._chosen

    def refuse(self, sentence: str) -> None:
        """Say why it was not opened; the name stays, the password is to be typed again."""
        self.busy(False)
        self._password.clear()
        self._refusal.say(sentence)
        self._password.setFocus()

    def hold(self, seconds: int) -> None:
        """Too many wrong passwords: the next one waits so long."""
        self._left_s = seconds
        if seconds > 0:
            self._clock.start()
        self._count(first=True)

    def busy(self, busy: bool) -> None:
        """While it is being opened nothing can be pressed."""
        self._open.set_words("Opening …" if busy else "Open")
        for button in (self._open, self._forgotten, self._recover):
            button.setEnabled(not busy)
        if busy:
            self._refusal.say("")

    def clear(self) -> None:
        """Forget what was typed."""
        self._password.clear()
        self._new.clear()
        self._code.clear()

    def _choose(self, name: str) -> None:
        self._chosen = name
        empty(self._people)
        for each in self._names:
            here = each == name
            parts = (Part(each, "head" if here else "body"),)
            button = LineButton(parts, *(("check", "accent") if here else ("person", "muted")), name=each)
            button.setCheckable(True)
            button.setChecked(here)
            button.clicked.connect(partial(self._take, each))
            self._people.addWidget(button)
        self._password.setVisible(bool(name))
        self._row.setVisible(bool(name))

    def _take(self, name: str, _: bool = True) -> None:
        self._refusal.say("")
        QTimer.singleShot(0, partial(self._taken, name))  # the pressed button is replaced, but not under the press

    def _taken(self, name: str) -> None:
        self._choose(name)
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self, forgotten: bool, _: bool = True) -> None:
        self._refusal.say("")
        self._sheet.setVisible(forgotten)
        self._row.setVisible(not forgotten)
        self._password.setVisible(not forgotten)
        (self._code if forgotten else self._password).setFocus()

    def _say(self) -> None:
        if not self._open.isEnabled():
            return
        if not self._chosen:
            self._refusal.say("Choose your name first.")
        elif not self._password.text():
            self._refusal.say("Type your password.")
        else:
            self.busy(True)
            self.wanted.emit(self._chosen, self._password.text())

    def _say_code(self) -> None:
        try:
            password = self._new.text()
        except KnownError as error:
            self._refusal.say(str(error))
            return
        if not self._code.text().strip():
            self._refusal.say("Type the recovery code from the paper.")
        else:
            self.busy(True)
            self.recovered.emit(self._code.text(), self._chosen, password)

    def _count(self, first: bool = False) -> None:
        self._left_s -= 0 if first else 1
        if self._left_s > 0:
            self._open.setEnabled(False)
            self._open.set_words(f"Wait {self._left_s} s")
        else:
            self._clock.stop()
            self.busy(False)
