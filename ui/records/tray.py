"""The morning tray on top of the records: a row for each thing to do, the most urgent first, one press does it."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.clinic.tray import Task, What, counted
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.panel import Panel

MOST_SHOWN = 3
NARROW = 900
"""Below this width, at scale 1, a row says what a press does, whom it is about and by when, and nothing more."""
PRESSES: dict[What, tuple[str, str]] = {
    "sign": ("To sign", "Sign"),
    "countersign": ("To countersign", "Countersign"),
    "file": ("To file", "File now"),
    "send": ("To send", "Open and send"),
    "follow up": ("To follow up", "Open the patient"),
}
"""What is to be done, and what the press on a row does."""
SUMMARY = "observation summary"
NOTHING = "Nothing waits: all is signed, filed and sent."
LOOKING = "Looking what waits …"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class TrayPanel(Panel):
    """`chosen` carries the task whose row was pressed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("To do", "check", parent=parent)
        self._tasks: tuple[Task, ...] = ()
        self._today, self._filing, self._surely, self._all = date.min, "", False, False
        self._shown: tuple[object, ...] | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(6))
        self._more = Button("", "bare")
        self._refusal = Refusal()
        self.body.addLayout(self._lines)
        self.body.addWidget(self._more)
        self.body.addWidget(self._refusal)
        self._more.clicked.connect(self._turn)
        self.hide()

    def display(self, tasks: tuple[Task, ...], today: date, filing: str, surely: bool = True) -> None:
        """Show what is to be done as of today; `filing` says why a paper is not filed yet. That nothing waits is only
        said where it is read `surely`, not while there is more to come."""
        self._tasks, self._today, self._filing, self._surely = tasks, today, filing, surely
        self._refusal.say("")
        self.show()
        self._draw()

    def refuse(self, sentence: str) -> None:
        """Why something was not done."""
        self._refusal.say(sentence)

    def tasks(self) -> tuple[Task, ...]:
        """Those whose rows are shown."""
        return self._tasks if self._all else self._tasks[:MOST_SHOWN]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A row says as much as there is room for."""
        super().resizeEvent(event)
        if self._shown is not None:
            self._draw()

    def _draw(self) -> None:
        narrow = self.width() < theme.px(NARROW)
        shown = (self.tasks(), len(self._tasks), self._today, self._filing, self._surely, narrow)
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._lines)
        lines = list[LineButton]()
        for task in self.tasks():
            line = _line(task, self._today, self._filing, narrow)
            line.clicked.connect(lambda _=False, task=task: self.chosen.emit(task))
            self._lines.addWidget(line)
            lines.append(line)
        self._put_in_order(lines)
        late = sum(task.late(self._today) > 0 for task in self._tasks)
        waits = self._filing if narrow and any(task.what == "file" for task in self._tasks) else ""
        said = words.join("" if narrow else counted(self._tasks), f"{late} late" if late else "", waits)
        self.set_remark(said if self._tasks else NOTHING if self._surely else LOOKING)
        self._more.setVisible(len(self._tasks) > MOST_SHOWN)
        self._more.set_words("Show the first only" if self._all else f"Show all {len(self._tasks)}")

    def _put_in_order(self, lines: list[LineButton]) -> None:
        """Tab leads from the page through the rows, and not to them after all that was there before them."""
        before = self.parentWidget()
        while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
            before = before.parentWidget()
        if before is None:
            return
        for part in (*lines, self._more):
            QWidget.setTabOrder(before, part)
            before = part

    def _turn(self) -> None:
        self._all = not self._all
        self._draw()


def _line(task: Task, today: date, filing: str, narrow: bool) -> LineButton:
    wanted, does = PRESSES[task.what]
    due, late = told(task, today)
    of = f"{SUMMARY}, {task.words}" if task.what == "send" else task.words
    of = words.join(of, filing if task.what == "file" else "")
    parts = (
        Part(wanted, "head", 130),
        Part(task.name, stretch=2),
        Part(of, "muted", stretch=3, right=False),
        Part(due, "accent" if late else "muted", 96),
        Part(does, "accent", 126),
    )
    return LineButton((parts[1], *parts[3:]) if narrow else parts, name=f"{does}: {task.name}, {of}, {due}")


def told(task: Task, today: date) -> tuple[str, bool]:
    """By when ("due 26 Nov", "due today", "2 days late"), and whether that is past."""
    if late := task.late(today):
        return f"{late} day{'s' if late != 1 else ''} late", True
    if task.due == today:
        return "due today", False
    year = f" {task.due.year}" if task.due.year != today.year else ""
    return f"due {task.due.day} {_MONTHS[task.due.month - 1]}{year}", False


class TrayLine(QWidget):
    """The tray in one line of the first page: "To do: 3 to sign, 1 to file". Names nobody. `opened` goes there."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said: tuple[str, str] | None = None
        self._row = QVBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def display(self, tasks: Iterable[Task], today: date) -> None:
        """How much of each is to be done, and how much of it is late; nothing where nothing is."""
        tasks = tuple(tasks)
        late = sum(task.late(today) > 0 for task in tasks)
        said = f"To do: {counted(tasks)}" if tasks else "", f"{late} late" if late else ""
        self.setVisible(bool(tasks))
        if said == self._said:
            return
        self._said = said
        empty(self._row)
        if not tasks:
            return
        parts = (Part(said[0]), Part(said[1], "accent", -1)) if late else (Part(said[0]),)
        line = LineButton(parts, "check", "accent" if late else "muted", name=" · ".join(filter(None, said)))
        line.clicked.connect(self.opened)
        self._row.addWidget(line)
