"""Phases hang on the first dose: a booster, a move by hand, more time, a corrected dose re-time what remains."""

from itertools import pairwise

import pytest
from hypothesis import given

from kapdesk.clinical.protocol import Protocol, parse
from kapdesk.facts.fact import Struck
from kapdesk.facts.session import (
    Cleared,
    Corrected,
    DoseGiven,
    Ended,
    PatientArrived,
    PhaseEntered,
    PhaseExtended,
    SessionFact,
    VisitOpened,
    VitalsNotTaken,
    VitalsTaken,
)
from kapdesk.facts.words import Phase
from kapdesk.record.history import Happening
from kapdesk.session.due import due
from kapdesk.session.plan import phase_at, phase_spans
from kapdesk.session.state import Session, evolve, fold
from tests.fakes import MINUTE_US, happened, minute
from tests.plain import PLAIN
from tests.session.sample import IDS, visits

IM = parse(PLAIN)
"""settle 15 · onset 5 · ascent 10 · peak 30 · return 30 · recovery 45 min; a booster adds 15; vitals each 15."""

SHORT = parse(
    'format = 1\nname = "Short"\nversion = "1"\nmedication = "ketamine"\nroute = "im"\nvitals_every_min = 10\n'
    '[[phases]]\nphase = "ascent"\nminutes = 10\n[[phases]]\nphase = "peak"\nminutes = 20\n',
    "short.toml",
)
DOSE = DoseGiven("ketamine", 50_000, "im")
READING = VitalsTaken(120, 80)


def visit(*said: tuple[float, SessionFact]) -> Session:
    """Opened at 0; each fact at its minute."""
    opened = VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4")
    return fold([happened(opened, 0), *(happened(f, at, counter=n) for n, (at, f) in enumerate(said, 1))])


def plan(session: Session, protocol: Protocol = IM) -> list[tuple[Phase, float, float]]:
    """Phases with their begin and end in minutes."""
    return [
        (s.phase, (s.start_us - minute(0)) / MINUTE_US, (s.end_us - minute(0)) / MINUTE_US)
        for s in phase_spans(session, protocol)
    ]


def begins(session: Session, protocol: Protocol = IM) -> dict[Phase, float]:
    return {phase: start for phase, start, _ in plan(session, protocol)}


def test_before_arrival_there_is_no_plan() -> None:
    assert phase_spans(visit(), IM) == ()
    assert phase_at((), minute(0)) is None


def test_without_a_dose_settle_is_planned_and_the_rest_follows_it() -> None:
    assert plan(visit((2, PatientArrived()))) == [
        ("settle", 2, 17),
        ("onset", 17, 22),
        ("ascent", 22, 32),
        ("peak", 32, 62),
        ("return", 62, 92),
        ("recovery", 92, 137),
    ]


def test_the_dose_ends_settle_early_or_late_and_all_follows_it() -> None:
    for at in (5, 40):
        spans = plan(visit((2, PatientArrived()), (at, DOSE)))
        assert spans[:3] == [("settle", 2, at), ("onset", at, at + 5), ("ascent", at + 5, at + 15)]
        assert spans[-1] == ("recovery", at + 75, at + 120)


def test_a_dose_without_or_before_an_arrival_is_planned_from_the_dose() -> None:
    assert plan(visit((10, DOSE)))[0] == ("onset", 10, 15)
    late = plan(visit((10, DOSE), (12, PatientArrived())))
    assert late[0] == ("onset", 10, 15)


def test_a_late_booster_stretches_the_peak_and_retimes_what_remains() -> None:
    once = begins(visit((0, PatientArrived()), (10, DOSE)))
    twice = begins(visit((0, PatientArrived()), (10, DOSE), (40, DOSE)))
    assert {phase: twice[phase] - once[phase] for phase in once} == {
        "settle": 0,
        "onset": 0,
        "ascent": 0,
        "peak": 0,
        "return": 15,
        "recovery": 15,
    }


def test_a_second_booster_counts_while_the_stretched_peak_lasts_and_not_after() -> None:
    base = (0, PatientArrived()), (10, DOSE), (40, DOSE)
    assert begins(visit(*base))["return"] == 70
    assert begins(visit(*base, (69, DOSE)))["return"] == 85
    assert begins(visit(*base, (70, DOSE)))["return"] == 70


def test_a_booster_struck_out_gives_the_time_back() -> None:
    booster = happened(DOSE, 40)
    said = [happened(PatientArrived(), 0), happened(DOSE, 10), booster]
    assert begins(fold([*said, happened(Struck(booster.id, "not given"), 41)]))["return"] == 55


def test_a_phase_entered_by_hand_starts_there_and_then() -> None:
    session = visit((0, PatientArrived()), (10, DOSE), (30, PhaseEntered("return")))
    assert plan(session)[1:] == [
        ("onset", 10, 15),
        ("ascent", 15, 25),
        ("peak", 25, 30),
        ("return", 30, 60),
        ("recovery", 60, 105),
    ]


def test_going_back_a_phase_plans_it_once_more() -> None:
    session = visit((0, PatientArrived()), (10, DOSE), (60, PhaseEntered("peak")))
    assert [(phase, start) for phase, start, _ in plan(session)][3:] == [
        ("peak", 25),
        ("return", 55),
        ("peak", 60),
        ("return", 90),
        ("recovery", 120),
    ]


