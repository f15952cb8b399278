"""Sets the tables of matters: what was checked, set aside, counted, rated, done and agreed."""

from reportlab.platypus import CondPageBreak, Flowable

from kapdesk.note.paper import Line, Table
from kapdesk.note.styles import CELL, CELL_RIGHT, HEAD, HEAD_RIGHT, PLAIN, QUIET, QUIET_SEMI, SMALL, STRUCK, Case
from kapdesk.note.tables import Box, Grid, Row, Spacing

_TIGHT = Spacing(side=3, above=0.9, below=1.3)
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
    return [CondPageBreak(60), *above, *intro, Grid([_TIME, _MINUTE, *shares, _BY], head, rows, _TIGHT)]


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
    amended = case.amendments(line)
    if not amended:
        return [row]
    below = Row((Box(across=2), Box(tuple(amended), across=columns + 1)))
    return [row._replace(heads=True, rule=False), below]
