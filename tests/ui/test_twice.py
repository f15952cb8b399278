"""Two people enter the same due reading: both are kept, and the second is asked first."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from kapdesk.facts.clinic import StationEnrolled
from kapdesk.facts.people import ITSELF
from kapdesk.facts.session import VitalsTaken
from tests.fakes import MORNING_US, SOMEONE, Station
from tests.ui.hand import Hand
from tests.ui.test_lock import account, lock
from tests.ui.test_readings import press

KEY = Qt.Key
ASKED = "Enter again records yours too."


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def enter(hand: Hand, figures: str) -> None:
    press(f"V{figures}↵")
    hand.settle()


def test_a_second_person_is_asked_and_enter_again_keeps_both(hand: Hand) -> None:
    two = hand.staff("Sample Nurse Two", "medical staff")
    hand.begin()
    first = hand.day.desk.clinic.state.name_of(hand.room.by.by)
    enter(hand, "142887897")
    hand.pass_(0.75)
    hand.seat.write_as(two)
    enter(hand, "140867696")
    assert f"{first} entered 142/88 a minute ago. {ASKED}" in said(hand)
    assert len(hand.facts(VitalsTaken)) == 1
    press("↵")
    hand.settle()
    assert [h.by for h in hand.room.session.history.standing(VitalsTaken)][1:] == [two]
    assert [fact.systolic_mmhg for fact in hand.facts(VitalsTaken)] == [142, 140]
    assert ASKED not in said(hand)


def test_the_same_figures_by_the_same_hand_are_asked_about_and_other_ones_are_not(hand: Hand) -> None:
    hand.begin()
    enter(hand, "142887897")
    enter(hand, "142887897")
    assert f"entered 142/88 a moment ago. {ASKED}" in said(hand)
    press("↵")
    hand.settle()
    assert len(hand.facts(VitalsTaken)) == 2
    enter(hand, "138847897")
    assert len(hand.facts(VitalsTaken)) == 3


def test_who_sees_that_it_stands_there_leaves_and_nothing_is_doubled(hand: Hand) -> None:
    two = hand.staff("Sample Nurse Two", "medical staff")
    hand.begin()
    enter(hand, "142887897")
    hand.seat.write_as(two)
    enter(hand, "142887897")
    hand.key(KEY.Key_Escape)
    hand.settle()
    assert len(hand.facts(VitalsTaken)) == 1
    hand.pass_(5)
    press("V↵")  # what was typed is there still, and five minutes later it is a reading of its own
    hand.settle()
    assert len(hand.facts(VitalsTaken)) == 2


def test_changed_after_the_question_it_is_asked_about_anew(hand: Hand) -> None:
    two = hand.staff("Sample Nurse Two", "medical staff")
    hand.begin()
    enter(hand, "142887897")
    hand.seat.write_as(two)
    enter(hand, "142887897")
    hand.page.vitals.pad.bring_back(("150", "90", "78", "97", "", ""))
    hand.page.vitals.pad.record()
    hand.settle()
    assert len(hand.facts(VitalsTaken)) == 1
    hand.page.vitals.pad.record()
    hand.settle()
    assert [fact.systolic_mmhg for fact in hand.facts(VitalsTaken)] == [142, 150]


def test_what_another_desk_entered_is_asked_about_here(hand: Hand) -> None:
    hand.begin()
    clinic = hand.day.desk.clinic
    other = Station(clinic.log.keys.clinic)
    clinic.recorder.record(StationEnrolled(other.name, "The nurse's desk", other.public_key), ITSELF)
    hand.settle()
    minute = (hand.room.now_us() - MORNING_US) // 60_000_000
    adoption = clinic.adopt(other.says(hand.room.stream, (minute, VitalsTaken(142, 88))))
    hand.until(adoption.done)
    hand.settle()
    hand.until(lambda: hand.facts(VitalsTaken))
    enter(hand, "142887897")
    assert f"{clinic.state.name_of(SOMEONE.by)} entered 142/88" in said(hand)
    press("↵")
    hand.settle()
    assert len(hand.facts(VitalsTaken)) == 2


def test_at_the_locked_screen_the_pin_is_asked_for_once_more(hand: Hand) -> None:
    hand.begin()
    enter(hand, "142887897")
    hand.staff("Sample Nurse Two", "medical staff")
    person = account(hand, "Sample Nurse Two")
    page = lock(hand)
    hand.press("Enter vitals")
    (card,) = page.cards.values()
    card.pad.bring_back(("142", "88", "78", "97", "", ""))
    hand.press("Record reading")
    for asked in (True, False):
        hand.write("PIN", "4071", card)
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
        if asked:
            hand.until(lambda: "Your PIN once more records yours too." in said(hand))
            assert len(hand.facts(VitalsTaken)) == 1
    hand.until(lambda: len(hand.facts(VitalsTaken)) == 2)
    assert hand.room.session.history.standing(VitalsTaken)[-1].by == person


def test_before_the_dose_it_is_asked_about_as_well(hand: Hand) -> None:
    two = hand.staff("Sample Nurse Two", "medical staff")
    hand.open_session()
    pad = hand.arrival.vitals.pad
    pad.bring_back(("142", "88", "78", "97", "", ""))
    pad.record()
    hand.settle()
    hand.seat.write_as(two)
    pad.bring_back(("141", "88", "78", "97", "", ""))
    pad.record()
    hand.settle()
    assert (len(hand.facts(VitalsTaken)), ASKED in said(hand)) == (1, True)
    pad.record()
    hand.settle()
    assert len(hand.facts(VitalsTaken)) == 2
