"""The log in the encrypted file: appending, adopting, reading and checking entries."""

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.clinic import Head
from kapdesk.facts.entry import FORMAT, GENESIS, Body, Entry, Kind, OrderKey, Stream
from kapdesk.facts.signing import own_flaw, sign
from kapdesk.record.log import Adoption, Kept, Statement
from kapdesk.record.recorder import Sealer
from kapdesk.store import keys, schema, vault
from kapdesk.store.journal import Journal
from kapdesk.store.reserve import Reserve
from kapdesk.store.rows import payload_row, to_kept, to_row
from kapdesk.store.statements import (
    DELETE_ERASED,
    DELETE_ERASED_DRAFTS,
    ENTRY_COLUMNS,
    ERASED_STREAMS,
    HEADS,
    INSERT_ENTRY,
    INSERT_PAYLOAD,
    IS_ERASED,
    PAYLOAD_COLUMNS,
    STILL_SAID,
)
from kapdesk.store.vault import Connection
from kapdesk.store.writer import Trouble, Writer

_SELECT = (  # all names come from the tables
    f"SELECT {ENTRY_COLUMNS}, {PAYLOAD_COLUMNS} FROM entry LEFT JOIN payload ON payload.entry_id = entry.id"  # noqa: S608
)
_SELECT_ROWS = _SELECT.replace("SELECT ", "SELECT entry.rowid, ", 1)
_IN_ORDER = "ORDER BY entry.key_ms, entry.key_counter, entry.key_station"
_ERASED = "erased"

LARGEST = 2**53
UNKNOWN_STATION = "comes from a station this clinic does not know"


