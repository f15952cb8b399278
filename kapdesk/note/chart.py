"""Draws the session: readings over phases, doses, limits, what lasted and music, vectors legible in grey print."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

from kapdesk.note import bars, fonts
from kapdesk.note.drawing import Drawing
from kapdesk.note.ground import (
    INK,
    LEFT,
    MINUTE,
    OXYGEN,
    PRESSURE,
    PULSE,
    RIGHT,
    SMALL,
    Scale,
    axis,
    grid,
    ground,
    named_lines,
)
from kapdesk.note.labels import Box, in_rows
from kapdesk.note.paper import Chart, Mark, Point, Span
from kapdesk.note.script import Findings

BREACH, WHITE = 0x9E2A1B, 0xFFFFFF
"""Red is a reading beyond a limit, and nothing else."""
_MAIN_HEIGHT, _OXYGEN_HEIGHT, _TRACK_HEIGHT = 196.0, 46.0, 12.0
_NAME = 7.0
_ROW = 10.0
_MARK_ROWS, _PHASE_ROWS, _TRACK_ROWS = 15, 6, 6
"""More rows of names than these would not leave the chart a page to stand on."""
_CLOSE = 4.0
"""Readings nearer to each other than this (points) are drawn fine, or their signs would be one dark band."""
_NAMED = 16
"""How many flagged readings are named at most: more would hide the curves."""


def draw(chart: Chart, width: float, findings: Findings) -> Drawing:
    """The chart in a width in points; its height follows from how many rows its marks need."""
    sheet = Drawing(width, findings)
    x = _times(chart, width - RIGHT)
    tracks = _track_rows(chart, x, sheet)
    lasted = bars.rows(chart.lasted, x.__call__, (LEFT, x.end), sheet)
    doses = _mark_rows(chart, x, sheet)
    names = _phase_rows(chart, x, sheet)

    # From below: music, what lasted, axis, pressure and pulse, doses, oxygen, names of the phases.
    music_top = 9.0 * (1 + max((row for row, _ in tracks if row is not None), default=-1)) + (
        _TRACK_HEIGHT + 4 if chart.tracks else 0
    )
    bars_top = music_top + bars.height(lasted)
    floor = bars_top + 24
    ceiling = floor + _MAIN_HEIGHT
    marks_top = ceiling + 5 + _ROW * (1 + max((row for row, *_ in doses), default=-1)) + 3
    oxygen_top = marks_top + _OXYGEN_HEIGHT
    sheet.height = oxygen_top + 5 + _ROW * (1 + max((row for row, *_ in names), default=0))

    low, high = _span_of(chart.points)
    y = Scale(low, high, floor, ceiling)
    lowest = min((p.spo2_percent for p in chart.points if p.spo2_percent is not None), default=90)
    limits = [limit.value for limit in chart.limits if limit.measure == "spo2"]
    oxygen = Scale(min(86, lowest - 5, *(value - 4 for value in limits)), 100.5, marks_top + 4, oxygen_top - 3)

    ground(sheet, chart, x, y, floor, (oxygen_top + 2, sheet.height))
    grid(sheet, x, y, oxygen, floor)
    axis(sheet, chart, x, floor)
    named_lines(sheet, chart, x, y, oxygen)
    for row, left, name in names:
        sheet.write(name, left, oxygen_top + 6 + _ROW * row, _NAME, face=fonts.SEMIBOLD, colour=INK)
    _marks(sheet, doses, x, floor, ceiling, oxygen_top)
    _pressure(sheet, chart.points, x, y)
    _curve(sheet, chart.points, x, y, lambda p: p.pulse_per_min, PULSE, dash=(3.4, 1.5), round_marks=True)
    _curve(sheet, chart.points, x, oxygen, lambda p: p.spo2_percent, OXYGEN, dash=(), round_marks=False)
    _flags(sheet, chart.points, x, y, oxygen)
    bars.draw_rows(sheet, lasted, bars_top)
    _music(sheet, chart.tracks, tracks, x, music_top)
    return sheet


def _times(chart: Chart, right: float) -> Scale:
    moments = [
        chart.from_ms, chart.to_ms, *(p.at_ms for p in chart.points), *(m.at_ms for m in chart.doses),
        *(t for span in (*chart.phases, *chart.tracks, *chart.lasted) for t in (span.from_ms, span.to_ms)),
    ]  # fmt: skip
    first, last = min(moments), max(moments)
    return Scale(first, max(last, first + 10 * MINUTE), LEFT, right)


def _span_of(points: Sequence[Point]) -> tuple[float, float]:
    """40 to 220 on every paper, so that charts can be laid side by side; wider only where a reading asks for it."""
    values = [
        value for p in points for value in (p.systolic_mmhg, p.diastolic_mmhg, p.pulse_per_min) if value is not None
    ]
    return min(40, *(value // 20 * 20 for value in (*values, 40))), max(
        220, *(-(-value // 20) * 20 for value in (*values, 0))
    )


def _phase_rows(chart: Chart, x: Scale, sheet: Drawing) -> list[tuple[int, float, str]]:
    """Row, left edge and name of each phase, about the middle of its span."""
    placed = []
    for phase in chart.phases:
        name = phase.name[:1].upper() + phase.name[1:]
        wide = sheet.measure(name, _NAME, fonts.SEMIBOLD)
        left, right = x(phase.from_ms), x(phase.to_ms)
        placed.append((max(LEFT, min((left + right - wide) / 2, x.end - wide)), wide, name))
    rows = in_rows([(left, left + wide) for left, wide, _ in placed], 3)
    sheet.unnamed += sum(row >= _PHASE_ROWS for row in rows)
    return [(row, left, name) for row, (left, _, name) in zip(rows, placed, strict=True) if row < _PHASE_ROWS]


def _mark_rows(chart: Chart, x: Scale, sheet: Drawing) -> list[tuple[int, float, float, Mark, bool]]:
    """Row, left edge and width of the name of each dose (True) and event; row −1 where no room is left for a name."""
    marks = [(mark, True) for mark in chart.doses] + [(mark, False) for mark in chart.events]
    placed = []
    for mark, dose in marks:
        wide = sheet.measure(mark.name, SMALL, fonts.SEMIBOLD) + 6
        placed.append((max(LEFT, min(x(mark.at_ms), x.end - wide)), wide, mark, dose))
    rows = in_rows([(left, left + wide) for left, wide, *_ in placed], 2)
    sheet.unnamed += sum(row >= _MARK_ROWS for row in rows)
    return [(row if row < _MARK_ROWS else -1, *rest) for row, rest in zip(rows, placed, strict=True)]


def _track_rows(chart: Chart, x: Scale, sheet: Drawing) -> list[tuple[int | None, float]]:
    """Row below the lane (−1: inside the block; None: no room) and middle of each track's number."""
    narrow, inside = [], []
    for track in chart.tracks:
        wide = sheet.measure(track.name, SMALL, fonts.SEMIBOLD)
        middle = (x(track.from_ms) + x(track.to_ms)) / 2
        fits = wide + 3 <= x(track.to_ms) - x(track.from_ms)
        inside.append((fits, middle))
        if not fits:
            narrow.append((middle - wide / 2, middle + wide / 2))
    rows = iter(in_rows(narrow, 2))
    placed = [(-1 if fits else next(rows), middle) for fits, middle in inside]
    sheet.unnamed += sum(row >= _TRACK_ROWS for row, _ in placed)
    return [(row if row < _TRACK_ROWS else None, middle) for row, middle in placed]


