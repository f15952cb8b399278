"""A paper beside the session note as it will be printed, with what is chosen for it: quotations, a month, days."""

from datetime import date
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.note.integration import Said, month_in_words
from ui import theme
from ui.close.preview import Preview
from ui.line import empty
from ui.sheets.stock import StockPanel
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.frame import framed, stack
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

NARROW = 820
"""Below this width, at scale 1, what is chosen stands above the paper, not beside it."""
Chosen = Literal["", "quotations", "month", "days"]


class SheetPage(QWidget):
    """`chose` says that something else is chosen, `wanted` asks for the paper anew, `saved` for it in a file, `printed`
    for it on paper."""

    chose = Signal()
    wanted = Signal()
    saved = Signal()
    printed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("A paper")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self._title, self._said = Label("", "title", wrap=True), Label("", "muted", wrap=True)
        self.preview = Preview("sheet")
        self.quotations, self.month, self.days = Quotations(), MonthChoice(), DaysChoice()
        self.stock = StockPanel()
        self._back = Button("Back", icon="back")
        self._print = Button("Print", icon="print", name="Print this paper")
        self._lay_out()
        for part in (self.quotations, self.month, self.days):
            part.chose.connect(self.chose)
        self.preview.wanted.connect(self.wanted)
        self.preview.saved.connect(self.saved)
        self._print.clicked.connect(self.printed)
        self._back.clicked.connect(self.left)

    def show_for(self, title: str, said: str, chosen: Chosen = "") -> None:
        """Another paper: its name, a sentence about it, and what is chosen for it."""
        self.setAccessibleName(title)
        self._title.setText(title)
        self._said.setText(said)
        for name, part in (("quotations", self.quotations), ("month", self.month), ("days", self.days)):
            part.setVisible(name == chosen)
        self.stock.setVisible(chosen == "days")
        self._left.setVisible(bool(chosen))
        self.preview.display([])
        self.preview.wait()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stack(self._columns, self.width() < theme.px(NARROW))

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("part", "sheet")
        self._left = Scrolling(inside)
        left = QVBoxLayout(inside)
        left.setContentsMargins(0, 0, theme.px(4), 0)
        left.setSpacing(theme.px(12))
        left.addWidget(self.quotations, 1)
        left.addWidget(self.month)
        left.addWidget(self.days)
        left.addWidget(self.stock)
        left.addStretch(0)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(theme.px(12))
        self._columns.addWidget(self._left, 40)
        self._columns.addWidget(self.preview, 60)
        foot = QHBoxLayout()
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self._print)
        page = framed(self)
        page.addWidget(self._title)
        page.addWidget(self._said)
        page.addLayout(self._columns, 1)
        page.addLayout(foot)


class Quotations(Panel):
    """What the patient said, each with a box: those that are ticked stand on their sheet."""

    chose = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("In their own words", "note", parent=parent)
        self._lines: list[_Quotation] = []
        self._none = Label("Nothing was marked as the patient’s own words.", "muted", wrap=True)
        inside = QWidget()
        inside.setProperty("part", "sheet")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(4))
        self.body.addWidget(Label("What is ticked stands on the sheet.", "muted", wrap=True))
        self.body.addWidget(self._none)
        self.body.addWidget(Scrolling(inside), 1)

    def display(self, said: tuple[Said, ...]) -> None:
        """What may be quoted; what was marked as their own words is ticked."""
        empty(self._column)
        self._lines = [_Quotation(each) for each in said]
        for line in self._lines:
            line.check.toggled.connect(lambda _: self.chose.emit())
            self._column.addWidget(line)
        self._column.addStretch(1)
        self._none.setVisible(not said)

    def chosen(self) -> frozenset[str]:
        """The ids of what is ticked."""
        return frozenset(line.id for line in self._lines if line.check.isChecked())


class _Quotation(QWidget):
    """A quotation with its box; a press anywhere on it ticks it."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self.id = said.id
        self.setMinimumHeight(theme.px(theme.TARGET))
        self.check = Check("")
        self.check.setChecked(said.own)
        self.check.setAccessibleName(f"Quote “{said.text}”, {said.when}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(f"“{said.text}”", wrap=True))
        words.addWidget(Label(said.when, "muted", wrap=True))
        row.addWidget(self.check, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.check.toggle()


class MonthChoice(Panel):
    """Which month: one earlier, one later."""

    chose = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Which month", "calendar", parent=parent)
        self.first = date(2000, 1, 1)
        self._last = self.first
        self._name = Label("", "head")
        self._earlier = Button("Earlier", icon="back", name="The month before")
        self._later = Button("Later", icon="forward", name="The month after")
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self._earlier)
        row.addWidget(self._later)
        row.addStretch(1)
        self.body.addWidget(self._name)
        self.body.addLayout(row)
        self._earlier.clicked.connect(lambda: self._go(-1))
        self._later.clicked.connect(lambda: self._go(1))

    def begin(self, first: date, last: date) -> None:
        """From this month on; none is later than the last."""
        self.first, self._last = first, last
        self._show()

    def _go(self, by: int) -> None:
        months = self.first.year * 12 + self.first.month - 1 + by
        self.first = date(months // 12, months % 12 + 1, 1)
        self._show()
        self.chose.emit()

    def _show(self) -> None:
        self._name.setText(month_in_words(self.first))
        self._later.setEnabled(self.first < self._last)


class DaysChoice(Panel):
    """From which day to which, both included."""

    chose = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Which days", "calendar", parent=parent)
        self.since, self.until = line_edit("From, YYYY-MM-DD"), line_edit("To, YYYY-MM-DD")
        self._show = Button("Show these days", icon="paper")
        for part in (self.since, self.until, self._show):
            self.body.addWidget(part)
        self._show.clicked.connect(self.chose)
        self.since.returnPressed.connect(self.chose)
        self.until.returnPressed.connect(self.chose)

    def begin(self, since: date, until: date) -> None:
        """These days to begin with."""
        self.since.setText(since.isoformat())
        self.until.setText(until.isoformat())

    def days(self) -> tuple[date, date] | None:
        """The two days; None where one is no day."""
        try:
            return date.fromisoformat(self.since.text().strip()), date.fromisoformat(self.until.text().strip())
        except ValueError:
            return None
