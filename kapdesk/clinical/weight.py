"""Body weight: what cannot be. Doses per kilogram rest on it."""

from datetime import date
from fractions import Fraction

from kapdesk.facts.session import WeightMeasured

POUND_G = Fraction(45_359_237, 100_000)
"""The international pound: 0.45359237 kg exactly (agreement of 1959)."""

ASK_PERCENT = 25
"""A weight so far off the last one is asked about. An example, to be approved by the clinic."""

POSSIBLE_G = (20_000, 350_000)
"""20 to 350 kg: outside a slip of the hand is likelier than the weight. An example, to be approved by the clinic."""


def doubt(weight: WeightMeasured, today: date) -> str | None:
    """What cannot be about a weight, in one plain sentence; None when it can."""
    low, high = POSSIBLE_G
    if not low <= weight.weight_g <= high:
        return f"A weight of {weight.weight_g / 1000:g} kg is not possible. Type the weight in kg."
    try:
        measured_on = date.fromisoformat(weight.measured_on)
    except ValueError:
        return f"The day “{weight.measured_on}” is not a date. Type it as 2026-03-02."
    return "That date is still to come. Type the day it was measured." if measured_on > today else None


def odd(weight: WeightMeasured, last: WeightMeasured | None) -> str | None:
    """What is to be asked about a weight (g) beside the last one known, in one plain sentence; None when nothing is."""
    if last is None or not _far(weight.weight_g, last.weight_g):
        return None
    kg = f"{weight.weight_g / 1000:g} kg"
    said = f"{kg} is more than {ASK_PERCENT} % off the {last.weight_g / 1000:g} kg of {last.measured_on}: please check."
    in_kg_g = int(weight.weight_g * POUND_G / 1000)
    if not _far(in_kg_g, last.weight_g):
        said += f" Is it kg, not lb? {weight.weight_g / 1000:g} lb are {in_kg_g / 1000:.1f} kg."
    return said


def _far(weight_g: int, last_g: int) -> bool:
    return abs(weight_g - last_g) * 100 > ASK_PERCENT * last_g
