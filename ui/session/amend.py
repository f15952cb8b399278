"""Correcting what was recorded, in place: how it was and when, or that it did not happen; always with a reason."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kapdesk.clinical import dosing, vitals
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.vitals import NAMES, Field
from kapdesk.facts.care import PsychotherapyBegan, StateBegan
from kapdesk.facts.session import DoseGiven, Marked, NoteTaken, SessionFact, VitalsTaken
from kapdesk.record.history import Happening
from ui import theme, words
from ui.refusal import Refusal
from ui.session.dose_form import DoseForm
from ui.session.saying import said
from ui.session.seen import Seen
from ui.session.times import nearest
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.reading_details import ReadingDetails
from ui.widgets.reading_field import ReadingField
from ui.widgets.when import clock_time


class Amend(QFrame):
    """The editor of one line. `corrected` carries (id, truth, at_us, reason), `struck` (id, reason)."""

    corrected = Signal(str, object, object, str)
    struck = Signal(str, str)
    left = Signal()
    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self.setAccessibleName("Correction")
        self._one: Happening | None = None
        self._zone, self._clock_was = "UTC", ""
        self._asked: SessionFact | None = None
        self._protocol: Protocol | None = None
        self._codes: tuple[str, ...] = ()
        self._head = Label("", "head")
        self._text = QPlainTextEdit()
        self._text.setAccessibleName("How it was")
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(theme.px(66))
        self._code = Choice(name="Code")
        self._dose = DoseForm()
        self._fields = [ReadingField(field) for field in NAMES]
        self._details = ReadingDetails()
        self._plain = Label("", "body", wrap=True)
        self._sheets = QStackedWidget()
        self._kinds = (self._note_sheet(), self._dose, self._reading_sheet(), self._plain)
        for sheet in self._kinds:
            self._sheets.addWidget(sheet)
        self._at = QLineEdit()
        self._at.setAccessibleName("Time of day")
        self._at.setMaxLength(5)
        self._at.setFixedWidth(theme.px(76))
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("Reason, for example a slip of the hand")
        self._reason.setAccessibleName("Reason")
        self._refusal = Refusal()
        self._correct = Button("Correct", "primary")
        self._strike = Button("Strike out", "danger")
        self._leave = Button("Put away", name="Put the correction away")
        self._lay_out()
        self._correct.clicked.connect(self._say_correct)
        self._strike.clicked.connect(self._say_strike)
        self._leave.clicked.connect(self.leave)
        for child in self.findChildren(QWidget):
            child.installEventFilter(self)
        self._reason.returnPressed.connect(self._say_correct)
        self._text.textChanged.connect(self._type)

    def open(self, one: Happening, seen: Seen, strike: bool = False, half: str = "") -> None:
        """Show one line for correction; with `strike` the cursor goes to the reason for striking it.

        `half` is how far its words had been corrected when KapDesk last stopped.
        """
        self._one, self._zone, self._asked = None, seen.zone, None
        self._codes = tuple(code.word for code in seen.clinic.codes)
        line = said(one.fact)
        self._head.setText(words.join(seen.axis(one.at_us), (line.code or "Note") if line else ""))
        self._clock_was = seen.wall(one.at_us)
        self._at.setText(self._clock_was)
        self._reason.clear()
        self._refusal.say("")
        self._fill(one.fact, line.text if line else "")
        if half:
            self._text.setPlainText(half)
        self._one, self._protocol = one, seen.protocol
        self.show()
        (self._reason if strike else self._first()).setFocus()

    def leave(self) -> None:
        """Put it away; nothing is changed."""
        self._one = None
        self.hide()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves; nothing is changed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return super().eventFilter(watched, event)

    def refuse(self, sentence: str) -> None:
        """Say why it was not recorded."""
        self._refusal.say(sentence)

    def _type(self) -> None:
        if self._one is not None:
            self.typed.emit(str(self._one.id), self._text.toPlainText())

    def _fill(self, fact: SessionFact, text: str) -> None:
        sheet = 3
        match fact:
            case NoteTaken() | Marked():
                sheet = 0
                self._text.setPlainText(fact.text if isinstance(fact, NoteTaken) else "")
                code = fact.code if isinstance(fact, NoteTaken) else ""
                self._code.clear()
                self._code.addItem("No code", "")
                for word in dict.fromkeys((*self._codes, *([code] if code else []))):
                    self._code.addItem(word, word)
                self._code.setCurrentIndex(max(self._code.findData(code), 0))
            case StateBegan() | PsychotherapyBegan():
                sheet = 0
                self._text.setPlainText(fact.words if isinstance(fact, StateBegan) else fact.modality)
                self._code.clear()
                self._code.addItem(fact.code if isinstance(fact, StateBegan) else "Modality", "")
            case DoseGiven():
                sheet = 1
                self._dose.bring_back(fact)
            case VitalsTaken():
                sheet = 2
                for field in self._fields:
                    field.set_text(_typed(field.field, getattr(fact, field.field)))
                self._details.put(fact)
            case _:
                self._plain.setText(text)
        self._sheets.setCurrentIndex(sheet)
        self._sheets.setFixedHeight(max(self._kinds[sheet].sizeHint().height(), theme.px(24)))

    def _first(self) -> QWidget:
        return (self._text, self._dose.mg, self._fields[0], self._at)[self._sheets.currentIndex()]

    def _truth(self) -> SessionFact | str:
        """How it was, as typed; or a plain sentence."""
        assert self._one is not None
        fact: SessionFact = self._one.fact
        match fact:
            case NoteTaken() | Marked():
                text, code = self._text.toPlainText().strip(), self._code.currentData()
                if not text and not code:
                    if isinstance(fact, Marked):
                        return fact
                    return "A note has a text or a code. To take it out, strike it out."
                return NoteTaken(text, code, isinstance(fact, NoteTaken) and fact.patients_words)
            case StateBegan():
                return StateBegan(fact.code, self._text.toPlainText().strip())
            case PsychotherapyBegan():
                return PsychotherapyBegan(self._text.toPlainText().strip())
            case DoseGiven():
                return self._dose.dose()
            case VitalsTaken():
                try:
                    figures = msgspec.structs.replace(fact, **{field.field: field.value() for field in self._fields})
                    return self._details.into(figures)
                except ValueError:
                    return "One of the values is not a number."
            case _:
                return fact

    def _say_correct(self) -> None:
        if self._one is None:
            return
        clock = clock_time(self._at.text())
        truth = self._truth()
        at_us = self._one.at_us
        if isinstance(truth, str):
            self.refuse(truth)
            return
        if clock is None:
            self.refuse("Type the time of day, for example 21:40.")
            return
        if clock != self._clock_was:
            at_us = nearest(clock, at_us, self._zone)
        if truth == self._one.fact and at_us == self._one.at_us:
            self.refuse("Nothing was changed. Change it, or leave.")
        elif not self._has_reason() or not self._sure(truth):
            return
        else:
            self.corrected.emit(str(self._one.id), truth, at_us, self._reason.text().strip())

    def _sure(self, truth: SessionFact) -> bool:
        """Ask once about what is odd."""
        odd = [each.words for each in _doubts(truth, self._protocol) if each.possible]
        if not odd or self._asked == truth:
            return True
        self._asked = truth
        self.refuse(" ".join(odd) + " “Correct” again records it.")
        return False

    def _say_strike(self) -> None:
        if self._one is not None and self._has_reason():
            self.struck.emit(str(self._one.id), self._reason.text().strip())

    def _has_reason(self) -> bool:
        if self._reason.text().strip():
            return True
        self.refuse("Say why, in a word or two.")
        self._reason.setFocus()
        return False

    def _note_sheet(self) -> QWidget:
        sheet = QWidget()
        row = QHBoxLayout(sheet)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text, 1)
        row.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        return sheet

    def _reading_sheet(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        row = QHBoxLayout()
        for field in self._fields:
            row.addWidget(field, 1)
        column.addLayout(row)
        column.addWidget(self._details)
        return sheet

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(10))
        column.setSpacing(theme.px(8))
        column.addWidget(self._head)
        column.addWidget(self._sheets)
        why = QHBoxLayout()
        why.setSpacing(theme.px(8))
        why.addWidget(Label("at", "muted"))
        why.addWidget(self._at)
        why.addWidget(self._reason, 1)
        column.addLayout(why)
        column.addWidget(self._refusal)
        column.addWidget(FlowRow(self._correct, self._strike, self._leave, spacing=theme.px(8)))


def _doubts(truth: SessionFact, protocol: Protocol | None) -> Sequence[vitals.Doubt | dosing.Doubt]:
    match truth:
        case VitalsTaken():
            return vitals.doubts(truth)
        case DoseGiven():
            return dosing.doubts(truth, protocol)
        case _:
            return ()


def _typed(field: Field, value: int | None) -> str:
    if value is None:
        return ""
    return words.temperature(value) if field == "temperature_dc" else str(value)
