"""The page on which a session written on paper is entered: a grid for the keyboard, recorded all at once."""

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.paper.reading import Typed
from ui.paper.row import PaperRow
from ui.refusal import Refusal
from ui.session.bar import PatientBar
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.scrolling import Scrolling

_HINT = "Tab goes to the next cell, Enter to the next row. In any order: nothing is recorded before “Enter all”."

NARROW = 1000
"""Below this width, at scale 1, the parts of a row stand below each other."""


class PaperPage(QWidget):
    """`changed` at every change of a row, `enter_asked` with the reason; `left` goes back."""

    changed = Signal()
    enter_asked = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Enter from paper")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self.bar = PatientBar(layouts=False, closes="")
        self.rows: list[PaperRow] = []
        self._number, self._people = 0, ()  # type: tuple[int, tuple[tuple[str, str], ...]]
        self.why = line_edit("Why it was written on paper")
        self.why.setMaxLength(200)
        self._add = Button("Another row", icon="plus")
        self._enter = Button("Enter all", "primary", "check")
        self._back = Button("Back", icon="back")
        self._said = Label("", "muted", wrap=True)
        self._refusal = Refusal()
        self._lay_out()
        self._add.clicked.connect(lambda: self._next(None))
        self._enter.clicked.connect(lambda: self.enter_asked.emit(self.why.text().strip()))
        self.why.returnPressed.connect(lambda: self.enter_asked.emit(self.why.text().strip()))
        self.why.textChanged.connect(lambda _: self.changed.emit())
        self._back.clicked.connect(self.left)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(NARROW)
        self.bar.be_short(narrow)
        for row in self.rows:
            row.stack(narrow)

    def display(self, seen: Seen) -> None:
        """Whose session it is."""
        self.bar.display(seen)

    def know(self, people: tuple[tuple[str, str], ...]) -> None:
        """Who can have done or seen it: ids and names."""
        self._people = people

    def add(self, typed: Typed, after: PaperRow | None = None) -> PaperRow:
        """Another row, at the end or after one."""
        self._number += 1
        row = PaperRow(self._number, typed, self._people)
        place = self.rows.index(after) + 1 if after is not None else len(self.rows)
        self.rows.insert(place, row)
        self._column.insertWidget(place, row)
        row.stack(self.width() < theme.px(NARROW))
        row.typed_.connect(self.changed)
        row.done.connect(lambda: self._next(row))
        row.gone.connect(lambda: self._remove(row))
        previous = self.rows[place - 1].by if place else None
        if previous is not None:
            QWidget.setTabOrder(previous, row.day)
        chain = [row.day, row.clock, row.kind, *row.cells, row.by]
        for one, other in pairwise(chain):
            QWidget.setTabOrder(one, other)
        return row

    def say(self, sentence: str) -> None:
        """One plain sentence in place: why nothing, or not all, was entered."""
        self._refusal.say(sentence)

    def tell(self, sentence: str) -> None:
        """How many rows there are, and how many are entered."""
        self._said.setText(sentence)

    def _next(self, row: PaperRow | None) -> None:
        """The row below; a new one, on the same day and by the same person, where there is none."""
        place = self.rows.index(row) + 1 if row is not None else len(self.rows)
        if place == len(self.rows):
            last = self.rows[-1].typed() if self.rows else Typed()
            self.add(Typed(last.day, kind=last.kind, by=last.by))
            self.changed.emit()
        self.rows[place].start()
        below = self.rows[place]
        QTimer.singleShot(0, below, lambda: self._area.ensureWidgetVisible(below))

    def _remove(self, row: PaperRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.changed.emit()

    def _lay_out(self) -> None:
        self.bar.add(self._back)
        sheet = QWidget()
        sheet.setProperty("part", "sheet")
        self._column = QVBoxLayout(sheet)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(8))
        self._column.addStretch(1)
        self._area = Scrolling(sheet)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addWidget(self._add)
        foot.addWidget(self.why, 1)
        foot.addWidget(self._enter)
        inside = QVBoxLayout()
        inside.setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(12))
        inside.setSpacing(theme.px(8))
        inside.addWidget(Label("Enter from paper", "title"))
        inside.addWidget(Label(_HINT, "muted", wrap=True))
        inside.addWidget(self._area, 1)
        inside.addWidget(self._said)
        inside.addWidget(self._refusal)
        inside.addLayout(foot)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.bar)
        page.addLayout(inside, 1)
