"""Readings: what cannot be, what should be asked about, and what lies outside the clinic's limits."""

from collections.abc import Iterable, Iterator
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


OXYGEN_ML_PER_MIN = (0, 15_000)
"""Oxygen that a wall or bottle regulator at the bedside gives. An example, to be approved by the clinic."""

OXYGEN_ASKED_ABOVE = 6_000
"""Above what is usually given through a nasal cannula it is asked about. An example, to be approved by the clinic."""


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

    def odd(self) -> Iterator[tuple[str, str]]:
        """Limits that no reading can reach, by their name, as one in another unit."""
        for field, (least, most) in POSSIBLE.items():
            for name, limit in ((_named(field, "above"), self.high(field)), (_named(field, "below"), self.low(field))):
                if limit is not None and not least <= limit <= most:
                    unit = ", in tenths of a degree" if field == "temperature_dc" else ""
                    yield name, f"{limit} is no reading that can be ({least} to {most}{unit})"


class Doubt(msgspec.Struct, frozen=True):
    """What is wrong or odd about one value, in plain words. `possible` False: it is refused."""

    field: Field | Literal["oxygen_ml_per_min"]
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
    oxygen, (least, most) = vitals.oxygen_ml_per_min, OXYGEN_ML_PER_MIN
    if oxygen is not None and not least <= oxygen <= most:
        words = f"Oxygen {litres(oxygen)} L/min is not possible: {litres(least)} to {litres(most)}. Type it again."
        found.append(Doubt("oxygen_ml_per_min", False, words))
    elif oxygen is not None and oxygen > OXYGEN_ASKED_ABOVE:
        found.append(Doubt("oxygen_ml_per_min", True, f"Oxygen {litres(oxygen)} L/min: please check."))
    return sorted(found, key=lambda doubt: doubt.possible)


def measured(vitals: VitalsTaken) -> bool:
    """Whether anything was measured, not only said how."""
    return any(getattr(vitals, field) is not None for field in NAMES)


def mean_mmhg(vitals: VitalsTaken) -> int | None:
    """The mean arterial pressure of a reading in mmHg, worked out, to the nearest one, halves upwards.

    The usual bedside estimate: diastolic + (systolic − diastolic) ÷ 3, for the heart spends about a third of a beat in
    systole at rest (so it is in textbooks of physiology; a fast pulse makes it less exact). An oscillometric monitor
    measures the mean itself, so ours is always marked "calculated". None where either pressure was not measured.
    """
    systolic, diastolic = vitals.systolic_mmhg, vitals.diastolic_mmhg
    if systolic is None or diastolic is None:
        return None
    return (2 * (systolic + 2 * diastolic) + 3) // 6


def how_taken(vitals: VitalsTaken) -> str:
    """How a reading was taken, in words: "left arm, sitting, oxygen 2 L/min, read by the patient"."""
    oxygen = vitals.oxygen_ml_per_min
    parts = (
        f"{vitals.arm} arm" if vitals.arm else "",
        vitals.position,
        "" if oxygen is None else f"oxygen {litres(oxygen)} L/min" if oxygen else "room air",
        f"read by the {vitals.read_by}" if vitals.read_by else "",
    )
    return ", ".join(part for part in parts if part)


def litres(ml: int) -> str:
    """Millilitres in litres, exactly: 1500 is "1.5"."""
    whole, part = divmod(abs(ml), 1000)
    digits = f"{whole}.{part:03d}".rstrip("0").rstrip(".")
    return f"−{digits}" if ml < 0 else digits


def complete(field: Field, typed: str) -> bool:
    """Whether a typed value is possible and cannot go on to another possible one: three digits, or two such as 88."""
    digits = typed.replace(",", ".")
    low, high = POSSIBLE[field]
    if field == "temperature_dc":
        tenths = digits.replace(".", "")
        return len(tenths) == 3 and tenths.isdecimal() and low <= int(tenths) <= high
    if not digits.isdecimal() or not low <= int(digits) <= high:
        return False
    return len(digits) >= 3 or int(digits) * 10 > high


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


def told(beyond: Iterable[Flag]) -> str:
    """What lies outside the clinic's limits, each with its unit: "Systolic 172 mmHg is above this clinic’s 160"."""
    return ", ".join(
        f"{NAMES[each.field]} {_with_unit(each.field, each.value)} is {each.side} this clinic’s "
        f"{_say(each.field, each.limit)}"
        for each in beyond
    )


_UNITS: dict[Field, str] = {
    "systolic_mmhg": " mmHg",
    "diastolic_mmhg": " mmHg",
    "pulse_per_min": " /min",
    "spo2_percent": " %",
    "breaths_per_min": " /min",
    "temperature_dc": "",
}


def _with_unit(field: Field, value: int) -> str:
    return _say(field, value) + _UNITS[field]


def _say(field: Field, value: int) -> str:
    return f"{value // 10}.{value % 10} °C" if field == "temperature_dc" else str(value)


def _named(field: Field, side: str) -> str:
    return f"{'temperature_dc' if field == 'temperature_dc' else field.partition('_')[0]}_{side}"


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
