"""Sets a paper that is no session note, in the frame and with the means of one; in large type for who takes it home."""

from itertools import groupby
from typing import assert_never

import msgspec
from reportlab.platypus import CondPageBreak, Flowable, Indenter, KeepTogether, Spacer

from kapdesk.note import fonts
from kapdesk.note.drawing import Figure
from kapdesk.note.fitting import one_page
from kapdesk.note.front import SignHere, letterhead_of, tiles_of
from kapdesk.note.lanes import drawing_of
from kapdesk.note.layout import inner_height, set_pages
from kapdesk.note.paper import Note, Patient
from kapdesk.note.script import Ink
from kapdesk.note.setting import Prose, Style
from kapdesk.note.sheet import Block, Facts, Part, Plot, Points, Sheet, Table, ToWrite, Words, text_of
from kapdesk.note.styles import (
    BODY,
    CELL,
    CELL_RIGHT,
    CODE,
    HEAD,
    HEAD_RIGHT,
    HEADING,
    INK,
    PALE,
    PLAIN,
    QUIET,
    QUIET_SEMI,
    QUOTED,
    SEMI,
    SUBTITLE,
    TEAL,
    TITLE,
    Case,
)
from kapdesk.note.tables import Box, Grid, Row, Spacing
from kapdesk.note.tags import BESIDE, FACTS, ONE, Tag, items, marks_of

_INKS = {"plain": PLAIN, "quiet": QUIET, "strong": SEMI, "quoted": QUOTED, "larger": SEMI, "largest": SEMI}
_BLACK = 0x000000
_LARGE = Style(13, 18.5, after=3)
_LARGE_HEADING = Style(14.5, 18, before=14, after=4, role="H2")
_LARGE_TITLE, _LARGE_SUBTITLE = Style(25, 31, role="H1"), Style(13, 18, after=4)
_BESIDE = Style(8.8, 11.6, inset=14)
_SHORT, _MOST_BESIDE = 420, 3
"""Parts of fewer letters than that may stand beside each other, so many of them."""
_TOGETHER = 12
"""Parts of fewer pieces than this stand on one page, where a sheet is large."""
_LARGER, _LARGEST = Style(13.5, 17.5, after=1), Style(22, 27, after=2)
_HURRIED, _HURRIED_CELL, _HURRIED_HEAD = Style(11, 14.5), Style(11.5, 14.5), Style(9, 11)
_HURRIED_HEADING, _HURRIED_TITLE = Style(12.5, 15.5, before=8, after=2.5, role="H2"), Style(20, 25, role="H1")
_STEP = 14.0
"""How far the items of a list stand in, in points."""


def set_sheet(sheet: Sheet) -> bytes:
    """The sheet as a PDF file. The same sheet gives the same bytes, on the same fonts and library."""
    frame = Note(
        standing="rehearsal" if sheet.rehearsal else "signed",
        clinic=sheet.clinic,
        patient=Patient(name=sheet.whose, born=sheet.born, number=sheet.number),
        session="",
        date=sheet.date,
        title=sheet.title,
        subtitle=sheet.subtitle,
        paper=sheet.paper,
        language=sheet.language,
    )

    def story(case: Case, inner: float) -> list[Flowable]:
        return one_page(lambda each: _Setter(sheet, each, inner).story(), case, inner, inner_height(sheet.paper))

    return set_pages(frame, story, sheet.foot)


