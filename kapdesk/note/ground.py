"""What the curves of a session lie on: shaded phases, the band of the baseline, the grid, the axis, the limits."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kapdesk.note import fonts
from kapdesk.note.drawing import Drawing
from kapdesk.note.labels import spread
from kapdesk.note.paper import Chart, Point, Span

INK, MUTE, LIMIT = 0x17252B, 0x56666E, 0x3A484E
PRESSURE, PULSE, OXYGEN, GRID = 0x144F5B, 0x6B3F7C, 0x255C8F, 0xB9C5C9
LEFT, RIGHT = 40.0, 62.0
MINUTE = 60_000
SMALL = 6.4
SHADES = {
    "settle": 0xF1F4F4, "onset": 0xE6ECED, "ascent": 0xDAE3E5,
    "peak": 0xCBD8DB, "return": 0xDFE7E9, "recovery": 0xF1F4F4,
}  # fmt: skip


class Scale(NamedTuple):
    """Where a value lies: the value at each end, and the points they lie at."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The points that a value lies at."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ground(sheet: Drawing, chart: Chart, x: Scale, y: Scale, floor: float, tops: tuple[float, float]) -> None:
    """Shaded phases with their names' room on top, their borders below that, and ±20 % of baseline as lighter bands.

    `tops` are the upper edge of the lanes and that of the drawing.
    """
    spans = chart.phases or (Span(name="", from_ms=int(x.low), to_ms=int(x.high)),)
    lanes_top, top = tops
    for phase in spans:
        shade = SHADES.get(phase.name.lower(), 0xEDF1F2)
        left, right = x(phase.from_ms), x(phase.to_ms)
        sheet.block(left, floor, right, top, shade)
        for low, high in _bands(chart, y):
            sheet.block(left, y(low), right, y(high), _lighter(shade))
    for low, high in _bands(chart, y):
        for edge in (low, high):
            sheet.line((x.start, y(edge)), (x.end, y(edge)), colour=0x8FA0A6, weight=0.4, dash=(0.6, 1.8))
    for phase in spans[1:]:
        sheet.line((x(phase.from_ms), floor), (x(phase.from_ms), lanes_top), colour=0x93A3A9, weight=0.5)


def _bands(chart: Chart, y: Scale) -> list[tuple[float, float]]:
    """From where to where each pressure is within 20 % of what it was before the dose."""
    before = (chart.baseline_systolic_mmhg, chart.baseline_diastolic_mmhg)
    return [(max(y.low, value * 0.8), min(y.high, value * 1.2)) for value in before if value is not None]


def grid(sheet: Drawing, x: Scale, y: Scale, oxygen: Scale, floor: float) -> None:
    """The lines of the pressure and of the oxygen lane, each with its value."""
    for value in range(int(y.low), int(y.high) + 1, 20):
        sheet.line((x.start, y(value)), (x.end, y(value)), colour=GRID, weight=0.3)
        sheet.write(str(value), x.start - 4, y(value) - 2.2, SMALL, anchor=1)
    step = 5 if oxygen.high - oxygen.low < 26 else 10
    for value in range(100, int(oxygen.low), -step):
        sheet.line((x.start, oxygen(value)), (x.end, oxygen(value)), colour=GRID, weight=0.3)
        sheet.write(str(value), x.start - 4, oxygen(value) - 2.2, SMALL, anchor=1)
    sheet.line((x.start, floor), (x.end, floor), colour=INK, weight=0.6)
    sheet.line((x.start, oxygen.start - 4), (x.end, oxygen.start - 4), colour=0x93A3A9, weight=0.4)
    sheet.write("SpO₂ %", 0, oxygen(100) - 9.5, SMALL, longest=24)
    sheet.write("mmHg", 0, y.end - 9, SMALL, longest=24)
    sheet.write("/min", 0, y.end - 17, SMALL, longest=24)


def axis(sheet: Drawing, chart: Chart, x: Scale, floor: float) -> None:
    """Minutes from the zero, and the wall clock below them."""
    per_minute = (x.end - x.start) / (x.high - x.low) * MINUTE
    step = next((minutes for minutes in (5, 10, 15, 30, 60, 120, 240, 480) if minutes * per_minute >= 27), 1440)
    first = -(-int(x.low) // (step * MINUTE)) * step
    for minute in range(first, int(x.high // MINUTE) + 1, step):
        at = x(minute * MINUTE)
        sheet.line((at, floor), (at, floor - 2.5), colour=INK, weight=0.5)
        sheet.write(str(minute).replace("-", "−"), at, floor - 9.5, SMALL, anchor=0.5, colour=INK)
        seconds = (chart.zero_clock_s + minute * 60) % 86_400
        sheet.write(f"{seconds // 3600:02}:{seconds % 3600 // 60:02}", at, floor - 18, SMALL, anchor=0.5)
    sheet.write("min", 0, floor - 9.5, SMALL, longest=24)
    sheet.write("clock", 0, floor - 18, SMALL, longest=24)


def named_lines(sheet: Drawing, chart: Chart, x: Scale, y: Scale, oxygen: Scale) -> None:
    """The limits, each with its name beside it, and the names of the curves where they end."""
    named: list[tuple[float, str, str, int]] = []
    for limit in chart.limits:
        scale = oxygen if limit.measure == "spo2" else y
        at = scale(limit.value)
        if scale.start <= at <= scale.end:
            fine = limit.measure == "pulse"
            colour, dash = (PULSE, (1.5, 2.5)) if fine else (LIMIT, (4.0, 2.0))
            sheet.line((x.start, at), (x.end, at), colour=colour, weight=0.4 if fine else 0.6, dash=dash)
            named.append((at, limit.name, fonts.REGULAR, colour))
    for low, high in _bands(chart, y):
        named.append((y((low + high) / 2), "before ±20 %", fonts.REGULAR, MUTE))
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
        sheet.write(name, x.end + 5, height, SMALL, face=face, colour=colour, longest=RIGHT - 6)


def _last(points: Iterable[Point], value_of: Callable[[Point], int | None]) -> int | None:
    return next((value for p in sorted(points, key=lambda p: -p.at_ms) if (value := value_of(p)) is not None), None)


def _lighter(colour: int) -> int:
    red, green, blue = colour >> 16, colour >> 8 & 255, colour & 255
    return sum(int(part + (255 - part) * 0.62) << shift for part, shift in ((red, 16), (green, 8), (blue, 0)))
