"""Finds room for labels, so that no two ever lie on each other. Pure; lengths in points."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on the page, upwards from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )


class Room:
    """What of a drawing is taken."""

    def __init__(self) -> None:
        self.taken: list[Box] = []

    def take(self, box: Box) -> None:
        """Keep this place for something that must stand there."""
        self.taken.append(box)

    def first_free(self, places: Iterable[Box]) -> Box | None:
        """Take the first of the places that is free; None where all are taken."""
        for box in places:
            if not any(box.overlaps(other) for other in self.taken):
                self.taken.append(box)
                return box
        return None


def in_rows(spans: Sequence[tuple[float, float]], gap: float) -> list[int]:
    """The row of each span (left, right): the first in which it keeps a gap to those placed before it."""
    placed: list[list[tuple[float, float]]] = []
    rows = []
    for left, right in spans:
        row = next(
            (n for n, line in enumerate(placed) if all(b + gap <= left or right + gap <= a for a, b in line)),
            len(placed),
        )
        if row == len(placed):
            placed.append([])
        placed[row].append((left, right))
        rows.append(row)
    return rows


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Heights as near as can be to those wanted, each `apart` from the next, between low and high where that can be.

    Order is kept: what wanted to be higher stays higher.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    floor = low
    for i in order:
        placed[i] = floor = max(wanted[i], floor)
        floor += apart
    ceiling = max(high, low + apart * (len(wanted) - 1))
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - apart
    return placed
