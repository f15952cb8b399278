"""Draws the session: readings over phases, doses, limits, what lasted and music, vectors legible in grey print."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kapdesk.note import bars, fonts
from kapdesk.note.drawing import Drawing
from kapdesk.note.labels import Box, in_rows, spread
from kapdesk.note.paper import Chart, Mark, Point, Span
from kapdesk.note.script import Findings

INK, MUTE, BREACH, WHITE = 0x17252B, 0x56666E, 0x9E2A1B, 0xFFFFFF
PRESSURE, PULSE, OXYGEN, GRID = 0x144F5B, 0x6B3F7C, 0x255C8F, 0xB9C5C9
_SHADES = {
    "settle": 0xF1F4F4, "onset": 0xE6ECED, "ascent": 0xDAE3E5,
    "peak": 0xCBD8DB, "return": 0xDFE7E9, "recovery": 0xF1F4F4,
}  # fmt: skip
_LEFT, _RIGHT = 40.0, 62.0
_MINUTE = 60_000
_MAIN_HEIGHT, _OXYGEN_HEIGHT, _TRACK_HEIGHT = 196.0, 46.0, 12.0
_SMALL, _NAME = 6.4, 7.0
_ROW = 10.0
_MARK_ROWS, _PHASE_ROWS, _TRACK_ROWS = 15, 6, 6
"""More rows of names than these would not leave the chart a page to stand on."""
_NAMED = 16
"""How many flagged readings are named at most: more would hide the curves."""


class _Scale(NamedTuple):
    """Where a value lies: the value at each end, and the points they lie at."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def draw(chart: Chart, width: float, findings: Findings) -> Drawing:
    """The chart in a width in points; its height follows from how many rows its marks need."""
    sheet = Drawing(width, findings)
    x = _times(chart, width - _RIGHT)
    tracks = _track_rows(chart, x, sheet)
    lasted = bars.rows(chart.lasted, x.__call__, (_LEFT, x.end), sheet)
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
    y = _Scale(low, high, floor, ceiling)
    lowest = min((p.spo2_percent for p in chart.points if p.spo2_percent is not None), default=90)
    limits = [limit.value for limit in chart.limits if limit.measure == "spo2"]
    oxygen = _Scale(min(86, lowest - 5, *(value - 4 for value in limits)), 100.5, marks_top + 4, oxygen_top - 3)

    _ground(sheet, chart, x, y, floor, sheet.height)
    _grid(sheet, x, y, oxygen, floor)
    _axis(sheet, chart, x, floor)
    _named_lines(sheet, chart, x, y, oxygen)
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


def _times(chart: Chart, right: float) -> _Scale:
    moments = [
        chart.from_ms, chart.to_ms, *(p.at_ms for p in chart.points), *(m.at_ms for m in chart.doses),
        *(t for span in (*chart.phases, *chart.tracks, *chart.lasted) for t in (span.from_ms, span.to_ms)),
    ]  # fmt: skip
    first, last = min(moments), max(moments)
    return _Scale(first, max(last, first + 10 * _MINUTE), _LEFT, right)


