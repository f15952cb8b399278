"""The true peak of a sound: how high the wave goes between its samples (ITU-R BS.1770-5, annex 2), found quickly."""

import numpy as np
from numpy.typing import NDArray

from kapdesk.music.library.decode import Sound

TIMES = 4
HALF = 6
OVERSHOOT = 1.6
"""Looked for only where a sample stands within 4 dB of the highest found so far: a wave that rises further than that
between two samples is no music. Looking everywhere takes as long as all the rest of the measuring."""

FINE_ENOUGH_HZ = 176_400
"""From this rate on the samples themselves lie close enough."""


def _taps() -> NDArray[np.float32]:
    """Windowed sinc: for each of the three places between two samples the weights of the twelve samples around."""
    at = np.arange(-HALF + 1, HALF + 1)[None, :] - np.arange(1, TIMES)[:, None] / TIMES
    weights = np.sinc(at) * np.cos(np.pi * at / (2 * HALF + 1)) ** 2
    return np.asarray((weights / weights.sum(axis=1, keepdims=True)).T, np.float32)


class Peak:
    """Hears a stereo sound block by block; `highest` is its true peak so far, full scale 1."""

    def __init__(self, rate: int) -> None:
        self.highest = 0.0
        self._fine = rate >= FINE_ENOUGH_HZ
        self._taps = _taps()
        self._tail = np.zeros((2 * HALF, 2), np.float32)

    def add(self, block: Sound) -> None:
        """What comes next."""
        self.highest = max(self.highest, float(np.abs(block).max(initial=0.0)))
        if self._fine:
            return
        sound = np.concatenate([self._tail, block])
        self._tail = sound[-2 * HALF :]
        around = np.arange(-HALF + 1, HALF + 1)
        for channel in np.ascontiguousarray(sound.T):
            high = np.flatnonzero(np.abs(channel) > self.highest / OVERSHOOT)
            if not self.highest or not len(high):
                continue
            places = np.union1d(high, high - 1)
            places = places[(places >= HALF - 1) & (places < len(channel) - HALF)]
            for some in np.array_split(places, len(places) // 20_000 + 1):
                if len(some):
                    between = channel[some[:, None] + around] @ self._taps
                    self.highest = max(self.highest, float(np.abs(between).max()))
