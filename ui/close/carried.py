"""One question about the music after a session: did it carry, was anything unwelcome; more only if it is wanted."""

from functools import partial
from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from kapdesk.clinical.sound import said
from kapdesk.facts.music import Carried, MusicRated
from kapdesk.facts.session import TrackStarted
from kapdesk.session.at_home import music as elsewhere
from ui import theme
from ui.line import across
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel

_WORDS: dict[Carried, str] = {"carried": "It carried", "partly": "In part", "did-not": "It did not"}
_MORE = ("Liking", "Resonance", "Openness")
_MEANS = "Liking of the music; resonance with what they felt; openness to it: from 0, not at all, to 10, wholly."
UNWELCOME = "music unwelcome"


class CarriedPanel(Panel):
    """`rated` carries a `MusicRated`, `typed` what is half-typed. No panel where no music was heard."""

    rated = Signal(object)
    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Did the music carry?", "music", parent=parent)
        self._group = QButtonGroup(self)
        self._answers: dict[Carried, Button] = {}
        for answer in get_args(Carried):
            button = Button(_WORDS[answer], name=f"The music: {_WORDS[answer].lower()}")
            button.setCheckable(True)
            self._group.addButton(button)
            self._answers[answer] = button
        self._unwelcome = line_edit("What was unwelcome, if anything")
        self._more = Button("More …", name="More about the music …")
        self._scales = {word: Choice(["–", *map(str, range(11))], name=f"{word}, 0 to 10") for word in _MORE}
        self._sheet = QWidget()
        self._record = Button("Record", "primary", name="Record how the music was")
        self._told = Label("", "body", wrap=True)
        self._refusal = Refusal()
        self._lay_out()
        self._unwelcome.textChanged.connect(self.typed)
        self._more.clicked.connect(partial(self._sheet.setVisible, True))
        self._more.clicked.connect(self._more.hide)
        self._record.clicked.connect(self._say)

    def display(self, seen: Seen) -> None:
        """What was answered so far; what is tapped stays."""
        session = seen.session
        heard = bool(session.history.standing(TrackStarted)) or bool(elsewhere(session))
        self.setVisible(heard and session.ended_us is not None)
        rated = session.history.standing(MusicRated)
        self._told.setText(said(rated[-1].fact) if rated else "")
        self._told.setVisible(bool(rated))
        for part in (*self._answers.values(), self._unwelcome, self._record):
            part.setEnabled(not session.signed)

    def bring_back(self, text: str) -> None:
        """Half-typed words stand there again."""
        self._unwelcome.setText(text)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what is tapped stays."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._refusal.say("")
        self._group.setExclusive(False)
        for button in self._answers.values():
            button.setChecked(False)
        self._group.setExclusive(True)
        self._unwelcome.clear()
        for choice in self._scales.values():
            choice.setCurrentIndex(0)

    def _say(self) -> None:
        chosen = next((answer for answer, button in self._answers.items() if button.isChecked()), None)
        if chosen is None:
            self.refuse("Tap one of the three first; what you typed is still here.")
            return
        points = [choice.currentIndex() - 1 if choice.currentIndex() > 0 else None for choice in self._scales.values()]
        self.rated.emit(MusicRated(chosen, self._unwelcome.text().strip(), *points))

    def _lay_out(self) -> None:
        first, *others = self._answers.values()
        self.body.addWidget(across(first, *others))
        self.body.addWidget(self._unwelcome)
        grid = QGridLayout(self._sheet)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(8))
        grid.addWidget(Label(_MEANS, "muted", wrap=True), 0, 0, 1, 3)
        for n, (word, choice) in enumerate(self._scales.items()):
            grid.addWidget(Label(word), 1, n)
            grid.addWidget(choice, 2, n)
        self._sheet.hide()
        self.body.addWidget(self._sheet)
        self.body.addWidget(across(self._told, self._more, self._record))
        self.body.addWidget(self._refusal)
