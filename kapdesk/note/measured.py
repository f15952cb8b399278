"""The vital signs of a note: its table, the flags of its figures, the baseline and the limits in words. Pure."""

from kapdesk.clinical import vitals as rules
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.vitals import Limits
from kapdesk.facts.session import VitalsNotTaken, VitalsTaken
from kapdesk.note import wording
from kapdesk.note.paper import Column, Figure, Flag, NotTaken, Reading, Vitals
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening

_UNITS = {
    "systolic_mmhg": "mmHg",
    "diastolic_mmhg": "mmHg",
    "pulse_per_min": "/min",
    "spo2_percent": "%",
    "breaths_per_min": "/min",
    "temperature_dc": "°C",
}


def limits_at(telling: Telling, protocol: Protocol | None, at_us: int) -> Limits:
    """The clinic's limits that hold at an instant; none where the protocol cannot be read."""
    return protocol.limits_at(at_us, telling.session.first_dose_us) if protocol else Limits()


def flags_of(telling: Telling, protocol: Protocol | None, each: Happening) -> dict[str, Flag]:
    """By field: on which side of the clinic's limits a reading lies."""
    found = rules.flags(each.fact, limits_at(telling, protocol, each.at_us))
    return {flag.field: "high" if flag.side == "above" else "low" for flag in found}


def vitals(telling: Telling, protocol: Protocol | None) -> Vitals:
    """The table of vital signs: only the measures that were taken at all."""
    taken = telling.printed(VitalsTaken)
    fields = [name for name in rules.NAMES if any(getattr(each.fact, name) is not None for each in taken)]
    means = any(rules.mean_mmhg(each.fact) is not None for each in taken)
    after = len([name for name in fields if name in ("systolic_mmhg", "diastolic_mmhg")])
    columns = [Column(name=rules.NAMES[name], unit=_UNITS[name]) for name in fields]
    if means:
        columns.insert(after, Column(name="MAP", unit="mmHg, calc."))
    readings = []
    ways = {rules.how_taken(each.fact) for each in taken}
    alike = ways.pop() if len(ways) == 1 and len(taken) > 1 else ""
    for each in taken:
        flags = flags_of(telling, protocol, each)
        figures = [Figure(value=value_of(each.fact, name), flag=flags.get(name, "")) for name in fields]
        if means:
            mean = rules.mean_mmhg(each.fact)
            figures.insert(after, Figure(value="" if mean is None else str(mean)))
        how = "" if alike else rules.how_taken(each.fact)
        readings.append(Reading(figures=tuple(figures), how=how, **telling.row(each)))
    before = baseline(telling)
    return Vitals(
        columns=tuple(columns),
        readings=tuple(readings),
        not_taken=tuple(
            NotTaken(what="Vital signs", reason=each.fact.reason, **telling.row(each))
            for each in telling.printed(VitalsNotTaken)
        ),
        limits=_limits(protocol),
        how=alike,
        baseline=f"{wording.reading(before.fact)}, at {telling.clock(before.at_us)}" if before else "",
    )


def baseline(telling: Telling) -> Happening | None:
    """The last reading with a pressure before the first dose."""
    dose = telling.session.first_dose_us
    found = [
        each
        for each in telling.session.history.standing(VitalsTaken)
        if each.fact.systolic_mmhg is not None and (dose is None or each.at_us <= dose)
    ]
    return found[-1] if found else None


def value_of(fact: VitalsTaken, name: str) -> str:
    """A field of a reading as printed, without its unit; empty where it was not measured."""
    value: int | None = getattr(fact, name)
    if value is None:
        return ""
    return bare(name, value)


def _limits(protocol: Protocol | None) -> str:
    if protocol is None:
        return ""

    def words(limits: Limits) -> str:
        parts = []
        for field, name in rules.NAMES.items():
            low, high = limits.low(field), limits.high(field)
            low_, high_ = (None if value is None else bare(field, value) for value in (low, high))
            word = name if name in ("SpO₂", "RR") else name.lower()
            if low_ and high_:
                parts.append(f"{word} {low_}–{high_}")
            elif high_:
                parts.append(f"{word} up to {high_}")
            elif low_:
                parts.append(f"{word} from {low_}")
        return ", ".join(parts)

    before, after = words(protocol.limits_before), words(protocol.limits_after)
    return f"{after}; before the first dose: {before}" if before and after and before != after else after or before


def bare(field: str, value: int) -> str:
    """A value of a field as printed."""
    return f"{value // 10}.{value % 10}" if field == "temperature_dc" else str(value)
