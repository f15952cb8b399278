"""An engine that makes no sound: it holds a wrong caller to the port's obligations, and plays events back."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from kapdesk.music.engine import wire
from kapdesk.music.engine.wire import DECKS, Deck, DeckState
from kapdesk.music.fades import Curve


class FakeEngine:
    """Implements `kapdesk.music.engine.port.Engine`.

    `asked` lists every order in turn, as the link would send it. Nothing happens by itself: a test says what comes of
    an order with `sounds`, `ends`, `fails`, `falls_silent` and `reaches`, or with any event through `tell`.
    """

    def __init__(self, hear: Callable[[wire.Event], None] = lambda _: None) -> None:
        self.hear = hear
        self.asked: list[wire.Order] = []
        self.decks = {name: DeckState(name) for name in DECKS}
        self.volume = 100
        self.output = "headphones"
        self.crossing: wire.Crossfade | None = None
        self.closed = False

    # The port

    def load(self, deck: Deck, path: Path, at_ms: int = 0) -> None:
        assert isinstance(path, Path), "a path is a Path"
        assert at_ms >= 0, "a place before the beginning"
        self._ask(wire.Load(deck, str(path), at_ms))
        self._set(DeckState(deck, "loaded", str(path), at_ms))

    def play(self, deck: Deck, gain: float = 1.0, ms: int = 0) -> None:
        assert self.decks[deck].state == "loaded", f"play before load on {deck}"
        self._ask(wire.Play(deck, self._gain(gain), self._ms(ms)))
        self._change(deck, state="starting", gain=0.0, fade=wire.Move(gain, ms, "power"))

    def crossfade(self, old: Deck, new: Deck, gain: float = 1.0, ms: int = 8_000) -> None:
        assert old != new, "a crossfade of a deck with itself"
        assert self.decks[new].state == "loaded", f"crossfade before load on {new}"
        self.crossing = wire.Crossfade(old, new, self._gain(gain), self._ms(ms))
        self._ask(self.crossing)
        self._change(new, state="starting", gain=0.0, fade=wire.Move(gain, ms, "power"))

    def fade(self, deck: Deck, to: float, ms: int, curve: Curve = "power") -> None:
        assert self.decks[deck].state in {"starting", "playing", "paused"}, f"fade before play on {deck}"
        self._ask(wire.FadeTo(deck, self._gain(to), self._ms(ms), curve))
        self._change(deck, fade=wire.Move(to, ms, curve))

    def pause(self, deck: Deck, ms: int = 0) -> None:
        self._ask(wire.Pause(deck, self._ms(ms)))
        if self.decks[deck].sounding:
            self._change(deck, leave="pause", leave_ms=ms)

    def resume(self, deck: Deck, ms: int = 0) -> None:
        self._ask(wire.Resume(deck, self._ms(ms)))
        if self.decks[deck].state == "paused":
            self._change(deck, state="starting")
        self._change(deck, leave=None, leave_ms=0)

    def stop(self, deck: Deck, ms: int = 0) -> None:
        self._ask(wire.Stop(deck, self._ms(ms)))
        if self.decks[deck].sounding:
            self._change(deck, leave="stop", leave_ms=ms)
        elif self.decks[deck].state != "empty":
            self._set(DeckState(deck))

    def seek(self, deck: Deck, to_ms: int) -> None:
        assert self.decks[deck].state != "empty", f"seek before load on {deck}"
        assert to_ms >= 0, "a place before the beginning"
        self._ask(wire.Seek(deck, to_ms))
        self._change(deck, position_ms=to_ms)

    def set_volume(self, percent: int) -> None:
        assert 0 <= percent <= 100, f"a volume of {percent} %"
        self._ask(wire.SetVolume(percent))
        self.volume = percent

    def use_output(self, name: str) -> None:
        assert name, "an output has a name"
        self._ask(wire.UseOutput(name))
        self.output = name

    def close(self, play_out: bool) -> None:
        self._ask(wire.Leave(play_out))
        self.closed = True

    # What a test lets happen

    def tell(self, event: wire.Event) -> None:
        """Let the desk hear any event."""
        self.hear(event)

    def hello(self, sink: str = "headphones") -> None:
        """The engine is up, with whatever stands on its decks."""
        self.tell(wire.Hello(1, "3.0.0 Fake", sink, self.volume, tuple(self.decks.values())))

    def sounds(self, deck: Deck, length_ms: int = 480_000) -> None:
        """A deck that was asked to play is heard; a crossfade that waited for it begins."""
        assert self.decks[deck].state == "starting", f"nothing was started on {deck}"
        self._change(deck, state="playing", length_ms=length_ms)
        now = self.decks[deck]
        self.tell(wire.Playing(deck, now.path, now.position_ms, length_ms))
        if (crossing := self.crossing) and crossing.new == deck:
            self.crossing = None
            if self.decks[crossing.old].sounding:
                self._change(crossing.old, leave="stop", leave_ms=crossing.ms)

    def reaches(self, deck: Deck, position_ms: int) -> None:
        """The piece has come to a place, as the next status says."""
        self._change(deck, position_ms=position_ms, told_ms=position_ms)
        self.status()

    def status(self) -> None:
        """How everything stands."""
        self.tell(wire.Status(0, len(self.asked), self.volume, tuple(self.decks.values()), self.crossing))

    def faded(self, deck: Deck) -> None:
        """A fade that was asked for reaches its gain."""
        fade = self.decks[deck].fade
        assert fade, f"no fade was asked for on {deck}"
        self._change(deck, gain=fade.to, fade=None)
        self.tell(wire.Faded(deck, fade.to))

    def falls_silent(self, deck: Deck) -> None:
        """A pause or a stop that was asked for has faded out."""
        was = self.decks[deck]
        assert was.leave in {"pause", "stop"}, f"neither a pause nor a stop was asked for on {deck}"
        if was.leave == "pause":
            self._change(deck, state="paused", leave=None, leave_ms=0)
            self.tell(wire.Paused(deck, was.path, was.position_ms))
        else:
            self._set(DeckState(deck))
            self.tell(wire.Stopped(deck, was.path, was.position_ms))

    def ends(self, deck: Deck, position_ms: int | None = None) -> None:
        """The piece comes to its own end; `position_ms` where it breaks off sooner."""
        was = self.decks[deck]
        assert was.sounding, f"nothing sounds on {deck}"
        self._set(DeckState(deck))
        at_ms = was.length_ms if position_ms is None else position_ms
        self.tell(wire.Ended(deck, was.path, at_ms, was.length_ms))

    def fails(self, deck: Deck, why: str = "This file is missing.") -> None:
        """The piece can't be played."""
        was = self.decks[deck]
        assert was.state != "empty", f"nothing was loaded on {deck}"
        self._set(DeckState(deck))
        if self.crossing and self.crossing.new == deck:
            self.crossing = None
        self.tell(wire.Failed(deck, was.path, why))

    # Keeping book

    def _ask(self, order: wire.Order) -> None:
        assert not self.closed, "asked after close"
        self.asked.append(order)

    def _set(self, state: DeckState) -> None:
        self.decks[state.deck] = state

    def _change(self, deck: Deck, **changes: object) -> None:
        self._set(msgspec.structs.replace(self.decks[deck], **changes))

    @staticmethod
    def _gain(gain: float) -> float:
        assert 0.0 <= gain <= 1.0, f"a gain of {gain}"
        return gain

    @staticmethod
    def _ms(ms: int) -> int:
        assert ms >= 0, f"a fade of {ms} ms"
        return ms
