"""What the staff should know of a patient: what helps, what to avoid, medicines, the course; edited in place."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.after import PracticeReviewed
from kapdesk.facts.patient import CoursePlanned, PatientDescribed
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel

if TYPE_CHECKING:
    from kapdesk.clinic.carried import Carried

_LINES: tuple[tuple[str, str], ...] = (
    ("helps", "What helps"),
    ("avoid", "What to avoid"),
    ("medicines", "Medicines"),
    ("pronouns", "Pronouns"),
    ("interpreter", "Interpreter"),
    ("culture", "Culture, faith"),
    ("music", "Music they like or not"),
)


class AboutPanel(Panel):
    """`described` carries a `PatientDescribed`, `planned` a `CoursePlanned`; `page_asked` wants the patient's page.
    `reviewed` carries a `PracticeReviewed`: how it went with what was agreed last time."""

    described = Signal(object)
    planned = Signal(object)
    page_asked = Signal()
    reviewed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About them", "person", parent=parent)
        self._shown: tuple[PatientDescribed, CoursePlanned | None] | None = None
        self._said = QVBoxLayout()
        self._said.setSpacing(theme.px(2))
        self._edit = Button("Edit", icon="edit", name="Edit what is known of them")
        self._fields = {name: line_edit(words) for name, words in _LINES}
        self._goals, self._visits = line_edit("Goals of the course"), line_edit("Dosing visits planned")
        keep, away = Button("Record", "primary", name="Record what is known of them"), Button("Put away")
        away.setAccessibleName("Put what is known of them away")
        self._refusal = Refusal()
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(6))
        for part in (*self._fields.values(), self._goals, self._visits, self._refusal, FlowRow(keep, away)):
            sheet.addWidget(part)
        self._sheet.hide()
        self._reviews: dict[UUID, tuple[Label, QLineEdit]] = {}
        self._said_of: dict[UUID, str] = {}
        self._last = QVBoxLayout()
        self._last.setSpacing(theme.px(2))
        self.body.addLayout(self._last)
        self.body.addLayout(self._said)
        theirs = Button("Their page", icon="person", name="The patient’s page")
        theirs.clicked.connect(self.page_asked)
        self._row = FlowRow(self._edit, theirs)
        self.body.addWidget(self._row)
        self.body.addWidget(self._sheet)
        self._edit.clicked.connect(self._open)
        keep.clicked.connect(self._say)
        away.clicked.connect(self._put_away)

    def display(self, seen: Seen) -> None:
        """What is known of this patient."""
        reviews = {h.fact.agreed: h.fact.text for h in seen.session.history.standing(PracticeReviewed)}
        if reviews != self._said_of:
            self._said_of = reviews
            self._show_reviews()
        described, course = seen.patient.described, seen.patient.course
        if (described, course) == self._shown:
            return
        self._shown = (described, course)
        empty(self._said)
        for name, words in _LINES:
            if text := getattr(described, name):
                self._said.addWidget(Label(f"{words}: {text}", "accent" if name == "avoid" else "body", wrap=True))
        if course is not None:
            said = f"Course: {course.dosing_visits} dosing visits planned"
            self._said.addWidget(Label(f"{said}. {course.goals}" if course.goals else said, wrap=True))
        if not self._said.count():
            self._said.addWidget(Label("Nothing noted yet.", "muted"))

    def carry(self, last: "Carried | None") -> None:
        """What they brought from the visit before."""
        empty(self._last)
        self._reviews = {}
        if last is None:
            return
        self._last.addWidget(Label(f"Last time, {last.day.isoformat()} ({last.visit})", "muted"))
        lines = [f"They came with: “{last.intention}”" if last.intention else ""]
        lines += [f"They said: {quoted(quote)}" for quote in last.quotes]
        lines.append(f"Agreed: {last.plan}" if last.plan else "")
        for line in filter(None, lines):
            self._last.addWidget(Label(line, wrap=True))
        for each in last.agreed:
            self._last.addWidget(Label(f"They wanted to: {each.text}", wrap=True))
            answer, edit = Label("", "muted", wrap=True), line_edit("How did that go?")
            edit.setAccessibleName(f"How that went: {each.text}")
            edit.returnPressed.connect(lambda each=each, edit=edit: self._review(each.id, edit.text().strip()))
            self._last.addWidget(answer)
            self._last.addWidget(edit)
            self._reviews[each.id] = (answer, edit)
        self._show_reviews()

    def forget(self) -> None:
        """It is about somebody else now: nothing carried from before, nothing half-edited of the one before."""
        self._put_away()
        self.carry(None)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._put_away()

    def _review(self, agreed: UUID, text: str) -> None:
        if text:
            self.reviewed.emit(PracticeReviewed(agreed, text))

    def _show_reviews(self) -> None:
        """What was said of each practice; only what nobody has asked after yet can be answered."""
        for agreed, (answer, edit) in self._reviews.items():
            text = self._said_of.get(agreed, "")
            answer.setText(f"How that went: {text}" if text else "")
            answer.setVisible(bool(text))
            edit.setVisible(not text)

    def _open(self) -> None:
        described, course = self._shown or (PatientDescribed(), None)
        for name, edit in self._fields.items():
            edit.setText(getattr(described, name))
        self._goals.setText(course.goals if course else "")
        self._visits.setText(str(course.dosing_visits) if course else "")
        self._sheet.show()
        self._row.hide()
        self._fields["helps"].setFocus()

    def _put_away(self) -> None:
        self._refusal.say("")
        self._sheet.hide()
        self._row.show()

    def _say(self) -> None:
        described, course = self._shown or (PatientDescribed(), None)
        now = PatientDescribed(**{name: edit.text().strip() for name, edit in self._fields.items()})
        visits, goals = self._visits.text().strip(), self._goals.text().strip()
        if visits and not visits.isdecimal():
            self.refuse("Type how many dosing visits are planned, for example 6, or leave it empty.")
            return
        if now != described:
            self.described.emit(now)
        if visits and (planned := CoursePlanned(goals, int(visits))) != course:
            self.planned.emit(planned)
        if self._refusal.isHidden():
            self._put_away()


def quoted(text: str) -> str:
    """Somebody's words in quotation marks, which they may have already."""
    return text if any(mark in text for mark in '“”"„«') else f"“{text}”"
