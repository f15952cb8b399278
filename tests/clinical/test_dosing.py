"""A dose that is a slip of the hand is refused or asked about; an ordinary one never."""

from decimal import Decimal

import msgspec
import pytest

from kapdesk.clinical import protocol
from kapdesk.clinical.dosing import (
    ASK_AGAIN_US,
    again,
    doubts,
    microlitres,
    per_kg,
    same_medication,
    ug_per_kg,
)
from kapdesk.facts.session import DoseGiven
from tests.plain import PLAIN

IM = protocol.parse(PLAIN)


@pytest.mark.parametrize("dose_ug", [25_000, 50_000, 150_000])
def test_a_usual_dose_is_not_asked_about(dose_ug: int) -> None:
    assert doubts(DoseGiven("Ketamine ", dose_ug, "im"), IM) == []


@pytest.mark.parametrize(
    ("dose", "possible", "words"),
    [
        (DoseGiven("ketamine", 500_000, "im"), True, "500 mg is far more than this protocol's usual 50 mg"),
        (DoseGiven("ketamine", 5_000, "im"), True, "5 mg is far less than this protocol's usual 25 mg"),
        (DoseGiven("ketamine", 50_000, "iv"), True, "route is im, not iv"),
        (DoseGiven("ketamine", 5_000_000, "im"), False, "5000 mg is not possible"),
        (DoseGiven("ondansetron", 5_000_000, "iv"), False, "5000 mg is not possible"),
        (DoseGiven("ketamine", 0, "im"), False, "more than 0 mg"),
        (DoseGiven("  ", 5_000, "im"), False, "medication is missing"),
    ],
)
def test_what_is_odd_is_asked_about_and_what_cannot_be_is_refused(dose: DoseGiven, possible: bool, words: str) -> None:
    (doubt,) = doubts(dose, IM)
    assert (doubt.possible, words in doubt.words) == (possible, True)


def test_another_medication_and_a_session_without_a_plan_are_held_to_what_is_possible_only() -> None:
    (other,) = doubts(DoseGiven("ondansetron", 4_000, "oral"), IM)
    assert (other.possible, "does not start the clock" in other.words) == (True, True)
    assert doubts(DoseGiven("ketamine", 500_000, "im"), None) == []


@pytest.mark.parametrize("name", ["Ketamine", " ketamine HCl", "Ketalar", "esketamine", "Spravato", "ketmine"])
def test_what_may_be_the_sessions_medication_is_taken_for_it(name: str) -> None:
    assert same_medication(name, "ketamine")
    assert same_medication("ketamine", name)


@pytest.mark.parametrize("name", ["", "ondansetron", "midazolam", "clonidine", "labetalol", "ketorolac", "lorazepam"])
def test_a_rescue_is_never_taken_for_it(name: str) -> None:
    assert not same_medication(name, "ketamine")
    assert not same_medication(name, "esketamine")


@pytest.mark.parametrize(
    ("expiry", "over"),
    [("2026-02", True), ("2026-03", False), ("2026-03-01", True), ("2026-03-02", False), ("", False), ("soon", False)],
)
def test_a_lot_that_expired_is_asked_about_and_a_month_lasts_to_its_end(expiry: str, over: bool) -> None:
    dose = DoseGiven("ketamine", 50_000, "im", lot="L-1", expiry=expiry)
    found = [doubt.words for doubt in doubts(dose, IM, today="2026-03-02")]
    assert found == ([f"Lot L-1 expired on {expiry}. Take another, or check the date."] if over else [])


CAPPED = msgspec.structs.replace(IM, most_mg=100, most_ug_per_kg=1_500, most_total_mg=150)


@pytest.mark.parametrize(
    ("mg", "weight_kg", "given_mg", "words"),
    [
        (100, 70, 0, []),
        (101, 70, 0, ["101 mg is above this protocol's 100 mg"]),
        (75, 50, 0, []),
        (76, 50, 0, ["1.52 mg/kg is above this protocol's 1.5 mg/kg"]),
        (50, 70, 100, []),
        (51, 70, 100, ["151 mg in all is above this protocol's 150 mg"]),
        (101, 60, 60, ["101 mg is above", "1.68 mg/kg is above", "161 mg in all is above"]),
    ],
)
def test_above_a_cap_it_is_asked(mg: int, weight_kg: int, given_mg: int, words: list[str]) -> None:
    found = doubts(DoseGiven("ketamine", mg * 1_000, "im"), CAPPED, weight_kg * 1_000, given_mg * 1_000)
    assert all(each.possible for each in found)
    assert [each.words.startswith(said) for each, said in zip(found, words, strict=True)] == [True] * len(words)


