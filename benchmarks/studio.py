"""An engine that plays into a room that is recorded, for what measures sound."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kapdesk.music.engine import wire
from kapdesk.music.engine.link import Link
from tests.sound import Ear, Recording, Room, until

T = TypeVar("T")


class Studio:
    """An engine that plays into a room that is recorded."""

    def __init__(self, folder: Path, recording: Recording) -> None:
        self.folder = folder
        self.recording = recording
        self.ear = Ear()
        self.link = Link(folder / "engine", self.ear)
        self.ear.next(wire.Hello)

    def sound(self, path: Path, at_ms: int) -> None:
        """Play on deck A, and wait until it has come up."""
        self.link.load("A", path, at_ms)
        self.link.play("A")
        self.ear.next(wire.Playing, "A")
        self.ear.next(wire.Faded, "A")

    def stop(self) -> None:
        """Silence on deck A."""
        self.link.stop("A")
        self.ear.next(wire.Stopped, "A")


def listen(room: Room, folder: Path, work: Callable[[Studio], T]) -> T:
    """Let an engine play and a recorder listen while `work` is done."""
    with room.recording() as recording:
        studio = Studio(folder, recording)
        try:
            return work(studio)
        finally:
            studio.link.close(play_out=False)
            until(lambda: not (folder / "engine").exists(), what="the engine's end")
