"""The stock of each medication's lot: what came in, went out, was drawn for visits and returned. Pure.

A lot has a stock from its first line on: what came in, or what was found when it was counted. What lies there by a
count is what holds from then on; how far that was from what was expected stays on paper.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from kapdesk.clinical.dosing import lot_key
from kapdesk.facts.stock import StockMove
from kapdesk.note import wording
from kapdesk.note.sheet import Column, Line, Table

_SIGN: dict[StockMove, int] = {"came in": 1, "went back": -1, "destroyed": -1}


class Moved(msgspec.Struct, frozen=True):
    """A line of the stock: when, what (µg), by whom, who looked on ("" for nobody). Without `what` it is of a visit:
    what came back from it less what was drawn for it."""

    at_us: int
    day: date
    medication: str
    lot: str
    amount_ug: int
    what: StockMove | None = None
    words: str = ""
    by: str = ""
    witnessed_by: str = ""


class Held(msgspec.Struct, frozen=True):
    """A lot over a period (µg): what lay there before, what came in, went out, and lies there after; `off_ug` is by how
    much counts of the period differed from what was expected. None where nobody has said what lay there."""

    medication: str
    lot: str
    before_ug: int | None
    in_ug: int
    out_ug: int
    drawn_ug: int
    after_ug: int | None
    off_ug: int = 0
    counted: bool = False


def held(moves: Iterable[Moved], since: date) -> tuple[Held, ...]:
    """Each lot that has a stock, from the lines up to the end of a period that begins on a day."""
    lots: dict[tuple[str, str], list[Moved]] = {}
    for each in sorted(moves, key=lambda each: each.at_us):
        lots.setdefault(lot_key(each.medication, each.lot), []).append(each)
    return tuple(
        _held(medication, lot, lines, since)
        for (medication, lot), lines in sorted(lots.items())
        if any(each.what is not None for each in lines)
    )


def _held(medication: str, lot: str, lines: Sequence[Moved], since: date) -> Held:
    stock: int | None = None
    in_ug = out_ug = drawn_ug = off_ug = 0
    counted = False
    earlier = [each for each in lines if each.day < since]
    for each in earlier:
        stock = _after(stock, each)
    before = stock
    for each in lines[len(earlier) :]:
        if each.what == "counted":
            off_ug += each.amount_ug - stock if stock is not None else 0
            counted = True
        elif each.what == "came in":
            in_ug += each.amount_ug
        elif each.what is not None:
            out_ug += each.amount_ug
        else:
            drawn_ug -= each.amount_ug
        stock = _after(stock, each)
    return Held(medication, lot, before, in_ug, out_ug, drawn_ug, stock, off_ug, counted)


def _after(stock: int | None, each: Moved) -> int | None:
    """What lies there after a line."""
    if each.what == "counted":
        return each.amount_ug
    if each.what is not None:
        return (stock or 0) + _SIGN[each.what] * each.amount_ug
    return stock + each.amount_ug if stock is not None else None


def stock_table(lots: Sequence[Held]) -> Table:
    """Before, in, out and after of each lot, in mg; a difference that a count found is strong."""
    names = ("Before", "Came in", "Went out", "For visits", "After")
    columns = (
        Column(name="Medication, lot", share=30),
        *(Column(name=name, share=10, figures=True) for name in names),
        Column(name="By count", share=20),
    )
    lines = []
    for each in lots:
        found = f"▲ {_signed(each.off_ug)} mg" if each.off_ug else "as expected" if each.counted else "not counted"
        short = "▲ below nothing" if each.after_ug is not None and each.after_ug < 0 else ""
        amounts = (each.before_ug, each.in_ug, each.out_ug, each.drawn_ug, each.after_ug)
        cells = (lot_of(each.medication, each.lot), *map(_mg, amounts), ", ".join(filter(None, (found, short))))
        lines.append(Line(cells=cells, strong=bool(each.off_ug or short)))
    return Table(columns=columns, lines=tuple(lines))


def moves_table(moves: Sequence[Moved]) -> Table:
    """What was said of the stock itself, each with who looked on."""
    columns = (
        Column(name="Day", share=11),
        Column(name="Medication, lot", share=22),
        Column(name="What", share=11),
        Column(name="Amount", share=9, figures=True),
        Column(name="From, to, why", share=19),
        Column(name="By", share=13),
        Column(name="Witnessed by", share=15),
    )
    lines = tuple(
        Line(
            cells=(
                each.day.isoformat(),
                lot_of(each.medication, each.lot),
                each.what or "",
                _mg(each.amount_ug),
                each.words,
                each.by,
                each.witnessed_by or "▲ not witnessed",
            ),
            strong=not each.witnessed_by,
        )
        for each in moves
        if each.what is not None
    )
    return Table(columns=columns, lines=lines)


def lot_of(medication: str, lot: str) -> str:
    """A medication with its lot, or that it has none."""
    return f"{medication}, lot {lot}" if lot else f"{medication}, no lot"


def _mg(amount_ug: int | None) -> str:
    return "–" if amount_ug is None else wording.mg(amount_ug).removesuffix(" mg")


def _signed(amount_ug: int) -> str:
    return f"+{_mg(amount_ug)}" if amount_ug > 0 else f"−{_mg(-amount_ug)}"
