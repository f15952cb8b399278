"""A protocol as a form: each field by its name, what is wrong said beside it as it is typed, and what would change."""

from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinical.difference import differences
from kapdesk.clinical.fields import LIMIT_NAMES, PARTS, ROWS, Row
from kapdesk.clinical.protocol import FORMAT, Fault, Protocol, check, every_fault
from ui import theme
from ui.clinic.fields import EDITORS, FieldEditor
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

MEANS = (
    "Written, it is not approved: a prescriber approves it, word for word, before it is used with a patient. "
    "Every figure is the clinic’s own to decide."
)


class Field(QWidget):
    """One row: its name, what is asked, its editor, and what is wrong with it."""

    def __init__(self, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor: FieldEditor = EDITORS[row.kind](row)
        self.refusal = Refusal()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(Label(row.name))
        if row.asked:
            column.addWidget(Label(row.asked, "muted", wrap=True))
        column.addWidget(self.editor)
        column.addWidget(self.refusal)


class Editor(QWidget):
    """`written` carries the protocol as it is to be, `typed` what stands in the fields, as JSON; `left` goes back, and
    nothing was changed."""

    written = Signal(object)
    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Editing a protocol")
        self._start: Protocol | None = None
        self._filling = False
        self._fields: dict[str, Field] = {}
        self._title = Label("", "head", wrap=True)
        self._changes = Label("", "body", wrap=True)
        self._refusal = Refusal()
        self._write = Button("Write it", "primary", name="Write the protocol")
        back = Button("Back", icon="back", name="Back to the clinic without writing")
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(theme.px(10))
        page.addWidget(self._title)
        across = QHBoxLayout()
        across.setSpacing(theme.px(12))
        across.addWidget(self._form(), 1)
        changing = Panel("What changes", "note")
        changing.setFixedWidth(theme.px(250))
        changing.body.addWidget(self._changes)
        changing.body.addStretch(1)
        changing.body.addWidget(Label(MEANS, "muted", wrap=True))
        across.addWidget(changing)
        page.addLayout(across, 1)
        page.addWidget(self._refusal)
        page.addWidget(FlowRow(back, self._write))
        self._write.clicked.connect(self._say)
        back.clicked.connect(self.left)

    def display(self, plan: Protocol, half: str = "") -> None:
        """Begin with this one; `half` is what was typed over it and not written yet, as `typed` told it."""
        self._start, self._filling = plan, True
        stands, typed = msgspec.to_builtins(plan), msgspec.json.decode(half) if half else {}
        for path, field in self._fields.items():
            field.editor.display(_at(typed, path, _at(stands, path)))
        self._filling = False
        self._title.setText(f"{plan.name}, version {plan.version}")
        self._refusal.say("")
        self._look()

    def content(self) -> dict[str, Any]:
        """What was typed, as the TOML would hold it."""
        made: dict[str, Any] = {"format": FORMAT}
        for path, field in self._fields.items():
            holds, names = made, path.split(".")
            for name in names[:-1]:
                holds = holds.setdefault(name, {})
            holds[names[-1]] = field.editor.value()
        return made

    def refuse(self, sentence: str) -> None:
        """Why it was not written; what was typed stays."""
        self._refusal.say(sentence)

    def _form(self) -> Scrolling:
        inside = QWidget()
        inside.setProperty("part", "sheet")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.px(4), 0)
        column.setSpacing(theme.px(12))
        panel = Panel("")
        for row in ROWS:
            if row.path in PARTS:
                panel = Panel(PARTS[row.path])
                column.addWidget(panel)
            field = self._fields[row.path] = Field(row)
            field.editor.changed.connect(self._look)
            field.editor.changed.connect(self._type)
            panel.body.addWidget(field)
        column.addStretch(1)
        return Scrolling(inside)

    def _type(self) -> None:
        if not self._filling and self._start is not None:
            self.typed.emit(msgspec.json.encode(self.content()).decode())

    def _look(self) -> None:
        """Say what is wrong beside its field, and what differs from the text it began with."""
        if self._filling or self._start is None:
            return
        content = self.content()
        faults = every_fault(content, self._start)
        for path, field in self._fields.items():
            field.refusal.say(" ".join(_said(fault, path, content) for fault in faults if _field_of(fault) == path))
        plan = check(content)[0]
        said = differences(self._start, plan) if plan is not None and not faults else ()
        self._changes.setText("\n".join(said) or ("Nothing yet." if not faults else "Mend what is marked first."))
        self._write.setEnabled(bool(said))

    def _say(self) -> None:
        plan, faults = check(self.content())
        if plan is not None and not faults:
            self.written.emit(plan)


def _at(holds: Any, path: str, otherwise: Any = None) -> Any:
    """What stands under a path such as "dosing.route"; `otherwise` where nothing is said of it."""
    for name in path.split("."):
        if not isinstance(holds, dict) or name not in holds:
            return otherwise
        holds = holds[name]
    return holds


def _field_of(fault: Fault) -> str:
    """The path of the row in which a fault is said."""
    fits = [
        row.path for row in ROWS if fault.path == row.path or fault.path.startswith((f"{row.path}.", f"{row.path}["))
    ]
    return max(fits, key=len, default="name")


def _said(fault: Fault, path: str, content: dict[str, Any]) -> str:
    """Which phase, line or limit it is, where the row has several, and what is wrong."""
    rest = fault.path[len(path) :].strip(".")
    if rest.startswith("["):
        place, _, part = rest[1:].partition("]")
        if place.isdigit() and path == "phases":
            rest = str(content["phases"][int(place)]["phase"])
        elif place.isdigit():
            rest = f"Line {int(place) + 1}{part.replace('.', ', ')}"
    elif path.startswith("limits_"):
        rest = LIMIT_NAMES.get(rest, rest)
    return f"{rest[0].upper()}{rest[1:]}: {fault.words}." if rest else f"{fault.words[0].upper()}{fault.words[1:]}."
