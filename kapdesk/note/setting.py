"""Sets prose: breaks paragraphs into lines, splits them over pages, and draws them with their text layer intact."""

import unicodedata
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from reportlab.platypus import Flowable

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
        return not any(_trimmed(p.cells) for p in self._paragraphs)

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

    def draw(self) -> None:
        """Put the lines on the page; called by reportlab with the origin at the lower left corner."""
        y = self.height - self.style.leading * 0.5 - self.style.size * 0.33
        lines = self.lines(self.width)
        if not any(_trimmed(line.cells) for line in lines):
            return
        marks = marks_of(self.canv)
        marks.begin(self.canv, self.tag)
        for line in lines:
            draw_line(self.canv, 0, y, line, self.style.size, self.width - self.style.inset, self.style.align)
            y -= self.style.leading
        marks.end(self.canv)

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
    """Draw one line with its baseline at y, within a width from x; a paragraph from the right ends at the right."""
    cells = line.cells
    if not cells:
        return
    if line.from_right and align == "left":
        align = "right"
    if align != "left":
        slack = width - width_of(_trimmed(cells)) * size / 1000
        x += slack if align == "right" else slack / 2
    if not any(cell.level for cell in cells):
        _draw_run(canvas, x, y, cells, size)
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
                _draw_run(canvas, places[in_sight[start]], y, run, size)
                start = n


def _draw_run(canvas: Any, x: float, y: float, cells: Sequence[Cell], size: float) -> None:
    text = canvas.beginText(x, y)
    strokes: list[tuple[float, float, int]] = []
    at, first = x, 0
    for n in range(1, len(cells) + 1):
        head = cells[first]
        if n < len(cells) and _alike(head, cells[n]):
            continue
        run = cells[first:n]
        first = n
        wide = width_of(run) * size / 1000
        text.setFont(head.face, size)
        text.setFillColorRGB(*_rgb(head.ink.colour))
        if _differs(head):
            actual = "".join(cell.source for cell in run).encode("utf-16-be", "surrogatepass").hex().upper()
            text._code.append(f"/Span <</ActualText <FEFF{actual}>>> BDC")
            text.textOut("".join(cell.shown for cell in run))
            text._code.append("EMC")
        else:
            text.textOut("".join(cell.shown for cell in run))
        if head.ink.struck:
            strokes.append((at, at + width_of(_trimmed(run)) * size / 1000, head.ink.colour))
        at += wide
    canvas.drawText(text)
    for left, right, colour in strokes:
        canvas.setStrokeColorRGB(*_rgb(colour))
        canvas.setLineWidth(size * 0.06)
        canvas.line(left, y + size * 0.24, right, y + size * 0.24)


def _alike(one: Cell, other: Cell) -> bool:
    return one.face == other.face and one.ink == other.ink and _differs(one) == _differs(other)


def _differs(cell: Cell) -> bool:
    """Whether the text layer needs to be told what was written. Joined letters tell by themselves (fonts.py)."""
    return cell.shown != cell.source and cell.level % 2 == 0


def _rgb(colour: int) -> tuple[float, float, float]:
    return (colour >> 16) / 255, (colour >> 8 & 255) / 255, (colour & 255) / 255


def _broken(paragraph: Paragraph, room: float) -> list[Line]:
    """Greedy lines; spaces at an end hang over it, a word wider than the room is broken between characters."""
    cells = paragraph.cells
    lines: list[Line] = []
    start, good, used, used_at_good = 0, 0, 0.0, 0.0
    for i, cell in enumerate(cells):
        space = cell.shown.isspace()
        if used + cell.width > room + 0.5 and not space and i > start:
            end = good if good > start else _not_before_a_mark(cells, start, i)
            used -= used_at_good if good > start else sum(c.width for c in cells[start:end])
            lines.append(Line(cells[start:end], paragraph.from_right))
            start, good, used_at_good = end, end, 0.0
        used += cell.width
        if _may_break_after(cells, i):
            good, used_at_good = i + 1, used
    lines.append(Line(cells[start:], paragraph.from_right))
    return lines


def _may_break_after(cells: Sequence[Cell], i: int) -> bool:
    char = cells[i].shown[-1:]
    after = cells[i + 1].shown[:1] if i + 1 < len(cells) else ""
    if char.isspace():
        return char != "\u00a0" and not after.isspace()
    if char in "-–—/":
        before = cells[i - 1].shown[-1:] if i else " "
        return char != "/" and before.isalpha() and after.isalpha()
    if after in _NO_LINE_STARTS_WITH or char in _NO_LINE_ENDS_WITH or not after:
        return False
    return _wide(char) or (_wide(after) and not char.isspace())


def _wide(char: str) -> bool:
    return char >= "\u2e80" and unicodedata.east_asian_width(char) in "WF"


def _not_before_a_mark(cells: Sequence[Cell], start: int, i: int) -> int:
    while i - 1 > start and unicodedata.category(cells[i].shown[:1] or " ").startswith("M"):
        i -= 1
    return i


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    end = len(cells)
    while end and cells[end - 1].shown.isspace():
        end -= 1
    return cells[:end]


def _visual_order(cells: Sequence[Cell], from_right: bool) -> list[int]:
    """Reading order to order on the page, by rule L2 of Unicode Annex 9; spaces at the end follow the paragraph."""
    base = int(from_right)
    levels = [cell.level for cell in cells]
    for i in range(len(_trimmed(cells)), len(cells)):
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
    return Line([*_trimmed(cells[:end]), *dots], from_right)
