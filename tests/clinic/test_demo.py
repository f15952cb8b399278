"""The whole main job, as a stranger runs it: from arrival to the paper, on real sound."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kapdesk.clinic import script
from tests.sound import Room, have_server


@pytest.fixture
def sound(tmp_path: Path) -> Iterator[Room]:
    if not have_server():
        pytest.skip("PulseAudio is not installed")
    room = Room(tmp_path / "sound")
    yield room
    room.close()


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_demo_plays_a_whole_session_to_a_note_that_holds_every_word(tmp_path: Path, sound: Room) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "kapdesk", "demo", "--headless", "--speed", "400", "--out", str(out), "--json"]
    with sound.recording() as recording:
        done = subprocess.run(command, env=sound.env, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        loudest = abs(recording.heard()).max()
    played = json.loads(done.stdout.splitlines()[-1])

    assert played["facts"] >= 80
    assert played["chain_ok"] is True
    assert played["engine"].startswith("libVLC 3.0.")
    assert played["sink"] == "room"
    assert 0.001 < loudest < 0.7  # something sounded, nothing near full scale

    titles = [track["title"] for track in played["tracks"]]
    assert len(titles) == len(set(titles)) >= 4
    assert all(track["faded"] and track["heard_ms"] >= 1_500 for track in played["tracks"])

    pdf = Path(played["pdf"])
    assert pdf.is_absolute()
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout
    on_paper = _squeezed(text)
    missing = [note for note in script.notes() if _squeezed(note) not in on_paper]
    assert missing == []
    assert "REHEARSAL" in text
    assert list(out.glob("clinic-*")) == []  # the throw-away clinic is gone


@pytest.mark.deep
def test_without_a_sound_server_every_piece_is_still_played_to_nobody(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "kapdesk",
        "demo",
        "--headless",
        "--speed",
        "200",
        "--out",
        str(tmp_path),
        "--json",
    ]
    env = {**os.environ, "PULSE_SERVER": f"unix:{tmp_path}/nobody"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    played = json.loads(done.stdout.splitlines()[-1])
    assert played["sink"].startswith("dummy")
    assert (played["facts"] >= 80, played["chain_ok"]) == (True, True)
    assert len(played["tracks"]) >= 4
    assert all(track["faded"] and track["heard_ms"] >= 1_500 for track in played["tracks"])


def test_a_speed_of_nothing_is_refused_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kapdesk", "demo", "--headless", "--speed", "0", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("The speed must be above 0. Nothing was played; try 60.")
    assert done.stdout == ""
