"""A second person looks at something, and says so with their PIN of today; or, where that may be, their password."""

from collections.abc import Collection
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.secret import SecretField

NOBODY = "Nobody else has a PIN for today. It is chosen on the first page, after a password."


class SecondPerson(QWidget):
    """`looked` carries what was looked at, the person and their PIN. `done` is the word on the button ("Checked").

    It asks for a PIN, unless `ask_pin_of` said who has one: of anyone else the password is asked, `by_password`.
    `alone`: nothing around it puts it away, so it has its own button for that.
    """

    looked = Signal(object, str, str)

    def __init__(self, done: str, name: str, alone: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of: UUID | None = None
        self._name = name
        self._open = Button("", icon="check")
        self._said = Label("", wrap=True)
        self._who = Choice(name="Second person")
        self._pins: Collection[str] | None = None
        self._pin = SecretField("PIN of the second person")
        self._go = Button(done, "primary")
        buttons = FlowRow(self._go)
        if alone:
            away = Button("Put away", name=f"Put it away: {done}")
            away.clicked.connect(self.put_away)
            buttons.add(away)
        self._refusal = Refusal()
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(6))
        for part in (self._said, self._who, self._pin, buttons, self._refusal):
            sheet.addWidget(part)
        self._sheet.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._open)
        column.addWidget(self._sheet)
        self._open.clicked.connect(self._ask)
        self._go.clicked.connect(self._say)
        self._pin.returned.connect(self._say)
        self._who.currentIndexChanged.connect(lambda _: self._name_secret())

    @property
    def by_password(self) -> bool:
        """Whether the one who is chosen is asked for their password."""
        chosen = self._who.currentData()
        return chosen is not None and self._pins is not None and chosen not in self._pins

    def ask_pin_of(self, people: Collection[str]) -> None:
        """Only these (ids) have a PIN."""
        self._pins = people
        self._name_secret()

    def display(self, of: UUID | None, offered: str, said: str, people: tuple[tuple[str, str], ...]) -> None:
        """Offer to look at this, in so many words; None for nothing. `people` are ids and names of those who can."""
        self.setVisible(of is not None)
        if of is None:
            self.put_away()
            return
        self._of = of
        self._open.set_words(offered, self._name)
        self._said.setText(said)
        if [self._who.itemData(n) for n in range(self._who.count())] != [id_ for id_, _ in people]:
            self._who.clear()
            for id_, name in people:
                self._who.addItem(name, id_)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; the PIN is to be typed again."""
        self._pin.clear()
        self._refusal.say(sentence)

    def put_away(self) -> None:
        """Closed, and what was secret forgotten."""
        self._pin.clear()
        self._refusal.say("")
        self._sheet.hide()
        self._open.show()

    def _name_secret(self) -> None:
        self._pin.rename(f"{'Password' if self.by_password else 'PIN'} of the second person")

    def _ask(self) -> None:
        self._open.hide()
        self._sheet.show()
        self._refusal.say("" if self._who.count() else NOBODY)
        self._pin.setFocus()

    def _say(self) -> None:
        if self._who.currentData() is None:
            self._refusal.say(NOBODY)
        else:
            self.looked.emit(self._of, self._who.currentData(), self._pin.text())
