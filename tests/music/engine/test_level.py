"""Pieces of very different loudness, checked and played as a session plays them, are heard at the same loudness."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kapdesk.music.compose.meter import meter
from kapdesk.music.engine import wire
from kapdesk.music.fades import gain_of
from kapdesk.music.library.check import check
from kapdesk.music.library.gather import gather
from kapdesk.music.library.library import Library
from kapdesk.music.library.worker import Worker
from tests.music.engine.conftest import Player
from tests.music.library.sounds import flac, noise
from tests.sound import RATE, Recording, write

HEARD_MS = 3_000


def heard_lufs(player: Player, recording: Recording, library: Library, path: Path) -> float:
    ready = library.ready(path)
    player.link.load("A", ready.path)
    player.link.play("A", gain_of(ready.gain_db))
    player.ear.next(wire.Playing, "A")
    player.ear.next(wire.Faded, "A")
    begun = recording.ms
    recording.wait(HEARD_MS)
    heard = meter(RATE, whole=True, peaks=False)
    heard.add(np.ascontiguousarray(recording.heard(begun, begun + HEARD_MS)))
    player.link.stop("A")
    player.ear.next(wire.Stopped, "A")
    return heard.integrated()


@pytest.mark.parametrize("volume", [100, 50])
def test_pieces_twenty_lu_apart_are_heard_within_one(
    recording: Recording, start: Callable[[], Player], tmp_path: Path, volume: int
) -> None:
    player = start()
    pieces = [flac(tmp_path / "loud.flac", 25, -13), flac(tmp_path / "soft.flac", 25, -33)]
    pieces.append(write(tmp_path / "varying.vbr.mp3", noise(25, -20)))
    library, worker = Library(tmp_path / "clinic"), Worker()
    check(library, gather(pieces).pieces, worker)
    worker.close()
    player.link.set_volume(volume)
    levels = [heard_lufs(player, recording, library, path) for path in pieces]
    assert max(levels) - min(levels) < 1
    if volume == 100:
        assert levels == pytest.approx([-23] * 3, abs=0.7)
