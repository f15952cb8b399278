"""Where a questionnaire says that there are thoughts of death or self-harm: whom to call, and what was done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.clinic.course import Course
from kapdesk.facts.patient import CrisisContactsSet, Screened
from kapdesk.people.scores import Taken
from ui import theme
from ui.course.reading import flagged
from ui.line import empty
from ui.prepare.safety import NO_CONTACTS
from ui.prepare.shown import in_words
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel

STEPS: tuple[tuple[str, str], ...] = (
    ("asked", "Asked further: how often, a plan, what keeps them safe"),
    ("stays", "Somebody stays with them"),
    ("told", "Prescriber told"),
    ("called", "Crisis contact called"),
)
_SAID = ("said", "What was said and agreed")
WORDS = "An answer is no diagnosis, and no answer is no all-clear. Ask further now; go by the clinic’s own plan."


class CourseSafety(Panel):
    """`done` carries the fact that a step was taken. Shown while the newest answers of a form say so."""

    done = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Thoughts of death or self-harm", "warning", parent=parent)
        self._after = ""
        self._contacts, self._words = Label("", wrap=True), Label(WORDS, "muted", wrap=True)
        self._taken = QVBoxLayout()
        self._taken.setSpacing(theme.px(2))
        self._said = line_edit(_SAID[1])
        self._said.setPlaceholderText(f"{_SAID[1]}; Enter records it")
        self._refusal = Refusal()
        self._buttons = {id_: Button(words, icon="check") for id_, words in STEPS}
        self.body.addWidget(self._contacts)
        self.body.addWidget(self._words)
        self.body.addLayout(self._taken)
        for button in self._buttons.values():
            self.body.addWidget(button)
        self.body.addWidget(self._said)
        self.body.addWidget(self._refusal)
        for id_, words in STEPS:
            self._buttons[id_].clicked.connect(lambda _=False, id_=id_, words=words: self._say(id_, words))
        self._said.returnPressed.connect(self._write)
        self._form: Taken | None = None
        self.hide()

    def display(self, course: Course, names: dict[str, str], today: str) -> None:
        """Shown, with what was done so far, or not at all."""
        self._form = form = flagged(course)
        self.setVisible(form is not None)
        if form is None or form.score is None:
            return
        self.set_title(f"{form.score.flags[0].words}: {form.name}, {in_words(form.on, today)}")
        contacts = course.patient.newest(CrisisContactsSet)
        self._contacts.setText(f"Whom to call: {contacts.text}" if contacts else NO_CONTACTS)
        self._contacts.set_role("body" if contacts else "alarm")
        said = [each for each in course.patient.standing(Screened) if each.fact.item.startswith(self._prefix())]
        empty(self._taken)
        for each in said:
            step = each.fact.words.partition(": ")[2]
            remark = f": {each.fact.remark}" if each.fact.remark else ""
            self._taken.addWidget(Label(f"{step}{remark}, {names.get(each.by, 'somebody')}", "ok", wrap=True))
        done = {each.fact.item.removeprefix(self._prefix()) for each in said}
        for id_, button in self._buttons.items():
            button.setVisible(id_ not in done)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._refusal.say("")
        self._said.clear()

    def _prefix(self) -> str:
        return f"safety-{self._form.said.id}-" if self._form is not None else ""

    def _say(self, id_: str, words: str, remark: str = "") -> None:
        if self._form is not None:
            after = f"After {self._form.name} of {self._form.on}: {words}"
            self.done.emit(Screened(f"{self._prefix()}{id_}", after, "yes", remark))

    def _write(self) -> None:
        if text := self._said.text().strip():
            self._say(*_SAID, remark=text)
