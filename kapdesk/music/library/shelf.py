"""What was measured is kept by content: a file that was moved is found, an unchanged one is not heard twice.

Nothing of any patient is in it, and nothing that could not be measured anew: what cannot be read is left out.
"""

import contextlib
import os
import threading
from pathlib import Path

import msgspec

from kapdesk.music.library.measured import Measured

FILE = "shelf.jsonl"
SHIPPED = "measured.jsonl"
ANY_TIME = -1
"""The time of change of a shipped file is that of its unpacking."""


class Place(msgspec.Struct, frozen=True):
    """A file that held a piece: where it lay, its size in bytes and when it was last changed, in ns."""

    path: str
    size: int
    mtime_ns: int
    digest: str


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the file."""

    place: Place | None = None
    piece: Measured | None = None


_decode = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.Encoder().encode


class Shelf:
    """Pieces by digest, places by path. May be used by several threads, and its file by several programs.

    Every line stands alone and the newest wins, so that a torn or foreign line costs that line only.
    """

    def __init__(self, folder: Path, shipped: Path | None = None) -> None:
        self._file = folder / FILE
        self._lock = threading.Lock()
        self._pieces: dict[str, Measured] = {}
        self._places: dict[str, Place] = {}
        if shipped is not None:
            for line in _lines(shipped / SHIPPED):
                if line.place is not None:
                    here = msgspec.structs.replace(line.place, path=str(shipped / line.place.path))
                    self._take(Line(here, line.piece))
        self._shipped = set(self._places)
        kept = _lines(self._file)
        for line in kept:
            self._take(line)
        if len(kept) > 2 * (len(self._places) + len(self._pieces)) + 100:
            self._rewrite()

    def known(self, path: Path) -> Measured | None:
        """What was measured of the file as it lies there now; None when it was changed since, or never heard."""
        place = self._places.get(str(path))
        if place is None:
            return None
        try:
            now = path.stat()
        except OSError:
            return None
        same = place.size == now.st_size and place.mtime_ns in {now.st_mtime_ns, ANY_TIME}
        return self._pieces.get(place.digest) if same else None

    def was_at(self, path: Path) -> Measured | None:
        """The piece that last lay at a path, whatever lies there now."""
        place = self._places.get(str(path))
        return self._pieces.get(place.digest) if place is not None else None

    def likely(self, path: Path) -> Measured | None:
        """What lay at a path before, where a file of the same size lies there now: probably the same, touched."""
        was = self.was_at(path)
        try:
            return was if was is not None and was.size == path.stat().st_size else None
        except OSError:
            return None

    def piece(self, digest: str) -> Measured | None:
        """The piece of this content."""
        return self._pieces.get(digest)

    def has_size(self, size: int) -> bool:
        """Whether a piece of so many bytes is known: it may be the same one."""
        return any(piece.size == size for piece in list(self._pieces.values()))

    def places_of(self, digest: str) -> list[Path]:
        """Where files of this content were seen and still lie."""
        places = [Path(place.path) for place in list(self._places.values()) if place.digest == digest]
        return [path for path in places if self.known(path) is not None]

    def put(self, path: Path, seen: os.stat_result, measured: Measured) -> None:
        """Keep what was measured of a file. Where the disk refuses, it is known until the program ends."""
        place = Place(str(path), seen.st_size, seen.st_mtime_ns, measured.digest)
        line = Line(place, measured if self._pieces.get(measured.digest) != measured else None)
        with self._lock:
            self._take(Line(place, measured))
            with contextlib.suppress(OSError):
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
                    file.write(b"\n" * _torn(self._file) + _encode(line) + b"\n")

    def _take(self, line: Line) -> None:
        if line.piece is not None:
            self._pieces[line.piece.digest] = line.piece
        if line.place is not None:
            self._places[line.place.path] = line.place

    def _rewrite(self) -> None:
        """Without what was said twice; whole, or as it was."""
        lines = [Line(piece=piece) for piece in self._pieces.values()]
        lines += [Line(place=place) for path, place in self._places.items() if path not in self._shipped]
        new = self._file.with_name(f"{FILE}.{os.getpid()}.new")
        with contextlib.suppress(OSError):
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.writelines(_encode(line) + b"\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._file)


def _torn(file: Path) -> bool:
    """Whether the last line was never finished."""
    with contextlib.suppress(OSError), file.open("rb") as read:
        read.seek(-1, os.SEEK_END)
        return read.read(1) != b"\n"
    return False


def _lines(file: Path) -> list[Line]:
    lines = []
    try:
        raw = file.read_bytes()
    except OSError:
        return []
    for line in raw.split(b"\n"):
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
            lines.append(_decode(line))
    return lines
