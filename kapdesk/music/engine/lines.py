"""Bytes as they come over the socket, and the lines in them; what is none is told, and the next one is read."""

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

MOST_UNREAD = 1 << 20
"""Bytes. Nobody says more than that in one line: it is passed over up to its end."""

Said = TypeVar("Said")


class Lines(Generic[Said]):
    """`decode` reads a line; `odd` is told the beginning of each that is none: an older side may know other words."""

    def __init__(self, decode: Callable[[bytes], Said], odd: Callable[[bytes], None]) -> None:
        self._decode, self._odd = decode, odd
        self._rest = b""
        self._passing = False

    def take(self, came: bytes) -> list[Said]:
        """What the lines say that are whole by now."""
        *lines, self._rest = (self._rest + came).split(b"\n")
        said = []
        for line in lines:
            if self._passing:
                self._passing = False
                continue
            try:
                said.append(self._decode(line))
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                self._odd(line[:200])
        if len(self._rest) > MOST_UNREAD:
            if not self._passing:
                self._odd(self._rest[:200])
            self._rest, self._passing = b"", True
        return said

    def clear(self) -> None:
        """Another one speaks from now on."""
        self._rest, self._passing = b"", False
