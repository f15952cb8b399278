"""Copies of the whole record at one moment: made beside the running session, opened to verify, thinned with time."""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlcipher3 import dbapi2

from kapdesk.clock import DAY_US
from kapdesk.errors import Damaged, KnownError
from kapdesk.store import schema, vault
from kapdesk.store.journal_file import sync_folder, write_whole
from kapdesk.store.log import SqlLog
from kapdesk.toml import loads

if sys.platform == "win32":  # pragma: no cover
    fcntl = None
else:
    import fcntl

SUFFIX, SLIP, KEYS = ".backup", ".toml", ".keys"
NEWEST, DAYS, WEEKS = 5, 14, 12
"""Kept: so many of the newest, the last one of so many days, the last one of so many weeks."""


class Backup(msgspec.Struct, frozen=True):
    """One copy that was verified: the file, when it was made (UTC µs), its entries, and SHA-256 of its bytes."""

    path: Path
    made_us: int
    entries: int
    sha256: str


class _Slip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lies beside a copy. Holds nothing of what the copy holds."""

    made_us: int
    entries: int
    sha256: str


def make(log: SqlLog, place: Path, now_us: int) -> Backup:
    """Copy the record as it stands, open the copy to verify it, and only then give it its name.

    To be called off the core's thread: it takes seconds for a large record; entries may come in meanwhile.
    Raises KnownError where the place refuses, or the copy is not whole; then nothing new stands there.
    """
    name = datetime.fromtimestamp(now_us / 1e6, UTC).strftime("record-%Y%m%dT%H%M%S.%fZ")
    unfinished, path = place / f"{name}.unfinished", place / f"{name}{SUFFIX}"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(place):
            for left in place.glob("*.unfinished*"):
                left.unlink()
            unfinished.touch(mode=0o600)
            log.copy_to(unfinished)
            entries = verify(unfinished, log.keys.database_key)
            slip = _Slip(now_us, entries, _sha256(unfinished))
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            write_whole(path.with_suffix(SLIP), _toml(slip))
            os.replace(unfinished, path)
            sync_folder(place)
    except (OSError, dbapi2.Error) as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        words = error.strerror if isinstance(error, OSError) else str(error)
        raise KnownError(
            f"No backup could be made in {place} ({words}). The record is untouched; look to that disk."
        ) from error
    return Backup(path, slip.made_us, slip.entries, slip.sha256)


@contextlib.contextmanager
def _alone_in(place: Path) -> Iterator[None]:
    """One copy at a time in a place, whichever program makes it: another's unfinished one would look left over."""
    if fcntl is None:
        yield
        return
    folder = os.open(place, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a share that has no such locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def verify(path: Path, key: str) -> int:
    """Open a copy as the record would be opened and look at every page. Its number of entries.

    Raises Damaged where it is not whole.
    """
    try:
        connection = vault.look_into(path, key)
        try:
            schema.assert_triggers(connection)
            pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            if pages:
                raise Damaged(f"{path} is damaged ({pages[0][0]}). Use another copy.")
            entries: int = connection.execute("SELECT COUNT(*) FROM entry").fetchone()[0]
        finally:
            connection.close()
    except dbapi2.Error as error:
        raise Damaged(f"{path} is damaged, or sealed with another key ({error}). Use another copy.") from error
    return entries


def at_hand(places: Sequence[Path]) -> list[Backup]:
    """The copies that were verified when they were made, newest first."""
    found = []
    for place in places:
        for path in sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else []:
            try:
                slip = msgspec.convert(loads(path.with_suffix(SLIP).read_text(encoding="utf-8")), _Slip)
            except (OSError, ValueError):
                continue  # never finished, or someone took its slip away: it is not counted on
            found.append(Backup(path, slip.made_us, slip.entries, slip.sha256))
    return sorted(found, key=lambda backup: -backup.made_us)


def is_as_made(backup: Backup) -> bool:
    """Whether a copy's bytes are those that were verified."""
    try:
        return _sha256(backup.path) == backup.sha256
    except OSError:
        return False


def rotate(place: Path) -> list[Backup]:
    """Thin the copies in a place out. Those that are left, newest first."""
    kept, days, weeks = [], set[int](), set[int]()
    for n, backup in enumerate(at_hand([place])):
        day = backup.made_us // DAY_US
        week = (day + 3) // 7  # weeks begin on Monday
        stays = n < NEWEST or (day not in days and len(days) < DAYS) or (week not in weeks and len(weeks) < WEEKS)
        days.add(day)
        weeks.add(week)
        if stays:
            kept.append(backup)
        else:
            backup.path.unlink(missing_ok=True)
            for beside in (SLIP, KEYS):
                backup.path.with_suffix(beside).unlink(missing_ok=True)
    return kept


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _toml(slip: _Slip) -> bytes:
    return f'made_us = {slip.made_us}\nentries = {slip.entries}\nsha256 = "{slip.sha256}"\n'.encode()
