from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.pixels import colours
from ui import theme
from ui.tokens import THEMES
from ui.widgets.clock import DIGITS, ClockFace, ClockReading

MIN = 60_000


def face(qtbot: QtBot, reading: ClockReading, width: int = 400) -> ClockFace:
    clock = ClockFace()
    qtbot.addWidget(clock)
    clock.resize(width, clock.minimumSizeHint().height())
    clock.display(reading)
    return clock


def test_the_digits_are_readable_from_three_metres_in_the_narrowest_column(qtbot: QtBot, dusk: None) -> None:
    clock = face(qtbot, ClockReading(47 * MIN, "first dose", "21:47"))
    clock.resize(clock.minimumSizeHint())
    assert clock.digits_px() >= DIGITS
    ink = THEMES["dusk"].clock
    image = clock.grab().toImage()
    inked = [
        y
        for y in range(image.height())
        if any(image.pixelColor(x, y).name() == ink for x in range(0, image.width(), 2))
    ]
    assert max(inked) - min(inked) + 1 >= DIGITS - 2


def test_a_wider_column_gives_larger_digits(qtbot: QtBot, dusk: None) -> None:
    reading = ClockReading(47 * MIN, "first dose", "21:47")
    narrow, wide = face(qtbot, reading, 380), face(qtbot, reading, 560)
    for clock in (narrow, wide):
        clock.show()
        qtbot.waitExposed(clock)
        clock.resize(clock.width(), clock.minimumHeight())
    assert wide.digits_px() > narrow.digits_px() * 1.3


@pytest.mark.parametrize("name", ["dusk", "dim", "day"])
def test_what_is_overdue_turns_the_edge_amber_and_says_so(
    qtbot: QtBot, light: Callable[[str], None], name: theme.ThemeName
) -> None:
    light(name)
    amber = THEMES[name].accent
    calm = face(qtbot, ClockReading(47 * MIN, "first dose", "21:47", next_due="BP in 4 min"))
    late = face(qtbot, ClockReading(47 * MIN, "first dose", "21:47", overdue="BP 6 min late"))
    assert colours(calm.grab())[amber] == 0
    assert colours(late.grab())[amber] > 1_500
    assert "BP 6 min late" in late.accessibleDescription()


def test_before_the_dose_it_says_that_it_counts_from_arrival(qtbot: QtBot, dusk: None) -> None:
    clock = face(qtbot, ClockReading(12 * MIN + 5_000, "arrival", "20:48", "20:36"))
    assert clock.accessibleDescription() == "0:12:05 since arrival, now 20:48"


def test_a_clock_set_anew_after_a_restart_is_marked(qtbot: QtBot, dusk: None) -> None:
    clock = face(qtbot, ClockReading(12 * MIN, "first dose", "20:48", uncertainty_ms=2_000))
    assert "± 2 s after restart" in clock.accessibleDescription()


def test_within_a_second_nothing_is_painted_anew(qtbot: QtBot, dusk: None) -> None:
    clock = face(qtbot, ClockReading(5_000, "first dose", "21:00"))
    before = clock.accessibleDescription()
    clock.display(ClockReading(5_400, "first dose", "21:00"))
    assert clock.accessibleDescription() == before
    clock.display(ClockReading(6_000, "first dose", "21:00"))
    assert clock.accessibleDescription() != before


@pytest.mark.parametrize("elapsed", [0, 9 * 3_600_000, 11 * 3_600_000, -90_000])
def test_no_time_is_cut_off(qtbot: QtBot, dusk: None, elapsed: int) -> None:
    clock = face(qtbot, ClockReading(elapsed, "first dose", "21:47"), 378)
    image, ink = clock.grab().toImage(), THEMES["dusk"].clock
    for x in (*range(6), *range(image.width() - 6, image.width())):
        assert all(image.pixelColor(x, y).name() != ink for y in range(image.height()))
