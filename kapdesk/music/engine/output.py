"""Where the sound can go: asked before libVLC starts, because libVLC plays on into nothing without a word."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from kapdesk.music.watch.server import reach


class Output(NamedTuple):
    """`module` is libVLC's name of the output (empty lets it choose), `sink` says to people where the sound goes.

    `name` is the sound server's own; `chosen` whether the environment asks for it.
    """

    module: str
    sink: str
    name: str = ""
    chosen: bool = False


DUMMY = Output("pulse,adummy", "dummy (no sound server)")
"""Plays in real time to nobody: everything but the headphones works. A sound server that comes later is used."""


def find() -> Output:
    """The sound server's output, else the sound card's, else libVLC's dummy."""
    if not sys.platform.startswith("linux"):
        return Output("", "system default")
    if sink := _pulse_sink():
        return Output("pulse,adummy", sink, sink, bool(os.environ.get("PULSE_SINK")))
    if _has_card():
        return Output("alsa", "ALSA default")
    return DUMMY


def _pulse_sink() -> str:
    """Name of the sink that a new player gets; empty without a PulseAudio (or PipeWire) server."""
    with reach() as pulse:
        if pulse is None:
            return ""
        return os.environ.get("PULSE_SINK") or str(pulse.server_info().default_sink_name)


def _has_card() -> bool:
    try:
        return "[" in Path("/proc/asound/cards").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
