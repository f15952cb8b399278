"""Ratings the protocol asks for, and a dose held in the mouth: both hang on when the doses were given."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.clinical.protocol import Protocol, Rating, parse, read
from kapdesk.errors import KnownError
from kapdesk.facts.care import LozengeOut, Scale, ScaleNotRated, ScaleRated
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import Corrected, DoseGiven, PatientArrived, PhaseEntered, PhaseExtended, VisitOpened
from kapdesk.session.due import due
from kapdesk.session.holding import held
from kapdesk.session.plan import phase_spans
from kapdesk.session.state import Session, fold
from tests.fakes import happened, minute
from tests.plain import PLAIN
from tests.session.sample import IDS

PLAN = msgspec.structs.replace(
    parse(PLAIN),
    sedation="MOAA/S",
    ratings=(Rating("MOAA/S", at_min=(10, 30, 60)), Rating("CADSS-6", after_phase="peak")),
)
DOSE = DoseGiven("ketamine", 50_000, "im")
LOZENGE = DoseGiven("ketamine", 100_000, "sublingual")
OPENED = VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4")
SHIPPED = sorted(paths.shipped("resources", "protocols", "oral.toml").parent.glob("*.toml"))


def session(*facts: tuple[float, Fact]) -> Session:
    said = [happened(OPENED, 0, counter=0), happened(PatientArrived(), 0, counter=1)]
    return fold([*said, *(happened(fact, at, counter=n + 2) for n, (at, fact) in enumerate(facts))])


def ratings(visit: Session, plan: Protocol = PLAN) -> dict[str, float]:
    return {each.what: (each.at_us - minute(0)) / 60_000_000 for each in due(visit, plan) if each.scale is not None}


def test_nothing_is_rated_before_the_first_dose() -> None:
    assert ratings(session()) == {}


@pytest.mark.parametrize(
    ("at", "expected"), [([], 25), ([20], 45), ([19.9], 25), ([25, 41], 75), ([26, 44, 71], None), ([44], 75)]
)
def test_sedation_is_due_at_its_times_and_each_rating_answers_what_lies_behind_it(
    at: list[float], expected: float | None
) -> None:
    """The dose is at 15; due at 25, 45 and 75."""
    visit = session((15, DOSE), *((each, ScaleRated("MOAA/S", 4)) for each in at))
    assert ratings(visit).get("MOAA/S") == expected


def test_cadss_is_due_when_the_peak_is_over_and_moves_with_it() -> None:
    """Onset 5, ascent 10, peak 30: the peak is over at 60."""
    assert ratings(session((15, DOSE)))["CADSS-6"] == 60
    assert ratings(session((15, DOSE), (40, PhaseExtended("peak", 300_000))))["CADSS-6"] == 65
    assert ratings(session((15, DOSE), (50, PhaseEntered("return"))))["CADSS-6"] == 50
    assert ratings(session((15, DOSE), (20, DOSE)))["CADSS-6"] == 75


@pytest.mark.parametrize("answer", [ScaleRated("CADSS-6", 7), ScaleNotRated("CADSS-6", "asleep")])
def test_it_is_answered_by_that_scale_or_left_out_with_a_reason(answer: Fact) -> None:
    assert "CADSS-6" not in ratings(session((15, DOSE), (61, answer)))
    assert "CADSS-6" in ratings(session((15, DOSE), (61, ScaleRated("nausea", 2))))


@given(st.lists(st.tuples(st.floats(15.1, 80), st.sampled_from(["MOAA/S", "CADSS-6"])), max_size=6), st.floats(-10, 10))
def test_a_corrected_first_dose_moves_every_rating(said: list[tuple[float, Scale]], moved: float) -> None:
    """Where nothing was rated yet each is due as much earlier or later; where something was, by the plan anew."""
    dose = happened(DOSE, 15, counter=2)
    base = [happened(OPENED, 0, counter=0), happened(PatientArrived(), 0, counter=1), dose]
    base += [happened(ScaleRated(scale, 4), at, counter=n + 3) for n, (at, scale) in enumerate(said)]
    corrected = happened(Corrected(dose.id, DOSE, minute(15 + moved), "given then"), 201, counter=30)
    after = fold([*base, corrected])
    shift_us = minute(15 + moved) - minute(15)
    first = {"MOAA/S": minute(25) + shift_us, "CADSS-6": minute(60) + shift_us}
    found = {each.scale: each.at_us for each in due(after, PLAN) if each.scale is not None}
    for scale, at_us in first.items():
        if not any(each == scale for _, each in said):
            assert found[scale] == at_us
        elif scale in found:
            assert found[scale] >= at_us
    ends = {span.phase: span.end_us for span in phase_spans(after, PLAN)}
    assert ends["peak"] == first["CADSS-6"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_protocol_asks_for_sedation_and_for_dissociation_after_the_peak(path: object) -> None:
    plan, _ = read(path)  # type: ignore[arg-type]
    assert {each.scale for each in plan.ratings} == {plan.sedation, "CADSS-6"}
    assert "[K]" in plan.source
    assert plan.hold_min == (12 if plan.route == "sublingual" else 0)


@pytest.mark.parametrize(
    ("ratings_", "words"),
    [
        ('[{ scale = "pain" }]', "either at_min or after_phase"),
        ('[{ scale = "pain", at_min = [5], after_phase = "peak" }]', "either at_min or after_phase"),
        ('[{ scale = "pain", at_min = [30, 5] }]', "each later than the one before"),
        ('[{ scale = "mood", at_min = [5] }]', "ratings"),
    ],
)
def test_a_rating_that_contradicts_itself_is_told_with_its_field(ratings_: str, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        parse(PLAIN.replace("format = 1", f"format = 1\nratings = {ratings_}"))


def test_a_lozenge_counts_up_to_what_it_is_meant_for_until_it_is_out() -> None:
    plan = msgspec.structs.replace(PLAN, route="sublingual", hold_min=12)
    dose = happened(LOZENGE, 15, counter=1)
    (one,) = held(fold([dose]), plan)
    assert [one.words(minute(at)) for at in (15, 19.5, 40)] == ["0 of 12 min", "4 of 12 min", "25 of 12 min"]
    (out,) = held(fold([dose, happened(LozengeOut(dose.id, "spat", 720_000), 23, counter=2)]), plan)
    assert out.words(minute(60)) == "8 of 12 min, spat"


def test_without_a_time_to_hold_and_by_other_routes_nothing_is_held() -> None:
    assert held(session((15, LOZENGE)), PLAN) == ()
    assert held(session((15, DOSE)), msgspec.structs.replace(PLAN, hold_min=12)) == ()
