"""Doses: what cannot be, and what should be asked about once, in place, before it goes on record.

KapDesk does not advise a dose. These bounds are for slips of the hand: a tenfold figure, a missed decimal point.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from fractions import Fraction

import msgspec

from kapdesk.clinical import care
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.session import DoseGiven

MOST_UG = 2_000_000
"""2 g of any medication in one dose is taken for a slip. An example, to be approved by the clinic."""

ASK_BELOW = 4
"""Times below the smallest usual dose of the protocol, from where it is asked about. An example, to be approved."""

ASK_AGAIN_US = 90_000_000
"""Within so long after a dose was entered (µs), the same again is asked about. An example, to be approved."""

ASK_ABOVE = 3
"""Times the largest usual dose of the protocol, above which it is asked about. An example, to be approved."""

SELF_TAKEN = "taken by the patient, watched on the picture"
"""At home nobody of the staff gives a dose; stands beside it, can be changed, and goes into the note."""

_KETAMINES = ("ketamin", "ketalar", "ketanest", "spravato")
_SPELT_ALIKE = 0.8


def lot_key(medication: str, lot: str) -> tuple[str, str]:
    """A medication's lot, however it was typed: what counts and doses are added up by."""
    return medication.strip().lower(), lot.strip()


def same_medication(one: str, other: str) -> bool:
    """Whether two names mean the same medication, or may: "Ketamine HCl", a brand of it, a slip in its spelling.

    Taken wide on purpose: what may be the session's medication starts the clock, needs the clearance and the order.
    """
    a, b = one.strip().casefold(), other.strip().casefold()
    if not a or not b:
        return False
    if a in b or b in a or all(any(name in each for name in _KETAMINES) for each in (a, b)):
        return True
    return SequenceMatcher(None, a, b).ratio() >= _SPELT_ALIKE


class Doubt(msgspec.Struct, frozen=True):
    """What is wrong or odd about a dose, in plain words. `possible` False: it is refused."""

    possible: bool
    words: str


def doubts(
    dose: DoseGiven, protocol: Protocol | None, weight_g: int | None = None, given_ug: int = 0, today: str = ""
) -> list[Doubt]:
    """Everything about a dose that cannot be or should be asked about, worst first.

    `given_ug` is what was given by this route in this session already, `today` the day where the clinic is.
    """
    if not dose.medication.strip():
        return [Doubt(False, "The medication is missing. Type what was given.")]
    if dose.dose_ug <= 0:
        return [Doubt(False, "A dose is more than 0 mg. Type the dose that was given.")]
    if dose.dose_ug > MOST_UG:
        return [Doubt(False, f"{care.mg(dose.dose_ug)} mg is not possible. Type the dose that was given.")]
    found = []
    if today and expired(dose.expiry, today):
        lot = f"Lot {dose.lot}" if dose.lot else "This lot"
        found.append(Doubt(True, f"{lot} expired on {dose.expiry}. Take another, or check the date."))
    if protocol is None:
        return found
    if not same_medication(dose.medication, protocol.medication):
        words = f"“{dose.medication}” is not this protocol’s {protocol.medication}: it does not start the clock."
        return [*found, Doubt(True, words)]
    largest_mg = max(protocol.usual_doses_mg, default=0)
    if largest_mg and dose.dose_ug > ASK_ABOVE * largest_mg * 1000:
        words = f"{care.mg(dose.dose_ug)} mg is far more than this protocol's usual {largest_mg} mg: please check."
        found.append(Doubt(True, words))
    smallest_mg = protocol.device_mg or min(protocol.usual_doses_mg, default=0)
    if smallest_mg and dose.dose_ug * ASK_BELOW < smallest_mg * 1000:
        words = f"{care.mg(dose.dose_ug)} mg is far less than this protocol's usual {smallest_mg} mg: please check."
        found.append(Doubt(True, words))
    if protocol.most_mg and dose.dose_ug > protocol.most_mg * 1000:
        words = f"{care.mg(dose.dose_ug)} mg is above this protocol's {protocol.most_mg} mg: please check."
        found.append(Doubt(True, words))
    if protocol.most_ug_per_kg and weight_g and ug_per_kg(dose.dose_ug, weight_g) > protocol.most_ug_per_kg:
        by_weight, most = per_kg(dose.dose_ug, weight_g), per_kg(protocol.most_ug_per_kg * 1000, 1_000_000)
        found.append(Doubt(True, f"{by_weight} is above this protocol's {most}: please check."))
    total_ug = given_ug + dose.dose_ug
    if given_ug and protocol.most_total_mg and total_ug > protocol.most_total_mg * 1000:
        words = f"{care.mg(total_ug)} mg in all is above this protocol's {protocol.most_total_mg} mg: please check."
        found.append(Doubt(True, words))
    if dose.route != protocol.route:
        found.append(Doubt(True, f"This protocol's route is {protocol.route}, not {dose.route}: please check."))
    return found


def again(dose: DoseGiven, given: Iterable[tuple[DoseGiven, int]]) -> Doubt | None:
    """Whether a dose may be one that is on record already: entered twice, or by two people. `given` are those on
    record, each with how long ago it was entered (µs)."""
    for other, ago_us in given:
        same = (other.route, other.dose_ug) == (dose.route, dose.dose_ug)
        elsewhere = dose.site and other.site and dose.site.casefold() != other.site.casefold()
        if same and not elsewhere and 0 <= ago_us < ASK_AGAIN_US and same_medication(other.medication, dose.medication):
            words = f"{care.mg(dose.dose_ug)} mg {dose.route} was recorded {ago_us // 1_000_000} seconds ago already: "
            return Doubt(True, f"{words}is this another one?")
    return None


def expired(expiry: str, today: str) -> bool:
    """Whether an expiry (YYYY-MM-DD, or YYYY-MM for the end of that month) lies before a day (YYYY-MM-DD).

    What is written in another way is not judged.
    """
    day = expiry.strip()
    return bool(re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", day)) and day < today[: len(day)]


def ug_per_kg(dose_ug: int, weight_g: int) -> Fraction:
    """A dose by body weight, exactly: µg ÷ g × 1000 = µg/kg."""
    return Fraction(dose_ug * 1000, weight_g)


def per_kg(dose_ug: int, weight_g: int) -> str:
    """A dose by weight, to the hundredth of a mg, halves upwards: "0.75 mg/kg".

    Without a zero at its end, which is read as ten times as much where the point is missed (ISMP): "0.5 mg/kg".
    """
    hundredths = (dose_ug * 200 + weight_g) // (2 * weight_g)  # µg/g is mg/kg
    if not hundredths:
        return "less than 0.01 mg/kg"
    return f"{care.mg(hundredths * 10)} mg/kg"


def microlitres(dose_ug: int, strength_ug_per_ml: int) -> int:
    """Volume of a dose in µL, to the nearest one: mg ÷ (mg/mL) = mL. A syringe is read to 10 µL at best."""
    return (2 * dose_ug * 1000 + strength_ug_per_ml) // (2 * strength_ug_per_ml)
