"""One editor for each kind of field of a protocol: shows what stands there, and gives back what was typed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical.difference import word
from kapdesk.clinical.fields import LIMIT_NAMES, Row
from kapdesk.clinical.writing import new_id
from kapdesk.facts.words import PHASES, Route
from ui import theme, words
from ui.line import across, empty
from ui.widgets.buttons import Button
from ui.widgets.choice import Check, Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.reading_field import number as tenths

_NARROW = 96
ROUTES: tuple[Route, ...] = get_args(Route)


def number(text: str) -> int | str:
    """A whole number, or what was typed instead: the checker says that it is none."""
    said = text.strip()
    return int(said) if said.removeprefix("-").isascii() and said.removeprefix("-").isdigit() else said


_DEGREES = ("temperature_dc_above",)


def degrees(text: str) -> int | str:
    """Degrees Celsius in tenths, or what was typed instead."""
    try:
        return tenths("temperature_dc", text) or 0
    except ValueError:
        return text.strip()


class FieldEditor(QWidget):
    """Edits one field. `changed` at each change; `value` gives what its TOML would hold."""

    changed = Signal()

    def __init__(self, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.px(6))

    def display(self, value: Any) -> None:
        """Show what stands in the field, as TOML holds it. Each kind has its own way."""

    def value(self) -> Any:
        """What was typed, as TOML would hold it; nothing, for a field without an editor."""
        return None

    def _tell(self, *_: object) -> None:
        self.changed.emit()

    def _edit(self, name: str, text: str, narrow: bool = False) -> QLineEdit:
        edit = line_edit(name)
        edit.setText(text)
        edit.setCursorPosition(0)
        if narrow:
            edit.setPlaceholderText("")
            edit.setFixedWidth(theme.px(_NARROW))
        edit.textChanged.connect(self._tell)
        return edit


class Words(FieldEditor):
    """Text, one number, or numbers with commas between them."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        said = f"{row.name}, {row.unit}" if row.unit else row.name
        self._line = self._edit(said, "", narrow=row.kind == "number")
        across = QHBoxLayout()
        across.addWidget(self._line, 0 if row.kind == "number" else 1)
        if row.unit:
            across.addWidget(Label(row.unit, "muted"))
        if row.kind == "number":
            across.addStretch(1)
        self.column.addLayout(across)

    def display(self, value: Any) -> None:
        text = ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
        self._line.setText(text)
        self._line.setCursorPosition(0)

    def value(self) -> Any:
        text = " ".join(self._line.text().split())
        match self.row.kind:
            case "number":
                return number(text or "0")
            case "numbers":
                return [number(each) for each in text.replace(";", ",").split(",") if each.strip()]
            case _:
                return text


class OneOf(FieldEditor):
    """One of a few words."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._choice = Choice(name=row.name)
        for each in row.choices:
            self._choice.addItem(words.route(each) if each in ROUTES else each or "none", each)
        self._choice.activated.connect(self._tell)
        self.column.addWidget(self._choice)

    def display(self, value: Any) -> None:
        self._choice.setCurrentIndex(max(0, self._choice.findData(value or "")))

    def value(self) -> Any:
        return self._choice.currentData() or None


class SomeOf(FieldEditor):
    """Any of a few words, each a tick."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._ticks = {each: Check(word(each)) for each in row.choices}
        self._order: list[str] = []
        for each, tick in self._ticks.items():
            tick.setAccessibleName(f"{row.name}: {word(each)}")
            tick.clicked.connect(self._tell)
        self.column.addWidget(FlowRow(*self._ticks.values()))

    def display(self, value: Any) -> None:
        self._order = list(value)
        for each, tick in self._ticks.items():
            tick.setChecked(each in value)

    def value(self) -> Any:
        ticked = [each for each, tick in self._ticks.items() if tick.isChecked()]
        return [each for each in self._order if each in ticked] + [each for each in ticked if each not in self._order]


class YesNo(FieldEditor):
    """Yes or no."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._tick = Check("yes")
        self._tick.setAccessibleName(row.name)
        self._tick.clicked.connect(self._tell)
        self.column.addWidget(self._tick)

    def display(self, value: Any) -> None:
        self._tick.setChecked(bool(value))

    def value(self) -> Any:
        return self._tick.isChecked()


class Phases(FieldEditor):
    """The phases in their one order: each ticked or not, with its minutes."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._lines: dict[str, tuple[Check, QLineEdit]] = {}
        grid = QGridLayout()
        grid.setSpacing(theme.px(6))
        grid.setColumnStretch(3, 1)
        for n, phase in enumerate(PHASES):
            tick, minutes = Check(phase), self._edit(f"Minutes of {phase}", "", narrow=True)
            tick.setAccessibleName(f"Phase {phase}")
            tick.clicked.connect(self._tell)
            tick.toggled.connect(minutes.setEnabled)
            self._lines[phase] = (tick, minutes)
            for column, part in enumerate((tick, minutes, Label(row.unit, "muted"))):
                grid.addWidget(part, n, column)
        self.column.addLayout(grid)

    def display(self, value: Any) -> None:
        minutes = {each["phase"]: each["minutes"] for each in value}
        for phase, (tick, edit) in self._lines.items():
            tick.setChecked(phase in minutes)
            edit.setEnabled(phase in minutes)
            edit.setText(str(minutes.get(phase, "")))

    def value(self) -> Any:
        return [
            {"phase": phase, "minutes": number(edit.text() or "0")}
            for phase, (tick, edit) in self._lines.items()
            if tick.isChecked()
        ]


