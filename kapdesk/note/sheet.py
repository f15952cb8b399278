"""What stands on a paper that is no session note: headings, with words, lists, tables and small charts below them."""

from typing import Literal

import msgspec

from kapdesk.note.paper import Named, PaperSize, Piece, Tile

How = Literal["plain", "quiet", "strong", "quoted", "larger", "largest"]


class Words(Piece, frozen=True, tag="words"):
    """A paragraph. `quoted`: somebody's own words, set so. `larger`, `largest`: what is read first, at arm's length."""

    text: str
    how: How = "plain"


class Points(Piece, frozen=True, tag="points"):
    """A list, with a dot before each item, or its number."""

    items: tuple[str, ...]
    numbered: bool = False


class Column(Piece, frozen=True):
    """A column of a table: its name, its share of the width, and whether it holds figures, which end at the right."""

    name: str
    share: float
    figures: bool = False


class Line(Piece, frozen=True):
    """A line of a table, a cell for each column; `strong`: a sum, or what somebody must see."""

    cells: tuple[str, ...]
    strong: bool = False


class Table(Piece, frozen=True, tag="table"):
    """Lines under their columns' names. `to_write`: high enough for a hand, for its empty cells are written into."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    to_write: bool = False


class Facts(Piece, frozen=True, tag="facts"):
    """Figures with their names, one below the other, in so many columns; `names`: percent of their room."""

    facts: tuple[Named, ...]
    columns: int = 1
    names: int = 18


class ToWrite(Piece, frozen=True, tag="to write"):
    """Names with a line each to write on by hand."""

    names: tuple[str, ...]
    columns: int = 2


class Dot(Piece, frozen=True):
    """A value on a day (`date.toordinal`), and how it is printed beside its mark."""

    day: int
    value: int
    words: str


class Level(Piece, frozen=True):
    """A value with a name: where a band of a questionnaire begins, or a limit."""

    value: int
    name: str


MOST_NAMED = 16
"""Of more dots in a lane only the first, the last, the highest and the lowest are named: they would touch."""


class Lane(Piece, frozen=True):
    """One measure over time, on its own scale; never two in one. `joined`: a line runs from dot to dot."""

    name: str
    dots: tuple[Dot, ...]
    least: int
    most: int
    levels: tuple[Level, ...] = ()
    joined: bool = False


class Plot(Piece, frozen=True, tag="plot"):
    """Measures below each other over one row of days. `marks` are days with a name (the dosing visits); `words` tell
    it to whoever cannot see it."""

    lanes: tuple[Lane, ...]
    words: str
    marks: tuple[Dot, ...] = ()


Block = Words | Points | Table | Facts | ToWrite | Plot


class Part(Piece, frozen=True):
    """A heading ("" for none) and what stands below it. `beside`: short, and may stand beside others that are so."""

    heading: str
    blocks: tuple[Block, ...]
    beside: bool = False


class Sheet(Piece, frozen=True):
    """A paper of its own. `whose` stands on every page (a patient, a period), with birth date and record number where
    it is a patient; `large`: in large type, for whoever reads it at home; `black`: in larger type and black alone, for
    whoever reads it in a hurry. A rehearsal's has that word across each page."""

    title: str
    clinic: str
    whose: str
    date: str
    parts: tuple[Part, ...]
    subtitle: str = ""
    status: str = ""
    """What is to be known of the paper itself, in a sentence or two: what it counts, what it leaves out."""
    born: str = ""
    number: str = ""
    letterhead: tuple[str, ...] = ()
    """Under the clinic's name on the first page, as on its notes."""
    foot: str = "Confidential health record"
    tiles: tuple[Tile, ...] = ()
    large: bool = False
    black: bool = False
    rehearsal: bool = False
    paper: PaperSize = "A4"
    language: str = "en"


def text_of(sheet: Sheet | Part) -> str:
    """Every word of a sheet or a part of it."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list | tuple):
            for each in value:
                walk(each)
        elif isinstance(value, dict):
            for name, each in value.items():
                if name not in ("type", "how", "paper", "language"):
                    walk(each)

    walk(msgspec.to_builtins(sheet))
    return "\n".join(found)
