"""The files of the second copy: lines that are sealed one by one, each bound to its place, readable behind damage."""

import os
import secrets
import struct
from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kapdesk.errors import KnownError
from kapdesk.facts.entry import Stream
from kapdesk.record.log import Kept

SUFFIX = ".journal"
_MAGIC = b"KAPDESK JOURNAL 1\n"
_MARK = b"\xf4KJ\x01"
_FRAME = struct.Struct(">4sQI")  # mark, number in this file, bytes that follow
_NONCE = 12
LARGEST = 64 << 20
"""A frame that claims to be longer is damaged."""

Line = tuple[int, Kept]
"""An entry and the number of its row in the record, which only ever grows."""

_decode = msgspec.msgpack.Decoder(Line).decode


class Found(msgspec.Struct, frozen=True):
    """What stands in the journal's files, and in plain words what in them cannot be read."""

    lines: tuple[Line, ...]
    faults: tuple[str, ...] = ()


class Seal:
    """Seals lines with AES-256-GCM, each bound to its clinic and its place in the file. The key comes from the
    record's (HKDF, RFC 5869), so whoever opens the record opens its second copy."""

    def __init__(self, clinic: UUID, database_key: str) -> None:
        secret = bytes.fromhex(database_key)
        self._cipher = AESGCM(HKDF(SHA256(), 32, clinic.bytes, b"kapdesk journal").derive(secret))
        which = HKDF(SHA256(), 8, clinic.bytes, b"kapdesk journal, which key").derive(secret)
        self.header = _MAGIC + clinic.bytes + which

    def frame(self, number: int, line: Line) -> bytes:
        """A line as it stands in the file."""
        content, nonce = msgspec.msgpack.encode(line), secrets.token_bytes(_NONCE)
        head = _FRAME.pack(_MARK, number, _NONCE + len(content) + 16)
        return head + nonce + self._cipher.encrypt(nonce, content, self.header + head)

    def open(self, head: bytes, sealed: bytes) -> Line | None:
        """The line in a frame; None where it is not as it was written."""
        try:
            line: Line = _decode(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self.header + head))
        except (InvalidTag, ValueError, msgspec.MsgspecError):
            return None
        return line


def read(place: Path, clinic: UUID, database_keys: Sequence[str]) -> Found:
    """All that stands in a journal, by its rows; each file opens with one of the keys (the present one, past ones).

    Reading goes on behind whatever is damaged, and past a file that its disk does not give.
    """
    lines: list[Line] = []
    faults: list[str] = []
    for path in _files(place):
        found = _found(path, clinic, database_keys)
        lines += found.lines
        faults += (f"{path.name}: {fault}" for fault in found.faults)
    return Found(tuple(sorted(lines, key=lambda line: line[0])), tuple(faults))


def ends(place: Path, clinic: UUID, database_keys: Sequence[str]) -> Found:
    """The last line of each file: enough to see whether the record ends too early. What is damaged is read whole."""
    lines: list[Line] = []
    faults: list[str] = []
    for path in _files(place):
        found = _found(path, clinic, database_keys, only_last=True)
        lines += found.lines[-1:]
        faults += (f"{path.name}: {fault}" for fault in found.faults)
    return Found(tuple(lines), tuple(faults))


def forget(place: Path, clinic: UUID, database_keys: Sequence[str], up_to_row: int, in_use: Path | None = None) -> None:
    """Delete the files that hold nothing after a row, and can be read: verified backups hold all of it.

    The newest stays, and the one in use: someone may be writing to it.
    """
    for path in _files(place)[:-1]:
        if path == in_use:
            continue
        found = _found(path, clinic, database_keys)
        if not found.faults and all(row <= up_to_row for row, _ in found.lines):
            path.unlink()


def erase(place: Path, clinic: UUID, database_keys: Sequence[str], streams: Collection[Stream]) -> None:
    """Delete what was said in these streams; their entries stay. A file takes the old one's place whole or not at all.

    What in a file cannot be read is not carried over: the record has it, or nobody. Raises KnownError where the disk
    refuses: what was said may still stand there.
    """
    try:
        for path in _files(place):
            _erase_from(path, clinic, database_keys, streams)
    except OSError as error:
        raise KnownError(
            f"The second copy in {place} could not be gone through ({error.strerror}): what is erased may still stand "
            "there. The record itself holds it no more; look to that disk."
        ) from error