class LimitsEditor(FieldEditor):
    """The limits of one time; an empty one is none."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._edits: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setSpacing(theme.px(6))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for n, (field, name) in enumerate(LIMIT_NAMES.items()):
            unit = " °C" if field in _DEGREES else ""
            edit = self._edits[field] = self._edit(f"{name}{unit}, {row.name[0].lower()}{row.name[1:]}", "", True)
            at = 2 * (n % 2)
            grid.addWidget(Label(f"{name}{unit}", "muted"), n // 2, at)
            grid.addWidget(edit, n // 2, at + 1)
        self.column.addLayout(grid)

    def display(self, value: Any) -> None:
        for field, edit in self._edits.items():
            limit = value.get(field)
            said = f"{limit // 10}.{limit % 10}" if field in _DEGREES and isinstance(limit, int) else str(limit)
            edit.setText("" if limit is None else said)

    def value(self) -> Any:
        return {
            field: degrees(edit.text()) if field in _DEGREES else number(edit.text())
            for field, edit in self._edits.items()
            if edit.text().strip()
        }


class Items(FieldEditor):
    """A checklist: its lines can be added, changed, moved up and taken out; records call a new one by its first
    words."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._lines: list[tuple[str, QLineEdit, Check]] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(6))
        more = Button("Add a line", icon="plus", name=f"{row.name}: add a line")
        more.clicked.connect(self._one_more)
        self.column.addLayout(self._rows)
        self.column.addWidget(FlowRow(more))

    def display(self, value: Any) -> None:
        empty(self._rows)
        self._lines = []
        for n, item in enumerate(value):
            name = f"{self.row.name}, line {n + 1}"
            edit, needed = self._edit(name, item["words"]), Check("needed")
            needed.setAccessibleName(f"{name}, is needed")
            needed.setChecked(item.get("needed", True))
            needed.clicked.connect(self._tell)
            up, out = _small("up", f"{name}: move up"), _small("close", f"{name}: take out")
            up.setEnabled(n > 0)
            up.clicked.connect(partial(self._raise, n))
            out.clicked.connect(partial(self._take_out, n))
            self._rows.addWidget(across(edit, needed, up, out))
            self._lines.append((item.get("id", ""), edit, needed))

    def value(self) -> Any:
        taken = [id_ for id_, _, _ in self._lines if id_]
        made = []
        for id_, edit, needed in self._lines:
            said = " ".join(edit.text().split())
            if not id_:
                id_ = new_id(said, taken)
                taken.append(id_)
            made.append({"id": id_, "words": said, "needed": needed.isChecked()})
        return made

    def _now(self) -> list[dict[str, Any]]:
        return [{"id": id_, "words": edit.text(), "needed": needed.isChecked()} for id_, edit, needed in self._lines]

    def _raise(self, n: int) -> None:
        lines = self._now()
        lines[n - 1], lines[n] = lines[n], lines[n - 1]
        self._again(lines, n - 1)

    def _take_out(self, n: int) -> None:
        lines = self._now()
        self._again([*lines[:n], *lines[n + 1 :]], n - 1)

    def _one_more(self) -> None:
        self._again([*self._now(), {"id": "", "words": ""}], len(self._lines))

    def _again(self, lines: list[dict[str, Any]], at: int) -> None:
        self.display(lines)
        if 0 <= at < len(self._lines):
            self._lines[at][1].setFocus()
        self._tell()


class Ratings(FieldEditor):
    """Ratings that are due: on which scale, and at which minutes or after which phase."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self._lines: list[tuple[QLineEdit, QLineEdit, Choice]] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(6))
        more = Button("Add a rating", icon="plus")
        more.clicked.connect(lambda: self._again([*self.value(), {"scale": ""}]))
        self.column.addLayout(self._rows)
        self.column.addWidget(FlowRow(more))

    def display(self, value: Any) -> None:
        empty(self._rows)
        self._lines = []
        for n, each in enumerate(value):
            name = f"Rating {n + 1}"
            scale = self._edit(f"{name}: scale", each["scale"])
            at = self._edit(f"{name}: minutes from the first dose", ", ".join(map(str, each.get("at_min", ()))))
            scale.setPlaceholderText("Scale")
            at.setPlaceholderText("Minutes")
            after = Choice(name=f"{name}: after which phase")
            after.addItem("at these minutes", "")
            for phase in PHASES:
                after.addItem(f"after {phase}", phase)
            after.setCurrentIndex(max(0, after.findData(each.get("after_phase") or "")))
            after.activated.connect(self._tell)
            out = _small("close", f"{name}: take out")
            out.clicked.connect(partial(self._take_out, n))
            self._rows.addWidget(across(scale, at, after, out))
            self._lines.append((scale, at, after))

    def value(self) -> Any:
        made = []
        for scale, at, after in self._lines:
            minutes = [number(each) for each in at.text().split(",") if each.strip()]
            made.append({"scale": scale.text().strip(), "at_min": minutes, "after_phase": after.currentData() or None})
        return made

    def _take_out(self, n: int) -> None:
        lines = self.value()
        self._again([*lines[:n], *lines[n + 1 :]])

    def _again(self, lines: list[dict[str, Any]]) -> None:
        self.display(lines)
        self._tell()


def _small(icon: str, name: str) -> Button:
    button = Button("", icon=icon, name=name)
    button.setProperty("narrow", True)
    button.setFixedWidth(theme.px(theme.TARGET))
    return button


EDITORS: dict[str, Callable[[Row], FieldEditor]] = {
    "words": Words,
    "number": Words,
    "numbers": Words,
    "one of": OneOf,
    "some of": SomeOf,
    "yes or no": YesNo,
    "phases": Phases,
    "items": Items,
    "limits": LimitsEditor,
    "ratings": Ratings,
}
