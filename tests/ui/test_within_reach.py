"""What has to be pressed while a session runs is within reach of a pointer, in either layout and beside a call."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kapdesk.clinic.protocols import FOLDER
from kapdesk.facts.care import PsychotherapyBegan, ScaleRated, TimerOver, TimerSet, TouchAgreed
from kapdesk.facts.session import VitalsTaken
from tests.plain import PLAIN, approve
from tests.ui.hand import Hand
from ui import theme

KEY = Qt.Key
SELDOM = ("Touch …", "Stop signal", "Timer …", "Psychotherapy …", "Hand over …")


@pytest.fixture
def rated(hand: Hand) -> Hand:
    """A session of a protocol that asks for a rating 20 and 60 min after the dose."""
    toml = PLAIN.replace("source =", 'ratings = [{ scale = "MOAA/S", at_min = [20, 60] }]\nsource =')
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(toml, encoding="utf-8")
    approve(desk.clinic, toml)
    hand.settle()
    hand.begin()
    return hand


def rating(hand: Hand) -> str:
    """The row of the first rating that is due."""
    first = next(due for due in hand.room.due if due.scale is not None)
    hand.pass_((first.at_us - hand.room.now_us()) / 60_000_000 + 1)
    hand.room.record(VitalsTaken(120, 80, 70, 98))
    hand.settle()
    return next(name for name in hand.buttons() if name.startswith(f"Due: {first.what}"))


def test_what_is_seldom_needed_stands_in_one_line_on_a_screen_of_1366(hand: Hand) -> None:
    hand.begin()
    hand.room.record(TouchAgreed("hand, shoulder, and the forehead while the eyes are closed"))
    hand.room.record(VitalsTaken(172, 98, 88, 96))  # a breach takes width from this column
    hand.settle()
    hand.pass_(0.1)
    row = [hand.button(name) for name in hand.buttons(hand.page.notes.more)]
    assert len(row) == len(SELDOM)
    assert len({button.y() for button in row}) == 1
    assert all(min(button.width(), button.height()) >= theme.px(theme.TARGET) for button in row)
    assert row[-1].geometry().right() <= hand.page.notes.more.rect().right()


def test_which_touch_is_agreed_stands_beside_the_name_until_another_is(hand: Hand) -> None:
    hand.begin()
    said = [label for label in hand.page.bar.findChildren(QLabel) if label.accessibleName().startswith("Touch")]
    assert said == []
    for agreed, shown in (("hand, shoulder", "Touch: hand, shoulder"), ("", "Touch: none")):
        hand.room.record(TouchAgreed(agreed))
        hand.settle()
        for size in ((1366, 768), (640, 900)):
            hand.window.resize(*size)
            hand.pass_(0.1)
            (line,) = [label for label in hand.page.bar.findChildren(QLabel) if label.text() == shown]
            assert line.isVisible()


def test_in_the_medical_layout_psychotherapy_and_the_stop_signal_are_there_to_press(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_F2)
    assert [name for name in SELDOM if name not in hand.buttons()] == []
    hand.press("Psychotherapy …")
    hand.press("supportive")
    hand.settle()
    assert hand.facts(PsychotherapyBegan) == [PsychotherapyBegan("supportive")]
    hand.pass_(1)
    hand.press("End psychotherapy")
    hand.key("d")
    assert "Stop signal" not in hand.buttons(), "a sheet has the room"


@pytest.mark.parametrize("size", [(1366, 768), (640, 900)])
def test_a_rating_that_is_due_is_pressed_in_the_therapists_layout_too(rated: Hand, size: tuple[int, int]) -> None:
    rated.window.resize(*size)
    assert not any(name.startswith("Due:") for name in rated.buttons())
    rated.press(rating(rated))
    rated.write("Value on the scale", "4")
    rated.press("Record this rating")
    rated.settle()
    assert rated.facts(ScaleRated) == [ScaleRated("MOAA/S", 4)]
    assert not any(name.startswith("Due:") for name in rated.buttons()), "what is due later takes no room yet"


def test_a_timer_that_has_run_out_is_over_by_a_press_in_the_therapists_layout_too(hand: Hand) -> None:
    hand.begin()
    hand.room.record(TimerSet("Look at the drip", 180_000))
    hand.pass_(5)
    hand.press(next(name for name in hand.buttons() if name.startswith("Due: Look at the drip")))
    hand.settle()
    assert len(hand.facts(TimerOver)) == 1
    assert not hand.page.now.due.isVisible()


@pytest.mark.parametrize("high", [900, 740, 640])
def test_beside_a_call_the_row_of_a_rating_takes_neither_the_tabs_nor_the_clock(rated: Hand, high: int) -> None:
    rated.window.resize(640, 900)
    rating(rated)
    rated.window.resize(640, high)
    rated.until(lambda: all(tab.isVisible() for tab in rated.page.columns.tabs.buttons()))
    clock = rated.page.now.clock
    assert clock.visibleRegion().boundingRect() == clock.rect()
    assert rated.page.minimumSizeHint().height() <= rated.page.height()


def test_the_row_of_a_rating_is_there_again_when_the_page_is_wide_again(rated: Hand) -> None:
    name = rating(rated)
    rated.window.resize(640, 560)
    rated.until(lambda: name not in rated.buttons())
    rated.window.resize(1366, 768)
    rated.until(lambda: name in rated.buttons())
