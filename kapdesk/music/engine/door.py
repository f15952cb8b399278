"""The engine's end of the socket: one desk at a time, the newest; lines in and out, never waiting for either."""

import contextlib
import socket
from pathlib import Path

import msgspec

from kapdesk.music.engine import wire
from kapdesk.music.engine.lines import Lines

MOST_UNSENT = 1 << 20
"""Bytes. A desk that has not read for minutes is let go; it may come back and is told how everything stands."""

_decode = msgspec.json.Decoder(wire.Numbered).decode


class Door:
    """Listens on a socket that only this user may open (mode 0600)."""

    def __init__(self, path: Path, listening: int | None = None) -> None:
        self._path = path
        self._listener = listen(path) if listening is None else socket.socket(fileno=listening)
        self._listener.setblocking(False)
        self._bound_at = Path(self._listener.getsockname())
        self._inode = self._bound_at.stat().st_ino
        self.desk: socket.socket | None = None
        self._lines = Lines(_decode, lambda line: self.tell(wire.Fault(f"not an order: {line!r}")))
        self._unsent = bytearray()

    def readers(self) -> list[socket.socket]:
        """What to wait for."""
        return [self._listener, *([self.desk] if self.desk else [])]

    def writers(self) -> list[socket.socket]:
        """What to wait for when something is unsent."""
        return [self.desk] if self.desk and self._unsent else []

    def newcomer(self) -> bool:
        """Let in a desk that knocks, if one does. The desk before is told, and let go."""
        try:
            desk, _ = self._listener.accept()
        except BlockingIOError:
            return False
        self.tell(wire.Replaced())
        self.let_go()
        desk.setblocking(False)
        self.desk = desk
        return True

    def orders(self) -> list[wire.Numbered]:
        """The orders that have come in. A line that is none is passed over: an older desk may know other words."""
        if self.desk is None:
            return []
        try:
            came = self.desk.recv(1 << 16)
        except BlockingIOError:
            return []
        except OSError:
            came = b""
        if not came:
            self.let_go()
        return self._lines.take(came)

    def tell(self, event: wire.Told) -> None:
        """Send an event, now or as soon as the desk reads on; nothing without a desk."""
        if self.desk is None:
            return
        self._unsent += wire.line(event)
        try:
            del self._unsent[: self.desk.send(self._unsent)]
        except BlockingIOError:
            if len(self._unsent) > MOST_UNSENT:
                self.let_go()
        except OSError:
            self._unsent.clear()  # it has gone; what it said before is still to be read

    def let_go(self) -> None:
        """Close the desk's connection."""
        if self.desk:
            self.desk.close()
        self.desk = None
        self._lines.clear()
        self._unsent.clear()

    def close(self) -> None:
        """Stop listening; the file goes, unless another engine has put its own there."""
        self.let_go()
        self._listener.close()
        for place in {self._bound_at, self._path}:  # a spare's socket is moved when it takes over
            with contextlib.suppress(FileNotFoundError):
                if place.stat().st_ino == self._inode:
                    place.unlink()


def listen(path: Path) -> socket.socket:
    """Listen at a path, in place of whatever was left there. Only this user may connect."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)  # before it listens, nobody can connect
    listener.listen()
    return listener
