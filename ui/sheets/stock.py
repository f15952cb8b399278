"""The safe: what came in, went back, was destroyed or found by a count, and who looked on."""

from concurrent.futures import Future
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kapdesk.errors import KnownError
from kapdesk.facts.fact import Struck
from kapdesk.facts.people import may
from kapdesk.facts.stock import StockMove, StockMoved
from ui import theme
from ui.refusal import Refusal
from ui.session.dose_form import micrograms
from ui.trace import sentence_of
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.secret import SecretField

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.desk import Desk

MOVES: tuple[StockMove, ...] = get_args(StockMove)
NOBODY = "Nobody looked on"


class StockPanel(Panel):
    """`said` carries a `StockMoved` without its witness, then who looked on ("" for nobody) and their secret;
    `taken_back` that the last one was a slip."""

    said = Signal(object, str, str)
    taken_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The safe", "lock", parent=parent)
        self._what = Choice([each.capitalize() for each in MOVES], "What happened")
        self._medication, self._lot = line_edit("Medication"), line_edit("Lot")
        self._amount, self._words = line_edit("Amount, mg"), line_edit("From whom, to whom, or why")
        self._expiry = line_edit("Expires")
        self._who = Choice(name="Who looked on")
        self._secret = SecretField("PIN or password of who looked on")
        self._go = Button("Record in stock", icon="check")
        self._refusal, self._told = Refusal(), Label("", "muted", wrap=True)
        self._back = Button("Take it back", icon="undo", name="Take back what was just recorded in stock")
        pairs = (_beside(self._medication, self._lot), _beside(self._amount, self._expiry))
        for part in (self._what, *pairs, self._words, self._who, self._secret, self._go, self._refusal, self._told):
            self.body.addWidget(part)
        self.body.addWidget(self._back)
        self._secret.hide()
        self._told.hide()
        self._back.hide()
        self._back.clicked.connect(self.taken_back)
        self._who.currentIndexChanged.connect(lambda n: self._secret.setVisible(n > 0))
        self._go.clicked.connect(self._say)

    def offer(self, people: tuple[tuple[str, str], ...]) -> None:
        """Who may look on, by id and name."""
        self._who.clear()
        self._who.addItem(NOBODY, "")
        for id_, name in people:
            self._who.addItem(name, id_)
        self._secret.clear()
        self.refuse("")

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what was typed stays, but for what is secret."""
        self._secret.clear()
        self._told.hide()
        self._back.hide()
        self._refusal.say(sentence)

    def taken(self, sentence: str, *, back: bool = True) -> None:
        """It is on its way to the record, from where it can be taken back."""
        for edit in (self._medication, self._lot, self._amount, self._words, self._expiry):
            edit.clear()
        self._secret.clear()
        self._who.setCurrentIndex(0)
        self._refusal.say("")
        self._told.setText(sentence)
        self._told.show()
        self._back.setVisible(back)

    def _say(self) -> None:
        typed = self._amount.text().strip()
        amount_ug = 0 if typed == "0" else micrograms(typed)
        if amount_ug is None:
            self.refuse("Type the amount in milligrams, for example 500.")
            return
        fact = StockMoved(
            self._medication.text().strip(),
            self._lot.text().strip(),
            MOVES[self._what.currentIndex()],
            amount_ug,
            self._words.text().strip(),
            self._expiry.text().strip(),
        )
        self.said.emit(fact, self._who.currentData() or "", self._secret.text())


def _beside(*parts: QWidget) -> QWidget:
    row = QWidget()
    inside = QHBoxLayout(row)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(theme.px(8))
    for part in parts:
        inside.addWidget(part, 1)
    return row


class Stocking:
    """The panel at work: who looked on shows who they are, then it is recorded. `then` is called once it is kept."""

    def __init__(self, desk: "Desk", panel: StockPanel, then: "Callable[[], None]") -> None:
        self._desk, self._panel, self._then = desk, panel, then
        self._last: UUID | None = None
        panel.said.connect(self._say)
        panel.taken_back.connect(self._take_back)

    def offer(self) -> None:
        """Those who may look on, but for whoever records it."""
        desk = self._desk
        here, pins = (desk.actor.by, desk.actor.entered_by), desk.presence.with_pin()
        self._panel.offer(
            tuple(
                (id_, each.name)
                for id_, each in desk.clinic.state.staff.items()
                if id_ not in here and may(each.roles, "witness") and (id_ in pins or desk.clinic.ring.has_account(id_))
            )
        )

    def _say(self, fact: StockMoved, who: str, secret: str) -> None:
        desk = self._desk
        clinic = desk.clinic
        if not who:
            self._record(fact)
            return
        by_pin = secret.isdigit() and who in desk.presence.with_pin()
        name = clinic.state.name_of(who)
        proof = desk.presence.by_pin(who, secret, "witness") if by_pin else desk.presence.by_password(name, secret)
        proof.add_done_callback(lambda done: clinic.post(lambda: self._proved(done, fact)))

    def _proved(self, done: "Future[str]", fact: StockMoved) -> None:
        if (error := done.exception()) is not None:
            self._panel.refuse(f"{sentence_of(error)} Nothing was recorded.")
            return
        self._record(replace(fact, witnessed_by=done.result()))

    def _record(self, fact: StockMoved) -> None:
        desk = self._desk
        try:
            recording = desk.clinic.recorder.record(fact, desk.actor)
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._last = recording.statement.id
        self._panel.taken("On record." if fact.witnessed_by else "On record, not witnessed.")
        desk.when_kept(recording.kept, self._then)

    def _take_back(self) -> None:
        """It was a slip: struck out, and both stay on the record."""
        if self._last is None:
            return
        desk = self._desk
        try:
            recording = desk.clinic.recorder.record(Struck(self._last, "typed wrong, taken back"), desk.actor)
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._last = None
        self._panel.taken("Taken back.", back=False)
        desk.when_kept(recording.kept, self._then)
