"""A playlist is read whole, or a sentence says which line to mend."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.errors import KnownError
from kapdesk.facts.words import PHASES
from kapdesk.music import playlist
from tests.marred import marred

GOOD = """\
format = 1
title = "Sample evening"

# The first one is long.
[[tracks]]
title = "Stones"
file = "stones.flac"
phases = ["settle", "onset"]

[[tracks]]
title = "Rain"
file = "wet/rain.ogg"
phases = [
    "peak",
    "return",
]
composer = "Sample Composer"
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "evening.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_playlist_keeps_the_order_and_finds_its_files_beside_it(tmp_path: Path) -> None:
    evening = playlist.read(written(tmp_path, GOOD))

    assert evening.title == "Sample evening"
    assert [track.title for track in evening.tracks] == ["Stones", "Rain"]
    assert evening.tracks[1].phases == ("peak", "return")
    assert evening.path_of(evening.tracks[1]) == tmp_path / "wet" / "rain.ogg"


def test_a_missing_audio_file_is_not_the_playlists_fault(tmp_path: Path) -> None:
    evening = playlist.read(written(tmp_path, GOOD))

    assert not any(evening.path_of(track).exists() for track in evening.tracks)


@pytest.mark.parametrize(
    ("good", "bad", "place"),
    [
        pytest.param('title = "Rain"', "title = 7", "line 11, field tracks[1].title", id="a number for a title"),
        pytest.param('title = "Rain"', 'title = ""', "line 11, field tracks[1].title", id="an empty title"),
        pytest.param('    "return",', '    "reutrn",', "line 13, field tracks[1].phases[1]", id="a phase misspelt"),
        pytest.param('phases = ["settle", "onset"]', "phases = []", "line 8, field tracks[0].phases", id="no phase"),
        pytest.param('file = "stones.flac"\n', "", "line 5, field tracks[0].file", id="no file"),
        pytest.param('composer = "S', 'compser = "S', "line 17, field tracks[1].compser", id="a field misspelt"),
        pytest.param('"stones.flac"', '"https://sample.invalid/a"', "line 7, field tracks[0].file", id="a link"),
        pytest.param('file = "wet', "file = wet", "line 12", id="no quotation mark"),
        pytest.param("format = 1", "format = 2", "line 1, field format", id="a later format"),
        pytest.param('title = "Sample evening"\n', "", "line 1, field title", id="the playlist has no title"),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_field(tmp_path: Path, good: str, bad: str, place: str) -> None:
    assert GOOD.count(good) == 1

    with pytest.raises(KnownError) as said:
        playlist.read(written(tmp_path, GOOD.replace(good, bad)))

    assert f"evening.toml cannot be used: {place}: " in str(said.value)
    assert "another playlist" in str(said.value)


def test_a_line_is_found_behind_text_that_looks_like_a_field(tmp_path: Path) -> None:
    misleading = GOOD.replace('title = "Stones"', 'title = """\nphases = 3\n[[tracks]]\n"""').replace(
        '"peak"', '"peek"'
    )

    with pytest.raises(KnownError, match=r"line 16, field tracks\[1\]\.phases\[0\]: 'peek'"):
        playlist.read(written(tmp_path, misleading))


def test_a_file_that_is_not_text_or_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="line 2: this is not UTF-8"):
        playlist.read(written(tmp_path, b'format = 1\ntitle = "\xff"\n'))
    with pytest.raises(KnownError, match=r"nowhere\.toml cannot be used: it cannot be opened"):
        playlist.read(tmp_path / "nowhere.toml")
    with pytest.raises(KnownError, match="it cannot be opened"):
        playlist.read(tmp_path)
    with pytest.raises(KnownError, match="nested too deep"):
        playlist.read(written(tmp_path, "a = " + "[" * 100_000))


@given(start=st.integers(0, len(GOOD)), length=st.integers(0, 60), put=st.text(max_size=8))
def test_whatever_is_done_to_the_file_it_is_read_or_a_sentence_says_why(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, put: str
) -> None:
    damaged = GOOD[:start] + put + GOOD[start + length :]

    path = written(tmp_path_factory.getbasetemp(), damaged.encode("utf-8", "surrogatepass"))

    outcome: object
    try:
        outcome = playlist.read(path).tracks
    except KnownError as error:
        outcome = "evening.toml cannot be used: " in str(error)
    assert outcome


SHIPPED = paths.shipped("playlists", "first-light.toml").read_bytes()
LONG = 'format = 1\ntitle = """\n' + "x\n" * 30_000 + '"""\nno_such_field = 3\n'


@settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=marred(SHIPPED) | st.binary(max_size=200))
@example(content=b"format = " + b"9" * 5_000)
@example(content=b"a" + b".a" * 40_000 + b" = 1")
@example(content=LONG.encode())
@example(content=SHIPPED + b"\n[" + b"a-" * 20_000 + b"]")
@example(content=SHIPPED.replace(b'"peak"', b'"' + b"pe ak " * 15_000 + b'"'))
def test_whatever_is_left_of_the_shipped_file_it_is_read_or_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    try:
        assert playlist.read(path).tracks
    except KnownError as told:
        assert "evening.toml cannot be used: " in str(told)  # noqa: PT017
        assert len(str(told)) < 1_000  # noqa: PT017
        assert len(str(told).splitlines()) == 1  # noqa: PT017
    assert path.read_bytes() == content


def test_of_a_film_chosen_for_a_playlist_only_the_beginning_is_read(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="it holds more than 480 kB"):
        playlist.read(written(tmp_path, b"\x00\x01\xff" * 500_000))


def test_in_a_text_too_long_to_look_through_the_field_alone_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"evening\.toml cannot be used: field no_such_field: there is no such field"):
        playlist.read(written(tmp_path, LONG))


def test_the_shipped_playlist_has_a_piece_of_its_own_for_every_phase() -> None:
    first_light = playlist.read(paths.shipped("playlists", "first-light.toml"))

    assert len(first_light.tracks) == 4
    for phase in PHASES:
        (track,) = (each for each in first_light.tracks if phase in each.phases)
        assert first_light.path_of(track).is_file()
        assert track.length_s is not None
        assert 7 * 60 <= track.length_s <= 8 * 60
