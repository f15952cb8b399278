"""What still has to be there: each line with its sign, and its answer where someone has to give one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.care import Answer, ChecklistAnswered
from kapdesk.session.needs import Need, missing
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Sign

_ANSWERS: tuple[tuple[Answer, str], ...] = (("yes", "Yes"), ("no", "No"), ("does not apply", "n/a"))


class NeedsList(QWidget):
    """`answered` carries a fact; `override_wanted` what is missing and the reason it is set aside for."""

    answered = Signal(object)
    override_wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needs: tuple[Need, ...] | None = None
        self._settled = False
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(4))
        self._over = Button("Override …", icon="warning", name="Override what is missing")
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("Why it is set aside; it stands in the note")
        self._reason.setAccessibleName("Reason of the override")
        self._go, away = Button("Override", "danger", name="Override with this reason"), Button("Put away")
        away.setAccessibleName("Put the override away")
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(6))
        sheet.addWidget(self._reason)
        sheet.addWidget(FlowRow(self._go, away))
        self._sheet.hide()
        self._refusal = Refusal()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addLayout(self._lines)
        for part in (self._refusal, self._sheet, self._over):
            column.addWidget(part)
        self._over.clicked.connect(self._ask)
        away.clicked.connect(self._put_away)
        self._go.clicked.connect(self._say)
        self._reason.returnPressed.connect(self._say)

    def display(
        self, needs: tuple[Need, ...], settled: bool, open_: bool = True, elsewhere: frozenset[str] = frozenset()
    ) -> None:
        """Show these; `settled` when nothing is missing or it was set aside, `open_` while they can be answered.

        Those `elsewhere` have a place of their own on the page: they are set aside here with the others, not shown.
        """
        self._settled = settled
        self._over.setVisible(open_ and not settled and self._sheet.isHidden())
        if settled:
            self._put_away()
            self._over.hide()
        if needs == self._needs:
            return
        self._needs = needs
        empty(self._lines)
        for need in needs:
            if need.id not in elsewhere:
                self._lines.addWidget(self._line(need, open_))

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """The override is on its way to the disk."""
        self._put_away()

    def _line(self, need: Need, open_: bool) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        sign = Sign("check", "teal") if need.met else Sign("minus", "accent")
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        said = need.words + (f" ({need.answer})" if need.answer not in (None, "yes") else "")
        row.addWidget(Label(said, "body" if need.met else "muted", wrap=True), 1)
        if need.item is not None and open_:
            for answer, label in _ANSWERS:
                button = Button(label, name=f"{need.words}: {answer}")
                button.setProperty("narrow", True)
                button.setCheckable(True)
                button.setChecked(need.answer == answer)
                button.clicked.connect(lambda _, need=need, answer=answer: self._answer(need, answer))
                row.addWidget(button)
        return line

    def _answer(self, need: Need, answer: Answer) -> None:
        self._refusal.say("")
        self.answered.emit(ChecklistAnswered(need.id, need.words, answer))

    def _ask(self) -> None:
        self._sheet.show()
        self._over.hide()
        self._reason.setFocus()

    def _put_away(self) -> None:
        self._sheet.hide()
        self._reason.clear()
        self._refusal.say("")
        self._over.setVisible(not self._settled)

    def _say(self) -> None:
        self._refusal.say("")
        self.override_wanted.emit(missing(self._needs or ()), self._reason.text())
