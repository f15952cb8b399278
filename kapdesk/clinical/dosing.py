"""Doses: what cannot be, and what should be asked about once, in place, before it goes on record.

KapDesk does not advise a dose. These bounds are for slips of the hand: a tenfold figure, a missed decimal point.
"""

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.session import DoseGiven

MOST_UG = 2_000_000
"""2 g of any medication in one dose is taken for a slip. An example, to be approved by the clinic."""

ASK_ABOVE = 3
"""Times the largest usual dose of the protocol, above which it is asked about. An example, to be approved."""


class Doubt(msgspec.Struct, frozen=True):
    """What is wrong or odd about a dose, in plain words. `possible` False: it is refused."""

    possible: bool
    words: str


def doubts(dose: DoseGiven, protocol: Protocol | None) -> list[Doubt]:
    """Everything about a dose that cannot be or should be asked about, worst first."""
    if not dose.medication.strip():
        return [Doubt(False, "The medication is missing. Type what was given.")]
    if dose.dose_ug <= 0:
        return [Doubt(False, "A dose is more than 0 mg. Type the dose that was given.")]
    if dose.dose_ug > MOST_UG:
        return [Doubt(False, f"{_mg(dose.dose_ug)} mg is not possible. Type the dose that was given.")]
    if protocol is None or dose.medication.strip().casefold() != protocol.medication.casefold():
        return []
    found = []
    largest_mg = max(protocol.usual_doses_mg, default=0)
    if largest_mg and dose.dose_ug > ASK_ABOVE * largest_mg * 1000:
        words = f"{_mg(dose.dose_ug)} mg is far more than this protocol's usual {largest_mg} mg: please check."
        found.append(Doubt(True, words))
    if dose.route != protocol.route:
        found.append(Doubt(True, f"This protocol's route is {protocol.route}, not {dose.route}: please check."))
    return found


def _mg(dose_ug: int) -> str:
    return f"{dose_ug / 1000:.3f}".rstrip("0").rstrip(".")
