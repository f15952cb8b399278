"""Whose visit this is; where it was opened under the wrong patient, moving it to the right one takes two."""

from uuid import UUID

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinic.astray import Astray
from kapdesk.people.patient import Patient
from kapdesk.session import needs
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.prepare.registration import Registration, described
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.secret import SecretField

MOVES = (
    "The whole visit goes to the right patient’s record: times, doses, notes, all of it. Both records say that a visit "
    "was moved, by whom and why; neither names the other patient. A signed note stays as it is and is replaced by one "
    "in the right name. A second person agrees with their PIN of today or their password."
)
ASTRAY = "Written into this patient’s own record during the visit. Say of each whether it is struck there or kept:"
UNDECIDED = "Say of each line above whether it is struck or kept. Nothing was moved; what you typed is still here."
NOBODY = "Nobody else here may agree"
NO_ONE_YET = "Type the name, then choose the right patient. Nothing was moved."


class Agreeing(msgspec.Struct, frozen=True):
    """Someone who may agree: their id and name."""

    id: str
    name: str


class WhosePanel(Panel):
    """`looked` carries a name that is looked for; `wanted` the right patient, the reason, id and secret of who
    agrees, and what is struck; `typed` the reason as it stands; `missing_asked` goes to where missing things are
    recorded; `new_asked` wants the right patient, so far looked for by that name, registered here. `lost` is what was
    written into this patient's own record during the visit.
    `since` says what is missing for the right patient; the page puts it where it is seen first."""

    looked = Signal(str)
    wanted = Signal(object, str, str, str, object)
    typed = Signal(str)
    missing_asked = Signal()
    new_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Whose visit this is", "person", parent=parent)
        self._chosen: Patient | None = None
        self._offered: tuple[Patient, ...] | None = None
        self._agreeing: tuple[Agreeing, ...] | None = None
        self._said, self._moved = Label("", wrap=True), Label("", "muted", wrap=True)
        self._missing = Label("", "accent", wrap=True)
        self._before = Button("Before the dose", icon="check", name="To what is missing before the dose")
        self.since = Panel("Moved to this patient", "warning")
        self.since.hide()
        self.since.body.addWidget(self._missing)
        self.since.body.addWidget(FlowRow(self._before))
        self._open = Button("This is another patient’s visit …", icon="people")
        self._search = line_edit("Name of the right patient")
        self._new = Button("Not registered yet …", icon="plus", name="Register the right patient")
        self.registration = Registration()
        self.registration.hide()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(6))
        self._to = Label("", "head", wrap=True)
        self._astray = QWidget()
        self._written = QVBoxLayout(self._astray)
        self._written.setContentsMargins(0, 0, 0, 0)
        self._written.setSpacing(theme.px(6))
        self._astray.hide()
        self.lost: tuple[Astray, ...] = ()
        self._decided: list[QButtonGroup] = []
        self._reason = line_edit("How it came about, without a name")
        self._who = Choice(name="Who agrees to the move")
        self._secret = SecretField("PIN or password of who agrees")
        self._go, away = Button("Move this visit", "danger"), Button("Put away", name="Put the move away")
        self._refusal = Refusal()
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        sheet.addWidget(Label(MOVES, "muted", wrap=True))
        sheet.addWidget(self._search)
        sheet.addLayout(self._lines)
        self._unknown = FlowRow(self._new)
        sheet.addWidget(self._unknown)
        sheet.addWidget(self.registration)
        last = (self._secret, self._refusal, FlowRow(self._go, away))
        for part in (self._to, self._astray, self._reason, Label("Who agrees", "muted"), self._who, *last):
            sheet.addWidget(part)
        self._to.hide()
        self._sheet.hide()
        for each in (self._said, self._moved, self._open, self._sheet):
            self.body.addWidget(each)
        self._open.clicked.connect(self._ask)
        self._before.clicked.connect(self.missing_asked)
        self._search.textChanged.connect(self.looked)
        self._reason.textChanged.connect(self.typed)
        away.clicked.connect(self.put_away)
        self._new.clicked.connect(self._register)
        self.registration.left.connect(self._registered_or_left)
        self._go.clicked.connect(self._say)
        self._secret.returned.connect(self._say)

    def display(self, seen: Seen) -> None:
        """Whose it is, that it was moved, and what is missing for this patient since."""
        self._said.setText(described(seen.patient))
        moves = seen.session.moves
        last = moves[-1] if moves else None
        by = f"{seen.name_of(last.by)} and {seen.name_of(last.fact.agreed_by)}" if last is not None else ""
        on = f"{seen.day_of(last.at_us)} {seen.wall(last.at_us)}" if last is not None else ""
        self._moved.setText(f"Moved here {on} by {by}: {last.fact.reason}" if last is not None else "")
        self._moved.setVisible(last is not None)
        asked = () if seen.protocol is None else needs.before_dose(seen.session, seen.patient.known, seen.protocol)
        lacking = needs.missing(asked) if last is not None and seen.session.live else ()
        settled = needs.settled(seen.session, "clearance", asked)
        self._missing.setText(f"Since the move, missing for this patient: {'; '.join(lacking)}." if lacking else "")
        self.since.setVisible(bool(lacking) and not settled)

    def offer(self, patients: tuple[Patient, ...], more: bool = False) -> None:
        """Those whose name fits what was typed."""
        if patients == self._offered and not more:
            return
        self._offered = patients
        empty(self._lines)
        for each in patients:
            born = f"born {each.registered.born_on}" if each.registered else ""
            number = each.registered.record_number if each.registered else ""
            line = LineButton((Part(each.name, "body", -1), Part(words.join(born, number), "muted")), "person", "muted")
            line.clicked.connect(lambda _=False, patient=each: self.choose(patient))
            self._lines.addWidget(line)
        if more:
            self._lines.addWidget(Label("There are more: type more of the name.", "muted"))

    def tell_astray(self, lines: tuple[Astray, ...]) -> None:
        """What was written into this patient's own record during the visit: each is struck or kept, by one press."""
        if lines == self.lost:
            return
        self.lost, self._decided = lines, []
        empty(self._written)
        if lines:
            self._written.addWidget(Label(ASTRAY, "muted", wrap=True))
        for line in lines:
            said, group = line.words[:1].upper() + line.words[1:], QButtonGroup(self)
            answers = [Button(word, name=f"{word}: {line.words}") for word in ("Strike", "Keep")]
            for n, button in enumerate(answers):
                button.setCheckable(True)
                group.addButton(button, n)
            row = QHBoxLayout()
            row.setSpacing(theme.px(8))
            row.addWidget(Label(said, wrap=True), 1)
            for button in answers:
                row.addWidget(button)
            self._written.addLayout(row)
            self._decided.append(group)
        self._astray.setVisible(bool(lines))

    def _struck(self) -> tuple[UUID, ...]:
        both = zip(self.lost, self._decided, strict=True)
        return tuple(id_ for line, group in both if group.checkedId() == 0 for id_ in line.ids)

    def ask_of(self, people: tuple[Agreeing, ...]) -> None:
        """Who may agree."""
        if people == self._agreeing:
            return
        self._agreeing = people
        self._who.clear()
        for each in people:
            self._who.addItem(each.name, each.id)
        if not people:
            self._who.addItem(NOBODY, "")
        self._who.setEnabled(bool(people))

    def bring_back(self, reason: str) -> None:
        """Put a half-typed reason back."""
        self._reason.setText(reason)

    def busy(self, busy: bool) -> None:
        """Whether who agrees is being looked at, or the record being read."""
        self._go.setEnabled(not busy)

    def refuse(self, sentence: str) -> None:
        """Why it was not moved. What was typed stays, but for the secret."""
        self.busy(False)
        self._secret.clear()
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._reason.clear()
        self._search.clear()
        self._chosen = None
        self._to.hide()
        self.put_away()

    def put_away(self) -> None:
        """Closed; what was typed stays, what was secret is forgotten."""
        self.busy(False)
        self._secret.clear()
        self._refusal.say("")
        self._sheet.hide()
        self._open.show()

    def _ask(self) -> None:
        self._open.hide()
        self._sheet.show()
        self.looked.emit(self._search.text())
        self._search.setFocus()

    def _register(self) -> None:
        self._unknown.hide()
        self.registration.show()
        self.new_asked.emit(self._search.text().strip())

    def _registered_or_left(self) -> None:
        self.registration.hide()
        self._unknown.show()

    def choose(self, patient: Patient) -> None:
        """This is the right patient: found, or registered just now."""
        self._registered_or_left()
        self._chosen = patient
        self._to.setText(f"To {described(patient)}")
        self._to.show()
        self._refusal.say("")
        self.offer(())
        self._reason.setFocus()

    def _say(self) -> None:
        if self._chosen is None:
            self._refusal.say(NO_ONE_YET)
        elif not self._who.currentData():
            self._refusal.say(f"{NOBODY}. Nothing was moved; it takes a therapist or a prescriber beside you.")
        elif any(group.checkedId() < 0 for group in self._decided):
            self._refusal.say(UNDECIDED)
        elif self._go.isEnabled():
            self._refusal.say("")
            who, secret = self._who.currentData(), self._secret.text()
            self.wanted.emit(self._chosen.id, self._reason.text(), who, secret, self._struck())
