"""The window: the rail, one page at a time, and the quiet strips above it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui import theme
from ui.home.page import HomePage

if TYPE_CHECKING:
    from ui.card import KeyCard
    from ui.rail import Rail, Stop
    from ui.widgets.strip import Strip, StripView

NARROW = 900
"""Below this width, at scale 1, the rail takes less room."""

SAID_FIRST = ("closing", "disk", "behind", "bug", "repaired", "music", "glass")
"""What is said above the page before anything else, in this order."""


class _Ground(QWidget):
    """Everything in the window; tells when it was painted first."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._told = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._told:
            self._told = True
            QTimer.singleShot(0, self.painted.emit)


class Window(QMainWindow):
    """Shows pages that others make. `closing` asks whether it may close: `close_for_good` does it.

    `light_asked` wants the next light, `painted` comes once, after the first paint.
    """

    painted = Signal()
    closing = Signal()
    light_asked = Signal()
    strip_acted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("KapDesk")
        self.rail: Rail | None = None
        self.home = HomePage()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.home)
        self._strip: Strip | None = None
        self._views: dict[str, StripView] = {}
        self._said = ""
        self._card: KeyCard | None = None
        self._may_close = False
        self._behind: QWidget | None = None
        ground = _Ground()
        ground.painted.connect(self.painted)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._top = QVBoxLayout()
        self._top.setSpacing(theme.px(6))
        self._top.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._top)
        self._column.addWidget(self._pages, 1)
        self._row = QHBoxLayout(ground)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addLayout(self._column, 1)
        self.setCentralWidget(ground)
        for key, act in (("?", self.turn_card), ("F11", self._whole_screen), ("Ctrl+Q", self.close)):
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def furnish(self) -> "Rail":
        """Put the rail in, once the clinic is open."""
        from ui.rail import Rail

        if self.rail is None:
            self.rail = Rail()
            self.rail.be_slim(self.width() < theme.px(NARROW))
            self.rail.asked.connect(self._asked)
            self._row.insertWidget(0, self.rail)
        return self.rail

    def page(self) -> QWidget:
        """The page that is shown."""
        return self._pages.currentWidget() or self.home

    @property
    def locked(self) -> bool:
        """Whether the locked page stands before all others."""
        return self._behind is not None

    def lock(self, page: QWidget) -> None:
        """Put this page before all others; what is turned to meanwhile waits behind it."""
        if self._behind is None:
            behind = self.page()
            self._turn(page)
            self._behind = behind
        if self.rail is not None:
            self.rail.hide()
        if self._card is not None:
            self._card.hide()
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                other.close()  # such as the choice of a file: it could take a note out of the locked desk

    def unlock(self) -> None:
        """Back to the page that waits behind the locked one."""
        behind, self._behind = self._behind, None
        if behind is not None:
            self._turn(behind)
        if self.rail is not None:
            self.rail.show()

    def turn_to(self, page: QWidget) -> None:
        """Show a page, and let it hear the keys; where the screen is locked, once it is open again."""
        if self._behind is not None:
            self._behind = page
        else:
            self._turn(page)

    def _turn(self, page: QWidget) -> None:
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        page.setFocus()

    def drop(self, page: QWidget) -> None:
        """A page that is needed no more."""
        self._pages.removeWidget(page)

    def show_rail(self, stops: "tuple[Stop, ...]", page: str) -> None:
        """The running sessions."""
        if self.rail is not None:
            self.rail.display(stops, page)

    def say(self, id_: str, view: "StripView | None") -> None:
        """Say something quietly above the page, under a name of its own; or say it no more.

        One thing is said at a time, the most important first; what else there is waits behind it.
        """
        from ui.refusal import keep_focus
        from ui.widgets.strip import Strip

        self._views.pop(id_, None)
        if view is not None:
            self._views[id_] = view
        self._said = next((name for name in (*SAID_FIRST, *self._views) if name in self._views), "")
        if self._strip is None:
            if not self._views:
                return
            self._strip = Strip()
            self._strip.acted.connect(lambda answer: self.strip_acted.emit(self._said, answer))
            self._top.addWidget(self._strip)
        self._strip.display(self._views.get(self._said))
        keep_focus(self._strip)
        side = theme.px(14) if self._views else 0
        self._top.setContentsMargins(side, theme.px(10) if self._views else 0, side, 0)

    def said(self, id_: str) -> str:
        """What there is to say under a name, whether it is in sight or waits."""
        view = self._views.get(id_)
        return view.words if view is not None else ""

    def turn_card(self) -> None:
        """The card of keys, or no card."""
        from ui.card import KeyCard

        if self.locked:
            return
        if self._card is None:
            self._card = KeyCard(self.centralWidget())
            self._card.left.connect(self.turn_card)
        self._place_card()
        self._card.setVisible(self._card.isHidden())
        self._card.raise_()

    def come_forward(self) -> None:
        """To the front, as a second start asked."""
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def close_for_good(self) -> None:
        """Close without asking again."""
        self._may_close = True
        self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.rail is not None:
            self.rail.be_slim(self.width() < theme.px(NARROW))
        self._place_card()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.closing.emit()

    def _asked(self, what: str) -> None:
        if what == "light":
            self.light_asked.emit()
        elif what == "keys":
            self.turn_card()

    def _place_card(self) -> None:
        """At the right below, where it covers neither the clock nor whose session it is."""
        if self._card is None:
            return
        size, edge = self._card.sizeHint(), theme.px(20)
        wide = min(size.width(), self.width() - 2 * edge)
        self._card.setGeometry(self.width() - wide - edge, self.height() - size.height() - edge, wide, size.height())

    def _whole_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()
