"""A sheet to draw on: lines, areas and labels that keep clear of each other."""

from collections.abc import Sequence
from typing import NamedTuple

from reportlab.platypus import Flowable

from kapdesk.note import fonts
from kapdesk.note.labels import Box, Room
from kapdesk.note.run import fill, stroke
from kapdesk.note.script import Findings, Ink, width_of
from kapdesk.note.setting import Line, draw_line, fitted
from kapdesk.note.tags import Tag, marks_of


class Shape(NamedTuple):
    """A line or an area: corners in points, colours as 0xRRGGBB; an area is closed and filled."""

    corners: tuple[tuple[float, float], ...]
    stroke: int | None = None
    fill: int | None = None
    weight: float = 0.5
    dash: tuple[float, ...] = ()


class Label(NamedTuple):
    """Words at a place: x is the left edge, y the baseline."""

    x: float
    y: float
    line: Line
    size: float
    box: Box


class Drawing:
    """The shapes and labels of one chart, on a sheet of its own with the origin at the lower left."""

    def __init__(self, width: float, findings: Findings) -> None:
        self.width, self.height = width, 0.0
        self.shapes: list[Shape] = []
        self.labels: list[Label] = []
        self.room = Room()
        self.unnamed = 0
        """Marks for whose name there was no room; their shape is there."""
        self._findings = findings

    def measure(self, words: str, size: float, face: str = fonts.REGULAR, longest: float = 120) -> float:
        """Width of the words in points, as they would be printed."""
        return width_of(fitted(words, Ink(face), size, longest, Findings()).cells) * size / 1000  # not printed yet

    def write(
        self, words: str, x: float, y: float, size: float, *, face: str = fonts.REGULAR, colour: int = 0x56666E,
        anchor: float = 0, longest: float = 120, places: Sequence[tuple[float, float]] = (),
    ) -> bool:  # fmt: skip
        """Write words with their anchor (0 left, 0.5 middle, 1 right) at x, or at the first place that is free."""
        line = fitted(words, Ink(face, colour), size, longest, self._findings)
        wide = width_of(line.cells) * size / 1000
        boxes = [
            Box(left := px - anchor * wide, py - size * 0.22, left + wide, py + size * 0.72)
            for px, py in ((x, y), *places)
        ]
        box = self.room.first_free(boxes)
        if box is None:
            return False
        self.labels.append(Label(box.left, box.bottom + size * 0.22, line, size, box))
        return True

    def line(
        self, *corners: tuple[float, float], colour: int, weight: float = 0.5, dash: tuple[float, ...] = ()
    ) -> None:
        """A line from corner to corner."""
        self.shapes.append(Shape(corners, stroke=colour, weight=weight, dash=dash))

    def area(self, *corners: tuple[float, float], fill: int, stroke: int | None = None, weight: float = 0.5) -> None:
        """A filled area."""
        self.shapes.append(Shape((*corners, corners[0]), stroke=stroke, fill=fill, weight=weight))

    def block(self, left: float, bottom: float, right: float, top: float, fill: int, stroke: int | None = None) -> None:
        """A filled rectangle."""
        self.area((left, bottom), (right, bottom), (right, top), (left, top), fill=fill, stroke=stroke)


class Figure(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """A drawing on the page, and the words that say what is seen on it."""

    def __init__(self, drawing: Drawing, words: str) -> None:
        super().__init__()
        self.drawing, self.tag = drawing, Tag("Figure", alt=words)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points; called by reportlab."""
        self.width, self.height = self.drawing.width, self.drawing.height
        return self.width, self.height

    def draw(self) -> None:
        """Put the drawing on the page; called by reportlab."""
        canvas = self.canv
        left, bottom = canvas.absolutePosition(0, 0)
        box = (left, bottom, left + self.width, bottom + self.height)
        self.tag.attributes = f"/O /Layout /Placement /Block /BBox [{' '.join(f'{edge:.2f}' for edge in box)}]"
        marks = marks_of(canvas)
        marks.begin(canvas, self.tag)
        canvas._code.append(" ".join(_drawn(shape) for shape in self.drawing.shapes) + " [] 0 d")
        for label in self.drawing.labels:
            draw_line(canvas, label.x, label.y, label.line, label.size)
        marks.end(canvas)


def _drawn(shape: Shape) -> str:
    """The operators that put a shape on the page."""
    first, *others = (f"{x:.2f} {y:.2f}" for x, y in shape.corners)
    look = f"{shape.weight:g} w [{' '.join(f'{part:g}' for part in shape.dash)}] 0 d"
    if shape.stroke is not None:
        look += f" {stroke(shape.stroke)}"
    if shape.fill is not None:
        look += f" {fill(shape.fill)}"
    done = "n" if shape.stroke is None else "S"
    if shape.fill is not None:
        done = "f*" if shape.stroke is None else "B*"
    return f"{look} {first} m {' '.join(f'{each} l' for each in others)} {done}"
