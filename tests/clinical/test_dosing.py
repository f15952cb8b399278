"""A dose that is a slip of the hand is refused or asked about; an ordinary one never."""

import pytest

from kapdesk import paths
from kapdesk.clinical import protocol
from kapdesk.clinical.dosing import doubts
from kapdesk.facts.session import DoseGiven

IM, _ = protocol.read(paths.shipped("resources", "protocols", "im-booster.toml"))


@pytest.mark.parametrize("dose_ug", [25_000, 50_000, 150_000])
def test_a_usual_dose_is_not_asked_about(dose_ug: int) -> None:
    assert doubts(DoseGiven("Ketamine ", dose_ug, "im"), IM) == []


@pytest.mark.parametrize(
    ("dose", "possible", "words"),
    [
        (DoseGiven("ketamine", 500_000, "im"), True, "500 mg is far more than this protocol's usual 50 mg"),
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
    assert doubts(DoseGiven("ondansetron", 4_000, "oral"), IM) == []
    assert doubts(DoseGiven("ketamine", 500_000, "im"), None) == []
