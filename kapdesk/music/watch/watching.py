"""Looks at the sound server from the desk, on its own thread: what outputs there are, and what else sounds there."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from kapdesk.music.watch.outputs import Output, Program, read
from kapdesk.music.watch.server import gone, reach

AFTER_START_S = 2.0
"""The first look waits so long, or until someone asks: the window comes first."""

AT_LEAST_S = 1.0
"""Between two looks where the server says nothing of a change."""

SETTLE_S = 0.4
"""Changes come in bunches: every step of a fade of ours is one."""

AGAIN_S = 2.0
"""Between two attempts to reach a server."""

Tell = Callable[[tuple[Output, ...], tuple[Program, ...]], None]


class Watch:
    """`tell` is called on the watch's thread with all outputs and what is open on them, whenever that has changed.

    Without a sound server it says nothing.
    """

    def __init__(self, tell: Tell) -> None:
        self.own: frozenset[int] = frozenset()
        """Our own processes: no other programs."""
        self._tell = tell
        self._told: tuple[tuple[Output, ...], tuple[Program, ...]] | None = None
        self._over = threading.Event()

    def start(self) -> None:
        """Begin to look, in a while."""
        threading.Thread(target=self._run, name="music's watch", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()

    def _run(self) -> None:
        self._over.wait(AFTER_START_S)
        while not self._over.is_set():
            with reach() as pulse:
                if pulse is not None:
                    with contextlib.suppress(*gone()):
                        self._follow(pulse)
            self._over.wait(AGAIN_S)

    def _follow(self, pulse: Any) -> None:
        """Until the server has gone, or nobody wants to know."""
        import pulsectl

        def stop(event: Any) -> None:
            raise pulsectl.PulseLoopStop

        self._told = None
        pulse.event_mask_set("sink", "sink_input", "card", "server")
        pulse.event_callback_set(stop)
        while not self._over.is_set():
            seen = read(pulse, self.own)
            if seen != self._told:
                self._told = seen
                self._tell(*seen)
            pulse.event_listen(AT_LEAST_S)
            self._over.wait(SETTLE_S)
