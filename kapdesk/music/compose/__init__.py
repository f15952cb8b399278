"""Original music for a session, made from a seed: it never startles, and its end leads into its beginning.

Import late: numpy and soundfile come with it.
"""

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
import soundfile

from kapdesk.errors import KnownError
from kapdesk.facts.words import Phase
from kapdesk.music.compose import encode
from kapdesk.music.compose.measure import Measured, follow, largest_step, measure
from kapdesk.music.compose.meter import meter
from kapdesk.music.compose.render import Piece
from kapdesk.music.compose.timbre import RATE, Floats

__all__ = ["Measured", "compose", "measure"]

TARGET_LUFS = -23.0
SHORTEST_MIN, LONGEST_MIN = 1, 60
_GENTLE_STEP_LU = 2.5  # under the 3 LU within 2 s that no piece may pass: coding moves it a little


def compose(phase: Phase, minutes: float, seed: int, out: Path,
            progress: Callable[[float], None] = lambda share: None) -> Measured:  # fmt: skip
    """Make a piece for a phase and write it as Ogg Vorbis, 48 kHz stereo, at −23 LUFS; what was measured of the file.

    The same phase, length and seed give the same music. `progress` is told the share done, 0 to 1.
    Needs 23 MB of free space beside `out` for each minute while it works. KnownError for a length outside 1 to 60
    minutes, a seed below 0, and when the file cannot be written; then no half file is left under its name.
    """
    if not SHORTEST_MIN <= minutes <= LONGEST_MIN:
        raise KnownError(f"A piece of {minutes:g} minutes cannot be made: choose {SHORTEST_MIN} to {LONGEST_MIN}.")
    if seed < 0:
        raise KnownError(f"A piece cannot be made from the seed {seed}: choose 0 or more.")
    piece = Piece(phase, minutes * 60, seed)
    unfinished = out.with_name(out.name + ".part")
    try:
        with tempfile.TemporaryFile(dir=out.parent) as scratch:
            momentary = _play_into(scratch, piece, lambda share: progress(0.7 * share))
            source = encode.Source(scratch, piece.frames, ride(momentary, piece))
            for share in encode.write(source, unfinished, np.random.default_rng(seed)):
                progress(0.7 + 0.25 * share)
        unfinished.replace(out)
    except (OSError, soundfile.LibsndfileError) as error:
        raise KnownError(
            f"The piece cannot be written to {out}: {error.strerror or error}. Choose a folder with free space."
        ) from error
    finally:
        with contextlib.suppress(OSError):  # also when someone stops it with Ctrl-C
            unfinished.unlink(missing_ok=True)
    measured = measure(out)
    progress(1.0)
    return measured


def _play_into(scratch: IO[bytes], piece: Piece, progress: Callable[[float], None]) -> Floats:
    """Render the piece into a scratch file of float32 pairs; its momentary loudness round the circle, every 100 ms."""
    heard = meter(RATE)
    momentary: list[float] = []
    head = rest = np.zeros((0, 2), np.float32)
    done = 0
    for block in piece.blocks():
        sound = np.ascontiguousarray(block.T)
        scratch.write(sound.tobytes())
        if not done:
            head = sound[: RATE // 2]
        rest = np.concatenate([rest, sound])
        whole = len(rest) // (RATE // 10) * (RATE // 10)
        momentary += follow(heard, rest[:whole], RATE)
        rest = rest[whole:]
        done += len(sound)
        progress(done / piece.frames)
    again = follow(heard, np.concatenate([rest, head])[: RATE // 10 * 4], RATE)
    momentary[:3] = again[-3:]  # the first three windows reach back over the join
    return np.array(momentary)


def ride(momentary: Floats, piece: Piece) -> Floats:
    """The hand on the fader: gain in dB every 100 ms that leads the piece through its curve at −23 LUFS.

    What is slower than some seconds is evened out and the curve of intensity put in its place, scaled so that the
    loudness range comes out as meant. Where a step would be too large, quicker swells are softened too, no more
    than is needed.
    """
    n = len(momentary)
    curve = piece.intensity((np.arange(n) + 0.5) * piece.length_s / n)
    curve = curve - curve.mean()
    slow, quick = (_loudness(_smooth(_power(momentary), window_s)) for window_s in (14.0, 1.6))
    gain = np.zeros(n)
    for softened in np.linspace(0, 1, 11):
        evened = -slow - softened * (quick - slow)
        low, high = 0.0, 40.0
        for _ in range(24):
            gain = evened + curve * (low + high) / 2
            if _range_lu(momentary + gain) < piece.range_lu:
                low = (low + high) / 2
            else:
                high = (low + high) / 2
        if largest_step(np.concatenate([(momentary + gain)[-21:], momentary + gain])) < _GENTLE_STEP_LU:
            break
    return gain + TARGET_LUFS - _integrated(momentary + gain)


def _power(lufs: Floats) -> Floats:
    return np.asarray(10 ** (lufs / 10))


def _loudness(power: Floats) -> Floats:
    return np.asarray(10 * np.log10(np.maximum(power, 1e-7)))


def _smooth(values: Floats, seconds: float) -> Floats:
    """A running mean round the circle, under a Hann window so many seconds long."""
    window = np.hanning(min(len(values), round(seconds * 10)) + 2)
    kernel = np.zeros(len(values))
    kernel[: len(window) - 2] = window[1:-1] / window.sum()
    kernel = np.roll(kernel, -(len(window) // 2 - 1))
    return np.maximum(np.fft.irfft(np.fft.rfft(values) * np.fft.rfft(kernel), len(values)), 1e-9)


def _range_lu(momentary: Floats) -> float:
    """The loudness range this momentary loudness gives: 10th to 95th percentile of 3 s means, gated at −20 LU."""
    short_term = _loudness(_smooth_flat(_power(momentary), 30))
    kept = short_term[short_term > _loudness(_power(short_term).mean()) - 20]
    return float(np.percentile(kept, 95) - np.percentile(kept, 10))


def _smooth_flat(values: Floats, count: int) -> Floats:
    extended = np.concatenate([values[-count:], values])
    return np.convolve(extended, np.full(count, 1 / count), "valid")[: len(values)]


def _integrated(momentary: Floats) -> float:
    """Integrated loudness of 400 ms blocks: mean power of those within 10 LU of it."""
    first = _loudness(_power(momentary).mean())
    return float(_loudness(_power(momentary[momentary > first - 10]).mean()))
