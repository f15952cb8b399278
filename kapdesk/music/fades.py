"""Fade curves and the law of the volume control: pure functions over plain numbers.

A *gain* is a factor on the amplitude, 0.0 to 1.0. A *volume* is what libVLC takes and what a person sees on a
slider: percent on a cubic scale, so that half way down is 18 dB softer and sounds it.
"""

import math
from typing import Literal

import msgspec

Curve = Literal["power", "decibel"]
"""`power`: equal power, for music that takes over from other music. `decibel`: even steps in dB, for ducking."""

QUIETEST_DB = -80.0
"""Below this a fade in decibels counts as silence: under the noise of any treatment room."""


def rise(progress: float) -> float:
    """Gain of a fade in by equal power when `progress` (0..1) of it has passed."""
    return math.sin(_within(progress) * math.pi / 2)


def gain_of(decibels: float) -> float:
    """The gain that changes a level by `decibels`."""
    return math.pow(10.0, decibels / 20)


def decibels_of(gain: float) -> float:
    """The change of level that a gain makes, in dB; silence is `QUIETEST_DB`."""
    return max(QUIETEST_DB, 20 * math.log10(gain)) if gain > 0 else QUIETEST_DB


def volume_of(gain: float) -> float:
    """The volume (0..100) at which libVLC plays with this gain.

    Its PulseAudio output takes a volume to the third power (measured: 80 is -5.8 dB, 50 is -18.1, 10 is -60).
    Taking it for a plain factor would put a hole of 6 dB into the middle of a crossfade.
    """
    return 100 * math.cbrt(_within(gain))


def gain_at(volume: float) -> float:
    """The gain with which libVLC plays at a volume of 0..100: the inverse of `volume_of`."""
    return _within(volume / 100) ** 3


LARGEST_STEP = 1 - 0.99**3
"""The change of gain between volumes 99 and 100, the coarsest that libVLC's whole numbers force on any fade.
As one step on a sine of -12 dBFS it leaves -51 dBFS above 6 kHz; two at once leave -45."""


STEP_MS = 21
"""Between two steps of one deck's volume. Closer together, a sound server that is late would often make them one."""


def volume_towards(volume: int, gain: float) -> int:
    """The whole volume (0..100) to set next on the way from `volume` to `gain`.

    Never further than `LARGEST_STEP`, so that no order, however abrupt or late, can be heard as a click.
    """
    here = gain_at(volume)
    if abs(_within(gain) - here) <= LARGEST_STEP:
        wanted = round(volume_of(gain))
    elif gain > here:
        wanted = math.floor(volume_of(here + LARGEST_STEP) + 1e-9)
    else:
        wanted = math.ceil(volume_of(here - LARGEST_STEP) - 1e-9)
    if abs(gain_at(wanted) - here) <= LARGEST_STEP + 1e-9:
        return wanted
    return volume + (1 if wanted > volume else -1)


FALL_DB_S, RISE_DB_S = 20.0, 8.0
"""How fast the volume of everything may go down and up, in dB/s. Examples, to be approved by the clinic: softer is
wanted soon, and louder startles where it is not slow."""

FAINT_DB = -60.0
"""Volume 10. Between there and silence nothing is waited for."""

STEEPEST = LARGEST_STEP / STEP_MS
"""The change of gain per ms that single steps can follow: near full gain that is less than `FALL_DB_S`."""


def glided(gain: float, wanted: float, ms: float) -> float:
    """Where a gain stands `ms` later on its gentle way to the one that is wanted."""
    here, there = decibels_of(gain), decibels_of(wanted)
    if there > here:
        risen = gain_of(max(here, FAINT_DB) + RISE_DB_S * ms / 1000)
        return min(wanted, risen)
    fallen = gain_of(here - FALL_DB_S * ms / 1000)
    if decibels_of(fallen) <= FAINT_DB:
        return wanted if there <= FAINT_DB else max(wanted, fallen)
    return max(wanted, fallen, gain - STEEPEST * ms)


class Fade(msgspec.Struct, frozen=True):
    """A gain on its way from `start` to `end` over `ms`, and constant before and after."""

    start: float
    end: float
    ms: float = 0
    curve: Curve = "power"

    def at(self, elapsed_ms: float) -> float:
        """The gain when `elapsed_ms` have passed; exactly `end` when the time is over."""
        if elapsed_ms >= self.ms or self.ms <= 0:
            return self.end
        progress = _within(elapsed_ms / self.ms)
        match self.curve:
            case "power":
                part = rise(progress) ** 2
                return math.sqrt(self.start**2 * (1 - part) + self.end**2 * part)
            case "decibel":
                start, end = decibels_of(self.start), decibels_of(self.end)
                return gain_of(start + (end - start) * progress)


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))
