"""The watch is handed over through the window: the card, the word, the other's PIN."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kapdesk.facts.after import CareHandedOver, CareTakenOver, HandOverWithdrawn
from kapdesk.facts.care import AdverseEventNoted, StateBegan, StopSignalGiven
from kapdesk.facts.session import DoseGiven, VitalsTaken
from tests.ui.hand import Hand
from tests.ui.test_lock import WORDS, account, account_without_pin


@pytest.fixture
def watched(hand: Hand) -> Hand:
    """A session in which much is open; therapist and nurse are in the room."""
    hand.begin()
    account(hand, "Sample Nurse")
    hand.room.record(VitalsTaken(122, 78, 70, 98))
    hand.pass_(10)
    for fact in (VitalsTaken(150, 92, 84, 97), StateBegan("Eyes", "closed"), AdverseEventNoted("Nausea", "mild")):
        hand.room.record(fact)
    hand.pass_(2)
    hand.seat.show()
    return hand


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.page.findChildren(QLabel) if label.isVisible())


def test_the_card_says_what_the_other_must_know(watched: Hand) -> None:
    watched.press("Hand over …")
    told = said(watched)
    assert "Allergies not recorded" in told
    assert "Given: ketamine 50 mg IM" in told.replace("Ketamine", "ketamine")
    assert "150/92" in told
    assert "First 122/78, highest 150/92" in told
    assert "Eyes closed 2 min" in told
    assert "Nausea, mild, since 0:10" in told
    assert "Due: " in told


def test_the_watch_goes_over_by_the_others_pin_and_they_write_from_then_on(watched: Hand) -> None:
    hand = watched
    nurse = next(i for i, p in hand.day.desk.clinic.state.people.items() if p.name == "Sample Nurse")
    hand.press("Hand over …")
    hand.write("A word about what matters", "pressure rises")
    hand.press("Hand over the watch")
    hand.settle()
    assert hand.facts(CareHandedOver) == [CareHandedOver(nurse, "pressure rises")]
    hand.press("Take over the watch")
    hand.write("PIN of the second person", "9999")
    hand.press("Take over")
    hand.until(lambda: "PIN" in hand.page.handing.taking._refusal.text())
    assert hand.facts(CareTakenOver) == []
    hand.write("PIN of the second person", "4071")
    hand.press("Take over")
    hand.until(lambda: hand.facts(CareTakenOver))
    hand.settle()
    (taken,) = hand.room.session.history.standing(CareTakenOver)
    assert (taken.by, taken.entered_by) == (nurse, nurse)
    assert hand.day.desk.by == nurse
    hand.until(lambda: hand.page.handing.isHidden())
    assert "Eyes closed 2 min · Watch: Sample Nurse" in said(hand)


def test_beside_a_video_call_what_is_seldom_needed_has_a_tab_of_its_own(watched: Hand) -> None:
    hand = watched
    hand.window.resize(640, 900)
    hand.settle()
    assert "Touch …" not in hand.buttons()
    hand.press("More")
    for name in ("Touch …", "Stop signal", "Timer …", "Hand over …"):
        assert name in hand.buttons()
    hand.press("Hand over …")
    assert "Hand over the watch" in hand.buttons()
    hand.window.resize(1366, 768)
    hand.settle()
    hand.press("Put the card away")
    assert "Touch …" in hand.buttons()
    hand.key(Qt.Key.Key_N)
    assert hand.page.notes.edit.hasFocus()


def test_the_card_adds_up_doses_of_one_route_and_tells_of_the_stop_signal(watched: Hand) -> None:
    hand = watched
    first = hand.room.session.doses()[0].fact
    hand.room.record(DoseGiven(first.medication, 5_000, first.route))
    hand.room.record(StopSignalGiven())
    hand.settle()
    hand.press("Hand over …")
    assert "together ketamine 55 mg IM" in said(hand).replace("Ketamine", "ketamine")
    assert "Stop signal: given at 11:22" in said(hand)


def test_a_hand_over_nobody_took_yet_is_told_in_the_bar(watched: Hand) -> None:
    watched.press("Hand over …")
    watched.press("Hand over the watch")
    watched.settle()
    watched.press("Put the card away")
    assert "handed to Sample Nurse, not taken over yet" in said(watched)


@pytest.mark.parametrize(("wide", "high"), [(640, 700), (640, 900), (1366, 768)])
def test_where_room_is_short_the_pin_and_its_button_are_seen_whole(watched: Hand, wide: int, high: int) -> None:
    hand = watched
    hand.window.resize(wide, high)
    hand.settle()
    if wide == 640:
        hand.press("More")
    hand.press("Hand over …")
    hand.press("Hand over the watch")
    hand.settle()
    hand.press("Take over the watch")
    hand.settle()
    taking = hand.page.handing.taking
    for part in (taking._pin, taking._go):
        hand.until(lambda part=part: part.visibleRegion().boundingRect() == part.rect())


def test_a_hand_over_to_the_wrong_person_is_taken_back_by_who_gave_it(watched: Hand) -> None:
    hand = watched
    hand.press("Hand over …")
    hand.write("A word about what matters", "pressure rises")
    hand.press("Hand over the watch")
    hand.settle()
    row = ("Watch", "Handed over to Sample Nurse, not yet taken. pressure rises", "saved")
    hand.press("Put the card away")
    assert hand.rows()[0] == row
    hand.press("Hand over …")
    hand.press("Take the hand-over back")
    hand.settle()
    (handed,) = hand.room.session.history.standing(CareHandedOver)
    assert hand.facts(HandOverWithdrawn) == [HandOverWithdrawn(handed.id)]
    assert "Hand over the watch" in hand.buttons()
    assert hand.page.handing._word.text() == "pressure rises"
    assert "not taken over yet" not in said(hand)
    hand.press("Put the card away")
    assert [text for _, text, _ in hand.rows()[:2]] == [
        "The hand-over of the watch is taken back",
        "Handed over to Sample Nurse, taken back. pressure rises",
    ]


def test_whoever_did_not_give_the_watch_is_not_offered_to_take_it_back(watched: Hand) -> None:
    hand = watched
    nurse = next(i for i, p in hand.day.desk.clinic.state.people.items() if p.name == "Sample Nurse")
    hand.press("Hand over …")
    hand.press("Hand over the watch")
    hand.settle()
    assert "Take the hand-over back" in hand.buttons()
    hand.seat.write_as(nurse)
    assert "Take the hand-over back" not in hand.buttons()


def test_whoever_has_no_pin_takes_over_by_their_password(hand: Hand) -> None:
    hand.begin()
    nurse = account_without_pin(hand, "Sample Nurse")
    hand.seat.show()
    hand.press("Hand over …")
    hand.press("Hand over the watch")
    hand.settle()
    hand.press("Take over the watch")
    hand.write("Password of the second person", "wrong")
    hand.press("Take over")
    hand.until(lambda: hand.page.handing.taking._refusal.text())
    assert hand.facts(CareTakenOver) == []
    hand.write("Password of the second person", WORDS)
    hand.press("Take over")
    hand.until(lambda: hand.facts(CareTakenOver))
    hand.settle()
    (taken,) = hand.room.session.history.standing(CareTakenOver)
    assert (taken.by, taken.entered_by) == (nurse, nurse)
    assert hand.day.desk.by == nurse
    assert any(text == "Handed over to Sample Nurse, taken over" for _, text, _ in hand.rows())


def test_while_the_other_is_asked_for_their_pin_one_button_puts_the_card_away(watched: Hand) -> None:
    hand = watched
    hand.press("Hand over …")
    hand.press("Hand over the watch")
    hand.settle()
    hand.press("Take over the watch")
    sheet = hand.page.handing
    assert [name for name in hand.buttons(sheet) if name.startswith("Put")] == ["Put the card away"]
    hand.write("PIN of the second person", "40")
    hand.press("Put the card away")
    assert sheet.isHidden()
    hand.press("Hand over …")
    assert "Take over the watch" in hand.buttons(), "the PIN is asked for anew"
    assert sheet.taking._pin.text() == ""
