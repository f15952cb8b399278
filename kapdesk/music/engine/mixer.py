"""The three decks and what they do together: crossfades, the volume of everything, playing out without a desk."""

from collections.abc import Callable

from kapdesk.music.engine import wire
from kapdesk.music.engine.deck import Deck, Player
from kapdesk.music.engine.player import Noticed
from kapdesk.music.engine.wire import TAIL_MS
from kapdesk.music.fades import STEP_MS, gain_at, glided

OUTRO_MS = 8_000
"""The fade at the end of the piece that is played out when the desk has gone."""

FAREWELL_MS = 1_000
"""The fade when the desk says to leave now."""


LATE_MS = 2 * STEP_MS
"""The most that the volume of everything moves for at once: a late turn makes its slope gentler, never steeper."""


class Mixer:
    """Takes orders, notices and ticks on one thread, each with the time now (monotonic ms); tells events."""

    def __init__(self, players: dict[wire.Deck, Player], tell: Callable[[wire.Told], None]) -> None:
        self._decks = {name: Deck(name, player, tell) for name, player in players.items()}
        self._players = players
        self._last_moved: Deck | None = None
        self._volume = 100  # as it is wanted
        self._room = 1.0  # the gain of everything, on its way there
        self._glided_at = 0.0
        self._crossing: wire.Crossfade | None = None
        self.hushed = False
        """There is nowhere to sound: decks that should are waiting."""

    def take(self, order: wire.Order, now: float) -> None:
        """Carry out an order, or set out to."""
        match order:
            case wire.SetVolume(percent=percent):
                self._volume = min(100, max(0, percent))
                if not self.sounding:
                    self._room = gain_at(self._volume)
            case wire.Crossfade(new=new, gain=gain, ms=ms):
                self._crossing = order
                self._decks[new].take(wire.Play(new, gain, ms), now)
            case wire.Restore(volume=volume, decks=decks, crossing=crossing, room=room):
                self._volume, self._crossing = volume, crossing
                self._room = gain_at(volume) if room is None else room
                for was in decks:
                    self._decks[was.deck].restore(was, now)
            case wire.UseOutput():
                pass  # the outlet's
            case wire.Leave(play_out=play_out):
                if not play_out:
                    for deck in self._decks.values():
                        deck.take(wire.Stop(deck.name, FAREWELL_MS), now)
            case _:
                self._decks[order.deck].take(order, now)
        self._cross(now)

    def notice(self, noticed: Noticed, now: float) -> None:
        """Hear what libVLC noticed; nothing that concerns a piece taken off meanwhile."""
        if noticed.take != self._players[noticed.deck].take:
            return
        deck = self._decks[noticed.deck]
        match noticed.what:
            case "playing":
                deck.playing(noticed.at_ms)
            case "time":
                deck.placed(noticed.place_ms, noticed.at_ms)
            case "ended":
                deck.ended(noticed.at_ms)
            case "failed":
                deck.failed()
        self._cross(now)

    def tick(self, now: float) -> None:
        """Move one deck's volume a step, the next one's at the next tick: two steps at once would be a larger one."""
        self._glide(now)
        moving = self._moving(now)
        for deck in self._decks.values():
            if deck not in moving[1:]:
                deck.tick(now, self._room)
        if moving:
            self._last_moved = moving[0]
        self._cross(now)

    def pace_ms(self, now: float) -> float | None:
        """When the next tick is due after the last one; None if nothing moves."""
        if moving := self._moving(now):
            return STEP_MS / len(moving)
        return STEP_MS if self.sounding and self._room != gain_at(self._volume) else None

    def _moving(self, now: float) -> list[Deck]:
        """The decks whose volume is on its way, that whose turn it is first."""
        moving = [deck for deck in self._decks.values() if deck.moves(now, self._room)]
        if self._last_moved in moving:
            turn = moving.index(self._last_moved) + 1
            moving = moving[turn:] + moving[:turn]
        return moving

    def play_out(self, now: float) -> None:
        """There is no desk: let each piece sound to its end, and fade that end."""
        for deck in self._decks.values():
            left_ms = deck.left_ms(now)
            if deck.sounding and not deck.leaving and left_ms is not None and left_ms <= OUTRO_MS + TAIL_MS:
                deck.take(wire.Stop(deck.name, max(0, left_ms - TAIL_MS)), now)

    def hush(self, now: float, unheard_ms: float = 0) -> None:
        """There is nowhere to sound: all falls silent at once, and waits at its place."""
        self.hushed = True
        for deck in self._decks.values():
            deck.hush(now, unheard_ms)
        self._cross(now)

    def come_back(self, now: float) -> None:
        """There is somewhere to sound again: what waits comes in softly."""
        self.hushed = False
        for deck in self._decks.values():
            deck.come_back(now)

    def go_over(self, now: float) -> None:
        """Sound on another output from here on: out, and in again there."""
        for deck in self._decks.values():
            deck.go_over(now)

    @property
    def sounding(self) -> bool:
        """Whether anything is heard, or will be in a moment."""
        return any(deck.sounding for deck in self._decks.values())

    @property
    def loaded(self) -> bool:
        """Whether any deck has a piece."""
        return any(deck.state != "empty" for deck in self._decks.values())

    def _glide(self, now: float) -> None:
        """Move the gain of everything gently to what is wanted; at once where nobody hears it.

        It rises for nothing that is on its way out: that would be louder for no one who asked.
        """
        ms, self._glided_at = min(LATE_MS, max(0.0, now - self._glided_at)), now
        wanted, sounding = gain_at(self._volume), [deck for deck in self._decks.values() if deck.sounding]
        if not sounding:
            self._room = wanted
        elif wanted < self._room or not all(deck.leaving for deck in sounding):
            self._room = glided(self._room, wanted, ms)

    def _cross(self, now: float) -> None:
        """Let the old piece go once the new one sounds; keep it if the new one came to nothing."""
        if (crossing := self._crossing) is None:
            return
        match self._decks[crossing.new].state:
            case "playing":
                self._crossing = None
                left_ms = self._decks[crossing.old].left_ms(now)
                ms = crossing.ms if left_ms is None else max(0, min(crossing.ms, left_ms - TAIL_MS))
                self._decks[crossing.old].take(wire.Stop(crossing.old, ms), now)
                if ms < crossing.ms:
                    self._decks[crossing.new].take(wire.FadeTo(crossing.new, crossing.gain, ms, "power"), now)
            case "empty" | "paused":
                self._crossing = None
            case _:
                pass  # it is about to sound

    def status(self, done: int, now: float, output: str = "") -> wire.Status:
        """How everything stands."""
        room, decks = round(self._room, 5), self.stand(now)
        return wire.Status(round(now), done, self._volume, decks, self._crossing, output, self.hushed, room)

    def hello(self, pid: int, libvlc: str, sink: str, now: float) -> wire.Hello:
        """The first line to a desk."""
        return wire.Hello(pid, libvlc, sink, self._volume, self.stand(now), self.hushed)

    def stand(self, now: float) -> tuple[wire.DeckState, ...]:
        """All decks."""
        return tuple(deck.stands(now) for deck in self._decks.values())
