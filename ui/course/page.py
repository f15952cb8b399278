"""The course of a patient: what was plotted over its days, its visits and questionnaires as lists, and its plans."""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinic.course import Course
from kapdesk.clinic.forms import AtHand
from ui import theme
from ui.course.planning import Planning
from ui.course.plot import CoursePlot
from ui.course.reading import playlist_rows, taken_rows, view_of, visit_rows, watch_rows
from ui.course.safety import CourseSafety
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.session.reason import ReasonLine
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.frame import framed
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

MOST_SHOWN = 12
"""Lines of a list before its older ones are asked for: a page of two hundred would hold the window."""


class CourseShown(msgspec.Struct, frozen=True):
    """What the page is drawn from. `names` are those of the staff, by id."""

    course: Course
    forms: tuple[AtHand, ...]
    names: dict[str, str]
    today: str
    zone: str = "UTC"


class CoursePage(QWidget):
    """`asked` carries the form (`AtHand`) to be answered, `opened` a visit, `strike_asked` an answered form and the
    reason; `left` goes back."""

    asked = Signal(object)
    opened = Signal(object)
    strike_asked = Signal(object, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("The course")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self._title, self._refusal = Label("", "title"), Refusal()
        self.plot, self.planning, self.safety = CoursePlot(), Planning(), CourseSafety()
        self.reason = ReasonLine()
        self._none = Label("Reading the record …", "muted")
        self._offered, self._troubles = FlowRow(), QVBoxLayout()
        self._taken, self._visits, self._watch = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._music, self._playlists = Panel("Music", "music"), QVBoxLayout()
        self._music.hide()
        self._shown: CourseShown | None = None
        self._listed: tuple[object, ...] = ()
        self._all = False
        self._area = Scrolling()
        self._older = Button("")
        self._older.clicked.connect(self._show_all)
        self._older.hide()
        self._buttons: list[Button] = []
        self._lay_out()

    def wait(self, name: str) -> None:
        """Another patient's course is being read."""
        self._shown, self._listed, self._all = None, (), False
        self._older.hide()
        self._title.setText(f"Course of {name}")
        self.plot.hide()
        self.safety.hide()
        self._music.hide()
        self._none.setText("Reading the record …")
        self._none.show()
        for column in (self._taken, self._visits, self._watch, self._playlists):
            empty(column)
        self.refuse("")

    def display(self, shown: CourseShown) -> None:
        """This course, as it stands now."""
        hidden = self.safety.isHidden()
        self.safety.display(shown.course, shown.names, shown.today)
        if hidden and not self.safety.isHidden():
            self._area.verticalScrollBar().setValue(0)  # the card stands on top, and is not to be looked for
        self.planning.display(shown.course, shown.today)
        before, self._shown = self._shown, shown
        self._title.setText(f"Course of {shown.course.patient.name}")
        view = view_of(shown.course)
        self.plot.display(view)
        self.plot.setVisible(bool(view.lanes))
        self._none.setText("Nothing was measured yet that could be drawn.")
        self._none.setVisible(not view.lanes)
        if before is None or before.forms != shown.forms:
            self._offer(shown.forms)
        self._list(shown)

    def refuse(self, sentence: str) -> None:
        """Why something was not done."""
        self._refusal.say(sentence)

    def _offer(self, forms: tuple[AtHand, ...]) -> None:
        for old in self._buttons:
            self._offered.drop(old)
        self._buttons = []
        empty(self._troubles)
        for each in forms:
            if each.form is not None:
                button = Button(each.form.name, name=f"Answer {each.form.name}")
                button.clicked.connect(lambda _=False, each=each: self.asked.emit(each))
                self._offered.add(button)
                button.show()
                self._buttons.append(button)
            if each.trouble:
                self._troubles.addWidget(Label(each.trouble, "alarm", wrap=True))

    def _list(self, shown: CourseShown) -> None:
        """The newest of each list; the older ones once they are asked for."""
        taken, visits = taken_rows(shown.course, shown.today), visit_rows(shown.course, shown.today)
        watch = watch_rows(shown.course, shown.today, shown.zone)
        playlists = playlist_rows(shown.course)
        listed = (taken, visits, watch, playlists, self._all)
        if listed == self._listed:
            return
        self._listed = listed
        for column in (self._taken, self._visits, self._watch, self._playlists):
            empty(column)
        for row in taken if self._all else taken[:MOST_SHOWN]:
            line = LineButton(
                (Part(row.day, "head", 110), Part(row.name, wide=110), Part(row.said, "muted", right=False))
            )
            line.setToolTip("Strike it out, with a reason")
            line.clicked.connect(lambda _=False, row=row: self._strike(row.id, f"{row.name}, {row.day}"))
            self._taken.addWidget(line)
        for visit in visits if self._all else visits[:MOST_SHOWN]:
            line = LineButton(
                (Part(visit.day, "head", 110), Part(visit.what, wide=190), Part(visit.said, "muted", right=False))
            )
            line.clicked.connect(lambda _=False, id_=visit.id: self.opened.emit(id_))
            self._visits.addWidget(line)
        if not visits:
            self._visits.addWidget(Label("No visit yet.", "muted"))
        older = 0 if self._all else max(len(taken) - MOST_SHOWN, 0) + max(len(visits) - MOST_SHOWN, 0)
        self._older.setVisible(older > 0)
        self._older.set_words(f"Show the {older} older lines")
        for text in watch:
            self._watch.addWidget(Label(text, wrap=True))
        for text in playlists:
            self._playlists.addWidget(Label(text, wrap=True))
        self._music.setVisible(bool(playlists))

    def _show_all(self) -> None:
        self._all = True
        if self._shown is not None:
            self._list(self._shown)

    def _strike(self, id_: object, what: str) -> None:
        def then(reason: str) -> bool:
            self.strike_asked.emit(id_, reason)
            return True

        self.reason.open(f"Why {what} is struck out", then)

    def _lay_out(self) -> None:
        over = Panel("Over time", "pulse")
        over.body.addWidget(self._none)
        over.body.addWidget(self.plot)
        ask = Panel("Questionnaires", "check", "A line strikes itself out, with a reason")
        ask.body.addWidget(self._offered)
        ask.body.addWidget(self.reason)
        ask.body.addLayout(self._troubles)
        visits, watch = Panel("Visits", "records"), Panel("Side effects watched", "warning")
        music = (self._music, self._playlists)
        for panel, column in ((ask, self._taken), (visits, self._visits), (watch, self._watch), music):
            column.setSpacing(theme.px(6))
            panel.body.addLayout(column)
        visits.body.addWidget(self._older)
        sheet = QWidget()
        sheet.setProperty("part", "sheet")
        rows = QVBoxLayout(sheet)
        rows.setContentsMargins(0, 0, theme.px(4), 0)
        rows.setSpacing(theme.px(12))
        columns = QHBoxLayout()
        columns.setSpacing(theme.px(12))
        for parts in ((ask, visits), (self.planning, watch, self._music)):
            column = QVBoxLayout()
            column.setSpacing(theme.px(12))
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            columns.addLayout(column, 3 if ask in parts else 2)
        for part in (self.safety, over):
            rows.addWidget(part)
        rows.addLayout(columns)
        rows.addStretch(1)
        area = self._area
        area.setWidget(sheet)
        back = Button("Back", icon="back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addWidget(self._refusal, 1)
        foot.addStretch(1)
        page = framed(self)
        page.addWidget(self._title)
        page.addWidget(area, 1)
        page.addLayout(foot)
