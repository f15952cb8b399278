"""The debrief: images, feelings and insights in the patient's words, what they want to practise, the next visit."""

from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.facts.after import Debriefed, DebriefWritten, PracticeAgreed
from kapdesk.facts.patient import VisitPlanned
from kapdesk.facts.words import Visit
from ui import theme
from ui.line import across, empty
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.text import Text

PARTS: tuple[Debriefed, ...] = get_args(Debriefed)
_ASKED: dict[Debriefed, str] = {
    "images": "What they saw, in their own words",
    "feelings": "What they felt",
    "insights": "What they take with them",
}
_VISITS: tuple[Visit, ...] = ("integration", "dosing", "follow-up", "preparation")
PRACTICE = "practice"


class DebriefPanel(Panel):
    """`said` carries a fact of the visit, `planned` a `VisitPlanned`; `typed` (name, text) what is half-typed."""

    said = Signal(object)
    planned = Signal(object)
    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Debrief", "note", "each part is saved when you leave it", parent=parent)
        self._edits: dict[Debriefed, Text] = {}
        self._saved: dict[Debriefed, str] = dict.fromkeys(PARTS, "")
        self._told: dict[Debriefed, str] = dict.fromkeys(PARTS, "")
        self._refusal = Refusal()
        for part in PARTS:
            edit = Text(f"Debrief: {part}", _ASKED[part], 52)
            edit.left.connect(lambda part=part: self._leave(part))
            edit.textChanged.connect(lambda part=part, edit=edit: self.typed.emit(part, edit.toPlainText()))
            self._edits[part] = edit
            self.body.addWidget(Label(part.capitalize(), "muted"))
            self.body.addWidget(edit)
        self._agreed = QVBoxLayout()
        self._agreed.setSpacing(theme.px(2))
        self._shown: tuple[str, ...] = ()
        self._practice = line_edit("What they want to practise until next time")
        self._add = Button("Agree", name="Record this practice")
        self.body.addWidget(Label("Until next time", "muted"))
        self.body.addLayout(self._agreed)
        self._line = across(self._practice, self._add)
        self.body.addWidget(self._line)
        self._kind = Choice([visit.capitalize() for visit in _VISITS], name="Kind of the next visit")
        self._on = line_edit("Day of the next visit (YYYY-MM-DD)")
        self._plan = Button("Plan", name="Plan the next visit")
        self._next = Label("", "body", wrap=True)
        self.body.addWidget(Label("Next visit", "muted"))
        self.body.addWidget(self._next)
        self._visit = across(self._kind, self._on, self._plan)
        self.body.addWidget(self._visit)
        self.body.addWidget(self._refusal)
        self._add.clicked.connect(self._agree)
        self._practice.returnPressed.connect(self._agree)
        self._practice.textChanged.connect(lambda text: self.typed.emit(PRACTICE, text))
        self._plan.clicked.connect(self._say_visit)
        self._on.returnPressed.connect(self._say_visit)

    def display(self, seen: Seen) -> None:
        """What was told so far, agreed and planned."""
        pending = {e.fact.part: e.fact.text for e in seen.pending if isinstance(e.fact, DebriefWritten)}
        saved = {h.fact.part: h.fact.text for h in seen.session.history.standing(DebriefWritten)}
        for part, edit in self._edits.items():
            text = saved.get(part, "")
            if text != self._saved[part] and not edit.hasFocus() and part not in pending:
                edit.put(text)
            self._saved[part], self._told[part] = text, pending.get(part, text)
            edit.setReadOnly(seen.session.signed)
        agreed = tuple(h.fact.text for h in seen.session.history.standing(PracticeAgreed))
        if agreed != self._shown:
            self._shown = agreed
            empty(self._agreed)
            for text in agreed:
                self._agreed.addWidget(Label(f"Agreed: {text}", wrap=True))
        planned = seen.patient.newest(VisitPlanned)
        self._next.setText(f"{planned.visit.capitalize()} on {planned.on}" if planned else "None planned yet.")
        for line in (self._line, self._visit):
            line.setVisible(not seen.session.signed)

    def bring_back(self, name: str, text: str) -> None:
        """Half-typed words stand there again."""
        if name == PRACTICE:
            self._practice.setText(text)
        elif name in self._edits:
            self._edits[name].put(text)

    def finish(self) -> None:
        """Record whatever was changed and not left yet."""
        for part in PARTS:
            self._leave(part)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; the words stay, and are handed over again when the field is left again."""
        self._told = dict(self._saved)
        self._refusal.say(sentence)

    def all_said(self) -> bool:
        """Whether everything typed here is on the record or on its way."""
        parts = all(edit.toPlainText().strip() == self._told[part] for part, edit in self._edits.items())
        return parts and not self._practice.text().strip()

    def agreed(self) -> None:
        """The practice is on its way to the disk."""
        self._refusal.say("")
        self._practice.clear()

    def visit_planned(self) -> None:
        """The next visit is on its way to the disk."""
        self._refusal.say("")
        self._on.clear()

    def _leave(self, part: Debriefed) -> None:
        edit = self._edits[part]
        text = edit.toPlainText().strip()
        if text != self._told[part] and not edit.isReadOnly():
            self._refusal.say("")
            self._told[part] = text
            self.said.emit(DebriefWritten(part, text))

    def _agree(self) -> None:
        self.said.emit(PracticeAgreed(self._practice.text().strip()))

    def _say_visit(self) -> None:
        self.planned.emit(VisitPlanned(_VISITS[self._kind.currentIndex()], self._on.text().strip()))