def _erase_from(path: Path, clinic: UUID, database_keys: Sequence[str], streams: Collection[Stream]) -> None:
    found = _read(path.read_bytes(), clinic, database_keys)
    theirs = [kept.entry.body.stream in streams and kept.entry.body.kind != "erased" for _, kept in found.lines]
    said = [kept.payload is not None for _, kept in found.lines]
    if not any(gone and there for gone, there in zip(theirs, said, strict=True)):
        return
    seal, new = Seal(clinic, database_keys[0]), path.with_suffix(".new")
    bare = [
        (row, Kept(kept.entry, None) if gone else kept) for (row, kept), gone in zip(found.lines, theirs, strict=True)
    ]
    write_whole(new, seal.header + b"".join(seal.frame(n, line) for n, line in enumerate(bare)))
    os.replace(new, path)
    sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """A file of its owner's alone, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _files(place: Path) -> list[Path]:
    """By age: their names begin with the time."""
    return sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else []


def _framed(content: bytes, at: int) -> tuple[bytes, int] | None:
    """Head and end of the frame at a place, if one may be there."""
    head = content[at : at + _FRAME.size]
    if len(head) < _FRAME.size:
        return None
    mark, _, length = _FRAME.unpack(head)
    end = at + _FRAME.size + length
    return (head, end) if mark == _MARK and length <= LARGEST and end <= len(content) else None


def _last(content: bytes, clinic: UUID, database_keys: Sequence[str]) -> Found | None:
    """The last line of a file whose frames follow each other to its very end; None where they do not."""
    seal = next((s for key in database_keys if content.startswith((s := Seal(clinic, key)).header)), None)
    if seal is None:
        return None
    at, last, number = len(seal.header), None, 0
    while at < len(content):
        framed = _framed(content, at)
        if framed is None or _FRAME.unpack(framed[0])[1] != number:
            return None
        last, number = (framed[0], content[at + _FRAME.size : framed[1]]), number + 1
        at = framed[1]
    if last is None:
        return Found(())
    line = seal.open(*last)
    return None if line is None else Found((line,))


def _found(path: Path, clinic: UUID, database_keys: Sequence[str], only_last: bool = False) -> Found:
    """What stands in a file, or at its end where that is whole; a fault where its disk does not give it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return Found((), (f"it cannot be read ({error.strerror})",))
    return (_last(content, clinic, database_keys) if only_last else None) or _read(content, clinic, database_keys)


def _read(content: bytes, clinic: UUID, database_keys: Sequence[str]) -> Found:
    seals = [Seal(clinic, key) for key in database_keys]
    found = [_read_with(seal, content) for seal in seals if content.startswith(seal.header)]
    if found:
        return found[0]
    best = max((_read_with(seal, content) for seal in seals), key=lambda each: len(each.lines))
    if len(content) < len(seals[0].header):
        return Found((), ("it breaks off in its head",) if content else ())
    return Found(best.lines, ("its head is damaged, or it belongs to another clinic", *best.faults))


def _read_with(seal: Seal, content: bytes) -> Found:
    lines: list[Line] = []
    faults: list[str] = []
    at, number = len(seal.header), 0
    while at < len(content):
        framed = _framed(content, at)
        line = seal.open(framed[0], content[at + _FRAME.size : framed[1]]) if framed else None
        if framed is not None and line is not None:
            (_, here, _), at = _FRAME.unpack(framed[0]), framed[1]
            if here != number:
                faults.append(f"line {number} is missing")
            lines.append(line)
            number = here + 1
            continue
        after = _next(seal, content, at + 1)
        faults.append(f"damaged at byte {at}" if after else f"its end is damaged or was never written, at byte {at}")
        at = after or len(content)
        number += 1
    return Found(tuple(lines), tuple(faults))


def _next(seal: Seal, content: bytes, at: int) -> int | None:
    """Where the next line that opens begins."""
    while (at := content.find(_MARK, at)) >= 0:
        framed = _framed(content, at)
        if framed and seal.open(framed[0], content[at + _FRAME.size : framed[1]]) is not None:
            return at
        at += 1
    return None
