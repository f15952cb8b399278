"""The observation summary of nasal esketamine: when it is due, what is missing, its paper, and whether it was sent."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from kapdesk.clinic import summary
from kapdesk.note import observed
from kapdesk.note.telling import Telling
from ui import theme
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class ObservedPanel(Panel):
    """`looking` wants to see the paper, `saving` to have it in a file; `sent` carries how it was sent, `withdrawn` why
    it does not count as sent."""

    looking = Signal()
    saving = Signal()
    sent = Signal(str)
    withdrawn = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Observation summary", "paper", parent=parent)
        self._seen: Seen | None = None
        self._visit: UUID | None = None
        self._state = Label("", "body", wrap=True)
        self._gaps = Label("", "accent", wrap=True)
        self._fields = Label("", "muted", wrap=True)
        self._paper = Button("Save summary as …", icon="print", name="Save the observation summary")
        self._look = Button("Look at it", icon="paper", name="Look at the observation summary")
        self._how = QLineEdit()
        self._how.setPlaceholderText("How: fax, portal, post")
        self._how.setAccessibleName("How the observation summary was sent")
        self._sent = Button("Sent", icon="check", name="The observation summary was sent")
        self._why = QLineEdit()
        self._why.setPlaceholderText("Not sent after all? Why, for example: wrong fax number")
        self._why.setAccessibleName("Why the observation summary does not count as sent")
        self._not_sent = Button("Not sent", icon="back", name="The observation summary was not sent")
        self._refusal = Refusal()
        self._row, self._back_row = _in_a_row(self._how, self._sent), _in_a_row(self._why, self._not_sent)
        papers = FlowRow(self._look, self._paper)
        for part in (self._state, self._gaps, self._fields, papers, self._row, self._back_row, self._refusal):
            self.body.addWidget(part)
        self._look.clicked.connect(self.looking)
        self._paper.clicked.connect(self.saving)
        self._sent.clicked.connect(self._send)
        self._how.returnPressed.connect(self._send)
        self._not_sent.clicked.connect(self._take_back)
        self._why.returnPressed.connect(self._take_back)

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
        sent = summary.sent(seen.clinic, self._visit) is not None
        fields = observed.fields_of(Telling(seen.session, seen.clinic), seen.protocol, seen.patient)
        gaps = observed.missing(fields)
        self._state.setText(f"{summary.state(seen.session, self._visit, seen.clinic)}.")
        self._gaps.setText(f"Missing: {', '.join(gaps)}" if gaps else "")
        self._gaps.setVisible(bool(gaps))
        self._fields.setText("\n".join(each.said for each in fields if each.value))
        self._row.setVisible(not sent)
        self._back_row.setVisible(sent)
        (self._how if sent else self._why).clear()

    def say(self, sentence: str) -> None:
        """Why it was not done, or that it was."""
        self._refusal.say(sentence)

    def _send(self) -> None:
        self._refusal.say("")
        self.sent.emit(self._how.text())

    def _take_back(self) -> None:
        self._refusal.say("")
        self.withdrawn.emit(self._why.text())


def _in_a_row(edit: QLineEdit, button: Button) -> QWidget:
    row = QWidget()
    inside = QHBoxLayout(row)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(theme.px(8))
    inside.addWidget(edit, 1)
    inside.addWidget(button)
    return row