class _Setter:
    """Sets the parts of one sheet, in its size."""

    def __init__(self, sheet: Sheet, case: Case, inner: float) -> None:
        self._sheet, self._case, self._inner = sheet, case, inner
        self._body = _LARGE if sheet.large else _HURRIED if sheet.black else BODY
        self._heading = _LARGE_HEADING if sheet.large else _HURRIED_HEADING if sheet.black else HEADING
        self._cell, self._head = (_HURRIED_CELL, _HURRIED_HEAD) if sheet.black else (CELL, HEAD)
        self._title = Ink(fonts.SEMIBOLD, _BLACK if sheet.black else TEAL)

    def story(self) -> list[Flowable]:
        """Title, what is to be known of the paper, the figures at its head, then its parts."""
        sheet, case, large = self._sheet, self._case, self._sheet.large
        made: list[Flowable] = [letterhead_of(sheet.letterhead, case)] if sheet.letterhead else []
        if large:
            made.append(Spacer(0, 4))
        title = _LARGE_TITLE if large else _HURRIED_TITLE if sheet.black else TITLE
        made.append(case.say(sheet.title, title, Ink(fonts.SEMIBOLD, TEAL if large else INK)))
        if sheet.subtitle:
            made.append(case.say(sheet.subtitle, _LARGE_SUBTITLE if large else SUBTITLE, QUIET))
        else:
            made.append(Spacer(0, 5))
        if sheet.status:
            row = Row((Box((case.say(sheet.status, BODY),)),), tint=PALE, rule=False)
            made += [Grid([1], None, [row], Spacing(side=7, above=3.6, below=4.2), ONE), Spacer(0, 5)]
        if sheet.tiles:
            made += [tiles_of(sheet.tiles, case), Spacer(0, 2)]
        for together, parts in groupby(sheet.parts, lambda part: part.beside):
            these = list(parts)
            if together and 1 < len(these) <= _MOST_BESIDE and all(len(text_of(each)) < _SHORT for each in these):
                made += self._beside(these)
            else:
                made += [flowable for each in these for flowable in self._part(each)]
        return made

    def _beside(self, parts: list[Part]) -> list[Flowable]:
        """Short parts in one row, a column each."""
        boxes = []
        for part in parts:
            said: list[Prose | Grid] = [self._case.heading(part.heading)]
            for block in part.blocks:
                match block:
                    case Words():
                        said.append(self._case.say(block.text, _BESIDE, _INKS[block.how]))
                    case Points():
                        said += self._case.lines(block.items, _BESIDE)
                    case Facts():
                        said.append(self._facts(msgspec.structs.replace(block, names=38)))
                    case _:
                        raise TypeError(f"{type(block).__name__} does not stand beside others")
            boxes.append(Box(tuple(said)))
        row = Row(tuple(boxes), rule=False)
        close = Spacing(side=0, above=0, below=0, between=1.5)
        return [Spacer(0, 8), Grid([1] * len(boxes), None, [row], close, BESIDE)]

    def _part(self, part: Part) -> list[Flowable]:
        heading = [self._case.say(part.heading, self._heading, self._title)] if part.heading else []
        blocks = [flowable for block in part.blocks for flowable in self._block(block)]
        if isinstance(part.blocks[0], ToWrite | Plot) or (self._sheet.large and len(blocks) < _TOGETHER):
            return [KeepTogether([*heading, *blocks])]
        return [CondPageBreak(70 if self._sheet.large else 52), *heading, *blocks]

    def _block(self, block: Block) -> list[Flowable]:
        match block:
            case Words():
                return self._words(block)
            case Points():
                return self._points(block)
            case Table():
                return [self._table(block), Spacer(0, 4)]
            case Facts():
                return [self._facts(block)]
            case ToWrite():
                return [self._to_write(block)]
            case Plot():
                return [Figure(drawing_of(block, self._inner, self._case.findings), block.words)]
            case _ as unknown:
                assert_never(unknown)

    def _words(self, words: Words) -> list[Flowable]:
        style = {"larger": _LARGER, "largest": _LARGEST}.get(words.how, self._body)
        said = self._case.say(words.text, style, _INKS[words.how])
        if words.how != "quoted":
            return [said]
        return [Indenter(_STEP), Beside(said), Indenter(-_STEP)]

    def _points(self, points: Points) -> list[Flowable]:
        step = _STEP * 1.4 if points.numbered else _STEP
        made = []
        for n, item in enumerate(points.items, 1):
            said = self._case.say(item, self._body)
            made.append(Item(said, self._case.say(f"{n}.", self._body, QUIET) if points.numbered else None))
        items([each.tag for each in made], [each.number for each in made])
        return [Indenter(step), *made, Indenter(-step)]

    def _table(self, table: Table) -> Grid:
        case = self._case
        head = Row(
            tuple(
                Box((case.say(each.name, HEAD_RIGHT if each.figures else self._head, QUIET_SEMI),))
                for each in table.columns
            )
        )
        rows, blank = [], " " if table.to_write else ""
        style = self._cell._replace(leading=22) if table.to_write else self._cell
        for line in table.lines:
            ink = SEMI if line.strong else PLAIN
            boxes = (
                Box((case.say(cell or blank, CELL_RIGHT if column.figures else style, ink),))
                for cell, column in zip(line.cells, table.columns, strict=True)
            )
            rows.append(Row(tuple(boxes), tint=PALE if line.strong and not self._sheet.black else None))
        return Grid([each.share for each in table.columns], head, rows)

    def _facts(self, facts: Facts) -> Grid:
        style = self._body if self._sheet.large or self._sheet.black else CELL
        wide, rows = facts.columns, []
        for first in range(0, len(facts.facts), wide):
            line = facts.facts[first : first + wide]
            boxes = []
            for each in line:
                boxes += [Box((self._case.say(each.name, style, QUIET),)), Box((self._case.say(each.value, style),))]
            rows.append(Row((*boxes, *[Box()] * (2 * (wide - len(line)))), rule=False))
        shares = [facts.names, 100 - facts.names] * wide
        return Grid(shares, None, rows, Spacing(side=0, above=0.6, below=0.8), FACTS)

    def _to_write(self, block: ToWrite) -> Grid:
        rows = []
        for first in range(0, len(block.names), block.columns):
            line = block.names[first : first + block.columns]
            boxes = []
            for name in line:
                blank = self._case.say(" ", CELL._replace(leading=19))
                boxes.append(Box((blank, SignHere(), self._case.say(name, CODE, QUIET))))
            rows.append(Row((*boxes, *[Box()] * (block.columns - len(line))), rule=False))
        return Grid([1] * block.columns, None, rows, Spacing(side=0, above=1, below=3, between=1), BESIDE)


