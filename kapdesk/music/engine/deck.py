"""One deck: a piece, its place, and the fades that every start, stop, pause and seek goes through."""

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from kapdesk.music.engine import wire
from kapdesk.music.engine.wire import TAIL_MS, DeckState, Move
from kapdesk.music.fades import Fade, volume_towards

START_MS = 8_000
"""A piece that does not sound by then won't: a drive that has gone, for instance."""

TRUST_MS = 1_500
"""How far the place may run ahead of what libVLC last said. It speaks every 1,000 ms at the slowest (Ogg)."""

BACK_MS = 1_000
"""How long a piece takes to come back after there was nowhere to sound. It would be heard at once otherwise."""

GO_OVER_MS = 1_000
"""The fade before the sound goes over to another output."""

ToDeck = wire.Load | wire.Play | wire.FadeTo | wire.Pause | wire.Resume | wire.Stop | wire.Seek


class Player(Protocol):
    """What a deck needs of libVLC; see player.py."""

    take: int

    def start(self, path: Path, at_ms: int) -> None: ...  # noqa: D102
    def stop(self) -> None: ...  # noqa: D102
    def set_volume(self, volume: int) -> None: ...  # noqa: D102
    @property
    def length_ms(self) -> int: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102


class Moving:
    """A fade on the clock. One that has not begun waits at its start until the deck sounds."""

    def __init__(self, fade: Fade, since_ms: float | None) -> None:
        self.fade = fade
        self.since_ms = since_ms

    def at(self, now: float) -> float:
        """The gain now."""
        return self.fade.start if self.since_ms is None else self.fade.at(now - self.since_ms)

    def left_ms(self, now: float) -> int:
        """How long it still takes."""
        return round(self.fade.ms if self.since_ms is None else max(0.0, self.since_ms + self.fade.ms - now))

    def begin(self, now: float) -> None:
        """The deck sounds: start the clock, unless it runs."""
        if self.since_ms is None:
            self.since_ms = now


def still(gain: float) -> Moving:
    """A gain that does not move."""
    return Moving(Fade(gain, gain), 0.0)


