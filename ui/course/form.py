"""A questionnaire, answered by the keyboard alone: a digit answers and goes on to the next question."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinic.forms import AtHand
from kapdesk.clinical import forms
from kapdesk.clinical.forms import Answers, Form
from kapdesk.facts.patient import FormAnswered
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.frame import framed
from ui.widgets.label import Label, restyle
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

_KEYS = "Digits answer and go on · ↑ ↓ another question · − leaves one out · Enter keeps"


class FormPage(QWidget):
    """`kept` carries a `FormAnswered`, `turned` wants the patient to answer; `left` goes back. What was answered stays
    until it is on its way to the disk; `half` comes at each answer before."""

    kept = Signal(object)
    half = Signal()
    turned = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Questionnaire")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self._form: AtHand | None = None
        self._patient: object = None
        self._rows: list[_Row] = []
        self._now = 0
        self._title, self._about = Label("", "title"), Label("", "muted", wrap=True)
        self._legend = Label("", "muted", wrap=True)
        self._on = line_edit("Answered on, YYYY-MM-DD")
        self._score, self._refusal = Label("", "lead", wrap=True), Refusal()
        self._keep = Button("Keep the answers", "primary")
        self._turn = Button("Turn to the patient", icon="person")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(4))
        self._area = Scrolling()
        self._lay_out()
        self._keep.clicked.connect(self._say)
        self._on.returnPressed.connect(self.setFocus)
        self._turn.clicked.connect(self.turned)

    def open(self, asked: AtHand, name: str, patient: object, today: str) -> None:
        """This form for this patient. The same again keeps what was answered."""
        if asked.form is None:
            return
        self._refusal.say("")
        if (asked, patient) != (self._form, self._patient):
            self._form, self._patient = asked, patient
            self._title.setText(f"{asked.form.name} for {name}")
            self._about.setText(asked.form.about)
            meanings = [f"{asked.form.least + n} {words}" for n, words in enumerate(_meanings(asked))]
            self._legend.setText(" · ".join(meanings))
            self._on.setText(today)
            self._fill(asked)
        self._go(self._now)
        self.setFocus()

    @property
    def asked(self) -> AtHand | None:
        """The form that is open."""
        return self._form

    @property
    def answers(self) -> Answers:
        """What was answered so far."""
        return tuple(row.given for row in self._rows)

    def take(self, answers: Answers) -> None:
        """These were answered before, or by the patient."""
        for row, given in zip(self._rows, answers, strict=True):
            row.give(given)
        self._tell()
        self._go(next((n for n, given in enumerate(answers) if given is None), 0))

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; the answers stay."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk; the sheet is empty again."""
        self._form = self._patient = None
        self._refusal.say("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self._rows[self._now] if self._rows else None
        if row is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif event.text().isdigit() and row.takes(int(event.text())):
            self._give(self._now, int(event.text()))
        elif event.text() in ("-", "−") or key == Qt.Key.Key_Delete:
            self._give(self._now, None)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backspace):
            self._go(self._now - 1)
        elif key == Qt.Key.Key_Down:
            self._go(self._now + 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._say()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _fill(self, asked: AtHand) -> None:
        assert asked.form is not None
        empty(self._lines)
        wording = asked.wording.questions if asked.wording is not None else ()
        self._rows = []
        for n, question in enumerate(asked.form.questions, 1):
            row = _Row(asked.form, n, wording[n - 1] if wording else question.words, _meanings(asked))
            row.given_now.connect(lambda given, n=n: self._give(n - 1, given))
            self._rows.append(row)
            self._lines.addWidget(row)
        self._lines.addStretch(1)
        self._now = 0
        self._tell()

    def _give(self, n: int, given: int | None) -> None:
        self._rows[n].give(given)
        self._refusal.say("")
        self._tell()
        self.half.emit()
        self._go(n + 1)

    def _go(self, n: int) -> None:
        self._now = min(max(n, 0), len(self._rows) - 1)
        for at, row in enumerate(self._rows):
            row.mark(at == self._now)
        self._area.ensureWidgetVisible(self._rows[self._now])
        edit = self._rows[self._now].edit
        (edit or self).setFocus()

    def _tell(self) -> None:
        if self._form is None or self._form.form is None:
            return
        form, answers = self._form.form, self.answers
        left = sum(each is None for each in answers)
        if left == len(answers):
            self._score.setText(f"0 of {len(answers)} answered")
            return
        found = forms.score(form, answers)
        parts = [f"{len(answers) - left} of {len(answers)} answered", forms.told(found), forms.parts_told(found)]
        self._score.setText(" · ".join(part for part in parts if part))

    def _say(self) -> None:
        if self._form is None or self._form.form is None:
            return
        form = self._form.form
        wrong = next((row for row in self._rows if row.wrong), None)
        if wrong is not None:
            self.refuse(f"Question {self._rows.index(wrong) + 1} holds no number it can be. Type it again.")
            return
        if sentence := forms.doubt(form, self.answers):
            self.refuse(sentence)
            return
        try:
            on = date.fromisoformat(self._on.text().strip()).isoformat()
        except ValueError:
            self.refuse("That is no date. Type it as year-month-day, for example 2026-12-31.")
            return
        self.kept.emit(FormAnswered(form.id, self._form.toml, self.answers, on))

    def _lay_out(self) -> None:
        sheet = QWidget()
        sheet.setProperty("part", "sheet")
        sheet.setLayout(self._lines)
        self._lines.setContentsMargins(0, 0, theme.px(6), 0)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(sheet)
        panel = Panel("Answers", "check", _KEYS)
        panel.body.addWidget(self._legend)
        panel.body.addWidget(self._area, 1)
        panel.body.addWidget(self._score)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        self._on.setMaximumWidth(theme.px(220))
        head.addWidget(Label("Answered on", "muted"))
        head.addWidget(self._on)
        back = Button("Back", icon="back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        for part in (back, self._turn):
            foot.addWidget(part)
        foot.addWidget(self._refusal, 1)
        foot.addStretch(1)
        foot.addWidget(self._keep)
        page = framed(self)
        page.setSpacing(theme.px(10))
        page.addLayout(head)
        page.addWidget(self._about)
        page.addWidget(panel, 1)
        page.addLayout(foot)


class _Row(QFrame):
    """One question: a button for each number of points, or a field where there are too many for digits."""

    given_now = Signal(object)

    def __init__(self, form: Form, number: int, words: str, meanings: tuple[str, ...]) -> None:
        super().__init__()
        self.setProperty("part", "tile")
        self.least, self.most = form.range_of(number)
        self.given: int | None = None
        self.edit: QLineEdit | None = None
        self._buttons: dict[int, Button] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(10), theme.px(2), theme.px(6), theme.px(2))
        count = Label(str(number), "muted")
        count.setFixedWidth(theme.px(26))
        line.addWidget(count)
        line.addWidget(Label(words, wrap=True), 1)
        if self.most > 9:
            self.edit = edit = line_edit(f"{words}: {self.least} to {self.most}")
            edit.setMaximumWidth(theme.px(200))
            edit.textEdited.connect(self._type)
            edit.returnPressed.connect(lambda: self.given_now.emit(self.given))
            line.addWidget(edit)
            return
        for points in range(self.least, self.most + 1):
            fits = (self.least, self.most) == (form.least, form.most) and meanings
            meaning = f", {meanings[points - self.least]}" if fits else ""
            button = Button(str(points), name=f"{number} {words}: {points}{meaning}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, points=points: self.given_now.emit(points))
            self._buttons[points] = button
            line.addWidget(button)

    @property
    def wrong(self) -> bool:
        """Whether something stands in its field that is no answer."""
        return self.edit is not None and self.given is None and bool(self.edit.text().strip())

    def takes(self, points: int) -> bool:
        """Whether a digit answers it."""
        return points in self._buttons

    def give(self, given: int | None) -> None:
        """This is the answer, or it is left out."""
        self.given = given
        for points, button in self._buttons.items():
            button.setChecked(points == given)
        if self.edit is not None and not self.wrong:
            self.edit.setText("" if given is None else str(given))

    def mark(self, here: bool) -> None:
        """Whether the next digit answers this one."""
        restyle(self, "state", "late" if here else "")

    def _type(self, text: str) -> None:
        typed = text.strip()
        points = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None
        self.given = points if points is not None and self.least <= points <= self.most else None


def _meanings(asked: AtHand) -> tuple[str, ...]:
    assert asked.form is not None
    return (asked.wording.answers if asked.wording is not None else ()) or asked.form.answers
