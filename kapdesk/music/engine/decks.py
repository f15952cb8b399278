"""The process that makes the sound: `python -m kapdesk.music.engine.decks SOCKET [LISTENING_FD [SPARE]]`.

It runs in a session of its own, so that it outlives the desk: what sounds when the desk dies is played to its end,
and a desk that comes back finds it by its socket and takes it over. One thread does everything; libVLC's threads
only put what they notice into a queue and knock.
"""

import contextlib
import os
import select
import signal
import socket
import sys
from collections import deque
from pathlib import Path
from types import FrameType

from kapdesk.music.engine import wire
from kapdesk.music.engine.door import Door
from kapdesk.music.engine.guard import Guard
from kapdesk.music.engine.mixer import Mixer
from kapdesk.music.engine.outlet import Outlet
from kapdesk.music.engine.output import find
from kapdesk.music.engine.player import Library, NoSound, Noticed, now_ms

STATUS_MS = 100
IDLE_MS = 1_000
LINGER_MS = 300
LINGER_LOADED_MS = 10_000
LINGER_HUSHED_MS = 60_000
"""How long an engine waits for a desk when it has none and nothing sounds; longer with a piece that is paused, longest
with one that waits for the headphones. After that they may be plugged in again without music starting by itself."""


class Engine:
    """The loop: orders in, ticks, events out.

    A `spare` one says nothing until it is asked for something: what it saw while another one played is of no use then.
    """

    def __init__(self, door: Door, spare: bool = False) -> None:
        self._door = door
        self._spare = spare
        self._noticed: deque[Noticed] = deque()
        self._orders: deque[wire.Numbered] = deque()  # come in, and not yet begun
        self._knocked, self._knock = socket.socketpair()
        self._knocked.setblocking(False)
        self._knock.setblocking(False)
        output = find()
        self._sink = output.sink
        library = Library(output.module, self._notice)
        self._libvlc = library.version
        players = {name: library.player(name) for name in wire.DECKS}
        self._mixer = Mixer(dict(players), self._tell)
        self.guard = Guard(self._knock_on)

        def start_on(name: str) -> None:
            library.output = name

        self._outlet = Outlet(output.name, output.chosen, self.guard, self._mixer, players, start_on, self._tell)
        self._done = 0  # number of the last order carried out
        self._told_at = self._ticked_at = 0.0
        self._busy_at = now_ms()  # when there was last a desk or a sound
        self._news = self._leaving = self._terminated = False
        self._last_trace = ""
        signal.signal(signal.SIGTERM, self._terminate)

    def _notice(self, noticed: Noticed) -> None:
        self._noticed.append(noticed)
        self._knock_on()

    def _knock_on(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it has knocked often enough
            self._knock.send(b"!")

    def _terminate(self, _signal: int, _frame: FrameType | None) -> None:
        self._terminated = True

    def run(self) -> None:
        """Until nothing sounds and nobody needs it."""
        while not self._over():
            try:
                self._turn()
            except Exception:  # noqa: BLE001 - a bug must not silence the room: it is told, and the sound goes on
                self._complain()

    def _turn(self) -> None:
        self._wait()
        now = now_ms()
        if self._door.newcomer():
            self._done, self._leaving, self._news = 0, self._terminated, True
            self._orders.clear()
            self._greet(now)
        before = self._outlet.name
        self._outlet.look(now)
        self._news = self._news or self._outlet.name != before
        self._obey(now)
        while self._noticed:
            self._mixer.notice(self._noticed.popleft(), now)
            self._news = True
        if not self._door.desk:
            self._mixer.play_out(now)
        if now - self._ticked_at >= (self._mixer.pace_ms(now) or 0):
            self._ticked_at = now
            self._mixer.tick(now)
        if self._news or (self._mixer.sounding and now - self._told_at >= STATUS_MS):
            self._tell(self._mixer.status(self._done, now, self._outlet.name))
            self._told_at, self._news = now, False
        if self._door.desk or (self._mixer.sounding and not self._mixer.hushed):
            self._busy_at = now

    def _obey(self, now: float) -> None:
        self._orders += self._door.orders()
        if self._orders and self._spare:
            self._spare = False
            self._greet(now)
        if self._terminated and not self._leaving:
            self._orders.append(wire.Numbered(self._done, wire.Leave(play_out=False)))
        while self._orders:  # one that fails takes none of those behind it along
            numbered = self._orders.popleft()
            self._done = numbered.n
            match numbered.order:
                case wire.Leave(play_out=play_out):
                    self._door.let_go()
                    self._leaving = not play_out
                case wire.UseOutput(name=name):
                    self._outlet.use(name, now)
                case wire.Restore(output=name) if name:
                    self._outlet.stay(name)
                case _:
                    pass
            self._mixer.take(numbered.order, now)
            self._news = True

    def _wait(self) -> None:
        now = now_ms()
        due = self._told_at + STATUS_MS if self._mixer.sounding else now + IDLE_MS
        if pace_ms := self._mixer.pace_ms(now):
            due = min(due, self._ticked_at + pace_ms)
        wait_ms = 0.0 if self._orders else max(0.0, due - now)
        select.select([self._knocked, *self._door.readers()], self._door.writers(), [], wait_ms / 1000)
        with contextlib.suppress(BlockingIOError):
            self._knocked.recv(4096)

    def _greet(self, now: float) -> None:
        self._tell(self._mixer.hello(os.getpid(), self._libvlc, self._outlet.name or self._sink, now))

    def _tell(self, event: wire.Told) -> None:
        if not self._spare:
            self._door.tell(event)
        self._news = True  # and how everything stands now

    def _complain(self) -> None:
        import traceback  # late: 4 ms of silence in the start after a fault

        trace = traceback.format_exc()
        if trace != self._last_trace:  # 200 turns a second might each say the same
            self._last_trace = trace
            self._tell(wire.Fault(trace))

    def _over(self) -> bool:
        waiting = self._mixer.sounding and self._mixer.hushed
        if (self._mixer.sounding and not waiting) or self._door.desk:
            return False
        linger_ms = LINGER_HUSHED_MS if waiting else LINGER_LOADED_MS if self._mixer.loaded else LINGER_MS
        return self._leaving or now_ms() - self._busy_at > linger_ms


def main() -> int:
    """Start listening, say hello to every desk that comes, and make sound."""
    path, *more = sys.argv[1:]  # no argparse: half of what it saves is silence after a fault
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    door = Door(Path(path), int(more[0]) if more else None)
    try:
        engine = Engine(door, spare=len(more) > 1)
        engine.guard.start()
        engine.run()
    except NoSound:
        return wire.UNUSABLE
    finally:
        door.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
