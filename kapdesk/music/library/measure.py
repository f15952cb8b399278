"""Hears one file whole, in the child process, and measures it.

Import late: numpy, FFmpeg's libraries and the loudness meter come with it.
"""

import contextlib
import hashlib
import math
import os
from collections.abc import Callable
from pathlib import Path

from kapdesk.errors import KnownError
from kapdesk.music.compose.meter import meter
from kapdesk.music.library.decode import Decoding, Undecodable
from kapdesk.music.library.measured import Measured
from kapdesk.music.library.peak import Peak

NO_SOUND = "It holds no music that can be played here, whatever its name says."
EMPTY = "The file is empty."
CHANGED = "It was changed while it was being read. Check it again."
GONE = "It was removed while it was being read."
SOFTEST_LUFS = -70.0
"""The absolute gate of the loudness measure: what is softer than this counts as silence."""

_BITE = 1 << 20
_HASHING = 0.1
_END_OF_OGG = 0x04

Tell = Callable[[float], None]
"""Is told the share done, 0 to 1."""


def measure(path: Path, tell: Tell = lambda share: None) -> Measured:
    """Everything there is to know of a file before it is played.

    What holds no sound comes back with its `trouble`. Raises KnownError where the file cannot be read at all, or is
    no longer the one it was. The file is only read.
    """
    before = _seen(path)
    if before.st_size == 0:
        raise KnownError(EMPTY)
    digest = digest_of(path, lambda share: tell(_HASHING * share))
    measured = _heard(path, digest, before.st_size, tell)
    after = _seen(path)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise KnownError(CHANGED)
    return measured


def digest_of(path: Path, tell: Tell = lambda share: None) -> str:
    """SHA-256 of a file's bytes, in lower hex. Raises KnownError when it cannot be read."""
    hashed, done = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            size = max(1, os.fstat(file.fileno()).st_size)
            while bite := file.read(_BITE):
                hashed.update(bite)
                done += len(bite)
                tell(min(1.0, done / size))
    except OSError as error:
        raise KnownError(unreadable(error)) from error
    return hashed.hexdigest()


def unreadable(error: OSError) -> str:
    """Why a file cannot be read, in a sentence."""
    match error:
        case FileNotFoundError():
            return GONE
        case PermissionError():
            return "It may not be read: ask whoever looks after this computer for the right to it."
        case IsADirectoryError():
            return "This is a folder, not a piece of music."
        case _:
            return f"It cannot be read ({error.strerror or error})."


def _heard(path: Path, digest: str, size: int, tell: Tell) -> Measured:
    decoding = Decoding(path)
    try:
        heard = peak = None
        for block in decoding.blocks():
            if heard is None or peak is None:
                heard, peak = meter(decoding.rate, whole=True, peaks=False), Peak(decoding.rate)
            heard.add(block)
            peak.add(block)
            tell(_HASHING + (1 - _HASHING) * decoding.share)
    except FileNotFoundError as error:
        raise KnownError(GONE) from error
    except (Undecodable, OSError):
        return Measured(digest=digest, size=size, trouble=NO_SOUND)
    if heard is None or peak is None:
        return Measured(digest=digest, size=size, trouble=NO_SOUND)
    lufs = heard.integrated()
    title, artist = _named(path)
    return Measured(
        digest=digest, size=size, length_ms=decoding.length_ms, told_ms=decoding.told_ms, end_ms=decoding.end_ms,
        lufs=round(lufs, 2) if lufs > SOFTEST_LUFS else None,
        range_lu=round(heard.range_lu(), 2), peak_dbtp=round(20 * math.log10(max(peak.highest, 1e-6)), 2),
        channels=decoding.channels, rate=decoding.rate, coding=decoding.coding, seeks_badly=decoding.seeks_badly,
        faults=decoding.faults, unfinished=_unfinished(path), title=title, artist=artist,
    )  # fmt: skip


def _seen(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise KnownError(unreadable(error)) from error


def _unfinished(path: Path) -> bool:
    """Whether an Ogg file lacks the mark on its last page: it states no length that could be held against it."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        if file.read(4) != b"OggS":
            return False
        file.seek(max(0, path.stat().st_size - (1 << 17)))
        end = file.read()
        last = end.rfind(b"OggS")
        return 0 <= last < len(end) - 5 and not end[last + 5] & _END_OF_OGG
    return False


def _named(path: Path) -> tuple[str, str]:
    """Title and artist as the file's own tags have them; empty where there are none."""
    from tinytag import TinyTag, TinyTagException

    try:
        tag = TinyTag.get(path, duration=False)
    except (TinyTagException, OSError, ValueError, LookupError, ArithmeticError, TypeError, AttributeError):
        return "", ""  # tags are a courtesy: whatever is wrong with them, the music is what counts
    return _line(tag.title), _line(tag.artist)


def _line(said: str | None) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in said or "")
    return " ".join(plain.encode("utf-8", "replace").decode().split())[:200]
