"""Registering a patient, or correcting that; with a question where they may be known already."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.patient import PatientRegistered
from kapdesk.people.patient import NONE_KNOWN, Patient, alike, twice
from ui import theme, words
from ui.refusal import Refusal
from ui.spot import COLOURS
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.strip import Action, Strip, StripView


class Registration(QWidget):
    """`wanted` carries a new `PatientRegistered`, `corrected` how one should have been and why, `known` the id of the
    patient it turned out to be."""

    wanted = Signal(object)
    corrected = Signal(object, str)
    known = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._patients: tuple[Patient, ...] = ()
        self._maybe: Patient | None = None
        self.name = _line("Name, as on their papers")
        self.preferred = _line("Preferred name, if another")
        self.born = _line("Born, YYYY-MM-DD")
        self.number = _line("Record number, if there is one")
        self.allergies = _line("Allergies")
        self.none_known = Check("No known allergies")
        self.none_known.toggled.connect(lambda none: self.allergies.setDisabled(none))
        self._colours = QButtonGroup(self)
        self._colours.setExclusive(True)
        row = FlowRow(Label("Colour", "muted"), spacing=theme.px(8))
        for n, colour in enumerate(COLOURS):
            button = Button(colour.capitalize(), name=f"Colour {colour}")
            button.setCheckable(True)
            button.setChecked(n == 0)
            self._colours.addButton(button, n)
            row.add(button)
        self.reason = _line("Why it is corrected")
        self.reason.hide()
        self._edits = False
        self._refusal = Refusal()
        self._question = Strip()
        self._save = Button("Register", "primary", "check")
        leave = Button("Put away", name="Put the registration away")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for edit in (self.name, self.preferred, self.born, self.number, self.allergies):
            column.addWidget(edit)
            edit.returnPressed.connect(self._say)
        column.addWidget(self.none_known)
        column.addWidget(row)
        column.addWidget(self.reason)
        self.reason.returnPressed.connect(self._say)
        column.addWidget(self._refusal)
        column.addWidget(self._question)
        answers = QHBoxLayout()
        answers.addWidget(self._save, 1)
        answers.addWidget(leave)
        column.addLayout(answers)
        column.addStretch(1)
        self._save.clicked.connect(self._say)
        leave.clicked.connect(self.left)
        self._question.acted.connect(self._answered)

    def start(self, patients: Iterable[Patient], name: str = "") -> None:
        """Begin with a name that was looked for in vain."""
        self._patients = tuple(patients)
        if name and not self.name.text():
            self.name.setText(name)
        self.name.setFocus()

    def edit(self, registered: PatientRegistered, others: Iterable[Patient]) -> None:
        """Correct what stands; `others` are all patients but this one."""
        self._edits, self._patients = True, tuple(others)
        for edit, text in (
            (self.name, registered.name),
            (self.preferred, registered.preferred_name),
            (self.born, registered.born_on),
            (self.number, registered.record_number),
            (self.allergies, "" if registered.allergies == NONE_KNOWN else registered.allergies),
        ):
            edit.setText(text)
        self.none_known.setChecked(registered.allergies == NONE_KNOWN)
        if registered.colour in COLOURS:
            self._colours.button(list(COLOURS).index(registered.colour)).setChecked(True)
        self.reason.clear()
        self.reason.show()
        self._question.display(None)
        self._refusal.say("")
        self._save.set_words("Record the correction")
        self.name.setFocus()

    def clear(self) -> None:
        """Empty, for the next one."""
        for edit in (self.name, self.preferred, self.born, self.number, self.allergies):
            edit.clear()
        self.none_known.setChecked(False)
        self._question.display(None)
        self._refusal.say("")

    def refuse(self, sentence: str) -> None:
        """Say why they were not registered."""
        self._refusal.say(sentence)

    def _typed(self) -> PatientRegistered:
        return PatientRegistered(
            self.name.text().strip(),
            self.born.text().strip(),
            self.preferred.text().strip(),
            self.number.text().strip(),
            NONE_KNOWN if self.none_known.isChecked() else self.allergies.text().strip(),
            tuple(COLOURS)[self._colours.checkedId()],
        )

    def _say(self) -> None:
        typed = self._typed()
        self._question.display(None)
        if not typed.name:
            self.refuse("The patient’s name is missing. Type it as on their papers.")
            self.name.setFocus()
        elif not _a_birth_date(typed.born_on):
            self.refuse("Type the birth date like 1980-12-31.")
            self.born.setFocus()
        elif self._edits and not self.reason.text().strip():
            self.refuse("The reason is missing. It stays on the record beside what stood before; type why.")
            self.reason.setFocus()
        elif found := alike(typed, self._patients):
            self._ask(typed, found)
        else:
            self._refusal.say("")
            self._take(typed)

    def _ask(self, typed: PatientRegistered, found: list[Patient]) -> None:
        self._refusal.say("")
        same = [each for each in found if each.registered is not None and twice(typed, each.registered)]
        self._maybe = (same or found)[0]
        actions = (Action("same", "The same person", True), Action("other", "Somebody else"))
        self._question.display(StripView(perhaps(typed, self._maybe), "warn", actions=actions))

    def _answered(self, answer: str) -> None:
        self._question.display(None)
        if answer == "same" and self._maybe is not None:
            self.known.emit(self._maybe.id)
        else:
            self._take(self._typed())

    def _take(self, typed: PatientRegistered) -> None:
        if self._edits:
            self.corrected.emit(typed, self.reason.text().strip())
        else:
            self.wanted.emit(typed)


def described(patient: Patient) -> str:
    """A patient in one line: name, birth date, record number."""
    known = patient.registered
    return words.join(patient.name, f"born {known.born_on}" if known else "", known.record_number if known else "")


def perhaps(new: PatientRegistered, known: Patient) -> str:
    """One sentence on whom a registration may be; with both record numbers where name and birth date are the same."""
    before = known.registered
    if before is None or not twice(new, before) or not (before.record_number or new.record_number):
        return f"This may be {described(known)}."
    numbers = f"{_number(before.record_number)} already, now {_number(new.record_number)}"
    return f"{new.name}, born {new.born_on}, is known {numbers}."


def _number(number: str) -> str:
    return f"as record {number}" if number else "without a record number"


def _a_birth_date(typed: str) -> bool:
    try:
        born = date.fromisoformat(typed)
    except ValueError:
        return False
    return len(typed) == 10 and 1890 <= born.year <= 2200


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(name)
    line.setAccessibleName(name)
    return line
