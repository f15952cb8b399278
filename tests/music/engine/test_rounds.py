"""The long lane: every fault many times over, in every format, and each time the sound is back at its place."""

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kapdesk.music.engine import wire
from tests.music.engine.conftest import Player
from tests.sound import HEADSET, SPEAKER, Recording, Room, gaps_ms, peaks, place_ms, sounding_ms, sweep, write

pytestmark = pytest.mark.deep

Start = Callable[[], Player]
ROUNDS = 20
FORMATS = (".flac", ".mp3", ".vbr.mp3", ".ogg", ".opus", ".m4a")
FAR_MS = {".vbr.mp3": 300}
"""How far from where it broke off the sound may go on; 100 ms where nothing else is said."""


@pytest.fixture(scope="module")
def pieces(files: Path) -> dict[str, Path]:
    return {suffix: write(files / f"sweep{suffix}", sweep(60)) for suffix in FORMATS}


@pytest.mark.parametrize(("fault", "within_ms"), [(signal.SIGKILL, 400), (signal.SIGSTOP, 1_500)])
def test_killed_or_stopped_the_sound_is_back_in_time_at_its_place(
    start: Start, recording: Recording, pieces: dict[str, Path], fault: signal.Signals, within_ms: int
) -> None:
    chance, player = random.Random(7), start()
    found = []
    for turn in range(ROUNDS):
        suffix = FORMATS[turn % len(FORMATS)]
        player.sound("A", pieces[suffix], chance.randrange(5_000, 30_000))
        recording.wait(chance.randrange(400, 1_400))
        since = recording.ms
        os.kill(player.pid, fault)
        player.ear.next(wire.Restored)
        recording.wait(1_200)
        heard = recording.heard(since - 300)
        begin, length = max(gaps_ms(heard), key=lambda gap: gap[1])
        back_at = begin + length
        error = (place_ms(heard, back_at + 700) - 700) - (place_ms(heard, begin - 60) + 60)
        found.append((suffix, round(back_at - 300), round(error)))
        player.link.stop("A")
        player.ear.next(wire.Stopped, "A")
    assert [each for each in found if each[1] > within_ms or abs(each[2]) > FAR_MS.get(each[0], 100)] == []


def test_the_headphones_pulled_out_again_and_again_never_let_anything_out(
    start: Start, tmp_path: Path, pieces: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path / "ward", SPEAKER, HEADSET)
    room.pactl("set-default-source", "room.monitor")
    room.pactl("set-default-sink", "speaker")
    monkeypatch.setenv("PULSE_SERVER", room.server)
    monkeypatch.setenv("PULSE_SINK", "headset")
    chance = random.Random(7)
    found = []
    with room.recording() as heard, room.recording("speaker") as speaker:
        player = start()
        for turn in range(ROUNDS):
            suffix = FORMATS[turn % len(FORMATS)]
            player.sound("A", pieces[suffix], chance.randrange(5_000, 30_000))
            heard.wait(chance.randrange(400, 1_400))
            leaked_at, since = speaker.ms, heard.ms
            room.plug(HEADSET, into=False)
            player.ear.next(wire.OutputLost, seconds=2)
            heard.wait(chance.randrange(200, 800))
            before = heard.heard(since - 300)
            stopped_at = place_ms(before, sounding_ms(before)[1] - 60) + 60
            leak_ms = int((peaks(speaker.heard(leaked_at - 50)) > 10**-3.5).sum())
            plugged = heard.ms
            room.plug(HEADSET, into=True)
            player.ear.next(wire.Playing, "A")
            heard.wait(1_200)
            after = heard.heard(plugged)
            began = sounding_ms(after)[0]
            error = (place_ms(after, began + 700) - 700) - stopped_at
            found.append((suffix, began, round(error), leak_ms))
            player.link.stop("A")
            player.ear.next(wire.Stopped, "A")
    room.close()
    bad = [
        (suffix, began, error, leak_ms)
        for suffix, began, error, leak_ms in found
        if began > 2_000 or abs(error) > FAR_MS.get(suffix, 120) or leak_ms > 45
    ]
    assert bad == []
    assert player.ear.all(wire.OutputMoved) == []
