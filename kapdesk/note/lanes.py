"""Draws measures over days: a lane each, on its own scale, below each other; legible in grey print."""

from collections.abc import Callable
from datetime import date

from kapdesk.note import fonts
from kapdesk.note.drawing import Drawing, Figure
from kapdesk.note.labels import Box
from kapdesk.note.script import Findings
from kapdesk.note.sheet import Lane, Plot
from kapdesk.note.styles import INK, MUTE, RULE, TEAL

_LEFT, _RIGHT = 112.0, 14.0
_LANE, _GAP = 42.0, 9.0
_SMALL = 7.2
_AXIS = 26.0
_WHITE, _BAND = 0xFFFFFF, 0xF2F6F6


def plotted(plot: Plot, width: float, findings: Findings) -> Figure:
    """The plot as wide as the page has room, in points."""
    return Figure(drawing_of(plot, width, findings))


def drawing_of(plot: Plot, width: float, findings: Findings) -> Drawing:
    """Its shapes and labels: the first lane on top, the days at the foot."""
    sheet = Drawing(width, findings)
    sheet.height = _AXIS + len(plot.lanes) * (_LANE + _GAP)
    days = [dot.day for lane in plot.lanes for dot in lane.dots] + [mark.day for mark in plot.marks]
    first, last = min(days, default=0), max(days, default=0)
    span = max(last - first, 1)
    start, end = _LEFT + 10, width - _RIGHT

    def x(day: int) -> float:
        return (start + end) / 2 if first == last else start + (end - start) * (day - first) / span

    top = sheet.height - 4
    for lane in plot.lanes:
        _lane(sheet, lane, x, top - _LANE, width)
        top -= _LANE + _GAP
    _days(sheet, plot, x, first, last)
    return sheet


def _lane(sheet: Drawing, lane: Lane, x: Callable[[int], float], floor: float, width: float) -> None:
    """Name and scale at the left, the named levels as fine lines, then the dots, each with its value."""
    least = min(lane.least, *(dot.value for dot in lane.dots))
    most = max(lane.most, *(dot.value for dot in lane.dots), least + 1)

    def y(value: int) -> float:
        return floor + 5 + (_LANE - 14) * (value - least) / (most - least)

    right = width - _RIGHT + 10
    sheet.block(_LEFT, floor, right, floor + _LANE, _BAND)
    sheet.write(lane.name, 0, floor + _LANE - 11, 8.2, face=fonts.SEMIBOLD, colour=INK, longest=_LEFT - 18)
    for value in (least, most):
        sheet.write(str(value).replace("-", "−"), _LEFT - 4, y(value) - 2.4, 6.4, anchor=1, colour=MUTE)
    spots = [(x(dot.day), y(dot.value)) for dot in lane.dots]
    if lane.joined and len(spots) > 1:
        sheet.line(*spots, colour=TEAL, weight=1.1)
    for dot, (at, high) in zip(lane.dots, spots, strict=True):
        if not lane.joined:
            sheet.line((at, floor), (at, high), colour=TEAL, weight=1.6)
        sheet.area(*_square(at, high), fill=_WHITE if lane.joined else TEAL, stroke=TEAL, weight=0.9)
        sheet.room.take(Box(at - 1.8, high - 1.8, at + 1.8, high + 1.8))
        places = ((at, high - 9.4), (at + 11, high - 2.4), (at - 11, high - 2.4))
        if not sheet.write(dot.words, at, high + 3.6, _SMALL, colour=INK, anchor=0.5, places=places):
            sheet.unnamed += 1
    for level in lane.levels:
        if least < level.value <= most:
            sheet.line((_LEFT, y(level.value)), (right, y(level.value)), colour=RULE, weight=0.5, dash=(2, 1.6))
            sheet.write(level.name, _LEFT + 3, y(level.value) + 1.4, 5.8, colour=MUTE, longest=80)


def _days(sheet: Drawing, plot: Plot, x: Callable[[int], float], first: int, last: int) -> None:
    """The days at the foot where they do not lie on each other, below the numbers of the visits."""
    for mark in plot.marks:
        at = x(mark.day)
        sheet.line((at, _AXIS - 6), (at, sheet.height - 4), colour=RULE, weight=0.4, dash=(0.6, 1.8))
        sheet.write(mark.words, at, _AXIS - 12, _SMALL, face=fonts.SEMIBOLD, colour=INK, anchor=0.5)
    days = sorted({dot.day for lane in plot.lanes for dot in lane.dots} | {mark.day for mark in plot.marks})
    for day in dict.fromkeys((first, last, *days)):
        sheet.write(date.fromordinal(day).isoformat(), x(day), 3, _SMALL, colour=MUTE, anchor=0.5)


def _square(at: float, high: float) -> tuple[tuple[float, float], ...]:
    r = 1.8
    return ((at - r, high - r), (at + r, high - r), (at + r, high + r), (at - r, high + r))
