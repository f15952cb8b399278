"""Psychotherapy notes (private): it always says who writes here, and who reads it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.session.bar import SHORT, PatientBar
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

WHAT = (
    "What stands here is sealed with a key of its own. It is never on the session note, in exports, lists or searches. "
    "Beside those named below, only the recovery code on paper opens it."
)


class PrivatePage(QWidget):
    """`kept` carries a note, `typed` what is half-typed, `let` whoever may read from now on, `left` goes back."""

    kept = Signal(str)
    typed = Signal(str)
    let = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Psychotherapy notes, private")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar = PatientBar(layouts=False, closes="")
        self._panel = Panel("Psychotherapy notes (private)", "lock")
        self._who = Label("", "accent", wrap=True)
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName("Private note")
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(theme.px(140))
        self._keep = Button("Keep for myself", "primary", "lock")
        self._refusal = Refusal()
        self._reader = Choice(name="Who may read too")
        self._let = Button("Let them read", name="Let this person read my notes on this patient")
        self._notes = QVBoxLayout()
        self._notes.setSpacing(theme.px(10))
        inside = QWidget()
        inside.setProperty("part", "sheet")
        column = QVBoxLayout(inside)
        column.addLayout(self._notes)
        column.addStretch(1)
        area = Scrolling(inside)
        back = Button("Back", icon="back")
        self.bar.add(back)
        body = self._panel.body
        body.addWidget(self._who)
        body.addWidget(Label(WHAT, "muted", wrap=True))
        body.addWidget(self.edit)
        body.addWidget(FlowRow(self._keep, self._reader, self._let, spacing=theme.px(10)))
        body.addWidget(self._refusal)
        body.addWidget(area, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        middle.addWidget(self._panel)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.bar)
        page.addLayout(middle, 1)
        back.clicked.connect(self.left)
        self._keep.clicked.connect(lambda: self.kept.emit(self.edit.toPlainText()))
        self._let.clicked.connect(lambda: self.let.emit(self._reader.currentData() or ""))
        self.edit.textChanged.connect(lambda: self.typed.emit(self.edit.toPlainText()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bar says less where it is narrow."""
        super().resizeEvent(event)
        self.bar.be_short(self.width() < theme.px(SHORT))

    def display(self, seen: Seen) -> None:
        """Whose notes these are about."""
        self.bar.display(seen)
        self._panel.set_title(f"Psychotherapy notes (private) on {seen.whose}")

    def open(
        self,
        author: str,
        readers: list[str],
        may_be: list[tuple[str, str]],
        notes: list[tuple[str, str, str]],
    ) -> None:
        """Show someone's own notes (when, by whom, what), who reads them, and who could be let in (id, name)."""
        also = f" {', '.join(readers)} may read it too." if readers else ""
        self._who.setText(f"{author}: you write for yourself.{also}")
        self._reader.clear()
        for id_, name in may_be:
            self._reader.addItem(name, id_)
        self._reader.setVisible(bool(may_be))
        self._let.setVisible(bool(may_be))
        empty(self._notes)
        for when, by, text in notes:
            line = Label(f"{when}  ·  {by}\n{text}", wrap=True)
            self._notes.addWidget(line)
        if not notes:
            self._notes.addWidget(Label("Nothing yet.", "muted"))

    def forget(self) -> None:
        """Nothing of it stays on the screen."""
        self._who.setText("")
        self.edit.blockSignals(True)
        self.edit.clear()
        self.edit.blockSignals(False)
        self._reader.clear()
        empty(self._notes)
        self._refusal.say("")

    def refuse(self, sentence: str) -> None:
        """Why it was not kept; what was typed stays."""
        self._refusal.say(sentence)

    def taken(self, text: str) -> None:
        """This is on the disk."""
        typed = self.edit.toPlainText()
        if typed.startswith(text):
            self.edit.setPlainText(typed[len(text) :])
            self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self._refusal.say("")
