"""Where there are suicidal thoughts: whom to call, the clinic's own words, and what was done, each with its time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.facts.care import ChecklistAnswered
from kapdesk.facts.patient import CrisisContactsSet
from kapdesk.session.needs import ASKED, TOLD, thinks_of_suicide
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel

STEPS: tuple[tuple[str, str], ...] = (
    (ASKED + TOLD, "Prescriber told of the suicidal thoughts"),
    (f"{ASKED}-stays", "Somebody stays with them"),
    (f"{ASKED}-called", "Crisis contact called"),
)
NO_CONTACTS = "No crisis contacts are on record. Type them under “Crisis contacts”."
NO_WORDS = "The protocol has no words of the clinic for this. Go by the clinic’s own plan."


class SafetyCard(Panel):
    """`done` carries the fact that a step was taken. Shown while the newest answer says that there are some."""

    done = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Suicidal thoughts today", "warning", parent=parent)
        self._contacts, self._words = Label("", wrap=True), Label("", "muted", wrap=True)
        self._taken = QVBoxLayout()
        self._taken.setSpacing(theme.px(2))
        self._refusal = Refusal()
        self._buttons = {id_: Button(words, icon="check") for id_, words in STEPS}
        self.body.addWidget(self._contacts)
        self.body.addWidget(self._words)
        self.body.addLayout(self._taken)
        for button in self._buttons.values():
            self.body.addWidget(button)
        self.body.addWidget(self._refusal)
        for id_, words in STEPS:
            self._buttons[id_].clicked.connect(
                lambda _=False, id_=id_, words=words: self.done.emit(ChecklistAnswered(id_, words, "yes"))
            )
        self._shown: tuple[object, ...] | None = None

    def display(self, seen: Seen) -> bool:
        """Shown, with what was done so far, or not at all. Whether it has just come."""
        there = thinks_of_suicide(seen.session)
        came = there and self.isHidden()
        self.setVisible(there)
        contacts = seen.patient.newest(CrisisContactsSet)
        known = dict(STEPS)
        said = [
            h
            for h in seen.session.history.standing(ChecklistAnswered)
            if h.fact.answer == "yes" and (h.fact.item in known or h.fact.item.endswith(TOLD))
        ]
        shown = (contacts, seen.protocol, tuple((h.id, h.fact, h.at_us) for h in said))
        if shown == self._shown:
            return came
        self._shown = shown
        self._contacts.setText(f"Whom to call: {contacts.text}" if contacts else NO_CONTACTS)
        self._contacts.set_role("body" if contacts else "alarm")
        self._words.setText((seen.protocol.safety if seen.protocol else "") or NO_WORDS)
        empty(self._taken)
        for each in said:
            words = f"{seen.wall(each.at_us)}  {each.fact.words}, {seen.name_of(each.by)}"
            self._taken.addWidget(Label(words, "ok", wrap=True))
        done = {h.fact.item for h in said}
        for id_, button in self._buttons.items():
            button.setVisible(id_ not in done)
        return came

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded."""
        self._refusal.say(sentence)
