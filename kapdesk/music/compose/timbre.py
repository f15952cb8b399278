"""What a note is made of: long wave tables of harmonics, each harmonic a small choir of its own, and a room's echo.

A table is periodic, so a note may begin anywhere in it and go on as long as it likes. Its harmonics are drawn in the
spectrum: a steady line with softer, slightly detuned lines around it, drawn anew for each ear, so that the tone is
wide and shimmers slowly instead of standing still.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Signal: TypeAlias = npt.NDArray[np.float32]
Floats: TypeAlias = npt.NDArray[np.float64]
Hz: TypeAlias = npt.NDArray[np.floating]
Rng: TypeAlias = np.random.Generator
Timbre = Literal["ground", "dark", "open", "air", "oo", "ah", "glass", "wood", "breath", "wind"]

RATE = 48_000
TABLE = 1 << 19
"""Samples in a table: 10.9 s, so that its shimmer does not come round within what one hears as one gesture."""


def _below(hz: Hz, corner_hz: float, steepness: float) -> Floats:
    return np.asarray(1 / np.sqrt(1 + (hz / corner_hz) ** (2 * steepness)))


def _hill(hz: Hz, centre_hz: float, octaves: float) -> Floats:
    return np.asarray(np.exp(-0.5 * (np.log2(np.maximum(hz, 1) / centre_hz) / octaves) ** 2))


_SHAPES: dict[Timbre, Callable[[Floats, Floats], Floats]] = {
    # Strength of harmonic h at so many Hz. Vowels are hills where a throat has its resonances.
    "ground": lambda h, hz: h**-0.9 * _below(hz, 260, 1.6),
    "dark": lambda h, hz: h**-1.15 * _below(hz, 700, 1.5),
    "open": lambda h, hz: h**-0.85 * _below(hz, 1700, 2.0) * (1 - 0.55 * (h == 1)),
    "air": lambda h, hz: _hill(hz, 2600, 0.55) * (h > 1),
    "oo": lambda h, hz: h**-0.6 * (_hill(hz, 330, 0.6) + 0.25 * _hill(hz, 800, 0.35)),
    "ah": lambda h, hz: h**-0.5 * (_hill(hz, 680, 0.5) + 0.6 * _hill(hz, 1150, 0.3) + 0.2 * _hill(hz, 2700, 0.25)),
    "glass": lambda h, hz: np.where(h <= 6, np.array([0, 1, 0.3, 0.12, 0.1, 0.03, 0.03])[np.minimum(h, 6).astype(int)],
                                    0.0),
    "wood": lambda h, hz: h**-1.2 * np.where(h % 2 == 1, 1.0, 0.45) * _below(hz, 1100, 1.5),
}  # fmt: skip

_BREATHS: dict[Timbre, tuple[float, float]] = {"breath": (480, 0.8), "wind": (1300, 0.6)}
"""Noise: where its hill stands, in Hz, and how wide it is, in octaves."""


def harmonics(timbre: Timbre, hz: float, up_to_hz: float) -> Floats:
    """The strengths of a pitch's harmonics, from the first on."""
    h = np.arange(1, max(2, int(up_to_hz / hz) + 1), dtype=np.float64)
    return _SHAPES[timbre](h, h * hz)


def table(timbre: Timbre, hz: float, tail: int, rng: Rng) -> Signal:
    """One pitch of a timbre: (2, TABLE + tail) samples, RMS 1 in each ear, the tail repeating the beginning."""
    bins = TABLE // 2 + 1
    spectrum = np.zeros((2, bins), np.complex64)
    if timbre in _BREATHS:
        centre_hz, octaves = _BREATHS[timbre]
        strength = _hill(np.arange(bins) * (RATE / TABLE), centre_hz, octaves) * (np.arange(bins) > 40 * TABLE / RATE)
        spectrum += (strength * (rng.standard_normal((2, bins)) + 1j * rng.standard_normal((2, bins)))).astype("c8")
    else:
        for number, strength in enumerate(harmonics(timbre, hz, 9000), 1):
            if strength > 1e-4:
                _draw(spectrum, number * hz, number, strength, rng)
    wave = np.fft.irfft(spectrum, TABLE, axis=1).astype(np.float32)
    wave /= np.sqrt(np.mean(wave**2, axis=1, keepdims=True))
    return np.concatenate([wave, wave[:, :tail]], axis=1)


