"""The arrival: who is here, weight, intention, a first reading, and "Ready to begin"."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from kapdesk.session.needs import before_dose, settled
from ui import theme
from ui.home.people import PeoplePanel, Person
from ui.prepare.about import AboutPanel
from ui.prepare.before import Before
from ui.prepare.checklist import Checklist, there
from ui.prepare.music import MusicPanel
from ui.prepare.order import OrderLine
from ui.prepare.safety import SafetyCard
from ui.prepare.shown import of_seen
from ui.refusal import Refusal, keep_focus
from ui.session import reading
from ui.session.bar import PatientBar
from ui.session.seen import Seen
from ui.session.times import day
from ui.session.vitals import VitalsPanel
from ui.widgets.buttons import Button
from ui.widgets.clock import ClockFace
from ui.widgets.frame import stack
from ui.widgets.needs import NeedsList
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling
from ui.widgets.when import When

NARROW = 1000
"""Below this width, at scale 1, everything stands in one column."""


class ArrivalPage(QWidget):
    """Shows a session before its first dose, and later who is in its room."""

    arrived = Signal(object)
    weighed = Signal(int, str)
    intended = Signal(str)
    intending = Signal(str)
    turned = Signal(str, bool)
    added = Signal(str, object, str, object)
    ready = Signal()
    to_session = Signal()
    sheet_asked = Signal()
    paper_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Arrival")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self.bar = PatientBar(layouts=False)
        self.clock = ClockFace()
        self.people = PeoplePanel("Who is in the room")
        self.vitals = VitalsPanel()
        self.vitals.stay_open(True)
        self.vitals.leave_out_scales()
        self._seen: Seen | None = None
        self._when = When()
        self._here = Button("Patient is here", "primary", "person")
        self._weight = QLineEdit()
        self._weight.setPlaceholderText("Weight in kg")
        self._weight.setAccessibleName("Weight in kilograms")
        self._measured = QLineEdit()
        self._measured.setPlaceholderText("measured on, today")
        self._measured.setAccessibleName("Weight measured on, YYYY-MM-DD")
        self._weigh = Button("Record weight", icon="weight")
        self._intention = QPlainTextEdit()
        self._intention.setPlaceholderText("What they come with today, in their own words")
        self._intention.setAccessibleName("Intention, in the patient’s words")
        self._intention.setTabChangesFocus(True)
        self._intend = Button("Record intention", icon="note")
        self._have = Checklist()
        self.needs, self.order, self.about = NeedsList(), OrderLine(), AboutPanel()
        self.before, self.safety = Before(), SafetyCard()
        self.music = MusicPanel()
        self._ready = Button("Ready to begin", "primary", "begin")
        self._back = Button("To the session", "primary", "forward")
        self._sheet = Button("Print a downtime sheet", icon="note")
        self._paper = Button("Enter from paper", icon="edit")
        self._refusal = Refusal()
        self._lay_out()
        self._here.clicked.connect(self._say_here)
        self._weigh.clicked.connect(self._say_weight)
        self._weight.returnPressed.connect(self._say_weight)
        self._measured.returnPressed.connect(self._say_weight)
        self._intention.textChanged.connect(lambda: self.intending.emit(self._intention.toPlainText()))
        self._intend.clicked.connect(self._say_intention)
        self._ready.clicked.connect(self.ready)
        self._back.clicked.connect(self.to_session)
        self._sheet.clicked.connect(self.sheet_asked)
        self._paper.clicked.connect(self.paper_asked)
        self.people.turned.connect(self.turned)
        self.people.added.connect(self.added)

    def display(self, seen: Seen) -> None:
        """Show this session."""
        self._seen = seen
        session = seen.session
        self.bar.display(seen)
        self._sheet.setVisible(seen.protocol is not None)
        arrived = session.arrived_us is not None
        self.clock.setVisible(arrived)
        if arrived:
            self.clock.display(reading.clock(seen))
        self._arrival.setVisible(not arrived)
        self.vitals.display(seen)
        self.people.set_title(f"Who is {seen.staffed}")
        self.people.display(staff(seen))
        self._have.display(there(seen))
        self.order.display(seen)
        self.about.display(seen)
        self.before.display(of_seen(seen))
        if self.safety.display(seen):
            self._area.ensureWidgetVisible(self.safety)
        needs = before_dose(session, seen.patient.known, seen.protocol) if seen.protocol else ()
        listed = tuple(need for need in needs if need.item is not None or not need.met)
        elsewhere = frozenset(section.name for section in self.before.sections)
        self.needs.display(listed, settled(session, "clearance", needs), session.cleared_us is None, elsewhere)
        self._ready.setVisible(session.cleared_us is None)
        self._ready.setEnabled(arrived)
        self._back.setVisible(session.cleared_us is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(NARROW)
        stack(self._columns, narrow)
        self.clock.setMaximumWidth(theme.px(460) if narrow else 16_777_215)
        self.bar.be_short(narrow)

    def today(self) -> str:
        """The date where the clinic is."""
        return day(self._seen.now_us, self._seen.zone) if self._seen else ""

    def say(self, sentence: str) -> None:
        """One plain sentence in place."""
        self._refusal.say(sentence)

    def weight_taken(self) -> None:
        """The weight is on its way to the disk."""
        self._weight.clear()
        self._measured.clear()
        self.say("")

    def bring_back(self, intention: str) -> None:
        """Put half-typed words back."""
        self._intention.setPlainText(intention)

    def intention_taken(self) -> None:
        """The intention is on its way to the disk."""
        self._intention.clear()
        self.say("")

    def _say_here(self) -> None:
        moment = self._when.moment()
        if moment is None:
            self.say("Type the time of day, for example 21:40.")
            self._when.point_out()
        else:
            self.arrived.emit(moment)

    def _say_weight(self) -> None:
        grams = to_grams(self._weight.text())
        if grams is None:
            self.say("Type the weight in kilograms, for example 67 or 67.5.")
            self._weight.setFocus()
        else:
            self.weighed.emit(grams, self._measured.text().strip() or self.today())

    def _say_intention(self) -> None:
        text = self._intention.toPlainText().strip()
        if text:
            self.intended.emit(text)
        else:
            self._intention.setFocus()

    def _lay_out(self) -> None:
        self._arrival = Panel("Arrival", "person")
        self._arrival.body.addWidget(self._when)
        self._arrival.body.addWidget(self._here)
        about = Panel("Before the dose", "edit")
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self._weight, 1)
        row.addWidget(self._measured, 1)
        about.body.addLayout(row)
        row.addWidget(self._weigh)
        self._intention.setFixedHeight(theme.px(72))
        about.body.addWidget(self._intention)
        about.body.addWidget(self._intend)
        about.body.addWidget(self.order)
        about.body.addWidget(self.needs)
        about.body.addWidget(self.safety)
        about.body.addStretch(1)
        done = Panel("What is there", "check")
        done.body.addWidget(self._have)
        done.body.addWidget(self._refusal)
        done.body.addWidget(self._ready)
        done.body.addWidget(self._back)
        done.body.addStretch(1)
        left, middle, right = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for column in (left, middle, right):
            column.setSpacing(theme.px(10))
        left.addWidget(self.clock)
        left.addWidget(self._arrival)
        left.addWidget(self.about)
        left.addWidget(self.music)
        left.addWidget(self.people)
        on_paper = Panel("On paper", "note")
        on_paper.body.addWidget(self._sheet)
        on_paper.body.addWidget(self._paper)
        left.addWidget(on_paper)
        left.addStretch(1)
        middle.addWidget(self.before)
        middle.addWidget(about)
        middle.addStretch(1)
        right.addWidget(self.vitals)
        right.addWidget(done, 1)
        self.vitals.give_up_trend(True)
        sheet = QWidget()
        sheet.setProperty("part", "sheet")
        self._columns = columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, sheet)
        columns.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        columns.setSpacing(theme.px(10))
        columns.addLayout(left, 26)
        columns.addLayout(middle, 36)
        columns.addLayout(right, 38)
        self._area = area = Scrolling(sheet)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.bar)
        page.addWidget(area, 1)
        keep_focus(self.vitals)


def staff(seen: Seen) -> tuple[Person, ...]:
    """The clinic's staff, and who of them is in the room."""
    here = {person.person for person in seen.session.present()}
    return tuple(
        Person(id_, each.name, each.roles, each.credentials, id_ in here, id_ == seen.by)
        for id_, each in seen.clinic.staff.items()
    )


def to_grams(typed: str) -> int | None:
    """Kilograms as typed, in grams; None for what is no number. Whether it can be, the clinic's rules say."""
    try:
        grams = Decimal(typed.strip().lower().removesuffix("kg").strip().replace(",", ".")) * 1000
    except InvalidOperation:
        return None
    return int(grams) if grams.is_finite() and abs(grams) < 10**9 else None
