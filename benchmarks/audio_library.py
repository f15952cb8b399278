"""How evenly pieces of different loudness are heard, and how quickly files are heard whole before a session."""

import statistics
import time
from pathlib import Path

import numpy as np

from benchmarks.form import Figure
from benchmarks.studio import Studio
from kapdesk import paths
from kapdesk.music.compose.meter import meter
from kapdesk.music.engine import wire
from kapdesk.music.fades import gain_of
from kapdesk.music.library.check import check
from kapdesk.music.library.decode import Decoding
from kapdesk.music.library.gather import gather
from kapdesk.music.library.library import Library
from kapdesk.music.library.worker import Worker
from tests.music.library.sounds import noise
from tests.sound import RATE, write

LOUDNESSES = (-13, -18, -23, -28, -33)
VOLUMES = (100, 50)
HEARD_MS = 4_000
PIECE = "wide-water.ogg"


def level_spread(studio: Studio, deep: bool) -> dict[int, float]:
    """How far apart (LU) pieces 20 LU apart are heard, at each volume; each checked, then played as a session would."""
    library, worker = Library(studio.folder / "clinic"), Worker()
    suffixes = (".flac", ".vbr.mp3", ".opus") if deep else (".flac",)
    pieces = [
        write(studio.folder / f"noise{lufs}{suffix}", noise(25, lufs)) for lufs in LOUDNESSES for suffix in suffixes
    ]
    try:
        check(library, gather(pieces).pieces, worker)
    finally:
        worker.close()
    return {volume: _spread(studio, library, pieces, volume) for volume in VOLUMES}


def _spread(studio: Studio, library: Library, pieces: list[Path], volume: int) -> float:
    studio.link.set_volume(volume)
    found = []
    for path in pieces:
        ready = library.ready(path)
        studio.link.load("A", ready.path)
        studio.link.play("A", gain_of(ready.gain_db))
        studio.ear.next(wire.Playing, "A")
        studio.ear.next(wire.Faded, "A")
        begun = studio.recording.ms
        studio.recording.wait(HEARD_MS)
        heard = meter(RATE, whole=True, peaks=False)
        heard.add(np.ascontiguousarray(studio.recording.heard(begun, begun + HEARD_MS)))
        found.append(heard.integrated())
        studio.stop()
    studio.link.set_volume(100)
    return max(found) - min(found)


def speed(folder: Path, suffix: str, rounds: int = 3) -> float:
    """How many times quicker than it plays a piece of music is heard whole, by a child that is up; the median."""
    shipped = paths.shipped("playlists", "audio", PIECE)
    path = write(folder / f"piece{suffix}", np.concatenate(list(Decoding(shipped).blocks())))
    worker, took = Worker(), []
    try:
        worker.do({"do": "measure", "path": str(shipped)})
        for _ in range(rounds):
            began = time.perf_counter()
            length_ms = worker.do({"do": "measure", "path": str(path)})["length_ms"]
            took.append(length_ms / 1000 / (time.perf_counter() - began))
    finally:
        worker.close()
    return statistics.median(took)


def speeds(folder: Path) -> list[Figure]:
    """Figures of both kinds of coding; no sound server is needed."""
    return [
        Figure("scan_x_real_time_lossless", speed(folder, ".flac"), "x", 200, "more", 3),
        Figure("scan_x_real_time_opus", speed(folder, ".opus"), "x", 100, "more", 3),
    ]
