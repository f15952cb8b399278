"""`kapdesk music check` and `add`: a line for each piece, and a playlist of the clinic's own."""

import json
import os
from pathlib import Path

from click.testing import CliRunner, Result

from kapdesk.cli import commands
from kapdesk.clinic.music import at_hand
from kapdesk.clinic.playlists import keep, set_phases, state, take_out
from kapdesk.facts.words import PHASES
from kapdesk.music import playlist
from tests.music.library.sounds import flac


def run(clinic: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(commands, ["music", *map(str, words), "--clinic", str(clinic)])


def test_each_piece_has_its_line_and_the_command_ends_with_1_where_one_cannot_be_played(tmp_path: Path) -> None:
    music, clinic = tmp_path / "music", tmp_path / "clinic"
    music.mkdir()
    flac(music / "calm.flac", 25, -20)
    good = run(clinic, "check", music)
    assert (good.exit_code, "yes       0:25   -20.0 LUFS  calm" in good.output) == (0, True)
    (music / "text.mp3").write_text("none")
    bad = run(clinic, "check", music, tmp_path / "nowhere.m3u", "--json")
    told = json.loads(bad.stdout)
    assert bad.exit_code == 1
    assert [(each["title"], each["state"]) for each in told["pieces"]] == [("calm", "good"), ("text", "bad")]
    assert told["refused"] == [{"said": "nowhere.m3u", "why": "This file is missing."}]


def test_a_folder_becomes_a_playlist_of_what_can_be_played(tmp_path: Path) -> None:
    music, clinic = tmp_path / "Quiet Evening", tmp_path / "clinic"
    music.mkdir()
    for number in range(3):
        flac(music / f"{number}.flac", 25, -20, number)
    (music / "text.mp3").write_text("none")
    told = json.loads(run(clinic, "add", os.path.relpath(music), "--json").stdout)
    read = playlist.read(Path(told["file"]))
    assert (read.title, len(read.tracks), read.source.parent) == ("Quiet Evening", 3, clinic / "playlists")
    assert {phase for track in read.tracks for phase in track.phases} == set(PHASES)
    assert told["left_out"][0]["said"] == "text.mp3"
    library = at_hand(clinic)
    assert [each.verdict.state for each in state(read.source, library)] == ["good"] * 3
    changed = set_phases(read.source, 0, "peak", True)
    assert "peak" in changed.tracks[0].phases
    added = keep(clinic, "", state(read.source, library), read.source)
    assert added.pieces == 0
    assert take_out(read.source, 0) is not None
    assert len(playlist.read(read.source).tracks) == 2
    assert all(path.exists() for path in music.iterdir())


def test_a_list_of_links_only_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "list.m3u").write_text("https://example.org/a\n")
    told = run(tmp_path / "clinic", "add", tmp_path / "list.m3u")
    assert told.exit_code != 0
    assert not (tmp_path / "clinic").exists()
