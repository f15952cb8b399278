import pytest
from pytestqt.qtbot import QtBot

from ui.widgets.buttons import Button
from ui.widgets.when import Moment, When, clock_time


@pytest.mark.parametrize(
    ("typed", "time"),
    [("21:40", "21:40"), ("2140", "21:40"), ("905", "09:05"), ("9.05", "09:05"), (" 00:00 ", "00:00")],
)
def test_a_time_of_day_is_read(typed: str, time: str) -> None:
    assert clock_time(typed) == time


@pytest.mark.parametrize("typed", ["", "2", "24:00", "21:60", "abc", "21:4", "99999"])
def test_what_is_no_time_of_day_is_none(typed: str) -> None:
    assert clock_time(typed) is None


def test_it_begins_with_now_and_goes_back_to_it(qtbot: QtBot, dusk: None) -> None:
    when = When()
    qtbot.addWidget(when)
    assert when.moment() == Moment(0)
    two = next(each for each in when.findChildren(Button) if each.accessibleName() == "2 minutes ago")
    with qtbot.waitSignal(when.chosen) as chosen:
        two.click()
    assert chosen.args == [Moment(120_000)]
    when.reset()
    assert when.moment() == Moment(0)
