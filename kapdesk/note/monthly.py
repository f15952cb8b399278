"""A clinic's month on paper: visits, adverse events, late readings, overrides, substances, what is open. Pure.

No patient is named; a visit stands by the end of its id, as in who did what.
"""

from collections import Counter
from datetime import date
from uuid import UUID

import msgspec

from kapdesk.clinical import care
from kapdesk.facts.words import Route, Visit
from kapdesk.note import wording
from kapdesk.note.integration import month_in_words
from kapdesk.note.paper import PaperSize, Tile
from kapdesk.note.sheet import Block, Column, Line, Part, Sheet, Table, Words
from kapdesk.note.stock import Held, stock_table
from kapdesk.note.substances import Balance, balance_table, short
from kapdesk.session.punctual import LATE_MIN


class Adverse(msgspec.Struct, frozen=True):
    """An adverse event; `outcome` is "" while nobody has said how it came out."""

    what: str
    severity: str
    action: str = ""
    outcome: str = ""


class Aside(msgspec.Struct, frozen=True):
    """Something that holds was set aside: what, what was missing, why, and by whom."""

    what: str
    missing: tuple[str, ...]
    reason: str
    by: str


class Seen(msgspec.Struct, frozen=True):
    """A visit as the month knows it. `given`: µg by medication and route; `late_min`: by how much each late reading was
    late; `open` says what of its papers is not done."""

    id: UUID
    day: date
    kind: Visit
    patient: UUID | None = None
    how: str = ""
    given: tuple[tuple[str, Route, int], ...] = ()
    readings: int = 0
    late_min: tuple[int, ...] = ()
    missed: int = 0
    left_out: int = 0
    adverse: tuple[Adverse, ...] = ()
    aside: tuple[Aside, ...] = ()
    open: tuple[str, ...] = ()


class Month(msgspec.Struct, frozen=True):
    """All that the page of a month is made from."""

    first: date
    visits: tuple[Seen, ...]
    balances: tuple[Balance, ...] = ()
    stock: tuple[Held, ...] = ()
    made: str = ""
    """When it was made: what is open is so at that time."""


def monthly_of(month: Month, clinic: str = "", paper: PaperSize = "A4") -> Sheet:
    """The page of a month; more pages where there is more to say."""
    visits = month.visits
    dosing = [each for each in visits if each.kind == "dosing"]
    events = [(visit, each) for visit in visits for each in visit.adverse]
    late, readings = sum(len(each.late_min) for each in visits), sum(each.readings for each in visits)
    aside = [(visit, each) for visit in visits for each in visit.aside]
    open_ = [each for each in visits if each.open]
    name = month_in_words(month.first)
    of = "of 1 visit" if len(visits) == 1 else f"of {len(visits)} visits"
    return Sheet(
        title=f"The month: {name}",
        subtitle="Visits that were opened in this month; no patient is named.",
        status=f"What is open is so on {month.made}." if month.made else "",
        clinic=clinic,
        whose=name,
        date=month.first.isoformat()[:7],
        tiles=(
            Tile(name="Dosing sessions", value=str(len(dosing)), more=of),
            Tile(name="Patients", value=str(len({each.patient for each in visits})), more="seen"),
            Tile(name="Adverse events", value=str(len(events)), more=_severe(events)),
            Tile(name="Late readings", value=str(late), more=f"of {readings} due"),
            Tile(name="Overridden", value=str(len(aside)), more="with a reason"),
            Tile(name="Papers open", value=str(len(open_)), more="visits"),
        ),
        parts=(
            Part(heading="Sessions", blocks=_sessions(visits)),
            Part(heading="Adverse events", blocks=_events(events)),
            Part(heading="Late readings", blocks=_late(visits)),
            Part(heading="Set aside, with the reason", blocks=_aside(aside)),
            Part(heading="Substances, in mg", blocks=_substances(month)),
            Part(heading="Papers to be signed, filed or sent", blocks=_open(open_)),
        ),
        paper=paper,
    )


def _none(words: str) -> tuple[Block, ...]:
    return (Words(text=words, how="quiet"),)


def _severe(events: list[tuple[Seen, Adverse]]) -> str:
    severe = sum(each.severity == "severe" for _, each in events)
    unsettled = sum(not each.outcome for _, each in events)
    return ", ".join(filter(None, (f"{severe} severe", f"{unsettled} open" if unsettled else "")))


