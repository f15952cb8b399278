"""The first page of the note: four sections in the therapist's words, or as drafted from the record until touched."""

from typing import get_args

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from kapdesk.facts.patient import IndicationStated
from kapdesk.facts.session import Section, SummaryWritten
from kapdesk.note.draft import Drafts, drafted
from kapdesk.note.telling import Telling
from ui import theme
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
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
    """`written` carries what is to be recorded of a section; `typed` (section, text) while it is changed.

    A section that nobody wrote holds sentences drafted from the record, a line each, to be changed or taken out. They
    go with the record as it grows. They are recorded, as drafted, with `keep`, or when the visit is signed.
    """

    written = Signal(object)
    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Summary", "edit", "each part is saved when you leave it", parent=parent)
        self._drafts: dict[Section, str] = {}
        self._of: Seen | None = None
        self._told: Drafts = {}
        self._as_drafted: dict[Section, bool] = {}
        self._keep = Button("Keep the drafted sentences", icon="check")
        self._keep.clicked.connect(self.keep)
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
        self.body.addWidget(self._keep)
        self.body.addWidget(self._refusal)

    def display(self, seen: Seen) -> None:
        """Show what was written or can be drafted, and whether it is saved."""
        facts = {h.fact.section: h.fact for h in seen.session.history.standing(SummaryWritten)}
        pending = {e.fact.section: e.fact for e in seen.pending if isinstance(e.fact, SummaryWritten)}
        stated = seen.patient.newest(IndicationStated)
        asked = (
            f"{stated.indication.rstrip('.')}. So it stands in the note, unless other words stand here."
            if stated
            else ""
        )
        self._edits["indication"].setPlaceholderText(asked or _ASKED["indication"])
        if not seen.same_record(self._of):
            self._told = drafted(Telling(seen.session, seen.clinic), seen.protocol, seen.patient)
        self._of = seen
        for section in SECTIONS:
            fact = facts.get(section)
            said = pending.get(section, fact)
            edit, text = self._edits[section], fact.text if fact is not None else ""
            if text != self._saved.get(section, "") and (not edit.hasFocus()) and section not in pending:
                self._put(section, text)
            self._saved[section] = text
            self._said[section] = said.text if said is not None else ""
            self._as_drafted[section] = said is not None and said.drafted
            edit.setReadOnly(seen.session.signed)
            self._draft(section, open_=not seen.session.signed and (said is None or said.drafted))
            self._states[section].setText(section.capitalize() + self._state(section, section in pending, seen.trouble))
        self._keep.setVisible(any(self._unkept(section) for section in SECTIONS))

    def keep(self) -> None:
        """Record the drafted sentences that nobody touched as what they are, and what was typed."""
        for section in SECTIONS:
            if self._unkept(section):
                self._say(SummaryWritten(section, self._drafts[section], True))
            else:
                self._leave(section)

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
        self._as_drafted[section] = False
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

    def _draft(self, section: Section, *, open_: bool) -> None:
        """Let the draft of a section follow the record, where nobody wrote there and nobody is writing."""
        edit, new = self._edits[section], "\n".join(self._told.get(section, ())) if open_ else ""
        typed, before = edit.toPlainText().strip(), self._drafts.get(section, "")
        mine = typed in (before, self._said[section]) or not typed
        if open_ and mine and not edit.hasFocus():
            if new and new != typed:
                self._put(section, new)
            self._drafts[section] = new
        elif not open_:
            self._drafts[section] = ""

    def _untouched(self, section: Section) -> bool:
        draft = self._drafts.get(section, "")
        return bool(draft) and self._edits[section].toPlainText().strip() == draft

    def _unkept(self, section: Section) -> bool:
        """Whether a draft stands here that is not on the record, nor on its way."""
        kept = self._as_drafted.get(section, False) and self._said.get(section, "") == self._drafts.get(section)
        return self._untouched(section) and not kept

    def _state(self, section: Section, pending: bool, trouble: str) -> str:
        typed = self._edits[section].toPlainText().strip()
        parts = ["drafted from the record, not edited"] if self._untouched(section) else []
        if pending:
            parts.append("not saved" if trouble else "saving")
        elif typed and typed == self._saved.get(section, ""):
            parts.append("saved")
        return "".join(f"  ·  {part}" for part in parts)

    def _leave(self, section: Section) -> None:
        text = self._edits[section].toPlainText().strip()
        if self._untouched(section) or self._edits[section].isReadOnly():
            return
        if text != self._said.get(section, "") or (self._drafts.get(section, "") and not text):
            self._drafts[section] = ""
            self._say(SummaryWritten(section, text))

    def _say(self, fact: SummaryWritten) -> None:
        self._refusal.say("")
        self._said[fact.section], self._as_drafted[fact.section] = fact.text, fact.drafted
        self.written.emit(fact)
