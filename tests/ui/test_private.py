"""Psychotherapy notes on their own page: for whoever typed their password last, and gone when another is there."""

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from kapdesk.access.accounts import NewPassword
from tests.ui.hand import Hand
from ui.close.page import ClosePage
from ui.private.page import PrivatePage

WORDS = "seven slow herons by the mill"


def therapist(hand: Hand, name: str = "Sample Therapist One") -> str:
    person = hand.staff(name, "therapist")
    ring = hand.day.desk.clinic.ring
    ring.add_person(person, name, NewPassword(WORDS))
    ring.sign_in(name, WORDS)
    hand.day.desk.identified(person)
    return person


@pytest.fixture
def hand(hand: Hand) -> Hand:
    hand.begin()
    hand.day.go_to(hand.seat, "close")
    return hand


def seen(hand: Hand) -> str:
    said = [label.text() for label in hand.window.findChildren(QLabel)]
    return "\n".join([*said, *(edit.toPlainText() for edit in hand.window.findChildren(QPlainTextEdit))])


def test_one_writes_for_oneself_and_the_page_says_so(hand: Hand) -> None:
    therapist(hand)
    hand.press("Psychotherapy notes, private")
    page = hand.on(PrivatePage)
    assert "Sample Therapist One: you write for yourself." in seen(hand)
    hand.write("Private note", "What moved me today.")
    hand.press("Keep for myself")
    hand.until(lambda: "Sample Therapist One\nWhat moved me today." in seen(hand))
    assert page.edit.toPlainText() == ""
    assert all("moved me" not in str(each.fact) for each in hand.room.session.history)


def test_what_is_typed_on_while_it_is_being_kept_stays(hand: Hand) -> None:
    therapist(hand)
    hand.press("Psychotherapy notes, private")
    hand.write("Private note", "One.")
    hand.press("Keep for myself")
    hand.write("Private note", " Two")
    hand.until(lambda: "Sample Therapist One\nOne." in seen(hand))
    assert hand.on(PrivatePage).edit.toPlainText() == " Two"


def test_when_another_is_at_the_keyboard_nothing_of_it_is_on_the_screen(hand: Hand) -> None:
    therapist(hand)
    hand.press("Psychotherapy notes, private")
    hand.write("Private note", "half a thought")
    other = therapist(hand, "Sample Therapist Two")
    hand.on(ClosePage)
    assert "half a thought" not in seen(hand)
    hand.press("Psychotherapy notes, private")
    assert "half a thought" not in seen(hand)
    hand.day.desk.identified(
        next(i for i in hand.day.desk.clinic.ring.people if i not in (other, hand.day.desk.clinic.ring.first))
    )
    hand.press("Psychotherapy notes, private")
    assert hand.on(PrivatePage).edit.toPlainText() == "half a thought"


def test_a_nurse_or_a_pin_opens_none(hand: Hand) -> None:
    hand.day.desk.identified(hand.staff("Sample Nurse Two", "medical staff"))
    hand.press("Psychotherapy notes, private")
    assert "are the therapist’s and the prescriber’s" in seen(hand)
    person = therapist(hand)
    hand.day.desk.identified(person, by_pin=True)
    hand.press("Psychotherapy notes, private")
    assert "A PIN opens no private notes" in seen(hand)
    hand.on(ClosePage)


def test_another_is_let_in_by_name(hand: Hand) -> None:
    other = therapist(hand, "Sample Therapist Two")
    therapist(hand)
    hand.press("Psychotherapy notes, private")
    hand.write("Private note", "for both of us")
    hand.press("Keep for myself")
    hand.until(lambda: "for both of us" in seen(hand))
    hand.press("Let this person read my notes on this patient")
    assert "Sample Therapist Two may read it too" in seen(hand)
    hand.day.desk.identified(other)
    hand.press("Psychotherapy notes, private")
    assert "Sample Therapist One\nfor both of us" in seen(hand)