class SqlLog:
    """The log of one clinic folder. Keeps the promises of `kapdesk.record.log.Log`.

    `trouble` is called on the writer's thread with a plain sentence when entries cannot be saved, and with None
    when they could. With `new` the file is made where there is none; without, KnownError says that it is missing.
    """

    def __init__(
        self, folder: Path, own: keys.Keys, trouble: Trouble = lambda sentence: None, *, new: bool = False
    ) -> None:
        vault.refuse_network_share(folder)
        if new:
            vault.create(folder)
        own = with_key_that_opens(folder, own) if own.past else own
        self.folder, self.keys = folder, own
        self._readers = threading.local()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        self._station_key = own.signing_key()
        self.reserve = Reserve(folder)
        self.journal: Journal | None = None
        with ExitStack() as undo:
            self._held = undo.enter_context(vault.hold(folder))
            with closing(vault.connect(folder, own.database_key)) as connection, vault.told_plainly(folder):
                schema.prepare(connection)
            vault.assert_encrypted(folder)
            self.writer = Writer(
                lambda: vault.connect(folder, own.database_key, check_same_thread=False),
                trouble,
                self._committed,
                self.reserve.free,
            )
            undo.pop_all()

    def append(self, statement: Statement) -> "Future[Entry]":
        """Keep a statement; resolves when it is on the disk."""
        return self.writer.submit(lambda connection: self._append(connection, statement))

    def adopt(self, entries: Iterable[Kept], stations: Mapping[str, str]) -> "Future[Adoption]":
        """Take in entries of known stations; verifies hash, signature and place, and never judges."""
        coming = sorted(entries, key=lambda k: (k.entry.body.stream.kind, k.entry.body.stream.id, k.entry.body.seq))
        return self.writer.submit(lambda connection: self._adopt(connection, coming, stations))

    def read(self, stream: Stream) -> Sequence[Kept]:
        """All entries of a stream in their one order. Sealed payloads are opened where this desk has the key."""
        rows = self._rows(
            f"{_SELECT} WHERE entry.stream_kind = ? AND entry.stream_id = ? {_IN_ORDER}", (stream.kind, stream.id)
        )
        return [self._unsealed(to_kept(row)) for row in rows]

    def read_kinds(
        self, kind: Kind, tags: Sequence[str], streams: Sequence[str] | None = None
    ) -> dict[str, list[Kept]]:
        """The entries with these tags in all streams of a kind, or in some: stream id -> entries in order."""
        of_kind = f"entry.kind IN ({_marks(tags)})"
        if streams is not None:  # the "+": look for the streams, not through every entry of these kinds
            of_kind = f"+{of_kind} AND entry.stream_id IN ({_marks(streams)})"
        values = (kind, *tags, *(streams or ()))
        rows = self._rows(f"{_SELECT} WHERE entry.stream_kind = ? AND {of_kind} {_IN_ORDER}", values)
        found: dict[str, list[Kept]] = {}
        for row in rows:
            kept = to_kept(row)
            found.setdefault(kept.entry.body.stream.id, []).append(kept)
        return found

    def heads(self, stream: Stream) -> tuple[Head, ...]:
        """The last line of each station's chain in a stream."""
        rows = self._rows(
            "SELECT station, MAX(seq), hash FROM entry WHERE stream_kind = ? AND stream_id = ? "
            "GROUP BY station ORDER BY station",
            (stream.kind, stream.id),
        )
        return tuple(Head(*row) for row in rows)

    def at(self, stream: Stream, station: str, seq: int) -> Kept:
        """Line number `seq` of a station's chain in a stream. Raises Damaged where it is not there."""
        values = stream.kind, stream.id, station, seq
        where = "entry.stream_kind = ? AND entry.stream_id = ? AND entry.station = ? AND entry.seq = ?"
        for row in self._rows(f"{_SELECT} WHERE {where}", values):
            return self._unsealed(to_kept(row))
        raise Damaged(
            f"Line {seq + 1} of {station} is missing. Nothing was changed; put the record back from its copies."
        )

    def chains(self) -> Iterator[Kept]:
        """Every entry, chain after chain, each from its first line; what is sealed stays so."""
        rows = self._rows(f"{_SELECT} ORDER BY entry.stream_kind, entry.stream_id, entry.station, entry.seq")
        return (to_kept(row) for row in rows)

    def row(self) -> int:
        """The number of the newest row. Rows are never deleted, so it is their count too."""
        newest: int = self.select("SELECT COALESCE(MAX(rowid), 0) FROM entry")[0][0]
        return newest

    def after(self, row: int, at_most: int) -> list[tuple[int, Kept]]:
        """The entries after a row, as they were committed, each with its own row."""
        rows = self._rows(f"{_SELECT_ROWS} WHERE entry.rowid > ? ORDER BY entry.rowid LIMIT ?", (row, at_most))
        return [(each[0], to_kept(each[1:])) for each in rows]

    def id_at(self, row: int) -> UUID | None:
        """The entry in a row."""
        found = self.select("SELECT id FROM entry WHERE rowid = ?", (row,))
        return UUID(bytes=found[0][0]) if found else None

    def keep_second_copy(self, place: Path, row: int) -> None:
        """Copy every entry after a row to a journal from now on."""
        self.journal = Journal(place, self.keys.clinic, self.keys.database_key, self.after, row)

    def _committed(self) -> None:
        if self.journal is not None:
            self.journal.wake()

    def select(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of any reading statement, on this thread's own connection."""
        return list(self._rows(sql, values))

    def _rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        with vault.told_plainly(self.folder):
            yield from self._reader().execute(sql, values)

    def sealer(self, stream: Stream, key_id: str) -> Sealer:
        """Seals what is recorded in a private stream with one of this desk's private keys."""
        key = self.keys.private_keys[key_id]
        return lambda content: (key_id, keys.seal(key, stream.id, content))

    def forget_erased(self) -> None:
        """Delete what was said in streams that an erasure names, wherever it has come back from; also its bytes, and
        what was half-typed there."""
        self.writer.submit(_delete_erased).result()
        with closing(vault.connect(self.folder, self.keys.database_key)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def erased_streams(self) -> set[Stream]:
        """The streams that an erasure names."""
        return {Stream(*row) for row in self.select(ERASED_STREAMS)}

    def holds_erased(self) -> bool:
        """Whether something is still said in such a stream: an erasure was cut off."""
        return bool(self.select(STILL_SAID))

    def lost_key_sealer(self, stream: Stream) -> Sealer:
        """Seals with a key that nobody has: for the word in a private stream that it is erased, said by another."""
        key = secrets.token_hex(32)
        return lambda content: (f"{stream.id} erased", keys.seal(key, stream.id, content))

    def copy_to(self, path: Path) -> None:
        """Copy the record as it stands to an empty file, under the same key, while entries come in."""
        with closing(vault.connect(self.folder, self.keys.database_key)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))

    def close(self, give_up: bool = False) -> None:
        """Wait for the drain, then close the file."""
        self.writer.close(give_up)
        if self.journal is not None:
            self.journal.close()
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._held.close()

    def _append(self, connection: Connection, statement: Statement) -> Entry:
        known = connection.execute(f"{_SELECT} WHERE entry.id = ?", (statement.id.bytes,)).fetchone()
        if known:  # said twice: a commit whose answer got lost
            return to_kept(known).entry
        stream, moment = statement.stream, statement.moment
        seq, prev, newest = -1, GENESIS, OrderKey(0, 0, "")
        for station, last, hash_, kind, *key in connection.execute(HEADS, (stream.kind, stream.id)):
            if kind == _ERASED and stream.kind != "clinic":
                raise KnownError("Not saved: what was said here was erased, and nothing can be added to it.")
            newest = max(newest, OrderKey(*key))
            if station == self.keys.station:
                seq, prev = last, hash_
        order = newest.after(moment.utc_us // 1000, self.keys.station)
        body = Body(
            FORMAT,
            self.keys.clinic,
            statement.id,
            stream,
            self.keys.station,
            seq + 1,
            prev,
            statement.kind,
            statement.at_us,
            moment.utc_us,
            moment.utc_offset_s,
            moment.boot_id,
            moment.boottime_ms,
            order,
            statement.actor.by,
            statement.actor.entered_by,
            statement.payload.sha,
        )
        entry = sign(body, self._station_key)
        self._insert(connection, Kept(entry, statement.payload))
        return entry

    def _adopt(self, connection: Connection, coming: Sequence[Kept], stations: Mapping[str, str]) -> Adoption:
        adopted: list[UUID] = []
        known: list[UUID] = []
        refused: list[tuple[UUID, str]] = []
        for kept in coming:
            body = kept.entry.body
            here = connection.execute(f"{_SELECT} WHERE entry.id = ?", (body.id.bytes,)).fetchone()
            if here is not None and to_kept(here).entry == kept.entry:
                self._give_back(connection, to_kept(here), kept)
                known.append(body.id)
                continue
            words = "differs from the one already here" if here else self._flaw_coming(connection, kept, stations)
            if words:
                refused.append((body.id, words))
            else:
                self._insert(connection, kept if self._may_hold(connection, body) else Kept(kept.entry, None))
                adopted.append(body.id)
        if any(kept.entry.body.kind == _ERASED for kept in coming):
            connection.execute(DELETE_ERASED)
        return Adoption(tuple(adopted), tuple(known), tuple(refused))

    def _give_back(self, connection: Connection, here: Kept, kept: Kept) -> None:
        """A known entry whose content was lost here, but not erased, gets it back."""
        body, payload = here.entry.body, kept.payload
        lacks = here.payload is None and payload is not None and payload.sha == body.payload_sha
        if lacks and payload is not None and self._may_hold(connection, body):
            connection.execute(INSERT_PAYLOAD, payload_row(body.id, payload))

    def _may_hold(self, connection: Connection, body: Body) -> bool:
        """Whether an entry's content is kept: all but what belongs to an erased history."""
        return body.kind == _ERASED or not self._erased(connection, body.stream)

    def _erased(self, connection: Connection, stream: Stream) -> bool:
        return connection.execute(IS_ERASED, (stream.kind, stream.id)).fetchone() is not None

    def _flaw_coming(self, connection: Connection, kept: Kept, stations: Mapping[str, str]) -> str | None:
        body = kept.entry.body
        if body.clinic != self.keys.clinic:
            return "belongs to another clinic"
        if not _well_formed(body):
            return "is not well-formed"
        public = stations.get(body.station)
        if public is None:
            return UNKNOWN_STATION
        if words := own_flaw(kept.entry, kept.payload, Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))):
            return words
        if body.stream.kind == "clinic" and body.kind == _ERASED:
            return "would erase the clinic's own record"
        seq, prev, order = self._head(connection, body.stream, body.station)
        if (body.seq, body.prev) != (seq + 1, prev):
            return "does not follow the entry before it"
        return None if body.order_key > order else "is dated before the entry it follows"

    def _head(self, connection: Connection, stream: Stream, station: str) -> tuple[int, str, OrderKey]:
        """Number, digest and order of the last entry of a chain."""
        row = connection.execute(
            "SELECT seq, hash, key_ms, key_counter, key_station FROM entry "
            "WHERE stream_kind = ? AND stream_id = ? AND station = ? ORDER BY seq DESC LIMIT 1",
            (stream.kind, stream.id, station),
        ).fetchone()
        return (row[0], row[1], OrderKey(*row[2:])) if row else (-1, GENESIS, OrderKey(-1, 0, ""))

    def _insert(self, connection: Connection, kept: Kept) -> None:
        connection.execute(INSERT_ENTRY, to_row(kept.entry))
        if kept.payload is not None:
            connection.execute(INSERT_PAYLOAD, payload_row(kept.entry.body.id, kept.payload))

    def _unsealed(self, kept: Kept) -> Kept:
        payload = kept.payload
        if payload is None or payload.sealed_to is None or payload.sealed_to not in self.keys.private_keys:
            return kept
        key = self.keys.private_keys[payload.sealed_to]
        opened = keys.unseal(key, kept.entry.body.stream.id, payload)
        return kept if opened is None else Kept(kept.entry, opened)

    def _reader(self) -> Connection:
        """This thread's own connection for reading."""
        connection: Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = vault.connect(self.folder, self.keys.database_key, check_same_thread=False)
            self._readers.connection = connection
            with self._lock:
                self._open.append(connection)
        return connection


