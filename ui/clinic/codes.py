"""The clinic's codes: up to eight words for what is seen, in the order of their keys."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinical.codes import DEFAULTS, LONGEST, MOST_CODES
from kapdesk.facts.clinic import Code
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Check, Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel

MEANS = (
    "What lasts is begun by a press and ended by the next. Unwanted: how bad it was is asked right after, and it "
    "stands on the note’s first page. “Intervention” is what was done; which one is asked. What was recorded keeps "
    "its words."
)


class CodeLine(QWidget):
    """One code: its key, its word, whether it lasts, whether it is unwanted. `raised` is up by one, `gone` out."""

    raised = Signal()
    gone = Signal()

    def __init__(self, code: Code, key: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = line_edit(f"Word on key {key}")
        self._word.setMaxLength(2 * LONGEST)
        self._word.setText(code.word)
        self._lasts = Choice(("happens", "lasts"), name=f"Whether the code on key {key} happens or lasts")
        self._lasts.setCurrentIndex(int(code.lasts))
        self._unwanted = Check("unwanted")
        self._unwanted.setAccessibleName(f"The code on key {key} is unwanted: ask how bad")
        self._unwanted.setChecked(code.unwanted)
        up = Button("", icon="up", name=f"Move the code on key {key} up")
        out = Button("", icon="close", name=f"Take out the code on key {key}")
        up.setEnabled(key > 1)
        for button in (up, out):
            button.setProperty("narrow", True)
            button.setFixedWidth(theme.px(theme.TARGET))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(Label(str(key), "muted"))
        row.addWidget(self._word, 1)
        for part in (self._lasts, self._unwanted, up, out):
            row.addWidget(part)
        up.clicked.connect(self.raised)
        out.clicked.connect(self.gone)

    def code(self) -> Code:
        """As it stands in the line."""
        word = " ".join(self._word.text().split())
        return Code(word, bool(self._lasts.currentIndex()), self._unwanted.isChecked())

    def start(self) -> None:
        """The cursor into the word."""
        self._word.setFocus()


class CodesPanel(Panel):
    """`kept` carries the codes as they are to be from now on; until then nothing is changed."""

    kept = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Codes", "note", parent=parent)
        self._lines: list[CodeLine] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(6))
        self._add = Button("Add a code", icon="plus")
        back = Button("The defaults", name="Back to the defaults; nothing is kept yet")
        keep = Button("Keep these codes", "primary")
        self._refusal, self._told = Refusal(), Refusal("muted")
        self.body.addLayout(self._rows)
        self.body.addWidget(FlowRow(self._add, back, keep))
        self.body.addWidget(Label(MEANS, "muted", wrap=True))
        self.body.addWidget(self._refusal)
        self.body.addWidget(self._told)
        self._add.clicked.connect(self._one_more)
        back.clicked.connect(lambda: self._fill(DEFAULTS))
        keep.clicked.connect(lambda: self.kept.emit(self.codes()))

    def display(self, codes: Sequence[Code]) -> None:
        """The codes as they are now."""
        self._fill(codes)
        self._refusal.say("")
        self._told.say("")

    def codes(self) -> tuple[Code, ...]:
        """As they stand in the lines."""
        return tuple(line.code() for line in self._lines)

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._refusal.say("")
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why they were not kept; what was typed stays."""
        self._told.say("")
        self._refusal.say(sentence)

    def _fill(self, codes: Sequence[Code]) -> None:
        empty(self._rows)
        self._lines = [CodeLine(code, n) for n, code in enumerate(codes, start=1)]
        for n, line in enumerate(self._lines):
            line.raised.connect(partial(self._raise, n))
            line.gone.connect(partial(self._take_out, n))
            self._rows.addWidget(line)
        self._add.setEnabled(len(self._lines) < MOST_CODES)

    def _raise(self, n: int) -> None:
        codes = list(self.codes())
        codes[n - 1], codes[n] = codes[n], codes[n - 1]
        self._fill(codes)
        self._lines[n - 1].start()

    def _take_out(self, n: int) -> None:
        codes = self.codes()
        self._fill((*codes[:n], *codes[n + 1 :]))

    def _one_more(self) -> None:
        self._fill((*self.codes(), Code("")))
        self._lines[-1].start()
