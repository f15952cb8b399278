"""Playlists written as TOML: read back as they were, spread over the phases, whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.errors import KnownError
from kapdesk.facts.words import PHASES
from kapdesk.music import playlist
from kapdesk.music.library import writing
from kapdesk.music.playlist import Playlist, Track

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda word: "://" not in word
)
phases = st.sets(st.sampled_from(PHASES), min_size=1).map(lambda some: tuple(p for p in PHASES if p in some))
tracks = st.builds(
    Track,
    words,
    words,
    phases,
    st.none() | words,
    st.none() | st.integers(0, 9_999),
    st.none() | st.integers(1, 3_600),
    st.none() | st.integers(1, 5),
    st.lists(words, max_size=3).map(tuple),
)


@given(title=words, pieces=st.lists(tracks, min_size=1, max_size=5))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, pieces: list[Track]
) -> None:
    path = writing.new(tmp_path_factory.mktemp("lists"), title, pieces)
    assert playlist.read(path) == Playlist(title, tuple(pieces), path)


@given(st.lists(st.integers(0, 7_200_000), min_size=1, max_size=40))
def test_every_piece_has_a_phase_and_every_phase_a_piece_in_the_order_of_the_list(lengths: list[int]) -> None:
    spread = writing.spread(lengths)
    assert len(spread) == len(lengths)
    assert all(spread)
    assert {phase for some in spread for phase in some} == set(PHASES)
    order = [PHASES.index(phase) for some in spread for phase in some]
    assert order == sorted(order)


def test_a_second_playlist_of_the_same_title_has_a_name_of_its_own(tmp_path: Path) -> None:
    pieces = [Track("One", "one.ogg", ("peak",))]
    names = [writing.new(tmp_path, "Évening: two/three", pieces).name for _ in range(2)]
    assert names == ["évening-two-three.toml", "évening-two-three-2.toml"]


def test_the_comments_at_the_beginning_stay(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text('# Made by hand.\n# For evenings.\nformat = 1\ntitle = "A"\n', encoding="utf-8")
    writing.again(Playlist("A", (Track("One", "one.ogg", ("peak",)),), path))
    assert path.read_text(encoding="utf-8").startswith("# Made by hand.\n# For evenings.\nformat = 1\n")


def test_a_list_of_fifty_thousand_pieces_is_not_written(tmp_path: Path) -> None:
    pieces = [Track("One", f"{n}.ogg", ("peak",)) for n in range(50_000)]
    with pytest.raises(KnownError, match="50,000 pieces is too long"):
        writing.new(tmp_path, "Long", pieces)
    assert list(tmp_path.iterdir()) == []


def test_where_the_disk_refuses_the_old_list_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("no folder")
    with pytest.raises(KnownError, match="What was there before is there still"):
        writing.new(tmp_path / "folder", "A", [Track("One", "one.ogg", ("peak",))])


def test_a_file_within_the_playlists_folder_is_named_from_there(tmp_path: Path) -> None:
    assert writing.file_of(tmp_path / "lists" / "audio" / "a.ogg", tmp_path / "lists") == "audio/a.ogg"
    assert writing.file_of(tmp_path / "a.ogg", tmp_path / "lists") == str(tmp_path / "a.ogg")
