"""The curves of every fade, held to their laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.music.fades import (
    LARGEST_STEP,
    QUIETEST_DB,
    Fade,
    decibels_of,
    gain_at,
    gain_of,
    rise,
    volume_of,
    volume_towards,
)

shares = st.floats(0, 1)
anything = st.floats(-10, 10)
times = st.floats(-1_000, 20_000)
volumes = st.integers(0, 100)


@given(anything)
def test_no_curve_ever_leaves_the_range_between_silence_and_full(progress: float) -> None:
    assert 0 <= rise(progress) <= 1
    assert 0 <= volume_of(progress) <= 100
    assert 0 <= gain_at(progress) <= 1


@given(shares)
def test_a_volume_and_its_gain_are_each_others_inverse(gain: float) -> None:
    assert gain_at(volume_of(gain)) == pytest.approx(gain)


@pytest.mark.parametrize(("volume", "measured_db"), [(80, -5.8), (60, -13.3), (50, -18.1), (30, -31.4), (10, -60.0)])
def test_the_law_is_the_one_that_libvlc_was_measured_to_have(volume: int, measured_db: float) -> None:
    assert decibels_of(gain_at(volume)) == pytest.approx(measured_db, abs=0.1)


@given(st.floats(QUIETEST_DB, 0))
def test_decibels_and_gains_are_each_others_inverse(decibels: float) -> None:
    assert decibels_of(gain_of(decibels)) == pytest.approx(decibels, abs=1e-9)


fades = st.builds(Fade, shares, shares, st.floats(0, 10_000), st.sampled_from(["power", "decibel"]))


@given(fades, times)
def test_a_fade_stays_between_its_ends_and_is_exactly_at_its_end_when_it_is_over(fade: Fade, elapsed_ms: float) -> None:
    low, high = sorted([fade.start, fade.end])
    floor = gain_of(QUIETEST_DB)
    assert min(low, floor) - 1e-9 <= fade.at(elapsed_ms) <= max(high, floor) + 1e-9
    assert fade.at(fade.ms) == fade.end


@given(fades, times, st.floats(0, 1_000))
def test_a_fade_never_turns_back(fade: Fade, elapsed_ms: float, later_ms: float) -> None:
    earlier, later = fade.at(elapsed_ms), fade.at(elapsed_ms + later_ms)
    slack = gain_of(QUIETEST_DB)
    assert (later - earlier) * math.copysign(1, fade.end - fade.start) >= -slack


@given(shares, st.floats(0, 5_000))
def test_two_fades_that_cross_keep_their_power_at_every_moment(gain: float, elapsed_ms: float) -> None:
    out, into = Fade(gain, 0, 5_000), Fade(0, gain, 5_000)
    assert out.at(elapsed_ms) ** 2 + into.at(elapsed_ms) ** 2 == pytest.approx(gain**2, abs=1e-12)


def test_a_duck_falls_by_as_many_decibels_each_moment() -> None:
    duck = Fade(1.0, gain_of(-12), 800, "decibel")
    assert [round(decibels_of(duck.at(ms)), 6) for ms in (0, 200, 400, 600, 800)] == [0, -3, -6, -9, -12]


@given(volumes, shares)
def test_no_step_is_larger_than_the_one_from_100_to_99(volume: int, gain: float) -> None:
    step = volume_towards(volume, gain)
    assert isinstance(step, int)
    assert 0 <= step <= 100
    assert abs(gain_at(step) - gain_at(volume)) <= LARGEST_STEP + 1e-9


@given(volumes, shares)
def test_every_gain_is_reached_within_43_steps_and_then_kept(volume: int, gain: float) -> None:
    for _ in range(43):
        volume = volume_towards(volume, gain)
    assert volume == round(volume_of(gain))
    assert volume_towards(volume, gain) == volume
