"""What reaches the headphones: gaps at joins, the power of crossfades, clicks, and silence after a killed engine.

Everything is measured on samples recorded from a private sound server; see tests/sound.py.
"""

import os
import random
import signal
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.form import Figure, Missing, main
from kapdesk.music.engine import wire
from kapdesk.music.engine.link import Link
from tests.sound import (
    Ear,
    Recording,
    Room,
    click_dbfs,
    gaps_ms,
    have_server,
    level_of,
    place_ms,
    sine,
    sweep,
    until,
    write,
)

QUICK_FORMATS = (".flac", ".ogg")
ALL_FORMATS = (".flac", ".ogg", ".opus", ".mp3", ".vbr.mp3", ".m4a")
CROSSFADE_MS = 3_000

T = TypeVar("T")

MEASURED_HERE = (
    "gap_ms_max",
    "crossfade_deviation_db",
    "click_dbfs_max",
    "kill_to_sound_ms_median",
    "kill_to_sound_ms_max",
    "resume_error_ms_max",
)
LATER = (
    "level_spread_lu",
    "stall_to_sound_ms",
    "sink_lost_warned_s",
    "sink_back_sound_s",
    "engine_growth_kb_per_change",
    "scan_x_real_time_lossless",
    "scan_x_real_time_opus",
    "peer_gap_ms_vlc",
    "peer_gap_ms_mpv",
)


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """All figures of this version."""
    missing = [Missing(name, "comes with a later version") for name in LATER]
    if not have_server():
        return [], [Missing(name, "pulseaudio is not installed") for name in MEASURED_HERE] + missing
    formats = ALL_FORMATS if deep else QUICK_FORMATS
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        room = Room(folder / "room")
        os.environ.update({name: room.env[name] for name in ("PULSE_SERVER", "PULSE_SINK")})
        try:
            gaps = [gap for suffix in formats for gap in _listen(room, folder, lambda s, x=suffix: join(s, x))]
            crossed = [_listen(room, folder, crossfade) for _ in range(3 if deep else 1)]
            clicked = [_listen(room, folder, clicks) for _ in range(3 if deep else 1)]
            kills = _listen(room, folder, lambda studio: kill(studio, formats, 20 if deep else 5, chance))
        finally:
            room.close()
    silences = [silence for silence, _, _ in kills]
    steady = [abs(error) for _, error, suffix in kills if suffix != ".vbr.mp3"]
    figures = [
        Figure("gap_ms_max", max(gaps, default=0), "ms", 0, "less", len(formats)),
        Figure("crossfade_deviation_db", max(crossed), "dB", 1, "less", len(crossed)),
        Figure("click_dbfs_max", max(map(max, clicked)), "dBFS", -50, "less", sum(map(len, clicked))),
        Figure("kill_to_sound_ms_median", statistics.median(silences), "ms", 200, "less", len(kills)),
        Figure("kill_to_sound_ms_max", max(silences), "ms", 400, "less", len(kills)),
        Figure("resume_error_ms_max", max(steady), "ms", 100, "less", len(steady)),
    ]
    if vbr := [abs(error) for _, error, suffix in kills if suffix == ".vbr.mp3"]:
        figures.append(Figure("resume_error_ms_max_vbr", max(vbr), "ms", 300, "less", len(vbr)))
    return figures, missing


class Studio:
    """An engine that plays into a room that is recorded."""

    def __init__(self, folder: Path, recording: Recording) -> None:
        self.folder = folder
        self.recording = recording
        self.ear = Ear()
        self.link = Link(folder / "engine", self.ear)
        self.ear.next(wire.Hello)

    def sound(self, path: Path, at_ms: int) -> None:
        """Play on deck A, and wait until it has come up."""
        self.link.load("A", path, at_ms)
        self.link.play("A")
        self.ear.next(wire.Playing, "A")
        self.ear.next(wire.Faded, "A")

    def stop(self) -> None:
        """Silence on deck A."""
        self.link.stop("A")
        self.ear.next(wire.Stopped, "A")


