"""Signing: a plain sentence first, then the one press that cannot be taken back; after it, addenda."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from kapdesk.facts.session import AddendumWritten, Marked
from ui import theme
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.strip import Action, Strip, StripView


class SignPanel(Panel):
    """`signed` once it was asked and answered; `added` carries an addendum's text; `finished` puts the session away."""

    asked = Signal()
    signed = Signal()
    typed = Signal(str)
    added = Signal(str)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sign and lock", "lock", parent=parent)
        self._said = Label("", "muted", wrap=True)
        self._sign = Button("Sign and lock", "primary", "lock")
        self._question = Strip()
        self._addendum = QPlainTextEdit()
        self._addendum.setPlaceholderText("Addendum")
        self._addendum.setAccessibleName("Addendum")
        self._addendum.setTabChangesFocus(True)
        self._addendum.setMaximumHeight(theme.px(90))
        self._add = Button("Add the addendum", icon="plus")
        self._done = Button("Done", "primary", "check", name="Done with this session")
        self._refusal = Refusal()
        for part in (self._said, self._sign, self._question, self._addendum, self._add, self._refusal, self._done):
            self.body.addWidget(part)
        self._addendum.textChanged.connect(lambda: self.typed.emit(self._addendum.toPlainText()))
        self._sign.clicked.connect(self._ask)
        self._question.acted.connect(self._answered)
        self._add.clicked.connect(self._say)
        self._done.clicked.connect(self.finished)

    def display(self, seen: Seen) -> None:
        """Show what may be done now."""
        session = seen.session
        over, signed = session.ended is not None, session.signed
        marks = len(session.history.standing(Marked))
        self.setVisible(over)
        self._sign.setVisible(not signed and self._question.isHidden())
        for part in (self._addendum, self._add):
            part.setVisible(signed)
        self._done.setVisible(over)
        if signed and session.locked_us is not None:
            late = sum(isinstance(h.fact, AddendumWritten) for h in session.history)
            added = f" {late} addendum{'s' if late > 1 else ''}." if late else ""
            self._said.setText(f"Signed and locked {seen.wall(session.locked_us)}.{added}")
        elif marks:
            self._said.setText("There are marks without words still.")
        else:
            self._said.setText("Read the note first. It can be signed later from the records, too.")

    def bring_back(self, text: str) -> None:
        """Put a half-typed addendum back."""
        self._addendum.setPlainText(text)

    def refuse(self, sentence: str) -> None:
        """Say why it was not recorded."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """The addendum is on its way to the disk."""
        self._addendum.clear()
        self._refusal.say("")

    def _ask(self) -> None:
        self.asked.emit()
        self._sign.hide()
        said = "After signing nothing in this session can be changed any more, only added to. Sign now?"
        answers = (Action("yes", "Sign and lock", True), Action("no", "Not yet"))
        self._question.display(StripView(said, "warn", "lock", answers))

    def _answered(self, answer: str) -> None:
        self._question.display(None)
        self._sign.show()
        if answer == "yes":
            self.signed.emit()

    def _say(self) -> None:
        text = self._addendum.toPlainText().strip()
        if text:
            self.added.emit(text)
        else:
            self._addendum.setFocus()
