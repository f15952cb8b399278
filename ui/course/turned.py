"""The desk, turned to the patient: one question at a time, in large, and nothing of the record in sight."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kapdesk.clinic.forms import AtHand
from kapdesk.clinical.forms import Answers
from ui import theme
from ui.line import empty
from ui.widgets.buttons import Button
from ui.widgets.label import Label

MOST_BUTTONS = 11


def can_be_turned(asked: AtHand | None) -> bool:
    """Whether the patient can answer it by pressing: every question has few answers."""
    if asked is None or asked.form is None:
        return False
    ranges = [asked.form.range_of(n) for n in range(1, len(asked.form.questions) + 1)]
    return all(most - least < MOST_BUTTONS for least, most in ranges)


class TurnedPage(QWidget):
    """`done` carries the answers, when it is given back: at the end, or before; `half` those so far, at each answer."""

    done = Signal(object)
    half = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Questions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._asked: AtHand | None = None
        self._answers: list[int | None] = []
        self._now = 0
        self._place, self._words = Label("", "muted"), Label("", "value", wrap=True)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(theme.px(8))
        self._before, self._skip = Button("The question before", icon="back"), Button("I would rather not say")
        back = Button("Give it back", icon="leave")
        page = QVBoxLayout(self)
        page.setContentsMargins(theme.px(60), theme.px(36), theme.px(60), theme.px(28))
        page.setSpacing(theme.px(16))
        page.addWidget(self._place)
        page.addWidget(self._words)
        page.addLayout(self._choices, 3)
        page.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self._before)
        foot.addWidget(self._skip)
        foot.addStretch(1)
        foot.addWidget(back)
        page.addLayout(foot)
        self._before.clicked.connect(lambda: self._go(self._now - 1))
        self._skip.clicked.connect(lambda: self._give(None))
        back.clicked.connect(lambda: self.done.emit(self.answers))

    @property
    def answers(self) -> Answers:
        """What was answered so far."""
        return tuple(self._answers)

    def open(self, asked: AtHand, answers: Answers) -> None:
        """This form, from its first question on."""
        self._asked, self._answers = asked, list(answers)
        self._go(0)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and self._asked is not None and self._now < len(self._answers):
            assert self._asked.form is not None
            least, most = self._asked.form.range_of(self._now + 1)
            if least <= int(event.text()) <= most <= 9:
                self._give(int(event.text()))

    def _give(self, given: int | None) -> None:
        self._answers[self._now] = given
        self.half.emit(self.answers)
        self._go(self._now + 1)

    def _go(self, n: int) -> None:
        assert self._asked is not None
        assert self._asked.form is not None
        form, wording = self._asked.form, self._asked.wording
        self._now = max(n, 0)
        empty(self._choices)
        over = self._now >= len(self._answers)
        self._before.setEnabled(self._now > 0)
        self._skip.setVisible(not over)
        if over:
            self._place.setText("")
            self._words.setText("Thank you. Please give it back.")
            return
        self._place.setText(f"{self._now + 1} of {len(self._answers)}")
        question = wording.questions[self._now] if wording is not None else form.questions[self._now].words
        self._words.setText(question)
        meanings = (wording.answers if wording is not None else ()) or form.answers
        least, most = form.range_of(self._now + 1)
        fits = (least, most) == (form.least, form.most) and meanings
        for points in range(least, most + 1):
            button = Button(f"{points}   {meanings[points - least]}" if fits else str(points))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            button.setMaximumHeight(theme.px(96))
            button.setCheckable(True)
            button.setChecked(self._answers[self._now] == points)
            button.clicked.connect(lambda _=False, points=points: self._give(points))
            self._choices.addWidget(button)