def test_entering_the_phase_one_is_in_changes_nothing() -> None:
    said = (0, PatientArrived()), (10, DOSE)
    assert plan(visit(*said, (30, PhaseEntered("peak")))) == plan(visit(*said))


def test_a_phase_entered_after_the_planned_end_still_counts() -> None:
    session = visit((0, PatientArrived()), (10, DOSE), (300, PhaseEntered("return")))
    assert plan(session)[-3:] == [("recovery", 85, 300), ("return", 300, 330), ("recovery", 330, 375)]


def test_a_move_before_the_corrected_dose_no_longer_counts() -> None:
    session = visit((0, PatientArrived()), (2, PhaseEntered("settle")), (10, DOSE))
    assert plan(session)[:2] == [("settle", 0, 10), ("onset", 10, 15)]


def test_a_phase_given_more_or_less_time_moves_those_after_it() -> None:
    said = (0, PatientArrived()), (10, DOSE)
    assert begins(visit(*said, (30, PhaseExtended("peak", 600_000))))["return"] == 65
    assert begins(visit(*said, (30, PhaseExtended("peak", -600_000))))["return"] == 45
    none = plan(visit(*said, (30, PhaseExtended("peak", -9_999_999))))
    assert ("peak", 25, 25) in none


def test_a_corrected_first_dose_moves_every_phase_and_what_is_due() -> None:
    dose = happened(DOSE, 10)
    opened = happened(VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4"), 0)
    before = evolve(evolve(evolve(Session(), opened), happened(PatientArrived(), 0)), dose)
    after = evolve(before, happened(Corrected(dose.id, DOSE, minute(4), "entered late"), 12))
    moved = {phase: begins(before)[phase] - begins(after)[phase] for phase in begins(before)}
    assert moved == {"settle": 0, "onset": 6, "ascent": 6, "peak": 6, "return": 6, "recovery": 6}
    assert [d.at_us for d in due(before, IM)] == [minute(25)]
    assert [d.at_us for d in due(after, IM)] == [minute(19)]


def test_a_protocol_with_few_phases_skips_the_others() -> None:
    session = visit((0, PatientArrived()), (10, DOSE), (25, DOSE))
    assert plan(session, SHORT) == [("settle", 0, 10), ("ascent", 10, 20), ("peak", 20, 40)]


@pytest.mark.parametrize(
    ("at", "phase"), [(-1, None), (0, "settle"), (9.99, "settle"), (10, "onset"), (999, "recovery")]
)
def test_the_phase_at_an_instant(at: float, phase: Phase | None) -> None:
    spans = phase_spans(visit((0, PatientArrived()), (10, DOSE)), IM)
    now = phase_at(spans, minute(at))
    assert (now.phase if now else None) == phase


@given(visits())
def test_phases_follow_each_other_without_gap_whatever_was_said(said: list[Happening]) -> None:
    session = fold(said)
    spans = phase_spans(session, IM)
    assert all(a.end_us == b.start_us for a, b in pairwise(spans))
    assert all(span.start_us <= span.end_us for span in spans)
    dose = session.first_dose_us
    if dose is not None:
        assert spans[-1].end_us >= dose
        assert dose in {span.start_us for span in spans}
        assert all(span.phase == "settle" for span in spans if span.end_us <= dose and span.start_us < dose)


def test_a_baseline_is_due_at_arrival_once() -> None:
    assert due(visit(), IM) == ()
    arrived = (2, PatientArrived())
    assert [(d.what, d.at_us, d.late_ms(minute(3))) for d in due(visit(arrived), IM)] == [("Vitals", minute(2), 60_000)]
    assert due(visit(arrived, (3, READING)), IM) == ()


def test_vitals_are_due_from_the_dose_and_from_each_reading_after_it() -> None:
    said = (0, PatientArrived()), (3, READING), (4, Cleared()), (10, DOSE)
    assert [d.at_us for d in due(visit(*said), IM)] == [minute(25)]
    assert due(visit(*said), IM)[0].late_ms(minute(20)) == -5 * 60_000
    assert [d.at_us for d in due(visit(*said, (28, READING)), IM)] == [minute(43)]
    assert [d.at_us for d in due(visit(*said, (28, READING), (40, VitalsNotTaken("asleep"))), IM)] == [minute(55)]


def test_a_struck_reading_is_due_again_and_nothing_is_after_the_end() -> None:
    reading = happened(READING, 28)
    said = [*visit((0, PatientArrived()), (10, DOSE)).history, reading]
    assert [d.at_us for d in due(fold([*said, happened(Struck(reading.id, "cuff slipped"), 29)]), IM)] == [minute(25)]
    assert due(fold([*said, happened(Ended("completed"), 100)]), IM) == ()


@given(visits())
def test_no_order_of_events_loses_what_is_due(said: list[Happening]) -> None:
    session = fold(said)
    list_ = due(session, IM)
    if session.live and session.first_dose_us is not None:
        assert len(list_) == 1
        assert list_[0].at_us >= session.first_dose_us + 15 * MINUTE_US
    if not session.live:
        assert list_ == ()
