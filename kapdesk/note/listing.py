"""Sets the tables of matters, and what the other tables of a note are set with: heads, rows below rows, sentences."""

from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable

from kapdesk.note.paper import Line, Table
from kapdesk.note.setting import Prose
from kapdesk.note.styles import CELL, CELL_RIGHT, HEAD, HEAD_RIGHT, PLAIN, QUIET, QUIET_SEMI, SMALL, STRUCK, Case
from kapdesk.note.tables import Box, Grid, Row, Spacing

TIGHT = Spacing(side=3, above=0.9, below=1.3)
"""Room in a table of many short lines."""
_TIME, _MINUTE, _BY = 8.5, 6.5, 7.0


def matter(table: Table, heading: str, case: Case) -> list[Flowable]:
    """A table under its heading; without one it goes on with what stands above it."""
    whole = sum(table.shares)
    shares = [share * (100 - _TIME - _MINUTE - _BY) / whole for share in table.shares]
    names = [case.say("Time", HEAD, QUIET_SEMI), case.say("Min", HEAD_RIGHT, QUIET_SEMI)]
    names += [case.say(name, HEAD, QUIET_SEMI) for name in (*table.columns, "By")]
    head = Row(tuple(Box((name,)) for name in names))
    rows = [row for line in table.lines for row in _row(line, len(table.columns), case)]
    intro = [case.say(table.intro, SMALL, QUIET)] if table.intro else []
    above = [case.heading(heading)] if heading else []
    return [CondPageBreak(60), *above, *intro, Grid([_TIME, _MINUTE, *shares, _BY], head, rows, TIGHT)]


def _row(line: Line, columns: int, case: Case) -> list[Row]:
    """Its cells, the last over what is empty after it; what was amended stands below them, across."""
    ink = STRUCK if line.struck else PLAIN
    cells = list(line.cells)
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    boxes = [Box((case.say(cell, CELL, ink),)) for cell in cells]
    boxes[-1] = boxes[-1]._replace(across=columns - len(boxes) + 1)
    time, minute = case.clock(line), case.say(line.minute, CELL_RIGHT)
    row = Row((Box((time,)), Box((minute,)), *boxes, Box((case.say(line.by),))))
    return with_below(row, 2, case.amendments(line))


def columns(case: Case, *names: str, right: Sequence[int] = ()) -> Row:
    """The names of the columns; `right` are those whose figures stand at the right."""
    styles = [HEAD_RIGHT if i in right else HEAD for i in range(len(names))]
    return Row(tuple(Box((case.say(name, style, QUIET_SEMI),)) for name, style in zip(names, styles, strict=True)))


def with_below(row: Row, after: int, below: Sequence[Prose]) -> list[Row]:
    """The row, and what is said below it from the column `after` on."""
    if not below:
        return [row]
    wide = sum(box.across for box in row.boxes)
    said = Row((Box(across=after), Box(tuple(below), across=wide - after)))
    return [row._replace(heads=True, rule=False), said]


def sentences(lines: Sequence[str], heading: str, case: Case) -> list[Flowable]:
    """Sentences under a heading."""
    return [CondPageBreak(60), case.heading(heading), *case.lines(lines, SMALL)] if lines else []