def _sessions(visits: tuple[Seen, ...]) -> tuple[Block, ...]:
    """What was given by each route, never across; then the kinds of visits and how the dosing ones ended."""
    if not visits:
        return _none("No visit was opened in this month.")
    by_route: dict[tuple[str, Route], list[int]] = {}
    for visit in visits:
        for medication, route, dose_ug in visit.given:
            by_route.setdefault((medication, route), []).append(dose_ug)
    kinds = Counter(each.kind for each in visits)
    ended = Counter(each.how or "not ended" for each in visits if each.kind == "dosing")
    said = [
        f"Visits: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items(), key=lambda each: -each[1]))}.",
        f"Dosing sessions ended: {', '.join(f'{count} {how}' for how, count in ended.most_common())}." if ended else "",
    ]
    words = Words(text=" ".join(filter(None, said)))
    if not by_route:
        return (words,)
    table = Table(
        columns=(
            Column(name="Medication, route", share=40),
            *(
                Column(name=name, share=15, figures=True)
                for name in ("Sessions", "Least, mg", "Median, mg", "Most, mg")
            ),
        ),
        lines=tuple(
            Line(
                cells=(
                    f"{medication[:1].upper()}{medication[1:]}, {care.ROUTES[route]}",
                    str(len(doses)),
                    *(_mg(each) for each in (min(doses), sorted(doses)[(len(doses) - 1) // 2], max(doses))),
                )
            )
            for (medication, route), doses in sorted(by_route.items())
        ),
    )
    return (table, words)


def _events(events: list[tuple[Seen, Adverse]]) -> tuple[Block, ...]:
    if not events:
        return _none("None is on record.")
    columns = _columns(
        ("Day", 11), ("Visit", 10), ("What", 27), ("Severity", 11), ("What was done", 23), ("Outcome", 18)
    )
    lines = (
        Line(
            cells=(
                *_visit(visit),
                each.what,
                "▲ severe" if each.severity == "severe" else each.severity,
                each.action,
                each.outcome or "open",
            ),
            strong=each.severity == "severe",
        )
        for visit, each in events
    )
    return (Table(columns=columns, lines=tuple(lines)),)


def _late(visits: tuple[Seen, ...]) -> tuple[Block, ...]:
    found = [each for each in visits if each.late_min or each.missed]
    rule = Words(
        text=f"Late: {LATE_MIN} min or more after its time, by the protocol of the visit. An example, to be approved.",
        how="quiet",
    )
    if not found:
        return (Words(text="None."), rule)
    columns = _columns(("Day", 14), ("Visit", 14), ("Due", 10), ("Late", 10), ("Latest", 18), ("Not taken", 34))
    lines = (
        Line(
            cells=(
                *_visit(each),
                str(each.readings),
                str(len(each.late_min)),
                f"{max(each.late_min)} min" if each.late_min else "",
                ", ".join(
                    filter(
                        None,
                        (
                            f"{each.missed} without a word" if each.missed else "",
                            f"{each.left_out} with a reason" if each.left_out else "",
                        ),
                    )
                ),
            )
        )
        for each in found
    )
    return (Table(columns=columns, lines=tuple(lines)), rule)


def _aside(aside: list[tuple[Seen, Aside]]) -> tuple[Block, ...]:
    if not aside:
        return _none("Nothing was set aside.")
    columns = _columns(("Day", 11), ("Visit", 10), ("What", 12), ("Was missing", 29), ("Reason", 25), ("By", 13))
    lines = (
        Line(cells=(*_visit(visit), each.what, "; ".join(each.missing), each.reason, each.by)) for visit, each in aside
    )
    return (Table(columns=columns, lines=tuple(lines)),)


def _substances(month: Month) -> tuple[Block, ...]:
    """What visits drew, by lot; then what lies in the safe, where somebody said so."""
    made: list[Block] = [balance_table(month.balances)] if month.balances else []
    if month.stock:
        made += [Words(text="In the safe:"), stock_table(month.stock)]
    return tuple(made) or _none("Nothing was counted in this month.")


def _open(visits: list[Seen]) -> tuple[Block, ...]:
    if not visits:
        return _none("Every visit is signed, and its papers are filed.")
    columns = _columns(("Day", 14), ("Visit", 14), ("Kind", 14), ("To be done", 58))
    lines = (Line(cells=(*_visit(each), each.kind, "; ".join(each.open))) for each in visits)
    return (Table(columns=columns, lines=tuple(lines)),)


def _columns(*named: tuple[str, float]) -> tuple[Column, ...]:
    return tuple(Column(name=name, share=share) for name, share in named)


def _visit(visit: Seen) -> tuple[str, str]:
    return visit.day.isoformat(), short(visit.id)


def _mg(amount_ug: int) -> str:
    return wording.mg(amount_ug).removesuffix(" mg")
