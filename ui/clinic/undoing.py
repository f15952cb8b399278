"""Tables that were taken in: which, what undoing one would come to, and the word that takes its patients back."""

from uuid import UUID

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.clinic.taking_back import Undoing
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Role
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

MOST_SHOWN = 200
MOST_IMPORTS = 6


class Taken(msgspec.Struct, frozen=True):
    """A table that was taken in, in words; `back`: how many of its patients are taken back now."""

    id: UUID
    said: str
    back: int


class UndoPanel(Panel):
    """`asked` wants to know what undoing an import would come to, `undone` carries the reason; `returned` an import
    that was undone by mistake, and the reason. Nothing is recorded before the last two."""

    asked = Signal(object)
    undone = Signal(str)
    returned = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Tables that were taken in", "undo", parent=parent)
        self._chosen: UUID | None = None
        self._imports = QVBoxLayout()
        self._imports.setSpacing(theme.px(6))
        self._said = Label("", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(2))
        inside = QWidget()
        inside.setProperty("part", "sheet")
        inside.setLayout(self._lines)
        self._area = Scrolling()
        self._area.setWidget(inside)
        self._area.setMinimumHeight(theme.px(160))
        self._why = line_edit("Why: it stays on the record")
        self._go, away = Button("", "danger"), Button("Put away", name="Put the import away")
        self._away = away
        self._answers = FlowRow(self._go, away)
        self._refusal, self._told = Refusal(), Refusal("body")
        self.body.addLayout(self._imports)
        for part in (self._said, self._area, self._why, self._answers, self._refusal, self._told):
            self.body.addWidget(part)
        self._go.clicked.connect(self._say)
        self._why.returnPressed.connect(self._why.clearFocus)
        away.clicked.connect(self.put_away)
        self.put_away()
        self.display(())

    def display(self, imports: tuple[Taken, ...]) -> None:
        """The newest imports; without any, the panel takes no room."""
        self.setVisible(bool(imports))
        empty(self._imports)
        for each in imports[:MOST_IMPORTS]:
            undo = Button("Undo …", icon="undo", name=f"Undo the import: {each.said}")
            undo.clicked.connect(lambda _=False, id_=each.id: self.asked.emit(id_))
            buttons = [undo]
            if each.back:
                again = Button("Put back …", name=f"Put back the import: {each.said}")
                again.clicked.connect(lambda _=False, one=each: self._ask_again(one))
                buttons.append(again)
            back = f"{each.said} · {each.back} taken back" if each.back else each.said
            self._imports.addWidget(Label(back, wrap=True))
            self._imports.addWidget(FlowRow(*buttons))
        if len(imports) > MOST_IMPORTS:
            self._imports.addWidget(Label(f"{len(imports) - MOST_IMPORTS} earlier ones.", "muted"))

    def ask(self, undoing: Undoing) -> None:
        """What undoing would come to, those who stay first."""
        self._open(undoing.words())
        self._chosen = None
        empty(self._lines)
        ordered = [*undoing.with_fate("stays"), *undoing.with_fate("gone"), *undoing.with_fate("back")]
        for line in ordered[:MOST_SHOWN]:
            role: Role = "body" if line.fate == "stays" else "muted"
            who = line.name or f"Patient {line.place} of the table"
            stays = " stays" if line.fate == "stays" else ""
            self._lines.addWidget(Label(f"{who}{stays}: {line.words}", role, wrap=True))
        if len(ordered) > MOST_SHOWN:
            self._lines.addWidget(Label(f"{len(ordered) - MOST_SHOWN} more.", "muted"))
        self._lines.addStretch(1)
        back = len(undoing.with_fate("back"))
        self._go.set_words(f"Take back {back} patient{'' if back == 1 else 's'}", "Take back the patients")
        self._area.show()
        self._go.setVisible(back > 0)
        self._why.setVisible(back > 0)

    def tell(self, sentence: str) -> None:
        """How it goes, or how it went."""
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why nothing was changed."""
        self._refusal.say(sentence)

    def busy(self, busy: bool) -> None:
        """While it is being done nothing else is asked for."""
        self._go.setEnabled(not busy)
        self._away.setEnabled(not busy)
        for button in self.findChildren(Button):
            if button.accessibleName().startswith(("Undo the import", "Put back the import")):
                button.setEnabled(not busy)

    def put_away(self) -> None:
        """Only the list again."""
        for part in (self._said, self._area, self._why, self._answers):
            part.hide()
        self._why.clear()
        self._refusal.say("")

    def _open(self, sentence: str) -> None:
        self._refusal.say("")
        self._told.say("")
        self._said.setText(sentence)
        for part in (self._said, self._why, self._answers, self._go):
            part.show()

    def _ask_again(self, one: Taken) -> None:
        self._open(f"{one.back} of this import would stand in the lists again. {one.said}")
        self._area.hide()
        self._chosen = one.id
        self._go.set_words("Put them back", "Put the patients back")
        self._why.setFocus()

    def _say(self) -> None:
        if self._chosen is not None:
            self.returned.emit(self._chosen, self._why.text())
        else:
            self.undone.emit(self._why.text())
