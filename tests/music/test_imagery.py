"""Guided imagery: words at their times, and a sample voice that says them then."""

import itertools
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.errors import KnownError
from kapdesk.music import imagery
from kapdesk.music.compose.meter import meter
from kapdesk.music.imagery import Imagery
from tests.marred import marred

GOOD = """\
format = 1
title = "Sample garden"
phase = "settle"
language = "en"
length_s = 300

[[cues]]
at_s = 5
text = "You may look about."

[[cues]]
at_s = 60
text = "You may stay."
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "garden.toml"
    path.write_text(text)
    return path


def test_the_cue_on_screen_is_the_one_last_due(tmp_path: Path) -> None:
    garden = imagery.read(written(tmp_path, GOOD))

    assert garden.cue_at(4_999) is None
    assert garden.cue_at(5_000) == garden.cues[0]
    assert garden.cue_at(59_999) == garden.cues[0]
    assert garden.cue_at(200_000) == garden.cues[1]
    assert garden.voice_path() is None


@pytest.mark.parametrize(
    ("good", "bad", "place"),
    [
        pytest.param("at_s = 60", "at_s = 5", "line 12, field cues[1].at_s", id="cues out of order"),
        pytest.param("at_s = 60", "at_s = 300", "line 12, field cues[1].at_s", id="a cue after the end"),
        pytest.param("at_s = 60", "at_s = -1", "line 12, field cues[1].at_s", id="a cue before the beginning"),
        pytest.param("at_s = 60", "at_s = 1.5", "line 12, field cues[1].at_s", id="half a second"),
        pytest.param('phase = "settle"', 'phase = "start"', "line 3, field phase", id="no such phase"),
        pytest.param('text = "You may stay."', "", "line 11, field cues[1].text", id="a cue without words"),
        pytest.param(
            "\n[[cues]]\nat_s = 5", "\n[voice]\n\n[[cues]]\nat_s = 5", "line 7, field voice.file", id="no file"
        ),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_field(tmp_path: Path, good: str, bad: str, place: str) -> None:
    assert GOOD.count(good) == 1

    with pytest.raises(KnownError) as said:
        imagery.read(written(tmp_path, GOOD.replace(good, bad)))

    assert f"garden.toml cannot be used: {place}: " in str(said.value)
    assert "music go on" in str(said.value)


@pytest.fixture(params=["arrival", "return"])
def shipped(request: pytest.FixtureRequest) -> Imagery:
    return imagery.read(paths.shipped("resources", "imagery", f"{request.param}.toml"))


def test_a_shipped_piece_is_slow_and_says_for_whom_it_is_not(shipped: Imagery) -> None:
    assert 5 * 60 <= shipped.length_s <= 8 * 60
    assert shipped.cautions
    times = [cue.at_s for cue in shipped.cues]
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 18


def test_the_sample_voice_says_what_it_is_and_is_off(shipped: Imagery) -> None:
    assert shipped.voice is not None
    assert shipped.voice.sample
    assert not shipped.voice.on
    licence = (shipped.source.parent / shipped.voice.licence).read_text()
    assert "Carnegie Mellon University" in licence
    assert "The code must retain the above copyright notice" in licence


def test_the_sample_voice_speaks_at_the_cues_and_rests_before_the_next(shipped: Imagery) -> None:
    path = shipped.voice_path()
    assert path is not None
    sound, rate = soundfile.read(path, dtype="float32")
    assert len(sound) == shipped.length_s * rate
    assert rate == 48_000
    aloud = np.abs(sound).reshape(-1, rate // 2).max(axis=1) > 0.01  # every half second

    for cue, following in zip(shipped.cues, (*(cue.at_s for cue in shipped.cues[1:]), shipped.length_s), strict=True):
        assert aloud[2 * cue.at_s : 2 * cue.at_s + 3].any()
        assert not aloud[2 * following - 4 : 2 * following].any()
    assert not aloud[: 2 * shipped.cues[0].at_s].any()


def test_the_sample_voice_is_as_loud_as_the_music(shipped: Imagery) -> None:
    path = shipped.voice_path()
    assert path is not None
    sound, rate = soundfile.read(path, dtype="float32")
    heard = meter(rate, 1, whole=True)
    heard.add(sound)

    assert heard.integrated() == pytest.approx(-23, abs=0.5)
    assert 20 * np.log10(heard.true_peak()) < -3


@settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(GOOD)), length=st.integers(0, 60), put=st.text(max_size=8))
def test_whatever_is_done_to_the_text_it_is_read_or_a_sentence_says_why(
    tmp_path: Path, at: int, length: int, put: str
) -> None:
    path = tmp_path / "garden.toml"
    path.write_bytes((GOOD[:at] + put + GOOD[at + length :]).encode("utf-8", "surrogatepass"))
    try:
        assert imagery.read(path).cues
    except KnownError as told:
        assert "garden.toml cannot be used" in str(told)  # noqa: PT017


SHIPPED = [path.read_bytes() for path in sorted(paths.shipped("resources", "imagery").glob("*.toml"))]


@settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.sampled_from(SHIPPED).flatmap(marred))
@example(content=GOOD.replace("length_s = 300", "length_s = " + "9" * 5_000).encode())
@example(content=GOOD.replace("at_s = 60", "at_s = 0x" + "f" * 5_000).encode())
def test_whatever_is_left_of_a_shipped_piece_it_is_read_or_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garden.toml"
    path.write_bytes(content)
    try:
        assert imagery.read(path).cues
    except KnownError as told:
        assert "garden.toml cannot be used" in str(told)  # noqa: PT017
        assert len(str(told)) < 1_000  # noqa: PT017
        assert len(str(told).splitlines()) == 1  # noqa: PT017
    assert path.read_bytes() == content
