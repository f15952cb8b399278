"""What is planned in a course and what was reached: goals, the next visits, milestones, maintenance."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinic.course import Course
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import CoursePlanned, MaintenancePlanned, MilestoneReached, VisitPlanned
from kapdesk.facts.words import Visit
from ui import theme
from ui.prepare.shown import in_words
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel

_KINDS: tuple[Visit, ...] = ("dosing", "integration", "follow-up", "preparation")
_NUMBER = "Type a whole number, for example 6. Nothing was recorded."


class Entry(QWidget):
    """What stands, in words, and behind a button the fields that say it anew."""

    said = Signal(object)

    def __init__(self, turn: str, keep: str, *parts: QWidget) -> None:
        super().__init__()
        self._words, self._refusal = Label("", wrap=True), Refusal()
        self._turn = Button(turn)
        self._turn.setProperty("narrow", True)
        self.sheet = QWidget()
        sheet = QVBoxLayout(self.sheet)
        sheet.setContentsMargins(0, 0, 0, theme.px(6))
        sheet.setSpacing(theme.px(6))
        kept = Button(keep, "primary")
        for part in (*parts, kept):
            sheet.addWidget(part)
            if isinstance(part, QLineEdit):
                part.returnPressed.connect(self.keep)
        line = QHBoxLayout()
        line.addWidget(self._words, 1)
        line.addWidget(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(line)
        column.addWidget(self.sheet)
        column.addWidget(self._refusal)
        self.sheet.hide()
        self._turn.clicked.connect(lambda: self.sheet.setVisible(self.sheet.isHidden()))
        kept.clicked.connect(self.keep)

    def tell(self, words: str, there: bool) -> None:
        """What stands now."""
        self._words.setText(words)
        self._words.set_role("body" if there else "muted")

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._refusal.say("")
        self.sheet.hide()

    def keep(self) -> None:
        """Say what was typed."""
        fact = self.fact()
        if isinstance(fact, str):
            self.refuse(fact)
        else:
            self.said.emit(fact)

    def fact(self) -> Fact | str:
        """What was typed, or why it is not whole."""
        return ""

    def display(self, course: Course, today: str) -> None:
        """What stands in this course."""


class Goals(Entry):
    """What the patient wants of the course, and how many dosing visits."""

    def __init__(self) -> None:
        self._goals, self._visits = line_edit("Goals of the course"), line_edit("Dosing visits planned")
        super().__init__("Goals", "Record the goals", self._goals, self._visits)
        self._filled: CoursePlanned | None = None

    def display(self, course: Course, today: str) -> None:
        plan = course.plan
        if plan is None:
            self.tell("No goals yet, and no number of dosing visits", there=False)
            return
        self.tell(f"{plan.goals or 'No goals written'}. Dosing visits planned: {plan.dosing_visits}", there=True)
        if plan != self._filled:
            self._filled = plan
            self._goals.setText(plan.goals)
            self._visits.setText(str(plan.dosing_visits))

    def fact(self) -> Fact | str:
        visits = _number(self._visits)
        return _NUMBER if visits is None else CoursePlanned(self._goals.text().strip(), visits)


class NextVisit(Entry):
    """The next visit of a kind."""

    def __init__(self) -> None:
        self._kind = Choice([each.capitalize() for each in _KINDS], "Kind of visit")
        self._on, self._text = line_edit("Planned on, YYYY-MM-DD"), line_edit("How, with whom")
        super().__init__("Plan a visit", "Record the planned visit", self._kind, self._on, self._text)

    def display(self, course: Course, today: str) -> None:
        lines = [
            f"{each.visit.capitalize()} visit on {in_words(each.on, today)}"
            + (" (that day has passed)" if each.on < today else "")
            + (f", {each.words}" if each.words else "")
            for each in course.planned
        ]
        self.tell("\n".join(lines) or "No visit planned", bool(lines))

    def fact(self) -> Fact | str:
        return VisitPlanned(_KINDS[self._kind.currentIndex()], self._on.text().strip(), self._text.text().strip())

    def taken(self) -> None:
        super().taken()
        self._on.clear()
        self._text.clear()


class Milestones(Entry):
    """What was reached."""

    def __init__(self) -> None:
        self._text = line_edit("What was reached")
        super().__init__("Milestone", "Record the milestone", self._text)

    def display(self, course: Course, today: str) -> None:
        lines = [each.fact.text for each in course.milestones]
        self.tell("Reached: " + "; ".join(lines) if lines else "No milestone yet", bool(lines))

    def fact(self) -> Fact | str:
        return MilestoneReached(self._text.text().strip())

    def taken(self) -> None:
        super().taken()
        self._text.clear()


class Maintenance(Entry):
    """How it goes on after the course."""

    def __init__(self) -> None:
        self._weeks, self._text = line_edit("A visit every so many weeks, 0 for none"), line_edit("In words")
        super().__init__("Maintenance", "Record the maintenance", self._weeks, self._text)

    def display(self, course: Course, today: str) -> None:
        plan = course.maintenance
        if plan is None:
            self.tell("No maintenance planned", there=False)
            return
        said = f"Maintenance every {plan.every_weeks} weeks" if plan.every_weeks else "No maintenance any more"
        self.tell(f"{said}: {plan.words}" if plan.words else said, there=True)

    def fact(self) -> Fact | str:
        weeks = _number(self._weeks)
        return _NUMBER if weeks is None else MaintenancePlanned(weeks, self._text.text().strip())


class Planning(Panel):
    """`said` carries the entry and its fact."""

    said = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Goals and plans", "calendar", parent=parent)
        self.entries: tuple[Entry, ...] = (Goals(), NextVisit(), Milestones(), Maintenance())
        for entry in self.entries:
            entry.said.connect(lambda fact, entry=entry: self.said.emit(entry, fact))
            self.body.addWidget(entry)

    def display(self, course: Course, today: str) -> None:
        """What is planned now."""
        for entry in self.entries:
            entry.display(course, today)


def _number(edit: QLineEdit) -> int | None:
    text = edit.text().strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
