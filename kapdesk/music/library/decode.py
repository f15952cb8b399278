"""Decodes a sound file whole, in the child process, and notes on the way where it is damaged or ends too soon.

Import late: numpy and FFmpeg's libraries (PyAV) come with it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Left and right, one row per frame."""

FORMATS = "aac,aiff,amr,ape,asf,au,caf,dsf,flac,matroska,webm,mov,mp4,m4a,mp3,mpc,mpc8,ogg,tak,tta,w64,wav,wv,xwma"
"""Containers that hold sound themselves. Playlists of streams are none: they would be followed over the network."""

BLOCK_S = 1
JUMP_S = 0.05
"""A place in the file that lies so much later than what was decoded before it: something between was lost."""

STEADY = 1.05
"""Packets of a constant bit rate differ by a byte of padding, by less than this factor."""

av.logging.set_level(av.logging.PANIC)  # every fault is counted here; FFmpeg's own words are for nobody


class Undecodable(Exception):
    """There is no sound in this file that can be decoded."""


class Decoding:
    """One file being decoded: `blocks` once, then what was noted.

    `told_ms` is the length the file states, `end_ms` where its last sound lies, `length_ms` how much could be decoded.
    """

    def __init__(self, path: Path) -> None:
        self.told_ms = self.end_ms = self.length_ms = self.faults = 0
        self.channels = self.rate = 0
        self.coding = self.container = ""
        self.share = 0.0
        self._path = path
        self._packets: list[int] = [0, 0]

    def blocks(self) -> Iterator[Sound]:
        """The sound in blocks of a second, in stereo: one channel on both sides, more than two folded down.

        Raises Undecodable, and OSError where the file is gone.
        """
        try:
            with av.open(
                str(self._path), options={"protocol_whitelist": "file", "format_whitelist": FORMATS},
                metadata_errors="replace",
            ) as file:  # fmt: skip
                if not file.streams.audio:
                    raise Undecodable
                yield from _even(self._frames(file), lambda: self.rate * BLOCK_S)
        except FileNotFoundError:
            raise
        except (av.error.FFmpegError, ValueError, UnicodeError) as error:
            raise Undecodable from error
        if not self.length_ms:
            raise Undecodable

    @property
    def seeks_badly(self) -> bool:
        """Places in it are found by guessing only: a varying bit rate without a table (MP3, bare AAC)."""
        least, most = self._packets
        return self.container == "aac" or (self.coding == "mp3" and most > STEADY * least > 0)

    def _frames(self, file: Any) -> Iterator[Sound]:
        stream = file.streams.audio[0]
        self.container, self.coding = file.format.name, stream.codec_context.name.removesuffix("float")
        self.rate, self.channels = stream.rate, stream.channels
        told_s = float(stream.duration * stream.time_base) if stream.duration else (file.duration or 0) / 1e6
        self.told_ms = round(told_s * 1000)
        base_s = float(stream.time_base)
        stereo, done, first_s, end_s, size = Stereo(), 0, None, 0.0, max(1, file.size)
        for frame in self._decoded(file, stream, size):
            if frame.sample_rate != self.rate or not frame.samples:
                self.faults += 1
                continue
            at_s = frame.pts * base_s if frame.pts is not None else end_s
            first_s = at_s if first_s is None else first_s
            if at_s - end_s > JUMP_S and done:
                self.faults += 1
            end_s = at_s + frame.samples / self.rate
            done += frame.samples
            self.length_ms = round(done * 1000 / self.rate)
            self.end_ms = max(self.length_ms, round((end_s - first_s) * 1000))
            yield from stereo.of(frame)

    def _decoded(self, file: Any, stream: Any, size: int) -> Iterator[Any]:
        try:
            for packet in file.demux(stream):
                if packet.size:
                    least, most = self._packets
                    self._packets = [min(least or packet.size, packet.size), max(most, packet.size)]
                    if packet.pos:
                        self.share = min(1.0, packet.pos / size)
                try:
                    yield from packet.decode()
                except av.error.FFmpegError:
                    self.faults += 1
        except av.error.FFmpegError:  # the container itself breaks off
            self.faults += 1


class Stereo:
    """Turns frames of any kind into left and right."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int], Any] = {}

    def of(self, frame: Any) -> Iterator[Sound]:
        """One frame's sound; more than two channels as FFmpeg folds them where it knows their places."""
        channels = frame.layout.nb_channels
        if frame.format.name == "fltp" and channels <= 2:  # as most lossy codings come, 48 frames a second and more
            planes = frame.to_ndarray()
            yield planes.T if channels == 2 else np.repeat(planes.T, 2, axis=1)
            return
        key = (frame.layout.name, frame.sample_rate)
        if key not in self._made:
            self._made[key] = self._resampler(frame, channels)
        resampler, folds = self._made[key]
        frame.pts = None  # else a jump in the file would be filled up with silence
        for made in resampler.resample(frame):
            sound = made.to_ndarray().reshape(made.samples, -1)
            if sound.shape[1] == 1:
                sound = np.repeat(sound, 2, axis=1)
            elif folds:
                sound = np.stack([sound[:, 0::2].mean(axis=1), sound[:, 1::2].mean(axis=1)], axis=1)
            yield np.asarray(sound, np.float32)

    @staticmethod
    def _resampler(frame: Any, channels: int) -> tuple[Any, bool]:
        known = not frame.layout.name[:1].isdigit() or "." in frame.layout.name
        layout = "stereo" if channels > 2 and known else frame.layout.name
        return av.AudioResampler(format="flt", layout=layout), channels > 2 and not known


def _even(pieces: Iterator[Sound], frames: Any) -> Iterator[Sound]:
    """Pieces of any size as blocks of the same size, the last one shorter."""
    held: list[Sound] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += len(piece)
        if count >= frames():
            yield np.concatenate(held)
            held, count = [], 0
    if held:
        yield np.concatenate(held)
