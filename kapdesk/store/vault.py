"""The encrypted database file: opening it, and refusing what would not keep a record safely."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TextIO

from sqlcipher3 import dbapi2

from kapdesk.errors import Damaged, KnownError

if sys.platform == "win32":  # pragma: no cover
    fcntl = None
else:
    import fcntl

FILE, INDEX = "record.db", "index.db"
_PLAIN_HEADER = b"SQLite format 3\x00"

_NETWORK = frozenset(
    "afs beegfs ceph cifs davfs fuse.davfs fuse.gcsfuse fuse.glusterfs fuse.rclone fuse.s3fs fuse.sshfs glusterfs "
    "lustre ncpfs nfs nfs4 smb3 smbfs vboxsf fuse.vmhgfs-fuse prl_fs".split()
)

_PRAGMAS = ("synchronous=FULL", "secure_delete=ON", "recursive_triggers=ON", "foreign_keys=ON", "temp_store=MEMORY")

Connection = Any
"""A sqlcipher3 connection; that library ships no types."""


def connect(folder: Path, key: str, *, check_same_thread: bool = True) -> Connection:
    """A connection to the clinic's record with its 32-byte key (64 hex digits), durable and in WAL mode.

    Raises KnownError when the file is missing or cannot be opened with this key. Transactions are begun by hand.
    """
    path, key = folder / FILE, _checked(key)
    if not path.exists():
        raise Damaged(f"{path} is missing. Nothing was changed; put the record back from its copies.")
    connection: Connection = None
    try:
        connection = dbapi2.connect(path, timeout=5, isolation_level=None, check_same_thread=check_same_thread)
        _unlock(connection, key)
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
        for pragma in (
            "synchronous=FULL",
            "secure_delete=ON",
            "recursive_triggers=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync=ON")
    except (OSError, dbapi2.Error) as error:
        if connection is not None:
            connection.close()
        raise _cannot_open(path, error) from error
    return connection


def rekey(folder: Path, old: str, new: str) -> None:
    """Give the record another key. Nobody else may use it meanwhile.

    Cut off at any write, it opens with the one key or the other: the pages that change are kept in a rollback journal,
    which is undone under the old key. (In WAL mode one file would hold pages under both.)
    """
    connection = connect(folder, old)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute(f"PRAGMA rekey=\"x'{_checked(new)}'\"")
    except dbapi2.Error as error:
        raise KnownError(f"The record was not given its new key ({error}); it goes on under the one before.") from error
    finally:
        connection.close()
    connect(folder, new).close()  # in WAL mode again
    throw_away(folder / INDEX)  # it is made anew under the new key


def opens(folder: Path, key: str) -> bool:
    """Whether the record can be read with this key."""
    try:
        with closing(connect(folder, key)) as connection:
            connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except (Damaged, dbapi2.DatabaseError):
        return False
    return True


def look_into(path: Path, key: str) -> Connection:
    """A connection that only reads a file which nobody writes to, such as a backup. Leaves no file beside it."""
    connection = dbapi2.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    _unlock(connection, key)
    return connection


def beside(path: Path, key: str) -> Connection:
    """A connection to an encrypted file of its own, that is made from the record and may be lost. On any thread."""
    connection = dbapi2.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    _unlock(connection, key)
    return connection


def throw_away(path: Path) -> None:
    """Such a file, with what lies beside it."""
    for each in (path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm", "-journal"))):
        each.unlink(missing_ok=True)


def _checked(key: str) -> str:
    """The key itself, for it stands in a statement: 64 hex digits and nothing else."""
    if len(bytes.fromhex(key)) != 32:
        raise ValueError("the key is 32 bytes")
    return bytes.fromhex(key).hex()


def _unlock(connection: Connection, key: str) -> None:
    connection.execute(f"PRAGMA key=\"x'{_checked(key)}'\"")
    connection.execute("PRAGMA cipher_log_level=NONE")
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise RuntimeError("this sqlite does not encrypt")


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """What the database cannot read becomes a KnownError: one plain sentence."""
    try:
        yield
    except dbapi2.DatabaseError as error:
        raise Damaged(
            f"{folder / FILE} cannot be read ({error}): it is damaged, or its disk is. Nothing was changed; "
            "put it back from its copies."
        ) from error


def hold(folder: Path, *, alone: bool = False) -> TextIO:
    """Say that the record is in use, until the file that is given back is closed; `alone`: and nobody else uses it.

    Raises KnownError where that cannot be.
    """
    try:
        held = os.fdopen(os.open(folder / "in-use", os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise _cannot_open(folder / FILE, error) from error
    if fcntl is not None:
        try:
            fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            held.close()
            raise KnownError(
                "KapDesk has this record open. Nothing was changed; close it there, then try again."
                if alone
                else "This record is just being put back from its copies. Wait until that is done, then try again."
            ) from error
    return held


def create(folder: Path) -> None:
    """Make the empty file of a new record, if there is none: SQLite's -wal and -shm take over its mode (0600)."""
    (folder / FILE).touch(mode=0o600)


def assert_encrypted(folder: Path) -> None:
    """Raises KnownError when the file on the disk is not encrypted."""
    with (folder / FILE).open("rb") as file:
        if file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER:
            raise Damaged(f"{folder / FILE} is not encrypted, so it is not used. Put it back from its copies.")


def refuse_network_share(folder: Path, mounts: str | None = None) -> None:
    """Raises KnownError when the folder lies on a network share, where a file cannot be locked or synced for sure.

    `mounts` is the content of /proc/mounts; elsewhere than on Linux nothing is checked.
    """
    if mounts is None:
        if not sys.platform.startswith("linux"):
            return
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    place = str(folder.resolve())
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        at = fields[1].encode("latin-1", "backslashreplace").decode("unicode_escape")
        if (place == at or place.startswith(at.rstrip("/") + "/")) and len(at) >= len(best):
            best, kind = at, fields[2]
    if kind in _NETWORK:
        raise KnownError(
            f"{folder} is on a network share ({kind}), which cannot keep a record safely. "
            "Nothing was written; choose a folder on this computer's own disk."
        )


def _cannot_open(path: Path, error: Exception) -> KnownError:
    if any(words in str(error) for words in ("not a database", "malformed")):
        return Damaged(
            f"{path} does not open with its key: it is damaged, or another file was put in its place. "
            "It was not touched; put it back from its copies."
        )
    return KnownError(
        f"{path} cannot be opened ({error}). Nothing was changed; check the disk and the folder's permissions."
    )