def _listen(room: Room, folder: Path, work: Callable[[Studio], T]) -> T:
    with room.recording() as recording:
        studio = Studio(folder, recording)
        try:
            return work(studio)
        finally:
            studio.link.close(play_out=False)
            until(lambda: not (folder / "engine").exists(), what="the engine's end")


def join(studio: Studio, suffix: str) -> list[int]:
    """Silences (ms) where one piece takes over from the one before, close to its end."""
    first, second = (write(studio.folder / f"join-{hz}{suffix}", sine(hz, 3)) for hz in (330, 550))
    studio.link.load("A", first)
    studio.link.play("A")
    studio.ear.next(wire.Playing, "A")
    studio.link.load("B", second)
    studio.recording.wait(3_000 - wire.TAIL_MS - 700)
    studio.link.crossfade("A", "B", 1.0, 600)
    studio.ear.next(wire.Ended, "B")
    studio.recording.wait(100)
    return [length for _, length in gaps_ms(studio.recording.heard())]


def crossfade(studio: Studio) -> float:
    """How far (dB) the power of two crossing sines strays from even."""
    studio.sound(write(studio.folder / "low.flac", sine(440, 15)), 0)
    begun = studio.recording.ms
    studio.link.load("B", write(studio.folder / "high.flac", sine(660, 15)))
    studio.link.crossfade("A", "B", 1.0, CROSSFADE_MS)
    studio.ear.next(wire.Playing, "B")
    studio.ear.next(wire.Stopped, "A")
    studio.recording.wait(200)
    heard = studio.recording.heard(begun)
    power = level_of(heard, 440) ** 2 + level_of(heard, 660) ** 2
    return float(np.abs(10 * np.log10(power / power[0])).max())


def clicks(studio: Studio) -> list[float]:
    """The loudest moment (dBFS) above 6 kHz on a sine of -12 dBFS, of each verb."""
    link, ear, recording = studio.link, studio.ear, studio.recording
    tone = write(studio.folder / "tone.flac", sine(440, 30))
    found = []
    since = recording.ms
    studio.sound(tone, 1_234)

    def heard(wait_ms: float) -> None:
        nonlocal since
        recording.wait(wait_ms)
        found.append(click_dbfs(recording.heard(since - 100)))
        since = recording.ms

    heard(100)
    link.pause("A")
    ear.next(wire.Paused)
    heard(100)
    link.resume("A")
    ear.next(wire.Playing)
    heard(wire.EASE_MS + 100)
    link.seek("A", 12_345)
    ear.next(wire.Playing)
    heard(wire.EASE_MS + 100)
    link.set_volume(40)
    heard(wire.EASE_MS + 100)
    link.set_volume(100)
    heard(wire.EASE_MS + 100)
    link.stop("A")
    ear.next(wire.Stopped)
    heard(100)
    return found


def kill(
    studio: Studio, formats: tuple[str, ...], rounds: int, chance: random.Random
) -> list[tuple[float, float, str]]:
    """kill -9 of the engine: ms from the signal until sound is back, and ms between where it broke off and went on."""
    pieces = {suffix: write(studio.folder / f"sweep{suffix}", sweep(40)) for suffix in formats}
    found = []
    for turn in range(rounds):
        suffix = formats[turn % len(formats)]
        studio.sound(pieces[suffix], chance.randrange(5_000, 20_000))
        studio.recording.wait(chance.randrange(400, 800))
        at = studio.recording.ms
        os.kill(studio.ear.all(wire.Hello)[-1].pid, signal.SIGKILL)
        studio.ear.next(wire.Restored)
        studio.recording.wait(900)
        heard = studio.recording.heard(at - 300)
        begin, length = max(gaps_ms(heard), key=lambda gap: gap[1])
        error = (place_ms(heard, begin + length + 700) - 700) - (place_ms(heard, begin - 60) + 60)
        found.append((begin + length - 300.0, error, suffix))
        studio.stop()
    return found


if __name__ == "__main__":
    main("audio", measure)