def with_key_that_opens(folder: Path, own: keys.Keys) -> keys.Keys:
    """These keys, the one that opens the record first among the database keys.

    After someone has left, the record is given its new key by whoever opens it next alone; until then the one before
    opens it. Where none does, they are as they were, and opening says why.
    """
    if vault.opens(folder, own.database_key):
        return own
    for old in own.past:
        if vault.opens(folder, old):
            try:
                with vault.hold(folder, alone=True):
                    vault.rekey(folder, old, own.database_key)
            except KnownError:  # it is open elsewhere, and goes on under the key before
                others = tuple(key for key in own.database_keys if key != old)
                return msgspec.structs.replace(own, database_key=old, past=others)
            return own
    return own


def _delete_erased(connection: Connection) -> None:
    connection.execute(DELETE_ERASED)
    connection.execute(DELETE_ERASED_DRAFTS)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _well_formed(body: Body) -> bool:
    """Whether an entry from elsewhere has the form of today, and numbers that leave room for those after it."""
    key = body.order_key
    numbers = (body.seq, body.at_us, body.entered_at_us, body.boottime_ms, key.utc_ms, key.counter)
    in_bounds = all(0 <= number < LARGEST for number in numbers) and abs(body.utc_offset_s) <= 86_400
    return body.v == FORMAT and key.station == body.station and in_bounds
