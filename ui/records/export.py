"""Exporting sessions: which, to whom, what opens the archive; then how far it is, and a way to stop it."""

from typing import Literal

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from kapdesk.exchange.sealing import LARGEST_BY_PASSPHRASE
from ui import theme
from ui.line import across
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.secret import SecretField

HOLDS = (
    "One encrypted archive: each note as PDF (signed, or the draft marked so), FHIR, and tables. Whoever receives it "
    "opens it with age (age-encryption.org): age -d {}-o export.zip FILE. That it was exported, and to whom, stays on "
    "record."
)
PASSPHRASE = (
    "The passphrase opens the archive, and nothing else does. Tell it another way than you send the archive, and keep "
    f"it as long as the archive. It does for up to {LARGEST_BY_PASSPHRASE // 1_000_000} MB; above that, take a key."
)
Which = Literal["found", "days"]


class Form(msgspec.Struct, frozen=True):
    """What was typed: which sessions, to whom, and the key or else the passphrase that opens it."""

    which: Which
    since: str
    until: str
    to: str
    key: str
    passphrase: str

    def __repr__(self) -> str:
        """Without the passphrase."""
        return f"<a form for {self.to}>"


class ExportPanel(Panel):
    """`wanted` carries what was typed, `stopped` that it is to come to nothing; `left` puts the panel away.

    `alone` says whether it needs no list beside it, where days say which sessions.
    """

    wanted = Signal(object)
    stopped = Signal()
    left = Signal()
    alone = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Export", "lock", parent=parent)
        self._which = Choice(name="Which sessions")
        self._which.addItem("All that are found below", "found")
        self._which.addItem("All of these days", "days")
        self._since, self._until = line_edit("First day, YYYY-MM-DD"), line_edit("Last day, YYYY-MM-DD")
        self._days = _halves(self._since, self._until)
        self._to = line_edit("To whom it goes, for example: City Hospital, Dr Sample")
        self._to.setAccessibleName("To whom it goes")
        self._opens = Choice(name="What opens it")
        self._opens.addItem("Opens with the recipient’s key", "key")
        self._opens.addItem("Opens with a passphrase", "passphrase")
        self._key = line_edit("The recipient’s key (age1…)")
        self._passphrase = SecretField("Passphrase of the archive")
        self._again = SecretField("The passphrase again")
        self._secret = _halves(self._passphrase, self._again)
        self._export = Button("Export …", "primary", name="Export these sessions")
        self._stop, self._away = Button("Stop", name="Stop the export"), Button("Put away", name="Put the export away")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("How much is exported")
        self._told, self._refusal = Refusal("muted"), Refusal()
        self._holds = Label("", "muted", wrap=True)
        for part in (
            across(self._to, self._which),
            self._days,
            across(self._key, self._opens),
            self._secret,
            FlowRow(self._export, self._stop, self._away),
            self._bar,
            self._told,
            self._refusal,
            self._holds,
        ):
            self.body.addWidget(part)
        self.body.addStretch(1)
        for edit in (self._to, self._since, self._until, self._key, self._passphrase.edit, self._again.edit):
            edit.setMinimumHeight(theme.px(theme.TARGET))  # where room is short the list below gives way
        self._which.activated.connect(lambda _: self._lay())
        self._opens.activated.connect(lambda _: self._lay())
        self._export.clicked.connect(self._ask)
        self._stop.clicked.connect(self.stopped)
        self._away.clicked.connect(self.left)
        self._lay()
        self.busy(False)

    def open(self) -> None:
        """Ready to be typed into."""
        self.tell("")
        self._lay()
        self.show()
        self._to.setFocus()

    def busy(self, on: bool) -> None:
        """Something is being exported, or no more."""
        parts = (self._which, self._days, self._to, self._opens, self._key, self._secret, self._export, self._away)
        for part in parts:
            part.setEnabled(not on)
        self._stop.setVisible(on)
        self._bar.setVisible(on)
        self._holds.setVisible(not on)
        self._bar.setRange(0, 0)

    def show_progress(self, done: int, of: int) -> None:
        """So many sessions of all."""
        self._bar.setRange(0, max(of, 1))
        self._bar.setValue(done)
        self.tell(f"{done} of {of} sessions …")

    def tell(self, sentence: str) -> None:
        """How far it is, or where it lies."""
        self._refusal.say("")
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why it was not exported; what was typed stays."""
        self._told.say("")
        self._refusal.say(sentence)

    def forget(self) -> None:
        """Nothing secret stays in it."""
        self._passphrase.clear()
        self._again.clear()

    def _lay(self) -> None:
        by_key = self._opens.currentData() == "key"
        days = self._which.currentData() == "days"
        self._days.setVisible(days)
        self.alone.emit(days)
        self._key.setVisible(by_key)
        self._secret.setVisible(not by_key)
        self._holds.setText(HOLDS.format("-i KEY-FILE ") if by_key else f"{HOLDS.format('')} {PASSPHRASE}")

    def _ask(self) -> None:
        by_key = self._opens.currentData() == "key"
        if not by_key and self._passphrase.text() != self._again.text():
            self.refuse("The two passphrases differ. Nothing was exported; type them again.")
            return
        days = self._which.currentData() == "days"
        self.tell("")
        self.wanted.emit(
            Form(
                self._which.currentData(),
                self._since.text().strip() if days else "",
                self._until.text().strip() if days else "",
                self._to.text().strip(),
                self._key.text().strip() if by_key else "",
                "" if by_key else self._passphrase.text(),
            )
        )


def _halves(one: QWidget, other: QWidget) -> QWidget:
    """Beside each other, equally wide."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(8))
    row.addWidget(one, 1)
    row.addWidget(other, 1)
    return both
