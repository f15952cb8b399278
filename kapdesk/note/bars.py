"""Draws what lasted as bars under the axis, a row for each thing, its name in it, beside it or in the margin."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kapdesk.note import fonts
from kapdesk.note.drawing import Drawing
from kapdesk.note.paper import Lasted

INK, WHITE, SEEN = 0x17252B, 0xFFFFFF, 0xDCE3E5
ROW = 10.0
_HEIGHT = 8.0
_SIZE = 6.4
_MOST_ROWS = 7
"""More rows would not leave the chart a page to stand on: what came last shares one, without its names."""
_THIN = 0.8
_TIP = 3.0


class BarRow(NamedTuple):
    """One thing that lasted: its bars (left and right edge in points, whether the end is open), and where its name
    stands; none where no room was left for it."""

    name: str
    bars: tuple[tuple[float, float, bool], ...]
    work: bool
    at: float | None
    longest: float = 120.0


def rows(
    lasted: Sequence[Lasted], x: Callable[[float], float], edges: tuple[float, float], sheet: Drawing
) -> list[BarRow]:
    """A row for each thing, in the order in which they began. `edges` are those of the drawing between its margins."""
    things: dict[str, list[Lasted]] = {}
    for each in sorted(lasted, key=lambda one: (one.from_ms, one.name)):
        things.setdefault(each.name, []).append(each)
    made = []
    for n, (name, those) in enumerate(things.items()):
        bars = tuple((x(each.from_ms), max(x(each.to_ms), x(each.from_ms) + _THIN), each.open) for each in those)
        if n >= _MOST_ROWS:
            made.append(BarRow(name, bars, those[0].work, None))
            continue
        wide = sheet.measure(name, _SIZE, fonts.SEMIBOLD)
        at = _place(bars, wide, edges)
        margin = edges[1] + 5
        longest = sheet.width - margin if at is None else 120.0
        made.append(BarRow(name, bars, those[0].work, margin if at is None else at, longest))
    sheet.unnamed += sum(row.at is None for row in made)
    return made


def height(made: Sequence[BarRow]) -> float:
    """How much room the rows take (points)."""
    return ROW * min(len(made), _MOST_ROWS) + 4 if made else 0.0


def draw_rows(sheet: Drawing, made: Sequence[BarRow], top: float) -> None:
    """The rows, the first at the top."""
    if made:
        sheet.write("Lasting", 0, top - _HEIGHT + 1.8, _SIZE, longest=34)
    for n, row in enumerate(made):
        bottom = top - ROW * min(n, _MOST_ROWS - 1) - _HEIGHT
        for left, right, opened in row.bars:
            _bar(sheet, left, right, bottom, opened=opened, fill=WHITE if row.work else SEEN)
        if row.at is not None:
            sheet.write(row.name, row.at, bottom + 1.9, _SIZE, face=fonts.SEMIBOLD, colour=INK, longest=row.longest)


def _bar(sheet: Drawing, left: float, right: float, bottom: float, *, opened: bool, fill: int) -> None:
    """A bar; one whose end nobody has said runs to a point."""
    top, tip = bottom + _HEIGHT, min(_TIP, (right - left) / 2)
    if not opened:
        sheet.block(left, bottom, right, top, fill, stroke=INK)
        return
    corners = ((left, bottom), (right - tip, bottom), (right, (bottom + top) / 2), (right - tip, top), (left, top))
    sheet.area(*corners, fill=fill, stroke=INK)


def _place(bars: Sequence[tuple[float, float, bool]], wide: float, edges: tuple[float, float]) -> float | None:
    """Where in its row a name stands: in the first bar that holds it, else right or left of one; None for nowhere."""
    for left, right, opened in bars:
        if right - left >= wide + 5 + (_TIP if opened else 0):
            return left + 2.5
    starts = [left for left, _, _ in bars[1:]]
    for (_, right, _), following in zip(bars, (*starts, edges[1]), strict=True):
        if following - right >= wide + 5:
            return right + 2.5
    ends = [right for _, right, _ in bars[:-1]]
    for (left, _, _), before in zip(bars, (edges[0], *ends), strict=True):
        if left - before >= wide + 5:
            return left - wide - 2.5
    return None
