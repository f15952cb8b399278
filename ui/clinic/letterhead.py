"""How the clinic stands on its papers: its letterhead, licence numbers, and which minutes of a visit are billed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical.letterhead import EXAMPLE, LONGEST_NUMBER
from kapdesk.facts.letterhead import CountedFrom, CountedMinutesSet, CountedTo
from ui import theme
from ui.home.people import Person
from ui.line import across, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.text import Text

MEANS = (
    "Up to six lines stand under the clinic’s name on a note’s first page, the numbers beside the signatures. "
    "Notes that are signed keep what they were signed with."
)
UNSAID = "Until you choose which minutes are billed (this is an example), a note says only how long the visit took."


class Head(NamedTuple):
    """As it was typed: the lines, the licence number of each person, the minutes where they
    were chosen."""

    lines: tuple[str, ...]
    licences: Mapping[str, str]
    minutes: CountedMinutesSet | None


class LetterheadPanel(Panel):
    """`kept` carries the `Head` that is to hold from now on; until then nothing is changed."""

    kept = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("On the papers", "paper", parent=parent)
        self._lines = Text("Letterhead, a line for each", "Address, phone, licence: a line for each", 96)
        self._numbers: dict[str, QLineEdit] = {}
        self._people = QVBoxLayout()
        self._people.setSpacing(theme.px(6))
        self._since = Choice(get_args(CountedFrom), name="Minutes are billed from")
        self._until = Choice(get_args(CountedTo), name="Minutes are billed to")
        self._unsaid = Label(UNSAID, "muted", wrap=True)
        keep = Button("Keep the letterhead", "primary")
        self._refusal, self._told = Refusal(), Refusal("muted")
        self.body.addWidget(self._lines)
        self.body.addLayout(self._people)
        self.body.addWidget(across(Label("Billed from"), self._since, Label("to"), self._until))
        for part in (self._unsaid, FlowRow(keep), Label(MEANS, "muted", wrap=True), self._refusal, self._told):
            self.body.addWidget(part)
        self._chosen = False
        self._since.activated.connect(self._choose)
        self._until.activated.connect(self._choose)
        keep.clicked.connect(lambda: self.kept.emit(self._head()))

    def display(
        self,
        lines: Sequence[str],
        people: Sequence[Person],
        licences: Mapping[str, str],
        minutes: CountedMinutesSet | None,
    ) -> None:
        """As it is now."""
        self._lines.put("\n".join(lines))
        empty(self._people)
        self._numbers = {}
        for person in people:
            number = self._numbers[person.id] = line_edit(f"Licence number of {person.name}")
            number.setPlaceholderText("Licence number")
            number.setMinimumWidth(theme.px(220))
            number.setMaxLength(2 * LONGEST_NUMBER)
            number.setText(licences.get(person.id, ""))
            self._people.addWidget(across(Label(person.name), number))
        held = minutes or EXAMPLE
        self._since.setCurrentText(held.since)
        self._until.setCurrentText(held.until)
        self._chosen = False
        self._unsaid.setVisible(minutes is None)
        self._refusal.say("")
        self._told.say("")

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._refusal.say("")
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why it was not kept; what was typed stays."""
        self._told.say("")
        self._refusal.say(sentence)

    def _choose(self) -> None:
        self._chosen = True

    def _head(self) -> Head:
        lines = tuple(" ".join(line.split()) for line in self._lines.toPlainText().splitlines() if line.strip())
        licences = {person: " ".join(edit.text().split()) for person, edit in self._numbers.items()}
        since = get_args(CountedFrom)[self._since.currentIndex()]
        until = get_args(CountedTo)[self._until.currentIndex()]
        return Head(lines, licences, CountedMinutesSet(since, until) if self._chosen else None)
