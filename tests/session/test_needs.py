"""What is due when, and what has to be there before a dose and before leaving."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.clinical.protocol import Item, Leaving, Protocol, parse, read, sha256
from kapdesk.clinical.vitals import Limits
from kapdesk.facts.after import LeavingScored
from kapdesk.facts.care import (
    ChecklistAnswered,
    DoseChecked,
    InfusionPaused,
    InfusionStarted,
    InfusionStopped,
    Overridden,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import OrderWritten
from kapdesk.facts.session import (
    Corrected,
    DoseGiven,
    PatientArrived,
    PersonCameIn,
    ProtocolChosen,
    Struck,
    VisitOpened,
    VitalsNotTaken,
    VitalsTaken,
    WeightMeasured,
)
from kapdesk.record.history import Happening
from kapdesk.session import leaving, needs
from kapdesk.session.due import breach_at, due
from kapdesk.session.ordered import beyond_order, order_for, order_overridden
from kapdesk.session.state import Session, fold
from tests.fakes import happened, minute
from tests.plain import PLAIN
from tests.session.sample import IDS

DOSE = DoseGiven("ketamine", 50_000, "im")
CALM, HIGH = VitalsTaken(120, 80, 70, 98), VitalsTaken(170, 100, 90, 97)
PLAN = msgspec.structs.replace(
    parse(PLAIN),
    vitals_at_min=(10, 20, 30, 60),
    recheck_min=5,
    needs=("weight", "baseline", "order"),
    staff=("therapist", "medical staff"),
    before=(Item("escort", "Escort reached"), Item("music", "Music asked", needed=False)),
    leaving=Leaving(90, 20, 30, (Item("gait", "Walks steadily"),)),
    limits_before=Limits(systolic_above=140),
    limits_after=Limits(systolic_above=160),
)
ANY = msgspec.structs.replace(PLAN, leaving=msgspec.structs.replace(PLAN.leaving, from_any_medicine=True))
RESCUE = DoseGiven("midazolam", 1_000, "iv")
PLANNED = ProtocolChosen(PLAIN, sha256(PLAIN))
OPENED = VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4")


def session(*facts: tuple[float, Fact]) -> Session:
    said = [happened(OPENED, 0, counter=0), happened(PatientArrived(), 0, counter=1)]
    return fold([*said, *(happened(fact, at, counter=n + 2) for n, (at, fact) in enumerate(facts))])


def at(found: Sequence[object]) -> list[tuple[str, float]]:
    return [(each.what, (each.at_us - minute(0)) / 60_000_000) for each in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([], 25),
        ([16], 25),
        ([20.1], 35),
        ([25], 35),
        ([25, 34], 45),
        ([44], 75),
        ([60], 75),
        ([70.1], 90),
        ([75], 90),
        ([80], 95),
        ([95], 110),
    ],
)
def test_readings_are_due_at_the_protocols_times_and_each_answers_what_lies_behind_it(
    readings: list[float], expected: float
) -> None:
    """The dose is at 15; due at 25, 35, 45 and 75, then every 15 min."""
    found = due(session((15, DOSE), *((at_, CALM) for at_ in readings)), PLAN)
    assert at(found) == [("Vitals", expected)]


def test_a_reading_outside_the_limits_is_to_be_repeated_until_it_was() -> None:
    once = session((15, DOSE), (26, HIGH))
    assert at(due(once, PLAN)) == [("Recheck", 31), ("Vitals", 35)]
    assert breach_at(once, PLAN) is not None
    for answer in (CALM, VitalsNotTaken("resting")):
        assert at(due(session((15, DOSE), (26, HIGH), (31, answer)), PLAN)) == [("Vitals", 45)]
    assert at(due(session((15, DOSE), (26, HIGH), (31, HIGH)), PLAN))[0] == ("Recheck", 36)


@given(st.lists(st.floats(15.1, 200), max_size=12), st.floats(-10, 10))
def test_a_corrected_first_dose_moves_every_due_time(readings: list[float], moved: float) -> None:
    dose = happened(DOSE, 15, counter=2)
    opened = [happened(OPENED, 0, counter=0), happened(PatientArrived(), 0, counter=1)]
    corrected = happened(Corrected(dose.id, DOSE, minute(15 + moved), "given then"), 201, counter=3)
    before = due(fold([*opened, dose]), PLAN)
    after = due(fold([*opened, dose, corrected]), PLAN)
    assert after[0].at_us - before[0].at_us == minute(15 + moved) - minute(15)


@given(st.lists(st.tuples(st.floats(15.1, 300), st.booleans()), max_size=20), st.randoms())
def test_no_order_of_events_loses_a_due_item(events: list[tuple[float, bool]], chance: object) -> None:
    """Whatever was read or left out, in whatever order it was entered: something is due, after the last answer."""
    facts = [(at_, CALM if taken else VitalsNotTaken("resting")) for at_, taken in events]
    said = [happened(fact, at_, counter=n + 10) for n, (at_, fact) in enumerate(facts)]
    base = [happened(OPENED, 0, counter=0), happened(PatientArrived(), 0, counter=1), happened(DOSE, 15, counter=2)]
    mixed = list(said)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    found = due(fold([*base, *mixed]), PLAN)
    assert found == due(fold([*base, *said]), PLAN)
    assert len(found) == 1
    last = max([15.0, *(at_ for at_, _ in events)])
    assert found[0].at_us > minute(last)
    assert found[0].at_us <= max(minute(75), minute(last)) + 30 * 60_000_000


STAFF = [
    (1, PersonCameIn("p-1", "Sample Therapist", ("therapist",))),
    (1, PersonCameIn("p-2", "Sample Nurse", ("medical staff",))),
]
ORDER = OrderWritten("Ketamine", "im", 50_000, 25_000, "2099-01-01")


def ordered(order: OrderWritten = ORDER) -> list[Happening]:
    return [happened(order, -60)]


def lacking(done: Session, orders: list[Happening]) -> list[str]:
    return [need.id for need in needs.before_dose(done, orders, PLAN) if not need.met]


def test_before_a_dose_everything_is_there_or_named() -> None:
    assert lacking(session(), []) == ["staff", "weight", "baseline", "order", "escort"]
    done = session(
        *STAFF, (2, WeightMeasured(70_000, "2026-03-02")), (3, CALM), (4, ChecklistAnswered("escort", "x", "yes"))
    )
    assert lacking(done, ordered()) == []
    assert lacking(done, []) == ["order"]


def test_a_pressure_above_the_limit_holds_the_dose_and_says_why() -> None:
    done = session((3, VitalsTaken(150, 80)))
    (held,) = [need for need in needs.before_dose(done, [], PLAN) if need.id == "baseline"]
    assert (held.met, "Systolic 150 mmHg is above this clinic’s 140 before a dose" in held.words) == (False, True)


@pytest.mark.parametrize(
    "order",
    [
        OrderWritten("Ketamine", "im", 50_000, 0, "2020-01-01"),
        OrderWritten("Ketamine", "iv", 50_000, 0, "2099-01-01"),
        OrderWritten("esketamine", "im", 50_000, 0, "2099-01-01"),
    ],
)
def test_an_order_that_has_ended_or_is_for_another_route_or_medication_is_none(order: OrderWritten) -> None:
    assert order_for(session(), ordered(order), PLAN) is None


@pytest.mark.parametrize(
    ("before", "dose", "sentence"),
    [
        ([], DoseGiven("ketamine", 50_000, "im"), None),
        ([], DoseGiven("ketamine", 50_001, "im"), "50.001 mg is more than ordered"),
        ([(15, DOSE)], DoseGiven("ketamine", 25_000, "im"), None),
        ([(15, DOSE)], DoseGiven("ketamine", 26_000, "im"), "26 mg is more than ordered"),
        ([], DoseGiven("ketamine", 50_000, "iv"), "The order is for"),
    ],
)
def test_an_order_covers_so_much_and_no_more(
    before: list[tuple[float, Fact]], dose: DoseGiven, sentence: str | None
) -> None:
    said = beyond_order(session(*before), dose, ORDER)
    assert said is None if sentence is None else (said or "").startswith(sentence)


def test_an_override_of_the_order_holds_for_one_dose() -> None:
    override = Overridden("order", (), "by word over the phone")
    assert order_overridden(session((14, override)))
    assert not order_overridden(session((14, override), (15, DOSE)))
    assert order_overridden(session((14, override), (15, DOSE), (30, override)))


def test_an_override_covers_what_was_missing_then_and_not_what_came_after() -> None:
    asked = needs.before_dose(session(), [], PLAN)
    over = Overridden("clearance", needs.missing(asked), "known patient")
    assert needs.settled(session((5, over)), "clearance", needs.before_dose(session((5, over)), [], PLAN))
    worse = session((5, over), (6, VitalsTaken(150, 80)))
    assert not needs.settled(worse, "clearance", needs.before_dose(worse, [], PLAN))


def test_leaving_waits_for_time_pressure_a_fresh_reading_and_the_list() -> None:
    done = session((3, CALM), (15, DOSE), (80, HIGH))
    names = [need.id for need in leaving.before_leaving(done, PLAN, minute(100)) if not need.met]
    assert names == ["observed", "pressure", "gait"]
    assert leaving.earliest_leave_us(done, PLAN) == minute(105)
    late = session((3, CALM), (15, DOSE), (80, HIGH), (100, CALM), (101, ChecklistAnswered("gait", "x", "yes")))
    assert needs.missing(leaving.before_leaving(late, PLAN, minute(106))) == ()
    assert [n.id for n in leaving.before_leaving(late, PLAN, minute(140)) if not n.met] == ["reading"]


def test_a_rescue_starts_the_wait_before_leaving_anew_only_where_the_clinic_says_so() -> None:
    rescued = session((1, PLANNED), (3, CALM), (15, DOSE), (60, RESCUE))
    assert leaving.earliest_leave_us(rescued, PLAN) == minute(105)
    assert leaving.earliest_leave_us(rescued, ANY) == minute(150)
    (waits,) = [n for n in leaving.before_leaving(rescued, ANY, minute(120)) if n.id == "observed"]
    assert (waits.met, waits.words) == (
        False,
        "Observed 90 min after the last medicine of any kind; 30 min to go",
    )


def test_a_struck_rescue_starts_no_wait_and_one_before_the_dose_shortens_none() -> None:
    before = session((1, PLANNED), (3, CALM), (5, RESCUE), (15, DOSE))
    assert leaving.earliest_leave_us(before, ANY) == minute(105)
    rescued = session((1, PLANNED), (3, CALM), (15, DOSE), (60, RESCUE))
    given_ = [h for h in rescued.history.standing(DoseGiven) if h.fact == RESCUE]
    struck = fold([*rescued.history, happened(Struck(given_[0].id, "not given"), 61, counter=9)])
    assert leaving.earliest_leave_us(struck, ANY) == minute(105)


def test_a_discharge_score_from_before_the_rescue_counts_no_more_where_the_wait_began_anew() -> None:
    scored = session((1, PLANNED), (15, DOSE), (50, LeavingScored("mPADSS", (2, 2, 2, 2, 2))), (60, RESCUE))
    assert leaving.scored(scored, PLAN, "mPADSS") is not None
    assert leaving.scored(scored, ANY, "mPADSS") is None


def test_a_paused_infusion_is_observed_from_its_pause_on() -> None:
    drip = happened(DoseGiven("ketamine", 40_000, "iv"), 15, counter=2)
    run = [happened(InfusionStarted(drip.id, 40_000, 60_000), 15, counter=3)]
    run.append(happened(InfusionPaused(drip.id), 40, counter=4))
    paused = fold([happened(OPENED, 0, counter=0), happened(PatientArrived(), 0, counter=1), drip, *run])
    assert leaving.earliest_leave_us(paused, PLAN) == minute(130)


def test_nobody_leaves_on_an_infusion_of_which_nobody_said_the_end() -> None:
    drip = happened(DoseGiven("ketamine", 40_000, "iv"), 15, counter=2)
    paused = [
        happened(OPENED, 0, counter=0),
        happened(PatientArrived(), 0, counter=1),
        drip,
        happened(InfusionStarted(drip.id, 40_000, 60_000), 15, counter=3),
        happened(InfusionPaused(drip.id), 40, counter=4),
    ]
    stopped = [*paused, happened(InfusionStopped(drip.id, 25_000, True), 41, counter=5)]

    def waits(facts: list[Happening]) -> bool:
        return "infusion" in [n.id for n in leaving.before_leaving(fold(facts), PLAN, minute(200)) if not n.met]

    assert waits(paused)
    assert not waits(stopped)
    assert not waits(paused[:-1]), "all of it has run in"


def test_minutes_set_aside_stay_so_while_they_run_down_and_not_after_another_dose() -> None:
    done = [(3, CALM), (15, DOSE), (94, CALM), (94, ChecklistAnswered("gait", "x", "yes"))]
    lacking = needs.missing(leaving.before_leaving(session(*done), PLAN, minute(95)))
    assert lacking == ("Observed 90 min after the last dose; 10 min to go",)
    over = (95, Overridden("leaving", lacking, "lives next door"))
    later = session(*done, over)
    assert needs.settled(later, "leaving", leaving.before_leaving(later, PLAN, minute(97)))
    again = session(*done, over, (96, DOSE), (97, CALM))
    assert not needs.settled(again, "leaving", leaving.before_leaving(again, PLAN, minute(97)))


def test_an_answer_of_no_is_missing_and_the_newest_answer_stands() -> None:
    no, yes = ChecklistAnswered("escort", "Escort reached", "no"), ChecklistAnswered("escort", "x", "does not apply")
    assert "escort" in lacking(session((3, no)), [])
    assert "escort" not in lacking(session((3, no), (4, yes)), [])
    assert "music" not in lacking(session((3, ChecklistAnswered("music", "x", "no"))), [])


def test_a_dose_is_unchecked_until_someone_has() -> None:
    one = session((15, DOSE))
    (dose,) = needs.unchecked(one)
    assert needs.unchecked(fold([*one.history, happened(DoseChecked(dose.id), 16)])) == ()


@pytest.mark.parametrize("path", sorted(paths.shipped("resources", "protocols").glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_protocol_asks_before_and_after(path: object) -> None:
    plan: Protocol = read(path)[0]  # type: ignore[arg-type]
    asked = needs.before_dose(session(), [], plan)
    assert asked
    assert not any(need.met for need in asked)
    left = leaving.before_leaving(session((3, CALM), (15, DOSE)), plan, minute(20))
    assert not any(need.met for need in left)
    assert plan.leaving.observed_min >= (120 if plan.medication == "esketamine" else 90)
