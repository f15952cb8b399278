"""Visits as tables for other programs: their readings, and everything else that happened in them. Pure.

Agreed signatures: `vitals_csv(visits, bom=True) -> bytes` and `events_csv(visits, bom=True) -> bytes` over `Visit`s;
`clinic/exchange.py` has the same over an open clinic and the ids of its visits. No names stand in them, but the record
number. Units stand in the head of each column; figures are bare, with a point. What was struck stays, and says so.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from kapdesk.clinical import vitals as rules
from kapdesk.exchange.csv import encoded, table
from kapdesk.exchange.visit import Visit, amends, decimal, plain
from kapdesk.facts.care import ScaleRated
from kapdesk.facts.fact import Fact, Unread, tag_of
from kapdesk.facts.session import DoseGiven, NoteTaken, VitalsTaken
from kapdesk.record.history import Happening

_WHERE = ("visit", "patient", "record_number", "practice", "entry", "time", "minute_from_first_dose")
_HOW = ("by", "entered_by", "entered", "status", "amended")

VITALS = (
    *_WHERE,
    *("systolic_mmHg", "diastolic_mmHg", "mean_calculated_mmHg", "pulse_per_min", "spo2_percent", "breaths_per_min"),
    *("temperature_celsius", "oxygen_L_per_min", "arm", "position", "read_by", "beyond_limits"),
    *_HOW,
)
EVENTS = (
    *_WHERE,
    *("kind", "what", "code", "patients_words", "medication", "dose_mg", "route", "site", "strength_mg_per_mL"),
    *("volume_mL", "lot", "expiry", "scale", "value"),
    *_HOW,
)


def vitals_csv(visits: Iterable[Visit], bom: bool = True) -> bytes:
    """Every reading of these visits, a row each, struck ones too. `bom`: the mark by which Excel knows UTF-8."""
    return encoded(table(VITALS, (_reading(visit, each) for visit in visits for each in visit.told(VitalsTaken))), bom)


def events_csv(visits: Iterable[Visit], bom: bool = True) -> bytes:
    """Everything else that happened in these visits, a row each, by the time it happened."""
    return encoded(table(EVENTS, (_event(visit, each) for visit in visits for each in _events(visit))), bom)


def status(each: Happening) -> str:
    """How it stands: "as entered", "corrected", "struck", "added after signing", or two of them."""
    parts = ["struck" if each.struck else "corrected" if each.first is not None else ""]
    parts.append("added after signing" if each.late else "")
    return ", ".join(filter(None, parts)) or "as entered"


def _events(visit: Visit) -> list[Happening]:
    return [each for each in visit.told(Fact, Unread) if not isinstance(each.fact, VitalsTaken) and not amends(each)]


def _reading(visit: Visit, each: Happening) -> Sequence[str]:
    fact: VitalsTaken = each.fact
    protocol, mean = visit.protocol, rules.mean_mmhg(fact)
    limits = protocol.limits_at(each.at_us, visit.session.first_dose_us) if protocol else rules.Limits()
    temperature, oxygen = fact.temperature_dc, fact.oxygen_ml_per_min
    figures = (fact.systolic_mmhg, fact.diastolic_mmhg, mean, fact.pulse_per_min, fact.spo2_percent)
    return _row(
        visit,
        each,
        *(_figure(value) for value in (*figures, fact.breaths_per_min)),
        _figure(None if temperature is None else decimal(temperature, 1)),
        _figure(None if oxygen is None else decimal(oxygen, 3)),
        *(fact.arm, fact.position, fact.read_by, rules.told(rules.flags(fact, limits))),
    )


def _event(visit: Visit, each: Happening) -> Sequence[str]:
    fact = each.fact
    kind = fact.kind if isinstance(fact, Unread) else tag_of(fact)
    noted, dose, rated = [""] * 2, [""] * 8, [""] * 2
    match fact:
        case NoteTaken():
            noted = [fact.code, "yes" if fact.patients_words else ""]
        case DoseGiven():
            strength, volume = fact.strength_ug_per_ml, fact.volume_ul
            dose = [
                *(fact.medication, _figure(decimal(fact.dose_ug, 3)), fact.route, fact.site),
                _figure(None if strength is None else decimal(strength, 3)),
                _figure(None if volume is None else decimal(volume, 3)),
                *(fact.lot, fact.expiry),
            ]
        case ScaleRated():
            rated = [fact.scale, _figure(fact.value)]
        case _:
            pass
    what = fact.text if isinstance(fact, NoteTaken) else visit.words(each)
    return _row(visit, each, kind, what, *noted, *dose, *rated)


def _row(visit: Visit, each: Happening, *cells: str) -> Sequence[str]:
    where = (
        *(str(visit.id), str(visit.patient.id), visit.number, "yes" if visit.rehearsal else "", str(each.id)),
        *(visit.stamp(each.at_us), _figure(visit.minute(each.at_us))),
    )
    how = (
        *(visit.clinic.name_of(each.by), visit.clinic.name_of(each.entered_by), visit.stamp(each.entered_at_us)),
        *(status(each), visit.why(each)),
    )
    return [plain(cell) for cell in (*where, *cells, *how)]


def _figure(value: Any) -> str:
    return "" if value is None else str(value)
