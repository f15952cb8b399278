"""Which instant is meant by a choice of when."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ui.session.times import day, instant, nearest, wall
from ui.widgets.when import Moment

WARSAW = "Europe/Warsaw"


def us(text: str, fold: int = 0, zone: str = WARSAW) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("clock", "now", "meant"),
    [
        ("21:40", "2026-11-23 21:45", "2026-11-23 21:40"),
        ("23:55", "2026-11-24 00:05", "2026-11-23 23:55"),
        ("21:46", "2026-11-23 21:45", "2026-11-23 21:46"),
        ("21:47", "2026-11-23 21:45", "2026-11-22 21:47"),
    ],
)
def test_a_time_of_day_is_the_last_one_that_has_been(clock: str, now: str, meant: str) -> None:
    assert instant(Moment(clock=clock), us(now), WARSAW) == us(meant)


def test_so_long_ago_is_counted_from_now() -> None:
    assert instant(Moment(120_000), us("2026-11-23 21:45"), WARSAW) == us("2026-11-23 21:43")


def test_a_time_before_the_clocks_were_set_back_is_taken_in_the_offset_of_its_own_hour() -> None:
    after = us("2026-10-25 02:30", fold=1)
    assert instant(Moment(clock="01:50"), after, WARSAW) == us("2026-10-25 01:50")
    assert instant(Moment(clock="02:20"), after, WARSAW) == us("2026-10-25 02:20", fold=1)
    assert instant(Moment(clock="02:50"), after, WARSAW) == us("2026-10-25 02:50", fold=0)


def test_a_time_before_the_clocks_were_set_forward_is_taken_in_the_offset_of_its_own_hour() -> None:
    assert instant(Moment(clock="01:50"), us("2026-03-29 03:10"), WARSAW) == us("2026-03-29 01:50")


def test_a_corrected_time_stays_on_the_day_of_its_line() -> None:
    line = us("2026-11-20 21:40")
    assert nearest("21:45", line, WARSAW) == us("2026-11-20 21:45")
    assert nearest("00:10", us("2026-11-20 23:50"), WARSAW) == us("2026-11-21 00:10")
    assert nearest("23:50", us("2026-11-20 00:10"), WARSAW) == us("2026-11-19 23:50")


def test_the_date_is_that_of_the_clinic() -> None:
    assert day(us("2026-11-20 00:10"), WARSAW) == "2026-11-20"
    assert day(us("2026-11-20 00:10"), "UTC") == "2026-11-19"


def test_the_time_of_day_is_the_clinics_and_has_no_seconds() -> None:
    assert wall(us("2026-11-20 21:47:59"), WARSAW) == "21:47"
    assert wall(us("2026-11-20 00:30"), "UTC") == "23:30"
    assert wall(us("2026-11-20 00:00", zone="UTC"), "America/New_York") == "19:00"
    assert wall(us("2026-11-20 00:00", zone="UTC"), "Nowhere/Middle") == "00:00"


def test_a_zone_this_computer_does_not_know_is_taken_as_utc() -> None:
    assert instant(Moment(clock="20:40"), us("2026-11-23 21:45"), "Nowhere/Middle") == us("2026-11-23 21:40")
