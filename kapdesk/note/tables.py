"""Tables that break over pages anywhere: between rows, and inside a row that is taller than what is left."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reportlab.platypus import Flowable

from kapdesk.note.setting import Prose


class Box(NamedTuple):
    """One cell: prose or tables, one below the other, and the colour behind them (0xRRGGBB)."""

    prose: tuple["Prose | Grid", ...] = ()
    tint: int | None = None
    across: int = 1
    """How many columns it spans."""


class Row(NamedTuple):
    """One row of boxes. `heads` keeps it on the page of the row after it."""

    boxes: tuple[Box, ...]
    heads: bool = False
    tint: int | None = None
    rule: bool = True
    """Whether a fine line closes it."""
    group: bool = False
    """Names the rows below it: said again at the top of each page they run on to."""


class Spacing(NamedTuple):
    """Room around the prose of a cell, in points."""

    side: float = 3
    above: float = 2.2
    below: float = 2.6
    between: float = 0.8


_INK, _RULE = 0x56666E, 0xC9D3D6
_TALL = 130.0  # a row above this height may be broken; one below it moves to the next page whole


class Grid(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """Rows under a header that is repeated on each page. Widths are shares of the width there is."""

    def __init__(
        self, shares: Sequence[float], header: Row | None, rows: Iterable[Row], spacing: Spacing | None = None
    ) -> None:
        super().__init__()
        whole = sum(shares)
        self._shares = [share / whole for share in shares]
        self._header, self._rows = header, list(rows)
        self._spacing = spacing or Spacing()
        self._heights: list[float] = []

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points; called by reportlab."""
        if not self._heights or width != getattr(self, "width", None):
            self._heights = [self._height(row, width) for row in self._rows]
        self.width = width
        self._top = self._height(self._header, width) if self._header else 0.0
        self.height = self._top + sum(self._heights)
        return self.width, self.height

    def split(self, width: float, height: float) -> list["Grid"]:
        """What fits the height, and the rest under the same header."""
        self.wrap(width, height)
        left = height - self._top
        fit = 0
        while fit < len(self._rows) and self._heights[fit] <= left + 0.01:
            left -= self._heights[fit]
            fit += 1
        if fit == len(self._rows):
            return [self]
        rows, heights = self._rows, self._heights
        if heights[fit] > _TALL:
            parts = self._broken(rows[fit], width, left)
            if parts:
                upper, lower = parts
                high = self._height(upper, width), self._height(lower, width)
                return [
                    self._part([*rows[:fit], upper], [*heights[:fit], high[0]]),
                    self._part([lower, *rows[fit + 1 :]], [high[1], *heights[fit + 1 :]]),
                ]
        if len(rows) - fit == 1 and fit > 2:
            fit -= 1  # no row alone on the last page
        while fit and rows[fit - 1].heads:
            fit -= 1
        if not fit:
            return []
        again = self._group_of(fit)
        return [
            self._part(rows[:fit], heights[:fit]),
            self._part([*(rows[n] for n in again), *rows[fit:]], [*(heights[n] for n in again), *heights[fit:]]),
        ]

    def _group_of(self, start: int) -> list[int]:
        """The row that names the group which is cut before `start`, if one is."""
        if self._rows[start].group:
            return []
        return [n for n in range(start - 1, -1, -1) if self._rows[n].group][:1]

    def _part(self, rows: Sequence[Row], heights: Sequence[float]) -> "Grid":
        part = Grid(self._shares, self._header, rows, self._spacing)
        part._heights, part.width = list(heights), self.width
        return part

    def _broken(self, row: Row, width: float, height: float) -> tuple[Row, Row] | None:
        room = height - self._spacing.above - self._spacing.below
        upper: list[Box] = []
        lower: list[Box] = []
        for box, _, wide in self._placed(row, width):
            kept, rest, left = [], list(box.prose), room
            while rest and rest[0].wrap(wide, 0)[1] <= left:
                left -= rest[0].height + self._spacing.between
                kept.append(rest.pop(0))
            if rest:
                parts = rest[0].split(wide, left)
                if len(parts) == 2:
                    kept.append(parts[0])
                    rest[0] = parts[1]
                elif not kept:
                    return None
            upper.append(box._replace(prose=tuple(kept)))
            lower.append(box._replace(prose=tuple(rest)))
        return row._replace(boxes=tuple(upper), rule=False), row._replace(boxes=tuple(lower))

    def _placed(self, row: Row, width: float) -> list[tuple[Box, float, float]]:
        """Each box with the left edge of its column and the width of its prose."""
        placed, column = [], 0
        for box in row.boxes:
            x = sum(self._shares[:column]) * width
            wide = sum(self._shares[column : column + box.across]) * width
            placed.append((box, x, wide - 2 * self._spacing.side))
            column += box.across
        return placed

    def _height(self, row: Row, width: float) -> float:
        gap = self._spacing
        tallest = 0.0
        for box, _, wide in self._placed(row, width):
            heights = [prose.wrap(wide, 0)[1] for prose in box.prose]
            tallest = max(tallest, sum(heights) + gap.between * max(0, len(heights) - 1))
        return tallest + gap.above + gap.below

    def draw(self) -> None:
        """Put the table on the page; called by reportlab with the origin at the lower left corner."""
        y = self.height
        if self._header:
            self._draw_row(self._header, y, self._top)
            y -= self._top
            self._line(y, _INK, 0.7)
        for row, high in zip(self._rows, self._heights, strict=True):
            self._draw_row(row, y, high)
            y -= high
            if row.rule:
                self._line(y, _RULE, 0.4)

    def _draw_row(self, row: Row, top: float, high: float) -> None:
        gap = self._spacing
        for box, x, wide in self._placed(row, self.width):
            tint = box.tint if box.tint is not None else row.tint
            if tint is not None:
                self.canv.setFillColorRGB((tint >> 16) / 255, (tint >> 8 & 255) / 255, (tint & 255) / 255)
                self.canv.rect(x, top - high + 0.2, wide + 2 * gap.side, high - 0.4, stroke=0, fill=1)
            y = top - gap.above
            for prose in box.prose:
                _, tall = prose.wrap(wide, 0)
                prose.drawOn(self.canv, x + gap.side, y - tall)
                y -= tall + gap.between

    def _line(self, y: float, colour: int, weight: float) -> None:
        self.canv.setStrokeColorRGB((colour >> 16) / 255, (colour >> 8 & 255) / 255, (colour & 255) / 255)
        self.canv.setLineWidth(weight)
        self.canv.line(0, y, self.width, y)
