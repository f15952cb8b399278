"""Which output the sound goes to, on a sight of the sound server that a test draws."""

from collections import deque
from pathlib import Path

import pytest

from kapdesk.music.engine import wire
from kapdesk.music.engine.guard import NOTHING, Seen, taken_off
from kapdesk.music.engine.mixer import Mixer
from kapdesk.music.engine.outlet import HANGS_S, MOST_STRAYS, Outlet


class Silent:
    """A player that does nothing."""

    take, length_ms, state = 0, 0, "NothingSpecial"

    def __init__(self) -> None:
        self.output = ""

    def start(self, path: object, at_ms: int) -> None:
        pass

    def stop(self) -> None:
        pass

    def set_volume(self, volume: int) -> None:
        pass


class Sight:
    """What a guard would have seen."""

    def __init__(self, **ports: str) -> None:
        self.allowed: frozenset[str] = frozenset()
        self.strayed: deque[str] = deque()
        self.seen: Seen | None = Seen(ports, next(iter(ports), ""), {}) if ports else None
        self.owes_s = 0.0

    def unanswered_s(self) -> float:
        return self.owes_s


class Wall:
    """An outlet and all that it needs."""

    def __init__(self, sight: Sight, name: str, chosen: bool = True) -> None:
        self.sight = sight
        self.told: list[wire.Told] = []
        self.starts_on = ""
        self.devices: dict[str, str] = {}
        players = {deck: Silent() for deck in wire.DECKS}
        self.mixer = Mixer(dict(players), self.told.append)
        self.outlet = Outlet(name, chosen, sight, self.mixer, players, self._start_on, self.told.append)
        self.now = 0.0

    def _start_on(self, name: str) -> None:
        self.starts_on = name

    def sees(self, **ports: str) -> list[str]:
        """What it tells of this sight, a second later."""
        self.sight.seen = Seen(ports, next(iter(ports)), self.devices) if ports else NOTHING
        return self.look()

    def look(self) -> list[str]:
        self.now += 1_000
        del self.told[:]
        self.outlet.look(self.now)
        return [type(each).__name__ for each in self.told]


def test_before_the_sound_server_was_seen_nothing_is_lost() -> None:
    wall = Wall(Sight(), "headset")
    assert wall.look() == []
    assert not wall.mixer.hushed


def test_gone_and_back() -> None:
    wall = Wall(Sight(headset=""), "headset")
    assert wall.sees(speaker="") == ["OutputLost"]
    assert wall.sees(speaker="") == []
    assert wall.sees() == []
    assert wall.sees(headset="", speaker="") == ["OutputBack"]
    assert wall.told == [wire.OutputBack("headset", 3_000)]
    assert not wall.mixer.hushed


@pytest.mark.parametrize(
    ("before", "now", "off"),
    [
        ("analog-output-headphones", "analog-output-speaker", True),
        ("headset-output", "speaker-output", True),
        ("analog-output-headphones", "analog-output-headphones", False),
        ("analog-output-speaker", "analog-output-headphones", False),
        ("analog-output-speaker", "hdmi-output-0", False),
        ("", "", False),
    ],
)
def test_headphones_pulled_out_of_a_computer_whose_loudspeaker_takes_over_are_gone(
    before: str, now: str, off: bool
) -> None:
    assert taken_off(before, now) is off
    wall = Wall(Sight(internal=before), "internal")
    wall.look()
    assert wall.mixer.hushed is False
    wall.sees(internal=now)
    assert wall.mixer.hushed is off


def test_put_in_again_they_are_back() -> None:
    wall = Wall(Sight(internal="analog-output-headphones"), "internal")
    wall.look()
    assert wall.sees(internal="analog-output-speaker") == ["OutputLost"]
    assert wall.sees(internal="analog-output-headphones") == ["OutputBack"]


def test_a_person_may_still_choose_that_loudspeaker() -> None:
    wall = Wall(Sight(internal="analog-output-headphones"), "internal")
    wall.look()
    wall.sees(internal="analog-output-speaker")
    wall.outlet.use("internal", wall.now)
    assert not wall.mixer.hushed


def test_a_system_that_always_moves_the_sound_is_waited_for() -> None:
    wall = Wall(Sight(headset="", speaker=""), "headset")
    wall.look()
    for _ in range(MOST_STRAYS - 1):
        wall.sight.strayed.append("speaker")
        assert wall.look() == ["OutputMoved"]
    wall.sight.strayed.append("speaker")
    assert wall.look() == ["OutputLost"]
    wall.outlet.use("headset", wall.now)
    assert not wall.mixer.hushed


def test_an_output_that_goes_often_is_no_such_system() -> None:
    wall = Wall(Sight(headset="", speaker=""), "headset")
    for _ in range(2 * MOST_STRAYS):
        wall.sight.strayed.append("speaker")
        assert wall.sees(speaker="") == ["OutputLost"]
        assert wall.sees(headset="", speaker="") == ["OutputBack"]


def test_as_long_as_nobody_chose_and_nothing_is_heard_it_goes_where_the_system_would_play(tmp_path: Path) -> None:
    wall = Wall(Sight(headset="", speaker=""), "headset", chosen=False)
    wall.sees(speaker="", headset="")
    assert (wall.outlet.name, wall.starts_on) == ("speaker", "speaker")
    piece = tmp_path / "piece.ogg"
    piece.write_bytes(b"a piece")
    wall.mixer.take(wire.Load("A", str(piece), 0), wall.now)
    wall.sees(headset="", speaker="")
    assert wall.outlet.name == "speaker"
    wall.mixer.take(wire.Stop("A", 0), wall.now)
    assert wall.sees(headset="") == ["OutputLost"], "from the first piece on it is the patient's"


def test_where_a_person_chose_is_where_it_stays() -> None:
    wall = Wall(Sight(headset="", speaker=""), "headset")
    wall.sees(speaker="", headset="")
    assert (wall.outlet.name, wall.starts_on) == ("headset", "headset")
    wall.outlet.use("speaker", wall.now)
    wall.look()
    assert (wall.outlet.name, wall.starts_on, wall.sight.allowed) == ("speaker", "speaker", frozenset({"speaker"}))


def test_the_same_bluetooth_headphones_in_another_profile_are_the_same_headphones() -> None:
    wall = Wall(Sight(music="", speaker=""), "music")
    wall.devices = {"music": "00:11"}
    wall.sees(music="", speaker="")
    wall.devices = {}
    assert wall.sees(speaker="") == ["OutputLost"]
    wall.devices = {"calls": "00:11", "other": "22:33"}
    assert wall.sees(speaker="", other="", calls="") == ["OutputBack"]
    assert (wall.outlet.name, wall.starts_on, wall.mixer.hushed) == ("calls", "calls", False)


def test_a_sound_server_that_owes_an_answer_is_one_that_plays_nothing() -> None:
    wall = Wall(Sight(headset=""), "headset")
    wall.look()
    wall.sight.owes_s = HANGS_S + 0.1
    assert wall.look() == [], "this process may only be slow itself"
    assert wall.look() == ["OutputLost"]
    wall.sight.owes_s = 0.0
    assert wall.look() == ["OutputBack"]
