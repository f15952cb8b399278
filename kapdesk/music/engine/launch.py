"""Starting the engine's process, finding one that runs, and keeping a spare one warm."""

import contextlib
import ctypes
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

from kapdesk.errors import KnownError
from kapdesk.music.engine import wire
from kapdesk.music.engine.door import listen

NOT_INSTALLED = (
    "There is no music, because VLC is not installed; everything else works. "
    "To have music: sudo apt install libvlc5 vlc-plugin-base"
)

ENGINE = f"{__package__}.decks"

STAY = 'node.dont-reconnect="true" node.dont-fallback="true"'
"""Asks PipeWire never to move our streams to another output. PulseAudio knows no such wish: see guard.py."""

_PACKAGES = Path(__file__).resolve().parents[3]


class Reached(NamedTuple):
    """A connection to an engine; `child` is None where it had been started by another desk."""

    connection: socket.socket
    child: "subprocess.Popen[bytes] | None"


def need_libvlc() -> None:
    """Raise KnownError where libVLC is not installed: the engine would say so too, but only after a while."""
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL(os.environ.get("PYTHON_VLC_LIB_PATH", "libvlc.so.5"))
    except OSError:
        raise KnownError(NOT_INSTALLED) from None


def start(at: Path, path: Path) -> Reached:
    """Start an engine on a socket at `at`, which is, or will be moved to, `path`; be the first in its queue."""
    listener = listen(at)
    try:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(at))
        python_path = os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH")]))
        child = subprocess.Popen(
            # -P: what lies in the folder the desk was started from is none of its business.
            [sys.executable, "-P", "-m", ENGINE, str(path), str(listener.fileno()), *(["spare"] if at != path else [])],
            env={**os.environ, "PYTHONPATH": python_path, "PULSE_PROP": STAY},
            cwd="/",
            # Not the desk's: whoever reads those would wait for their end until the last piece has been played out.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    finally:
        listener.close()
    # It may outlive this desk; while both live, someone must see it end, or it would stay as a zombie.
    threading.Thread(target=child.wait, name="music's process", daemon=True).start()
    return Reached(connection, child)


class Spare:
    """A second engine that has done all but play, so that sound is back in 0.1 s and not in 0.2 to 0.5.

    It costs about 30 MB and no time of the processor. It leaves by itself when its desk goes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = path.with_name(path.name + ".spare")
        self._reached: Reached | None = None

    def warm(self) -> None:
        """Have one, unless there is one."""
        if self._reached is None:
            with contextlib.suppress(OSError):  # no memory, no processes: then there is none
                self._reached = start(self._at, self._path)

    def promote(self) -> Reached | None:
        """Put the spare in the place of the engine that is gone. None if there is none, or it is gone too."""
        reached, self._reached = self._reached, None
        if reached is None:
            return None
        try:
            self._at.replace(self._path)
        except FileNotFoundError:
            reached.connection.close()
            return None
        return reached

    def let_go(self) -> None:
        """Nobody needs it any more: tell it so, and it leaves at once."""
        if self._reached:
            with contextlib.suppress(OSError):
                self._reached.connection.sendall(wire.line(wire.Numbered(1, wire.Leave(play_out=False))))
            self._reached.connection.close()
        self._reached = None


def reach(path: Path, spare: Spare) -> Reached:
    """Connect to the engine that listens at `path`; else put the spare there, or start one."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except (ConnectionRefusedError, FileNotFoundError):
        connection.close()
        return spare.promote() or start(path, path)
    return Reached(connection, None)
