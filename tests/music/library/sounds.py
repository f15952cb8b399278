"""Sound files for these tests, made once each."""

import os
from pathlib import Path

import numpy as np
import soundfile

from tests.sound import RATE, Samples, write


def noise(seconds: float, lufs: float, seed: int = 1) -> Samples:
    """Soft noise in stereo, dark as music is, at a loudness (within 0.1 LU)."""
    chance = np.random.default_rng(seed)
    white = chance.standard_normal((int(seconds * RATE), 2))
    dark = np.apply_along_axis(lambda wave: np.convolve(wave, np.hanning(48), "same"), 0, white)
    dark /= np.sqrt((dark**2).mean())
    return np.asarray(dark * 10 ** ((lufs - 2.073) / 20), np.float32)


def flac(path: Path, seconds: float = 4, lufs: float = -23, seed: int = 1) -> Path:
    return write(path, noise(seconds, lufs, seed))


def long(path: Path, seconds: int, seed: int = 1) -> Path:
    """Ten seconds again and again: quickly made."""
    return write(path, np.tile(noise(10, -20, seed), (seconds // 10, 1)))


def wav(path: Path, sound: Samples, rate: int) -> Path:
    soundfile.write(path, sound, rate, subtype="PCM_16")
    return path


def untouched(path: Path) -> tuple[bytes, int, int]:
    """What must be the same of an original, whatever was done with it."""
    return path.read_bytes(), path.stat().st_mtime_ns, os.stat(path).st_mode
