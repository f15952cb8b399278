"""The course page and its questionnaires: the keyboard alone, the safety card, the desk turned to the patient."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import (
    CoursePlanned,
    CrisisContactsSet,
    FormAnswered,
    MaintenancePlanned,
    MilestoneReached,
    PatientRegistered,
    Screened,
    VisitPlanned,
)
from kapdesk.people.patient import Patient
from tests.ui.hand import Hand
from tests.ui.test_patient_page import add, open_page, shows, words_on
from ui.course.form import FormPage
from ui.course.page import CoursePage
from ui.course.safety import WORDS
from ui.course.turned import TurnedPage
from ui.lock.page import LockPage
from ui.patient.page import PatientPage

Start = Callable[[Path], Hand]
A = PatientRegistered("Sample Patient A", "1980-01-01")


@pytest.fixture
def course(hand: Hand) -> CoursePage:
    """The course of a patient who was just registered."""
    add(hand, A)
    open_page(hand, "Sample Patient A")
    hand.press("Course and questionnaires")
    hand.until(lambda: "Answer PHQ-9" in hand.buttons())
    return hand.on(CoursePage)


def patient(hand: Hand) -> Patient:
    return hand.day.desk.clinic.known()[0]


def answer(hand: Hand, form: str, keys: str) -> None:
    hand.press(f"Answer {form}")
    hand.key(keys)


def test_a_form_is_answered_by_digits_alone_and_its_score_stands_on_the_course_page(
    hand: Hand, course: CoursePage
) -> None:
    answer(hand, "PHQ-9", "1211110001")
    assert "7 of 27, mild" in words_on(hand)
    hand.key(Qt.Key.Key_Return)
    hand.settle()
    assert hand.on(CoursePage)
    fact = patient(hand).newest(FormAnswered)
    assert fact is not None
    assert (fact.form, fact.answers, fact.on) == ("phq-9", (1, 2, 1, 1, 1, 1, 0, 0, 0, 1), "2026-03-02")
    assert 'id = "phq-9"' in fact.scoring
    hand.until(lambda: any("7 of 27, mild" in name for name in hand.buttons()))
    assert not course.safety.isVisible()


def test_a_wrong_key_is_gone_back_to_and_what_is_left_out_leaves_no_total(hand: Hand, course: CoursePage) -> None:
    answer(hand, "GAD-7", "3")
    hand.key(Qt.Key.Key_Up, "1", "-", "9", "11111")
    assert hand.on(FormPage).answers == (1, None, 1, 1, 1, 1, 1)
    assert "no total, 1 left out" in words_on(hand)


def test_nothing_answered_is_not_kept_and_says_so(hand: Hand, course: CoursePage) -> None:
    answer(hand, "GAD-7", "")
    hand.press("Keep the answers")
    assert "Nothing was answered yet" in words_on(hand)
    assert hand.on(FormPage)


def test_what_was_answered_stays_when_someone_looks_elsewhere(hand: Hand, course: CoursePage) -> None:
    answer(hand, "GAD-7", "321")
    hand.press("Back")
    hand.press("Answer GAD-7")
    assert hand.on(FormPage).answers[:3] == (3, 2, 1)


def test_after_a_crash_what_was_answered_is_there_again(
    hand: Hand, course: CoursePage, start: Start, folder: Path
) -> None:
    answer(hand, "GAD-7", "32-1")
    hand.settle()
    hand.pull_the_plug()
    again = start(folder)
    again.opened()
    again.day.desk.turn_person(next(iter(again.day.desk.clinic.state.staff)), True)
    open_page(again, "Sample Patient A")
    again.press("Course and questionnaires")
    again.until(lambda: "Answer GAD-7" in again.buttons())
    again.press("Answer GAD-7")
    assert again.on(FormPage).answers == (3, 2, None, 1, None, None, None)


def test_once_kept_the_next_sheet_is_empty(hand: Hand, course: CoursePage) -> None:
    answer(hand, "GAD-7", "1111111")
    hand.key(Qt.Key.Key_Return)
    hand.settle()
    assert [key for key in hand.day.desk.clinic.drafts.all() if key.startswith("form ")] == []
    hand.press("Answer GAD-7")
    assert hand.on(FormPage).answers == (None,) * 7


def test_who_may_only_read_is_told_so_and_the_answers_stay(hand: Hand, course: CoursePage) -> None:
    hand.day.desk.by = hand.staff("Sample Clerk", "records")
    answer(hand, "GAD-7", "1111111")
    hand.key(Qt.Key.Key_Return)
    assert "Sample Clerk (records) may read here, not write" in words_on(hand)
    assert hand.on(FormPage).answers == (1,) * 7


def test_a_thought_of_death_opens_the_card_in_place_and_each_step_is_on_record(hand: Hand, course: CoursePage) -> None:
    clinic = hand.day.desk.clinic
    clinic.patient_recorder(patient(hand).id).record(CrisisContactsSet("a friend, 555-0100"), hand.day.desk.actor)
    answer(hand, "PHQ-9", "0000000010")
    below = course._area.verticalScrollBar()
    below.setValue(below.maximum())
    hand.key(Qt.Key.Key_Return)
    hand.until(course.safety.isVisible)
    assert below.value() == 0
    assert hand.on(CoursePage)
    shows(hand, "Whom to call: a friend, 555-0100")
    assert WORDS in words_on(hand)
    hand.press("Prescriber told")
    hand.settle()
    told = patient(hand).newest(Screened)
    assert told is not None
    assert (told.words, told.answer) == ("After PHQ-9 of 2026-03-02: Prescriber told", "yes")
    shows(hand, "Prescriber told, Sample Therapist")
    hand.write("What was said and agreed", "calls tomorrow")
    hand.key(Qt.Key.Key_Return)
    hand.settle()
    shows(hand, "What was said and agreed: calls tomorrow, Sample Therapist")
    answer(hand, "PHQ-9", "00000000-0")
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: len(patient(hand).standing(FormAnswered)) == 2)
    hand.until(lambda: any("no total" in name for name in hand.buttons()))
    assert course.safety.isVisible()  # left out is no all-clear
    answer(hand, "PHQ-9", "0000000000")
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: not course.safety.isVisible())


def test_a_form_entered_for_someone_else_is_struck_out_with_a_reason(hand: Hand, course: CoursePage) -> None:
    answer(hand, "GAD-7", "1111111")
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: [name for name in hand.buttons() if "7 of 21" in name])
    hand.press(next(name for name in hand.buttons() if "7 of 21" in name))
    hand.press("Record these words")
    hand.until(lambda: "The reason is missing" in words_on(hand))
    hand.press(next(name for name in hand.buttons() if "7 of 21" in name))
    hand.write("Why GAD-7, 2 March is struck out", "another patient's")
    hand.press("Record these words")
    hand.settle()
    assert patient(hand).standing(FormAnswered) == []
    assert [h.fact.reason for h in patient(hand).history if isinstance(h.fact, Struck)] == ["another patient's"]


def test_goals_plans_milestones_and_maintenance_are_entered_here(hand: Hand, course: CoursePage) -> None:
    hand.press("Goals")
    hand.write("Goals of the course", "sleep")
    hand.write("Dosing visits planned", "six")
    hand.press("Record the goals")
    assert "Type a whole number" in words_on(hand)
    course.planning.entries[0]._visits.clear()  # type: ignore[attr-defined]
    hand.write("Dosing visits planned", "6")
    hand.press("Record the goals")
    hand.press("Plan a visit")
    hand.write("Planned on, YYYY-MM-DD", "2026-02-01")
    hand.press("Record the planned visit")
    assert "That day has passed" in words_on(hand)
    hand.on(CoursePage).planning.entries[1]._on.clear()  # type: ignore[attr-defined]
    hand.write("Planned on, YYYY-MM-DD", "2026-03-09")
    hand.press("Record the planned visit")
    hand.press("Milestone")
    hand.write("What was reached", "slept through")
    hand.press("Record the milestone")
    hand.press("Maintenance")
    hand.write("A visit every so many weeks, 0 for none", "4")
    hand.press("Record the maintenance")
    hand.settle()
    now = patient(hand)
    assert now.newest(CoursePlanned) == CoursePlanned("sleep", 6)
    assert now.newest(VisitPlanned) == VisitPlanned("dosing", "2026-03-09")
    assert now.newest(MilestoneReached) == MilestoneReached("slept through")
    assert now.newest(MaintenancePlanned) == MaintenancePlanned(4)
    for text in (
        "sleep. Dosing visits planned: 6",
        "Dosing visit on 9 March",
        "Reached: slept through",
        "every 4 weeks",
    ):
        shows(hand, text)


def test_turned_to_the_patient_nothing_of_the_record_is_in_sight_and_only_the_lock_leads_back(
    hand: Hand, course: CoursePage
) -> None:
    hand.press("Answer GAD-7")
    hand.press("Turn to the patient")
    turned = hand.on(TurnedPage)
    hand.key("321")
    hand.press("I would rather not say")
    hand.key("0")
    hand.press("2   most days")
    hand.key("1", Qt.Key.Key_Escape)
    everything = " ".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())
    assert "Sample Patient" not in everything
    assert "Thank you. Please give it back." in everything
    assert hand.window.rail is not None
    assert not hand.window.rail.isVisible()
    assert hand.buttons() == ["The question before", "Give it back"]
    hand.press("Give it back")
    assert hand.on(LockPage)
    hand.program.lock._open(hand.day.desk.here[-1])
    assert hand.on(FormPage).answers == (3, 2, 1, None, 0, 2, 1)
    assert turned.answers == (3, 2, 1, None, 0, 2, 1)


def test_the_desk_is_not_turned_while_somebody_is_under_a_dose(hand: Hand) -> None:
    hand.begin()
    hand.day.go_home()
    open_page(hand, "Sample Patient A")
    hand.press("Course and questionnaires")
    hand.until(lambda: "Answer GAD-7" in hand.buttons())
    hand.press("Answer GAD-7")
    hand.press("Turn to the patient")
    assert hand.on(FormPage)
    assert "its readings would be out of sight" in words_on(hand)


def test_a_sum_is_typed_where_there_are_too_many_points_for_digits(hand: Hand, course: CoursePage) -> None:
    hand.press("Answer EBI, mean")
    hand.write("Mean of the six lines: 0 to 100", "130")
    hand.press("Keep the answers")
    assert "holds no number it can be" in words_on(hand)
    edit = hand.on(FormPage)._rows[0].edit
    assert edit is not None
    edit.clear()
    hand.write("Mean of the six lines: 0 to 100", "63")
    hand.press("Keep the answers")
    hand.until(lambda: [name for name in hand.buttons() if "63 of 100" in name])


def test_the_way_back_is_the_patients_page(hand: Hand, course: CoursePage) -> None:
    hand.press("Back")
    assert hand.on(PatientPage)
