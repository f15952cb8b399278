"""The index's own file: its tables, what stands in a row, and opening it."""

import contextlib
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from sqlcipher3 import dbapi2

from kapdesk.record.log import Kept
from kapdesk.store import vault
from kapdesk.store.vault import Connection

FORM = 3
"""Of the tables, and of how a text is taken apart: a file of another form is made anew."""

TABLES = (
    "CREATE TABLE upto (row INTEGER NOT NULL, entry BLOB)",
    "INSERT INTO upto VALUES (0, NULL)",
    """CREATE TABLE waiting (kind TEXT NOT NULL, id TEXT NOT NULL, row INTEGER NOT NULL,
        PRIMARY KEY (kind, id)) WITHOUT ROWID""",
    "CREATE INDEX newest ON waiting (row)",
    """CREATE TABLE lacking (kind TEXT NOT NULL, id TEXT NOT NULL, contents INTEGER NOT NULL,
        PRIMARY KEY (kind, id)) WITHOUT ROWID""",
    """CREATE TABLE session (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at_us INTEGER NOT NULL, day TEXT NOT NULL,
        patient TEXT NOT NULL, open INTEGER NOT NULL, unsigned INTEGER NOT NULL, unfiled INTEGER NOT NULL,
        added INTEGER NOT NULL, adverse INTEGER NOT NULL, owed INTEGER NOT NULL)""",
    "CREATE INDEX by_time ON session (at_us, n)",
    "CREATE INDEX by_patient ON session (patient)",
    "CREATE TABLE shown (n INTEGER PRIMARY KEY, row BLOB NOT NULL, texts BLOB NOT NULL)",
    "CREATE TABLE at_work (person TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (person, n)) WITHOUT ROWID",
    """CREATE TABLE patient (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, head TEXT NOT NULL, joins INTEGER NOT NULL,
        row BLOB NOT NULL)""",
    "CREATE INDEX by_head ON patient (head)",
    "CREATE VIRTUAL TABLE words USING fts5(about, texts, tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "CREATE VIRTUAL TABLE names USING fts5(known, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')",
    "INSERT INTO words (words, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO names (names, rank) VALUES ('secure-delete', 1)",
    f"PRAGMA user_version = {FORM}",
)
_PATIENCE_S = 5.0
_PRAGMAS = ("synchronous=NORMAL", "secure_delete=ON", "temp_store=MEMORY", "cache_size=-8000")
EVERYTHING = ("waiting", "lacking", "session", "shown", "at_work", "patient", "words", "names")


class Text(msgspec.Struct, frozen=True, array_like=True):
    """What was written in a session: as what ("Observation"), when, and the words."""

    kind: str
    at_us: int
    words: str


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One session in the list, as it stands.

    `at_us` is when it was opened, `day` the date where it was; `patient` the record that it says it is of. `version` is
    the version of the signed note that holds (0: not signed), who signed that one and when, who countersigned it;
    `paper` its digest ("" while none is kept), `filed` the place that went to and `filed_us` when. `adverse` names what
    happened, `owed` is the day by which an observation summary is due. `staff` are all who did something in it.
    """

    id: str
    at_us: int
    day: str
    patient: str
    zone: str
    stage: str
    visit: str = ""
    arrived_us: int | None = None
    rehearsal: bool = False
    protocol: str = ""
    how: str = ""
    adverse: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    signed_by: str = ""
    signed_us: int = 0
    counter: tuple[str, int] | None = None
    version: int = 0
    paper: str = ""
    filed: str = ""
    filed_us: int = 0
    owed: str = ""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """One patient's record in the index: names, number, birth date, and which records it says it is one with."""

    id: str
    name: str = ""
    called: str = ""
    number: str = ""
    born: str = ""
    merged_into: tuple[str, ...] = ()
    took_in: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """How the contents of the record are read: given by whoever knows what they mean.

    `kinds` are the entries of a session that matter here. `session` gives its row, what it is about in words, and its
    texts; `patient` a patient's record. Both None for what is in no list. `heads` says for records that are read
    together which one goes on.
    """

    kinds: Sequence[str]
    session: Callable[[str, Sequence[Kept]], tuple[Row, str, tuple[Text, ...]] | None]
    patient_kinds: Sequence[str]
    patient: Callable[[str, Sequence[Kept]], Person | None]
    heads: Callable[[Sequence[Person]], dict[str, str]]


def key_of(database_key: str) -> str:
    """A key of its own, made from the record's: 64 hex digits."""
    return hmac.new(bytes.fromhex(database_key), b"kapdesk index", hashlib.sha256).hexdigest()


def opened(path: Path, key: str) -> Connection:
    """A connection to the file, which has its tables; one without any gets them. Another form is no such file."""
    path.touch(mode=0o600)
    connection = vault.beside(path, key)
    try:
        _write_ahead(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        if _form(connection) == 0:
            with transaction(connection):
                for step in TABLES if _form(connection) == 0 else ():  # another program may have been quicker
                    connection.execute(step)
        if (form := _form(connection)) != FORM:
            raise dbapi2.DatabaseError(f"it is of form {form}, not {FORM}")
    except dbapi2.Error:
        connection.close()
        raise
    return connection


def _write_ahead(connection: Connection) -> None:
    """Of all that SQLite does, it waits in this for nobody who does the same; so it is asked again."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            return
        except dbapi2.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(0.005)


def _form(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
