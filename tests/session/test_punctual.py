"""Which regular readings were in time, late, left out with a reason, or never came."""

from kapdesk.clinical import protocol as protocols
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import DoseGiven, Ended, PatientLeft, VitalsNotTaken, VitalsTaken
from kapdesk.session.punctual import LATE_MIN, Answered, answered
from kapdesk.session.state import fold
from tests.fakes import happened
from tests.plain import PLAIN

PLAN = protocols.parse(PLAIN.replace("vitals_every_min = ", "vitals_at_min = [10, 20, 40]\nvitals_every_min = 30 #", 1))


def readings(*facts: tuple[Fact, float]) -> tuple[Answered, ...]:
    dose = (DoseGiven("ketamine", 50_000, "im"), 0)
    return answered(fold([happened(fact, at, counter=n) for n, (fact, at) in enumerate((dose, *facts))]), PLAN)


def said(made: tuple[Answered, ...]) -> list[tuple[int, bool]]:
    return [(each.late_min, each.at_us is not None) for each in made]


def test_a_reading_about_its_time_is_not_late() -> None:
    made = readings((VitalsTaken(120, 80), 9), (VitalsTaken(120, 80), 22), (VitalsTaken(120, 80), 40))
    assert said(made) == [(0, True), (2, True), (0, True)]
    assert not any(each.late for each in made)


def test_one_long_after_its_time_is_late_by_so_many_minutes() -> None:
    made = readings((VitalsTaken(120, 80), 10), (VitalsTaken(120, 80), 20 + LATE_MIN))
    assert [each.late for each in made] == [False, True]
    assert made[1].late_min == LATE_MIN


def test_several_times_that_passed_before_one_answer_are_one_late_reading() -> None:
    assert said(readings((VitalsTaken(120, 80), 45), (VitalsTaken(120, 80), 75))) == [(35, True), (0, True)]


def test_what_was_left_out_with_a_reason_is_an_answer() -> None:
    made = readings((VitalsTaken(120, 80), 10), (VitalsNotTaken("asleep"), 20), (VitalsTaken(120, 80), 40))
    assert [each.left_out for each in made] == [False, True, False]


def test_one_that_never_came_before_the_end_is_said_so() -> None:
    made = readings((VitalsTaken(120, 80), 10), (Ended("completed"), 60))
    assert said(made) == [(0, True), (40, False)]
    assert readings((VitalsTaken(120, 80), 10), (PatientLeft("a friend"), 22), (Ended("completed"), 60)) == made[:1]


def test_a_reading_in_between_answers_nothing() -> None:
    assert said(readings((VitalsTaken(120, 80), 10), (VitalsTaken(120, 80), 13), (VitalsTaken(120, 80), 20))) == [
        (0, True),
        (0, True),
    ]


def test_without_a_dose_nothing_was_due() -> None:
    assert answered(fold([happened(VitalsTaken(120, 80), 0)]), PLAN) == ()
