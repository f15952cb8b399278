"""What wants an answer now is all within reach: a breach, how bad something is, a stop signal."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kapdesk.facts.care import AdverseEventNoted, BreachAnswered, StopSignalGiven
from kapdesk.facts.session import NoteTaken, VitalsTaken
from tests.ui.hand import Hand
from ui import theme

KEY = Qt.Key
SIZES = [(1366, 768), (640, 900)]


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def overdue(hand: Hand) -> str:
    return hand.page.now.clock._reading.overdue


@pytest.fixture
def troubled(hand: Hand) -> Hand:
    """A reading above the limit that nobody answered yet, and nausea just noted."""
    hand.begin()
    hand.pass_(12)
    hand.room.record(VitalsTaken(172, 98, 70, 98))
    hand.settle()
    hand.key("6", KEY.Key_Return, KEY.Key_Escape)
    hand.settle()
    return hand


def test_the_stop_signal_stands_on_the_clock_until_it_is_answered(hand: Hand) -> None:
    hand.begin()
    hand.press("Stop signal")
    hand.settle()
    hand.pass_(1)
    assert overdue(hand) == "Stop signal 1 min"
    hand.key("1")
    hand.pass_(4)
    assert overdue(hand) == "Stop signal 5 min", "a code says what is seen"
    hand.press("Answered")
    hand.settle()
    assert overdue(hand) == ""
    assert "Stop signal at" not in said(hand)
    assert hand.facts(NoteTaken)[-1] == NoteTaken("Stop signal answered", "Intervention")
    hand.press("Stop signal")
    hand.settle()
    hand.press("What was done …")
    hand.write("What was done about the stop signal", "hand taken away")
    hand.press("Record these words")
    hand.settle()
    assert hand.facts(NoteTaken)[-1] == NoteTaken("Stop signal answered: hand taken away", "Intervention")
    assert "Stop signal at" not in said(hand)


def test_a_missing_reading_is_not_hidden_by_an_old_stop_signal(hand: Hand) -> None:
    hand.begin()
    hand.pass_(19)
    assert overdue(hand).startswith("Vitals")
    hand.press("Stop signal")
    hand.settle()
    hand.pass_(1)
    assert overdue(hand) == "Stop signal 1 min"
    hand.pass_(1)
    assert overdue(hand).startswith("Vitals")
    hand.room.record(VitalsTaken(120, 80, 70, 98))
    hand.settle()
    hand.pass_(0.1)
    assert overdue(hand) == "Stop signal 2 min"


@pytest.mark.parametrize("layout", ["therapist", "medical"])
@pytest.mark.parametrize("size", SIZES)
def test_how_bad_something_is_does_not_wait_behind_a_breach(troubled: Hand, size: tuple[int, int], layout: str) -> None:
    hand = troubled
    hand.window.resize(*size)
    hand.page.set_layout("medical" if layout == "medical" else "therapist")
    hand.room.record(StopSignalGiven())
    hand.settle()
    hand.until(lambda: hand.button("Mild").visibleRegion().boundingRect() == hand.button("Mild").rect())
    for name in ("Prescriber told", "Mild", "Not an event", "Answered"):
        button = hand.button(name)
        assert button.visibleRegion().boundingRect() == button.rect(), name
        assert min(button.width(), button.height()) >= theme.px(theme.TARGET)
    assert hand.page.notes.list.height() >= theme.px(theme.TARGET)
    hand.press("Mild")
    hand.settle()
    assert hand.facts(AdverseEventNoted) == [AdverseEventNoted("Nausea", "mild")]
    assert hand.facts(BreachAnswered) == []
    hand.press("Prescriber told")
    hand.press("Answered")
    hand.settle()
    assert len(hand.facts(BreachAnswered)) == 1
    assert "above this clinic’s 160" not in said(hand)
    assert "Stop signal at" not in said(hand)
    hand.until(lambda: hand.page.notes.codes.isVisible() == (layout == "therapist" or size[0] == 640))


def test_on_a_very_low_page_one_thing_is_asked_after_the_other(troubled: Hand) -> None:
    hand = troubled
    hand.window.resize(640, 560)
    hand.until(lambda: "Mild" not in hand.buttons())
    hand.press("Prescriber told")
    hand.settle()
    assert "Mild" in hand.buttons()
