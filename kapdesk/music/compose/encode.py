"""Writes a piece as Ogg Vorbis so that the decoded file, too, goes round without a click.

The coder's error is small but not the same at both ends: at the join it makes a step of about −50 dBFS, a faint tick.
So the last hundredths of a second are bent by as little, in many ways, and the one is kept after which the decoded end
meets the decoded beginning. Coding the last seconds alone shows what coding all of it will do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import soundfile

from kapdesk.music.compose.timbre import RATE, Floats, Signal

_COMPRESSION = 0.6
_CODER_GRID = 1024
_BENT_AT_MOST = 2880
_TRIES = 150
_SMALL_STEP = 5e-4
"""−66 dBFS, no more than what the music itself turns from one sample to the next."""
_FAR = 0.008


@dataclass(frozen=True)
class Bend:
    """How far the very last sample is led off, left and right, and over how many frames before it."""

    left: float = 0.0
    right: float = 0.0
    frames: int = 1920

    def applied(self, sound: Signal, until_end: int) -> Signal:
        """Sound whose first frame is the `until_end`th from the end, led off where the bend reaches."""
        to_end = until_end - 1 - np.arange(len(sound))
        weight = np.cos(np.clip(to_end / self.frames, 0, 1) * np.pi / 2) ** 2
        return sound + (weight[:, None] * (self.left, self.right)).astype(np.float32)


class Source:
    """A piece in a scratch file of float32 pairs, and the gain it is to be given: as sound, from any frame on."""

    def __init__(self, scratch: IO[bytes], frames: int, gain_db: Floats) -> None:
        self.frames = frames
        self._scratch = scratch
        n = len(gain_db)
        # A momentary window of 0.4 s is named by its end, so its middle lies 0.2 s before.
        self._places = (np.arange(-1, n + 1) + 1) * (frames / n) - 0.2 * RATE
        self._gains = 10 ** (np.concatenate([gain_db[-1:], gain_db, gain_db[:1]]) / 20)

    def read(self, start: int, count: int) -> Signal:
        """(count, 2) samples."""
        count = min(count, self.frames - start)
        self._scratch.seek(8 * start)
        sound: Signal = np.frombuffer(self._scratch.read(8 * count), np.float32).reshape(-1, 2)
        gain = np.interp(np.arange(start, start + count), self._places, self._gains).astype(np.float32)
        return sound * gain[:, None]

    def seconds(self, bend: Bend) -> Iterator[tuple[int, Signal]]:
        """The frame each second ends at, and its sound, bent at the end."""
        for start in range(0, self.frames, RATE):
            sound = self.read(start, RATE)
            yield start + len(sound), bend.applied(sound, self.frames - start)


def write(source: Source, path: Path, rng: np.random.Generator) -> Iterator[float]:
    """Encode a piece; yields the share done. OSError or soundfile's error when it cannot be written."""
    for share in _encode(source, Bend(), path):
        yield share / 2
    first, last = _ends(path)
    if _step(first[0], last[-1], (last[-1] - last[-2] + first[1] - first[0]) / 2) > _SMALL_STEP:
        bend = _best_bend(source, first, last, path.with_name(path.name + ".try"), rng)
        for share in _encode(source, bend, path):
            yield (1 + share) / 2


def _encode(source: Source, bend: Bend, path: Path) -> Iterator[float]:
    with _open(path) as sound:
        for done, second in source.seconds(bend):
            sound.write(second)
            yield done / source.frames


def _best_bend(source: Source, first: Signal, last: Signal, path: Path, rng: np.random.Generator) -> Bend:
    """The bend after which the end joins best, judged by coding the last seconds alone, into `path`."""
    try:
        tail = _tail_coded_alike(source, last, path)
        going = source.read(0, 1)[0] - tail[-1]  # from its last sample to its first, as the music itself has it
        found: dict[Bend, float] = {}
        bend = best = Bend()
        for _ in range(_TRIES):
            end = _coded(bend.applied(tail, len(tail)), path)[-1]
            found[bend] = _step(first[0], end, going)
            if found[bend] <= found[best]:
                best = bend
            if found[best] < _SMALL_STEP:
                break
            # Coding answers in jumps, so half of the tries correct what was off, and half look about.
            off = first[0] - end - going
            reach = int(rng.choice((480, 960, 1920, _BENT_AT_MOST)))
            if rng.random() < 0.5 and max(abs(bend.left + off[0]), abs(bend.right + off[1])) < _FAR:
                bend = Bend(bend.left + float(off[0]), bend.right + float(off[1]), reach)
            else:
                about = float(rng.choice((3e-4, 1e-3, 3e-3)))
                bend = Bend(best.left + rng.normal(0, about), best.right + rng.normal(0, about), reach)
    finally:
        path.unlink(missing_ok=True)
    return best


def _step(first: Signal, last: Signal, going: Signal) -> float:
    """How far the first sample lies from where the last was going, in the worse ear."""
    return float(np.abs(first - last - going).max())


def _tail_coded_alike(source: Source, last: Signal, path: Path) -> Signal:
    """The last seconds of the piece, from such a frame on that coding them alone ends as coding all of it does.

    The coder's blocks lie on a grid of 1,024 frames or, after short ones, between; so a few beginnings are tried.
    """
    tail = source.read(0, 0)
    for number in range(40):
        begin = (source.frames - (2 + number % 10) * RATE) // _CODER_GRID * _CODER_GRID + number // 10 * 128
        tail = source.read(max(0, begin), source.frames)
        if np.array_equal(_coded(tail, path)[-_BENT_AT_MOST:], last[-_BENT_AT_MOST:]):
            break
    return tail


def _open(path: Path) -> soundfile.SoundFile:
    return soundfile.SoundFile(path, "w", RATE, 2, "VORBIS", format="OGG", compression_level=_COMPRESSION)


def _coded(sound: Signal, path: Path) -> Signal:
    """What is left of a stretch of sound after coding."""
    with _open(path) as file:
        for start in range(0, len(sound), RATE):
            file.write(sound[start : start + RATE])
    decoded: Signal = soundfile.read(path, dtype="float32", always_2d=True)[0]
    return decoded


def _ends(path: Path) -> tuple[Signal, Signal]:
    """The first two samples of a coded file as it is heard, and its last seconds."""
    with soundfile.SoundFile(path) as sound:
        first: Signal = sound.read(2, dtype="float32")
        sound.seek(max(0, sound.frames - 2 * RATE))  # nearer to the end than a second libsndfile decodes other samples
        last: Signal = sound.read(dtype="float32")
    return first, last