def _draw(spectrum: npt.NDArray[np.complex64], hz: float, harmonic: float, strength: float, rng: Rng) -> None:
    """One harmonic: a steady line, nearer to one ear, among softer lines: the higher, the more and the wider.

    Low down both ears hear nearly the same: a bass that differs between them feels like a hole in the head.
    """
    centre = round(hz * TABLE / RATE)
    height = min(1.0, max(0.0, np.log2(hz / 100) / 3))  # 0 at 100 Hz, 1 from 800 Hz on
    turn = rng.uniform(0, 2 * np.pi)
    apart = rng.normal(0, 0.15 + 0.45 * height)  # half of the phase between the ears, in radians
    lean = rng.uniform(-0.4, 0.4) * (0.3 + 0.7 * height)
    spectrum[0, centre] += strength * np.sqrt(1 + lean) * np.exp(1j * (turn - apart))
    spectrum[1, centre] += strength * np.sqrt(1 - lean) * np.exp(1j * (turn + apart))
    reach = max(2.0, centre * (2 ** ((5 + 5 * height) / 1200) - 1))
    around = np.arange(-int(2.5 * reach), int(2.5 * reach) + 1)
    lines = np.exp(-0.5 * (around / reach) ** 2) * np.exp(1j * rng.uniform(0, 2 * np.pi, (2, around.size)))
    lines *= rng.uniform(0.5, 1, (2, around.size))
    share = min(0.5, 0.06 + 0.06 * harmonic) * (0.4 + 0.6 * height)  # of the steady line's power
    lines *= strength * np.sqrt(share / np.sum(np.abs(lines) ** 2, axis=1, keepdims=True))
    spectrum[:, centre + around] += lines.astype(np.complex64)


def echo(seconds: float, rng: Rng) -> Signal:
    """A large soft room, (2, n): noise of its own for each ear, blooming over 0.15 s, its highs dying first."""
    n = int(seconds * RATE)
    t = np.arange(n) / RATE
    hz = np.fft.rfftfreq(n, 1 / RATE)
    room = np.zeros((2, n), np.float32)
    for centre_hz, fade_s, strength in ((220, 1.0, 0.8), (480, 0.92, 1.0), (1000, 0.75, 1.0), (2200, 0.5, 0.8),
                                        (4500, 0.28, 0.5)):  # fmt: skip
        noise = np.fft.rfft(rng.standard_normal((2, n)), axis=1) * (_hill(hz, centre_hz, 0.5) * (hz > 90))
        band = np.fft.irfft(noise, n, axis=1)
        band *= strength / np.sqrt(np.mean(band**2)) * 10 ** (-3 * t / (seconds * fade_s))
        room += band.astype(np.float32)
    room *= (np.sin(np.clip(t / 0.15, 0, 1) * np.pi / 2) ** 2 * np.cos(np.clip(t / t[-1], 0, 1) * np.pi / 2)).astype(
        "f4"
    )
    # Strength 1: noise as bright as the music goes out as loud as it came in.
    response = np.abs(np.fft.rfft(room, axis=1)) ** 2
    heard = _hill(hz, 500, 1.2)
    strength = np.sqrt(np.sum(response * heard, axis=1, keepdims=True) / np.sum(heard))
    return np.asarray(room / strength, np.float32)


class Room:
    """Convolution with an echo, block after block of the same length, exact to the sample.

    The echo is cut into blocks too; the spectra of as many past blocks are kept.
    """

    def __init__(self, response: Signal, block: int) -> None:
        self._block = block
        self.blocks = -(-response.shape[1] // block)
        padded = np.zeros((2, self.blocks * block), np.float32)
        padded[:, : response.shape[1]] = response
        self._parts = [np.fft.rfft(part, 2 * block, axis=1) for part in np.split(padded, self.blocks, axis=1)]
        self._past = [np.zeros_like(self._parts[0]) for _ in self._parts]
        self._last = np.zeros((2, block), np.float32)

    def answer(self, sound: Signal) -> Signal:
        """What the room gives back during this block, (2, block)."""
        spectrum = np.fft.rfft(np.concatenate([self._last, sound], axis=1), axis=1)
        self._last = sound
        self._past = [spectrum, *self._past[:-1]]
        total = self._past[0] * self._parts[0]
        for past, part in zip(self._past[1:], self._parts[1:], strict=True):
            total += past * part
        return np.fft.irfft(total, 2 * self._block, axis=1)[:, self._block :].astype(np.float32)
