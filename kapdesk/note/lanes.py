"""Draws measures over days: a lane each, on its own scale, below each other; legible in grey print."""

from collections.abc import Callable
from datetime import date

from kapdesk.note import fonts
from kapdesk.note.drawing import Drawing
from kapdesk.note.labels import Box, spread
from kapdesk.note.script import Findings
from kapdesk.note.sheet import MOST_NAMED, Lane, Level, Plot
from kapdesk.note.styles import INK, MUTE, RULE, TEAL

_LEFT, _RIGHT = 112.0, 58.0
_TALL, _LOW, _GAP = 42.0, 24.0, 5.0
_ALL = 190.0
"""The lanes share so much of the page's height, and are between low and tall: a course is to stay on one page."""
_SMALL, _TINY = 7.2, 6.2
_AXIS = 26.0
_APART, _DAYS_APART = 15.0, 48.0
"""Between the numbers of visits, and between their days, in points."""
_WHITE, _BAND, _MARK = 0xFFFFFF, 0xF2F6F6, 0x9FB2B8


def drawing_of(plot: Plot, width: float, findings: Findings) -> Drawing:
    """Its shapes and labels, as wide as there is room in points: the first lane on top, the days at the foot."""
    sheet = Drawing(width, findings)
    tall = max(_LOW, min(_TALL, _ALL / len(plot.lanes) - _GAP))
    sheet.height = _AXIS + len(plot.lanes) * (tall + _GAP)
    days = sorted({dot.day for lane in plot.lanes for dot in lane.dots} | {mark.day for mark in plot.marks})
    first, last = days[0], days[-1]
    start, end = _LEFT + 16, width - _RIGHT - 16

    def x(day: int) -> float:
        return (start + end) / 2 if first == last else start + (end - start) * (day - first) / (last - first)

    floor = sheet.height - 2 - tall
    for lane in plot.lanes:
        sheet.block(_LEFT, floor, width - _RIGHT, floor + tall, _BAND)
        for mark in plot.marks if len(plot.marks) <= MOST_NAMED else ():
            sheet.line((x(mark.day), floor), (x(mark.day), floor + tall), colour=_MARK, weight=0.4, dash=(0.6, 1.8))
        _lane(sheet, lane, x, floor, tall)
        floor -= tall + _GAP
    last_at = 0.0
    for mark in plot.marks:
        if x(mark.day) - last_at >= _APART:
            last_at = x(mark.day)
            sheet.write(mark.words, last_at, _AXIS - 12, _SMALL, face=fonts.SEMIBOLD, colour=INK, anchor=0.5)
    shown = [first, last]
    for day in days:
        if all(abs(x(day) - x(other)) >= _DAYS_APART for other in shown):
            shown.append(day)
    for day in dict.fromkeys(shown):
        sheet.write(date.fromordinal(day).isoformat(), x(day), 3, _SMALL, colour=MUTE, anchor=0.5)
    if plot.marks:
        sheet.write("Session", 0, _AXIS - 12, _SMALL, colour=MUTE)
    return sheet


def _lane(sheet: Drawing, lane: Lane, x: Callable[[int], float], floor: float, tall: float) -> None:
    """Name and scale at the left, the named levels as fine lines, then the dots, each with its value."""
    least = min(lane.least, *(dot.value for dot in lane.dots))
    most = max(lane.most, *(dot.value for dot in lane.dots), least + 1)

    def y(value: int) -> float:
        return floor + 4 + (tall - 16) * (value - least) / (most - least)

    sheet.write(lane.name, 0, floor + tall / 2 - 3, 8.2, face=fonts.SEMIBOLD, colour=INK, longest=_LEFT - 20)
    for value in (least, most):
        sheet.write(str(value).replace("-", "−"), _LEFT - 4, y(value) - 2.4, _TINY, anchor=1, colour=MUTE)
    _levels(sheet, [level for level in lane.levels if least < level.value <= most], y, floor, tall)
    spots = [(x(dot.day), y(dot.value)) for dot in lane.dots]
    if lane.joined and len(spots) > 1:
        sheet.line(*spots, colour=TEAL, weight=1.1)
    crowded = len(lane.dots) > MOST_NAMED
    r = 1.1 if crowded else 1.8
    for at, high in spots:
        if not lane.joined:
            sheet.line((at, floor), (at, high), colour=TEAL, weight=r)
        sheet.area(*_square(at, high, r), fill=_WHITE if lane.joined else TEAL, stroke=TEAL, weight=r / 2)
        if not crowded:
            sheet.room.take(Box(at - r, high - r, at + r, high + r))
    named = _named(lane) if crowded else set(range(len(lane.dots)))
    sheet.unnamed += len(lane.dots) - len(named)
    for n in sorted(named):
        dot, (at, high) = lane.dots[n], spots[n]
        places = ((at, high - 9.4), (at + 12, high - 2.4), (at - 12, high - 2.4))
        if not sheet.write(dot.words, at, high + 4, _SMALL, colour=INK, anchor=0.5, places=places):
            sheet.unnamed += 1


def _levels(sheet: Drawing, levels: list[Level], y: Callable[[int], float], floor: float, tall: float) -> None:
    """Where a band begins, and its name at the right, in the order of their heights."""
    right = sheet.width - _RIGHT
    heights = spread([y(each.value) - 2 for each in levels], _TINY + 0.4, floor, floor + tall - _TINY)
    for level, high in zip(levels, heights, strict=True):
        at = y(level.value)
        sheet.line((_LEFT, at), (right, at), (right + 4, high + 2), colour=RULE, weight=0.5, dash=(2, 1.6))
        sheet.write(level.name, right + 6, high, _TINY, colour=MUTE, longest=_RIGHT - 8)


def _named(lane: Lane) -> set[int]:
    """The dots that are named where there are many: the first, the last, the highest, the lowest."""
    every = range(len(lane.dots))
    return {
        *(0, len(lane.dots) - 1),
        *(max(every, key=lambda n: lane.dots[n].value), min(every, key=lambda n: lane.dots[n].value)),
    }


def _square(at: float, high: float, r: float) -> tuple[tuple[float, float], ...]:
    return ((at - r, high - r), (at + r, high - r), (at + r, high + r), (at - r, high + r))
