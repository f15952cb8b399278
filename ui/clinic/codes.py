"""The clinic's codes: up to eight words for what is seen, in the order of their keys."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinical.codes import DEFAULTS, GENERAL, LONGEST, MOST_CODES, WAYS, default_words
from kapdesk.facts.clinic import Code, CodeWords
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
    "What lasts is begun by a press and ended by the next; what the list says then stands below its word. Unwanted: "
    "how bad it was is asked right after, and it stands on the note’s first page. “Intervention” is what was done; "
    "which one is asked. What was recorded keeps its words."
)


class CodeLine(QWidget):
    """One code: its key, its word, whether it lasts, whether it is unwanted. `raised` is up by one, `gone` out.

    What lasts has a second line: what is said where it begins and is over, from its word until someone types there.
    """

    raised = Signal()
    gone = Signal()

    def __init__(self, code: Code, key: int, said: CodeWords | None = None, parent: QWidget | None = None) -> None:
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
        self._default = default_words(code.word)
        said = said or self._default
        self._begins, self._ends = line_edit(f"Where key {key} begins"), line_edit(f"Where key {key} is over")
        self._begins.setText(said.begins)
        self._ends.setText(said.ends)
        self._own = QWidget()
        own = QHBoxLayout(self._own)
        own.setContentsMargins(theme.px(theme.TARGET), 0, 0, 0)
        own.setSpacing(theme.px(8))
        own.addWidget(self._begins, 1)
        own.addWidget(self._ends, 1)
        self._own.setVisible(code.lasts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        column.addLayout(row)
        column.addWidget(self._own)
        row.addWidget(Label(str(key), "muted"))
        row.addWidget(self._word, 1)
        for part in (self._lasts, self._unwanted, up, out):
            row.addWidget(part)
        self._hint(code.word)
        self._word.textChanged.connect(self._renamed)
        self._lasts.currentIndexChanged.connect(lambda n: self._own.setVisible(bool(n)))
        up.clicked.connect(self.raised)
        out.clicked.connect(self.gone)

    def code(self) -> Code:
        """As it stands in the line."""
        word = " ".join(self._word.text().split())
        return Code(word, bool(self._lasts.currentIndex()), self._unwanted.isChecked())

    def said(self) -> CodeWords:
        """What is said where it begins and is over, as it stands in the line."""
        begins, ends = (" ".join(edit.text().split()) for edit in (self._begins, self._ends))
        return CodeWords(self.code().word, begins, ends)

    def _renamed(self, text: str) -> None:
        """What was made from the word goes with it; what someone typed stays."""
        before, self._default = self._default, default_words(" ".join(text.split()))
        if self._begins.text() == before.begins:
            self._begins.setText(self._default.begins)
        if self._ends.text() == before.ends:
            self._ends.setText(self._default.ends)
        self._hint(self._default.word)

    def _hint(self, word: str) -> None:
        """What is said where nothing is typed."""
        way = WAYS.get(word)
        self._begins.setPlaceholderText(f"{way}, {GENERAL[0]}" if way else GENERAL[0])
        self._ends.setPlaceholderText(f"{way}: {GENERAL[1]}" if way else GENERAL[1])

    def start(self) -> None:
        """The cursor into the word."""
        self._word.setFocus()


class CodesPanel(Panel):
    """`kept` carries the codes as they are to be from now on, and what those that last say; until then nothing is
    changed."""

    kept = Signal(tuple, tuple)

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
        back.clicked.connect(lambda: self._fill(DEFAULTS, ()))
        keep.clicked.connect(lambda: self.kept.emit(self.codes(), self.said()))

    def display(self, codes: Sequence[Code], said: Sequence[CodeWords] = ()) -> None:
        """The codes as they are now, and what is said where those that last begin and end."""
        self._fill(codes, said)
        self._refusal.say("")
        self._told.say("")

    def codes(self) -> tuple[Code, ...]:
        """As they stand in the lines."""
        return tuple(line.code() for line in self._lines)

    def said(self) -> tuple[CodeWords, ...]:
        """What those that last say, as it stands in the lines."""
        lasting = (line.said() for line in self._lines if line.code().lasts)
        return tuple(each for each in lasting if each != CodeWords(each.word))

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._refusal.say("")
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why they were not kept; what was typed stays."""
        self._told.say("")
        self._refusal.say(sentence)

    def _fill(self, codes: Sequence[Code], said: Sequence[CodeWords]) -> None:
        empty(self._rows)
        own = {each.word: each for each in said}
        self._lines = [CodeLine(code, n, own.get(code.word)) for n, code in enumerate(codes, start=1)]
        for n, line in enumerate(self._lines):
            line.raised.connect(partial(self._raise, n))
            line.gone.connect(partial(self._take_out, n))
            self._rows.addWidget(line)
        self._add.setEnabled(len(self._lines) < MOST_CODES)

    def _raise(self, n: int) -> None:
        codes = list(self.codes())
        codes[n - 1], codes[n] = codes[n], codes[n - 1]
        self._fill(codes, self._texts())
        self._lines[n - 1].start()

    def _take_out(self, n: int) -> None:
        codes = self.codes()
        self._fill((*codes[:n], *codes[n + 1 :]), self._texts())

    def _one_more(self) -> None:
        self._fill((*self.codes(), Code("")), self._texts())
        self._lines[-1].start()

    def _texts(self) -> list[CodeWords]:
        """What stands in all lines, those that do not last too: nothing typed is lost when a line moves."""
        return [line.said() for line in self._lines]
