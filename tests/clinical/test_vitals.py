"""Readings that cannot be are refused, odd ones asked about, and the clinic's limits flagged."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinical.vitals import (
    NAMES,
    POSSIBLE,
    USUAL,
    Field,
    Flag,
    Limits,
    complete,
    doubts,
    flags,
    how_taken,
    mean_mmhg,
    told,
)
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


@pytest.mark.parametrize(("high", "low", "mean"), [(120, 80, 93), (142, 88, 106), (121, 80, 94), (100, 70, 80)])
def test_the_mean_pressure_is_diastolic_and_a_third_of_the_rest(high: int, low: int, mean: int) -> None:
    assert mean_mmhg(VitalsTaken(high, low)) == mean
    assert mean_mmhg(VitalsTaken(high)) is None
    assert mean_mmhg(VitalsTaken(diastolic_mmhg=low)) is None


@given(st.integers(40, 300), st.integers(20, 200))
def test_the_mean_lies_between_both_pressures_within_half_of_the_exact_one(high: int, low: int) -> None:
    mean = mean_mmhg(VitalsTaken(high, low))
    assert mean is not None
    assert abs(mean - (low + Fraction(high - low, 3))) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("field", "typed", "done"),
    [
        ("systolic_mmhg", "142", True),
        ("systolic_mmhg", "88", True),
        ("systolic_mmhg", "30", False),
        ("systolic_mmhg", "14", False),
        ("diastolic_mmhg", "88", True),
        ("diastolic_mmhg", "20", False),
        ("pulse_per_min", "25", False),
        ("pulse_per_min", "26", True),
        ("spo2_percent", "97", True),
        ("spo2_percent", "10", False),
        ("breaths_per_min", "14", True),
        ("breaths_per_min", "7", False),
        ("temperature_dc", "36", False),
        ("temperature_dc", "36.8", True),
        ("temperature_dc", "368", True),
        ("systolic_mmhg", "999", False),
        ("systolic_mmhg", "", False),
    ],
)
def test_a_value_is_complete_when_no_other_possible_one_begins_with_it(field: Field, typed: str, done: bool) -> None:
    assert complete(field, typed) is done


@given(st.sampled_from([field for field in NAMES if field != "temperature_dc"]), st.integers(0, 999))
def test_nothing_possible_is_cut_off_by_going_on(field: Field, value: int) -> None:
    low, high = POSSIBLE[field]
    if complete(field, str(value)):
        assert low <= value <= high
        assert not any(low <= value * 10 + digit <= high for digit in range(10))


def test_what_lies_outside_a_limit_is_said_with_its_unit_on_whichever_side() -> None:
    limits = Limits(systolic_above=160, pulse_below=50, spo2_below=92, breaths_above=30, temperature_dc_above=380)
    assert told(flags(VitalsTaken(172, 80, 44, 90, 31, 385), limits)) == (
        "Systolic 172 mmHg is above this clinic’s 160, Pulse 44 /min is below this clinic’s 50, "
        "SpO₂ 90 % is below this clinic’s 92, RR 31 /min is above this clinic’s 30, "
        "Temperature 38.5 °C is above this clinic’s 38.0 °C"
    )


def test_how_a_reading_was_taken_is_said_in_words() -> None:
    taken = VitalsTaken(120, 80, arm="left", position="sitting", oxygen_ml_per_min=1_500, read_by="patient")
    assert how_taken(taken) == "left arm, sitting, oxygen 1.5 L/min, read by the patient"
    assert how_taken(VitalsTaken(120, oxygen_ml_per_min=0)) == "room air"
    assert how_taken(VitalsTaken(120, 80)) == ""
