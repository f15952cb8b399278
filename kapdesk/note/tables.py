"""Tables that break over pages anywhere: between rows, and inside a row that is taller than what is left."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from reportlab.platypus import Flowable

from kapdesk.note.run import fill, stroke
from kapdesk.note.setting import Prose
from kapdesk.note.tags import FACTS, TABLE, Shape, Tag, marks_of


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
    again: bool = False
    """Said again: seen, and not read aloud a second time."""


class Spacing(NamedTuple):
    """Room around the prose of a cell, in points."""

    side: float = 3
    above: float = 2.2
    below: float = 2.6
    between: float = 0.8


_INK, _RULE = 0x56666E, 0xC9D3D6
_TALL = 130.0  # a row above this height may be broken; one below it moves to the next page whole


class Grid(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """Rows under a header that is repeated on each page. Widths are shares of the width there is.

    A part of a table that goes on over the page is given its element as its shape.
    """

    def __init__(
        self,
        shares: Sequence[float],
        header: Row | None,
        rows: Iterable[Row],
        spacing: Spacing | None = None,
        shape: Shape | Tag = TABLE,
    ) -> None:
        super().__init__()
        whole = sum(shares)
        self._shares = [share / whole for share in shares]
        self._edges = [0.0, *accumulate(self._shares)]
        self._header, self._rows = header, list(rows)
        self._spacing = spacing or Spacing()
        self._heights: list[float] = []
        self.tag = shape if isinstance(shape, Tag) else _tree(shape, header, self._rows)

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
                    self._part([*rows[:fit], upper], [*heights[:fit], high[0]], first=True),
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
            self._part(rows[:fit], heights[:fit], first=True),
            self._part(
                [*(rows[n]._replace(again=True) for n in again), *rows[fit:]],
                [*(heights[n] for n in again), *heights[fit:]],
            ),
        ]

    def _group_of(self, start: int) -> list[int]:
        """The row that names the group which is cut before `start`, if one is."""
        if self._rows[start].group:
            return []
        return [n for n in range(start - 1, -1, -1) if self._rows[n].group][:1]

    def _part(self, rows: Sequence[Row], heights: Sequence[float], first: bool = False) -> "Grid":
        header = self._header if first or not self._header else self._header._replace(again=True)
        part = Grid(self._shares, header, rows, self._spacing, self.tag)
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
        placed, column, last = [], 0, len(self._shares)
        for box in row.boxes:
            left, right = (self._edges[min(at, last)] * width for at in (column, column + box.across))
            placed.append((box, left, right - left - 2 * self._spacing.side))
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
        rows = list(zip(self._rows, self._heights, strict=True))
        if self._header:
            rows.insert(0, (self._header, self._top))
        places = []
        for row, high in rows:
            places.append((row, y, high))
            y -= high
        marks = marks_of(self.canv)
        marks.artifact(self.canv, "Layout")
        for row, y, high in places:
            self._draw_tints(row, y, high)
        for row, y, high in places:
            if row is self._header:
                self._line(y - high, _INK, 0.7)
            elif row.rule:
                self._line(y - high, _RULE, 0.4)
        marks.end(self.canv)
        for row, y, _ in places:
            if row.again:
                marks.artifact(self.canv, "Again")
            self._draw_row(row, y)
            if row.again:
                marks.end(self.canv)

    def _draw_tints(self, row: Row, top: float, high: float) -> None:
        for box, x, wide in self._placed(row, self.width):
            tint = box.tint if box.tint is not None else row.tint
            if tint is not None:
                across = wide + 2 * self._spacing.side
                area = f"{x:.2f} {top - high + 0.2:.2f} {across:.2f} {high - 0.4:.2f}"
                self.canv._code.append(f"{fill(tint)} {area} re f")

    def _draw_row(self, row: Row, top: float) -> None:
        gap = self._spacing
        for box, x, wide in self._placed(row, self.width):
            y = top - gap.above
            for prose in box.prose:
                _, tall = prose.wrap(wide, 0)
                prose.drawOn(self.canv, x + gap.side, y - tall)
                y -= tall + gap.between

    def _line(self, y: float, colour: int, weight: float) -> None:
        self.canv._code.append(f"{stroke(colour)} {weight} w 0 {y:.2f} m {self.width:.2f} {y:.2f} l S")


def _tree(shape: Shape, header: Row | None, rows: Sequence[Row]) -> Tag:
    """The element of a grid, with those of its rows and boxes; what stands in a box gets its place in them."""
    whole = Tag(shape.grid)
    for row in (header, *rows) if header else rows:
        if shape is FACTS:
            for named, said in zip(row.boxes[::2], row.boxes[1::2], strict=True):
                if named.prose:
                    item = whole.add(Tag("LI"))
                    _fill(item.add(Tag("Lbl")), named)
                    _fill(item.add(Tag("LBody")), said)
            continue
        line = whole.add(Tag(shape.row)) if shape.row else whole
        for n, box in enumerate(row.boxes):
            name = shape.boxes[min(n, len(shape.boxes) - 1)]
            attributes = ""
            if shape is TABLE:
                name = "TH" if row is header or (n == 0 and _heads(row, box)) else "TD"
                attributes = _cell(name, "Column" if row is header else "Row", box.across)
            _fill(line.add(Tag(name, attributes)) if name else line, box)
    return whole


def _heads(row: Row, box: Box) -> bool:
    """Whether the first box of a row names it."""
    return row.group or (box.across == 1 and any(isinstance(each, Prose) and not each.blank for each in box.prose))


def _cell(name: str, scope: str, across: int) -> str:
    said = f" /Scope /{scope}" if name == "TH" else ""
    said += f" /ColSpan {across}" if across > 1 else ""
    return f"/O /Table{said}" if said else ""


def _fill(tag: Tag, box: Box) -> None:
    """What stands in a box: alone it is the box itself; an item of a list has its name first."""
    if tag.name == "LI":
        name, *said = box.prose
        name.tag.name = "Lbl"
        tag.add(name.tag)
        body = tag.add(Tag("LBody"))
        for each in said:
            body.add(each.tag)
        return
    match box.prose:
        case (Prose() as only,) if only.tag.name == "P" and tag.name not in ("Div", "Sect"):
            tag.actual = only.tag.actual
            only.tag = tag
        case several:
            for each in several:
                each.tag.join(tag)
