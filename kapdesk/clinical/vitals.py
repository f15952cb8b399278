"""Readings: what cannot be, what should be asked about, and what lies outside the clinic's limits."""

from typing import Literal

import msgspec

from kapdesk.facts.session import VitalsTaken

Field = Literal["systolic_mmhg", "diastolic_mmhg", "pulse_per_min", "spo2_percent", "breaths_per_min", "temperature_dc"]

NAMES: dict[Field, str] = {
    "systolic_mmhg": "Systolic",
    "diastolic_mmhg": "Diastolic",
    "pulse_per_min": "Pulse",
    "spo2_percent": "SpO₂",
    "breaths_per_min": "RR",
    "temperature_dc": "Temperature",
}

POSSIBLE: dict[Field, tuple[int, int]] = {
    "systolic_mmhg": (40, 300),
    "diastolic_mmhg": (20, 200),
    "pulse_per_min": (20, 250),
    "spo2_percent": (40, 100),
    "breaths_per_min": (2, 70),
    "temperature_dc": (300, 430),
}
"""Outside these a value is a slip of the hand or a failed measurement. Examples, wider than what common bedside
monitors display; to be approved by the clinic."""

USUAL: dict[Field, tuple[int, int]] = {
    "systolic_mmhg": (80, 200),
    "diastolic_mmhg": (40, 120),
    "pulse_per_min": (40, 150),
    "spo2_percent": (85, 100),
    "breaths_per_min": (6, 35),
    "temperature_dc": (345, 395),
}
"""Outside these a value is asked about once, in place. Examples, to be approved by the clinic."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The clinic's alert limits; a value above (or below) is flagged. None: no limit."""

    systolic_above: int | None = None
    systolic_below: int | None = None
    diastolic_above: int | None = None
    diastolic_below: int | None = None
    pulse_above: int | None = None
    pulse_below: int | None = None
    spo2_below: int | None = None
    breaths_above: int | None = None
    breaths_below: int | None = None
    temperature_dc_above: int | None = None

    def high(self, field: Field) -> int | None:
        """The upper limit of a field, in its own unit."""
        return _high(self)[field]

    def low(self, field: Field) -> int | None:
        """The lower limit of a field, in its own unit."""
        return _low(self)[field]

    def crossed(self) -> str | None:
        """Which lower limit lies above its upper one."""
        for field, name in NAMES.items():
            low, high = self.low(field), self.high(field)
            if low is not None and high is not None and low >= high:
                return f"{name} below {low} and above {high} cross"
        return None


class Doubt(msgspec.Struct, frozen=True):
    """What is wrong or odd about one value, in plain words. `possible` False: it is refused."""

    field: Field
    possible: bool
    words: str


class Flag(msgspec.Struct, frozen=True):
    """A value outside the clinic's limit."""

    field: Field
    value: int
    side: Literal["above", "below"]
    limit: int


def doubts(vitals: VitalsTaken) -> list[Doubt]:
    """Everything about a reading that cannot be or should be asked about, worst first."""
    found = []
    for field, name in NAMES.items():
        value: int | None = getattr(vitals, field)
        if value is None:
            continue
        low, high = POSSIBLE[field]
        if not low <= value <= high:
            found.append(Doubt(field, False, f"{name} {_say(field, value)} is not possible. Measure again."))
            continue
        low, high = USUAL[field]
        if not low <= value <= high:
            found.append(Doubt(field, True, f"{name} {_say(field, value)}: please check."))
    systolic, diastolic = vitals.systolic_mmhg, vitals.diastolic_mmhg
    if systolic is not None and diastolic is not None:
        if diastolic >= systolic:
            words = f"{systolic}/{diastolic}: diastolic must be below systolic. Measure again."
            found.append(Doubt("diastolic_mmhg", False, words))
        elif systolic - diastolic < 15:
            found.append(Doubt("diastolic_mmhg", True, f"{systolic}/{diastolic} are close together: please check."))
    return sorted(found, key=lambda doubt: doubt.possible)


def flags(vitals: VitalsTaken, limits: Limits) -> list[Flag]:
    """Every value of a reading outside the clinic's limits."""
    found = []
    for field in NAMES:
        value: int | None = getattr(vitals, field)
        if value is None:
            continue
        high, low = limits.high(field), limits.low(field)
        if high is not None and value > high:
            found.append(Flag(field, value, "above", high))
        elif low is not None and value < low:
            found.append(Flag(field, value, "below", low))
    return found


def _say(field: Field, value: int) -> str:
    return f"{value // 10}.{value % 10} °C" if field == "temperature_dc" else str(value)


def _high(limits: Limits) -> dict[Field, int | None]:
    return {
        "systolic_mmhg": limits.systolic_above,
        "diastolic_mmhg": limits.diastolic_above,
        "pulse_per_min": limits.pulse_above,
        "spo2_percent": None,
        "breaths_per_min": limits.breaths_above,
        "temperature_dc": limits.temperature_dc_above,
    }


def _low(limits: Limits) -> dict[Field, int | None]:
    return {
        "systolic_mmhg": limits.systolic_below,
        "diastolic_mmhg": limits.diastolic_below,
        "pulse_per_min": limits.pulse_below,
        "spo2_percent": limits.spo2_below,
        "breaths_per_min": limits.breaths_below,
        "temperature_dc": None,
    }
