"""What the chart of a session is drawn from."""

from typing import Literal

from kapdesk.note.piece import Flag, Piece


class Span(Piece, frozen=True):
    """A stretch of the session on the chart: a phase, or a track by its number. Times in ms from the chart's zero."""

    name: str
    from_ms: int
    to_ms: int


class Lasted(Span, frozen=True):
    """Something that lasted: its name is what is said of it on screen. `open`: nobody has said that it was over.
    `work`: the therapist's, not something seen."""

    open: bool = False
    work: bool = False


class Mark(Piece, frozen=True):
    """A moment on the chart, in ms from its zero, and its few words ("60 mg IM")."""

    name: str
    at_ms: int


class Limit(Piece, frozen=True):
    """A line of the clinic's alert limits on the chart, in mmHg, per minute or percent."""

    measure: Literal["pressure", "pulse", "spo2"]
    value: int
    name: str


class Point(Piece, frozen=True):
    """A reading on the chart: mmHg, per minute, percent; with the flags of its figures."""

    at_ms: int
    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    pulse_per_min: int | None = None
    spo2_percent: int | None = None
    pressure_flag: Flag = ""
    pulse_flag: Flag = ""
    spo2_flag: Flag = ""


class Chart(Piece, frozen=True):
    """The session as it is drawn: readings over phases, doses and music."""

    zero: Literal["first dose", "arrival"] = "first dose"
    zero_clock_s: int = 0
    """Wall clock of the zero, in seconds after midnight: the second row of the axis is counted from it."""
    from_ms: int = 0
    to_ms: int = 0
    phases: tuple[Span, ...] = ()
    doses: tuple[Mark, ...] = ()
    events: tuple[Mark, ...] = ()
    limits: tuple[Limit, ...] = ()
    points: tuple[Point, ...] = ()
    tracks: tuple[Span, ...] = ()
    lasted: tuple[Lasted, ...] = ()
    baseline_systolic_mmhg: int | None = None
    baseline_diastolic_mmhg: int | None = None
    words: str = ""
    """The chart told in two or three sentences, for whoever cannot see it."""
