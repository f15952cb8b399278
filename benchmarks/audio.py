"""What reaches the headphones: gaps at joins, the power of crossfades, clicks, and silence after a killed engine.

Everything is measured on samples recorded from a private sound server; see tests/sound.py.
"""

import os
import random
import signal
import statistics
import tempfile
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks import audio_faults, audio_library, audio_peers
from benchmarks.form import Figure, Missing, main
from benchmarks.studio import Studio, listen
from kapdesk.music.engine import wire
from tests.sound import (
    HEADSET,
    SPEAKER,
    Room,
    click_dbfs,
    gaps_ms,
    have_server,
    level_of,
    place_ms,
    sine,
    sweep,
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
    "stall_to_sound_ms",
    "sink_lost_warned_s",
    "sink_back_sound_s",
    "speaker_leak_ms_max",
    "engine_growth_kb_per_change",
    "peer_gap_ms_vlc",
    "peer_gap_ms_mpv",
    "peer_gap_ms_qt",
    "level_spread_lu",
)


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """All figures of this version."""
    missing: list[Missing] = []
    with tempfile.TemporaryDirectory() as temporary:
        speeds = audio_library.speeds(Path(temporary))
    if not have_server():
        return speeds, [Missing(name, "pulseaudio is not installed") for name in MEASURED_HERE]
    formats = ALL_FORMATS if deep else QUICK_FORMATS
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        room = Room(folder / "room")
        os.environ.update({name: room.env[name] for name in ("PULSE_SERVER", "PULSE_SINK")})
        try:
            gaps = [gap for suffix in formats for gap in listen(room, folder, lambda s, x=suffix: join(s, x))]
            crossed = [listen(room, folder, crossfade) for _ in range(3 if deep else 1)]
            clicked = [listen(room, folder, clicks) for _ in range(3 if deep else 1)]
            kills = listen(room, folder, lambda studio: kill(studio, formats, 20 if deep else 5, chance))
            stalls = listen(room, folder, lambda studio: audio_faults.stall(studio, formats, 20 if deep else 3, chance))
            grown = listen(room, folder, lambda studio: audio_faults.growth(studio, 500 if deep else 150))
            spread = listen(room, folder, lambda studio: audio_library.level_spread(studio, deep))
            peers, no_peers = audio_peers.measure(room, folder, formats, 3 if deep else 1)
        finally:
            room.close()
        losses = _lose(folder, 20 if deep else 4, 5 if deep else 1, chance)
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
    figures += [
        Figure("stall_to_sound_ms", max(stalls), "ms", 1_500, "less", len(stalls)),
        Figure("sink_lost_warned_s", max(loss.warned_s for loss in losses), "s", 2, "less", len(losses)),
        Figure("sink_back_sound_s", max(loss.back_s for loss in losses), "s", 2, "less", len(losses)),
        Figure("speaker_leak_ms_max", max(loss.leak_ms or 0 for loss in losses), "ms", 0, "less", len(losses)),
        Figure("engine_growth_kb_per_change", grown, "kB", 5, "less", 500 if deep else 150),
        Figure("level_spread_lu", max(spread.values()), "LU", 1, "less", len(spread)),
        *speeds,
        *peers,
    ]
    missing += no_peers
    if vbr := [abs(error) for _, error, suffix in kills if suffix == ".vbr.mp3"]:
        figures.append(Figure("resume_error_ms_max_vbr", max(vbr), "ms", 300, "less", len(vbr)))
    return figures, missing


def _lose(folder: Path, rounds: int, deaths: int, chance: random.Random) -> list[audio_faults.Loss]:
    """Losses of the headphones, with a loudspeaker there that the system would rather use; and of the sound server."""
    ward = Room(folder / "ward", SPEAKER, HEADSET, fresh=True)
    os.environ.update({"PULSE_SERVER": ward.server, "PULSE_SINK": "headset"})
    try:
        ward.pactl("set-default-source", "room.monitor")  # or the recorders would follow the default output about
        ward.pactl("set-default-sink", "speaker")
        with ward.recording("speaker") as speaker:
            losses = listen(ward, folder, lambda studio: audio_faults.unplug(studio, ward, speaker, rounds, chance))
        for _ in range(deaths):
            losses.append(listen(ward, folder, lambda studio: audio_faults.server_dies(studio, ward)))
        return losses
    finally:
        ward.close()


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
    heard(2_000)
    link.set_volume(100)
    heard(3_500)
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
