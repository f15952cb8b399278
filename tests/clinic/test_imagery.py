"""A clinic's own imagery: its pieces come before the shipped ones, and a recording dropped on a piece is its voice."""

import os
from pathlib import Path

import pytest
import soundfile

from kapdesk.clinic import imagery as own
from kapdesk.clinic import playlists
from kapdesk.errors import KnownError
from kapdesk.music.compose.meter import meter
from kapdesk.music.imagery import Imagery
from kapdesk.music.library.library import Library
from tests.music.library.sounds import flac

PIECE = """format = 1
title = "Our garden"
phase = "settle"
language = "en"
length_s = 120
[[cues]]
at_s = 0
text = "Here."
"""


def titled(folder: Path, title: str) -> Imagery:
    return next(piece for piece in own.pieces(folder)[0] if piece.title == title)


def test_the_clinics_own_piece_stands_beside_those_that_ship_and_replaces_one_of_its_file_name(tmp_path: Path) -> None:
    shipped = [piece.source.name for piece in own.pieces(tmp_path)[0]]
    (tmp_path / "imagery").mkdir()
    (tmp_path / "imagery" / shipped[0]).write_text(PIECE)
    (tmp_path / "imagery" / "another.toml").write_text(PIECE.replace("Our garden", "Another"))
    titles = [piece.title for piece in own.pieces(tmp_path)[0]]
    assert len(titles) == len(shipped) + 1
    assert {"Our garden", "Another"} <= set(titles)


def test_a_piece_that_cannot_be_read_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    (tmp_path / "imagery").mkdir()
    (tmp_path / "imagery" / "bad.toml").write_text("format = 1\n")
    pieces, wrong = own.pieces(tmp_path)
    assert pieces
    assert ["bad.toml" in sentence for sentence in wrong] == [True]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def test_a_dropped_recording_is_the_pieces_voice_and_the_next_one_takes_its_place(
    tmp_path: Path, library: Library
) -> None:
    piece = own.pieces(tmp_path)[0][0]
    recording = flac(tmp_path / "voice.flac", 22, -23).rename(tmp_path / "Our Therapist.FLAC")
    content = recording.read_bytes()
    assert own.add_recording(tmp_path, piece, recording, library) == ""
    voiced = titled(tmp_path, piece.title)
    assert voiced.voice is not None
    assert not voiced.voice.sample
    path = voiced.voice_path()
    assert path is not None
    assert path.read_bytes() == content
    newer = flac(tmp_path / "newer.ogg", 22, -23, seed=2)
    own.add_recording(tmp_path, piece, newer, library)
    path = titled(tmp_path, piece.title).voice_path()
    assert path is not None
    assert path.read_bytes() == newer.read_bytes()
    assert recording.read_bytes() == content, "what was dropped stays as it is"
    assert len(own.recordings(tmp_path / "imagery", piece)) == 1


@pytest.mark.parametrize("lufs", [-8, -38])
def test_a_voice_is_as_loud_as_the_music_however_it_was_recorded(tmp_path: Path, library: Library, lufs: int) -> None:
    piece = own.pieces(tmp_path)[0][0]
    own.add_recording(tmp_path, piece, flac(tmp_path / "voice.flac", 22, lufs), library)
    path = titled(tmp_path, piece.title).voice_path()
    assert path is not None
    ready = library.ready(path)
    sound, rate = soundfile.read(ready.path, dtype="float32")
    heard = meter(rate, 2, whole=True)
    heard.add(sound)
    assert heard.integrated() + ready.gain_db == pytest.approx(-23, abs=0.5)
    if ready.path != path:
        os.utime(ready.path, (0, 0))
        assert playlists.tidy(tmp_path, library) == 0, "the copy is still spoken from"


def test_what_is_to_be_said_of_a_recording_is_said(tmp_path: Path, library: Library) -> None:
    piece = own.pieces(tmp_path)[0][0]
    assert "too short" in own.add_recording(tmp_path, piece, flac(tmp_path / "voice.flac", 4, -23), library)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("words.txt", b"words", "no recording"),
        ("empty.flac", b"", "empty"),
        ("gone.flac", None, "empty or not a file"),
        ("words.mp3", b"words that are no sound", "no music that can be played here"),
    ],
)
def test_what_is_no_recording_is_refused_in_a_sentence_and_the_piece_is_as_it_was(
    tmp_path: Path, library: Library, name: str, content: bytes | None, sentence: str
) -> None:
    piece = own.pieces(tmp_path)[0][0]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(KnownError, match=sentence):
        own.add_recording(tmp_path, piece, tmp_path / name, library)
    assert titled(tmp_path, piece.title) == piece


def test_where_no_room_is_left_the_earlier_recording_stays(tmp_path: Path, library: Library) -> None:
    piece = own.pieces(tmp_path)[0][0]
    (tmp_path / "imagery").write_text("a file where the folder should be")
    with pytest.raises(KnownError, match="could not be kept"):
        own.add_recording(tmp_path, piece, flac(tmp_path / "voice.flac"), library)
