"""The loudness meter tells the same whether libebur128 comes with pyebur128 or with the system."""

import ctypes.util
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from kapdesk.errors import KnownError
from kapdesk.music.compose.meter import Meter, meter

RATE = 48_000
ONE_BY_ONE = RATE // 10


@pytest.fixture
def swelling() -> NDArray[np.float32]:
    """Twenty seconds of noise that grows louder, the left side louder than the right."""
    noise = np.random.default_rng(7).standard_normal((20 * RATE, 2))
    return (noise * np.linspace(0.01, 0.1, len(noise))[:, None] * [1.0, 0.5]).astype(np.float32)


def readings(heard: Meter, sound: NDArray[np.float32]) -> list[float]:
    said = []
    for start in range(0, len(sound), ONE_BY_ONE):
        heard.add(sound[start : start + ONE_BY_ONE])
        said.append(heard.momentary())
    return [heard.integrated(), heard.range_lu(), heard.true_peak(), *said[4:]]


def test_a_sine_of_full_scale_on_both_sides_is_read_as_the_standard_says() -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE).astype(np.float32)
    heard = meter(RATE, whole=True)
    heard.add(np.stack([sine, sine], axis=1))
    assert heard.integrated() == pytest.approx(0.0, abs=0.05)  # BS.1770: one side alone reads -3.01
    assert heard.true_peak() == pytest.approx(1.0, abs=0.01)


@pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="pyebur128 has no wheels for this Python: there is one way only"
)
def test_both_ways_to_the_library_tell_the_same(swelling: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = readings(meter(RATE, whole=True), swelling)
    monkeypatch.setitem(sys.modules, "pyebur128", None)
    assert readings(meter(RATE, whole=True), swelling) == pytest.approx(bundled, abs=1e-9)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyebur128", None)
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    with pytest.raises(KnownError, match="Install the package libebur128-1"):
        meter(RATE)


def test_a_meter_of_the_moment_is_not_asked_about_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyebur128", None)
    with pytest.raises(ValueError, match="does not keep it"):
        meter(RATE).integrated()
