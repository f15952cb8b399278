"""The closing of a session: its end, its marks, the summary, the note, and the signature."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.close.carried import CarriedPanel
from ui.close.debrief import DebriefPanel
from ui.close.ending import EndingPanel
from ui.close.marks import MarksPanel
from ui.close.observed import ObservedPanel
from ui.close.preview import Preview
from ui.close.score import ScorePanel
from ui.close.sign import SignPanel
from ui.close.substances import SubstancesPanel
from ui.close.summary import SummaryPanel
from ui.close.whose import WhosePanel
from ui.prepare.safety import SafetyCard
from ui.session.bar import SHORT, PatientBar
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.frame import stack
from ui.widgets.scrolling import Scrolling

NARROW = 820
"""Below this width, at scale 1, the note stands below what is done for it."""


class ClosePage(QWidget):
    """Its parts send what is done; `back` goes to the running session, `private` to one's psychotherapy notes,
    `paper` to the grid for what was written on paper, `sheet` to the sheet that the patient takes home."""

    back = Signal()
    private = Signal()
    paper = Signal()
    sheet = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Close the session")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self.bar = PatientBar(layouts=False, closes="")
        self._back = Button("Back to the session", icon="back")
        self._private = Button("Private notes", icon="lock", name="Psychotherapy notes, private")
        self._paper = Button("Enter from paper", icon="edit")
        self._sheet = Button("Sheet for the patient", icon="person", name="The sheet that the patient takes home")
        self.ending = EndingPanel()
        self.score = ScorePanel()
        self.safety = SafetyCard()
        self.marks = MarksPanel()
        self.debrief, self.carried = DebriefPanel(), CarriedPanel()
        self.substances = SubstancesPanel()
        self.summary = SummaryPanel()
        self.observed = ObservedPanel()
        self.preview = Preview(prints=True)
        self.sign = SignPanel()
        self.whose = WhosePanel()
        self._lay_out()
        self._back.clicked.connect(self.back)
        self._private.clicked.connect(self.private)
        self._paper.clicked.connect(self.paper)
        self._sheet.clicked.connect(self.sheet)

    def display(self, seen: Seen) -> None:
        """Show how far the closing has come."""
        shown = not self.whose.since.isHidden()
        before = (self.bar, self.score, self.ending, self.safety, self.substances)
        for part in (
            *before,
            self.marks,
            self.debrief,
            self.carried,
            self.summary,
            self.observed,
            self.sign,
            self.whose,
        ):
            part.display(seen)
        self._back.setVisible(not seen.session.signed)
        self._sheet.setVisible(not seen.session.live)
        if shown != (since := not self.whose.since.isHidden()) and since:
            self._area.verticalScrollBar().setValue(0)  # what is missing since a move is seen, wherever one was
        self._paper.setVisible(not seen.session.signed)

    def turn_to_observed(self) -> None:
        """What is owed is seen at once, once the page has been laid out."""
        QTimer.singleShot(0, self.observed, lambda: self._area.ensureWidgetVisible(self.observed))

    def turn_to_sign(self) -> None:
        """As `turn_to_observed`, where it is signed; a key does it from there."""
        QTimer.singleShot(0, self.sign, lambda: self._area.ensureWidgetVisible(self.sign))
        QTimer.singleShot(0, self.sign, self.sign.take_focus)

    def say(self, sentence: str) -> None:
        """One plain sentence in place."""
        self.ending.refuse(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other, or where that is too narrow the note below."""
        super().resizeEvent(event)
        self.bar.be_short(self.width() < theme.px(SHORT))
        stack(self._columns, self.width() < theme.px(NARROW))

    def _lay_out(self) -> None:
        self.bar.add(self._private, self._private.accessibleName())
        self.bar.add(self._back)
        sheet = QWidget()
        sheet.setProperty("part", "sheet")
        left = QVBoxLayout(sheet)
        left.setContentsMargins(0, 0, theme.px(4), 0)
        left.setSpacing(theme.px(10))
        left.addWidget(self.whose.since)
        left.addWidget(self.score)
        left.addWidget(self.ending)
        left.addWidget(self.safety)
        left.addWidget(self.substances)
        left.addWidget(self.marks)
        left.addWidget(self._paper)
        left.addWidget(self.debrief)
        left.addWidget(self.carried)
        left.addWidget(self._sheet)
        left.addWidget(self.summary, 1)
        left.addWidget(self.observed)
        left.addWidget(self.sign)
        left.addWidget(self.whose)
        self._area = area = Scrolling(sheet)
        columns = self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        columns.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        columns.setSpacing(theme.px(10))
        columns.addWidget(area, 45)
        columns.addWidget(self.preview, 55)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.bar)
        page.addLayout(columns, 1)