def _span_of(points: Sequence[Point]) -> tuple[float, float]:
    """40 to 220 on every paper, so that charts can be laid side by side; wider only where a reading asks for it."""
    values = [
        value for p in points for value in (p.systolic_mmhg, p.diastolic_mmhg, p.pulse_per_min) if value is not None
    ]
    return min(40, *(value // 20 * 20 for value in (*values, 40))), max(
        220, *(-(-value // 20) * 20 for value in (*values, 0))
    )


def _phase_rows(chart: Chart, x: _Scale, sheet: Drawing) -> list[tuple[int, float, str]]:
    """Row, left edge and name of each phase, about the middle of its span."""
    placed = []
    for phase in chart.phases:
        name = phase.name[:1].upper() + phase.name[1:]
        wide = sheet.measure(name, _NAME, fonts.SEMIBOLD)
        left, right = x(phase.from_ms), x(phase.to_ms)
        placed.append((max(_LEFT, min((left + right - wide) / 2, x.end - wide)), wide, name))
    rows = in_rows([(left, left + wide) for left, wide, _ in placed], 3)
    sheet.unnamed += sum(row >= _PHASE_ROWS for row in rows)
    return [(row, left, name) for row, (left, _, name) in zip(rows, placed, strict=True) if row < _PHASE_ROWS]


def _mark_rows(chart: Chart, x: _Scale, sheet: Drawing) -> list[tuple[int, float, float, Mark, bool]]:
    """Row, left edge and width of the name of each dose (True) and event; row −1 where no room is left for a name."""
    marks = [(mark, True) for mark in chart.doses] + [(mark, False) for mark in chart.events]
    placed = []
    for mark, dose in marks:
        wide = sheet.measure(mark.name, _SMALL, fonts.SEMIBOLD) + 6
        placed.append((max(_LEFT, min(x(mark.at_ms), x.end - wide)), wide, mark, dose))
    rows = in_rows([(left, left + wide) for left, wide, *_ in placed], 2)
    sheet.unnamed += sum(row >= _MARK_ROWS for row in rows)
    return [(row if row < _MARK_ROWS else -1, *rest) for row, rest in zip(rows, placed, strict=True)]


def _track_rows(chart: Chart, x: _Scale, sheet: Drawing) -> list[tuple[int | None, float]]:
    """Row below the lane (−1: inside the block; None: no room) and middle of each track's number."""
    narrow, inside = [], []
    for track in chart.tracks:
        wide = sheet.measure(track.name, _SMALL, fonts.SEMIBOLD)
        middle = (x(track.from_ms) + x(track.to_ms)) / 2
        fits = wide + 3 <= x(track.to_ms) - x(track.from_ms)
        inside.append((fits, middle))
        if not fits:
            narrow.append((middle - wide / 2, middle + wide / 2))
    rows = iter(in_rows(narrow, 2))
    placed = [(-1 if fits else next(rows), middle) for fits, middle in inside]
    sheet.unnamed += sum(row >= _TRACK_ROWS for row, _ in placed)
    return [(row if row < _TRACK_ROWS else None, middle) for row, middle in placed]


def _ground(sheet: Drawing, chart: Chart, x: _Scale, y: _Scale, floor: float, top: float) -> None:
    """Shaded phases, the band of ±20 % of baseline as a lighter channel in them, and their borders."""
    spans = chart.phases or (Span(name="", from_ms=int(x.low), to_ms=int(x.high)),)
    bands = [
        (max(y.low, value * 0.8), min(y.high, value * 1.2))
        for value in (chart.baseline_systolic_mmhg, chart.baseline_diastolic_mmhg)
        if value is not None
    ]
    for phase in spans:
        shade = _SHADES.get(phase.name.lower(), 0xEDF1F2)
        left, right = x(phase.from_ms), x(phase.to_ms)
        sheet.block(left, floor, right, top, shade)
        for low, high in bands:
            sheet.block(left, y(low), right, y(high), _lighter(shade))
    for low, high in bands:
        for edge in (low, high):
            sheet.line((x.start, y(edge)), (x.end, y(edge)), colour=0x8FA0A6, weight=0.4, dash=(0.6, 1.8))
    for phase in spans[1:]:
        sheet.line((x(phase.from_ms), floor), (x(phase.from_ms), top), colour=0x93A3A9, weight=0.5)


def _grid(sheet: Drawing, x: _Scale, y: _Scale, oxygen: _Scale, floor: float) -> None:
    for value in range(int(y.low), int(y.high) + 1, 20):
        sheet.line((x.start, y(value)), (x.end, y(value)), colour=GRID, weight=0.3)
        sheet.write(str(value), x.start - 4, y(value) - 2.2, _SMALL, anchor=1)
    step = 5 if oxygen.high - oxygen.low < 26 else 10
    for value in range(100, int(oxygen.low), -step):
        sheet.line((x.start, oxygen(value)), (x.end, oxygen(value)), colour=GRID, weight=0.3)
        sheet.write(str(value), x.start - 4, oxygen(value) - 2.2, _SMALL, anchor=1)
    sheet.line((x.start, floor), (x.end, floor), colour=INK, weight=0.6)
    sheet.line((x.start, oxygen.start - 4), (x.end, oxygen.start - 4), colour=0x93A3A9, weight=0.4)
    sheet.write("SpO₂ %", 0, oxygen(100) - 9.5, _SMALL, longest=24)
    sheet.write("mmHg", 0, y.end - 9, _SMALL, longest=24)
    sheet.write("/min", 0, y.end - 17, _SMALL, longest=24)


def _axis(sheet: Drawing, chart: Chart, x: _Scale, floor: float) -> None:
    """Minutes from the zero, and the wall clock below them."""
    per_minute = (x.end - x.start) / (x.high - x.low) * _MINUTE
    step = next((minutes for minutes in (5, 10, 15, 30, 60, 120, 240, 480) if minutes * per_minute >= 27), 1440)
    first = -(-int(x.low) // (step * _MINUTE)) * step
    for minute in range(first, int(x.high // _MINUTE) + 1, step):
        at = x(minute * _MINUTE)
        sheet.line((at, floor), (at, floor - 2.5), colour=INK, weight=0.5)
        sheet.write(str(minute).replace("-", "−"), at, floor - 9.5, _SMALL, anchor=0.5, colour=INK)
        seconds = (chart.zero_clock_s + minute * 60) % 86_400
        sheet.write(f"{seconds // 3600:02}:{seconds % 3600 // 60:02}", at, floor - 18, _SMALL, anchor=0.5)
    sheet.write("min", 0, floor - 9.5, _SMALL, longest=24)
    sheet.write("clock", 0, floor - 18, _SMALL, longest=24)


def _named_lines(sheet: Drawing, chart: Chart, x: _Scale, y: _Scale, oxygen: _Scale) -> None:
    """The limits, each with its name beside it, and the names of the curves where they end."""
    named: list[tuple[float, str, str, int]] = []
    for limit in chart.limits:
        scale = oxygen if limit.measure == "spo2" else y
        at = scale(limit.value)
        if scale.start <= at <= scale.end:
            colour = PULSE if limit.measure == "pulse" else BREACH
            fine = limit.measure == "pulse"
            sheet.line(
                (x.start, at),
                (x.end, at),
                colour=colour,
                weight=0.4 if fine else 0.6,
                dash=(1.5, 2.5) if fine else (4, 2),
            )
            named.append((at, limit.name, fonts.REGULAR, colour))
    for scale, name, colour, value in (
        (y, "BP", PRESSURE, _last(chart.points, lambda p: p.systolic_mmhg)),
        (y, "Pulse", PULSE, _last(chart.points, lambda p: p.pulse_per_min)),
        (oxygen, "SpO₂", OXYGEN, _last(chart.points, lambda p: p.spo2_percent)),
    ):
        if value is not None:
            named.append((scale(value), name, fonts.BOLD, colour))
    heights = spread([at - 2.2 for at, *_ in named], 7.6, y.start, oxygen.end)
    for height, (at, name, face, colour) in zip(heights, named, strict=True):
        if abs(height + 2.2 - at) > 1.5:
            sheet.line((x.end, at), (x.end + 4, height + 2.2), colour=colour, weight=0.3)
        sheet.write(name, x.end + 5, height, _SMALL, face=face, colour=colour, longest=_RIGHT - 6)


def _marks(
    sheet: Drawing, marks: Sequence[tuple[int, float, float, Mark, bool]],
    x: _Scale, floor: float, ceiling: float, top: float,
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
        sheet.write(mark.name, left + 3, flag + 2.4, _SMALL, face=fonts.SEMIBOLD, colour=WHITE if dose else INK)
    for _, _, _, mark, dose in marks:  # what is written later keeps clear of the lines
        sheet.room.take(Box(x(mark.at_ms) - 0.6, floor, x(mark.at_ms) + 0.6, top if dose else ceiling))


def _pressure(sheet: Drawing, points: Iterable[Point], x: _Scale, y: _Scale) -> None:
    """A caret for the systolic and one for the diastolic value, joined by a stem."""
    for point in points:
        at = x(point.at_ms)
        colour = BREACH if point.pressure_flag else PRESSURE
        weight = 1.3 if point.pressure_flag else 0.9
        if point.systolic_mmhg is not None and point.diastolic_mmhg is not None:
            sheet.line((at, y(point.diastolic_mmhg)), (at, y(point.systolic_mmhg)), colour=colour, weight=0.7)
        for value, up in ((point.systolic_mmhg, 2.6), (point.diastolic_mmhg, -2.6)):
            if value is not None:
                tip = y(value)
                sheet.line((at - 2.3, tip + up), (at, tip), (at + 2.3, tip + up), colour=colour, weight=weight)


def _curve(
    sheet: Drawing, points: Iterable[Point], x: _Scale, y: _Scale, value_of: Callable[[Point], int | None],
    colour: int, dash: tuple[float, ...], round_marks: bool,
) -> None:  # fmt: skip
    """A line from reading to reading, with a ring or a square at each."""
    spots = [(x(point.at_ms), y(value)) for point in points if (value := value_of(point)) is not None]
    if len(spots) > 1:
        sheet.line(*spots, colour=colour, weight=1.0, dash=dash)
    for at, height in spots:
        r = 1.35
        if round_marks:
            ring = [
                (at + r * math.cos(turn * math.pi / 6), height + r * math.sin(turn * math.pi / 6)) for turn in range(12)
            ]
            sheet.area(*ring, fill=WHITE, stroke=colour, weight=0.7)
        else:
            sheet.block(at - r, height - r, at + r, height + r, colour)


def _flags(sheet: Drawing, points: Sequence[Point], x: _Scale, y: _Scale, oxygen: _Scale) -> None:
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
        half = sheet.measure(words, _SMALL, fonts.BOLD) / 2
        middle = max(x.start + half, min(at, x.end - half))
        if not sheet.write(
            words, middle, above, _SMALL, face=fonts.BOLD, colour=BREACH, anchor=0.5,
            places=[(middle, below), (middle + half + 3.5, above - 4), (middle - half - 3.5, above - 4)],
        ):  # fmt: skip
            sheet.unnamed += 1


def _music(
    sheet: Drawing, tracks: Sequence[Span], rows: Sequence[tuple[int | None, float]], x: _Scale, top: float
) -> None:
    """The tracks as blocks, numbered as in the list of music heard."""
    if not tracks:
        return
    bottom = top - _TRACK_HEIGHT
    sheet.write("Music", 0, bottom + 3.6, _SMALL, longest=_LEFT - 6)
    for n, (track, (row, middle)) in enumerate(zip(tracks, rows, strict=True)):
        left, right = x(track.from_ms), max(x(track.to_ms), x(track.from_ms) + 0.8)
        sheet.block(left, bottom, right, top, (0xE3E8DB, 0xF4F0E4)[n % 2], stroke=0x93A3A9)
        if row is None:
            continue
        if row < 0:
            sheet.write(track.name, middle, bottom + 3.7, _SMALL, face=fonts.SEMIBOLD, colour=INK, anchor=0.5)
        else:
            height = bottom - 8 - 9 * row
            sheet.line((middle, bottom), (middle, height + 6), colour=0x93A3A9, weight=0.4)
            sheet.write(track.name, middle, height, _SMALL, face=fonts.SEMIBOLD, colour=INK, anchor=0.5)


def _last(points: Iterable[Point], value_of: Callable[[Point], int | None]) -> int | None:
    return next((value for p in sorted(points, key=lambda p: -p.at_ms) if (value := value_of(p)) is not None), None)


def _lighter(colour: int) -> int:
    red, green, blue = colour >> 16, colour >> 8 & 255, colour & 255
    return sum(int(part + (255 - part) * 0.62) << shift for part, shift in ((red, 16), (green, 8), (blue, 0)))
