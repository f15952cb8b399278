"""What the trend is drawn from: plain values, judged by others."""

from typing import Literal

import msgspec

from ui.widgets.spans import Span

Lane = Literal["pressure", "pulse", "spo2"]


class Pressure(msgspec.Struct, frozen=True):
    """A blood pressure, mmHg; `breach` are the words of a limit it went beyond ("above 160"), else empty.

    `mean` is the mean pressure, calculated.
    """

    at_ms: int
    systolic: int
    diastolic: int
    breach: str = ""
    mean: int | None = None


class Point(msgspec.Struct, frozen=True):
    """A pulse (/min) or a saturation (%)."""

    at_ms: int
    value: int
    breach: str = ""


class Limit(msgspec.Struct, frozen=True):
    """A limit with its name ("limit 160")."""

    lane: Lane
    value: int
    name: str


class Band(msgspec.Struct, frozen=True):
    """A band around the baseline, mmHg, with its name ("baseline ±20 %")."""

    low: int
    high: int
    name: str


class Track(msgspec.Struct, frozen=True):
    """A piece of music heard from `start_ms` to `end_ms`."""

    start_ms: int
    end_ms: int
    title: str


class Dose(msgspec.Struct, frozen=True):
    """A dose and its label ("IM 50 mg")."""

    at_ms: int
    label: str


class TrendView(msgspec.Struct, frozen=True):
    """What the trend shows between two times, each series in the order of its times."""

    start_ms: int = 0
    end_ms: int = 3_600_000
    now_ms: int = 0
    pressure: tuple[Pressure, ...] = ()
    pulse: tuple[Point, ...] = ()
    spo2: tuple[Point, ...] = ()
    spans: tuple[Span, ...] = ()
    doses: tuple[Dose, ...] = ()
    limits: tuple[Limit, ...] = ()
    band: Band | None = None
    tracks: tuple[Track, ...] = ()


def breaches(view: TrendView) -> list[tuple[int, str, tuple[Lane, int]]]:
    """Time, words, and lane and value of every reading beyond a limit, in order of time."""
    found: list[tuple[int, str, tuple[Lane, int]]] = [
        (p.at_ms, f"{p.systolic}/{p.diastolic} {p.breach}", ("pressure", p.systolic)) for p in view.pressure if p.breach
    ]
    found += [(p.at_ms, f"{p.value} {p.breach}", ("pulse", p.value)) for p in view.pulse if p.breach]
    found += [(p.at_ms, f"{p.value} % {p.breach}", ("spo2", p.value)) for p in view.spo2 if p.breach]
    return sorted(found)