class Deck:
    """A piece that can't click.

    Three gains multiply: `gain` is the desk's, `entry` rises after every start, `exit` falls before every stop, pause
    and seek, which are carried out when the volume has really come down to 0; in the last `TAIL_MS`, where it can't
    come down, the piece is left to end by itself instead. A paused deck is a stopped one that
    remembers its place, and a seek is a stop and a start elsewhere: so libVLC is only ever started and stopped.
    Every method takes the time now (monotonic ms); events go to `tell`.
    """

    def __init__(self, name: wire.Deck, player: Player, tell: Callable[[wire.Told], None]) -> None:
        self.name: wire.Deck = name
        self._player = player
        self._tell = tell
        self.state: Literal["empty", "loaded", "starting", "playing", "paused"] = "empty"
        self._path = ""
        self._length_ms = 0
        self._place_ms = 0  # where it stands, or stood when libVLC last said so
        self._placed_at: float | None = None  # when that was; None while it stands
        self._started_at = 0.0
        self._gain = self._entry = self._exit = still(0)
        self._asked = False  # a fade is under way whose end is to be told
        self._leave: Literal["pause", "stop", "seek"] | None = None
        self._seek_ms: int | None = None
        self._volume = 0
        self._held: deque[ToDeck] = deque()
        self._hushed = False  # there is nowhere to sound
        self._back_ms = 0  # how long it takes to come in after going over to another output

    # Orders

    def take(self, order: ToDeck, now: float) -> None:
        """Carry out an order; or keep it, in turn, until the deck has fallen silent."""
        if self._held or self._must_wait(order):
            self._held.append(order)
            self._hasten(now)
        else:
            self._carry_out(order, now)

    def _must_wait(self, order: ToDeck) -> bool:
        match order:
            case wire.Load():
                return self.sounding
            case wire.Seek():
                return self._leave in {"pause", "stop"}
            case _:
                return False

    def _carry_out(self, order: ToDeck, now: float) -> None:
        match order:
            case wire.Load(path=path, at_ms=at_ms):
                self._load(path, at_ms)
            case wire.Play(gain=gain, ms=ms):
                if self.state == "loaded":
                    self._gain, self._asked = Moving(Fade(0, gain, ms), None), True
                    self._start(now)
            case wire.FadeTo(to=to, ms=ms, curve=curve):
                if self.state in {"starting", "playing", "paused"}:
                    since = None if self.state == "starting" else now
                    self._gain, self._asked = Moving(Fade(self._gain.at(now), to, ms, curve), since), True
            case wire.Pause(ms=ms):
                if self.sounding:
                    self._go_out("pause", ms, now)
            case wire.Stop(ms=ms):
                if self.sounding:
                    self._go_out("stop", ms, now)
                elif self.state != "empty":
                    self._empty(wire.Stopped(self.name, self._path, self._place_ms))
            case wire.Seek(to_ms=to_ms):
                if self.sounding:
                    self._seek_ms = max(0, to_ms)
                    self._go_out("seek", 0, now)
                elif self.state != "empty":
                    self._place_ms = max(0, to_ms)
            case wire.Resume(ms=ms):
                if self.state == "paused":
                    self._start(now, ms)
                elif self._leave in {"pause", "stop"}:
                    self._leave = None
                    self._exit = Moving(Fade(self._exit.at(now), 1, ms), now)

    def restore(self, was: DeckState, now: float) -> None:
        """Stand as `was` stood: same piece, place and gain, fades going on."""
        if was.state == "empty" or not self._load(was.path, was.position_ms if was.seek_ms is None else was.seek_ms):
            return
        move = was.fade or Move(was.gain, 0, "power")
        begun = None if was.sounding else now
        self._gain = Moving(Fade(was.gain, move.to, move.left_ms, move.curve), begun)
        self._asked = was.fade is not None
        if was.sounding:
            self._start(now)
            if was.leave in {"pause", "stop"}:
                self._leave = was.leave
                self._exit = Moving(Fade(was.leave_gain, 0, was.leave_ms), None)
        elif was.state == "paused":
            self.state = "paused"

    # Where it sounds

    def hush(self, now: float, unheard_ms: float = 0) -> None:
        """There is nowhere to sound: fall silent at once, keep the place, and wait there for `come_back`.

        `unheard_ms`: what was played last and reached nobody.
        """
        self._hushed = True
        if not self.sounding:
            return
        self._volume = 0
        if self._leave in {"pause", "stop"}:
            self._fall_silent(now)
            return
        heard_ms = max(0, self.position_ms(now) - round(unheard_ms)) if self.state == "playing" else self._place_ms
        self._place_ms = heard_ms if self._seek_ms is None else self._seek_ms
        self._placed_at = self._leave = self._seek_ms = None
        move = self._gain.fade
        self._gain = Moving(Fade(self._gain.at(now), move.end, self._gain.left_ms(now), move.curve), None)
        self._player.stop()
        self.state = "starting"

    def come_back(self, now: float) -> None:
        """There is somewhere to sound again: what waited comes in softly, where it fell silent."""
        self._hushed = False
        if self.state == "starting":
            self._start(now, BACK_MS)

    def go_over(self, now: float) -> None:
        """Sound somewhere else from here on: out, and in again there. What goes out anyway does so where it is."""
        if self.sounding and self._leave is None and not self._hushed:
            self._go_out("seek", GO_OVER_MS, now)
            self._back_ms = BACK_MS

    # What libVLC noticed

    def playing(self, at: float) -> None:
        """It sounds. libVLC says so of a text called like music too, and at once that it ended: that has no length."""
        if self.state == "starting" and self._player.length_ms:
            self._sounds(at)

    def _sounds(self, at: float) -> None:
        self.state = "playing"
        self._length_ms = self._player.length_ms or self._length_ms
        self._placed_at = at
        for moving in (self._gain, self._entry, self._exit):
            moving.begin(at)
        self._tell(wire.Playing(self.name, self._path, self._place_ms, self._length_ms))

    def placed(self, place_ms: int, at: float) -> None:
        """It is at a place."""
        if self.state == "starting":  # one whose length nobody knows, and yet it sounds
            self._sounds(at)
        if self.state == "playing":
            self._place_ms, self._placed_at = place_ms, at
            self._length_ms = self._player.length_ms or self._length_ms

    def ended(self, at: float) -> None:
        """The file is over."""
        if self.state == "starting" and self._place_ms == 0:  # a header without music
            self._fail("This file holds no sound that can be played.")
        elif self.sounding:
            self._empty(wire.Ended(self.name, self._path, self.position_ms(at), self._length_ms))

    def failed(self) -> None:
        """The file can't be played."""
        if self.sounding:
            self._fail("This file is damaged, or it is not a sound file.")

    # The clock

    def tick(self, now: float, room_gain: float) -> None:
        """Move the volume one step, and do what waited for silence. `room_gain` is that of the volume of everything."""
        if self.state == "playing":
            gain = self._gain.at(now) * self._entry.at(now) * self._exit.at(now)
            volume = volume_towards(self._volume, gain * room_gain)
            if volume != self._volume and not self._in_tail(now):
                self._volume = volume
                self._player.set_volume(volume)
            there = self._in_tail(now) or volume == volume_towards(volume, gain * room_gain)
            if self._asked and self._gain.left_ms(now) == 0 and there:
                self._asked = False
                self._tell(wire.Faded(self.name, self._gain.fade.end))
        if self._leave and self._volume == 0 and self._out(now):
            self._fall_silent(now)
        if self.state == "starting" and not self._hushed and now - self._started_at > START_MS:
            self._fail("This file did not begin to play. The drive it is on may have gone.")
        while self._held and not self.sounding:
            self._carry_out(self._held.popleft(), now)

    def _out(self, now: float) -> bool:
        begun = self._exit.since_ms is not None  # not so where a way out is being restored
        return begun and (self.state == "starting" or self._exit.left_ms(now) == 0)

    def _in_tail(self, now: float) -> bool:
        left_ms = self.left_ms(now)
        return left_ms is not None and left_ms < TAIL_MS

    def moves(self, now: float, room_gain: float) -> bool:
        """Whether the next tick has something to do soon."""
        if self.state != "playing":
            return bool(self._leave or self._held)
        if self._leave or self._asked or any(m.left_ms(now) for m in (self._gain, self._entry, self._exit)):
            return True
        gain = self._gain.fade.end * self._entry.fade.end * self._exit.fade.end * room_gain
        return volume_towards(self._volume, gain) != self._volume

    # How it stands

    @property
    def sounding(self) -> bool:
        """Whether it is heard, or will be in a moment."""
        return self.state in {"starting", "playing"}

    @property
    def leaving(self) -> bool:
        """Whether it is on its way out."""
        return self._leave is not None

    def position_ms(self, now: float) -> int:
        """The place, carried on from what libVLC last said by the time that has passed since."""
        if self._placed_at is None:
            return self._place_ms
        place = self._place_ms + round(min(max(0.0, now - self._placed_at), TRUST_MS))
        return min(place, self._length_ms) if self._length_ms else place

    def left_ms(self, now: float) -> int | None:
        """How long the piece still sounds; None where its length is not known."""
        return self._length_ms - self.position_ms(now) if self._length_ms else None

    def stands(self, now: float) -> DeckState:
        """All of it."""
        gain, left_ms = self._gain.at(now), self._gain.left_ms(now)
        moving = left_ms > 0 and self.state != "empty"
        return DeckState(
            deck=self.name,
            state=self.state,
            path=self._path,
            position_ms=self.position_ms(now),
            told_ms=self._place_ms,
            length_ms=self._length_ms,
            gain=round(gain, 5),
            fade=Move(self._gain.fade.end, left_ms, self._gain.fade.curve) if moving else None,
            leave=self._leave,
            leave_ms=self._exit.left_ms(now) if self._leave else 0,
            leave_gain=round(self._exit.at(now), 5) if self._leave else 1.0,
            seek_ms=self._seek_ms,
            vlc=self._player.state,
        )

    # Effects

    def _load(self, path: str, at_ms: int) -> bool:
        self._path, self._place_ms, self._length_ms = path, max(0, at_ms), 0
        self._gain = still(0)
        if why := unreadable(path):
            self._fail(why)
            return False
        self.state = "loaded"
        return True

    def _start(self, now: float, entry_ms: int = 0) -> None:
        self.state, self._started_at, self._volume = "starting", now, 0
        self._entry = Moving(Fade(0, 1, entry_ms), None)
        self._exit = still(1)
        if not self._hushed:
            self._player.start(Path(self._path), self._place_ms)

    def _go_out(self, how: Literal["pause", "stop", "seek"], ms: int, now: float) -> None:
        if not self._leave == how == "seek":  # one more seek rides on the fade of the one before
            self._exit = Moving(Fade(self._exit.at(now), 0, ms), now)
        self._leave = how

    def _hasten(self, now: float) -> None:
        if not self._leave:
            self._go_out("stop", 0, now)
        else:
            self._go_out(self._leave, 0, now)

    def _fall_silent(self, now: float) -> None:
        how, self._leave = self._leave, None
        self._place_ms = self.position_ms(now) if self._seek_ms is None else self._seek_ms
        self._placed_at, self._seek_ms = None, None
        self._player.stop()
        if how == "seek":
            self._start(now, self._back_ms)
            self._back_ms = 0
        elif how == "pause":
            self.state = "paused"
            self._tell(wire.Paused(self.name, self._path, self._place_ms))
        else:
            self._empty(wire.Stopped(self.name, self._path, self._place_ms))

    def _fail(self, why: str) -> None:
        self._empty(wire.Failed(self.name, self._path, why))

    def _empty(self, told: wire.Told) -> None:
        self._player.stop()
        self.state, self._path, self._place_ms, self._length_ms = "empty", "", 0, 0
        self._placed_at, self._leave, self._seek_ms = None, None, None
        self._gain, self._asked, self._volume, self._back_ms = still(0), False, 0, 0
        self._tell(told)


def unreadable(path: str) -> str:
    """Why a file can't even be opened, as a plain sentence; empty if it can."""
    try:
        if not os.path.exists(path):
            return "This file is missing."
        if not os.path.isfile(path):
            return "This is a folder, not a sound file."
        if os.path.getsize(path) == 0:
            return "This file is empty."
        with open(path, "rb"):
            return ""
    except OSError as error:
        return f"This file can't be read: {error.strerror or error}."
