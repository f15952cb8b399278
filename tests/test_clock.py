"""The desk's time goes on evenly through a suspend, a moved time of day and a restart; what happened is told."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clock import DRIFT_PPM, RESTART_UNCERTAINTY_MS, Absence, Clock, Event, read_system
from tests.fakes import HOUR_US, MINUTE_US, MORNING_US, SECOND_US, Computer


@pytest.fixture
def clock(computer: Computer) -> Clock:
    return Clock(computer)


def test_the_desk_starts_with_the_time_of_day(clock: Clock, computer: Computer) -> None:
    assert clock.now().utc_us == MORNING_US
    computer.pass_(90)
    assert clock.now().utc_us == MORNING_US + 90 * SECOND_US
    assert clock.watch() == []


def test_a_suspend_counts_and_is_told(clock: Clock, computer: Computer) -> None:
    computer.pass_(60)
    computer.sleep(600)
    computer.pass_(1)
    assert clock.now().utc_us == MORNING_US + 661 * SECOND_US
    assert clock.watch() == [Event("slept", 600_000)]
    assert clock.watch() == []


@pytest.mark.parametrize("moved_s", [3_600, -3_600, 2, -2])
def test_a_moved_time_of_day_moves_no_session_and_is_told(clock: Clock, computer: Computer, moved_s: int) -> None:
    computer.move_clock(moved_s)
    computer.pass_(1)
    assert clock.now().utc_us == MORNING_US + SECOND_US
    assert clock.wall_us() == MORNING_US + (1 + moved_s) * SECOND_US
    assert clock.watch() == [Event("moved", moved_s * 1000)]
    assert clock.watch() == []


def test_a_suspend_and_a_moved_time_of_day_at_once_are_told_apart(clock: Clock, computer: Computer) -> None:
    computer.sleep(30)
    computer.move_clock(-7_200)
    assert clock.watch() == [Event("slept", 30_000), Event("moved", -7_200_000)]


def test_slewing_is_not_told(clock: Clock, computer: Computer) -> None:
    computer.move_clock(1.9)
    computer.sleep(1.9)
    assert clock.watch() == []


def test_within_one_boot_the_boot_clock_alone_decides(clock: Clock, computer: Computer) -> None:
    last = clock.now()
    computer.sleep(300)
    computer.move_clock(5 * 3_600)
    restarted = Clock(computer)
    assert restarted.go_on_from(last) is None
    assert restarted.now().utc_us == last.utc_us + 300 * SECOND_US


def test_across_a_restart_the_time_of_day_decides_and_its_doubt_is_told(clock: Clock, computer: Computer) -> None:
    computer.pass_(120)
    last = clock.now()
    computer.restart(off_s=1_000)
    restarted = Clock(computer)
    absence = restarted.go_on_from(last)
    assert absence == Absence(1_000_000, RESTART_UNCERTAINTY_MS + 1_000_000 * DRIFT_PPM // 1_000_000)
    assert restarted.now().utc_us == last.utc_us + 1_000 * SECOND_US


@pytest.mark.parametrize("moved_s", [3_600, -3_600])
def test_a_time_of_day_moved_before_the_restart_does_not_count_as_absence(
    clock: Clock, computer: Computer, moved_s: int
) -> None:
    computer.move_clock(moved_s)
    last = clock.now()
    computer.restart(off_s=60)
    restarted = Clock(computer)
    absence = restarted.go_on_from(last, moved_ms=moved_s * 1000)
    assert absence is not None
    assert absence.away_ms == 60_000
    assert restarted.now().utc_us == last.utc_us + 60 * SECOND_US


def test_a_time_of_day_before_the_last_entry_must_be_asked_for(clock: Clock, computer: Computer) -> None:
    computer.pass_(7_200)
    last = clock.now()
    computer.restart(off_s=-40_000)
    restarted = Clock(computer)
    absence = restarted.go_on_from(last)
    assert absence is not None
    assert absence.away_ms is None
    restarted.after_asking(last, 600_000)
    computer.pass_(5)
    assert restarted.now().utc_us == last.utc_us + 605 * SECOND_US


deeds = st.lists(st.tuples(st.sampled_from(["pass_", "sleep", "move_clock"]), st.integers(-7_200, 7_200)), max_size=30)


@given(deeds)
def test_whatever_the_time_of_day_does_the_desk_counts_what_passed(deeds: list[tuple[str, int]]) -> None:
    computer = Computer()
    clock = Clock(computer)
    passed_s = moved_s = slept_s = 0
    told: list[Event] = []
    for deed, seconds in deeds:
        seconds = seconds if deed == "move_clock" else abs(seconds)
        getattr(computer, deed)(seconds)
        passed_s += 0 if deed == "move_clock" else seconds
        moved_s += seconds if deed == "move_clock" and abs(seconds) >= 2 else 0
        slept_s += seconds if deed == "sleep" and seconds >= 2 else 0
        told += clock.watch()
        assert clock.now().utc_us == MORNING_US + passed_s * SECOND_US
    assert sum(e.by_ms for e in told if e.kind == "moved") == moved_s * 1000
    assert sum(e.by_ms for e in told if e.kind == "slept") == slept_s * 1000


def test_this_computers_clocks_are_read() -> None:
    before, reading, after = time.time_ns() // 1000, read_system(), time.time_ns() // 1000
    assert before <= reading.wall_us <= after
    assert reading.boottime_ms >= reading.awake_ms > 0
    assert reading.boot_id == read_system().boot_id
    assert abs(reading.utc_offset_s) <= 14 * 3_600
    assert abs(Clock().now().utc_us - reading.wall_us) < MINUTE_US < HOUR_US
