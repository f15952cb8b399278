"""The desk's end: starts the engine or takes over the one that plays, and puts it back as it was when it dies."""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from kapdesk.music.engine import wire
from kapdesk.music.engine.blame import Blame
from kapdesk.music.engine.heartbeat import BEAT_S, CLOSER_S, Heartbeat
from kapdesk.music.engine.launch import NOT_INSTALLED, Spare, need_libvlc, reach
from kapdesk.music.engine.lines import Lines
from kapdesk.music.engine.wire import Deck
from kapdesk.music.fades import Curve
from kapdesk.music.watch.watching import Watch

log = logging.getLogger(__name__)

WOULD_NOT_START = "There is no music, because its player does not start; everything else works. It is tried again."
BREAKS_THE_ENGINE = "This file makes the player break off each time."

PAUSES_S = (0.0, 0.0, 1.0, 5.0, 15.0)
"""Before each further attempt to start an engine that does not come up."""

LEAD_MS = 30
"""libVLC goes on with the packet after the place asked for, up to 93 ms later in a FLAC: ask for one sooner."""

_decode = msgspec.json.Decoder(wire.Told).decode


class Link:
    """The real `Engine` (port.py): a process of its own that outlives the desk, spoken to over a local socket.

    `hear` is called with every `wire.Event`, on a thread of the link's own: one for what the engine says, another for
    what outputs there are (`wire.Outputs`), which comes a while later. The first is `Hello`; when it shows
    decks that sound, they were playing on for a desk that died, and are this desk's now. If the engine dies, `Lost`
    is told at once, then `Restored` when everything sounds again where it broke off.

    Raises KnownError when libVLC is not installed. Returns before the engine is up; orders given until then wait.
    """

    def __init__(self, path: Path, hear: Callable[[wire.Event], None]) -> None:
        need_libvlc()
        self._path = path
        self._spare = Spare(path)
        self._hear = hear
        self._lock = threading.Lock()  # over these three
        self._socket: socket.socket | None = None
        self._number = 0
        self._unheeded: deque[wire.Numbered] = deque()  # given, and not yet known to be carried out
        self._last: wire.Status | None = None
        self._put_back_by = 0  # number of the order that put this engine back; what it says before that is of no use
        self._heard = False  # whether the engine has said how it stands since it was put back
        self._pid = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._heart = Heartbeat()
        self._watch = Watch(lambda outputs, programs: self._tell(wire.Outputs(outputs, programs)))
        self._lost_at = 0.0
        self._awaited: set[Deck] = set()  # decks that are to sound again before all is restored
        self._blame = Blame()
        self._chosen = ""  # the output that a person chose
        self._closing = threading.Event()
        self._up_at = 0.0
        self._reach_out()
        self._thread = threading.Thread(target=self._attend, name="music", daemon=True)
        self._thread.start()
        self._watch.start()

    # The port

    def load(self, deck: Deck, path: Path, at_ms: int = 0) -> None:
        """See port.py."""
        name = os.path.abspath(path).encode("utf-8", "replace").decode()  # one that is no text is a missing file
        self._order(wire.Load(deck, name, at_ms))

    def play(self, deck: Deck, gain: float = 1.0, ms: int = 0) -> None:
        """See port.py."""
        self._order(wire.Play(deck, gain, ms))

    def crossfade(self, old: Deck, new: Deck, gain: float = 1.0, ms: int = 8_000) -> None:
        """See port.py."""
        self._order(wire.Crossfade(old, new, gain, ms))

    def fade(self, deck: Deck, to: float, ms: int, curve: Curve = "power") -> None:
        """See port.py."""
        self._order(wire.FadeTo(deck, to, ms, curve))

    def pause(self, deck: Deck, ms: int = 0) -> None:
        """See port.py."""
        self._order(wire.Pause(deck, ms))

    def resume(self, deck: Deck, ms: int = 0) -> None:
        """See port.py."""
        self._order(wire.Resume(deck, ms))

    def stop(self, deck: Deck, ms: int = 0) -> None:
        """See port.py."""
        self._order(wire.Stop(deck, ms))

    def seek(self, deck: Deck, to_ms: int) -> None:
        """See port.py."""
        self._order(wire.Seek(deck, to_ms))

    def set_volume(self, percent: int) -> None:
        """See port.py."""
        self._order(wire.SetVolume(percent))

    def use_output(self, name: str) -> None:
        """See port.py."""
        self._chosen = name
        self._order(wire.UseOutput(name))

    def close(self, play_out: bool) -> None:
        """See port.py."""
        if self._closing.is_set():
            return
        self._watch.stop()
        self._order(wire.Leave(play_out))
        self._closing.set()
        with self._lock, contextlib.suppress(OSError):
            if self._socket:
                self._socket.shutdown(socket.SHUT_WR)  # what was ordered still arrives; then the reader sees the end
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _order(self, order: wire.Order) -> None:
        if self._closing.is_set():
            return
        with self._lock:
            self._number += 1
            numbered = wire.Numbered(self._number, order)
            if not self._unheeded:
                self._heart.asked()
            self._unheeded.append(numbered)
            self._send(numbered)

    def _send(self, numbered: wire.Numbered) -> None:
        # A send that fails needs no answer here: the reader sees the end too, and what is unheeded is given again.
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.sendall(wire.line(numbered))

    # Up and down

    def _reach_out(self) -> None:
        """Reach the engine that listens, or put the spare in its place, or start one; and say where it should stand."""
        try:
            reached = reach(self._path, self._spare)
        except OSError as error:
            log.error("the music's process can't be reached: %s", error)
            return
        reached.connection.settimeout(BEAT_S)
        self._child = reached.child
        with self._lock:  # at once: an order given in between would be sent twice
            self._socket = reached.connection
            self._put_back(new=reached.child is not None)

    def _attend(self) -> None:
        failures = 0
        while not self._closing.is_set():
            said_hello = self._listen()
            self._let_go()
            if self._closing.is_set():
                break
            failures = 0 if said_hello else failures + 1
            self._mourn(said_hello)
            if failures >= 2:
                self._tell(wire.Unavailable(self._why_it_does_not_start()))
            if not self._closing.wait(PAUSES_S[min(failures, len(PAUSES_S) - 1)]):
                self._reach_out()
        self._let_go()
        self._spare.let_go()

    def _why_it_does_not_start(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._child and self._child.wait(1) == wire.UNUSABLE:
                return NOT_INSTALLED
        return WOULD_NOT_START

    def _listen(self) -> bool:
        """Hear the engine until its end. Whether it said hello."""
        said_hello = False
        lines = Lines(_decode, lambda line: log.error("the music's process said something unknown: %r", line))
        while connection := self._socket:
            try:
                came = connection.recv(1 << 16)
            except TimeoutError:
                if self._closing.is_set():
                    break
                self._end_if_hung(spoke=False)
                connection.settimeout(CLOSER_S)
                continue
            except OSError:
                came = b""
            if not came:
                break
            connection.settimeout(BEAT_S)
            self._heart.spoke()
            for event in lines.take(came):
                said_hello = said_hello or isinstance(event, wire.Hello)
                self._note(event)
        return said_hello

    def _note(self, event: wire.Told) -> None:
        match event:
            case wire.Hello(pid=pid):
                self._pid, self._up_at = pid, time.monotonic()
                self._watch.own |= {pid}
                self._heart = Heartbeat()
            case wire.Status(done=done) if done < self._put_back_by:
                return
            case wire.Status(done=done):
                with self._lock:
                    while self._unheeded and self._unheeded[0].n <= done:
                        self._unheeded.popleft()
                    if event.output and not any(isinstance(each.order, wire.UseOutput) for each in self._unheeded):
                        self._chosen = self._chosen and event.output  # headphones go by other names in other profiles
                self._last, self._heard = event, True
                self._end_if_hung(spoke=True)
            case wire.Replaced():
                self._closing.set()
            case wire.Fault(trace=trace):
                log.error("the music's process had a fault and went on: %s", trace)
            case _:
                pass
        self._tell(event)
        if isinstance(event, wire.Playing):
            self._spare.warm()
        if isinstance(event, wire.Playing | wire.Failed | wire.Ended | wire.Stopped | wire.Paused):
            self._sound_is_back(event.deck)

    def _tell(self, event: wire.Event) -> None:
        if not self._closing.is_set() or isinstance(event, wire.Replaced):
            self._hear(event)

    def _end_if_hung(self, spoke: bool) -> None:
        if self._last is None or not self._pid:
            return
        if spoke:
            hangs = self._heart.frozen(self._pid, self._last)
        else:
            hangs = self._heart.missed(self._pid, self._last, asks=bool(self._unheeded))
        if not hangs:
            return
        log.error("the music's process hangs, and is replaced")
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._pid = 0

    def _let_go(self) -> None:
        with self._lock:
            if self._socket:
                self._socket.close()
            self._socket, self._pid = None, 0

    # The same place again

    def _mourn(self, said_hello: bool) -> None:
        """The engine is gone: say so if anything sounded, and remember where."""
        now = self._heart.over_at or time.monotonic()
        if self._last is None:
            return
        decks = self._last.decks
        sounding = frozenset(deck.path for deck in decks if deck.sounding)
        hung = self._heart.over_at is not None
        fatal = self._blame.died(now - self._up_at, hung, sounding) if said_hello else frozenset()
        if self._heard:  # and not one that died before it was put back: its silence goes on from the one before
            passed_ms = max(0, round(now * 1000) - self._last.at_ms)
            decks = tuple(_carried_on(deck, passed_ms) for deck in decks)
            self._lost_at = now
            self._awaited = set() if self._last.hushed else {deck.deck for deck in decks if deck.sounding}
            if self._awaited:
                self._tell(wire.Lost(decks))
        for deck in decks:
            if deck.sounding and deck.path in fatal:
                self._tell(wire.Failed(deck.deck, deck.path, BREAKS_THE_ENGINE))
                self._awaited.discard(deck.deck)
        decks = tuple(wire.DeckState(deck.deck) if deck.sounding and deck.path in fatal else deck for deck in decks)
        self._last, self._heard = msgspec.structs.replace(self._last, decks=decks), False

    def _put_back(self, new: bool) -> None:
        """Give a new engine its state and the orders that were under way; one that was reached again has it still."""
        given = (numbered.order for numbered in self._unheeded)
        orders: list[wire.Order] = [order for order in given if not isinstance(order, wire.Restore)]
        self._unheeded.clear()
        self._put_back_by = 0
        if new and (last := self._last):
            output = self._chosen or last.output
            orders.insert(0, wire.Restore(last.volume, last.decks, last.crossing, output, last.room))
        if new and self._chosen:
            orders.insert(0, wire.UseOutput(self._chosen))
        for order in orders:
            self._number += 1
            if isinstance(order, wire.Restore):
                self._put_back_by = self._number
            numbered = wire.Numbered(self._number, order)
            self._unheeded.append(numbered)
            self._send(numbered)

    def _sound_is_back(self, deck: Deck) -> None:
        if deck in self._awaited and self._last:
            self._awaited.discard(deck)
            if not self._awaited:
                gap_ms = round((time.monotonic() - self._lost_at) * 1000)
                self._tell(wire.Restored(gap_ms, self._last.decks))


def _carried_on(deck: wire.DeckState, passed_ms: int) -> wire.DeckState:
    """A deck as it stood when the sound broke off, `passed_ms` after it was last heard of."""
    if deck.state != "playing":
        return deck
    fade = deck.fade
    if fade:
        left_ms = max(0, fade.left_ms - passed_ms)
        way = passed_ms / fade.left_ms if left_ms else 1.0
        gain = deck.gain + (fade.to - deck.gain) * way
        fade = msgspec.structs.replace(fade, left_ms=left_ms)
    else:
        gain = deck.gain
    return msgspec.structs.replace(
        deck,
        position_ms=max(0, deck.position_ms + passed_ms - LEAD_MS),
        gain=gain,
        fade=fade,
        leave_ms=max(0, deck.leave_ms - passed_ms),
    )
