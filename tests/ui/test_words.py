import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import words


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "0:00:00"),
        (47 * 60_000 + 33_999, "0:47:33"),
        (3_600_000, "1:00:00"),
        (36_000_000, "10:00:00"),
        (-130_000, "−0:02:10"),
        (-400, "0:00:00"),
    ],
)
def test_time_since_the_first_dose(ms: int, said: str) -> None:
    assert words.since_dose(ms) == said


@pytest.mark.parametrize(
    ("ms", "said"), [(0, "0:00"), (15 * 60_000, "0:15"), (-15 * 60_000, "−0:15"), (5_400_000, "1:30")]
)
def test_time_on_an_axis(ms: int, said: str) -> None:
    assert words.axis(ms) == said


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (27_000, "in 27 s"),
        (59_999, "in 59 s"),
        (4 * 60_000, "in 4 min"),
        (4 * 60_000 + 59_000, "in 4 min"),
        (0, "now"),
        (-27_000, "27 s late"),
        (-12 * 60_000, "12 min late"),
        (-95 * 60_000, "95 min late"),
        (-125 * 60_000, "2 h 05 min late"),
    ],
)
def test_what_remains(ms: int, said: str) -> None:
    assert words.remaining(ms) == said


@given(st.integers(1, 10**9))
def test_what_remains_never_promises_time_there_is_not(ms: int) -> None:
    said = words.remaining(ms)
    if said.endswith(" min") and " h " not in said:
        assert int(said.split()[1]) * 60_000 <= ms


@pytest.mark.parametrize(
    ("ms", "said"), [(0, "just now"), (59_000, "just now"), (60_000, "1 min ago"), (15 * 60_000, "15 min ago")]
)
def test_how_long_ago(ms: int, said: str) -> None:
    assert words.ago(ms) == said


@pytest.mark.parametrize(
    ("s", "d", "said"), [(136, 82, "136/82"), (136, None, "136/–"), (None, 82, "–/82"), (None, None, "")]
)
def test_blood_pressure(s: int | None, d: int | None, said: str) -> None:
    assert words.pressure(s, d) == said


@pytest.mark.parametrize(
    ("ug", "said"),
    [(50_000, "50 mg"), (12_500, "12.5 mg"), (250, "0.25 mg"), (100_000, "100 mg"), (1, "0.001 mg"), (0, "0 mg")],
)
def test_a_dose_drops_no_digit(ug: int, said: str) -> None:
    assert words.amount(ug) == said


def test_doses_are_summed_by_route_and_never_across() -> None:
    given_ = [("im", 50_000), ("sublingual", 200_000), ("im", 25_000)]
    assert words.by_route(given_) == "IM 75 mg · sublingual 200 mg"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ms", "said"),
    [(0, ""), (1, "± 1 s after restart"), (2_000, "± 2 s after restart"), (180_001, "± 4 min after restart")],
)
def test_a_clock_that_is_not_sure_says_so_and_rounds_up(ms: int, said: str) -> None:
    assert words.uncertainty(ms) == said


def test_temperature_in_tenths() -> None:
    assert (words.temperature(368), words.temperature(370), words.temperature(None)) == ("36.8", "37.0", "")