class Beside(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """Somebody's own words, with a quiet bar beside them."""

    def __init__(self, said: Prose) -> None:
        super().__init__()
        self._said, self.tag = said, said.tag

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points; called by reportlab."""
        self.width, self.height = self._said.wrap(width, height)
        return self.width, self.height

    def split(self, width: float, height: float) -> "list[Beside]":
        """Over two pages, each with its bar; called by reportlab."""
        parts = self._said.split(width, height)
        return [self] if parts == [self._said] else [Beside(part) for part in parts]

    def draw(self) -> None:
        """Put it on the page; called by reportlab."""
        marks = marks_of(self.canv)
        marks.artifact(self.canv, "Layout")
        self.canv.setStrokeColorRGB(0.66, 0.79, 0.81)
        self.canv.setLineWidth(2)
        self.canv.line(-_STEP + 2, 2, -_STEP + 2, self.height - 3)
        marks.end(self.canv)
        self._said.drawOn(self.canv, 0, 0)

    def getSpaceAfter(self) -> float:
        """Space below, for reportlab."""
        return self._said.style.after + 2


class Item(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """One item of a list: a dot or its number at the left of its words."""

    def __init__(self, said: Prose, number: Prose | None = None, *, goes_on: bool = False) -> None:
        super().__init__()
        self._said, self._number, self._goes_on = said, number, goes_on
        self.tag = said.tag

    @property
    def number(self) -> Tag | None:
        """The element of its number, where it has one."""
        return self._number.tag if self._number else None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points; called by reportlab."""
        self.width, self.height = self._said.wrap(width, height)
        return self.width, self.height

    def split(self, width: float, height: float) -> "list[Item]":
        """Over two pages, the dot on the first; called by reportlab."""
        parts = self._said.split(width, height)
        if len(parts) < 2:
            return [self] if parts else []
        return [Item(parts[0], self._number, goes_on=self._goes_on), Item(parts[1], goes_on=True)]

    def draw(self) -> None:
        """Put it on the page; called by reportlab."""
        style = self._said.style
        if self._number is not None:
            _, high = self._number.wrap(_STEP * 1.4, 0)
            self._number.drawOn(self.canv, -_STEP * 1.4, self.height - high)
        elif not self._goes_on:
            marks = marks_of(self.canv)
            marks.artifact(self.canv, "Layout")
            self.canv.setFillColorRGB(0.11, 0.37, 0.42)
            self.canv.circle(-_STEP + 5, self.height - style.leading * 0.5, style.size * 0.17, stroke=0, fill=1)
            marks.end(self.canv)
        self._said.drawOn(self.canv, 0, 0)

    def getSpaceAfter(self) -> float:
        """Space below, for reportlab."""
        return self._said.style.after
