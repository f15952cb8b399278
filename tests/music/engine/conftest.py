"""A room to record in, an engine that plays into it, and files to play."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kapdesk.music.engine import wire
from kapdesk.music.engine.link import Link
from tests.sound import Ear, Recording, Room, have_server, until


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts as ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


class Player:
    """A desk's link, what it hears, and the engine's process behind it."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.ear = Ear()
        self.link = Link(socket, self.ear)
        self.hello = self.ear.next(wire.Hello)
        self.status = self.ear.next(wire.Status)

    @property
    def pid(self) -> int:
        """The engine that plays now."""
        return self.ear.all(wire.Hello)[-1].pid

    def deck(self, name: wire.Deck) -> wire.DeckState:
        """How a deck stands, as last told."""
        return next(deck for deck in self.ear.all(wire.Status)[-1].decks if deck.deck == name)

    def sound(self, deck: wire.Deck, path: Path, at_ms: int = 0) -> wire.Playing:
        """Play a file at full gain, and wait until it has come up."""
        self.link.load(deck, path, at_ms)
        self.link.play(deck)
        playing = self.ear.next(wire.Playing, deck)
        self.ear.next(wire.Faded, deck)
        return playing


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files to play."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A sound server of the module's own."""
    if not have_server():
        pytest.skip("pulseaudio and pulseaudio-utils are not installed")
    room = Room(tmp_path_factory.mktemp("room"))
    yield room
    room.close()


@pytest.fixture
def recording(room: Room, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    """What is heard in the room during one test, by players that start after this."""
    for name in ("PULSE_SERVER", "PULSE_SINK"):
        monkeypatch.setenv(name, room.env[name])
    with room.recording() as recording:
        yield recording


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is no sound server."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'nobody'}")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Player]]:
    """Starts a player, or one more on the same socket. At the end nothing is left of any."""
    players: list[Player] = []

    def start_() -> Player:
        players.append(Player(tmp_path / "engine"))
        return players[-1]

    yield start_
    for player in players:
        player.link.close(play_out=True)
    for pid in {hello.pid for player in players for hello in player.ear.all(wire.Hello)}:
        if not gone(pid):
            os.kill(pid, signal.SIGKILL)  # the soft way out takes its time, and has tests of its own
        until(lambda pid=pid: gone(pid), what="the engine's end")
    until(lambda: not os.path.exists(tmp_path / "engine.spare"), what="the spare engine's end")
