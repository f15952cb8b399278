"""Sets prose: breaks paragraphs into lines, splits them over pages, and draws them with their text layer intact."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from reportlab.platypus import Flowable

from kapdesk.note.run import draw_run, trimmed
from kapdesk.note.script import Cell, Findings, Ink, Paragraph, paragraphs, width_of
from kapdesk.note.tags import Tag, marks_of

Align = Literal["left", "right", "centre"]

_NO_LINE_STARTS_WITH = frozenset("、。，．！？；：）」』】〉》…ー,.;:!?)]}%’”»")
_NO_LINE_ENDS_WITH = frozenset("（「『【〈《([{‘“«")


class Style(NamedTuple):
    """How prose is set. Lengths in points."""

    size: float
    leading: float
    align: Align = "left"
    before: float = 0
    after: float = 0
    inset: float = 0
    """Room kept free at the right."""
    role: str = "P"
    """What it is to a reader: a paragraph, or a heading (H1, H2, H3)."""


class Line(NamedTuple):
    """One set line: its cells in reading order, and whether its paragraph runs from the right."""

    cells: Sequence[Cell]
    from_right: bool


class Prose(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """Paragraphs of one size. Spaces stand as they were typed; a line may be of any length, a word too."""

    def __init__(self, spans: Sequence[tuple[str, Ink]], style: Style, findings: Findings) -> None:
        super().__init__()
        self.style, self.tag = style, Tag(style.role)
        self._paragraphs = paragraphs(spans, findings)
        self.tag.actual = _actual(self._paragraphs)
        self._lines: list[Line] | None = None
        self._for_width = -1.0

    @property
    def blank(self) -> bool:
        """Whether there is nothing to see."""
        return not any(trimmed(p.cells) for p in self._paragraphs)

    @property
    def natural_width(self) -> float:
        """The width in points that no paragraph needs to be broken for."""
        return max(width_of(p.cells) for p in self._paragraphs) * self.style.size / 1000

    def lines(self, width: float) -> list[Line]:
        """The lines that fit a width in points."""
        if self._lines is None or (self._paragraphs and abs(width - self._for_width) > 0.01):
            room = (width - self.style.inset) * 1000 / self.style.size
            self._lines = [line for p in self._paragraphs for line in _broken(p, room)]
            self._for_width = width
        return self._lines

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points; called by reportlab."""
        self.width, self.height = width, len(self.lines(width)) * self.style.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list["Prose"]:
        """The lines that fit the height, and the rest; no single line is left alone where it can be helped."""
        lines = self.lines(width)
        fit = int((height + 0.01) // self.style.leading)
        if fit >= len(lines):
            return [self]
        if len(lines) - fit == 1 and fit > 2:
            fit -= 1
        if fit < min(2, len(lines)):
            return []
        return [self._part(lines[:fit]), self._part(lines[fit:])]

    def _part(self, lines: list[Line]) -> "Prose":
        part = Prose([], self.style, Findings())
        part._paragraphs, part._lines, part.tag = [], lines, self.tag
        return part

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        """Put the lines on the page, the lower left corner at a place; called by reportlab."""
        lines = self.lines(self.width)
        if not any(trimmed(line.cells) for line in lines):
            return
        marks, style = marks_of(canvas), self.style
        if style.role != "P":
            words = " ".join("".join(cell.source for cell in line.cells).strip() for line in lines)
            marks.heading(canvas, self.tag, words, x, y + self.height)
        y += self.height - style.leading * 0.5 - style.size * 0.33
        marks.begin(canvas, self.tag)
        for line in lines:
            draw_line(canvas, x, y, line, style.size, self.width - style.inset, style.align)
            y -= style.leading
        marks.end(canvas)

    def getSpaceBefore(self) -> float:
        """Space above, for reportlab."""
        return self.style.before

    def getSpaceAfter(self) -> float:
        """Space below, for reportlab."""
        return self.style.after


def _actual(made: Sequence[Paragraph]) -> str:
    """What is written, where what is drawn would be read otherwise: words from the right, paragraphs in one piece."""
    if len(made) == 1 and not any(cell.level for cell in made[0].cells):
        return ""
    return "\n".join("".join(cell.source for cell in each.cells) for each in made)


def draw_line(
    canvas: Any, x: float, y: float, line: Line, size: float, width: float = 0, align: Align = "left"
) -> None:
    """Draw one line with its baseline at y, within a width from x; a paragraph from the right ends at the right of it.

    Without a width it begins at x, whichever way it is read.
    """
    cells = line.cells
    if not cells:
        return
    if line.from_right and align == "left" and width:
        align = "right"
    if align != "left":
        slack = width - width_of(trimmed(cells)) * size / 1000
        x += slack if align == "right" else slack / 2
    if not any(map(_level, cells)):
        draw_run(canvas, x, y, cells, size)
        return
    # Mixed directions: each word at its own place, drawn in reading order, so that the text layer reads as written.
    places = {}
    at = x
    for i in _visual_order(cells, line.from_right):
        places[i] = at
        at += cells[i].width * size / 1000
    for word in _words(cells):
        in_sight = sorted(word, key=places.__getitem__)
        start = 0
        for n in range(1, len(in_sight) + 1):
            i = in_sight[n - 1]
            reach = places[i] + cells[i].width * size / 1000
            if n == len(in_sight) or abs(places[in_sight[n]] - reach) > 0.01:
                run = [cells[j] for j in in_sight[start:n]]
                draw_run(canvas, places[in_sight[start]], y, run, size)
                start = n


def _broken(paragraph: Paragraph, room: float) -> list[Line]:
    """Greedy lines; spaces at an end hang over it, a word wider than the room is broken between characters."""
    cells, from_right = paragraph
    ends = [0.0, *accumulate(map(_width, cells))]
    lines: list[Line] = []
    start = 0
    while ends[-1] > (limit := ends[start] + room + 0.5):
        over = max(bisect_right(ends, limit, start + 1) - 1, start + 1)
        while over < len(cells) and cells[over].shown.isspace():
            over += 1
        if over >= len(cells):
            break
        good = next((at for at in range(over, start, -1) if _may_break_after(cells, at - 1)), None)
        end = good or _not_before_a_mark(cells, start, over)
        lines.append(Line(cells[start:end], from_right))
        start = end
    lines.append(Line(cells[start:], from_right))
    return lines


_width, _level = attrgetter("width"), attrgetter("level")


def _may_break_after(cells: Sequence[Cell], i: int) -> bool:
    char = cells[i].shown[-1:]
    after = cells[i + 1].shown[:1] if i + 1 < len(cells) else ""
    if char.isspace():
        return char != "\u00a0" and not after.isspace() and not _before_unit(cells, i)
    if char in "-–—/":
        before = cells[i - 1].shown[-1:] if i else " "
        return char != "/" and before.isalpha() and after.isalpha()
    if after in _NO_LINE_STARTS_WITH or char in _NO_LINE_ENDS_WITH or not after:
        return False
    return _wide(char) or (_wide(after) and not char.isspace())


def _before_unit(cells: Sequence[Cell], i: int) -> bool:
    """Whether a space stands between a figure and its unit: "1 mg" is never parted over two lines."""
    if not (i and cells[i - 1].shown[-1:].isdigit()):
        return False
    word = "".join(cell.shown for cell in cells[i + 1 : i + 1 + _LONGEST_UNIT])
    return bool(_UNIT.match(word))


_UNIT, _LONGEST_UNIT = re.compile(r"(mg|mL|mcg|µg|kg|L|g|mmHg|min|h|s|%|°C)(?![^\W_])"), 5


def _wide(char: str) -> bool:
    return char >= "\u2e80" and unicodedata.east_asian_width(char) in "WF"


def _not_before_a_mark(cells: Sequence[Cell], start: int, i: int) -> int:
    while i - 1 > start and unicodedata.category(cells[i].shown[:1] or " ").startswith("M"):
        i -= 1
    return i


def _visual_order(cells: Sequence[Cell], from_right: bool) -> list[int]:
    """Reading order to order on the page, by rule L2 of Unicode Annex 9; spaces at the end follow the paragraph."""
    base = int(from_right)
    levels = [cell.level for cell in cells]
    for i in range(len(trimmed(cells)), len(cells)):
        levels[i] = base
    order = list(range(len(cells)))
    for level in range(max(levels), 0, -1):
        i = 0
        while i < len(order):
            j = i
            while j < len(order) and levels[order[j]] >= level:
                j += 1
            order[i:j] = order[i:j][::-1]
            i = j + 1
    return order


def _words(cells: Sequence[Cell]) -> list[list[int]]:
    words: list[list[int]] = [[]]
    for i, cell in enumerate(cells):
        if words[-1] and not cell.shown.isspace() and cells[i - 1].shown.isspace():
            words.append([])
        words[-1].append(i)
    return words


def fitted(text: str, ink: Ink, size: float, room: float, findings: Findings) -> Line:
    """The text on one line, line ends as spaces; what does not fit the room in points gives way to an ellipsis."""
    ((cells, from_right),) = paragraphs([(" ".join(text.splitlines()), ink)], findings)
    if width_of(cells) * size <= room * 1000:
        return Line(cells, from_right)
    ((dots, _),) = paragraphs([("…", ink)], findings)
    left = room * 1000 / size - width_of(dots)
    end = 0
    while end < len(cells) and left >= cells[end].width:
        left -= cells[end].width
        end += 1
    return Line([*trimmed(cells[:end]), *dots], from_right)
