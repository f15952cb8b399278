"""A loudness meter after EBU R 128: libebur128, as pyebur128 brings it or as the system has it."""

import ctypes
import ctypes.util
import weakref
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kapdesk.errors import KnownError


class Meter(Protocol):
    """Is fed float32 sound, shape (n, channels), in any portions, and tells what they add up to so far."""

    def add(self, sound: NDArray[np.float32]) -> None:
        """Hear what comes next."""

    def momentary(self) -> float:
        """Loudness of the last 400 ms, LUFS; −inf for silence."""

    def integrated(self) -> float:
        """Gated loudness of all of it, LUFS; −inf for silence. Only of a meter made with `whole`."""

    def range_lu(self) -> float:
        """Loudness range of all of it, LU (EBU Tech 3342). Only of a meter made with `whole`."""

    def true_peak(self) -> float:
        """The largest true peak of all channels, full scale 1 (ITU-R BS.1770). Only with `whole` and `peaks`."""


def meter(rate: int, channels: int = 2, *, whole: bool = False, peaks: bool = True) -> Meter:
    """A new meter for sound of `rate` Hz; with `whole` it also keeps what the measures of a whole piece need.

    Without `peaks` it is twice as quick and knows no true peak.

    KnownError where the system has no libebur128 and Python is newer than pyebur128's wheels.
    """
    try:
        import pyebur128  # has wheels for Python 3.11 and 3.12, none beyond
    except ImportError:
        return _System(rate, channels, whole, peaks)
    return _Wheel(pyebur128, rate, channels, whole, peaks)


class _Wheel:
    def __init__(self, parts: Any, rate: int, channels: int, whole: bool, peaks: bool) -> None:
        mode = parts.MeasurementMode
        self._parts, self._channels = parts, channels
        kept = mode.MODE_I | mode.MODE_LRA | mode.MODE_M if whole else mode.MODE_M
        kept = kept | mode.MODE_TRUE_PEAK if whole and peaks else kept
        self._state = parts.R128State(channels, rate, kept)

    def add(self, sound: NDArray[np.float32]) -> None:
        frames = np.ascontiguousarray(sound, dtype=np.float32)
        self._state.add_frames(frames.ravel(), len(frames))

    def momentary(self) -> float:
        return float(self._parts.get_loudness_momentary(self._state))

    def integrated(self) -> float:
        return float(self._parts.get_loudness_global(self._state))

    def range_lu(self) -> float:
        return float(self._parts.get_loudness_range(self._state))

    def true_peak(self) -> float:
        return max(float(self._parts.get_true_peak(self._state, channel)) for channel in range(self._channels))


# ebur128.h: each mode holds the bits of those it builds on.
_M = 1 << 0
_S = 1 << 1 | _M
_I = 1 << 2 | _M
_LRA = 1 << 3 | _S
_TRUE_PEAK = 1 << 5 | 1 << 4 | _M


class _System:
    def __init__(self, rate: int, channels: int, whole: bool, peaks: bool) -> None:
        name = ctypes.util.find_library("ebur128")
        if name is None:
            raise KnownError(
                "Loudness cannot be measured: the library libebur128 is missing. Install the package libebur128-1."
            )
        self._lib, self._channels = ctypes.CDLL(name), channels
        self._lib.ebur128_init.restype = ctypes.c_void_p
        self._lib.ebur128_init.argtypes = [ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
        self._lib.ebur128_add_frames_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
        kept = (_I | _LRA | _M | (_TRUE_PEAK if peaks else 0)) if whole else _M
        self._state = ctypes.c_void_p(self._lib.ebur128_init(channels, rate, kept))
        if self._state.value is None:
            raise MemoryError("libebur128 has no room for a meter")
        weakref.finalize(self, self._lib.ebur128_destroy, ctypes.byref(self._state))

    def add(self, sound: NDArray[np.float32]) -> None:
        frames = np.ascontiguousarray(sound, dtype=np.float32)
        if self._lib.ebur128_add_frames_float(self._state, frames.ctypes.data, len(frames)) != 0:
            raise MemoryError("libebur128 could not take in the sound")

    def momentary(self) -> float:
        return self._ask("ebur128_loudness_momentary")

    def integrated(self) -> float:
        return self._ask("ebur128_loudness_global")

    def range_lu(self) -> float:
        return self._ask("ebur128_loudness_range")

    def true_peak(self) -> float:
        return max(self._ask("ebur128_true_peak", ctypes.c_uint(channel)) for channel in range(self._channels))

    def _ask(self, question: str, *of: ctypes.c_uint) -> float:
        answer = ctypes.c_double()
        if getattr(self._lib, question)(self._state, *of, ctypes.byref(answer)) != 0:
            raise ValueError(f"{question} was asked of a meter that does not keep it")
        return answer.value
