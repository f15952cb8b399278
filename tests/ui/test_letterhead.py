"""The head of the clinic's papers on its page: what was typed is kept whole or not at all."""

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from kapdesk.facts.letterhead import CountedMinutesSet, LetterheadSet
from tests.ui.hand import Hand
from ui.clinic.page import ClinicPage
from ui.widgets.choice import Choice


@pytest.fixture
def page(hand: Hand) -> ClinicPage:
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    hand.day.go_home()
    hand.press("The clinic")
    return hand.on(ClinicPage)


def said(page: ClinicPage) -> str:
    return "\n".join(label.text() for label in page.letterhead.findChildren(QLabel) if label.isVisible())


def number(page: ClinicPage, name: str) -> QLineEdit:
    edits = page.letterhead.findChildren(QLineEdit)
    (edit,) = [each for each in edits if each.accessibleName() == name and each.isVisible()]
    return edit


def test_letterhead_and_licence_numbers_are_kept_and_the_minutes_stay_an_example_until_chosen(
    hand: Hand, page: ClinicPage
) -> None:
    page.letterhead._lines.setPlainText("Sample Street 1\n\n  +48 555 0100 ")
    number(page, "Licence number of Sample Administrator").setText("PR  0042")
    assert "is an example" in said(page)
    hand.press("Keep the letterhead", page)
    hand.settle()
    state = hand.day.desk.clinic.state
    assert state.letterhead == ("Sample Street 1", "+48 555 0100")
    assert list(state.licences.values()) == ["PR 0042"]
    assert state.counted is None
    (until,) = [
        each for each in page.letterhead.findChildren(Choice) if each.accessibleName() == "Minutes are billed to"
    ]
    until.setCurrentText("leaving")
    until.activated.emit(until.currentIndex())
    hand.press("Keep the letterhead", page)
    hand.settle()
    assert hand.day.desk.clinic.state.counted == CountedMinutesSet("first dose", "leaving")
    assert "is an example" not in said(page)
    assert sum(isinstance(h.fact, LetterheadSet) for h in hand.day.desk.clinic.state.history) == 1, "only what is new"


def test_what_cannot_stand_there_is_said_and_nothing_is_kept(hand: Hand, page: ClinicPage) -> None:
    page.letterhead._lines.setPlainText("Sample Street 1")
    number(page, "Licence number of Sample Administrator").setText("x" * 60)
    hand.press("Keep the letterhead", page)
    hand.settle()
    assert "A licence number has 40 letters at most" in said(page)
    assert hand.day.desk.clinic.state.letterhead == ()
    assert page.letterhead._lines.toPlainText() == "Sample Street 1"
