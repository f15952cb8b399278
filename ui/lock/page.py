"""The locked screen's page: the clocks of what runs, a reading by PIN, and the way back in. Nobody is named on it."""

from functools import partial
from uuid import UUID

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinical.vitals import doubts
from kapdesk.facts.session import VitalsTaken
from ui import theme, words
from ui.line import empty
from ui.lock.unlock import Known, UnlockPanel
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.clock import ClockFace, ClockReading
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.secret import SecretField
from ui.widgets.vitals_pad import VitalsPad
from ui.widgets.when import Moment

HIGHEST = 230
"""Height of a session's clock at most, at scale 1."""

NO_PIN = "Nobody has chosen a PIN today. Unlock with a password to enter the reading; what was typed stays."


class Running(msgspec.Struct, frozen=True):
    """A session that goes on, told without a name: a letter, a chair, its clock, what else is due, what is heard."""

    id: UUID
    letter: str
    chair: str
    clock: ClockReading
    due: tuple[str, ...]
    music: str


class SessionCard(Panel):
    """`entered` carries the session, (VitalsTaken, Moment), and the person with the PIN that stands for them."""

    entered = Signal(object, object, object, str, str)

    def __init__(self, id_: UUID, parent: QWidget | None = None) -> None:
        super().__init__("", "clock", parent=parent)
        self._id = id_
        self._reading: tuple[VitalsTaken, Moment] | None = None
        self._people: tuple[Known, ...] = ()
        self._by: Known | None = None
        self.face = ClockFace()
        self.face.setMaximumHeight(theme.px(HIGHEST))
        self._due = Label("", "lead", wrap=True)
        self._music = Label("", "muted")
        self._vitals = Button("Vitals", icon="vitals", name="Enter vitals")
        self.pad = VitalsPad(doubts)
        self._asked = Label("Whose reading is it?", "muted")
        self._who = QHBoxLayout()
        self._pin = SecretField("PIN")
        self._refusal = Refusal()
        self.body.addWidget(self.face, 1)
        self.body.addWidget(self._due)
        self.body.addWidget(self._music)
        self.body.addWidget(self._vitals)
        self.body.addWidget(self.pad)
        self.body.addWidget(self._asked)
        self.body.addLayout(self._who)
        self.body.addWidget(self._pin)
        self.body.addWidget(self._refusal)
        self.body.addStretch(1)
        self._open(False)
        self._vitals.clicked.connect(partial(self._open, True))
        self.pad.entered.connect(self._entered)
        self.pad.not_taken.connect(lambda _: self._refusal.say("Unlock to say why a reading was left out."))
        self.pad.left.connect(partial(self._open, False))
        self._pin.returned.connect(self._say)

    def display(self, running: Running, people: tuple[Known, ...]) -> None:
        """Show how it stands, and who may enter a reading."""
        self.set_title(words.join(running.letter, f"chair {running.chair}" if running.chair else ""))
        self.face.display(running.clock)
        self._due.setText("\n".join(running.due))
        self._due.setVisible(bool(running.due))
        self._music.setText(running.music)
        self._people = tuple(each for each in people if each.person)

    def taken(self) -> None:
        """The reading is on the record."""
        self.pad.clear()
        self._open(False)

    def refuse(self, sentence: str) -> None:
        """It was not taken; what was typed is still there."""
        self._pin.clear()
        self._refusal.say(sentence)

    def _open(self, open_: bool, _: bool = True) -> None:
        self._refusal.say("")
        self._vitals.setVisible(not open_)
        self.pad.setVisible(open_)
        self._ask(False)
        if open_:
            self.pad.start()

    def _entered(self, taken: VitalsTaken, moment: Moment) -> None:
        self._reading = (taken, moment)
        if not self._people:
            self._refusal.say(NO_PIN)
            return
        self._by = self._people[0] if len(self._people) == 1 else None
        self._ask(True)

    def _ask(self, asks: bool) -> None:
        self._asked.setVisible(asks)
        self._pin.clear()
        self._pin.setVisible(asks and self._by is not None)
        empty(self._who)
        for each in self._people if asks else ():
            button = Button(each.name, "primary" if each == self._by else "quiet")
            button.clicked.connect(partial(self._choose, each))
            self._who.addWidget(button)
        if asks and self._by is not None:
            self._pin.setFocus()

    def _choose(self, who: Known, _: bool = True) -> None:
        self._by = who
        QTimer.singleShot(0, self, partial(self._ask, True))  # the pressed button is replaced, but not under the press

    def _say(self) -> None:
        if self._reading is not None and self._by is not None:
            taken, moment = self._reading
            self.entered.emit(self._id, taken, moment, self._by.person, self._pin.text())


class LockPage(QWidget):
    """Sessions at the left, the way back in at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Locked screen")
        self.unlock = UnlockPanel()
        self.unlock.setFixedWidth(theme.px(400))
        self.cards: dict[UUID, SessionCard] = {}
        self._quiet = Label("No session is running.", "muted")
        self._time = Label("", "title")
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(12))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._time)
        left.addWidget(self._quiet)
        left.addLayout(self._grid, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(28), theme.px(28), theme.px(28), theme.px(28))
        row.setSpacing(theme.px(20))
        row.addLayout(left, 1)
        row.addWidget(self.unlock)

    def display(self, time: str, running: tuple[Running, ...], people: tuple[Known, ...]) -> list[SessionCard]:
        """Show the time and what runs; gives the cards that are new."""
        self._time.setText(time)
        for part in (self._time, self._quiet):
            part.setVisible(not running)
        for gone in set(self.cards) - {each.id for each in running}:
            self.cards.pop(gone).deleteLater()
        fresh = []
        for n, each in enumerate(running):
            if each.id not in self.cards:
                card = self.cards[each.id] = SessionCard(each.id)
                self._grid.addWidget(card, n // 2, n % 2)
                fresh.append(card)
            self.cards[each.id].display(each, people)
        return fresh
