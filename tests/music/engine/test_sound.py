"""What reaches the headphones, measured: no click, no gap, no dip, and never a burst."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kapdesk.music.engine import wire
from tests.music.engine.conftest import Player
from tests.sound import (
    Recording,
    Room,
    click_dbfs,
    decibels,
    gaps_ms,
    level_of,
    levels_dbfs,
    peaks,
    sine,
    sounding_ms,
    write,
)

CLICK_DBFS = -50.0
"""What no fade may leave above 6 kHz of a tone of -12 dBFS."""

Start = Callable[[], Player]


def test_no_verb_can_be_heard_as_a_click(start: Start, recording: Recording, files: Path) -> None:
    tone = write(files / "low.flac", sine(440, 30))
    player = start()
    clicks = {}

    def heard(verb: str, since_ms: float) -> None:
        recording.wait(60)
        clicks[verb] = click_dbfs(recording.heard(since_ms - 100))

    begun = recording.ms
    player.sound("A", tone, 3_210)
    heard("play", begun)
    for verb, act, kind in [
        ("pause", lambda: player.link.pause("A"), wire.Paused),
        ("resume", lambda: player.link.resume("A"), wire.Playing),
        ("seek", lambda: player.link.seek("A", 12_345), wire.Playing),
        ("duck", lambda: player.link.fade("A", 0.25, 0, "decibel"), wire.Faded),
        ("rise", lambda: player.link.fade("A", 1.0, 0), wire.Faded),
        ("load on a deck that sounds", lambda: player.link.load("A", tone), wire.Stopped),
    ]:
        since = recording.ms
        act()
        player.ear.next(kind, "A")
        if kind is wire.Playing:
            recording.wait(wire.EASE_MS)
        heard(verb, since)
    player.sound("A", tone)
    since = recording.ms
    player.link.set_volume(40)
    recording.wait(2_000)
    heard("volume", since)
    since = recording.ms
    player.link.stop("A")
    player.ear.next(wire.Stopped, "A")
    heard("stop", since)
    assert {verb: dbfs for verb, dbfs in clicks.items() if dbfs > CLICK_DBFS} == {}


def test_a_crossfade_keeps_its_power_and_begins_when_the_new_piece_is_heard(
    start: Start, recording: Recording, files: Path
) -> None:
    old, new = write(files / "440.flac", sine(440, 20)), write(files / "660.flac", sine(660, 20))
    player = start()
    player.sound("A", old)
    begun = recording.ms
    player.link.load("B", new)
    player.link.crossfade("A", "B", 1.0, 3_000)
    player.ear.next(wire.Playing, "B")
    stopped = player.ear.next(wire.Stopped, "A")
    recording.wait(300)
    heard = recording.heard(begun)
    first, second = level_of(heard, 440), level_of(heard, 660)
    power_db = 10 * np.log10((first**2 + second**2) / first[0] ** 2)
    assert np.abs(power_db).max() <= 1.0
    assert gaps_ms(heard) == []
    middle = int(np.argmin(np.abs(first - second)))
    assert abs(decibels(first[middle]) - decibels(first[0]) + 3) <= 1.0
    assert 3_000 < stopped.position_ms < 8_000


@pytest.mark.parametrize(
    "suffix", [".ogg", *(pytest.param(other, marks=pytest.mark.deep) for other in (".flac", ".opus", ".mp3", ".m4a"))]
)
def test_a_join_has_no_gap(start: Start, recording: Recording, files: Path, suffix: str) -> None:
    tones = [write(files / f"join-{hz}{suffix}", sine(hz, 3)) for hz in (330, 550)]
    player = start()
    player.link.load("A", tones[0])
    player.link.play("A")
    assert player.ear.next(wire.Playing, "A").length_ms == pytest.approx(3_000, abs=100)
    player.link.load("B", tones[1])
    recording.wait(900)
    player.link.crossfade("A", "B", 1.0, 600)
    player.ear.next(wire.Ended, "B")
    recording.wait(200)
    assert gaps_ms(recording.heard()) == []


def test_the_volume_of_everything_is_that_of_a_slider(start: Start, recording: Recording, files: Path) -> None:
    player = start()
    player.link.set_volume(50)
    player.sound("A", write(files / "volume.flac", sine(440, 10)))
    recording.wait(400)
    rms = float(np.median(levels_dbfs(recording.heard(recording.ms - 300))))
    assert rms == pytest.approx(-12 - 3 - 18.1, abs=0.5)


@pytest.fixture
def forgetful_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A sound server that gives a program the volume and the mute switch it last had, as desktops do."""
    room = Room(tmp_path / "desktop", "module-stream-restore")
    for name in ("PULSE_SERVER", "PULSE_SINK"):
        monkeypatch.setenv(name, room.env[name])
    yield room
    room.close()


def test_every_piece_starts_silent_and_is_heard_whatever_the_desktop_remembers(
    forgetful_desktop: Room, start: Start, files: Path
) -> None:
    import pulsectl

    tone = write(files / "again.flac", sine(440, 20))
    with forgetful_desktop.recording() as recording, pulsectl.Pulse("test", server=forgetful_desktop.server) as pulse:
        player = start()
        player.sound("A", tone, 1_000)
        pulse.sink_input_mute(pulse.sink_input_list()[0].index, True)
        player.link.stop("A")
        player.ear.next(wire.Stopped, "A")
        recording.wait(200)
        begun = recording.ms
        player.sound("A", tone, 1_000)
        recording.wait(200)
        heard = recording.heard(begun)
        first = sounding_ms(heard)[0]
        assert peaks(heard)[first : first + 40].max() < 0.05
        assert peaks(heard)[-100:].min() > 0.2
        assert not any("role" in key for key in pulse.sink_input_list()[0].proplist)
