"""A silent room for sound tests: a private PulseAudio server, a recorder on its loudspeaker, and the measuring.

Nothing is listened to; everything is measured on the samples that would have reached the headphones.
"""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from kapdesk.music.engine import wire

RATE = 48_000
Samples = npt.NDArray[np.float32]
"""One row per sample, one column per channel."""

Event = TypeVar("Event")
RECORD = "parec -d {}.monitor --format=float32le --rate=48000 --channels=2 --latency-msec=20 --raw"
HEADSET = "module-remap-sink sink_name=headset master=room remix=no"
"""Headphones that can be pulled out: what they play is heard in the room."""
SPEAKER = f"module-null-sink sink_name=speaker rate={RATE} channels=2 format=float32le"


def until(condition: Callable[[], Any], seconds: float = 10.0, what: str = "a condition") -> Any:
    """Wait for a condition; its value when it holds. Fails when the deadline passes."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.005)
    return value


def have_server() -> bool:
    """Whether PulseAudio and its recorder are installed."""
    return bool(shutil.which("pulseaudio") and shutil.which("parec"))


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _record(output: str) -> list[str]:
    return RECORD.format(output).split()


class Room:
    """A sound server of its own, with one loudspeaker that nobody hears. Works as root and without a sound card."""

    def __init__(self, folder: Path, *modules: str, fresh: bool = False) -> None:
        """`fresh`: its loudspeaker renders 50 ms ahead at most, so that a server just started is heard at once."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._modules = folder, modules
        self._ahead = " norewinds=1" if fresh else ""
        self.server = f"unix:{folder / 'native'}"
        self.env = {**os.environ, "PULSE_SERVER": self.server, "PULSE_SINK": "room"}
        self.switch_on()

    def switch_on(self) -> None:
        """Start the server, again after `close`."""
        folder = self._folder
        home = {name: str(folder) for name in ("HOME", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH", "PULSE_CONFIG_PATH")}
        loaded = [
            f"module-null-sink sink_name=room rate={RATE} channels=2 format=float32le{self._ahead}",
            *self._modules,
            f"module-native-protocol-unix socket={folder / 'native'} auth-anonymous=1",
        ]
        options = "-n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --high-priority=no --realtime=no"
        self._process = subprocess.Popen(
            ["pulseaudio", *options.split(), "--disable-shm=yes", *(f"-L{line}" for line in loaded)],
            env={**os.environ, **home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: _answers(folder / "native"), what="the sound server's answer")
        # Somebody always listens: an idle loudspeaker renders in blocks of 2 s, and a recorder waits for the next one.
        self._listeners = [
            subprocess.Popen(_record(each), env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for each in ("room", *(["speaker"] if SPEAKER in self._modules else []))
        ]

    def close(self) -> None:
        """Switch the server off."""
        for listener in self._listeners:
            listener.kill()
            listener.wait()
        self._process.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def plug(self, line: str, into: bool) -> None:
        """Load a module (`into`), or unload it."""
        command = ["load-module", *line.split()] if into else ["unload-module", line.split()[0]]
        subprocess.run(["pactl", *command], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def pactl(self, *command: str) -> str:
        """Ask the server, or tell it something."""
        return subprocess.run(["pactl", *command], env=self.env, check=True, stdout=subprocess.PIPE, text=True).stdout

    @contextmanager
    def recording(self, output: str = "room") -> Iterator["Recording"]:
        """Record what a loudspeaker gets. To be entered before any player starts.

        A player that comes first makes the loudspeaker render 1.2 s ahead, and the record has holes nobody heard.
        """
        recording = Recording(self.env, output)
        try:
            yield recording
        finally:
            recording.close()


class Recording:
    """What was heard so far."""

    def __init__(self, env: dict[str, str], output: str = "room") -> None:
        self._process = subprocess.Popen(_record(output), env=env, stdout=subprocess.PIPE)
        self._blocks: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        until(lambda: self._blocks, what="the recorder's first block")

    def _listen(self) -> None:
        assert self._process.stdout
        while block := os.read(self._process.stdout.fileno(), 65_536):
            self._blocks.append(block)

    @property
    def ms(self) -> float:
        """How long the recording is by now."""
        return sum(map(len, self._blocks)) / (8 * RATE) * 1000

    def heard(self, start_ms: float = 0, end_ms: float | None = None) -> Samples:
        """The samples between two times of the recording."""
        raw = b"".join(self._blocks)
        samples = np.frombuffer(raw[: len(raw) // 8 * 8], "<f4").reshape(-1, 2)
        return samples[int(start_ms * 48) : None if end_ms is None else int(end_ms * 48)]

    def wait(self, ms: float) -> None:
        """Let `ms` more of the room be recorded."""
        goal = self.ms + ms
        until(lambda: self.ms >= goal, ms / 1000 + 10, "the recording to go on")

    def close(self) -> None:
        """Stop. What was heard stays."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout
        self._process.stdout.close()


class Ear:
    """Hears what the engine tells, as a desk does, and lets a test wait for it in turn."""

    def __init__(self) -> None:
        self.told: list[wire.Event] = []
        self._at = 0

    def __call__(self, event: wire.Event) -> None:
        self.told.append(event)

    def next(self, kind: type[Event], deck: wire.Deck | None = None, seconds: float = 10.0) -> Event:
        """The next event of a kind (and of a deck) after the one that was last waited for."""

        def find() -> Event | None:
            for at in range(self._at, len(self.told)):
                event = self.told[at]
                if isinstance(event, kind) and deck in {None, getattr(event, "deck", None)}:
                    self._at = at + 1
                    return event
            return None

        found = until(find, seconds, f"{kind.__name__} {deck or ''}; told: {self.told[self._at :][-5:]}")
        assert isinstance(found, kind)
        return found

    def all(self, kind: type[Event]) -> list[Event]:
        """Every event of a kind so far."""
        return [event for event in self.told if isinstance(event, kind)]


# Sounds to play


def sine(hz: float, seconds: float, dbfs: float = -12.0) -> Samples:
    """A steady tone in stereo. It rises and falls within 5 ms, so that its own edges are not clicks."""
    return _stereo(np.sin(2 * np.pi * hz * _times(seconds)), dbfs)


SWEEP_FROM_HZ, SWEEP_HZ_PER_S = 300.0, 40.0


def sweep(seconds: float, dbfs: float = -12.0) -> Samples:
    """A tone whose pitch tells the place in the file: 300 Hz, 40 Hz higher each second."""
    times = _times(seconds)
    return _stereo(np.sin(2 * np.pi * (SWEEP_FROM_HZ + SWEEP_HZ_PER_S / 2 * times) * times), dbfs)


def _times(seconds: float) -> npt.NDArray[np.float64]:
    return np.arange(int(seconds * RATE)) / RATE


def _stereo(wave: npt.NDArray[np.float64], dbfs: float) -> Samples:
    edge = np.minimum(1.0, np.arange(len(wave)) / (0.005 * RATE))
    shaped = wave * np.sin(np.pi / 2 * np.minimum(edge, edge[::-1])) ** 2 * 10 ** (dbfs / 20)
    return np.stack([shaped, shaped], axis=1).astype(np.float32)


FORMATS = {".flac": ("FLAC", "PCM_16"), ".ogg": ("OGG", "VORBIS"), ".opus": ("OGG", "OPUS")}
BY_FFMPEG = {".m4a": "-c:a aac -b:a 192k", ".mp3": "-c:a libmp3lame -b:a 192k", ".vbr.mp3": "-c:a libmp3lame -q:a 2"}


def write(path: Path, samples: Samples) -> Path:
    """Write a sound file; its suffixes say how it is coded (.m4a, .mp3 and .vbr.mp3 need ffmpeg)."""
    import soundfile  # late: tests that only measure need none

    if options := BY_FFMPEG.get("".join(path.suffixes)):
        flac = write(path.with_name(f"{path.name}-source.flac"), samples)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", flac, *options.split(), path], check=True)
        return path
    container, coding = FORMATS[path.suffix]
    with soundfile.SoundFile(path, "w", RATE, samples.shape[1], coding, format=container) as file:
        for start in range(0, len(samples), RATE):  # libsndfile overflows its stack on one long block of Vorbis
            file.write(samples[start : start + RATE])
    return path


# What was heard


def decibels(value: float) -> float:
    """A level against full scale."""
    return float(20 * np.log10(value + 1e-9))


def click_dbfs(samples: Samples, above_hz: float = 6_000) -> float:
    """The loudest moment above 6 kHz, where a low tone leaves nothing but its clicks.

    A filter of linear phase, used only where it lies wholly inside: the edges of the excerpt are no clicks.
    """
    taps = np.arange(-127, 128)
    low = np.sinc(taps * 2 * above_hz / RATE) * 2 * above_hz / RATE * np.blackman(len(taps))
    high = np.where(taps == 0, 1.0, 0.0) - low / low.sum()
    return decibels(float(np.abs(np.convolve(samples[:, 0], high, "valid")).max()))


def peaks(samples: Samples, ms: int = 1) -> npt.NDArray[np.float32]:
    """The peak of every millisecond (or of every `ms`)."""
    size = RATE * ms // 1000
    whole = np.abs(samples[: len(samples) // size * size]).max(axis=1)
    return np.asarray(whole.reshape(-1, size).max(axis=1))


def gaps_ms(samples: Samples, below_dbfs: float = -70.0) -> list[tuple[int, int]]:
    """Silences of a millisecond or more between the first and the last sound: (begin, length), in ms."""
    sounds = np.flatnonzero(peaks(samples) > 10 ** (below_dbfs / 20))
    steps = np.diff(sounds)
    return [(int(sounds[at]) + 1, int(steps[at]) - 1) for at in np.flatnonzero(steps > 1)]


def sounding_ms(samples: Samples, above_dbfs: float = -70.0) -> tuple[int, int]:
    """When the first sound began and the last one ended."""
    sounds = np.flatnonzero(peaks(samples) > 10 ** (above_dbfs / 20))
    assert len(sounds), "nothing was heard"
    return int(sounds[0]), int(sounds[-1]) + 1


def levels_dbfs(samples: Samples, window_ms: int = 50) -> npt.NDArray[np.float64]:
    """RMS level of each window."""
    size = RATE * window_ms // 1000
    power = (samples[: len(samples) // size * size, 0].astype(np.float64) ** 2).reshape(-1, size).mean(axis=1)
    return np.asarray(10 * np.log10(power + 1e-12))


def level_of(samples: Samples, hz: float, window_ms: int = 50) -> npt.NDArray[np.float64]:
    """Amplitude of one tone in each window, whatever else sounds: tells two crossfading sines apart.

    Exact when the window holds whole periods of all tones that sound.
    """
    size = RATE * window_ms // 1000
    wave = samples[: len(samples) // size * size, 0].astype(np.float64)
    beat = np.exp(-2j * np.pi * hz * np.arange(len(wave)) / RATE)
    return np.asarray(2 * np.abs((wave * beat).reshape(-1, size).mean(axis=1)))


def place_ms(samples: Samples, at_ms: float, window_ms: float = 80) -> float:
    """Which place of the sweep is heard at a time of the recording, from the pitch around it."""
    piece = samples[int((at_ms - window_ms / 2) * 48) : int((at_ms + window_ms / 2) * 48), 0].astype(np.float64)
    windowed = piece * np.hanning(len(piece))
    size = 1 << 19
    spectrum = np.abs(np.fft.rfft(windowed, size))
    top = int(spectrum.argmax())
    left, middle, right = np.log(spectrum[top - 1 : top + 2] + 1e-12)
    hz = (top + 0.5 * (left - right) / (left - 2 * middle + right)) * RATE / size
    return float((hz - SWEEP_FROM_HZ) / SWEEP_HZ_PER_S * 1000)
