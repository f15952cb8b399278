"""A busy machine is left alone, an engine that hangs is replaced: told apart by what is heard of it outside."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kapdesk.music.engine import heartbeat, launch, wire
from kapdesk.music.engine.heartbeat import BUSY_S, DEAF_S, FROZEN_S, MISSED_S, UNSEEN_S, verdict
from kapdesk.music.watch.signal import Signal, signal_of
from tests.music.engine.conftest import Player, gone
from tests.sound import Recording, click_dbfs, gaps_ms, levels_dbfs, peaks, place_ms, sine, sweep, until, write

Start = Callable[[], Player]


@pytest.mark.parametrize(
    ("silent_s", "sounding", "playing", "heard", "what"),
    [
        (MISSED_S, True, True, Signal("sounds", 0.7), "wait"),
        (BUSY_S - 0.1, True, True, Signal("sounds", 0.7), "wait"),
        (BUSY_S, True, True, Signal("sounds", 0.7), "soften"),
        (BUSY_S, True, True, Signal("sounds"), "soften"),
        (MISSED_S, True, True, Signal("sounds", 0.05), "replace"),
        (MISSED_S, True, True, Signal("silent"), "replace"),
        (MISSED_S, True, False, Signal("silent"), "wait"),
        (MISSED_S, True, True, Signal("unknown"), "wait"),
        (UNSEEN_S, True, True, Signal("unknown"), "replace"),
        (DEAF_S - 0.1, False, False, Signal("unknown"), "wait"),
        (DEAF_S, False, False, Signal("unknown"), "replace"),
    ],
)
def test_missed_beats_alone_are_no_hang(
    silent_s: float, sounding: bool, playing: bool, heard: Signal, what: str
) -> None:
    assert verdict(silent_s, sounding, playing, heard) == what


@pytest.mark.parametrize(
    ("position_ms", "stood_s", "hangs"),
    [
        (20_000, FROZEN_S - 0.1, False),
        (20_000, FROZEN_S, True),
        (39_000, FROZEN_S, False),
        (39_000, 2 * FROZEN_S, True),
    ],
)
def test_a_place_that_stands_is_a_hang_later_near_the_end_where_libvlc_says_no_more(
    monkeypatch: pytest.MonkeyPatch, position_ms: int, stood_s: float, hangs: bool
) -> None:
    now = 100.0
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now)
    monkeypatch.setattr(heartbeat, "may_have_server", lambda: True)
    monkeypatch.setattr(heartbeat, "signal_of", lambda pid: Signal("silent"))
    heart = heartbeat.Heartbeat()
    deck = wire.DeckState("A", "playing", "/a.ogg", position_ms, position_ms, 40_000)
    status = wire.Status(0, 0, 100, (deck,))
    assert not heart.frozen(1, status)
    now += stood_s + 0.001
    assert heart.frozen(1, status) is hangs


def test_an_engine_that_was_stopped_for_a_moment_is_left_alone(start: Start, recording: Recording, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "busy.flac", sine(440, 20)))
    recording.wait(1_500)  # its buffer is full
    busy, since = player.pid, recording.ms
    os.kill(busy, signal.SIGSTOP)
    recording.wait(800)
    os.kill(busy, signal.SIGCONT)
    recording.wait(1_500)
    assert player.ear.all(wire.Lost) == []
    assert player.pid == busy
    assert gaps_ms(recording.heard(since)) == []


def test_an_engine_that_hangs_is_replaced_before_one_and_a_half_seconds_at_the_place_where_it_fell_silent(
    start: Start, recording: Recording, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "hang.ogg", sweep(40)), 8_000)
    until(lambda: (player.socket.parent / "engine.spare").exists())
    recording.wait(1_500)
    hung, since = player.pid, recording.ms
    os.kill(hung, signal.SIGSTOP)
    player.ear.next(wire.Restored)
    recording.wait(1_200)
    heard = recording.heard(since)
    begin, length = max(gaps_ms(heard), key=lambda gap: gap[1])
    assert begin + length <= 1_500
    stopped_at = place_ms(heard, begin - 60) + 60
    went_on_at = place_ms(heard, begin + length + 700) - 700
    assert went_on_at == pytest.approx(stopped_at, abs=150)
    assert peaks(heard)[begin + length : begin + length + 40].max() < 0.05
    until(lambda: gone(hung))


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine hangs where a test says so."""
    monkeypatch.setattr(launch, "ENGINE", "tests.stuck_engine")


def hanging(path: Path, how: str) -> Path:
    """A piece at which the engine hangs, once."""
    path.with_name(path.name + ".hangs").write_text(how)
    return path


@pytest.mark.usefixtures("stuck")
def test_when_libvlc_hangs_in_itself_the_sound_is_back_though_the_engine_speaks_on(
    start: Start, recording: Recording, files: Path
) -> None:
    player = start()
    player.sound("A", hanging(write(files / "callback.flac", sine(440, 40)), "callback"))
    hung = player.pid
    player.ear.next(wire.Restored, seconds=15)
    assert player.pid != hung
    recording.wait(1_200)
    assert levels_dbfs(recording.heard(recording.ms - 100)).min() > -16
    assert 2_500 <= player.deck("A").position_ms < 7_000
    until(lambda: gone(hung))


@pytest.mark.usefixtures("stuck")
def test_a_call_that_never_comes_back_while_the_piece_sounds_on_is_waited_for_and_then_let_go_softly(
    start: Start, recording: Recording, files: Path
) -> None:
    player = start()
    since = recording.ms
    player.link.load("A", hanging(write(files / "call.flac", sine(440, 40)), "call"))
    player.link.play("A")
    player.ear.next(wire.Playing, "A")
    hung = player.pid
    recording.wait(1_000)
    assert signal_of(hung).heard == "sounds"
    player.link.pause("A")  # nobody hears that, until there is another engine
    paused = player.ear.next(wire.Paused, "A", seconds=20)
    assert player.pid != hung
    assert paused.position_ms > (BUSY_S - 1) * 1_000
    recording.wait(100)
    heard = recording.heard(since)
    assert click_dbfs(heard) <= -50
    assert (levels_dbfs(heard) > -40).sum() > 100, "five seconds of it were heard"
