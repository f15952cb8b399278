"""A double click is one press: whatever is pressed so on a session's page, nothing is recorded twice by it."""

import random

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from kapdesk.facts.people import DESK
from kapdesk.facts.session import DoseGiven
from tests.ui.hand import Hand
from ui.session.page import SessionPage

PRESSES = 45
TYPED = "4"
"""A dose, a value on a scale, a word: so that there is something to record."""


def double_click(hand: Hand, button: QWidget) -> None:
    """As from the mouse: the second press goes to what lies beneath the pointer by then."""
    place = button.mapTo(hand.window, button.rect().center())
    QTest.mouseDClick(hand.window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QApplication.processEvents()


def in_reach(hand: Hand) -> list[QAbstractButton]:
    """The buttons of the page that a pointer can reach."""
    page = hand.window.page()
    found = []
    for each in page.findChildren(QAbstractButton):
        middle = each.mapTo(hand.window, each.rect().center())
        if each.isVisible() and each.isEnabled() and QRect(QPoint(), hand.window.size()).contains(middle):
            beneath = hand.window.childAt(middle)
            if beneath is each or (beneath is not None and each.isAncestorOf(beneath)):
                found.append(each)
    return found


def by_people(hand: Hand) -> int:
    """How many facts people have recorded; what the music and the clock say of themselves is theirs."""
    records = (hand.room.session.history, hand.day.desk.clinic.patient(hand.room.patient.id).history)
    return sum(each.by != DESK for history in records for each in history)


@pytest.mark.parametrize("seed", range(4))
def test_a_double_click_on_any_button_records_one_fact_at_most(hand: Hand, seed: int) -> None:
    hand.begin()
    chance = random.Random(seed)
    pressed: dict[str, int] = {}
    for _ in range(PRESSES):
        if not isinstance(hand.window.page(), SessionPage):
            hand.day.go_to(hand.seat)
            hand.settle()
        reach = in_reach(hand)
        button = min(chance.sample(reach, len(reach)), key=lambda each: pressed.get(each.accessibleName(), 0))
        name = button.accessibleName()
        pressed[name] = pressed.get(name, 0) + 1
        for edit in hand.page.findChildren(QLineEdit):
            if edit.isVisible() and not edit.text() and not edit.isReadOnly():
                edit.setText(TYPED)
        before = by_people(hand)
        double_click(hand, button)
        hand.settle()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        most = 2 if name == "Record the rescue medication" else 1  # the dose, and what it was for
        assert by_people(hand) - before <= most, (name, [h.fact for h in hand.room.session.history][-3:])
        hand.computer.pass_(1)
    assert len(pressed) > 20


def test_the_same_dose_within_moments_is_asked_about_before_it_is_recorded(hand: Hand) -> None:
    hand.begin()
    hand.pass_(1)
    hand.key(Qt.Key.Key_D)
    hand.write("Dose in milligrams", "50")
    hand.key(Qt.Key.Key_Return)
    hand.settle()
    assert "50 mg im was recorded 60 seconds ago already" in hand.page.dose._refusal.text()
    assert len(hand.facts(DoseGiven)) == 1
    hand.key(Qt.Key.Key_Return)
    hand.settle()
    assert len(hand.facts(DoseGiven)) == 2


def test_enter_held_down_does_not_answer_what_it_was_asked(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.key(Qt.Key.Key_D)
    hand.write("Dose in milligrams", "500")
    edit = QApplication.focusWidget()
    for held in (False, True, True, True):
        pressed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=held)
        QApplication.sendEvent(edit, pressed)
    hand.settle()
    assert "far more than this protocol" in hand.page.dose._refusal.text()
    assert hand.facts(DoseGiven) == []
