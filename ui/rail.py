"""The rail at the left: the first page, the records, and the running sessions, never more than four."""

from functools import partial
from uuid import UUID

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.spot import COLOURS
from ui.widgets.label import Label

WIDE, SLIM = 84, 64
LOW_PERCENT = 20
_TALL = 84


class Stop(msgspec.Struct, frozen=True):
    """A running session on the rail: what the patient is called, the chair, the time, and whether something is late."""

    id: UUID
    called: str
    chair: str
    time: str
    colour: str = ""
    late: str = ""
    here: bool = False


class RailButton(QAbstractButton):
    """A sign over a word; with a session, its colour and letter, its time and chair."""

    def __init__(self, icon: str, word: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._word = icon, word
        self.stop: Stop | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{word} (key {key})" if key else word)
        self.setToolTip(f"{word}  {key}".strip())
        self.setCheckable(True)

    def display(self, stop: Stop) -> None:
        """Show a session."""
        if stop != self.stop:
            self.stop = stop
            self.setChecked(stop.here)
            said = f"Session of {stop.called}, {f'chair {stop.chair}, ' if stop.chair else ''}{stop.time} {stop.late}"
            self.setAccessibleName(said.strip())
            self.setToolTip("")
            self.update()

    def sizeHint(self) -> QSize:
        rail = self.parentWidget()
        wide = rail.maximumWidth() if rail is not None else theme.px(WIDE)
        return QSize(wide - theme.px(12), theme.px(_TALL if self.stop else 60))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            self._ground(painter, box)
            if self.stop is None:
                side = theme.px(22)
                sign = QRectF(box.center().x() - side / 2, box.top() + theme.px(7), side, side)
                icons.paint(painter, self._icon, sign, "accent" if self.isChecked() else "muted")
                self._line(painter, self._word, box.bottom() - theme.px(24), "tiny", self.isChecked())
            else:
                self._session(painter, box, self.stop)

    def _ground(self, painter: QPainter, box: QRectF) -> None:
        now = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(box, theme.px(10), theme.px(10))
        edge = now.accent if self.hasFocus() or (self.stop is not None and self.stop.late) else ""
        if edge:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(box, theme.px(10), theme.px(10))

    def _session(self, painter: QPainter, box: QRectF, stop: Stop) -> None:
        side = theme.px(26)
        dot = QRectF(box.center().x() - side / 2, box.top() + theme.px(6), side, side)
        tone = COLOURS.get(stop.colour, "muted")
        filled = theme.current().filled and stop.colour in COLOURS
        painter.setPen(QPen(theme.colour(tone), 2))
        painter.setBrush(theme.colour(tone) if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)
        painter.setFont(theme.font("small", "bold"))
        painter.setPen(theme.colour("accent_ink" if filled else tone))
        painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, stop.called[:1].upper())
        self._line(painter, stop.called, box.top() + theme.px(33), "small", True)
        under = f"{stop.time} · {stop.chair}" if stop.chair else stop.time
        self._line(painter, under, box.top() + theme.px(53), "tiny", False)

    def _line(self, painter: QPainter, text: str, top: float, size: theme.Size, strong: bool) -> None:
        painter.setFont(theme.font(size, "semibold" if strong else "regular"))
        painter.setPen(theme.colour("text" if strong else "muted"))
        line = QRectF(1, top, self.width() - 2, theme.px(20))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, fitting(text, painter.fontMetrics(), int(line.width())))


def fitting(text: str, metrics: QFontMetrics, room: int) -> str:
    """A name or word as far as there is room: whole; the first of its words with the last one's letter; the first."""
    first, *others = text.split() or [""]
    for shown in (text, f"{first} {others[-1][0]}." if others else text, first):
        if metrics.horizontalAdvance(shown) <= room:
            return shown
    return metrics.elidedText(first, Qt.TextElideMode.ElideRight, room)


class Rail(QFrame):
    """`asked` carries "home", "records", "light" or "keys"; `chosen` a session."""

    asked = Signal(str)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "rail")
        self.setAccessibleName("Sessions and pages")
        self.setFixedWidth(theme.px(WIDE))
        self._pages: dict[str, RailButton] = {}
        self._stops: list[RailButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(6), theme.px(8), theme.px(6), theme.px(8))
        column.setSpacing(theme.px(6))
        self._sessions = QVBoxLayout()
        self._sessions.setSpacing(theme.px(6))
        for name, icon, word, key in (("home", "home", "Home", ""), ("records", "records", "Records", "")):
            column.addWidget(self._button(name, icon, word, key))
        column.addSpacing(theme.px(8))
        column.addLayout(self._sessions)
        column.addStretch(1)
        self._battery = Label("", "accent")
        self._battery.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._battery.hide()
        column.addWidget(self._battery)
        for name, icon, word, key in (("light", "theme", "Light", ""), ("keys", "help", "Keys", "?")):
            column.addWidget(self._button(name, icon, word, key))

    def display(self, stops: tuple[Stop, ...], page: str) -> None:
        """Show these sessions, and which page is open."""
        for name, button in self._pages.items():
            button.setChecked(name == page)
        while len(self._stops) < len(stops):
            button = RailButton("", "")
            button.clicked.connect(partial(self._choose, button))
            self._stops.append(button)
            self._sessions.addWidget(button)
        for button, stop in zip(self._stops, stops, strict=False):
            button.display(stop)
            button.setChecked(stop.here)
            button.show()
        for spare in self._stops[len(stops) :]:
            spare.hide()

    def show_battery(self, percent: int | None) -> None:
        """The battery's charge, while the computer runs on it."""
        self._battery.setVisible(percent is not None)
        self._battery.setText("" if percent is None else f"{percent} %")
        self._battery.setAccessibleName("" if percent is None else f"On battery, {percent} percent left")
        self._battery.set_role("alarm" if percent is not None and percent <= LOW_PERCENT else "accent")

    def be_slim(self, slim: bool) -> None:
        """Take less room where the window is narrow."""
        wide = theme.px(SLIM if slim else WIDE)
        if self.width() != wide or self.maximumWidth() != wide:
            self.setFixedWidth(wide)
            for button in (*self._pages.values(), *self._stops):
                button.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("panel"))
            painter.setPen(theme.colour("line"))
            painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())

    def _choose(self, button: RailButton) -> None:
        if button.stop is not None:
            self.chosen.emit(button.stop.id)

    def _button(self, name: str, icon: str, word: str, key: str) -> RailButton:
        button = RailButton(icon, word, key)
        button.clicked.connect(lambda: self.asked.emit(name))
        self._pages[name] = button
        return button
