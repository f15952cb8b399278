"""How long each record is kept; keeping one longer, and erasing one, which takes two."""

from uuid import UUID

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kapdesk.store import letters
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.secret import SecretField

MOST_SHOWN = 40
ERASES = (
    "All that was said is deleted: registration, visits, notes that the staff wrote for themselves. That there was a "
    "record, and that it was erased, stays provable. It cannot be taken back. A second person agrees with their "
    "password."
)

NOBODY = "Nobody who may agree has a password here"


class Held(msgspec.Struct, frozen=True):
    """A patient's record in words: whose, what is kept, and until when; `over` when that day has passed."""

    id: UUID
    name: str
    said: str
    until: str
    over: bool


class KeepingPanel(Panel):
    """`longer` carries patient, date and reason; `erase` patient, reason, and name and password of who agrees."""

    longer = Signal(object, str, str)
    erase = Signal(object, str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("How long records are kept", "records", parent=parent)
        self._held: tuple[Held, ...] = ()
        self._chosen: Held | None = None
        self._search = QLineEdit()
        self._search.setPlaceholderText("Name")
        self._search.setAccessibleName("Look for a name")
        self._search.textChanged.connect(lambda _: self._list())
        self._state = Label("", "muted")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(6))
        self._refusal, self._told = Refusal(), Refusal("muted")
        self._until, self._why = line_edit("Until (year-month-day)"), line_edit("Why it is kept longer")
        self._reason, self._who = line_edit("By which law or request"), Choice(name="Who agrees")
        self._secret = SecretField("Password of who agrees")
        keep, go = Button("Keep it longer", "primary"), Button("Erase this record", "danger")
        self._go = go
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        self._whose = Label("", "head", wrap=True)
        away = Button("Put away", name="Put this record away")
        for part in (
            self._whose,
            self._until,
            self._why,
            FlowRow(keep),
            Label(ERASES, "muted", wrap=True),
            self._reason,
            self._who,
            self._secret,
            FlowRow(go, away),
        ):
            sheet.addWidget(part)
        self._sheet.hide()
        for each in (self._search, self._state, self._refusal, self._told, self._sheet):
            self.body.addWidget(each)
        self.body.addLayout(self._lines)
        keep.clicked.connect(self._keep)
        go.clicked.connect(self._erase)
        away.clicked.connect(self._put_away)

    def display(self, held: tuple[Held, ...], agreeing: tuple[str, ...]) -> None:
        """Show these records, the one whose time is up first at the top, and who may agree to an erasure."""
        self._held = held
        self._who.clear()
        self._who.addItems(list(agreeing) or [NOBODY])
        self._who.setEnabled(bool(agreeing))
        self._put_away()
        self._list()

    def busy(self, busy: bool) -> None:
        """An erasure is under way."""
        self._go.setEnabled(not busy)

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why it was not done. The password is to be typed again."""
        self.busy(False)
        self._secret.clear()
        self._refusal.say(sentence)

    def _list(self) -> None:
        fitting = [each for each in self._held if letters.holds(self._search.text(), each.name)]
        over = sum(each.over for each in self._held)
        count = f"{len(self._held)} patient{'s' if len(self._held) != 1 else ''}"
        self._state.setText(f"{count}; {over or 'none'} kept as long as the rule asks.")
        empty(self._lines)
        for each in fitting[:MOST_SHOWN]:
            parts = (Part(each.name, "body", -1), Part(each.said, "muted"), Part(each.until, "muted", 150))
            sign = "clock" if each.over else "records"
            line = LineButton(parts, sign, "accent" if each.over else "muted")
            line.clicked.connect(lambda _, held=each: self._choose(held))
            self._lines.addWidget(line)

    def _choose(self, held: Held) -> None:
        self._put_away()
        self._chosen = held
        self._whose.setText(f"{held.name}: {words.join(held.said, held.until)}")
        self._told.say("")
        self._sheet.show()
        self._until.setFocus()

    def _put_away(self) -> None:
        self._chosen = None
        self._sheet.hide()
        self._refusal.say("")
        self._secret.clear()
        self.busy(False)
        for edit in (self._until, self._why, self._reason):
            edit.clear()

    def _keep(self) -> None:
        if self._chosen is not None:
            self.longer.emit(self._chosen.id, self._until.text(), self._why.text())

    def _erase(self) -> None:
        if self._chosen is not None:
            self._refusal.say("")
            who = self._who.currentText() if self._who.isEnabled() else ""
            said = (self._reason.text(), who, self._secret.text())
            self.erase.emit(self._chosen.id, *said)
