"""Patients from a table: what each line would come to, the question about dates, and the word that takes them in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.clinic.importing import Plan, Read
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Role
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling
from ui.widgets.strip import Action, Strip, StripView

MOST_SHOWN = 200
HINT = "A table (CSV) with a line of column names: name, birth date, record number, allergies, medicines …"


class ImportPanel(Panel):
    """`asked` wants a file, `dated` says whether the day comes first, `taken` carries the lines to take in; `left`
    forgets the file. Nothing is recorded before `taken`."""

    asked = Signal()
    dated = Signal(bool)
    taken = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Patients from a table", "people", parent=parent)
        self._plan: Plan | None = None
        self._choose = Button("Choose a file …", icon="paper", name="Choose a table of patients")
        self._said = Label(HINT, "muted", wrap=True)
        self._question = Strip()
        self._doubtful = Check("")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(2))
        inside = QWidget()
        inside.setProperty("part", "sheet")
        inside.setLayout(self._lines)
        self._area = Scrolling()
        self._area.setWidget(inside)
        self._area.setMinimumHeight(theme.px(220))
        self._go, away = Button("", "primary"), Button("Put away", name="Put the table away")
        self._answers = FlowRow(self._go, away)
        self._refusal = Refusal()
        for part in (self._said, self._question, self._area, self._doubtful, self._answers, self._refusal):
            self.body.addWidget(part)
        self.body.addWidget(self._choose)
        self._choose.clicked.connect(self.asked)
        self._question.acted.connect(lambda answer: self.dated.emit(answer == "day"))
        self._doubtful.toggled.connect(lambda _: self._count())
        self._go.clicked.connect(lambda: self.taken.emit(self._wanted()))
        away.clicked.connect(self.left)
        self.display(None)

    def display(self, plan: Plan | None) -> None:
        """What a file would come to; None for no file."""
        self._plan = plan
        self._refusal.say("")
        for part in (self._area, self._answers):
            part.setVisible(plan is not None)
        self._choose.setVisible(plan is None)
        self._doubtful.setVisible(plan is not None and bool(plan.of("doubtful")))
        self._doubtful.setChecked(False)
        self._question.display(None)
        if plan is None:
            self._said.setText(HINT)
            return
        self._said.setText(plan.words())
        if plan.of("asked"):
            actions = (Action("day", "Day first", True), Action("month", "Month first"))
            self._question.display(StripView(f"What comes first in {plan.example}?", "warn", actions=actions))
        doubtful = len(plan.of("doubtful"))
        lines = f"The {doubtful} doubtful lines too, each" if doubtful != 1 else "The doubtful line too,"
        self._doubtful.setText(f"{lines} as a patient of their own")
        self._doubtful.setAccessibleName("Take in the doubtful lines too")
        self._fill(plan)
        self._count()

    def tell(self, sentence: str) -> None:
        """How it goes, or how it went."""
        self._said.setText(sentence)

    def refuse(self, sentence: str) -> None:
        """Why nothing was taken in."""
        self._refusal.say(sentence)

    def busy(self, busy: bool) -> None:
        """While lines are being read or taken in nothing else is asked for."""
        for part in (self._go, self._choose, self._doubtful):
            part.setEnabled(not busy)
        self._question.setEnabled(not busy)

    def _wanted(self) -> tuple[Read, ...]:
        if self._plan is None:
            return ()
        return self._plan.of("new", "doubtful") if self._doubtful.isChecked() else self._plan.of("new")

    def _count(self) -> None:
        wanted = len(self._wanted())
        self._go.set_words(f"Take in {wanted} patient{'' if wanted == 1 else 's'}", "Take in the patients")
        self._go.setEnabled(wanted > 0)

    def _fill(self, plan: Plan) -> None:
        """Those that need a look first, then the others."""
        empty(self._lines)
        ordered = [*plan.of("unreadable", "asked", "doubtful"), *plan.of("known", "new")]
        for line in ordered[:MOST_SHOWN]:
            role: Role = "body" if line.fate in ("unreadable", "asked", "doubtful") else "muted"
            name = f" {line.registered.name}:" if line.registered is not None else ""
            self._lines.addWidget(Label(f"Line {line.number}:{name} {line.words}", role, wrap=True))
        if len(ordered) > MOST_SHOWN:
            self._lines.addWidget(Label(f"{len(ordered) - MOST_SHOWN} lines more.", "muted"))
        self._lines.addStretch(1)
