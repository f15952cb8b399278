"""What belongs to the patient before a dose, in one column of sections, each a line once it is settled."""

from collections.abc import Callable
from datetime import date

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from kapdesk.clinical import care
from kapdesk.facts.care import EscortNamed
from kapdesk.facts.home import HomeDosesCounted, PatientLocated
from kapdesk.facts.patient import (
    ConsentGiven,
    CrisisContactsSet,
    IndicationStated,
    MedicallyCleared,
    Screened,
)
from kapdesk.session.before import newest
from ui.prepare import shown as tell
from ui.prepare.section import Row, Rows, Section
from ui.prepare.shown import Shown
from ui.session.place import PlaceForm
from ui.widgets.buttons import Button
from ui.widgets.choice import Check, Choice
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel


class Before(Panel):
    """`said` carries the section, a fact and who says it; `typed` an editor and what stands in it.

    One section at a time is open by itself: the first that has something left to answer and that the protocol asks for.
    """

    said = Signal(object, object, str)
    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Known before the dose", "check", parent=parent)
        self.sections: tuple[Section, ...] = (
            Indication(),
            Clearance(),
            Screening(),
            Consent(),
            Crisis(),
            Escort(),
            Whereabouts(),
            DosesAtHome(),
        )
        self._shown: Shown | None = None
        self._found: Callable[[str], str] | None = None
        for section in self.sections:
            for edit in section.edits:
                edit.textEdited.connect(lambda text, edit=edit: self.typed.emit(edit.accessibleName(), text))
            section.said.connect(lambda fact, by, section=section: self.said.emit(section, fact, by))
            section.turned.connect(self._open_next)
            self.body.addWidget(section)

    def display(self, shown: Shown) -> None:
        """What is known of this patient."""
        if shown == self._shown:
            return
        self._shown = shown
        for section in self.sections:
            section.display(shown)
            section.setVisible(_wanted(section.name, shown))
        if self._found is not None:
            self._bring_back(self._found)
            self._found = None
        self._open_next()

    def bring_back(self, found: Callable[[str], str]) -> None:
        """What was half-typed when KapDesk last stopped, by editor; it stands there once the patient is shown."""
        self._found, self._shown = found, None

    def turn_to(self, found: Callable[[str], str]) -> None:
        """Another patient: what was half-typed of the one before goes with them, theirs comes."""
        for section in self.sections:
            section.clear()
        self.bring_back(found)

    def offer_place(self, last: tuple[PatientLocated, date] | None) -> None:
        """Where they were last time, to be asked about; nothing is filled or recorded by it."""
        for section in self.sections:
            if isinstance(section, Whereabouts):
                section.offer(last)

    def _bring_back(self, found: Callable[[str], str]) -> None:
        for section in self.sections:
            for edit in section.edits:
                if text := found(edit.accessibleName()):
                    edit.setText(text)
                    section.open(True)

    def _open_next(self) -> None:
        if self._shown is None or any(section.is_open for section in self.sections):
            return
        for section in self.sections:
            if section.wants and not section.put_aside and section.name in self._shown.needs:
                section.open(True)
                return


def _wanted(name: str, shown: Shown) -> bool:
    """What is of today stands in a visit only; in one at home where they are, in the clinic who brings them home."""
    home = "location" in shown.needs
    if name in ("location", "doses at home"):
        return shown.visit and home
    return name != "escort" or (shown.visit and (not home or "escort" in shown.needs))


class _Typed(Section):
    """A section that is typed."""

    def lay_out(self, *parts: QWidget, keep: str) -> None:
        """The parts of the sheet, and the button that records what was typed."""
        for part in parts:
            self.column.addWidget(part)
            if isinstance(part, QLineEdit):
                self.edits.append(part)
                part.returnPressed.connect(self.keep)
        button = Button(keep, "primary")
        self.column.addWidget(button)
        button.clicked.connect(self.keep)

    def keep(self) -> None:
        """Record what was typed."""

    def taken(self) -> None:
        super().taken()
        self.open(False)


