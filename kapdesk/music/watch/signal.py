"""Whether what a process plays reaches its output, asked of the sound server and not of the process."""

import threading
from typing import Any, Literal, NamedTuple

from kapdesk.music.fades import volume_towards
from kapdesk.music.watch.server import gone, reach

PEAK_S = 0.12
"""How long to listen where the server does not say how much it still has to play (PipeWire)."""

AUDIBLE = 1e-4
"""A peak of -80 dBFS: below that nobody hears anything."""

STEP_S = 0.021
"""Between two steps of a volume; see the mixer's."""


class Signal(NamedTuple):
    """`left_s`: how much sound of the process the server has yet to play, where it says so."""

    heard: Literal["sounds", "silent", "unknown"]
    left_s: float = 0.0


def signal_of(pid: int) -> Signal:
    """What is heard of a process now. Takes some milliseconds, 0.1 s at most; unknown where no server can be asked."""
    try:
        with reach() as pulse:
            if pulse is None:
                return Signal("unknown")
            streams = _streams(pulse, pid)
            left_s = max((stream.buffer_usec / 1e6 for stream in streams), default=0.0)
            if left_s > 0:
                return Signal("sounds", left_s)
            peaks = (_peak(pulse, stream) for stream in streams)
            return Signal("sounds" if any(peak > AUDIBLE for peak in peaks) else "silent")
    except gone():
        return Signal("unknown")


def soften(pid: int) -> None:
    """Let what a process plays go out softly, from outside: it can't any more. Takes 0.9 s from full level."""
    rest = threading.Event()
    try:
        with reach() as pulse:
            if pulse is None:
                return
            streams = _streams(pulse, pid)
            volumes = {stream.index: round(100 * stream.volume.value_flat) for stream in streams}
            while any(volumes.values()):
                for stream in streams:
                    volumes[stream.index] = volume = volume_towards(volumes[stream.index], 0)
                    pulse.volume_set_all_chans(stream, volume / 100)
                rest.wait(STEP_S)
    except gone():
        return  # silent is silent


def _streams(pulse: Any, pid: int) -> list[Any]:
    return [each for each in pulse.sink_input_list() if each.proplist.get("application.process.id") == str(pid)]


def _peak(pulse: Any, stream: Any) -> float:
    source = pulse.sink_info(stream.sink).monitor_source
    return float(pulse.get_peak_sample(source, PEAK_S, stream.index))
