"""Putting a file into a folder of the clinic's: whole and read back before it has its name, never over another's."""

import errno
import hashlib
import os
import secrets
import stat
import time
from pathlib import Path
from uuid import UUID

from kapdesk.clinic.naming import another
from kapdesk.errors import KnownError
from kapdesk.store.journal_file import sync_folder

MARK = ".kapdesk"
"""The folder inside by which it is known again: a mount point that stands empty has none, and is not filled by mistake.
It holds the clinic's id, and what is being written until it has its name."""

MOST_ALIKE = 1_000
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK, errno.EACCES)
_AWAY = (errno.ENOENT, errno.ENOTDIR, errno.ENOTCONN, errno.ESTALE, errno.ENODEV, errno.EIO, errno.EHOSTDOWN)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_CHUNK = 1 << 20
_WHOSE = "clinic"
_LEFT_OVER_S = 24 * 3600


class NotReached(KnownError):
    """The folder is not there now; it may be later."""


def take(folder: Path, clinic: UUID) -> None:
    """Make a folder known as the one this clinic files into: it is there, and takes a file and a second name for it.

    Raises KnownError where it is not, or is another clinic's.
    """
    if not folder.is_absolute():
        raise KnownError(f"{folder} is no whole path. Type it from its beginning, or choose the folder.")
    try:
        if not folder.is_dir():
            raise KnownError(f"{folder} is not there. Nothing was changed; make that folder first, or choose another.")
        if _marked(folder) not in ("", str(clinic)):
            raise KnownError(f"Another clinic files into {folder}. Nothing was changed; choose a folder of your own.")
        (folder / MARK).mkdir(exist_ok=True)
        (folder / MARK / _WHOSE).unlink(missing_ok=True)
        _write(folder / MARK / _WHOSE, str(clinic).encode())
    except OSError as error:
        raise KnownError(
            f"Nothing can be written to {folder} ({error.strerror}). Nothing was changed; choose another folder."
        ) from error


def reach(folder: Path, clinic: UUID) -> None:
    """Raises NotReached where a folder is not there, or is not the one that was taken."""
    try:
        marked = _marked(folder)
        if marked == str(clinic):
            _sweep(folder / MARK)
    except OSError as error:
        raise NotReached(f"{folder} is not reached ({error.strerror})") from error
    if marked != str(clinic):
        raise NotReached(
            f"{folder} is not the folder that was chosen: it lacks the mark KapDesk left in it ({MARK}). "
            "Connect that disk, or choose the folder again (The clinic)"
        )


def put(folder: Path, name: str, content: bytes) -> str:
    """Put a file into a folder under this name, or one with a number behind it where another file has that; and
    where this very content lies under one of them already, leave it at that. The name it has.

    It is written beside, read back and compared before it has its name, so none of it is ever seen half.
    Raises NotReached where the folder goes away meanwhile, KnownError where it takes no more.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    new = folder / MARK / f"{sha256[:16]}-{secrets.token_hex(4)}.new"
    try:
        if (there := _there(folder, name, content, sha256)) is not None:
            return there
        try:
            _write(new, content)
            if _sha256(new) != sha256:
                raise KnownError("what was written to the folder is not what came back; look to its disk")
            return _name(folder, new, name)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in _AWAY:
            raise NotReached(f"{folder} went away ({error.strerror})") from error
        why = "the folder’s disk is full" if error.errno in _FULL else f"the folder did not take it ({error.strerror})"
        raise KnownError(why) from error


def _there(folder: Path, name: str, content: bytes, sha256: str) -> str | None:
    """The name under which this content lies there already, of those it would be given."""
    for n in range(1, MOST_ALIKE):
        path = folder / another(name, n)
        try:
            found = path.lstat()
        except FileNotFoundError:
            return None
        if stat.S_ISREG(found.st_mode) and found.st_size == len(content) and _sha256(path) == sha256:
            return path.name
    return None


def _name(folder: Path, new: Path, name: str) -> str:
    """Give a whole file the first of its names that no other file has."""
    for n in range(1, MOST_ALIKE):
        path = folder / another(name, n)
        try:
            _link(new, path)
        except FileExistsError:
            continue
        sync_folder(folder)
        return path.name
    raise KnownError(f"There are {MOST_ALIKE} files called {name} in {folder}. Choose other names for filed notes")


def _link(new: Path, path: Path) -> None:
    """A second name, which fails where another file has it; where a file system knows none, the first is changed."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "is there", str(path)) from error
        os.rename(new, path)


def _write(path: Path, content: bytes) -> None:
    """On the disk when this returns; readable as the folder's own rights have it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o660), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # what is read back comes from the disk, as far as the system does it
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _sha256(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            whole.update(part)
    return whole.hexdigest()


def _marked(folder: Path) -> str:
    """Whose folder it is, as far as the mark in it says; "" where there is none. Raises OSError where it is away."""
    try:
        with (folder / MARK / _WHOSE).open("rb") as file:
            return file.read(64).decode("ascii", "replace").strip()
    except FileNotFoundError:
        folder.stat()
        return ""


def _sweep(mark: Path) -> None:
    """What a crash left half-written there goes, a day later: nothing that another desk is writing now."""
    for left in mark.glob("*.new"):
        if time.time() - left.stat().st_mtime > _LEFT_OVER_S:
            left.unlink(missing_ok=True)