class Indication(_Typed):
    """What the treatment is for, and what was tried."""

    def __init__(self) -> None:
        super().__init__("indication", "Indication", tell.indication)
        self._what, self._tried = line_edit("Indication"), line_edit("Tried before, and how it went")
        self.lay_out(self._what, self._tried, keep="Record the indication")
        self._filled: IndicationStated | None = None

    def fill(self, shown: Shown) -> None:
        found = newest(shown.known, IndicationStated)
        if found is not None and found.fact != self._filled:
            self._filled = found.fact
            self._what.setText(found.fact.indication)
            self._tried.setText(found.fact.tried)

    def keep(self) -> None:
        self.say(IndicationStated(self._what.text().strip(), self._tried.text().strip()))


class Clearance(_Typed):
    """Who found no reason against it, when, by which tests, until when."""

    def __init__(self) -> None:
        super().__init__("clearance", "Medical clearance", tell.clearance)
        self._who = Choice(name="Cleared by")
        self._on, self._until = line_edit("Examined on, YYYY-MM-DD"), line_edit("Cleared until, YYYY-MM-DD")
        self._tests = line_edit("Tests and findings it rests on")
        self.lay_out(self._who, self._on, self._tests, self._until, keep="Record the clearance")

    def fill(self, shown: Shown) -> None:
        if [self._who.itemData(n) for n in range(self._who.count())] != [None, *(id_ for id_, _ in shown.people)]:
            self._who.clear()
            self._who.addItem("Cleared by …", None)  # nobody has, before somebody says who
            for id_, name in shown.people:
                self._who.addItem(f"Cleared by {name}", id_)
        if not self._on.text() and not self._on.isModified():
            self._on.setText(shown.today)

    def keep(self) -> None:
        if self._who.count() == 1:
            self.refuse("No prescriber or medical staff is on the list. Add one first, or override with a reason.")
            return
        if self._who.currentData() is None:
            self.refuse("Choose who examined them; what you typed is still here.")
            self._who.setFocus()
            return
        fact = MedicallyCleared(self._on.text().strip(), self._tests.text().strip(), self._until.text().strip())
        self.say(fact, self._who.currentData())

    def taken(self) -> None:
        super().taken()
        self._who.setCurrentIndex(0)
        self._tests.clear()
        self._until.clear()


class Screening(Section):
    """What speaks against it: each line yes or no, with a remark beside a yes."""

    def __init__(self) -> None:
        super().__init__("screening", "Screening", tell.screening)
        self._rows = Rows((("yes", "Yes"), ("no", "No")))
        self._lines: dict[str, str] = {}
        self._rows.answered.connect(self._answer)
        self.column.addWidget(self._rows)

    def fill(self, shown: Shown) -> None:
        rows = []
        for each in shown.screening:
            fact = each.answer.fact if each.answer is not None else None
            last = f"last: {fact.answer}, {shown.on(each.answer)}" if fact and each.answer and each.due else ""
            answer = fact.answer if fact is not None and not each.due else ""
            rows.append(
                Row(each.item.id, each.item.words, answer, last, fact.remark if fact and answer == "yes" else None)
            )
        self._lines = {each.item.id: each.item.words for each in shown.screening}
        self._rows.display(tuple(rows))

    def _answer(self, item: str, answer: str, remark: str) -> None:
        self.say(Screened(item, self._lines[item], answer, remark))


class Consent(Section):
    """What they agree to; each line agreed or not."""

    def __init__(self) -> None:
        super().__init__("consent", "Consent", tell.consent)
        self._rows = Rows((("yes", "Agreed"), ("no", "Not agreed")))
        self._lines: dict[str, str] = {}
        self._rows.answered.connect(self._answer)
        self.column.addWidget(self._rows)

    def fill(self, shown: Shown) -> None:
        rows = []
        for each in shown.consent:
            answer = "" if each.answer is None else "yes" if each.answer.fact.agreed else "no"
            beside = shown.on(each.answer) if each.answer is not None else ""
            rows.append(Row(each.item.id, each.item.words, answer, beside))
        self._lines = {each.item.id: each.item.words for each in shown.consent}
        self._rows.display(tuple(rows))

    def _answer(self, item: str, answer: str, remark: str) -> None:
        self.say(ConsentGiven(item, self._lines[item], answer == "yes", remark))


