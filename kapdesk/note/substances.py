"""The substances log of a period on paper: each count with its witness, what balances and what does not. Pure.

What came in and lies in the safe stands on it where someone said so, else there are lines to write it on. No patient is
named; a visit stands by the end of its id.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from kapdesk.clinical.dosing import lot_key
from kapdesk.note import wording
from kapdesk.note.integration import in_words
from kapdesk.note.paper import PaperSize, Tile
from kapdesk.note.sheet import Column, Line, Part, Sheet, Table, ToWrite, Words
from kapdesk.note.stock import Moved, held, lot_of, moves_table, stock_table


class Counted(msgspec.Struct, frozen=True):
    """One count (µg), of which visit, by whom, and who witnessed it ("" while nobody has)."""

    day: date
    visit: UUID
    medication: str
    lot: str
    drawn_ug: int
    given_ug: int
    wasted_ug: int
    returned_ug: int
    by: str
    witnessed_by: str

    @property
    def left_ug(self) -> int:
        """What was drawn and is not accounted for; 0 where it balances."""
        return self.drawn_ug - self.given_ug - self.wasted_ug - self.returned_ug


class Given(msgspec.Struct, frozen=True):
    """What the doses of a visit come to of one medication and lot (µg), and what was counted as given, None for no
    count."""

    day: date
    visit: UUID
    medication: str
    lot: str
    given_ug: int
    counted_ug: int | None


class Balance(msgspec.Struct, frozen=True):
    """All counts of one medication and lot in a period (µg); `given_ug` as counted, `doses_ug` as the doses say."""

    medication: str
    lot: str
    counts: int
    drawn_ug: int
    given_ug: int
    wasted_ug: int
    returned_ug: int
    doses_ug: int
    unwitnessed: int

    @property
    def left_ug(self) -> int:
        """What is not accounted for in these counts."""
        return self.drawn_ug - self.given_ug - self.wasted_ug - self.returned_ug

    @property
    def open(self) -> bool:
        """Whether somebody has to look at it: something is left over, differs from the doses, or was not witnessed."""
        return bool(self.left_ug or self.given_ug != self.doses_ug or self.unwitnessed)


def newest(counts: Iterable[Counted]) -> list[Counted]:
    """Of the counts in the order of time those that hold: a later one of the same lot in a visit stands for it."""
    found = {(each.visit, *lot_key(each.medication, each.lot)): each for each in counts}
    return list(found.values())


def balances(counts: Iterable[Counted], given: Iterable[Given]) -> tuple[Balance, ...]:
    """By medication and lot, in the order of their names."""
    found: dict[tuple[str, str], list[int]] = {}
    for each in newest(counts):
        sums = found.setdefault(lot_key(each.medication, each.lot), [0] * 7)
        parts = (1, each.drawn_ug, each.given_ug, each.wasted_ug, each.returned_ug, 0, not each.witnessed_by)
        for n, part in enumerate(parts):
            sums[n] += part
    for one in given:
        found.setdefault((one.medication, one.lot), [0] * 7)[5] += one.given_ug
    return tuple(Balance(medication, lot, *sums) for (medication, lot), sums in sorted(found.items()))


def substances_of(
    counts: Sequence[Counted],
    given: Sequence[Given],
    days: tuple[date, date],
    clinic: str = "",
    paper: PaperSize = "A4",
    moves: Sequence[Moved] = (),
) -> Sheet:
    """The log of the days from the first to the last, both included; `moves` are the lines of the stock up to then."""
    made = balances(counts, given)
    uncounted = [each for each in given if each.counted_ug != each.given_ug]
    unwitnessed = sum(not each.witnessed_by for each in newest(counts))
    left = [each for each in made if each.left_ug]
    off = sum(each.off_ug != 0 for each in held(moves, days[0]))
    visits = len({each.visit for each in counts})
    of = "of 1 visit" if visits == 1 else f"of {visits} visits"
    period = between(*days)
    parts = [
        Part(heading="Balance by medication and lot, in mg", blocks=(balance_table(made),)) if made else None,
        *_in_stock(made, moves, days),
        Part(heading="Doses that no count answers, in mg", blocks=(_uncounted(uncounted),)) if uncounted else None,
        Part(
            heading="Every count, in mg",
            blocks=(_counts(counts),) if counts else (Words(text="Nothing was counted in that time.", how="quiet"),),
        ),
        Part(heading="Looked through", blocks=(ToWrite(names=("Name, signature, date", "Second person")),)),
    ]
    return Sheet(
        title="Substances log",
        subtitle=f"{period}  ·  drawn is given, wasted and returned",
        status=_status(len(uncounted), unwitnessed, len(left), off) if made or moves else "",
        clinic=clinic,
        whose="Substances log",
        date=period,
        tiles=(
            Tile(name="Counts", value=str(len(counts)), more=of),
            Tile(name="Not witnessed", value=str(unwitnessed), more="counts"),
            Tile(name="Not counted", value=str(len(uncounted)), more="given on record, no count or another"),
            Tile(name="Not accounted for", value=str(len(left)), more="lots"),
        ),
        parts=tuple(part for part in parts if part is not None),
        paper=paper,
    )


def _in_stock(made: Sequence[Balance], moves: Sequence[Moved], days: tuple[date, date]) -> tuple[Part, ...]:
    """The stock of each lot and what was said of it; where nobody said anything, lines to write it on."""
    if lots := held(moves, days[0]):
        parts = [Part(heading="Stock by lot, in mg", blocks=(stock_table(lots),))]
        told = [each for each in moves if each.what is not None and days[0] <= each.day <= days[1]]
        if told:
            parts.append(Part(heading="What came in, went out and was counted, in mg", blocks=(moves_table(told),)))
        return tuple(parts)
    if not made:
        return ()
    said = Words(text="Nothing is on record of what was received and what lies in the safe.", how="quiet")
    return (Part(heading="In stock, by hand", blocks=(said, _stock(made))),)


def between(first: date, last: date) -> str:
    """ "1 to 30 November 2026"."""
    one, other = (in_words(day).split(" ", 1)[1] for day in (first, last))
    if first == last:
        return one
    return f"{first.day} to {other}" if (first.year, first.month) == (last.year, last.month) else f"{one} to {other}"


def balance_table(made: Sequence[Balance]) -> Table:
    """The sums of each lot; what somebody has to look at is strong, with a shape before it."""
    names = ("Drawn", "Given", "Wasted", "Returned", "Left over", "By doses")
    columns = (
        Column(name="Medication, lot", share=27),
        *(Column(name=name, share=8.5, figures=True) for name in names),
        Column(name="To be looked at", share=22),
    )
    return Table(
        columns=columns,
        lines=tuple(
            Line(
                cells=(
                    lot_of(each.medication, each.lot),
                    *map(
                        _mg,
                        (each.drawn_ug, each.given_ug, each.wasted_ug, each.returned_ug, each.left_ug, each.doses_ug),
                    ),
                    _looked(each),
                ),
                strong=each.open,
            )
            for each in made
        ),
    )


def _looked(each: Balance) -> str:
    said = []
    if each.left_ug:
        said.append("does not balance")
    if each.given_ug != each.doses_ug:
        said.append("doses differ")
    if each.unwitnessed:
        said.append(f"{each.unwitnessed} not witnessed")
    return f"▲ {', '.join(said)}" if said else ""


def _status(uncounted: int, unwitnessed: int, left: int, off: int) -> str:
    if not (uncounted or unwitnessed or left or off):
        return "Every dose is counted, every count is witnessed, and everything drawn is accounted for."
    said = [
        f"{uncounted} {'dose is' if uncounted == 1 else 'doses are'} not counted" if uncounted else "",
        f"{unwitnessed} {'count is' if unwitnessed == 1 else 'counts are'} not witnessed" if unwitnessed else "",
        f"{left} {'lot does' if left == 1 else 'lots do'} not balance" if left else "",
        f"of {off} {'lot' if off == 1 else 'lots'} not so much was found as was expected" if off else "",
    ]
    return f"To be looked at: {'; '.join(filter(None, said))}."


def _uncounted(given: Sequence[Given]) -> Table:
    return Table(
        columns=(
            Column(name="Day", share=14),
            Column(name="Visit", share=14),
            Column(name="Medication, lot", share=36),
            Column(name="Given by the doses", share=18, figures=True),
            Column(name="Counted as given", share=18, figures=True),
        ),
        lines=tuple(
            Line(
                cells=(
                    each.day.isoformat(),
                    short(each.visit),
                    lot_of(each.medication, each.lot),
                    _mg(each.given_ug),
                    "not counted" if each.counted_ug is None else _mg(each.counted_ug),
                )
            )
            for each in given
        ),
    )


_AMOUNTS = (("Drawn", 7.5), ("Given", 7.5), ("Wasted", 8.5), ("Returned", 9.5))


def _counts(counts: Sequence[Counted]) -> Table:
    holding = set(map(id, newest(counts)))
    lines = []
    for each in counts:
        looked = _doubt(each) if id(each) in holding else ""
        later = "" if id(each) in holding else "counted anew later"
        amounts = map(_mg, (each.drawn_ug, each.given_ug, each.wasted_ug, each.returned_ug))
        witness = ", ".join(filter(None, (each.witnessed_by, later, looked and f"▲ {looked}")))
        of = (each.day.isoformat(), short(each.visit), lot_of(each.medication, each.lot))
        lines.append(Line(cells=(*of, *amounts, each.by, witness), strong=bool(looked)))
    return Table(
        columns=(
            Column(name="Day", share=11),
            Column(name="Visit", share=10),
            Column(name="Medication, lot", share=20),
            *(Column(name=n, share=share, figures=True) for n, share in _AMOUNTS),
            Column(name="Counted by", share=13),
            Column(name="Witnessed by", share=19),
        ),
        lines=tuple(lines),
    )


def _doubt(each: Counted) -> str:
    left = f"{_mg(each.left_ug)} mg left over" if each.left_ug else ""
    return ", ".join(filter(None, (left, "" if each.witnessed_by else "not witnessed")))


def _stock(made: Sequence[Balance]) -> Table:
    names = ("Before", "Received, from whom", "After", "Counted by two")
    return Table(
        columns=(Column(name="Medication, lot", share=30), *(Column(name=name, share=17.5) for name in names)),
        lines=tuple(Line(cells=(lot_of(each.medication, each.lot), *[""] * 4)) for each in made),
        to_write=True,
    )


def _mg(amount_ug: int) -> str:
    return wording.mg(amount_ug).removesuffix(" mg")


def short(visit: UUID) -> str:
    """A visit as it is named where no patient is: the end of its id."""
    return visit.hex[-8:]
