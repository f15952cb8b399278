"""Where the four parts of a session's page stand: in three columns, or beside a video call in one with tabs."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import theme
from ui.session.doses import DosesPanel
from ui.session.notes import NotesPanel
from ui.session.now import NowPanel
from ui.session.vitals import VitalsPanel
from ui.widgets.buttons import Button
from ui.widgets.panel import Panel

Layout = Literal["therapist", "medical"]

_STRETCH: dict[Layout, tuple[int, int, int]] = {"therapist": (26, 42, 32), "medical": (28, 25, 47)}


class _Tabbed(QStackedWidget):
    """Asks for the room of the tab that is shown, not of the tallest."""

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()


class Columns:
    """Both arrangements, `wide` and `slim`, of which one is shown. `turned` is called when another tab is."""

    def __init__(
        self, now: NowPanel, doses: DosesPanel, notes: NotesPanel, vitals: VitalsPanel, turned: Callable[[], None]
    ) -> None:
        self._now, self._doses, self._notes, self._vitals = now, doses, notes, vitals
        self._others = Panel("More", "people")
        self._others.body.addStretch(1)
        self._narrow: bool | None = None
        self.wide, self.slim = QWidget(), QWidget()
        self._row = QHBoxLayout(self.wide)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(10))
        self._columns = [QVBoxLayout() for _ in range(3)]
        for column in self._columns:
            column.setSpacing(theme.px(10))
            self._row.addLayout(column)
        slim = QVBoxLayout(self.slim)
        slim.setContentsMargins(0, 0, 0, 0)
        slim.setSpacing(theme.px(8))
        self._top = QVBoxLayout()
        slim.addLayout(self._top)
        self.tabs = QButtonGroup(self.slim)
        tabs = QHBoxLayout()
        tabs.setSpacing(theme.px(8))
        for n, name in enumerate(("Observations", "Vitals", "Doses", "More")):
            button = Button(name)
            button.setCheckable(True)
            button.setChecked(n == 0)
            self.tabs.addButton(button, n)
            tabs.addWidget(button, 1)
        slim.addLayout(tabs)
        self._stack = _Tabbed()
        self._stack.currentChanged.connect(self._stack.updateGeometry)
        self._stack.currentChanged.connect(turned)
        slim.addWidget(self._stack, 1)
        self.tabs.idClicked.connect(self._stack.setCurrentIndex)

    def arrange(self, narrow: bool, layout: Layout) -> None:
        """Put the parts where they stand now; each keeps what it shows and what was typed."""
        if narrow:
            self._top.addWidget(self._now)
            for part in (self._notes, self._vitals, self._doses, self._others):
                self._stack.addWidget(part)
            self._others.body.insertWidget(0, self._notes.more)
            self._stack.setCurrentIndex(max(self.tabs.checkedId(), 0))
        elif self._narrow is not False:
            left, middle, right = self._columns
            left.addWidget(self._now)
            left.addWidget(self._doses, 1)
            middle.addWidget(self._notes, 1)
            right.addWidget(self._vitals, 1)
            for part in (self._notes, self._vitals, self._doses):
                part.show()
            self._notes.take_more()
        for n, stretch in enumerate(_STRETCH[layout]):
            self._row.setStretch(n, stretch)
        self._narrow = narrow
        self.wide.setVisible(not narrow)
        self.slim.setVisible(narrow)

    def turn_to(self, n: int) -> None:
        """One tab to the front."""
        self.tabs.button(n).setChecked(True)
        self._stack.setCurrentIndex(n)

    def show_tabs(self, shown: bool) -> None:
        """The tabs, or not."""
        for tab in self.tabs.buttons():
            tab.setVisible(shown)

    def tabs_missing(self) -> int:
        """The height the tabs would need more."""
        tab = self.tabs.button(0)
        return tab.sizeHint().height() + theme.px(8) if tab.isHidden() else 0
