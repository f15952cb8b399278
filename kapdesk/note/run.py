"""Writes a stretch of text into a page: its faces and colours, its letters, and what they stand for."""

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from reportlab.pdfbase.pdfmetrics import getFont

from kapdesk.note.script import Cell, width_of

_shown = attrgetter("shown")
_source = attrgetter("source")
_ESCAPED = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256))} | {
    ord(sign): f"\\{sign}" for sign in "()\\"
}


def draw_run(canvas: Any, x: float, y: float, cells: Sequence[Cell], size: float) -> None:
    """Cells one after the other from x on, in the order of the page, on a baseline at y (points)."""
    code = [f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm"]
    strokes: list[tuple[int, int, int]] = []
    first, end = 0, len(cells)
    while first < end:
        head = cells[first]
        face, ink, differs = head.face, head.ink, _differs(head)
        last = first + 1
        while last < end:
            cell = cells[last]
            if (cell.ink is not ink and cell.ink != ink) or cell.face != face or _differs(cell) != differs:
                break
            last += 1
        run = cells[first:last]
        code.append(fill(ink.colour))
        if differs:
            actual = "".join(map(_source, run)).encode("utf-16-be", "surrogatepass").hex().upper()
            code.append(f"/Span <</ActualText <FEFF{actual}>>> BDC")
        _write(code, canvas._doc, face, size, "".join(map(_shown, run)))
        if differs:
            code.append("EMC")
        if ink.struck:
            strokes.append((first, last, ink.colour))
        first = last
    code.append("ET")
    for first, last, colour in strokes:
        left, height = x + width_of(cells[:first]) * size / 1000, y + size * 0.24
        right = left + width_of(trimmed(cells[first:last])) * size / 1000
        code.append(f"{stroke(colour)} {size * 0.06:.3f} w {left:.2f} {height:.2f} m {right:.2f} {height:.2f} l S")
    canvas._code.append(" ".join(code))


def trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells without the spaces at their end."""
    end = len(cells)
    while end and cells[end - 1].shown.isspace():
        end -= 1
    return cells if end == len(cells) else cells[:end]


@cache
def fill(colour: int) -> str:
    """The operator that fills with a colour, 0xRRGGBB."""
    return f"{_parts(colour)} rg"


@cache
def stroke(colour: int) -> str:
    """The operator that draws lines in a colour, 0xRRGGBB."""
    return f"{_parts(colour)} RG"


def _parts(colour: int) -> str:
    return " ".join(f"{part / 255:.4g}" for part in colour.to_bytes(3, "big"))


def _differs(cell: Cell) -> bool:
    """Whether the text layer needs to be told what was written. Joined letters tell by themselves (fonts.py)."""
    return cell.shown is not cell.source and cell.shown != cell.source and cell.level % 2 == 0


def _write(code: list[str], document: Any, face: str, size: float, text: str) -> None:
    """The letters in the font's own codes: a font of a PDF has 256 of them, and there are as many as it takes."""
    font = getFont(face)
    if document not in font.state:
        font.splitString("", document)
    if text.isascii():  # the first of them has these at their own places
        code.append(f"{font.getSubsetInternalName(0, document)} {size:g} Tf ({text.translate(_ESCAPED)}) Tj")
        return
    for subset, letters in font.splitString(text, document):
        name = font.getSubsetInternalName(subset, document)
        code.append(f"{name} {size:g} Tf ({letters.decode('latin-1').translate(_ESCAPED)}) Tj")