def _marks(
    sheet: Drawing, marks: Sequence[tuple[int, float, float, Mark, bool]],
    x: Scale, floor: float, ceiling: float, top: float,
) -> None:  # fmt: skip
    """Doses as a full line and a dark flag, events as a dotted line and an outlined flag."""
    for row, _, _, mark, dose in marks:
        at, flag = x(mark.at_ms), ceiling + 5 + _ROW * max(row, 0)
        if dose:
            sheet.line((at, floor), (at, top), colour=INK, weight=0.9)
        else:
            sheet.line((at, floor), (at, flag + 4), colour=INK, weight=0.5, dash=(1, 1.5))
    for row, left, wide, mark, dose in marks:
        if row < 0:
            continue
        flag = ceiling + 5 + _ROW * row
        sheet.block(left, flag, left + wide, flag + 8.6, INK if dose else WHITE, stroke=INK)
        sheet.write(mark.name, left + 3, flag + 2.4, SMALL, face=fonts.SEMIBOLD, colour=WHITE if dose else INK)
    for _, _, _, mark, dose in marks:  # what is written later keeps clear of the lines
        sheet.room.take(Box(x(mark.at_ms) - 0.6, floor, x(mark.at_ms) + 0.6, top if dose else ceiling))


def _pressure(sheet: Drawing, points: Sequence[Point], x: Scale, y: Scale) -> None:
    """A caret for the systolic and one for the diastolic value, joined by a stem; narrow where readings are close."""
    taken = [point for point in points if (point.systolic_mmhg, point.diastolic_mmhg) != (None, None)]
    near = _nearest([x(point.at_ms) for point in taken])
    half, fine = max(0.5, min(2.3, near * 0.45)), near < _CLOSE
    for point in taken:
        at = x(point.at_ms)
        colour = BREACH if point.pressure_flag else PRESSURE
        weight = (1.3 if point.pressure_flag else 0.9) * (0.5 if fine else 1)
        if point.systolic_mmhg is not None and point.diastolic_mmhg is not None:
            stem = 0.25 if fine else 0.7
            sheet.line((at, y(point.diastolic_mmhg)), (at, y(point.systolic_mmhg)), colour=colour, weight=stem)
        for value, up in ((point.systolic_mmhg, half * 1.13), (point.diastolic_mmhg, -half * 1.13)):
            if value is not None:
                tip = y(value)
                sheet.line((at - half, tip + up), (at, tip), (at + half, tip + up), colour=colour, weight=weight)


