"""What a row typed from paper says: its kind, its cells, and the fact it becomes. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import get_args

import msgspec

from kapdesk import clock
from kapdesk.clinical import dosing
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.scales import RANGES
from kapdesk.clinical.vitals import Field, doubts
from kapdesk.errors import KnownError
from kapdesk.facts.care import SEVERITIES, AdverseEventNoted, ScaleRated
from kapdesk.facts.clinic import Code
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import (
    Cleared,
    DoseGiven,
    Ended,
    How,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    VitalsNotTaken,
    VitalsTaken,
)
from kapdesk.facts.words import Route
from ui.session.dose_form import micrograms
from ui.widgets.reading_field import number
from ui.widgets.when import clock_time

CELLS: dict[str, tuple[str, ...]] = {
    "Note": ("Code", "Text"),
    "Patient’s words": ("Code", "Text"),
    "Reading": ("Sys", "Dia", "Pulse", "SpO₂", "RR", "Temp"),
    "Not taken": ("Reason",),
    "Dose": ("mg", "Drug", "Route", "Site", "Lot", "Expiry"),
    "Arrived": (),
    "Ready to begin": (),
    "Scale": ("Which", "Value", "Remark"),
    "Event": ("What", "Severity", "What was done"),
    "Ended": ("How", "Reason"),
    "Left": ("With whom",),
}
"""The kinds of rows, the most frequent first, and the cells that each has."""

_FIELDS: tuple[Field, ...] = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "pulse_per_min",
    "spo2_percent",
    "breaths_per_min",
    "temperature_dc",
)
HOWS: tuple[How, ...] = get_args(How)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Typed(msgspec.Struct, frozen=True):
    """A row as it stands in the grid; `by` is the id of who did or saw it."""

    day: str = ""
    clock: str = ""
    kind: str = "Note"
    cells: tuple[str, ...] = ()
    by: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not self.clock.strip() and not any(cell.strip() for cell in self.cells)


def when_us(row: Typed, zone: str) -> int:
    """The instant of a row, UTC µs. Raises KnownError for what is no day or no time of day."""
    if not _DAY.fullmatch(row.day.strip()):
        raise KnownError("That is no day. Type it as year-month-day, for example 2026-11-26.")
    try:
        day = date.fromisoformat(row.day.strip())
    except ValueError as error:
        raise KnownError("There is no such day. Check it against the sheet.") from error
    said = clock_time(row.clock)
    if said is None:
        raise KnownError("The time is missing or is none. Type it as on the sheet, for example 21:40.")
    hours, minutes = (int(part) for part in said.split(":"))
    where = clock.zone(zone)
    return round(datetime(day.year, day.month, day.day, hours, minutes, tzinfo=where).timestamp()) * 1_000_000


def fact_of(row: Typed, plan: Protocol | None, codes: Sequence[Code]) -> Fact:
    """The fact that a row says. Raises KnownError, in one sentence, where it cannot be read; judges say the rest."""
    cells = (*(cell.strip() for cell in row.cells), *[""] * 6)[:6]
    one, two, three = cells[:3]
    match row.kind:
        case "Arrived":
            return PatientArrived()
        case "Ready to begin":
            return Cleared()
        case "Dose":
            return _dose(cells, plan)
        case "Reading":
            return _reading(cells)
        case "Not taken":
            return VitalsNotTaken(_needed(one, "Why it was not taken is missing. Type it as on the sheet."))
        case "Note" | "Patient’s words":
            code = _one_of(one, [code.word for code in codes], "code")
            if not code and not two:
                raise KnownError("The note says nothing yet. Type its text, or a code.")
            return NoteTaken(two, code, row.kind != "Note")
        case "Scale":
            scale = _one_of(_needed(one, f"Which scale? {', '.join(RANGES)}."), list(RANGES), "scale")
            return ScaleRated(scale, _whole(two), three)  # type: ignore[arg-type]
        case "Event":
            asked = _needed(two, f"How bad was it? {', '.join(SEVERITIES)}.")
            return AdverseEventNoted(one, _one_of(asked, list(SEVERITIES), "answer"), three)  # type: ignore[arg-type]
        case "Ended":
            asked = _needed(one, f"How did it end? {', '.join(HOWS)}.")
            return Ended(_one_of(asked, list(HOWS), "ending"), two)  # type: ignore[arg-type]
        case _:
            return PatientLeft(one)


def to_check(fact: Fact, plan: Protocol | None, weight_g: int | None) -> str:
    """What is possible and yet asked about, as in the room; "" for nothing."""
    asked: list[str] = []
    if isinstance(fact, VitalsTaken):
        asked = [each.words for each in doubts(fact) if each.possible]
    elif isinstance(fact, DoseGiven):
        asked = [each.words for each in dosing.doubts(fact, plan, weight_g) if each.possible]
    return asked[0] if asked else ""


def _dose(cells: Sequence[str], plan: Protocol | None) -> DoseGiven:
    mg, drug, route, site, lot, expiry = cells
    amount = micrograms(mg)
    if amount is None:
        raise KnownError("How much was given? Type the dose in milligrams, for example 50.")
    drug = drug or (plan.medication if plan is not None else "")
    by = _one_of(route, list(get_args(Route)), "route") or (plan.route if plan is not None else "")
    if not drug or not by:
        raise KnownError("Which drug, and by which route? Type both as on the sheet.")
    return DoseGiven(drug, amount, by, site, lot=lot, expiry=expiry)  # type: ignore[arg-type]


def _reading(cells: Sequence[str]) -> VitalsTaken:
    values: dict[str, int] = {}
    for field, typed, name in zip(_FIELDS, cells, CELLS["Reading"], strict=True):
        try:
            value = number(field, typed)
        except ValueError as error:
            raise KnownError(f"{name} is no number. Type it as on the sheet.") from error
        if value is not None:
            values[field] = value
    return msgspec.structs.replace(VitalsTaken(), **values)


def _one_of(typed: str, words: Sequence[str], what: str) -> str:
    """The one word that begins so; "" for nothing typed."""
    if not typed:
        return ""
    begun = [word for word in words if word.casefold().startswith(typed.casefold())]
    exact = [word for word in words if word.casefold() == typed.casefold()]
    found = exact or begun
    if len(found) != 1:
        raise KnownError(f"“{typed}” is no {what} here. These are: {', '.join(words)}.")
    return found[0]


def _needed(typed: str, sentence: str) -> str:
    if not typed:
        raise KnownError(sentence)
    return typed


def _whole(typed: str) -> int:
    try:
        return int(typed.replace("−", "-"))
    except ValueError as error:
        raise KnownError("The value is missing or no whole number. Type it as on the sheet.") from error
