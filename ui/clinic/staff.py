"""Who works here; and what it means when someone works here no more, said before it is done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.home.people import Person
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class StaffPanel(Panel):
    """`chosen` carries whoever may be leaving, `gone` whoever leaves; `code_wanted` asks for a new recovery code."""

    chosen = Signal(str)
    gone = Signal(str)
    code_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Who works here", "people", parent=parent)
        self._person = ""
        self._names = QVBoxLayout()
        self._names.setSpacing(theme.px(6))
        self._means = Label("", wrap=True)
        self._go = Button("", "danger")
        away = Button("Put away", name="Nobody leaves")
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        sheet.addWidget(self._means)
        sheet.addWidget(FlowRow(self._go, away))
        self._sheet.hide()
        self._refusal, self._told = Refusal(), Refusal("muted")
        self._code = Button("New recovery code …", icon="lock", name="Make a new recovery code; the old one is over")
        self.body.addLayout(self._names)
        for part in (self._sheet, self._refusal, self._told, FlowRow(self._code)):
            self.body.addWidget(part)
        self._go.clicked.connect(lambda: self.gone.emit(self._person))
        away.clicked.connect(self._sheet.hide)
        self._code.clicked.connect(self.code_wanted)

    def display(self, people: tuple[Person, ...]) -> None:
        """Those who work here; nobody is leaving."""
        empty(self._names)
        self._sheet.hide()
        self._refusal.say("")
        for person in people:
            said = person.name + (f", {person.credentials}" if person.credentials else "")
            line = LineButton((Part(said, "body", -1), Part(", ".join(person.roles), "muted")), "person")
            line.clicked.connect(lambda _, id_=person.id: self.chosen.emit(id_))
            self._names.addWidget(line)

    def ask(self, person: str, name: str, means: str) -> None:
        """What it means that this person leaves; done when that is pressed."""
        self._person = person
        self._refusal.say("")
        self._told.say("")
        self._means.setText(means)
        self._go.set_words(f"{name} works here no more")
        self._sheet.show()
        self._go.setFocus()

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why it was not done."""
        self._refusal.say(sentence)
