"""What the list of sessions and its search are read from: a file beside the record, made from it and never the truth.

It lies by itself, encrypted with a key made from the record's: so it never makes a note wait for it, is in no backup,
and the record keeps the tables and triggers it has. It may be thrown away at any time; a file of another form, of
another record or with a damaged page is, and is made anew. It needs no migrations for that reason.

It is brought up to date by row number, as the second copy is. What changed is read anew as a whole, so corrections,
strikings, moves, mergers and what came late are nothing special; of an erased session no word is left, in no free page
either.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlcipher3 import dbapi2

from kapdesk.errors import KnownError
from kapdesk.facts.entry import Kind
from kapdesk.record.log import Kept
from kapdesk.store import letters
from kapdesk.store.index_file import EVERYTHING, Person, Reading, Row, Text, key_of, opened, transaction
from kapdesk.store.log import SqlLog
from kapdesk.store.vault import INDEX, Connection, throw_away

__all__ = ["Index", "Person", "Reading", "Row", "Text"]

logger = logging.getLogger(__name__)

GATHER_S, RETRY_S, PATIENCE_S = 0.3, 5.0, 0.25
AT_ONCE, FAR_BEHIND = 100, 20_000
"""So many sessions are read at once; then whoever asks, or draws, has their turn."""


class Index:
    """The index of one open record. May be asked from any thread; a thread of its own keeps it up to date.

    `catch_up` before reading takes in what was recorded since, and counts what is not in yet while the file is made
    anew. Raises KnownError where the disk refuses; the record itself is never touched.
    """

    def __init__(self, log: SqlLog, reading: Reading, path: Path | None = None) -> None:
        self.path = path or log.folder / INDEX
        self._log, self._reading = log, reading
        self._key = key_of(log.keys.database_key)
        self._lock, self._files = threading.Lock(), threading.RLock()
        self._local = threading.local()
        self._open: list[Connection] = []
        self._made = 0  # how often the file was begun: a connection to an earlier one is not used any more
        self._changed = threading.Condition()
        self._woken, self._closing, self._closed = True, False, False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Keep it up to date from now on."""
        if self._thread is None and not self._closing:
            self._log.writer.listen(self.wake)
            self._thread = threading.Thread(target=self._run, name="index", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Something was committed. Returns at once; called from any thread."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def catch_up(self, *, whole: bool = False) -> int:
        """Take in what was recorded since, or the newest of it where that is much; all of it with `whole`. How many
        sessions and patients are still to be read."""
        while True:
            if not self._lock.acquire(timeout=-1 if whole else PATIENCE_S):
                return 1  # much is being noted down just now; whoever asks looks at what is there
            try:
                with self._mended():
                    self._note_what_came()
                    left = self._read_some()
            finally:
                self._lock.release()
            if not (left and whole) or self._closing:
                return left

    def select(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a reading statement, on this thread's own connection."""
        with self._mended():
            rows: list[tuple[Any, ...]] = self._connection().execute(sql, values).fetchall()
        return rows

    def perhaps_open(self) -> set[str] | None:
        """The sessions that go on, and all in which something was recorded since the file was last brought up to date.
        None where it is not whole, not of this record, far behind, or cannot be read: then it says nothing."""
        try:
            with self._lock, self._mended():
                connection = self._connection()
                row, entry = _upto(connection)
                whole = not connection.execute("SELECT EXISTS (SELECT 1 FROM waiting)").fetchone()[0]
                if not whole or row == 0 or self._id_at(row) != entry or self._log.row() - row > FAR_BEHIND:
                    return None
                found = connection.execute("SELECT id FROM session WHERE open").fetchall()
        except KnownError as error:
            logger.warning("%s", error)
            return None
        since = "SELECT stream_id FROM entry WHERE rowid > ? AND stream_kind = 'session'"
        return {str(id_) for (id_,) in (*found, *self._log.select(since, (row,)))}

    def forget_erased(self) -> None:
        """Of what was erased no word is left when this returns, in the file or beside it."""
        self.catch_up(whole=True)
        with self._lock, self._mended():
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def stop(self) -> None:
        """Read no further: nobody waits for it any more."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def close(self) -> None:
        """Let go of the file; what is still to be read is read at the next start."""
        self.stop()
        if self._thread is not None:
            self._thread.join()
        with self._lock, self._files:
            self._closed = True
            self._let_go()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._woken or self._closing)
                self._changed.wait_for(lambda: self._closing, GATHER_S)
                self._woken = False
            pause_s = 0.0
            while not self._closing:
                begun_s = time.monotonic()
                try:
                    left = self.catch_up()
                except KnownError as error:
                    logger.warning("%s", error)
                    left, pause_s = 1, RETRY_S
                else:
                    pause_s = time.monotonic() - begun_s  # half of the time is everybody else's
                if not left:
                    break
                with self._changed:
                    self._changed.wait_for(lambda: self._closing, pause_s)
            if self._closing:
                return

    def _note_what_came(self) -> None:
        """Which sessions and patients the rows since are of; where the file is not of this record, of all rows."""
        connection, newest = self._connection(), self._log.row()
        row, entry = _upto(connection)
        lacking = connection.execute("SELECT kind, id, contents FROM lacking").fetchall()
        back = [(kind, id_) for kind, id_, contents in lacking if self._contents(kind, id_) != contents]
        same = newest >= row and (row == 0 or self._id_at(row) == entry)
        if same and newest == row and not back:
            return
        with transaction(connection):
            row, entry = _upto(connection)  # another program may have been quicker
            if not (newest >= row and (row == 0 or self._id_at(row) == entry)):
                newest, row = max(newest, self._log.row()), 0
                for table in EVERYTHING:
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of ours
            came = self._log.select(_came(self._reading), (row, newest))
            came += [(kind, id_, newest) for kind, id_ in back]
            connection.executemany("INSERT OR REPLACE INTO waiting (kind, id, row) VALUES (?, ?, ?)", came)
            connection.execute("UPDATE upto SET row = ?, entry = ?", (newest, self._id_at(newest)))

    def _read_some(self) -> int:
        """Read some of those that wait, the newest first. How many wait still."""
        connection = self._connection()
        if not connection.execute("SELECT EXISTS (SELECT 1 FROM waiting)").fetchone()[0]:
            return 0
        with transaction(connection):
            some = connection.execute("SELECT kind, id FROM waiting ORDER BY row DESC LIMIT ?", (AT_ONCE,)).fetchall()
            sessions = [id_ for kind, id_ in some if kind == "session"]
            patients = [id_ for kind, id_ in some if kind == "patient"]
            self._take_sessions(connection, sessions)
            self._take_patients(connection, patients)
            connection.executemany("DELETE FROM waiting WHERE kind = ? AND id = ?", some)
            left: int = connection.execute("SELECT COUNT(*) FROM waiting").fetchone()[0]
        return left

    def _take_sessions(self, connection: Connection, ids: Sequence[str]) -> None:
        read = self._log.read_kinds("session", self._reading.kinds, ids) if ids else {}
        for id_ in ids:
            entries = read.get(id_, [])
            found = self._reading.session(id_, entries)
            self._note_lack(connection, "session", id_, entries)
            known = connection.execute("SELECT n FROM session WHERE id = ?", (id_,)).fetchone()
            for table, column in (("session", "n"), ("shown", "n"), ("at_work", "n"), ("words", "rowid")):
                if known:
                    connection.execute(f"DELETE FROM {table} WHERE {column} = ?", known)  # noqa: S608 -- names of ours
            if found is None:
                continue
            row, about, texts = found
            values = (
                known[0] if known else None,
                *(id_, row.at_us, row.day, row.patient, row.stage in ("preparing", "cleared", "running")),
                *(row.stage == "ended", bool(row.paper) and not row.filed_us, row.version > 1),
                *(len(row.adverse), bool(row.owed)),
            )
            n = connection.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n", values
            ).fetchone()[0]
            encode = msgspec.json.encode
            connection.execute("INSERT INTO shown VALUES (?, ?, ?)", (n, encode(row), encode(texts)))
            connection.executemany("INSERT INTO at_work VALUES (?, ?)", [(person, n) for person in row.staff])
            said = f" {letters.EDGE} ".join(letters.spelled(each.words) for each in texts)
            connection.execute(
                "INSERT INTO words (rowid, about, texts) VALUES (?, ?, ?)", (n, letters.spelled(about), said)
            )

    def _take_patients(self, connection: Connection, ids: Sequence[str]) -> None:
        if not ids:
            return
        read = self._log.read_kinds("patient", self._reading.patient_kinds, ids)
        joined = False
        for id_ in ids:
            entries = read.get(id_, [])
            person = self._reading.patient(id_, entries)
            self._note_lack(connection, "patient", id_, entries)
            known = connection.execute("SELECT n, joins FROM patient WHERE id = ?", (id_,)).fetchone()
            if known:
                connection.execute("DELETE FROM patient WHERE n = ?", known[:1])
                connection.execute("DELETE FROM names WHERE rowid = ?", known[:1])
            joins = person is not None and bool(person.merged_into or person.took_in)
            joined |= joins or bool(known and known[1])
            if person is None:
                continue
            n = connection.execute(
                "INSERT INTO patient (n, id, head, joins, row) VALUES (?, ?, ?, ?, ?) RETURNING n",
                (known[0] if known else None, id_, id_, joins, msgspec.json.encode(person)),
            ).fetchone()[0]
            run_together = "".join(filter(str.isalnum, person.number))  # "R1207" for R-1207
            known_by = f"{person.name} {person.called} {person.number} {run_together} {person.born}"
            connection.execute("INSERT INTO names (rowid, known) VALUES (?, ?)", (n, letters.spelled(known_by)))
        if joined:
            self._join(connection)

    def _join(self, connection: Connection) -> None:
        """Which records are read together, and which of them goes on."""
        rows = connection.execute("SELECT row FROM patient WHERE joins").fetchall()
        heads = self._reading.heads([msgspec.json.decode(row, type=Person) for (row,) in rows])
        connection.execute("UPDATE patient SET head = id WHERE head <> id")
        connection.executemany("UPDATE patient SET head = ? WHERE id = ?", [(on, id_) for id_, on in heads.items()])

    def _note_lack(self, connection: Connection, kind: Kind, id_: str, entries: Sequence[Kept]) -> None:
        """What lost its content may get it back without a row of its own (`SqlLog.adopt`): it is looked at again."""
        erased = any(kept.entry.body.kind == "erased" for kept in entries)
        if not erased and any(kept.payload is None for kept in entries):
            values = (kind, id_, self._contents(kind, id_))
            connection.execute("INSERT OR REPLACE INTO lacking VALUES (?, ?, ?)", values)
        else:
            connection.execute("DELETE FROM lacking WHERE kind = ? AND id = ?", (kind, id_))

    def _contents(self, kind: str, id_: str) -> int:
        """How many entries of a stream have their content."""
        (count,) = self._log.select(
            "SELECT COUNT(*) FROM entry JOIN payload ON payload.entry_id = entry.id "
            "WHERE stream_kind = ? AND stream_id = ?",
            (kind, id_),
        )[0]
        return int(count)

    def _id_at(self, row: int) -> bytes | None:
        found = self._log.id_at(row)
        return found.bytes if found is not None else None

    def _connection(self) -> Connection:
        """This thread's own connection to the file as it was last begun."""
        made, connection = getattr(self._local, "own", (-1, None))
        if connection is not None and made == self._made:
            return connection
        with self._files:
            if self._closed:
                raise KnownError("The clinic is being closed. Open KapDesk again.")
            try:
                connection = opened(self.path, self._key)
            except dbapi2.DatabaseError as error:
                if _refused(error):
                    raise
                logger.info("The index is made anew: %s", error)  # of another form, or under the key of before
                self._let_go()
                throw_away(self.path)
                connection = opened(self.path, self._key)
            self._open.append(connection)
            self._local.own = (self._made, connection)
        return connection

    @contextlib.contextmanager
    def _mended(self) -> Iterator[None]:
        """What cannot be read is thrown away, and made anew at the next try; what the disk refuses is said."""
        made = self._made
        try:
            yield
        except (dbapi2.DatabaseError, OSError) as error:
            if _refused(error):
                raise KnownError(
                    f"The list of sessions cannot be brought up to date ({error}). The record is safe; look to the "
                    "disk, then open the page again."
                ) from error
            logger.warning("The index is made anew: %s", error)
            with self._files:
                if made == self._made and not self._closed:  # else somebody has done so already
                    self._let_go()
                    throw_away(self.path)
            self.wake()
            raise KnownError(
                "The list of sessions was damaged and is made anew. The record is safe; look again in a moment."
            ) from error

    def _let_go(self) -> None:
        self._made += 1
        for connection in self._open:
            with contextlib.suppress(dbapi2.Error):
                connection.close()
        self._open.clear()


def _upto(connection: Connection) -> tuple[int, bytes | None]:
    row, entry = connection.execute("SELECT row, entry FROM upto").fetchone()
    return row, entry


def _came(reading: Reading) -> str:
    """Which sessions and patients have rows that matter between two numbers, each with its newest."""
    kinds = ", ".join(f"'{kind}'" for kind in reading.kinds)
    of_patients = ", ".join(f"'{kind}'" for kind in reading.patient_kinds)
    return (
        "SELECT stream_kind, stream_id, MAX(rowid) FROM entry WHERE rowid > ? AND rowid <= ? AND "  # noqa: S608 -- ours
        f"(stream_kind = 'session' AND kind IN ({kinds}) OR stream_kind = 'patient' AND kind IN ({of_patients})) "
        "GROUP BY stream_kind, stream_id"
    )


def _refused(error: Exception) -> bool:
    """Whether the disk, or another program, refuses: then the file itself may be whole."""
    if isinstance(error, OSError):
        return True
    name = str(getattr(error, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_FULL", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY", "SQLITE_CANTOPEN"))
