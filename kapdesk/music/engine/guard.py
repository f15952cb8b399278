"""Looks at the sound server from a thread of the engine's: libVLC plays on into nothing without a word.

When an output goes, the sound server moves what sounds on it to another one, a loudspeaker for instance. A stream that
is found where it should not be is muted here and at once (1 to 2 ms after the move; at most the one block that the
loudspeaker has rendered by then is heard); all else is left to the engine's own thread. A sink of our own in between,
which no server moves (module-combine-sink), was tried: it made gaps and clicks in everything.
"""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kapdesk.music.watch.outputs import bluetooth_address
from kapdesk.music.watch.server import gone, reach

AGAIN_S = 0.1
"""Between two attempts to reach a sound server that was there."""

NEVER_YET_S = 2.0
"""Between two attempts to reach one that never was."""


ASK_S = 0.5
"""Between two questions to a server that says nothing by itself: it may hang."""


class Seen(NamedTuple):
    """Every output by name, with the port it plays through (empty where it has none), and which one is the default's.

    `devices` has the address of those that are Bluetooth: in another profile they go by another name. Without a sound
    server there is none.
    """

    outputs: Mapping[str, str]
    default: str
    devices: Mapping[str, str]


NOTHING = Seen({}, "", {})


class Guard:
    """`allowed` are the outputs that our streams may be on. `notice` is called on the guard's thread."""

    def __init__(self, notice: Callable[[], None]) -> None:
        self.allowed: frozenset[str] = frozenset()
        self.seen: Seen | None = None
        """None until it has looked."""
        self.strayed: deque[str] = deque()
        """Where streams of ours were found, and muted."""
        self._notice = notice
        self._names: dict[int, str] = {}
        self._asked_at: float | None = None

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name="guard", daemon=True).start()

    def unanswered_s(self) -> float:
        """For how long the sound server has owed an answer; it hangs where that is long."""
        asked_at = self._asked_at
        return 0.0 if asked_at is None else time.monotonic() - asked_at

    def _run(self) -> None:
        rest = threading.Event()
        pause_s = NEVER_YET_S
        while True:
            self._asked_at = time.monotonic()
            with reach() as pulse:
                if pulse is not None:
                    pause_s = AGAIN_S
                    with contextlib.suppress(*gone()):
                        self._watch(pulse)
            self._asked_at = None
            self._tell(NOTHING)
            rest.wait(pause_s)

    def _watch(self, pulse: Any) -> None:
        """Until the server has gone."""
        import pulsectl

        events: list[Any] = []

        def take(event: Any) -> None:
            events.append(event)
            raise pulsectl.PulseLoopStop

        pulse.event_mask_set("sink", "sink_input", "server")
        pulse.event_callback_set(take)
        self._look(pulse)
        for stream in pulse.sink_input_list():
            self._mind(pulse, stream)
        while True:
            self._asked_at = None
            if not events:
                pulse.event_listen(ASK_S)
            self._asked_at = time.monotonic()
            came, events[:] = list(events), []
            for index in {event.index for event in came if event.facility == "sink_input" and event.t != "remove"}:
                try:
                    self._mind(pulse, pulse.sink_input_info(index))
                except pulsectl.PulseIndexError:
                    continue  # it has gone meanwhile
            if not came:
                pulse.server_info()
            if any(event.facility != "sink_input" for event in came):
                self._look(pulse)

    def _mind(self, pulse: Any, stream: Any) -> None:
        """Mute a stream of ours that is where it should not be."""
        if stream.proplist.get("application.process.id") != str(os.getpid()) or stream.mute:
            return
        if self._names.get(stream.sink) in self.allowed:
            return
        _mute(pulse, stream, True)
        self._look(pulse)
        if self._names.get(stream.sink) in self.allowed:  # an output that has just come
            _mute(pulse, stream, False)
        else:
            self.strayed.append(self._names.get(stream.sink, ""))
            self._notice()

    def _look(self, pulse: Any) -> None:
        sinks = pulse.sink_list()
        self._names = {sink.index: sink.name for sink in sinks}
        outputs = {sink.name: sink.port_active.name if sink.port_active else "" for sink in sinks}
        before = self.seen.outputs if self.seen else {}
        if any(taken_off(before.get(name, ""), outputs.get(name, "")) for name in self.allowed):
            for stream in pulse.sink_input_list():
                if stream.proplist.get("application.process.id") == str(os.getpid()):
                    _mute(pulse, stream, True)
        devices = {sink.name: device for sink in sinks if (device := bluetooth_address(sink.proplist))}
        self._tell(Seen(outputs, str(pulse.server_info().default_sink_name), devices))

    def _tell(self, seen: Seen) -> None:
        if seen != self.seen:
            self.seen = seen
            self._notice()


def _mute(pulse: Any, stream: Any, muted: bool) -> None:
    import pulsectl

    try:
        pulse.sink_input_mute(stream.index, muted)
    except pulsectl.PulseOperationFailed:  # it has gone meanwhile, or the server has
        if not pulse.connected:
            raise


def taken_off(before: str, port: str) -> bool:
    """Whether headphones were pulled out of an output that goes on by another port: its loudspeaker."""
    return _headphones(before) and not _headphones(port)


def _headphones(port: str) -> bool:
    return any(word in port.casefold() for word in ("headphone", "headset", "handset"))
