"""A session under way with its music, on an engine that makes no sound."""

from pathlib import Path

from kapdesk.clinic.room import Room
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import (
    MusicPlanned,
    PlannedTrack,
)
from kapdesk.facts.words import Phase
from kapdesk.music.desk import MusicDesk
from tests.desk import Desk
from tests.fake_engine import FakeEngine

TRACKS = (
    PlannedTrack("Settling", "settle.ogg", ("settle", "onset")),
    PlannedTrack("Rising", "rise.ogg", ("ascent", "peak")),
    PlannedTrack("Rising further", "rise-2.ogg", ("peak",)),
    PlannedTrack("Coming back", "return.ogg", ("return", "recovery")),
)


class Playing:
    """A session under way with its music."""

    def __init__(self, desk: Desk, files: Path, tracks: tuple[PlannedTrack, ...] = TRACKS) -> None:
        self.desk, self.files = desk, files
        for track in tracks:
            (files / track.file).touch()
        self.room: Room = desk.room()
        desk.kept(self.room.record(MusicPlanned("Sample playlist", tracks)))
        self.start_again()
        self.music.own(self.room)

    def start_again(self) -> None:
        """A music desk and an engine that were just started."""
        self.music = MusicDesk((self.files,))
        self.engine = FakeEngine(self.music.hear)
        self.music.use(self.engine)
        self.engine.hello()

    def hear(self) -> None:
        """Bring the music in, and let it be heard."""
        self.music.bring_back()
        self.engine.sounds("A")
        self.engine.faded("A")
        self.desk.settle()

    def recorded(self, *kinds: type[Fact]) -> list[Fact]:
        self.desk.settle()
        return [each.fact for each in self.room.session.history if isinstance(each.fact, kinds)]

    def asked(self, kind: type) -> list[object]:
        return [order for order in self.engine.asked if isinstance(order, kind)]


def piece(title: str, *phases: Phase, intensity: int = 0, tags: tuple[str, ...] = ()) -> PlannedTrack:
    return PlannedTrack(title, f"{title}.ogg", phases, f"digest of {title}", 480_000, intensity, tags)


ARC = (
    piece("Settling", "settle", "onset", intensity=2),
    piece("Song", "peak", intensity=5, tags=("vocals",)),
    piece("Choir", "peak", intensity=5, tags=("vocals",)),
    piece("Strings", "peak", intensity=3),
    piece("Home", "return", intensity=2),
    piece("Rest", "recovery", intensity=1),
)