def _curve(
    sheet: Drawing, points: Iterable[Point], x: Scale, y: Scale, value_of: Callable[[Point], int | None],
    colour: int, dash: tuple[float, ...], round_marks: bool,
) -> None:  # fmt: skip
    """A line from reading to reading, with a ring or a square at each; small where they are close."""
    spots = [(x(point.at_ms), y(value)) for point in points if (value := value_of(point)) is not None]
    if len(spots) > 1:
        sheet.line(*spots, colour=colour, weight=1.0, dash=dash)
    near = _nearest([at for at, _ in spots])
    r = max(0.45, min(1.35, near * 0.3))
    for at, height in spots:
        if round_marks:
            ring = [
                (at + r * math.cos(turn * math.pi / 6), height + r * math.sin(turn * math.pi / 6)) for turn in range(12)
            ]
            sheet.area(*ring, fill=WHITE, stroke=colour, weight=0.7 if near >= _CLOSE else 0.35)
        else:
            sheet.block(at - r, height - r, at + r, height + r, colour)


def _nearest(places: Sequence[float]) -> float:
    """How far apart readings usually lie, in points: the middle of their distances."""
    apart = sorted(b - a for a, b in itertools.pairwise(sorted(places)))
    return apart[len(apart) // 2] if apart else 99.0


def _flags(sheet: Drawing, points: Sequence[Point], x: Scale, y: Scale, oxygen: Scale) -> None:
    """A triangle at every reading beyond a limit, and its value wherever there is room, the farthest values first."""
    wanted: list[tuple[float, float, float, bool, str]] = []  # how far out, where, whether high, its value
    for point in points:
        at = x(point.at_ms)
        sys, dia = point.systolic_mmhg, point.diastolic_mmhg
        if point.pressure_flag and (sys is not None or dia is not None):
            high = point.pressure_flag == "high"
            known = [value for value in (sys, dia) if value is not None]
            spot = y(max(known) if high else min(known))
            far = sys if sys is not None else dia or 0
            words = f"{sys if sys is not None else '–'}/{dia if dia is not None else '–'}"
            wanted.append((far if high else -far, at, spot, high, words))
        if point.pulse_flag and point.pulse_per_min is not None:
            high = point.pulse_flag == "high"
            wanted.append((point.pulse_per_min / 2, at, y(point.pulse_per_min), high, str(point.pulse_per_min)))
        if point.spo2_flag and point.spo2_percent is not None:
            high = point.spo2_flag == "high"
            wanted.append((300 - point.spo2_percent, at, oxygen(point.spo2_percent), high, f"{point.spo2_percent} %"))
    for _, at, spot, high, _ in wanted:
        away, tip = (3.6, 7.4) if high else (-2.4, -6.2)
        corners = ((at - 2.3, spot + away), (at + 2.3, spot + away), (at, spot + tip))
        sheet.area(*corners, fill=BREACH, stroke=WHITE, weight=0.3)
        sheet.room.take(Box(at - 2.3, spot + min(away, tip), at + 2.3, spot + max(away, tip)))
    farthest = sorted(wanted, reverse=True)
    sheet.unnamed += len(farthest[_NAMED:])
    for _, at, spot, high, value in farthest[:_NAMED]:
        words = f"{'H' if high else 'L'} {value}"
        above, below = (spot + 9.2, spot + 16.2) if high else (spot - 11.6, spot - 18.6)
        half = sheet.measure(words, SMALL, fonts.BOLD) / 2
        middle = max(x.start + half, min(at, x.end - half))
        if not sheet.write(
            words, middle, above, SMALL, face=fonts.BOLD, colour=BREACH, anchor=0.5,
            places=[(middle, below), (middle + half + 3.5, above - 4), (middle - half - 3.5, above - 4)],
        ):  # fmt: skip
            sheet.unnamed += 1


def _music(
    sheet: Drawing, tracks: Sequence[Span], rows: Sequence[tuple[int | None, float]], x: Scale, top: float
) -> None:
    """The tracks as blocks, numbered as in the list of music heard."""
    if not tracks:
        return
    bottom = top - _TRACK_HEIGHT
    sheet.write("Music", 0, bottom + 3.6, SMALL, longest=LEFT - 6)
    for n, (track, (row, middle)) in enumerate(zip(tracks, rows, strict=True)):
        left, right = x(track.from_ms), max(x(track.to_ms), x(track.from_ms) + 0.8)
        sheet.block(left, bottom, right, top, (0xE3E8DB, 0xF4F0E4)[n % 2], stroke=0x93A3A9)
        if row is None:
            continue
        if row < 0:
            sheet.write(track.name, middle, bottom + 3.7, SMALL, face=fonts.SEMIBOLD, colour=INK, anchor=0.5)
        else:
            height = bottom - 8 - 9 * row
            sheet.line((middle, bottom), (middle, height + 6), colour=0x93A3A9, weight=0.4)
            sheet.write(track.name, middle, height, SMALL, face=fonts.SEMIBOLD, colour=INK, anchor=0.5)
