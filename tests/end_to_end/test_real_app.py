"""The real program as a process of its own: killed, restarted, started twice, and seen on a display."""

import contextlib
import shutil
from pathlib import Path

import pytest

from tests import sound
from tests.end_to_end.starts import PATIENCE_S, app, display


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


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="no Xvfb on this computer")
def test_on_a_real_display_the_window_fills_it_and_lights_up_nothing(home: Path) -> None:
    with display() as name, app(home, "boot-1", "pictured", DISPLAY=name, QT_QPA_PLATFORM="xcb") as shown:
        told = shown.tells()
        assert shown.ends() == 0
    assert (told["width"], told["height"]) == (1366, 768)
    assert told["dark"] > 0.85 * told["dots"]
