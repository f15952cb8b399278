import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.pixels import colours
from tests.ui.sample import MIN, TREND, pressure
from ui.tokens import THEMES
from ui.widgets.trend import Point, Trend, TrendView
from ui.widgets.trend_sheet import HIGH, Sheet

RED = THEMES["dusk"].alarm


@pytest.fixture
def trend(qtbot: QtBot, dusk: None) -> Trend:
    shown = Trend()
    qtbot.addWidget(shown)
    shown.resize(560, 380)
    shown.display(TREND)
    return shown


def test_red_is_for_a_breach_and_nothing_else(trend: Trend) -> None:
    assert colours(trend.grab())[RED] > 40
    trend.display(msgspec.structs.replace(TREND, pressure=TREND.pressure[:-1]))
    assert colours(trend.grab())[RED] == 0


def test_a_breach_is_said_in_words(trend: Trend) -> None:
    assert "0:30 164/98 above 160" in trend.accessibleDescription()


def test_there_is_room_for_220_and_the_scale_stays_the_same(dusk: None) -> None:
    sheet = Sheet(TREND, 560, 380)
    calm = Sheet(msgspec.structs.replace(TREND, pressure=pressure((0, 110, 70, ""))), 560, 380)
    assert sheet.y("pressure", HIGH) == pytest.approx(sheet.main.top())
    assert sheet.y("pressure", 120) == calm.y("pressure", 120)


def test_the_scale_grows_for_what_is_beyond_it(dusk: None) -> None:
    view = msgspec.structs.replace(TREND, pressure=pressure((0, 250, 120, "above 160")), spo2=(Point(0, 71),))
    sheet = Sheet(view, 560, 380)
    assert sheet.y("pressure", 250) >= sheet.main.top() - 1e-6
    assert sheet.y("spo2", 71) <= sheet.lane.bottom() + 1e-6


def test_saturation_has_a_lane_of_its_own(dusk: None) -> None:
    sheet = Sheet(TREND, 560, 380)
    assert sheet.y("spo2", 100) > sheet.main.bottom()


@pytest.mark.parametrize("size", [(320, 200), (440, 260), (900, 600)])
def test_it_is_drawn_at_any_size_with_the_lanes_apart(trend: Trend, size: tuple[int, int]) -> None:
    trend.resize(*size)
    sheet = Sheet(TREND, *size)
    assert 0 < sheet.main.height() < size[1]
    assert sheet.main.bottom() < sheet.lane.top() < sheet.lane.bottom() < size[1]
    assert colours(trend.grab())[RED] > 20


def test_without_a_reading_it_is_an_empty_sheet(trend: Trend) -> None:
    trend.display(TrendView(0, 60 * MIN, 5 * MIN))
    assert colours(trend.grab())[THEMES["dusk"].blue] == 0
    assert trend.accessibleDescription() == ""


def test_eight_hundred_values_are_drawn(trend: Trend) -> None:
    many = range(200)
    view = msgspec.structs.replace(
        TREND,
        pressure=pressure(*((n // 2 - 20, 130 + n % 7, 80, "") for n in many)),
        pulse=tuple(Point(n * 30_000 - 20 * MIN, 70 + n % 9) for n in many),
        spo2=tuple(Point(n * 30_000 - 20 * MIN, 95 + n % 4) for n in many),
    )
    trend.display(view)
    assert colours(trend.grab())[THEMES["dusk"].teal] > 300
