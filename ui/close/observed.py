"""The observation summary of nasal esketamine: when it is due, what is missing, saved as a paper, and told as sent."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from kapdesk.clinic import summary
from kapdesk.facts.clinic import SummarySent
from kapdesk.note import observed
from kapdesk.note.telling import Telling
from ui import theme
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class ObservedPanel(Panel):
    """`saving` asks for the paper; `sent` carries how it was sent."""

    saving = Signal()
    sent = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Observation summary", "paper", parent=parent)
        self._seen: Seen | None = None
        self._visit: UUID | None = None
        self._state = Label("", "body", wrap=True)
        self._gaps = Label("", "accent", wrap=True)
        self._fields = Label("", "muted", wrap=True)
        self._paper = Button("Save summary as …", icon="print", name="Save the observation summary")
        self._how = QLineEdit()
        self._how.setPlaceholderText("How: fax, portal, post")
        self._how.setAccessibleName("How the observation summary was sent")
        self._sent = Button("Sent", icon="check", name="The observation summary was sent")
        self._refusal = Refusal()
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self._how, 1)
        row.addWidget(self._sent)
        for part in (self._state, self._gaps, self._fields, self._paper, self._row, self._refusal):
            self.body.addWidget(part)
        self._paper.clicked.connect(self.saving)
        self._sent.clicked.connect(self._send)
        self._how.returnPressed.connect(self._send)

    def belongs(self, visit: UUID) -> None:
        """Which visit it is about."""
        self._visit = visit

    def display(self, seen: Seen) -> None:
        """Show what the record says for it; nothing where the visit needs none or still runs."""
        if seen.same_record(self._seen) or self._visit is None:
            return
        self._seen = seen
        needed = observed.wanted(seen.session) and not seen.session.live
        self.setVisible(needed)
        if not needed:
            return
        sent = any(h.fact.session == self._visit for h in seen.clinic.history.standing(SummarySent))
        fields = observed.fields_of(Telling(seen.session, seen.clinic), seen.protocol, seen.patient)
        gaps = observed.missing(fields)
        self._state.setText(f"{summary.state(seen.session, self._visit, seen.clinic)}.")
        self._gaps.setText(f"Missing: {', '.join(gaps)}" if gaps else "")
        self._gaps.setVisible(bool(gaps))
        self._fields.setText("\n".join(each.said for each in fields if each.value))
        self._row.setVisible(not sent)

    def say(self, sentence: str) -> None:
        """Why it was not done, or that it was."""
        self._refusal.say(sentence)

    def _send(self) -> None:
        self._refusal.say("")
        self.sent.emit(self._how.text())
