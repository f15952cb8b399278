"""Where labels go so that none lies on another: pure arithmetic, shared by the timeline and the trend."""

from collections.abc import Sequence


def place(
    anchors: Sequence[float],
    widths: Sequence[float],
    low: float,
    high: float,
    rows: int = 1,
    gap: float = 8,
    reach: float = 0,
) -> list[tuple[float, int] | None]:
    """Left edge and row of each label, or None for one there is no room for.

    `anchors` are where labels would like to begin. Each may be moved: left as far as `high` demands, right by at most
    `reach`. Two labels in one row are at least `gap` apart, and none leaves `low`..`high`. Labels are taken in
    their order, so put first what must not be lost.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
    placed: list[tuple[float, int] | None] = []
    for anchor, width in zip(anchors, widths, strict=True):
        placed.append(_fit(taken, min(max(anchor, low), high - width), width, low, high, gap, reach))
    return placed


def place_doses(
    at: Sequence[float], widths: Sequence[float], low: float, high: float, lead: float
) -> list[tuple[float, int] | None]:
    """Left edge and row (0 or 1, counted upwards) of the labels of doses at these places, in order of time.

    A label stands `lead` to the right of its dose's line. Of two that crowd, the earlier goes up, so that no line runs
    through a label.
    """
    anchors = [x + lead for x in reversed(at)]
    spots = place(anchors, list(reversed(widths)), low, high, rows=2, gap=2 * lead)
    return spots[::-1]


def _fit(
    taken: list[list[tuple[float, float]]], want: float, width: float, low: float, high: float, gap: float, reach: float
) -> tuple[float, int] | None:
    if want < low:
        return None
    for row, spans in enumerate(taken):
        x = want
        for left, right in spans:
            if x < right + gap and left < x + width + gap:
                x = right + gap
        if x - want <= reach and x + width <= high:
            spans.append((x, x + width))
            spans.sort()
            return x, row
    return None


def stack(wanted: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Middles of labels one above the other, each as near to where it is wanted as the others allow.

    Labels are `height` tall; they keep the order of what is wanted and stay within `low`..`high` where all fit.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    middles = [0.0] * len(wanted)
    edge = low
    for n in order:
        middles[n] = max(wanted[n], edge + height / 2)
        edge = middles[n] + height / 2
    edge = high
    for n in reversed(order):
        middles[n] = min(middles[n], edge - height / 2)
        edge = middles[n] - height / 2
    return middles


def step(span_ms: int, room: float, label: float) -> int:
    """The smallest of the customary steps (ms) whose labels, `label` pixels wide each, fit `room` pixels."""
    minutes = (5, 10, 15, 30, 60, 120, 240, 480, 1440)
    for each in minutes:
        if span_ms <= 0 or room * each * 60_000 / span_ms >= label:
            return each * 60_000
    return minutes[-1] * 60_000
