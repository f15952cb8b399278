"""The sessions that run: at this desk, or left running when KapDesk last stopped."""

from uuid import UUID

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button, Kind
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class Running(msgspec.Struct, frozen=True):
    """A running session in words. `ask` is the question someone must answer first, where the clocks cannot."""

    id: UUID
    words: str
    ask: str = ""
    overdue: str = ""


class SessionsPanel(Panel):
    """`go_on` carries the session and, where that was asked, the minutes since its last line, else -1."""

    go_on = Signal(object, int)
    begin = Signal()
    records = Signal()
    music = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sessions", "timer", parent=parent)
        self._running: tuple[Running, ...] | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(10))
        self._refusal = Refusal()
        self.begin_button = Button("Begin a session", "primary", "begin")
        self._records = Button("Records", icon="records")
        self._music = Button("Music", icon="music")
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(self.begin_button, 2)
        row.addWidget(self._records, 1)
        row.addWidget(self._music, 1)
        self.body.addLayout(self._lines)
        self.body.addWidget(self._refusal)
        self.body.addSpacing(theme.px(20))
        self.body.addLayout(row)
        self.begin_button.clicked.connect(self.begin)
        self._records.clicked.connect(self.records)
        self._music.clicked.connect(self.music)

    def display(self, running: tuple[Running, ...]) -> None:
        """Show these sessions."""
        shape = tuple((each.id, each.ask) for each in running)
        if self._running is not None and shape == tuple((each.id, each.ask) for each in self._running):
            for label, each in zip(self._said, running, strict=True):
                label.setText(each.words)
            self._running = running
            return
        self._running = running
        empty(self._lines)
        self._said: list[Label] = []
        for n, each in enumerate(running):
            self._lines.addWidget(self._line(each, n == 0))
        self.begin_button.set_kind("quiet" if running else "primary")
        if not running:
            self._lines.addWidget(Label("No session is running.", "muted"))

    def refuse(self, sentence: str) -> None:
        """Say why that was not done."""
        self._refusal.say(sentence)

    def _line(self, one: Running, first: bool) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        said = Label(one.words, "lead", wrap=True)
        self._said.append(said)
        minutes = QLineEdit()
        minutes.setPlaceholderText("minutes")
        minutes.setAccessibleName("Minutes since the last line")
        minutes.setFixedWidth(theme.px(110))
        kind: Kind = "primary" if first else "quiet"
        go_on = Button("Go on", kind, "forward", name=f"Go on with this session: {one.words}")
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(said, 1)
        if one.overdue:
            row.addWidget(Label(one.overdue, "accent"))
        if one.ask:
            row.addWidget(minutes)
        row.addWidget(go_on)
        column.addLayout(row)
        if one.ask:
            column.addWidget(Label(one.ask, "accent", wrap=True))

        def say() -> None:
            typed = minutes.text().strip()
            if not one.ask:
                self.go_on.emit(one.id, -1)
            elif typed.isdecimal():
                self.go_on.emit(one.id, int(typed))
            else:
                self.refuse("Type how many minutes have passed, as well as you know.")
                minutes.setFocus()

        go_on.clicked.connect(say)
        minutes.returnPressed.connect(say)
        return line
