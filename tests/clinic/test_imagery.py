"""A clinic's own imagery: its pieces come before the shipped ones, and a recording dropped on a piece is its voice."""

from pathlib import Path

import pytest

from kapdesk.clinic import imagery as own
from kapdesk.errors import KnownError
from kapdesk.music.imagery import Imagery

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


def test_a_dropped_recording_is_the_pieces_voice_and_the_next_one_takes_its_place(tmp_path: Path) -> None:
    piece = own.pieces(tmp_path)[0][0]
    recording = tmp_path / "Our Therapist.FLAC"
    recording.write_bytes(b"sound")
    own.add_recording(tmp_path, piece, recording)
    voiced = titled(tmp_path, piece.title)
    assert voiced.voice is not None
    assert not voiced.voice.sample
    path = voiced.voice_path()
    assert path is not None
    assert path.read_bytes() == b"sound"
    newer = tmp_path / "newer.ogg"
    newer.write_bytes(b"newer")
    own.add_recording(tmp_path, piece, newer)
    path = titled(tmp_path, piece.title).voice_path()
    assert path is not None
    assert path.read_bytes() == b"newer"
    assert recording.read_bytes() == b"sound", "what was dropped stays as it is"
    assert len(own.recordings(tmp_path / "imagery", piece)) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("words.txt", b"words", "no recording"), ("empty.flac", b"", "empty"), ("gone.flac", None, "empty or not a file")],
)
def test_what_is_no_recording_is_refused_in_a_sentence_and_the_piece_is_as_it_was(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    piece = own.pieces(tmp_path)[0][0]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(KnownError, match=sentence):
        own.add_recording(tmp_path, piece, tmp_path / name)
    assert titled(tmp_path, piece.title) == piece


def test_where_no_room_is_left_the_earlier_recording_stays(tmp_path: Path) -> None:
    piece = own.pieces(tmp_path)[0][0]
    (tmp_path / "imagery").write_text("a file where the folder should be")
    recording = tmp_path / "voice.flac"
    recording.write_bytes(b"sound")
    with pytest.raises(KnownError, match="could not be kept"):
        own.add_recording(tmp_path, piece, recording)
