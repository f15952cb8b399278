"""Where signed notes are filed and what they are called; and how soon after a visit that is to be done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kapdesk.clinic import naming
from kapdesk.facts.filing import TrayDaysSet
from ui import theme
from ui.line import across
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel

MEANS = (
    "Each signed note goes there by itself, and is tried again where the folder is not reached. It is not encrypted "
    "there: who can open the folder can read it. Nothing in it is written over, and what was filed stays."
)
PARTS = f"A name is made of {', '.join(f'{{{each}}}' for each in naming.PARTS)}."
EXAMPLES = "How soon is an example; your clinic decides. It orders the tray on top of Records."
DAYS = (0, 1, 2, 3, 5, 7, 14, 30)


class FilingPanel(Panel):
    """`kept` carries folder and scheme, `days` how soon, as soon as it is chosen; `choosing` asks for a folder,
    `again` tries what waits now."""

    kept = Signal(str, str)
    days = Signal(object)
    choosing = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Filing", "records", parent=parent)
        self._folder, self._scheme = line_edit("Folder for signed notes"), line_edit("What they are called")
        choose = Button("Choose …", name="Choose the folder for signed notes")
        self._example = Label("", "muted", wrap=True)
        self._keep = Button("File them so", "primary", name="File signed notes so from now on")
        self._again = Button("Try now", name="Try now to file what waits")
        self._state, self._refusal = Refusal("muted"), Refusal()
        grid = QGridLayout()
        grid.setSpacing(theme.px(10))
        grid.setColumnStretch(0, 1)
        self._days = {name: Choice(name=f"Days after a visit until its note is {name}") for name in _NAMES}
        for n, (name, choice) in enumerate(self._days.items()):
            grid.addWidget(Label(f"Notes are {name} within", wrap=True), n, 0)
            grid.addWidget(choice, n, 1)
            choice.activated.connect(lambda _: self.days.emit(self._chosen()))
        self.body.addWidget(across(self._folder, choose))
        for part in (self._scheme, self._example, FlowRow(self._keep, self._again), self._state, self._refusal):
            self.body.addWidget(part)
        self.body.addWidget(Label(f"{PARTS} {MEANS}", "muted", wrap=True))
        self.body.addLayout(grid)
        self.body.addWidget(Label(EXAMPLES, "muted", wrap=True))
        self._scheme.textChanged.connect(self._show_example)
        choose.clicked.connect(self.choosing)
        self._keep.clicked.connect(lambda: self.kept.emit(self._folder.text().strip(), self._scheme.text().strip()))
        self._again.clicked.connect(self.again)

    def display(self, folder: str, scheme: str, days: TrayDaysSet, state: str, waits: bool) -> None:
        """As it is now: where, by which scheme, how soon, and how the filing stands in words."""
        self._folder.setText(folder)
        self._scheme.setText(scheme or naming.EXAMPLE)
        for name, choice in self._days.items():
            now = int(getattr(days, _NAMES[name]))
            choice.clear()
            for number in sorted({*DAYS, now}):
                choice.addItem(_days(number), number)
            choice.setCurrentIndex(choice.findData(now))
        self._refusal.say("")
        self.show_state(state, waits)

    def show_state(self, state: str, waits: bool) -> None:
        """How the filing stands, in words; `waits`: whether trying again may help."""
        self._state.say(state)
        self._again.setVisible(waits)

    def put_folder(self, folder: str) -> None:
        """This folder was chosen; it is not kept yet."""
        self._folder.setText(folder)

    def wait(self) -> None:
        """The folder is being looked at."""
        self._refusal.say("")
        self._state.say("Looking at the folder …")

    def refuse(self, sentence: str) -> None:
        """Why it was not kept; what was typed stays."""
        self._state.say("")
        self._refusal.say(sentence)

    def _show_example(self, scheme: str) -> None:
        doubt = naming.doubt(scheme)
        self._example.set_role("accent" if doubt else "muted")
        self._example.setText(doubt or f"For example: {naming.name_of(scheme, naming.SAMPLE)}")

    def _chosen(self) -> TrayDaysSet:
        return TrayDaysSet(**{_NAMES[name]: choice.currentData() for name, choice in self._days.items()})


_NAMES = {"signed": "sign", "countersigned": "countersign", "filed": "file"}


def _days(number: int) -> str:
    return "the same day" if number == 0 else f"{number} day{'s' if number != 1 else ''}"
