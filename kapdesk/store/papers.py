"""Signed papers as files in the clinic's folder: encrypted, each named by the digest of what it says.

A file is whole or it is not there: it is written under another name, synced, read back and verified, and only then
given its own. Nothing is ever written over. Its key is the papers' own, and does not change when the record's does.
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kapdesk.errors import Damaged, KnownError
from kapdesk.store.journal_file import sync_folder, write_whole

FOLDER, SUFFIX = "papers", ".paper"
ERASED = "erased.txt"
"""The digests of papers that were erased, a line each: what still lies where a copy was taken goes by it."""

_MAGIC = b"KAPDESK PAPER 1\n"
_NONCE, _TAG = 12, 16
LARGEST = 256 << 20
"""Bytes. Anything longer is no paper of ours, and is not read into memory."""


_DIGEST = re.compile(r"[0-9a-f]{64}")


class Slip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept with a paper: of which visit it is, which version, and which paper it stands for from then on."""

    session: UUID
    version: int
    replaces: str = ""
    made_with: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A paper as it was kept: its digest (SHA-256, lower hex), its slip, its bytes."""

    sha256: str
    slip: Slip
    pdf: bytes


class _Content(msgspec.Struct, frozen=True, array_like=True):
    slip: Slip
    pdf: bytes


_decode = msgspec.msgpack.Decoder(_Content).decode


class Papers:
    """The papers of a clinic folder, sealed with AES-256-GCM; `copies` are folders where they lie once more."""

    def __init__(self, folder: Path, clinic: UUID, key: bytes, copies: Iterable[Path] = ()) -> None:
        self.place = folder / FOLDER
        self._clinic, self._cipher = clinic, AESGCM(key)
        self._copies = tuple(copies)

    def keep(self, pdf: bytes, slip: Slip) -> str:
        """Keep a paper; its digest. Raises KnownError where the disk refuses: then there is nothing of it."""
        sha256 = hashlib.sha256(pdf).hexdigest()
        path = self.place / f"{sha256}{SUFFIX}"
        nonce, content = secrets.token_bytes(_NONCE), msgspec.msgpack.encode(_Content(slip, pdf))
        sealed = _MAGIC + nonce + self._cipher.encrypt(nonce, content, self._bound(sha256))
        try:
            self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
            put_whole(path, sealed)
        except OSError as error:
            raise KnownError(
                f"The signed paper could not be kept in {self.place} ({error.strerror}). The record is signed and "
                "safe; make room on that disk, and the paper is made again."
            ) from error
        if not self.whole(sha256):
            path.unlink(missing_ok=True)
            raise KnownError(
                f"The signed paper reads otherwise than it was written to {self.place}. The record is signed and "
                "safe; look to that disk, and the paper is made again."
            )
        return sha256

    def take_out(self, sha256: str) -> Kept:
        """A paper, byte for byte; from a copy where the folder's own is missing or damaged, which is then put back.

        Raises Damaged where no whole one is left.
        """
        with contextlib.suppress(Damaged):
            return self._read(self.place / f"{sha256}{SUFFIX}", sha256)
        for copies in self._copies:
            with contextlib.suppress(Damaged, OSError):
                path = copies / f"{sha256}{SUFFIX}"
                found = self._read(path, sha256)
                self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
                put_whole(self.place / path.name, path.read_bytes())
                return found
        raise Damaged(
            f"The signed paper {sha256[:16]} is missing or damaged, and so is every copy of it. The record is whole; "
            "its note can be made anew, but without these signatures."
        )

    def found(self, sha256: str) -> bool:
        """Whether a whole one is anywhere, here or beside the backups. Changes nothing."""
        for place in (self.place, *self._copies):
            with contextlib.suppress(Damaged):
                self._read(place / f"{sha256}{SUFFIX}", sha256)
                return True
        return False

    def whole(self, sha256: str) -> bool:
        """Whether the folder's own file of a paper is there and reads as it was written."""
        try:
            self._read(self.place / f"{sha256}{SUFFIX}", sha256)
        except Damaged:
            return False
        return True

    def at_hand(self) -> frozenset[str]:
        """The digests of the papers whose files are in the folder, whole or not."""
        return named(self.place)

    def forget(self, sha256s: Iterable[str]) -> None:
        """Delete papers here and wherever they were put down beside the backups. Done again, it does nothing.

        That they are erased is written first: a copy that is not at hand now is deleted by it when it is.
        """
        gone = sorted(erased(self.place) | set(sha256s))
        if not gone:
            return
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        put_whole(self.place / ERASED, "".join(f"{sha256}\n" for sha256 in gone).encode("ascii"))
        for place in (self.place, *self._copies):
            clear(place, gone)

    def sweep(self) -> None:
        """Delete what was begun under another name and never finished."""
        for left in self.place.glob("*.new"):
            left.unlink(missing_ok=True)

    def _read(self, path: Path, sha256: str) -> Kept:
        damaged = Damaged(f"{path} is missing or damaged. Put it back from its copies.")
        try:
            if path.stat().st_size > LARGEST:
                raise damaged
            sealed = path.read_bytes()
        except OSError as error:
            raise damaged from error
        nonce, rest = sealed[len(_MAGIC) :][:_NONCE], sealed[len(_MAGIC) + _NONCE :]
        try:
            if not sealed.startswith(_MAGIC) or len(rest) < _TAG:
                raise damaged
            content = _decode(self._cipher.decrypt(nonce, rest, self._bound(sha256)))
        except (InvalidTag, ValueError, msgspec.MsgspecError) as error:
            raise damaged from error
        if hashlib.sha256(content.pdf).hexdigest() != sha256:
            raise damaged
        return Kept(sha256, content.slip, content.pdf)

    def _bound(self, sha256: str) -> bytes:
        return _MAGIC + self._clinic.bytes + bytes.fromhex(sha256)


def named(place: Path) -> frozenset[str]:
    """The digests that the files in a folder are named by."""
    if not place.is_dir():
        return frozenset()
    return frozenset(path.name.removesuffix(SUFFIX) for path in place.glob(f"*{SUFFIX}"))


def erased(place: Path) -> frozenset[str]:
    """The digests of the papers that were erased from a folder."""
    try:
        return frozenset((place / ERASED).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


def clear(place: Path, gone: Iterable[str]) -> None:
    """Delete what lies in a folder under these digests, in whatever wrapping."""
    if not place.is_dir():
        return
    wanted = frozenset(gone)
    for path in list(place.iterdir()):
        if wanted.intersection(_DIGEST.findall(path.name)):
            path.unlink(missing_ok=True)
    sync_folder(place)


def copy_new(place: Path, copies: Path) -> int:
    """Put down once more what is not in the other folder yet, and delete there what was erased; how many were put down.

    Each is read back. Raises OSError where a disk refuses: what was put down so far is whole.
    """
    gone, new = erased(place), sorted(named(place) - named(copies))
    if new or (gone and copies.is_dir()):
        copies.mkdir(mode=0o700, parents=True, exist_ok=True)
    for sha256 in new:
        content = (place / f"{sha256}{SUFFIX}").read_bytes()
        put_whole(copies / f"{sha256}{SUFFIX}", content)
        if (copies / f"{sha256}{SUFFIX}").read_bytes() != content:
            raise OSError(errno.EIO, "what was written reads otherwise")
    if gone:
        clear(copies, gone)
    return len(new)


def put_whole(path: Path, content: bytes) -> None:
    """A file under its name only when all of it is on the disk; one that is there already is left or replaced whole."""
    new = path.with_name(f"{path.name}.new")
    try:
        write_whole(new, content)
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
    sync_folder(path.parent)
