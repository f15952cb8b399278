"""A patient's own page: the registration, records of the same person, visits, and what is known before a dose."""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from kapdesk.people.patient import Patient
from ui import theme
from ui.line import LineButton, Part, empty
from ui.patient.twice import Records, RecordsPanel
from ui.prepare.before import Before
from ui.prepare.registration import Registration
from ui.prepare.shown import Shown
from ui.records.telling import Record
from ui.refusal import Refusal
from ui.session.bar import allergies
from ui.widgets.buttons import Button
from ui.widgets.frame import framed
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling


class PatientView(msgspec.Struct, frozen=True):
    """What the page is drawn from. `was`: what stood in the registration before a correction."""

    patient: Patient
    records: Records
    shown: Shown
    was: tuple[str, ...] = ()


class PatientPage(QWidget):
    """`edit_asked` wants the registration to be corrected, `opened` carries a visit, `course_asked` wants the
    course and its questionnaires, `overview_asked` the course as a paper; `left` goes back."""

    edit_asked = Signal()
    opened = Signal(object)
    course_asked = Signal()
    overview_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("The patient’s page")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self._title = Label("", "title")
        self._refusal = Refusal()
        self._said = QVBoxLayout()
        self._said.setSpacing(theme.px(2))
        self._edit = Button("Correct", icon="edit", name="Correct the registration")
        self.registration = Registration()
        self.registration.hide()
        self.records, self.before = RecordsPanel(), Before()
        self._visits = QVBoxLayout()
        self._visits.setSpacing(theme.px(6))
        self._visits_panel = Panel("Visits", "records")
        self._visits_panel.body.addLayout(self._visits)
        self._shown: PatientView | None = None
        self._listed: tuple[Record, ...] | None = None
        self._lay_out()
        self._edit.clicked.connect(self.edit_asked)
        self.registration.left.connect(self.put_away)

    def display(self, view: PatientView) -> None:
        """This patient, as they are known now."""
        self.before.display(view.shown)
        self.records.display(view.records)
        if view == self._shown:
            return
        self._shown = view
        known = view.patient.registered
        self._title.setText(view.patient.name)
        self._edit.setEnabled(known is not None)
        empty(self._said)
        if known is None:
            self._said.addWidget(Label("Nothing of the registration can be read here.", "alarm", wrap=True))
            return
        preferred = f"Called {known.preferred_name}" if known.preferred_name else ""
        number = f"Record number {known.record_number}" if known.record_number else "No record number"
        for text in filter(None, (f"Born {known.born_on}", preferred, number)):
            self._said.addWidget(Label(text, wrap=True))
        self._said.addWidget(Label(allergies(known.allergies), "alarm", wrap=True))
        for text in view.was:
            self._said.addWidget(Label(text, "muted", wrap=True))

    def list_visits(self, visits: tuple[Record, ...] | None) -> None:
        """Their visits, of all their records, the newest first; None while they are read."""
        if visits == self._listed:
            return
        self._listed = visits
        empty(self._visits)
        for each in visits or ():
            parts = (Part(each.day, "head", 150), Part(each.said, "muted", right=False), Part(each.standing, "muted"))
            line = LineButton(parts)
            line.clicked.connect(lambda _=False, id_=each.id: self.opened.emit(id_))
            self._visits.addWidget(line)
        if visits == ():
            self._visits.addWidget(Label("No visit yet.", "muted"))

    def edit(self, others: tuple[Patient, ...], own: Patient) -> None:
        """Open the registration for a correction."""
        if own.registered is not None:
            self.registration.show()
            self._edit.hide()
            self.registration.edit(own.registered, others)

    def put_away(self) -> None:
        """Only the lines again."""
        self.registration.hide()
        self._edit.show()

    def refuse(self, sentence: str) -> None:
        """Why something was not done."""
        self._refusal.say(sentence)

    def _lay_out(self) -> None:
        who = Panel("Registration", "person")
        who.body.addLayout(self._said)
        for part in (self.registration, self._edit):
            who.body.addWidget(part)
        sheet = QWidget()
        sheet.setProperty("part", "sheet")
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 0, theme.px(4), 0)
        columns.setSpacing(theme.px(12))
        _column(columns, who, self.records, self._visits_panel)
        _column(columns, self.before)
        area = Scrolling(sheet)
        back = Button("Back", icon="back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addWidget(self._refusal, 1)
        foot.addStretch(1)
        course = Button("Course and questionnaires", icon="pulse")
        course.clicked.connect(self.course_asked)
        overview = Button("Overview", icon="paper", name="The course overview as a paper")
        overview.clicked.connect(self.overview_asked)
        foot.addWidget(overview)
        foot.addWidget(course)
        page = framed(self)
        page.addWidget(self._title)
        page.addWidget(area, 1)
        page.addLayout(foot)


def _column(columns: QHBoxLayout, *parts: QWidget) -> QLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.px(12))
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    columns.addLayout(column, 1)
    return column
