"""Showing who one is, for a signature: what is said by it stands there, a name is chosen, a password typed anew."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.scrolling import bring_into_sight
from ui.widgets.secret import SecretField

NOBODY = "Nobody else here may and has a password. Give a therapist, a prescriber or a nurse one; nothing is lost."

People = tuple[tuple[str, str], ...]
"""Ids and names."""


class Proof(QFrame):
    """`shown` carries who says they are it, and their password; `left` that it was put away. Esc puts it away."""

    shown = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self._asked = Label("", wrap=True)
        self._meaning = Label("", "head", wrap=True)
        self._who = Choice(name="Who signs")
        self._secret = SecretField("Password")
        self._go, self._away = Button("Sign", "primary", "lock"), Button("Not yet")
        self._refusal = Refusal()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(10), theme.px(12), theme.px(10))
        column.setSpacing(theme.px(8))
        row = FlowRow(self._go, self._away)
        for part in (self._asked, self._meaning, self._who, self._secret, self._refusal, row):
            column.addWidget(part)
        self.hide()
        self._go.clicked.connect(self._say)
        self._secret.returned.connect(self._say)
        self._away.clicked.connect(self.put_away)

    def ask(self, words: str, meaning: str, go: str, people: People, likely: str = "") -> None:
        """Ask for a name and a password. `likely` is who is at the desk, chosen to begin with."""
        self._asked.setText(words)
        self._meaning.setText(f"By your password you say: “{meaning}”")
        self._go.set_words(go)
        self._who.clear()
        for id_, name in people:
            self._who.addItem(name, id_)
        for part in (self._who, self._secret, self._go, self._meaning):
            part.setVisible(bool(people))
        at = next((n for n, (id_, _) in enumerate(people) if id_ == likely), 0)
        self._who.setCurrentIndex(at if people else -1)
        self._secret.clear()
        self.busy(False)
        self._refusal.say("" if people else NOBODY)
        self.show()
        bring_into_sight(self)
        (self._secret if people else self._away).setFocus()

    def busy(self, busy: bool) -> None:
        """Whether the password is being looked at."""
        self._go.setEnabled(not busy)

    def refuse(self, sentence: str) -> None:
        """Why nothing was signed; the password is to be typed again."""
        self.busy(False)
        self._secret.clear()
        self._refusal.say(sentence)
        bring_into_sight(self)
        self._secret.setFocus()

    def put_away(self) -> None:
        """Closed; what was secret is forgotten."""
        self._secret.clear()
        self._refusal.say("")
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
            return
        super().keyPressEvent(event)

    def _say(self) -> None:
        if not self._go.isEnabled() or not self._who.currentData():
            return
        if not self._secret.text():
            self._refusal.say("Type your password.")
            return
        self._refusal.say("")
        self.busy(True)
        self.shown.emit(self._who.currentData(), self._secret.text())
