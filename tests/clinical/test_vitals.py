"""Readings that cannot be are refused, odd ones asked about, and the clinic's limits flagged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinical.vitals import NAMES, POSSIBLE, USUAL, Field, Flag, Limits, doubts, flags
from kapdesk.facts.session import VitalsTaken

FIELDS = sorted(NAMES)


def reading(field: Field, value: int) -> VitalsTaken:
    return VitalsTaken(**{field: value})


def test_an_ordinary_reading_raises_no_doubt() -> None:
    assert doubts(VitalsTaken(118, 76, 64, 98, 14, 366)) == []
    assert doubts(VitalsTaken()) == []


@pytest.mark.parametrize("field", FIELDS)
def test_just_outside_the_possible_is_refused_and_just_inside_is_asked(field: Field) -> None:
    low, high = POSSIBLE[field]
    for value in (low - 1, high + 1):
        (doubt,) = doubts(reading(field, value))
        assert (doubt.field, doubt.possible) == (field, False)
        assert "is not possible. Measure again." in doubt.words
    for value in {low, high} - set(range(USUAL[field][0], USUAL[field][1] + 1)):
        (doubt,) = doubts(reading(field, value))
        assert (doubt.field, doubt.possible) == (field, True)
        assert doubt.words.endswith("please check.")


@pytest.mark.parametrize("field", FIELDS)
def test_the_usual_lies_within_the_possible_and_is_not_asked_about(field: Field) -> None:
    assert POSSIBLE[field][0] <= USUAL[field][0] < USUAL[field][1] <= POSSIBLE[field][1]
    assert [doubts(reading(field, value)) for value in USUAL[field]] == [[], []]


@pytest.mark.parametrize(
    ("systolic", "diastolic", "words", "possible"),
    [
        (88, 142, "88/142: diastolic must be below systolic. Measure again.", False),
        (90, 90, "90/90: diastolic must be below systolic. Measure again.", False),
        (100, 90, "100/90 are close together: please check.", True),
    ],
)
def test_pressures_that_do_not_fit_each_other(systolic: int, diastolic: int, words: str, possible: bool) -> None:
    found = doubts(VitalsTaken(systolic, diastolic))
    assert (words, possible) in [(doubt.words, doubt.possible) for doubt in found]


def test_the_worst_is_said_first() -> None:
    assert [doubt.possible for doubt in doubts(VitalsTaken(210, 130, 300))] == [False, True, True]


def test_a_temperature_is_said_in_degrees() -> None:
    assert doubts(VitalsTaken(temperature_dc=366 * 2))[0].words == "Temperature 73.2 °C is not possible. Measure again."


def test_limits_are_the_last_values_that_raise_no_flag() -> None:
    limits = Limits(systolic_above=160, systolic_below=90, spo2_below=92)
    assert flags(VitalsTaken(160, 80, 60, 92), limits) == []
    assert flags(VitalsTaken(161, None, 60, 91), limits) == [
        Flag("systolic_mmhg", 161, "above", 160),
        Flag("spo2_percent", 91, "below", 92),
    ]
    assert flags(VitalsTaken(89), limits) == [Flag("systolic_mmhg", 89, "below", 90)]


@pytest.mark.parametrize("name", [name for name in Limits.__struct_fields__ if name.endswith("_above")])
def test_every_upper_limit_flags_its_own_field(name: str) -> None:
    (flag,) = flags(VitalsTaken(400, 400, 400, 400, 400, 400), Limits(**{name: 399}))
    assert flag.side == "above"
    assert flag.field.startswith(name.removesuffix("_above"))


@pytest.mark.parametrize("name", [name for name in Limits.__struct_fields__ if name.endswith("_below")])
def test_every_lower_limit_flags_its_own_field(name: str) -> None:
    (flag,) = flags(VitalsTaken(1, 1, 1, 1, 1, 1), Limits(**{name: 2}))
    assert flag.side == "below"
    assert flag.field.startswith(name.removesuffix("_below"))


readings = st.builds(
    VitalsTaken, **{name: st.none() | st.integers(-5, 2_000) for name in VitalsTaken.__struct_fields__}
)


@given(readings)
def test_a_value_is_refused_exactly_when_it_cannot_be(vitals: VitalsTaken) -> None:
    refused = {doubt.field for doubt in doubts(vitals) if not doubt.possible}
    for field in FIELDS:
        value = getattr(vitals, field)
        if value is not None and not POSSIBLE[field][0] <= value <= POSSIBLE[field][1]:
            assert field in refused
