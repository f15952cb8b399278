"""The sound server (PulseAudio, or PipeWire speaking like it), reached late and left quietly where there is none."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def may_have_server() -> bool:
    """Whether there can be a sound server at all; quick to ask."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(os.environ.get("PULSE_SERVER")) or any(place.exists() for place in _server_places())


def _server_places() -> list[Path]:
    runtime = os.environ.get("PULSE_RUNTIME_PATH") or f"{os.environ.get('XDG_RUNTIME_DIR', '')}/pulse"
    return [Path(runtime, "native"), Path.home() / ".config/pulse", Path("/run/pulse/native")]


def gone() -> tuple[type[Exception], ...]:
    """What is raised when the server goes in the midst of an answer, or what was asked about has gone."""
    import pulsectl

    return pulsectl.PulseError, pulsectl.PulseDisconnected


@contextmanager
def reach() -> Iterator[Any]:
    """A connection to the server (pulsectl's), or None where there is none."""
    if not may_have_server():
        yield None
        return
    import pulsectl  # late: not needed where no server can be

    try:
        pulse = pulsectl.Pulse("KapDesk")
    except pulsectl.PulseError:
        yield None
        return
    with pulse:
        yield pulse
