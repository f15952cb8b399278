"""The records: every session of the clinic, looked for by name, to be opened."""

from uuid import UUID

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

MOST_SHOWN = 60


class Record(msgspec.Struct, frozen=True):
    """A session in the list, in words."""

    id: UUID
    day: str
    name: str
    called: str
    stage: str
    said: str = ""
    rehearsal: bool = False
    patient: UUID | None = None


class RecordsPage(QWidget):
    """`opened` carries the session, `asked` a patient whose own page is wanted; `month_asked` wants the paper of a
    month, `substances_asked` the substances log; `left` goes back."""

    opened = Signal(object)
    asked = Signal(object)
    month_asked = Signal()
    substances_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Records")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self._records: tuple[Record, ...] = ()
        self._shown: tuple[Record, ...] | None = None
        self._search = QLineEdit()
        self._search.setPlaceholderText("Name")
        self._search.setAccessibleName("Look for a name")
        self._search.textChanged.connect(lambda _: self._list())
        self._state = Label("", "muted")
        self._refusal = Refusal()
        inside = QWidget()
        inside.setProperty("part", "sheet")
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, theme.px(4), 0)
        self._lines.setSpacing(theme.px(6))
        area = Scrolling(inside)
        panel = Panel("Sessions", "records")
        panel.body.addWidget(self._search)
        panel.body.addWidget(self._state)
        panel.body.addWidget(self._refusal)
        panel.body.addWidget(area, 1)
        back = Button("Back", icon="back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addStretch(1)
        for name, asked in (("The month", self.month_asked), ("Substances", self.substances_asked)):
            paper = Button(name, icon="paper", name=f"{name} as a paper")
            paper.clicked.connect(asked)
            foot.addWidget(paper)
        page = QVBoxLayout(self)
        page.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(20))
        page.setSpacing(theme.px(12))
        page.addWidget(Label("Records", "title"))
        page.addWidget(panel, 1)
        page.addLayout(foot)

    def wait(self) -> None:
        """The record is being read."""
        self._refusal.say("")
        self._state.setText("Reading the record …")
        self._search.setFocus()

    def display(self, records: tuple[Record, ...]) -> None:
        """Show these sessions, the newest first."""
        self._records = records
        self._list()

    def refuse(self, sentence: str) -> None:
        """Say why the list is not there."""
        self._state.setText("")
        self._refusal.say(sentence)

    def _list(self) -> None:
        asked = self._search.text().casefold().split()
        found = [each for each in self._records if _fits(each, asked)]
        shown = tuple(found[:MOST_SHOWN])
        more = f"; {len(found) - MOST_SHOWN} older are not shown, type a name" if len(found) > MOST_SHOWN else ""
        none = "No session by that name." if asked else "No session was recorded yet."
        self._state.setText(f"{len(found)} session{'' if len(found) == 1 else 's'}{more}" if found else none)
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._lines)
        for each in shown:
            line = _line(each)
            line.clicked.connect(lambda _=False, id_=each.id: self.opened.emit(id_))
            theirs = Button("", icon="person", name=f"The page of {each.name}, {each.day}")
            theirs.clicked.connect(lambda _=False, patient=each.patient: self.asked.emit(patient))
            row = QHBoxLayout()
            row.setSpacing(theme.px(6))
            row.addWidget(line, 1)
            row.addWidget(theirs)
            both = QWidget()
            both.setLayout(row)
            row.setContentsMargins(0, 0, 0, 0)
            self._lines.addWidget(both)
        self._lines.addStretch(1)


def _line(record: Record) -> LineButton:
    name = record.name + (f"  “{record.called}”" if record.called != record.name else "")
    return LineButton(
        (
            Part(record.day, "head", 150),
            Part(name, stretch=3),
            Part(record.said, "muted", stretch=4, right=False),
            Part("Rehearsal" if record.rehearsal else "", "accent", 90),
            Part(record.stage, "muted", 150),
        )
    )


def _fits(record: Record, asked: list[str]) -> bool:
    text = f"{record.name} {record.called} {record.day}".casefold()
    return all(word in text for word in asked)
