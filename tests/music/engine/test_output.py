"""The headphones go, and come back: the music waits in its place, and nothing is ever heard anywhere else."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kapdesk.music.engine import wire
from tests.music.engine.conftest import Player
from tests.sound import (
    HEADSET,
    SPEAKER,
    Recording,
    Room,
    click_dbfs,
    have_server,
    level_of,
    levels_dbfs,
    peaks,
    place_ms,
    sine,
    sounding_ms,
    sweep,
    until,
    write,
)

Start = Callable[[], Player]
NOTHING_DBFS = -70.0

BLOCKS_MS = 45
"""What may come from the loudspeaker before it is hushed: two of the blocks of 20 ms that the recorder makes it render
in. Most often it is none; sound servers that take back what they have rendered (all sound cards) play 2 to 3 ms."""


class Ward(NamedTuple):
    """A patient's headphones and the room's loudspeaker, which is where the system would play."""

    room: Room
    heard: Recording
    speaker: Recording

    def pull(self) -> None:
        """Out with the headphones."""
        self.room.plug(HEADSET, into=False)

    def plug(self) -> None:
        """In again."""
        self.room.plug(HEADSET, into=True)

    def move_to_speaker(self) -> None:
        """Another program, or the system itself, moves the music."""
        import pulsectl

        with pulsectl.Pulse("test", server=self.room.server) as pulse:
            speaker = pulse.get_sink_by_name("speaker").index
            for stream in pulse.sink_input_list():
                if stream.proplist.get("application.name") == "KapDesk":
                    pulse.sink_input_move(stream.index, speaker)

    def on_speaker_ms(self) -> int:
        """How long the loudspeaker ever played anything that can be heard."""
        return int((peaks(self.speaker.heard()) > 10 ** (NOTHING_DBFS / 20)).sum())


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ward]:
    if not have_server():
        pytest.skip("pulseaudio and pulseaudio-utils are not installed")
    room = Room(tmp_path / "ward", SPEAKER, HEADSET)
    room.pactl("set-default-source", "room.monitor")  # or the recorders would follow the default output about
    room.pactl("set-default-sink", "speaker")
    monkeypatch.setenv("PULSE_SERVER", room.server)
    monkeypatch.setenv("PULSE_SINK", "headset")
    with room.recording() as heard, room.recording("speaker") as speaker:
        yield Ward(room, heard, speaker)
    room.close()


def silent(samples: object) -> bool:
    """Whether nothing of it is above what a treatment room hides."""
    return float(peaks(samples).max()) < 10 ** (NOTHING_DBFS / 20)  # type: ignore[arg-type]


def test_when_the_headphones_go_nothing_comes_from_the_loudspeaker_and_the_music_comes_back_where_it_was(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "sweep.ogg", sweep(40)), 10_000)
    ward.heard.wait(500)
    ward.pull()
    lost = player.ear.next(wire.OutputLost, seconds=2)
    assert lost.output == "headset"
    ward.heard.wait(1_500)
    assert silent(ward.heard.heard(ward.heard.ms - 1_000))
    assert ward.on_speaker_ms() <= BLOCKS_MS
    assert player.ear.all(wire.Status)[-1].hushed
    before = ward.heard.heard()
    stopped_at = place_ms(before, sounding_ms(before)[1] - 60) + 60
    plugged = ward.heard.ms
    ward.plug()
    back = player.ear.next(wire.OutputBack, seconds=2)
    assert back.silent_ms >= 1_500
    assert player.ear.next(wire.Playing, "A").position_ms == lost.decks[0].position_ms
    ward.heard.wait(1_500)
    after = ward.heard.heard(plugged)
    began = sounding_ms(after)[0]
    assert began < 2_000
    assert peaks(after)[began : began + 40].max() < 0.05, "it came in softly"
    went_on_at = place_ms(after, began + 700) - 700
    assert went_on_at == pytest.approx(stopped_at, abs=100)
    assert ward.on_speaker_ms() <= BLOCKS_MS


def test_only_a_person_lets_the_music_wait_no_longer_and_come_from_the_loudspeaker(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "speaker.ogg", sine(440, 40)), 5_000)
    ward.pull()
    lost = player.ear.next(wire.OutputLost)
    player.link.use_output("speaker")
    player.ear.next(wire.OutputBack)
    assert player.ear.next(wire.Playing, "A").position_ms == lost.decks[0].position_ms
    ward.speaker.wait(1_500)
    heard = ward.speaker.heard()
    began = sounding_ms(heard)[0]
    assert peaks(heard)[began : began + 40].max() < 0.05
    assert levels_dbfs(ward.speaker.heard(ward.speaker.ms - 100)).min() > -16
    ward.plug()  # nobody asked for them again
    ward.heard.wait(500)
    assert silent(ward.heard.heard(ward.heard.ms - 400))


def test_another_output_is_gone_over_to_softly_in_mid_piece(start: Start, ward: Ward, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "over.flac", sine(440, 40)), 5_000)
    chosen, there = ward.heard.ms, ward.speaker.ms
    player.link.use_output("speaker")
    player.ear.next(wire.Playing, "A")
    ward.speaker.wait(1_500)
    assert click_dbfs(ward.heard.heard(chosen)) <= -50
    assert click_dbfs(ward.speaker.heard(there)) <= -50
    assert silent(ward.heard.heard(ward.heard.ms - 300))
    assert levels_dbfs(ward.speaker.heard(ward.speaker.ms - 100)).min() > -16
    assert player.ear.all(wire.OutputLost) == player.ear.all(wire.OutputMoved) == []
    assert player.ear.all(wire.Status)[-1].output == "speaker"


def test_what_the_system_moves_to_the_loudspeaker_is_hushed_at_once_and_brought_back(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "moved.flac", sine(440, 40)))
    ward.move_to_speaker()
    moved = player.ear.next(wire.OutputMoved)
    assert (moved.output, moved.to) == ("headset", "speaker")
    player.ear.next(wire.Playing, "A")
    ward.heard.wait(1_500)
    assert levels_dbfs(ward.heard.heard(ward.heard.ms - 100)).min() > -16
    assert ward.on_speaker_ms() <= BLOCKS_MS


def test_the_music_does_not_follow_the_system_to_an_output_that_was_just_plugged_in(
    start: Start, ward: Ward, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULSE_SINK")
    ward.room.pactl("set-default-sink", "headset")
    player = start()
    player.sound("A", write(files / "default.flac", sine(440, 40)))
    ward.room.pactl("set-default-sink", "speaker")
    ward.heard.wait(2_000)
    assert levels_dbfs(ward.heard.heard(ward.heard.ms - 100)).min() > -16
    assert ward.on_speaker_ms() <= BLOCKS_MS


def test_after_the_sound_server_was_killed_the_music_is_back_by_itself_at_its_place(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "server.ogg", sweep(60)), 8_000)
    ward.heard.wait(300)
    ward.room.close()
    lost = player.ear.next(wire.OutputLost, seconds=2)
    heard = ward.heard.heard()
    stopped_at = place_ms(heard, sounding_ms(heard)[1] - 60) + 60
    assert lost.decks[0].position_ms == pytest.approx(stopped_at, abs=150)
    ward.room.switch_on()
    with ward.room.recording() as again:
        player.ear.next(wire.OutputBack, seconds=2)
        assert player.ear.next(wire.Playing, "A").position_ms == lost.decks[0].position_ms
        until(lambda: (peaks(again.heard()) > 0.2).any(), 3, "the music")


def test_an_engine_that_dies_while_the_headphones_are_gone_takes_the_waiting_along(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "dies.ogg", sine(440, 40)), 5_000)
    ward.pull()
    lost = player.ear.next(wire.OutputLost)
    until(lambda: player.ear.all(wire.Status)[-1].hushed)
    for _ in range(2):  # the spare one, and then a new one
        killed = player.pid
        os.kill(killed, signal.SIGKILL)
        player.ear.next(wire.Hello)
        until(lambda killed=killed: player.pid != killed and player.ear.all(wire.Status)[-1].hushed)
    assert player.ear.all(wire.Lost) == []
    ward.plug()
    assert player.ear.next(wire.Playing, "A").position_ms == lost.decks[0].position_ms
    until(lambda: peaks(ward.heard.heard(ward.heard.ms - 100)).max() > 0.2)
    assert ward.on_speaker_ms() <= BLOCKS_MS


def test_what_a_spare_one_saw_of_the_headphones_is_not_told_when_it_takes_over(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "spared.ogg", sine(440, 40)), 5_000)
    ward.heard.wait(1_500)  # the spare one is up, and looks too
    ward.pull()
    player.ear.next(wire.OutputLost)
    ward.plug()
    player.ear.next(wire.Playing, "A")
    ward.heard.wait(500)
    os.kill(player.pid, signal.SIGKILL)
    player.ear.next(wire.Restored)
    assert (len(player.ear.all(wire.OutputLost)), len(player.ear.all(wire.OutputBack))) == (1, 1)
    assert not player.ear.all(wire.Hello)[-1].hushed


def test_with_the_desk_dead_too_the_music_waits_and_the_next_desk_is_told(
    start: Start, ward: Ward, files: Path
) -> None:
    first = start()
    first.sound("A", write(files / "nobody.ogg", sine(440, 40)), 5_000)
    first.link.close(play_out=True)
    ward.pull()
    until(lambda: silent(ward.heard.heard(ward.heard.ms - 300)), what="silence")
    second = start()
    assert second.pid == first.pid
    assert second.ear.all(wire.Hello)[0].hushed or second.ear.next(wire.OutputLost)
    assert ward.on_speaker_ms() <= BLOCKS_MS
    second.link.use_output("speaker")
    second.ear.next(wire.Playing, "A")


def test_what_is_asked_while_the_headphones_are_gone_is_done_when_they_are_back(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "a.flac", sine(440, 40)))
    ward.pull()
    player.ear.next(wire.OutputLost)
    player.link.load("B", write(files / "b.flac", sine(660, 40)))
    player.link.crossfade("A", "B", 1.0, 1_500)
    player.link.pause("B")
    player.ear.next(wire.Paused, "B")
    player.link.resume("B")
    player.link.stop("A")
    player.ear.next(wire.Stopped, "A")
    ward.plug()
    player.ear.next(wire.Playing, "B")
    player.ear.next(wire.Faded, "B")
    heard = ward.heard.heard(ward.heard.ms - 200)
    assert level_of(heard, 660).min() > 0.2
    assert level_of(heard, 440).max() < 1e-3


def test_a_sound_server_that_hangs_plays_nothing_and_what_nobody_heard_is_played_when_it_goes_on(
    start: Start, ward: Ward, files: Path
) -> None:
    player = start()
    player.sound("A", write(files / "hangs.ogg", sweep(60)), 8_000)
    ward.heard.wait(500)
    server = ward.room.pid
    os.kill(server, signal.SIGSTOP)
    heard = ward.heard.heard()
    stopped_at = place_ms(heard, sounding_ms(heard)[1] - 60) + 60
    try:
        lost = player.ear.next(wire.OutputLost, seconds=3)
        until(lambda: player.ear.all(wire.Status)[-1].hushed)
    finally:
        os.kill(server, signal.SIGCONT)
    assert not lost.answers
    assert player.ear.next(wire.Playing, "A", seconds=2).position_ms == lost.decks[0].position_ms
    assert lost.decks[0].position_ms == pytest.approx(stopped_at, abs=600)
    until(lambda: peaks(ward.heard.heard(ward.heard.ms - 100)).max() > 0.2, 3, "the music")
    assert player.ear.all(wire.Lost) == []
