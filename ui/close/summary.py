"""The first page of the note in the therapist's words: four sections, each recorded when it is left."""

from typing import get_args

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from kapdesk.facts.patient import IndicationStated
from kapdesk.facts.session import Section, SummaryWritten
from ui import theme
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.label import Label
from ui.widgets.panel import Panel

SECTIONS: tuple[Section, ...] = get_args(Section)
_ASKED: dict[Section, str] = {
    "indication": "What the treatment is for",
    "how it went": "How it went, in a few lines",
    "condition at leaving": "Awake, walking, what was felt",
    "plan": "What comes next",
}


class _Text(QPlainTextEdit):
    left = Signal()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(84))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class SummaryPanel(Panel):
    """`written` carries (section, text) when a section was changed and left; `typed` (section, text) while it is."""

    written = Signal(str, str)
    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Summary", "edit", "each part is saved when you leave it", parent=parent)
        self._edits: dict[Section, _Text] = {}
        self._states: dict[Section, Label] = {}
        self._saved: dict[Section, str] = {}
        self._said: dict[Section, str] = {}
        self._refusal = Refusal()
        for section in SECTIONS:
            state = Label(section.capitalize(), "muted")
            edit = _Text()
            edit.setPlaceholderText(_ASKED[section])
            edit.setAccessibleName(section.capitalize())
            edit.setTabChangesFocus(True)
            edit.setMinimumHeight(theme.px(68))
            edit.left.connect(lambda section=section: self._leave(section))
            edit.textChanged.connect(lambda section=section: self._type(section))
            self._edits[section], self._states[section] = edit, state
            self.body.addWidget(state)
            self.body.addWidget(edit, 2 if section == "how it went" else 1)
        self.body.addWidget(self._refusal)

    def display(self, seen: Seen) -> None:
        """Show what was written, and whether it is saved."""
        saved = {h.fact.section: h.fact.text for h in seen.session.history.standing(SummaryWritten)}
        pending = {e.fact.section: e.fact.text for e in seen.pending if isinstance(e.fact, SummaryWritten)}
        stated = seen.patient.newest(IndicationStated)
        asked = (
            f"{stated.indication.rstrip('.')}. So it stands in the note, unless other words stand here."
            if stated
            else ""
        )
        self._edits["indication"].setPlaceholderText(asked or _ASKED["indication"])
        for section in SECTIONS:
            edit, text = self._edits[section], saved.get(section, "")
            if text != self._saved.get(section, "") and (not edit.hasFocus()) and section not in pending:
                self._put(section, text)
            self._saved[section] = text
            self._said[section] = pending.get(section, text)
            edit.setReadOnly(seen.session.signed)
            typed = edit.toPlainText().strip()
            state = ""
            if section in pending:
                state = "not saved" if seen.trouble else "saving"
            elif typed and typed == text:
                state = "saved"
            self._states[section].setText(section.capitalize() + (f"  ·  {state}" if state else ""))

    def bring_back(self, section: Section, text: str) -> None:
        """Put half-typed words back."""
        self._put(section, text)

    def finish(self) -> None:
        """Record whatever was changed and not left yet."""
        for section in SECTIONS:
            self._leave(section)

    def refuse(self, section: Section, sentence: str) -> None:
        """Say why it was not recorded; the words stay, and are handed over again when the section is left again."""
        self._said[section] = self._saved.get(section, "")
        self._refusal.say(sentence)

    def all_said(self) -> bool:
        """Whether everything typed here is on the record or on its way."""
        return all(self._edits[section].toPlainText().strip() == self._said.get(section, "") for section in SECTIONS)

    def _put(self, section: Section, text: str) -> None:
        edit = self._edits[section]
        edit.blockSignals(True)
        edit.setPlainText(text)
        edit.blockSignals(False)

    def _type(self, section: Section) -> None:
        self.typed.emit(section, self._edits[section].toPlainText())

    def _leave(self, section: Section) -> None:
        text = self._edits[section].toPlainText().strip()
        if text != self._said.get(section, "") and not self._edits[section].isReadOnly():
            self._refusal.say("")
            self._said[section] = text
            self.written.emit(section, text)
