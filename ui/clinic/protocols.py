"""The protocols at hand, their versions and what differs, and approving one: word for word, by a prescriber."""

from pathlib import Path

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from kapdesk.clinical.difference import differences
from kapdesk.clinical.protocol import parse
from kapdesk.errors import KnownError
from ui import theme
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel

MEANS = "Approved is this text, word for word; another letter needs another approval. What is shipped are examples."


class Earlier(msgspec.Struct, frozen=True):
    """A version before this one: in words, and its text."""

    said: str
    toml: str
    approved: bool


class Plan(msgspec.Struct, frozen=True):
    """A protocol in words: its text, what is said of it, and who approved it ("" for nobody)."""

    name: str
    toml: str
    said: str
    approved: str
    trouble: str = ""
    path: Path | None = None
    earlier: tuple[Earlier, ...] = ()
    example: bool = False


class ProtocolsPanel(Panel):
    """`approved` carries the text that a prescriber approves, `edited` the file that someone wants to change."""

    approved = Signal(str)
    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Protocols", "calendar", parent=parent)
        self._chosen: Plan | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(6))
        self._name = Label("", "head", wrap=True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName("The protocol, word for word")
        self._text.setMinimumHeight(theme.px(220))
        self._approve = Button("Approve for patients", "primary")
        away = Button("Put away", name="Put the protocol away")
        self._edit = Button("Change", icon="note", name="Change this protocol")
        self._against = Choice(name="The version it is compared with")
        self._against.activated.connect(lambda _: self._compare())
        self._differs = Label("", "body", wrap=True)
        self._refusal, self._told = Refusal(), Refusal("muted")
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        sheet.addWidget(self._name)
        sheet.addWidget(self._against)
        sheet.addWidget(self._differs)
        sheet.addWidget(self._text)
        sheet.addWidget(Label(MEANS, "muted", wrap=True))
        sheet.addWidget(FlowRow(self._approve, self._edit, away))
        self._sheet.hide()
        self.body.addLayout(self._lines)
        self.body.addWidget(self._sheet)
        self.body.addWidget(self._refusal)
        self.body.addWidget(self._told)
        self._edit.clicked.connect(lambda: self._chosen and self.edited.emit(self._chosen.path))
        self._approve.clicked.connect(lambda: self._chosen and self.approved.emit(self._chosen.toml))
        away.clicked.connect(self._sheet.hide)

    def display(self, plans: tuple[Plan, ...]) -> None:
        """Show these."""
        empty(self._lines)
        self._sheet.hide()
        self._refusal.say("")
        self._told.say("")
        for plan in plans:
            state, tone = (plan.approved, "teal") if plan.approved else ("not approved", "accent")
            told = plan.trouble or (f"example, {state}" if plan.example else state)
            parts = (Part(plan.name, "body", -1), Part(told, "muted"))
            line = LineButton(parts, "check" if plan.approved else "minus", tone)
            line.clicked.connect(lambda _, plan=plan: self._open(plan))
            self._lines.addWidget(line)

    def refuse(self, sentence: str) -> None:
        """Why it was not approved, or cannot be changed."""
        self._refusal.say(sentence)

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._told.say(sentence)

    def _open(self, plan: Plan) -> None:
        self._chosen = plan
        self._name.setText(f"{plan.name}. {plan.said}" if plan.said else plan.name)
        self._text.setPlainText(plan.toml or plan.trouble)
        self._approve.setVisible(bool(plan.toml) and not plan.approved)
        self._edit.setVisible(bool(plan.toml) and plan.path is not None)
        self._against.clear()
        for earlier in plan.earlier:
            self._against.addItem(f"Compared with: {earlier.said}")
        approved = next((n for n, earlier in enumerate(plan.earlier) if earlier.approved), 0)
        self._against.setCurrentIndex(approved if plan.earlier else -1)
        self._against.setVisible(bool(plan.earlier))
        self._compare()
        self._refusal.say("")
        self._sheet.show()

    def _compare(self) -> None:
        """What differs from the chosen version; the one approved last is chosen at first."""
        plan, n = self._chosen, self._against.currentIndex()
        self._differs.setVisible(plan is not None and n >= 0)
        if plan is None or n < 0:
            return
        try:
            said = differences(parse(plan.earlier[n].toml), parse(plan.toml))
        except KnownError as error:
            self._differs.setText(str(error))
            return
        self._differs.setText("\n".join(said) or "They plan the same; only comments or the order of the text differ.")
