"""Where the sound goes: one output, chosen by a person or found at the start; without it all waits in silence."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

from kapdesk.music.engine import wire
from kapdesk.music.engine.guard import Seen, taken_off
from kapdesk.music.engine.mixer import Mixer

MOST_STRAYS = 3
STRAYS_WITHIN_MS = 10_000
"""A system that moves the sound away so often is not argued with: it waits for a person to choose."""


HANGS_S = 1.2
"""A sound server that owes an answer for so long, and `STILL_MS` later still does, hangs: nothing of it is heard."""


STILL_MS = 200


class Sight(Protocol):
    """What an outlet needs of the guard."""

    allowed: frozenset[str]
    strayed: deque[str]

    @property
    def seen(self) -> Seen | None: ...  # noqa: D102
    def unanswered_s(self) -> float: ...  # noqa: D102


class Sounding(Protocol):
    """What an outlet needs of a player: the output that it was started on."""

    output: str


class Outlet:
    """`name` is the sound server's name of the output; empty where there is none, and then nothing is ever lost.

    `start_on` is told where pieces are to start from now on. All is for the engine's thread, with the time in ms.
    """

    def __init__(
        self,
        name: str,
        chosen: bool,
        sight: Sight,
        mixer: Mixer,
        players: Mapping[wire.Deck, Sounding],
        start_on: Callable[[str], None],
        tell: Callable[[wire.Told], None],
    ) -> None:
        self.name = name
        self._chosen = chosen
        self._sight = sight
        self._mixer = mixer
        self._players = players
        self._start_on = start_on
        self._tell = tell
        self._port = self._device = ""
        self._lost_at = 0.0
        self._strays: deque[float] = deque(maxlen=MOST_STRAYS)
        self._given_up = False
        self._owes_since: float | None = None
        self._go_to(name)

    def use(self, name: str, now: float) -> None:
        """A person chose: go over softly, or come in there if the one before is gone."""
        self._chosen, self._given_up = True, False
        self._strays.clear()
        if name != self.name:
            self._mixer.go_over(now)
        self._go_to(name)
        self.look(now)

    def stay(self, name: str) -> None:
        """Where the engine that is lost was playing."""
        self._go_to(name)

    def look(self, now: float) -> None:
        """Fall silent if it has gone, come back if it is there again."""
        seen = self._sight.seen
        if seen is None:
            return
        self._chosen = self._chosen or self._mixer.loaded  # from the first piece on it is the patient's
        if not self._chosen and seen.default not in {"", self.name}:
            self._go_to(seen.default)  # nobody has chosen and nothing was heard: where the system would play
        if self.name not in seen.outputs and (other := self._other_profile(seen)):
            self._lose(now)
            self._go_to(other)
        while self._sight.strayed:
            self._moved(self._sight.strayed.popleft(), now)
        hangs = self._hangs(now)
        there = not self.name or (self._is_there(seen) and not hangs)
        if not there:
            self._lose(now, answers=bool(seen.outputs) and not hangs)
        elif self._mixer.hushed:
            self._tell(wire.OutputBack(self.name, round(now - self._lost_at)))
            self._mixer.come_back(now)
        self._sight.allowed = frozenset({self.name, *(player.output for player in self._players.values())} - {""})

    def _hangs(self, now: float) -> bool:
        """Whether the sound server owes an answer for long, and still does a moment later: this process may be slow."""
        if self._sight.unanswered_s() <= HANGS_S:
            self._owes_since = None
            return False
        if self._owes_since is None:
            self._owes_since = now
        return now - self._owes_since >= STILL_MS

    def _lose(self, now: float, answers: bool = True) -> None:
        if not self._mixer.hushed:
            unheard_ms = self._sight.unanswered_s() * 1000
            self._mixer.hush(now, unheard_ms)
            self._lost_at = now - unheard_ms
            self._tell(wire.OutputLost(self.name, self._mixer.stand(now), answers))

    def _is_there(self, seen: Seen) -> bool:
        if self._given_up or self.name not in seen.outputs:
            return False
        port = seen.outputs[self.name]
        if taken_off(self._port, port):
            return False
        self._port, self._device = port, seen.devices.get(self.name, "")
        return True

    def _other_profile(self, seen: Seen) -> str:
        """The name that the same Bluetooth headphones go by now, if they do."""
        return next((name for name, device in seen.devices.items() if device == self._device), "")

    def _moved(self, to: str, now: float) -> None:
        """A stream of ours was found elsewhere, and is muted: stop it, and start it where it should be."""
        seen = self._sight.seen
        if self._mixer.hushed or seen is None or not self._is_there(seen):
            return  # it has gone, or they are silent already
        self._strays.append(now)
        self._given_up = len(self._strays) == MOST_STRAYS and now - self._strays[0] < STRAYS_WITHIN_MS
        if self._given_up:
            return
        self._tell(wire.OutputMoved(self.name, to))
        self._mixer.hush(now)
        self._mixer.come_back(now)

    def _go_to(self, name: str) -> None:
        seen = self._sight.seen
        self.name = name
        self._port = seen.outputs.get(name, "") if seen else ""
        self._device = seen.devices.get(name, "") if seen else ""
        self._start_on(name)
        self._sight.allowed |= {name}