# Worked by hand: dose = weight × dose per kg; volume = dose ÷ strength; strengths are those vials come in (10, 50 and
# 100 mg/mL). The first lines of each block are the examples of the sources: 0.5 mg/kg over 40 min (Andrade, J Clin
# Psychiatry 2017;78:e852), 0.5 to 0.75 mg/kg intramuscular up to 60 mg (NCT05468047), 56 and 84 mg of esketamine (US
# label), 2.0 to 2.5 mg/kg by mouth (Andrade 2019). The others follow from the same two rules.
WORKED = [  # kg, mg/kg, mg, mg/mL, mL
    ("70", "0.5", "35", "10", "3.5"),
    ("80", "0.5", "40", "10", "4"),
    ("60", "0.5", "30", "50", "0.6"),
    ("67", "0.5", "33.5", "10", "3.35"),
    ("72.4", "0.5", "36.2", "10", "3.62"),
    ("55", "0.5", "27.5", "50", "0.55"),
    ("90", "0.5", "45", "10", "4.5"),
    ("100", "0.5", "50", "50", "1"),
    ("48", "0.5", "24", "10", "2.4"),
    ("120", "0.5", "60", "100", "0.6"),
    ("70", "0.1", "7", "10", "0.7"),
    ("70", "0.75", "52.5", "50", "1.05"),
    ("70", "1", "70", "50", "1.4"),
    ("64", "0.75", "48", "50", "0.96"),
    ("80", "0.75", "60", "50", "1.2"),
    ("50", "0.75", "37.5", "50", "0.75"),
    ("60", "1", "60", "100", "0.6"),
    ("66", "1.25", "82.5", "100", "0.825"),
    ("75", "1.5", "112.5", "100", "1.125"),
    ("58.5", "0.6", "35.1", "50", "0.702"),
    ("61.2", "0.7", "42.84", "50", "0.857"),
    ("83.3", "0.9", "74.97", "100", "0.75"),
    ("45", "0.4", "18", "10", "1.8"),
    ("70", "2", "140", "100", "1.4"),
    ("70", "2.5", "175", "100", "1.75"),
    ("62", "2", "124", "100", "1.24"),
    ("88", "2.25", "198", "100", "1.98"),
    ("51.7", "2.5", "129.25", "100", "1.293"),
    ("99.9", "0.5", "49.95", "50", "0.999"),
    ("40", "0.3", "12", "10", "1.2"),
]
SPLIT = [  # a vial's content: mL × mg/mL = mg
    ("0.1", "10", "1"),
    ("0.5", "10", "5"),
    ("20", "10", "200"),
    ("0.2", "50", "10"),
    ("0.25", "50", "12.5"),
    ("0.5", "50", "25"),
    ("1", "50", "50"),
    ("10", "50", "500"),
    ("0.05", "100", "5"),
    ("0.15", "100", "15"),
    ("0.3", "100", "30"),
    ("5", "100", "500"),
    ("1.07", "50", "53.5"),
    ("0.333", "10", "3.33"),
    ("0.66", "50", "33"),
    ("0.84", "100", "84"),
    ("0.56", "100", "56"),
    ("2.8", "10", "28"),
    ("1.12", "50", "56"),
    ("1.68", "50", "84"),
]
BY_WEIGHT = [  # mg for kg, said to the hundredth of a mg/kg, halves upwards
    ("50", "67", "0.75 mg/kg"),
    ("25", "67", "0.37 mg/kg"),
    ("75", "67", "1.12 mg/kg"),
    ("50", "100", "0.5 mg/kg"),
    ("56", "70", "0.8 mg/kg"),
    ("84", "70", "1.2 mg/kg"),
    ("35", "70", "0.5 mg/kg"),
    ("100", "64", "1.56 mg/kg"),
    ("1", "200", "0.01 mg/kg"),
    ("0.9", "200", "less than 0.01 mg/kg"),
    ("300", "60", "5 mg/kg"),
    ("62.5", "50", "1.25 mg/kg"),
]


def thousandths(text: str) -> int:
    return int(Decimal(text) * 1_000)


@pytest.mark.parametrize(("kg", "mg_per_kg", "mg", "strength", "ml"), WORKED)
def test_a_dose_by_weight_and_its_volume_are_exact(kg: str, mg_per_kg: str, mg: str, strength: str, ml: str) -> None:
    assert microlitres(thousandths(mg), thousandths(strength)) == thousandths(ml)
    assert ug_per_kg(thousandths(mg), thousandths(kg)) == thousandths(mg_per_kg)


@pytest.mark.parametrize(("ml", "strength", "mg"), SPLIT)
def test_the_volume_of_a_part_of_a_dose_is_exact(ml: str, strength: str, mg: str) -> None:
    assert microlitres(thousandths(mg), thousandths(strength)) == thousandths(ml)


@pytest.mark.parametrize(("mg", "kg", "words"), BY_WEIGHT)
def test_a_dose_is_said_by_weight(mg: str, kg: str, words: str) -> None:
    assert per_kg(thousandths(mg), thousandths(kg)) == words


def test_there_are_sixty_worked_cases_at_least() -> None:
    assert len(WORKED) + len(SPLIT) + len(BY_WEIGHT) >= 60


GIVEN = DoseGiven("ketamine", 25_000, "im", "left deltoid")


@pytest.mark.parametrize(
    ("dose", "ago_us", "asked"),
    [
        (DoseGiven("Ketamine", 25_000, "im"), 4_000_000, True),
        (DoseGiven("Ketamine", 25_000, "im", "Left deltoid"), 0, True),
        (DoseGiven("ketamine", 25_000, "im", "right deltoid"), 4_000_000, False),
        (DoseGiven("ketamine", 20_000, "im"), 4_000_000, False),
        (DoseGiven("ketamine", 25_000, "iv"), 4_000_000, False),
        (DoseGiven("ondansetron", 25_000, "im"), 4_000_000, False),
        (DoseGiven("ketamine", 25_000, "im"), ASK_AGAIN_US, False),
    ],
)
def test_the_same_dose_again_within_moments_is_asked_about_and_another_one_is_not(
    dose: DoseGiven, ago_us: int, asked: bool
) -> None:
    found = again(dose, [(GIVEN, ago_us)])
    assert (found is not None) == asked
    assert found is None or (found.possible and "is this another one?" in found.words)
