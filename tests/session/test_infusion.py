"""How much of an infusion is in: by its rates, its pauses and its stop, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.care import InfusionPaused, InfusionRateSet, InfusionStarted, InfusionStopped
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import DoseGiven, Ended, PatientArrived, VisitOpened
from kapdesk.session.counting import given_by_lot
from kapdesk.session.infusion import Infusion, infusions, running
from kapdesk.session.state import fold
from tests.fakes import happened, minute
from tests.session.sample import IDS

DOSE = happened(DoseGiven("ketamine", 40_000, "iv"), 10, counter=2)
OPENED = [
    happened(VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4"), 0, counter=0),
    happened(PatientArrived(), 0, counter=1),
    DOSE,
    happened(InfusionStarted(DOSE.id, 40_000, 60_000), 10, counter=3),
]
PAUSE, AGAIN = InfusionPaused(DOSE.id), InfusionRateSet(DOSE.id, 60_000)


def infusion(*facts: tuple[float, Fact]) -> Infusion:
    (one,) = infusions(fold([*OPENED, *(happened(fact, at, counter=n + 4) for n, (at, fact) in enumerate(facts))]))
    return one


@pytest.mark.parametrize(
    ("facts", "at", "mg", "ends"),
    [
        ([], 10, 0, 50),
        ([], 30, 20, 50),
        ([], 50, 40, 50),
        ([], 90, 40, 50),
        ([(20, PAUSE)], 40, 10, None),
        ([(20, PAUSE), (30, AGAIN)], 40, 20, 60),
        ([(20, InfusionRateSet(DOSE.id, 30_000))], 40, 20, 80),
        ([(20, InfusionRateSet(DOSE.id, 120_000))], 30, 30, 35),
        ([(20, PAUSE), (30, AGAIN), (30, InfusionRateSet(DOSE.id, 30_000))], 40, 15, 90),
        ([(32, InfusionStopped(DOSE.id, 22_000, True))], 60, 22, 32),
        ([(20, PAUSE), (25, InfusionStopped(DOSE.id, 10_000, False))], 60, 10, 25),
    ],
)
def test_what_is_in_and_when_it_ends(facts: list[tuple[float, Fact]], at: float, mg: int, ends: float | None) -> None:
    one = infusion(*facts)
    assert one.delivered_ug(minute(at)) == mg * 1_000
    assert one.ends_us(minute(at)) == (None if ends is None else minute(ends))


def test_it_runs_until_all_is_in_or_it_was_stopped() -> None:
    session = fold(OPENED)
    assert running(session, minute(49.9)) is not None
    assert running(session, minute(50)) is None
    stopped = fold([*OPENED, happened(InfusionStopped(DOSE.id, 22_000, True), 32, counter=4)])
    assert running(stopped, minute(33)) is None


def test_of_one_that_was_paused_and_left_only_what_ran_in_is_counted() -> None:
    left = [*OPENED, happened(PAUSE, 20, counter=4), happened(Ended("completed"), 90, counter=5)]
    assert given_by_lot(fold(left)) == {("ketamine", ""): 10_000}


@given(st.lists(st.tuples(st.floats(10, 200), st.integers(0, 120_000)), max_size=8), st.floats(10, 300))
def test_whatever_its_changes_no_more_runs_in_than_was_planned_and_never_less_later(
    changes: list[tuple[float, int]], at: float
) -> None:
    facts: list[tuple[float, Fact]] = [
        (when, InfusionRateSet(DOSE.id, rate) if rate else PAUSE) for when, rate in changes
    ]
    one = infusion(*facts)
    assert 0 <= one.delivered_ug(minute(at)) <= one.delivered_ug(minute(at + 1)) <= 40_000
