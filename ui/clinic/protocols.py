"""The protocols at hand, who approved each, and approving one: word for word, by a prescriber."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ui import theme
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel

MEANS = "Approved is this text, word for word; another letter needs another approval. What is shipped are examples."


class Plan(msgspec.Struct, frozen=True):
    """A protocol in words: its text, what is said of it, and who approved it ("" for nobody)."""

    name: str
    toml: str
    said: str
    approved: str
    trouble: str = ""


class ProtocolsPanel(Panel):
    """`approved` carries the text that a prescriber approves."""

    approved = Signal(str)

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
        self._refusal = Refusal()
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        sheet.addWidget(self._name)
        sheet.addWidget(self._text)
        sheet.addWidget(Label(MEANS, "muted", wrap=True))
        sheet.addWidget(FlowRow(self._approve, away))
        self._sheet.hide()
        self.body.addLayout(self._lines)
        self.body.addWidget(self._sheet)
        self.body.addWidget(self._refusal)
        self._approve.clicked.connect(lambda: self._chosen and self.approved.emit(self._chosen.toml))
        away.clicked.connect(self._sheet.hide)

    def display(self, plans: tuple[Plan, ...]) -> None:
        """Show these."""
        empty(self._lines)
        self._sheet.hide()
        self._refusal.say("")
        for plan in plans:
            state, tone = (plan.approved, "teal") if plan.approved else ("not approved", "accent")
            parts = (Part(plan.name, "body", -1), Part(plan.trouble or state, "muted"))
            line = LineButton(parts, "check" if plan.approved else "minus", tone)
            line.clicked.connect(lambda _, plan=plan: self._open(plan))
            self._lines.addWidget(line)

    def refuse(self, sentence: str) -> None:
        """Why it was not approved."""
        self._refusal.say(sentence)

    def _open(self, plan: Plan) -> None:
        self._chosen = plan
        self._name.setText(f"{plan.name}. {plan.said}" if plan.said else plan.name)
        self._text.setPlainText(plan.toml or plan.trouble)
        self._approve.setVisible(bool(plan.toml) and not plan.approved)
        self._refusal.say("")
        self._sheet.show()
