"""The real program as a process of its own: killed, restarted, started twice, and seen on a display."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kapdesk.access import file
from tests import sound

HOUSE = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 90


class App:
    """One start of the program."""

    def __init__(self, home: Path, boot: str, part: str, demo: bool = True, **env: str) -> None:
        command = [sys.executable, "-m", "tests.end_to_end.launch", str(home / "clinic"), boot, part]
        own = {name: str(home) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME")}
        silent = {"PULSE_SERVER": "unix:/nonexistent", "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            [*command, *(["demo"] if demo else [])],
            cwd=HOUSE,
            env={**os.environ, **own, **silent, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def tells(self) -> dict[str, Any]:
        """Its next line."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read() if self.process.stderr else ""
        told: dict[str, Any] = json.loads(line)
        return told

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def ends(self) -> int:
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    yield home
    end_music(home / "clinic")


def end_music(folder: Path) -> None:
    """After a kill the music plays its piece to the end, as it should; a test does not wait for that."""
    own = file.read(folder)
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if own is not None and f"{own.clinic.hex}.music" in (process / "cmdline").read_text():
                os.kill(int(process.name), signal.SIGTERM)


@contextlib.contextmanager
def app(home: Path, boot: str, part: str, **env: str) -> Iterator[App]:
    started = App(home, boot, part, **env)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.kill()
        for pipe in (started.process.stdout, started.process.stderr):
            if pipe:
                pipe.close()


def test_after_a_kill_everything_acknowledged_and_the_half_typed_note_are_there(home: Path) -> None:
    with app(home, "boot-1", "running") as first:
        before = first.tells()
        first.kill()
    with app(home, "boot-1", "resumed") as again:
        assert again.tells()["offered"].startswith("Session running · 0:00 since first dose")
        after = again.tells()
        assert again.ends() == 0
    assert after["session"] == before["session"]
    assert after["facts"][: len(before["facts"])] == before["facts"]
    assert after["dose_us"] == before["dose_us"]
    assert after["half"] == "half a sen"
    assert after["notes"] == ["Recorded before the kill."]
    assert (after["uncertainty_ms"], 0 <= after["elapsed_ms"] < PATIENCE_S * 1000) == (0, True)


def test_after_a_reboot_the_time_goes_on_by_the_time_of_day_and_says_how_sure_it_is(home: Path) -> None:
    with app(home, "boot-1", "running") as first:
        before = first.tells()
        first.kill()
    with app(home, "boot-2+600", "resumed") as again:
        assert again.tells()["offered"].startswith("Session running · 0:10 since first dose")
        after = again.tells()
        assert again.ends() == 0
    assert after["facts"][: len(before["facts"])] == before["facts"]
    assert after["dose_us"] == before["dose_us"]
    assert 600_000 <= after["elapsed_ms"] < 600_000 + PATIENCE_S * 1000
    assert 0 < after["uncertainty_ms"] <= 3_000
    assert after["half"] == "half a sen"
    assert any("nothing was recorded for 10 min" in word for word in after["words"])


@pytest.mark.skipif(not sound.have_server(), reason="no PulseAudio on this computer")
def test_after_a_kill_the_music_plays_on_and_the_next_start_takes_it_over(home: Path, tmp_path: Path) -> None:
    """What the patient hears of it: nothing."""
    room = sound.Room(tmp_path / "room")
    heard_from = {"PULSE_SERVER": room.server, "PULSE_SINK": "room"}
    with contextlib.closing(room), room.recording() as recording:
        with app(home, "boot-1", "running", **heard_from) as first:
            first.tells()
            sound.until(lambda: loud(recording.heard()[-sound.RATE // 2 :]), 30, "the music to be heard")
            recording.wait(4_000)
            begun_ms = recording.ms - 500
            first.kill()
        recording.wait(1_500)
        with app(home, "boot-1", "playing", **heard_from) as again:
            told = again.tells()
            recording.wait(1_500)
            heard = recording.heard(begun_ms, recording.ms - 100)
            again.kill()
    assert (told["title"], told["silenced"], told["message"]) == ("Warm Ground", False, "")
    assert told["facts"].count("TrackStarted") == 1
    assert not {"TrackStopped", "MusicLost", "MusicSilenced", "MusicRestored"} & set(told["facts"])
    assert sound.gaps_ms(heard) == []
    levels = sound.levels_dbfs(heard, 400)
    assert levels.min() > levels.max() - 12
    assert sound.click_dbfs(heard) < sound.decibels(float(abs(heard).max())) - 30


def loud(samples: sound.Samples) -> bool:
    return len(samples) > 0 and sound.decibels(float(abs(samples).max())) > -45


def test_a_second_start_raises_the_first_window_and_ends(home: Path) -> None:
    with app(home, "boot-1", "waiting") as first:
        assert first.tells() == {"open": True}
        with app(home, "boot-1", "waiting") as second:
            assert second.ends() == 0
        assert first.tells() == {"raised": True}
        first.kill()
    with app(home, "boot-1", "waiting") as third:
        assert third.tells() == {"open": True}


@contextlib.contextmanager
def display() -> Iterator[str]:
    """A display nobody looks at."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="no Xvfb on this computer")
def test_on_a_real_display_the_window_fills_it_and_lights_up_nothing(home: Path) -> None:
    with display() as name, app(home, "boot-1", "pictured", DISPLAY=name, QT_QPA_PLATFORM="xcb") as shown:
        told = shown.tells()
        assert shown.ends() == 0
    assert (told["width"], told["height"]) == (1366, 768)
    assert told["dark"] > 0.85 * told["dots"]
