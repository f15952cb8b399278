"""The engine dies, hangs, or loses its desk: the sound goes on."""

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kapdesk.music.engine import wire
from tests.music.engine.conftest import Player, gone
from tests.sound import Recording, gaps_ms, level_of, levels_dbfs, place_ms, sine, sweep, until, write

Start = Callable[[], Player]


def test_after_a_kill_the_sound_is_back_at_its_place(start: Start, recording: Recording, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "sweep.ogg", sweep(40)), 10_000)
    until(lambda: (player.socket.parent / "engine.spare").exists())
    recording.wait(700)
    before, killed = recording.ms, player.pid
    os.kill(killed, signal.SIGKILL)
    player.ear.next(wire.Lost)
    restored = player.ear.next(wire.Restored)
    recording.wait(900)
    heard = recording.heard(before - 500)
    [(begin, length)] = gaps_ms(heard)
    stopped_at = place_ms(heard, begin - 60) + 60
    went_on_at = place_ms(heard, begin + length + 600) - 600
    assert abs(went_on_at - stopped_at) <= 100
    assert length <= 1_000
    assert restored.gap_ms <= length + 100
    assert restored.decks[0].position_ms == pytest.approx(stopped_at, abs=100)
    assert player.pid != killed


def test_a_second_kill_right_after_the_first_is_survived_too(start: Start, recording: Recording, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "twice.flac", sine(440, 20)))
    for _ in range(2):
        os.kill(player.pid, signal.SIGKILL)
        player.ear.next(wire.Hello)
        restored = player.ear.next(wire.Restored)
    assert 500 < restored.decks[0].position_ms < 5_000
    recording.wait(1_000)
    assert levels_dbfs(recording.heard(recording.ms - 100)).min() > -16


def test_a_crossfade_goes_on_through_a_kill_and_no_order_is_lost(
    start: Start, recording: Recording, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "one.flac", sine(440, 20)))
    player.link.set_volume(90)
    player.link.load("B", write(files / "two.flac", sine(660, 20)))
    player.link.crossfade("A", "B", 0.9, 2_500)
    player.ear.next(wire.Playing, "B")
    recording.wait(1_000)
    os.kill(player.pid, signal.SIGKILL)
    player.link.load("voice", files / "one.flac", 2_000)  # said to a dead engine
    player.ear.next(wire.Restored)
    player.ear.next(wire.Stopped, "A")
    until(lambda: player.deck("B").gain == pytest.approx(0.9))
    assert player.deck("voice").state == "loaded"
    recording.wait(500)
    heard = recording.heard(recording.ms - 200)
    expected = 10 ** (-12 / 20) * 0.9 * 0.9**3
    assert level_of(heard, 660) == pytest.approx(np.full(4, expected), rel=0.1)
    assert level_of(heard, 440).max() < 1e-3
    assert player.ear.all(wire.Status)[-1].volume == 90


def test_a_paused_piece_stays_paused_through_a_kill(start: Start, recording: Recording, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "paused.flac", sine(440, 20)), 4_000)
    player.link.pause("A")
    paused = player.ear.next(wire.Paused)
    until(lambda: player.deck("A").state == "paused")
    os.kill(player.pid, signal.SIGKILL)
    player.ear.next(wire.Hello)
    player.link.resume("A")
    assert player.ear.next(wire.Playing, "A").position_ms == pytest.approx(paused.position_ms, abs=50)
    assert player.ear.all(wire.Lost) == []


def test_without_its_desk_the_piece_plays_to_its_end_and_fades_there(
    start: Start, recording: Recording, files: Path
) -> None:
    tone = write(files / "out.flac", sine(440, 12))
    player = start()
    player.sound("A", tone, 8_000)
    player.link.close(play_out=True)
    until(lambda: gone(player.pid), 10, "the engine's end")
    heard = recording.heard()
    assert gaps_ms(heard) == []
    levels = levels_dbfs(heard, 100)
    sounding = np.flatnonzero(levels > -70)
    assert len(sounding) >= 15
    assert (np.diff(levels[sounding[-10:]]) < 0.5).all()
    assert levels[sounding[-1]] < -40
    assert not player.socket.exists()


def test_a_desk_that_comes_back_takes_over_what_plays(start: Start, recording: Recording, files: Path) -> None:
    tone = write(files / "over.flac", sine(440, 30))
    first = start()
    first.sound("A", tone, 2_000)
    first.link.close(play_out=True)
    second = start()
    assert second.pid == first.pid
    on_a = second.hello.decks[0]
    assert (on_a.state, on_a.path, on_a.gain) == ("playing", str(tone), 1.0)
    assert on_a.position_ms > 2_500
    second.link.pause("A")
    second.ear.next(wire.Paused, "A")


@pytest.mark.usefixtures("deaf")
def test_the_newest_desk_wins(start: Start) -> None:
    first = start()
    second = start()
    first.ear.next(wire.Replaced)
    assert second.pid == first.pid
    first.link.set_volume(10)  # nobody hears it any more
    second.link.set_volume(70)
    until(lambda: second.ear.all(wire.Status)[-1].volume == 70)
    assert second.ear.all(wire.Unavailable) == []


@pytest.mark.usefixtures("deaf")
def test_only_its_own_user_may_speak_to_the_engine(start: Start) -> None:
    player = start()
    assert stat.S_IMODE(player.socket.stat().st_mode) == 0o600
