"""Who did what: the clinic's own record, looked through by words, and taken out as a table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from kapdesk.store import letters
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.frame import framed
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class AuditPage(QWidget):
    """`saved` asks to take out what is shown, `left` goes back."""

    saved = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Who did what")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rows: tuple[tuple[str, str, str], ...] = ()
        self._search = QLineEdit()
        self._search.setPlaceholderText("A day, a name, a word")
        self._search.setAccessibleName("Look for a day, a name or a word")
        self._search.textChanged.connect(lambda _: self._list())
        self._state = Label("", "muted")
        self._refusal, self._told = Refusal(), Refusal("muted")
        self._lines = QPlainTextEdit()
        self._lines.setReadOnly(True)
        self._lines.setAccessibleName("Lines, the newest first")
        panel = Panel("Who did what", "records", "without any patient’s name")
        for part in (self._search, self._state, self._refusal, self._told):
            panel.body.addWidget(part)
        panel.body.addWidget(self._lines, 1)
        back, save = Button("Back", icon="back"), Button("Save as a table …", name="Save what is shown as CSV")
        back.clicked.connect(self.left)
        save.clicked.connect(self.saved)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addStretch(1)
        foot.addWidget(save)
        page = framed(self)
        page.addWidget(panel, 1)
        page.addLayout(foot)

    def display(self, rows: tuple[tuple[str, str, str], ...]) -> None:
        """Show these lines, the newest first: when, who, what."""
        self._rows = rows
        self._refusal.say("")
        self._told.say("")
        self._list()

    def shown(self) -> list[tuple[str, str, str]]:
        """The lines that hold all words that are looked for."""
        return [row for row in self._rows if letters.holds(self._search.text(), " ".join(row))]

    def tell(self, sentence: str) -> None:
        """What became of the table."""
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why it could not be taken out."""
        self._refusal.say(sentence)

    def _list(self) -> None:
        shown = self.shown()
        self._state.setText(f"{len(shown)} of {len(self._rows)} lines")
        self._lines.setPlainText("\n".join("   ".join(row) for row in shown))
