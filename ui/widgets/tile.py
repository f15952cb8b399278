"""The newest of each reading: what it was, and below them all when and by whom."""

from typing import Literal

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, words
from ui.widgets.label import ElidedLabel, Label, Role, Sign, restyle

State = Literal["ok", "breach", "late", "none"]

_SIGNS: dict[State, tuple[str, str]] = {
    "ok": ("", "muted"),
    "breach": ("warning", "alarm"),
    "late": ("clock", "accent"),
    "none": ("", "muted"),
}
_LINES: dict[State, Role] = {"ok": "muted", "breach": "alarm", "late": "accent", "none": "muted"}


class Tile(msgspec.Struct, frozen=True):
    """One reading. `state` and `remark` ("above 160") come from whoever judges; the tile shows them.

    `wide` is how many columns of a row it takes; `beside` is worked out from the reading, and no part of a breach.
    """

    name: str
    value: str = ""
    unit: str = ""
    age_ms: int | None = None
    by: str = ""
    state: State = "ok"
    remark: str = ""
    wide: int = 1
    beside: str = ""


class ReadingTile(QFrame):
    """Shows a `Tile`. A breach has a sign, words and a frame besides its colour. When it was stands below the row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "tile")
        self._name = Label("", "muted")
        self._unit = Label("", "muted")
        self._sign = Sign("warning", "alarm", 18)
        self._value = Label("", "value")
        self._line = ElidedLabel("", "muted")
        head = QHBoxLayout()
        head.setSpacing(theme.px(4))
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(self._unit)
        figure = QHBoxLayout()
        figure.setSpacing(theme.px(6))
        figure.addWidget(self._value)
        figure.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        figure.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(9), theme.px(5), theme.px(4), theme.px(5))
        box.setSpacing(0)
        box.addLayout(head)
        box.addLayout(figure)
        self._beside = ElidedLabel("", "muted")
        below = QHBoxLayout()
        below.setSpacing(theme.px(6))
        below.addWidget(self._line)
        below.addWidget(self._beside, 1)
        box.addLayout(below)

    def display(self, tile: Tile) -> None:
        """Show this reading; without a value a dash stands in its place."""
        when = "" if tile.age_ms is None else words.ago(tile.age_ms)
        line = words.join(tile.remark, when, tile.by)
        self._name.setText(tile.name)
        self._unit.setText(tile.unit)
        self._value.setText(tile.value or "–")
        self._line.setText(tile.remark)
        self._line.setVisible(bool(tile.remark) or not tile.beside)
        self._beside.setText(tile.beside)
        self._beside.setVisible(bool(tile.beside))
        self._sign.set_sign(*_SIGNS[tile.state])
        self._line.set_role(_LINES[tile.state])
        restyle(self, "state", tile.state)
        self.setAccessibleName(
            words.join(f"{tile.name} {tile.value or 'not taken'} {tile.unit}".strip(), tile.beside, line)
        )


class TileRow(QWidget):
    """Tiles side by side, equally high, `wide` columns each; below them in one line when they were and by whom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[ReadingTile] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(8))
        self._when = Label("", "muted", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(4))
        box.addLayout(self._grid)
        box.addWidget(self._when)

    def display(self, tiles: tuple[Tile, ...]) -> None:
        """Show these readings, in this order."""
        while len(self._tiles) < len(tiles):
            self._tiles.append(ReadingTile(self))
        column = 0
        for shown, tile in zip(self._tiles, tiles, strict=False):
            shown.display(tile)
            self._grid.addWidget(shown, 0, column, 1, tile.wide)
            shown.show()
            column += tile.wide
        for spare in self._tiles[len(tiles) :]:
            spare.hide()
            self._grid.removeWidget(spare)
        for n in range(self._grid.columnCount()):
            self._grid.setColumnStretch(n, 1 if n < column else 0)
        self._when.setText(when(tiles))
        self._when.set_role("accent" if any(tile.state == "late" for tile in tiles) else "muted")


def when(tiles: tuple[Tile, ...]) -> str:
    """When readings were and by whom, said once for those taken together: "BP, Pulse 16 min ago · Nurse One"."""
    together: dict[str, list[str]] = {}
    for tile in tiles:
        if tile.age_ms is not None:
            together.setdefault(words.join(words.ago(tile.age_ms), tile.by), []).append(tile.name)
    if len(together) == 1:
        return next(iter(together))
    return "; ".join(f"{', '.join(names)} {said}" for said, names in together.items())
