"""Sets the vital signs: the readings with their flags, and what was due and not taken."""

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from kapdesk.note import fonts
from kapdesk.note.listing import TIGHT, columns, with_below
from kapdesk.note.paper import Reading, Vitals
from kapdesk.note.script import Ink
from kapdesk.note.setting import Prose, Style
from kapdesk.note.styles import (
    BREACH_PALE,
    CELL,
    CELL_RIGHT,
    HEAD,
    HEAD_RIGHT,
    PLAIN,
    QUIET,
    QUIET_SEMI,
    SMALL,
    STRUCK,
    TEAL,
    Case,
)
from kapdesk.note.tables import Box, Grid, Row


def vitals_part(vitals: Vitals, heading: str, case: Case) -> list[Flowable]:
    """The readings with the limits they were held against, then those that were due and not taken."""
    story: list[Flowable] = []
    if vitals.readings:
        words = "▲ H above, ▼ L below this clinic’s limits" + (f" ({vitals.limits})." if vitals.limits else ".")
        if vitals.baseline:
            words += f" Baseline: {vitals.baseline}."
        if vitals.how:
            words += f" All were taken so: {vitals.how}."
        names: list[Prose] = [case.say("Time", HEAD, QUIET_SEMI), case.say("Min", HEAD_RIGHT, QUIET_SEMI)]
        for column in vitals.columns:
            spans = [(column.name, QUIET_SEMI)] + ([(f"\n{column.unit}", QUIET)] if column.unit else [])
            names.append(case.say(spans, HEAD_RIGHT))
        names.append(case.say("By", HEAD, QUIET_SEMI))
        shares = [9, 7, *([76 / max(1, len(vitals.columns))] * len(vitals.columns)), 8]
        rows = [row for reading in vitals.readings for row in _reading(reading, case)]
        table = Grid(shares, Row(tuple(Box((name,)) for name in names)), rows, TIGHT)
        story += [CondPageBreak(120), case.heading(heading), case.say(words, SMALL, QUIET), Spacer(0, 2), table]
    if vitals.not_taken:
        head = columns(case, "Time", "Min", "Not taken", "Reason", "By", right=(1,))
        rows = [
            Row((
                Box((case.clock(each),)), Box((case.say(each.minute, CELL_RIGHT),)), Box((case.say(each.what),)),
                Box((case.say(each.reason, CELL, STRUCK if each.struck else PLAIN), *case.amendments(each))),
                Box((case.say(each.by),)),
            ))
            for each in vitals.not_taken
        ]  # fmt: skip
        story += [
            CondPageBreak(60),
            case.say("Readings not taken", _SUB, _SUB_INK),
            Grid([9, 7, 24, 52, 8], head, rows, TIGHT),
        ]
    return story


_SUB = Style(9.6, 12.4, before=7, after=2, role="H3")
_SUB_INK = Ink(fonts.SEMIBOLD, TEAL)


def _reading(reading: Reading, case: Case) -> list[Row]:
    """The figures; below them, across, what was amended."""
    figures = [
        Box(
            (case.say(figure.value, CELL_RIGHT, STRUCK) if reading.struck else case.figure(figure),),
            tint=BREACH_PALE if figure.flag and not reading.struck else None,
        )
        for figure in reading.figures
    ]
    how = [case.say(reading.how, SMALL, STRUCK if reading.struck else QUIET)] if reading.how else []
    below = [*how, *case.amendments(reading)]
    row = Row(
        (
            Box((case.clock(reading),)),
            Box((case.say(reading.minute, CELL_RIGHT),)),
            *figures,
            Box((case.say(reading.by),)),
        )
    )
    return with_below(row, 2, below)
