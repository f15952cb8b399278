"""A weight that cannot be is refused; one far from the last is asked about, and pounds are recognised."""

from datetime import date

import pytest

from kapdesk.clinical.weight import doubt, odd
from kapdesk.facts.session import WeightMeasured

LAST = WeightMeasured(70_000, "2026-02-01")


@pytest.mark.parametrize("weight_g", [7_000, 700_000])
def test_seven_and_seven_hundred_kilograms_are_refused(weight_g: int) -> None:
    said = doubt(WeightMeasured(weight_g, "2026-03-02"), date(2026, 3, 2))
    assert said is not None
    assert "is not possible" in said


def test_pounds_typed_as_kilograms_are_asked_about_with_what_they_are_in_kilograms() -> None:
    said = odd(WeightMeasured(154_000, "2026-03-02"), LAST)
    assert said is not None
    assert "more than 25 % off the 70 kg of 2026-02-01" in said
    assert "Is it kg, not lb? 154 lb are 69.9 kg." in said


def test_a_weight_far_off_that_is_no_pounds_is_asked_about_without_them() -> None:
    said = odd(WeightMeasured(50_000, "2026-03-02"), LAST)
    assert said is not None
    assert "lb" not in said


@pytest.mark.parametrize("weight_g", [52_500, 70_000, 87_500])
def test_within_a_quarter_nothing_is_asked_nor_where_no_weight_is_known(weight_g: int) -> None:
    assert odd(WeightMeasured(weight_g, "2026-03-02"), LAST) is None
    assert odd(WeightMeasured(weight_g, "2026-03-02"), None) is None
