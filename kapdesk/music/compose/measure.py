"""Measures a piece the way it is heard: loudness, range, peaks, brightness, width, clicks; its join included."""

from pathlib import Path

import msgspec
import numpy as np
import soundfile

from kapdesk.errors import KnownError
from kapdesk.music.compose.meter import Meter, meter
from kapdesk.music.compose.timbre import Floats, Signal

_JOIN_S = 3
_CLICK_ABOVE_HZ = 6000
_CLICK_TIMES = 12
_FRAME = 4096
_NOTHING_DB = -120.0


class Measured(msgspec.Struct, frozen=True):
    """What was measured of a piece that is heard again and again without a pause.

    `lufs`: integrated loudness (EBU R 128). `true_peak_dbtp`: ITU-R BS.1770. `range_lu`: loudness range, EBU Tech 3342.
    `step_lu_max`: the largest difference between two momentary loudnesses (400 ms, every 100 ms) at most 2 s apart,
    also round the join from end to beginning.
    `centroid_hz`: spectral centroid, weighted by magnitude (not power), of 4096-sample Hann frames, mean over frames.
    `correlation`: of left and right over the whole piece. `dc`: the larger channel's mean, full scale 1.
    `click_dbfs`: the loudest click, −120 for none: a peak of what is above 6 kHz within 1 ms that is 12 times the
    median of such peaks in the 100 ms around it, also at the join.
    """

    lufs: float
    true_peak_dbtp: float
    range_lu: float
    step_lu_max: float
    centroid_hz: float
    correlation: float
    click_dbfs: float
    dc: float
    length_ms: int


def measure(path: Path) -> Measured:
    """Decode a stereo file once, in blocks of a second, and measure it. KnownError when it cannot be read."""
    try:
        with soundfile.SoundFile(path) as sound:
            if sound.channels != 2:
                raise KnownError(f"{path.name} has {sound.channels} channel(s), and two are needed to measure it. "
                                 "Choose a stereo file.")  # fmt: skip
            return _measure(sound)
    except (OSError, soundfile.LibsndfileError) as error:
        raise KnownError(f"{path.name} cannot be read as sound: {error}. Choose another file.") from error


def _measure(sound: soundfile.SoundFile) -> Measured:
    rate = sound.samplerate
    heard = meter(rate, whole=True)
    momentary: list[float] = []
    centroids: list[Floats] = []
    products, sums, frames, click = np.zeros((2, 2)), np.zeros(2), 0, 0.0
    head = tail = np.zeros((0, 2), np.float32)
    for block in sound.blocks(rate, dtype="float32", always_2d=True):
        momentary += follow(heard, block, rate)
        centroids.append(_centroids(block, rate))
        products += block.T.astype(np.float64) @ block
        sums += block.sum(axis=0, dtype=np.float64)
        frames += len(block)
        if len(head) < _JOIN_S * rate:
            head = np.concatenate([head, block])[: _JOIN_S * rate]
        click = max(click, _click(np.concatenate([tail[-rate // 5 :], block]), rate))
        tail = np.concatenate([tail, block])[-_JOIN_S * rate :]
    if not frames:
        raise OSError("it is empty")
    click = max(click, _click(np.concatenate([tail[-rate:], head[:rate]]), rate))
    join = follow(meter(rate), np.concatenate([tail, head]), rate)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = products[0, 1] / np.sqrt(products[0, 0] * products[1, 1])
    brightness = np.concatenate(centroids)
    return Measured(
        lufs=heard.integrated(),
        true_peak_dbtp=20 * float(np.log10(max(heard.true_peak(), 1e-6))),
        range_lu=heard.range_lu(),
        step_lu_max=max(largest_step(np.array(momentary[3:])), largest_step(np.array(join[3:]))),
        centroid_hz=float(brightness.mean()) if brightness.size else 0.0,
        correlation=float(np.nan_to_num(correlation)),
        click_dbfs=20 * float(np.log10(click)) if click > 1e-6 else _NOTHING_DB,
        dc=float(np.abs(sums / frames).max()),
        length_ms=round(frames * 1000 / rate),
    )


def follow(heard: Meter, sound: Signal, rate: int) -> list[float]:
    """Feed a meter; the momentary loudness after each whole 100 ms, in LUFS, never below −70."""
    step = rate // 10
    said = []
    for start in range(0, len(sound), step):
        part = sound[start : start + step]
        heard.add(part)
        if len(part) == step:
            said.append(max(-70.0, heard.momentary()))
    return said


def largest_step(momentary: Floats) -> float:
    """The largest difference between two values at most 20 places (2 s) apart, in LU."""
    return max((float(np.abs(momentary[n:] - momentary[:-n]).max()) for n in range(1, min(21, len(momentary)))),
               default=0.0)  # fmt: skip


def _centroids(block: Signal, rate: int) -> Floats:
    whole = len(block) // _FRAME
    frames = block[: whole * _FRAME].reshape(whole, _FRAME, 2) * np.hanning(_FRAME).astype(np.float32)[None, :, None]
    magnitude = np.abs(np.fft.rfft(frames, axis=1)).sum(axis=2)
    total = magnitude.sum(axis=1)
    hz = np.fft.rfftfreq(_FRAME, 1 / rate)
    return np.asarray((magnitude @ hz)[total > 1e-3] / total[total > 1e-3], dtype=np.float64)


def _click(sound: Signal, rate: int) -> float:
    """The loudest click in a stretch of sound, full scale 1, 0 for none; its first and last 50 ms are not judged."""
    edge = rate // 20
    if len(sound) < 4 * edge:
        return 0.0
    taper = np.ones(len(sound), np.float32)
    taper[:edge] = np.sin(np.linspace(0, np.pi / 2, edge)) ** 2
    taper[-edge:] = taper[:edge][::-1]
    spectrum = np.fft.rfft(sound * taper[:, None], axis=0)
    hz = np.fft.rfftfreq(len(sound), 1 / rate)
    spectrum *= (np.sin(np.clip((hz - _CLICK_ABOVE_HZ) / 1000 + 0.5, 0, 1) * np.pi / 2) ** 2)[:, None]
    high = np.abs(np.fft.irfft(spectrum, len(sound), axis=0)).max(axis=1)[edge:-edge]
    per_ms = rate // 1000
    whole = len(high) // (100 * per_ms)
    peaks = high[: whole * 100 * per_ms].reshape(whole, 100, per_ms).max(axis=2)
    usual = np.median(peaks, axis=1, keepdims=True) + 1e-5
    return float(peaks[peaks > _CLICK_TIMES * usual].max(initial=0.0))