class Crisis(_Typed):
    """Whom to call for this patient."""

    def __init__(self) -> None:
        super().__init__("crisis", "Crisis contacts", tell.crisis)
        self._text = line_edit("Whom to call in a crisis, with numbers")
        self.lay_out(self._text, keep="Record the crisis contacts")
        self._filled = ""

    def fill(self, shown: Shown) -> None:
        found = newest(shown.known, CrisisContactsSet)
        if found is not None and found.fact.text != self._filled:
            self._filled = found.fact.text
            self._text.setText(self._filled)

    def keep(self) -> None:
        self.say(CrisisContactsSet(self._text.text().strip()))


class Escort(_Typed):
    """Who brings them home today."""

    def __init__(self) -> None:
        super().__init__("escort", "Escort", tell.escorted)
        self._name, self._phone = line_edit("Escort’s name"), line_edit("Escort’s phone")
        self._reached = Check("Reached by phone")
        self._reached.setAccessibleName("Escort reached by phone")
        self.lay_out(self._name, self._phone, self._reached, keep="Record the escort")
        self._filled: EscortNamed | None = None

    def fill(self, shown: Shown) -> None:
        if shown.escort is not None and shown.escort != self._filled:
            self._filled = shown.escort
            self._name.setText(shown.escort.name)
            self._phone.setText(shown.escort.phone)
            self._reached.setChecked(shown.escort.reached)

    def keep(self) -> None:
        self.say(EscortNamed(self._name.text().strip(), self._phone.text().strip(), self._reached.isChecked()))


class Whereabouts(_Typed):
    """Where the patient is now, how help gets there, and who is with them; asked anew in each visit."""

    def __init__(self) -> None:
        super().__init__("location", "Where they are", tell.whereabouts)
        self._form = PlaceForm()
        self._last_said, self._still = Label("", "muted", wrap=True), Button("Still right")
        self._still.setAccessibleName("Still right: fill in where they were last time")
        self._last = QWidget()
        row = QHBoxLayout(self._last)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._last_said, 1)
        row.addWidget(self._still)
        self._last.hide()
        self.lay_out(self._last, *self._form.parts, keep="Record where they are, as said today")
        self._filled: PatientLocated | None = None
        self._before: PatientLocated | None = None
        self._still.clicked.connect(self._fill_last)

    def offer(self, last: tuple[PatientLocated, date] | None) -> None:
        """Where they were last time, to be asked about; None takes back what was offered and is not on record."""
        if self._before is not None and self._filled is None and self._form.fact() == _unseen(self._before):
            self._form.fill(PatientLocated("", "", "", ""))
        self._before = None
        self._last.hide()
        if last is None:
            return
        self._before, on = last
        self._last_said.setText(f"Last time, {on.day} {on:%B %Y}: {care.said(self._before)}")
        self._last.setVisible(self._filled is None)

    def _fill_last(self) -> None:
        """Into the fields, to be read out and recorded; who is seen today is asked today."""
        if self._before is not None:
            self._form.fill(_unseen(self._before))
            for edit in self.edits:
                edit.textEdited.emit(edit.text())  # kept as if it were typed, should the computer stop
            self._last.hide()
            self.edits[0].setFocus()

    def fill(self, shown: Shown) -> None:
        there = shown.there
        if there is not None and there != self._filled:
            self._filled = there
            self._form.fill(there)
            self._last.hide()

    def keep(self) -> None:
        self.say(self._form.fact())

    def taken(self) -> None:
        super().taken()
        self.open(not self._form.seen.isChecked())


def _unseen(there: PatientLocated) -> PatientLocated:
    """The same place; who is seen on the picture is asked each time."""
    return msgspec.structs.replace(there, companion_seen=False)


class DosesAtHome(_Typed):
    """Pieces of a medication that were sent, and how many of them are left, counted on the picture."""

    def __init__(self) -> None:
        super().__init__("doses at home", "Doses at home", tell.doses_at_home)
        self._what = line_edit("Medication and strength, as on its label")
        self._counts = tuple(line_edit(f"Pieces {word}") for word in ("sent", "taken", "left"))
        self.lay_out(self._what, *self._counts, keep="Record the count")

    def keep(self) -> None:
        typed = [edit.text().strip() for edit in self._counts]
        if not all(text.isdecimal() and len(text) < 5 for text in typed):
            self.refuse("Type the pieces sent, taken and left as whole numbers, for example 4, 1 and 3.")
            return
        sent, taken, left = (int(text) for text in typed)
        self.say(HomeDosesCounted(self._what.text().strip(), sent, taken, left))
