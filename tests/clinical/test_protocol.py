"""The shipped protocols are read; a broken one is refused by the name of its file, line or field."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.clinical.protocol import Protocol, parse, read
from kapdesk.errors import KnownError
from tests.marred import marred

SHIPPED = sorted(paths.shipped("resources", "protocols").glob("*.toml"))
GOOD = """
format = 1
name = "Sample"
version = "1"
medication = "ketamine"
route = "im"
vitals_every_min = 15

[[phases]]
phase = "settle"
minutes = 10

[[phases]]
phase = "peak"
minutes = 30
"""


def test_there_are_protocols_for_the_common_routes() -> None:
    assert {read(path)[0].route for path in SHIPPED} >= {"iv", "im", "sublingual"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_protocol_is_whole_and_says_that_it_is_an_example(path: Path) -> None:
    protocol, toml = read(path)
    assert [p.phase for p in protocol.phases] == ["settle", "onset", "ascent", "peak", "return", "recovery"]
    assert toml.encode() == path.read_bytes()
    assert toml.startswith("# An example.")
    assert "approved by the clinic's medical director" in toml
    assert protocol.source
    assert protocol.limits_before.systolic_above is not None
    assert protocol.limits_after.spo2_below is not None


def test_a_protocol_tells_its_minutes() -> None:
    protocol = parse(GOOD)
    assert [protocol.minutes(phase) for phase in ("settle", "peak", "onset")] == [10, 30, 0]


@pytest.mark.parametrize(
    ("instead_of", "put", "named"),
    [
        ('route = "im"', 'route = "nose"', "field route"),
        ("vitals_every_min = 15", 'vitals_every_min = "15"', "field vitals_every_min"),
        ("vitals_every_min = 15", "vitals_every_min = 0", "field vitals_every_min"),
        ("vitals_every_min = 15", "vitals_evry_min = 15", "vitals_"),
        ('version = "1"', "", "version"),
        ("vitals_every_min = 15", "vitals_every_min = 15\nvitals_at_min = [10, 10]", "field vitals_at_min"),
        ("vitals_every_min = 15", "vitals_every_min = 15\nrecheck_min = -1", "field recheck_min"),
        ("vitals_every_min = 15", "vitals_every_min = 15\nmost_mg = 100\nmost_total_mg = 50", "field most_total_mg"),
        ("vitals_every_min = 15", 'vitals_every_min = 15\nbefore = [{id = "a", words = ""}]', "field before"),
        ("vitals_every_min = 15", 'vitals_every_min = 15\nconsent = [{id = "", words = "x"}]', "field consent"),
        ("vitals_every_min = 15", "vitals_every_min = 15\nscreening_days = -1", "field screening_days"),
        ("vitals_every_min = 15", 'vitals_every_min = 15\nneeds = ["luck"]', "needs"),
        (
            "vitals_every_min = 15",
            'vitals_every_min = 15\nscreening = [{id = "a", words = "x"}, {id = "a", words = "y"}]',
            "field screening[1].id: “a” stands there twice",
        ),
        (
            "vitals_every_min = 15",
            'vitals_every_min = 15\nbefore = [{id = "a", words = "x"}, {id = "a", words = "y"}]',
            "line 8, field before[1].id: “a” stands there twice",
        ),
        (
            "vitals_every_min = 15",
            "vitals_every_min = 15\nlimits_after = {systolic_above = 100, systolic_below = 120}",
            "field limits_after: Systolic below 120 and above 100 cross",
        ),
        ("vitals_every_min = 15", 'vitals_every_min = 15\nneeds = ["luck"]', "field needs"),
        ("vitals_every_min = 15", "vitals_every_min = nan", "field vitals_every_min"),
        ("vitals_every_min = 15", "vitals_every_min = inf", "field vitals_every_min"),
        ("vitals_every_min = 15", "vitals_every_min = 15\nmost_mg = -inf", "field most_mg"),
        ("vitals_every_min = 15", "vitals_every_min = -15", "field vitals_every_min"),
        ("vitals_every_min = 15", "vitals_every_min = 15\nvitals_every_min = 30", "line 8"),
        ("vitals_every_min = 15", "vitals_every_min = 15\nvitals_at_min = [-5, 10]", "field vitals_at_min"),
        ('version = "1"', "version = 9999-12-31", "field version"),
        ('version = "1"', "version = 9999-12-31T23:59:59+14:00", "field version"),
        ("minutes = 30", "minutes = -30", "field phases[1].minutes"),
        ("minutes = 30", "minutes = nan", "field phases[1].minutes"),
        ("minutes = 30", "minutes = 30\nbegins_at = 5", "begins_at"),
        ("minutes = 30", "minutes = 30\n[limits_after]\nsystolic_above_kpa = 20", "systolic_above_kpa"),
        ("minutes = 30", "minutes = 30\n[limits_after]\nspo2_below = inf", "field limits_after.spo2_below"),
        ("minutes = 30", "minutes = 3.5", "field phases"),
        ("minutes = 30", "minutes = 0", "field phases"),
        ('phase = "peak"', 'phase = "settle"', "field phases"),
        ('phase = "peak"', 'phase = "summit"', "field phases"),
        ('name = "Sample"', 'name = "Sample', "line 3"),
        ("format = 1", "format = 9", "format 9"),
        ("minutes = 30", "minutes = 30\n[limits_after]\nspo2_bellow = 92", "spo2_bellow"),
    ],
)
def test_a_broken_protocol_is_refused_by_name(instead_of: str, put: str, named: str) -> None:
    assert instead_of in GOOD
    with pytest.raises(KnownError) as told:
        parse(GOOD.replace(instead_of, put), "mine.toml")
    sentence = str(told.value)
    assert sentence.startswith("mine.toml")
    assert named in sentence
    assert sentence.endswith(".")


def test_phases_out_of_their_order_are_refused() -> None:
    swapped = GOOD.replace('"settle"', '"x"').replace('"peak"', '"settle"').replace('"x"', '"peak"')
    with pytest.raises(KnownError, match="in order"):
        parse(swapped)


def test_a_missing_file_and_one_that_is_no_text_are_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"none\.toml cannot be read"):
        read(tmp_path / "none.toml")
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KnownError, match=r"noise\.toml cannot be read"):
        read(tmp_path / "noise.toml")


@given(st.text(st.characters(), max_size=200))
def test_no_text_whatever_does_more_than_be_refused(text: str) -> None:
    try:
        assert isinstance(parse(text), Protocol)
    except KnownError as told:
        assert str(told)  # noqa: PT017


@settings(deadline=timedelta(seconds=1))
@given(path=st.sampled_from(SHIPPED), at=st.integers(0, 3_000), length=st.integers(0, 80), put=st.text(max_size=12))
def test_whatever_is_done_to_a_shipped_protocol_it_is_read_or_refused_by_its_name(
    path: Path, at: int, length: int, put: str
) -> None:
    toml = path.read_text(encoding="utf-8")
    try:
        assert parse(toml[:at] + put + toml[at + length :], path.name).phases
    except KnownError as told:
        assert path.name in str(told)  # noqa: PT017


@settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.sampled_from(SHIPPED).flatmap(lambda path: marred(path.read_bytes())))
@example(content=b"format = " + b"9" * 5_000)
@example(content=b"a" + b".a" * 40_000 + b" = 1")
@example(content=GOOD.encode() + b"[" + b"a-" * 20_000 + b"]")
@example(content=GOOD.replace("format = 1", "format = " + "9" * 900).encode())
@example(content=GOOD.replace("format = 1", "format = 0x" + "f" * 5_000).encode())
def test_whatever_is_left_of_a_shipped_file_it_is_read_or_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    try:
        assert read(path)[0].phases
    except KnownError as told:
        assert "mine.toml" in str(told)  # noqa: PT017
        assert len(str(told)) < 500  # noqa: PT017
        assert len(str(told).splitlines()) == 1  # noqa: PT017
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        pytest.param("a = " + "[" * 100_000, "nested too deep", id="deep"),
        pytest.param("k = 1\n" * 2_000_000, "holds 12000 kB", id="10 MB"),
        pytest.param("name = '\ud800'", "not readable TOML|missing|cannot be used", id="half a character"),
        pytest.param("format = " + "9" * 5_000, "a number in it is too long", id="digits"),
        pytest.param("a" + ".a" * 40_000 + " = 1", "more than 100 points", id="points"),
    ],
)
def test_what_would_take_long_or_break_is_refused_at_once(toml: str, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        parse(toml)


def test_a_huge_file_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"# " + b"x" * 10_000_000)
    with pytest.raises(KnownError, match=r"huge\.toml holds 10000 kB"):
        read(path)
