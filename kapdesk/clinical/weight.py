"""Body weight: what cannot be. Doses per kilogram rest on it."""

from datetime import date

from kapdesk.facts.session import WeightMeasured

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
