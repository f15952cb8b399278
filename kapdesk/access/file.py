"""The file in which a clinic's ring of keys lies: one JSON object, whole or not at all.

It is the ring, and the SHA-256 of the ring's bytes, by which a damaged file is told apart from a wrong password.
Against a hand that means to change it stands the ring's own tag (`keys.py`).
"""

import hashlib
import os
from pathlib import Path
from typing import TypeVar

import msgspec

from kapdesk.access.ring import FORMAT, Changed, Ring, sound
from kapdesk.errors import KnownError

FILE, OLD = "clinic.keys", "clinic.keys.old"

LARGEST = 8 << 20
"""Bytes. Two seals of a private stream are about 400, so this is one for each of 17,000 patients; read in a tenth of a
second. Anything longer is no key file, and is not read into memory."""

T = TypeVar("T")


class Damaged(KnownError):
    """The key file is not whole: an accident of the disk, not a wrong password."""


class _Version(msgspec.Struct):
    format: int


class _File(msgspec.Struct, forbid_unknown_fields=True):
    sha256: str
    ring: msgspec.Raw


def read(folder: Path, file: str = FILE) -> Ring | None:
    """The ring of a clinic folder; None when it has none yet.

    Raises Damaged when the file is not whole, Changed when KapDesk did not write it so, and KnownError when it cannot
    be read or is of a later format.
    """
    path = folder / file
    try:
        if path.exists() and not path.is_file():
            raise OSError(0, "it is not a file")
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KnownError(
            f"The key file {path} cannot be read ({error.strerror}). Without it the record stays closed."
        ) from error
    if len(content) > LARGEST:
        raise _damaged(path)
    return _decoded(content, path)


def _decoded(content: bytes, path: Path) -> Ring:
    whole = _read_as(content, _File, path)
    if hashlib.sha256(whole.ring).hexdigest() != whole.sha256:
        raise _damaged(path)
    if _read_as(whole.ring, _Version, path).format > FORMAT:
        raise KnownError(
            f"The key file {path} was written by a newer KapDesk. Nothing was changed; open it with that version."
        )
    ring = _read_as(whole.ring, Ring, path)
    if not sound(ring):
        raise Changed
    return ring


def _read_as(content: bytes | msgspec.Raw, kind: type[T], path: Path) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> Damaged:
    return Damaged(
        f"The key file {path} is damaged. The record is not touched and your password may well be right; put the "
        f"key file back from a backup, or from {OLD} beside it."
    )


def write(folder: Path, ring: Ring) -> None:
    """Put the ring in its file, whole or not at all, readable by its owner alone; the one before is kept beside it.

    Where nothing has changed, nothing is written. The one before still opens with the passwords and the code it was
    written under, and gives what they gave then. Raises KnownError when the disk refuses: the file is then as it was.
    """
    content = msgspec.json.encode(ring)
    framed = msgspec.json.encode(_File(hashlib.sha256(content).hexdigest(), msgspec.Raw(content)))
    if len(framed) > LARGEST:
        raise KnownError(
            "The key file holds as many private streams as it can. Everything so far is kept; this one was not begun."
        )
    if _decoded(framed, folder / FILE) != ring:
        raise ValueError("this ring would not be read back as it is")
    try:
        before = _whole(folder)
        if before == framed:
            return
        if before is not None:
            _put(folder / OLD, before)
        _put(folder / FILE, framed)
    except OSError as error:
        raise KnownError(
            f"The key file {folder / FILE} could not be saved ({error.strerror}). It is as it was; try again."
        ) from error


def _whole(folder: Path) -> bytes | None:
    """The file as it lies there; None when it is not whole, and so must not take the place of an older one that is."""
    try:
        return (folder / FILE).read_bytes() if read(folder) is not None else None
    except KnownError:
        return None


def _put(path: Path, content: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)  # what a kill left behind may be readable by others
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
