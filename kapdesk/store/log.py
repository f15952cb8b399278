"""The log in the encrypted file: appending, adopting, reading and checking entries."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kapdesk.facts.clinic import Head, HeadsKept
from kapdesk.facts.entry import FORMAT, GENESIS, Body, Entry, Kind, OrderKey, Stream
from kapdesk.facts.signing import flaw, own_flaw, sign
from kapdesk.record.log import Adoption, Kept, Statement
from kapdesk.record.recorder import Sealer
from kapdesk.store import keys, schema, vault
from kapdesk.store.rows import payload_row, to_kept, to_row
from kapdesk.store.statements import ENTRY_COLUMNS, INSERT_ENTRY, INSERT_PAYLOAD, PAYLOAD_COLUMNS
from kapdesk.store.vault import Connection
from kapdesk.store.writer import Trouble, Writer

_SELECT = (  # all names come from the tables
    f"SELECT {ENTRY_COLUMNS}, {PAYLOAD_COLUMNS} FROM entry LEFT JOIN payload ON payload.entry_id = entry.id"  # noqa: S608
)
_IN_ORDER = "ORDER BY entry.key_ms, entry.key_counter, entry.key_station"


LARGEST = 2**62


class Damage(msgspec.Struct, frozen=True):
    """The first thing wrong in a chain."""

    stream: Stream
    station: str
    seq: int
    words: str


class Checked(msgspec.Struct, frozen=True):
    """What a check of all chains found, and the pages of the file that are not as they were written."""

    entries: int
    chains: int
    damage: tuple[Damage, ...]
    pages: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return not (self.damage or self.pages)


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
        self.folder, self.keys = folder, own
        self._readers = threading.local()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        connection = vault.connect(folder, own.database_key)
        try:
            with vault.told_plainly(folder):
                schema.prepare(connection)
        finally:
            connection.close()
        vault.assert_encrypted(folder)
        self._station_key = own.signing_key()
        self.writer = Writer(lambda: vault.connect(folder, own.database_key, check_same_thread=False), trouble)

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
        only = "" if streams is None else f"AND entry.stream_id IN ({_marks(streams)})"
        rows = self._rows(
            f"{_SELECT} WHERE entry.stream_kind = ? AND entry.kind IN ({_marks(tags)}) {only} {_IN_ORDER}",
            (kind, *tags, *(streams or ())),
        )
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

    def check(self, stations: Mapping[str, str], seen: Iterable[HeadsKept] = ()) -> Checked:
        """Verify every chain from its first line: place, digest, content, signature.

        `seen` are the ends of chains that the clinic has kept: a chain that has become shorter was cut.
        """
        entries = chains = 0
        damage: list[Damage] = []
        erased = set(self.select("SELECT stream_kind, stream_id FROM entry WHERE kind = 'erased'"))
        before: Kept | None = None
        spoiled = False
        for kept in self._all():
            body = kept.entry.body
            new_chain = before is None or _chain(before) != _chain(kept)
            if new_chain:
                chains += 1
                before, spoiled = None, False
            entries += 1
            words = self._flaw(kept, before, stations)
            may_lack = (body.stream.kind, body.stream.id) in erased and body.kind != "erased"
            if words is None and kept.payload is None and not may_lack:
                words = "has lost its content, and no erasure says so"
            if words and not spoiled:
                damage.append(Damage(body.stream, body.station, body.seq, words))
                spoiled = True
            before = kept
        pages = tuple(str(row[0]) for row in self.select("PRAGMA cipher_integrity_check"))
        for kept_heads in seen:
            damage += [cut for head in kept_heads.heads if (cut := self._cut(kept_heads.stream, head))]
        return Checked(entries, chains, tuple(damage), pages)

    def _cut(self, stream: Stream, head: Head) -> Damage | None:
        """Damage where a line that the clinic's own record names is gone, or is another."""
        found = self.select(
            "SELECT hash FROM entry WHERE stream_kind = ? AND stream_id = ? AND station = ? AND seq = ?",
            (stream.kind, stream.id, head.station, head.seq),
        )
        if found == [(head.hash,)]:
            return None
        words = "is another than the one the clinic saw at the end" if found else "is gone; the history was cut"
        return Damage(stream, head.station, head.seq, words)

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

    def close(self, give_up: bool = False) -> None:
        """Wait for the drain, then close the file."""
        self.writer.close(give_up)
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _append(self, connection: Connection, statement: Statement) -> Entry:
        known = connection.execute(f"{_SELECT} WHERE entry.id = ?", (statement.id.bytes,)).fetchone()
        if known:  # said twice: a commit whose answer got lost
            return to_kept(known).entry
        stream, moment = statement.stream, statement.moment
        seq, prev = self._head(connection, stream, self.keys.station)
        order = self._newest_key(connection, stream).after(moment.utc_us // 1000, self.keys.station)
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
                self._insert(connection, kept)
                adopted.append(body.id)
        return Adoption(tuple(adopted), tuple(known), tuple(refused))

    def _give_back(self, connection: Connection, here: Kept, kept: Kept) -> None:
        """A known entry whose content was lost here, but not erased, gets it back."""
        body, payload = here.entry.body, kept.payload
        if here.payload is None and payload is not None and payload.sha == body.payload_sha:
            erased = connection.execute(
                "SELECT 1 FROM entry WHERE stream_kind = ? AND stream_id = ? AND kind = 'erased'",
                (body.stream.kind, body.stream.id),
            ).fetchone()
            if not erased or body.kind == "erased":
                connection.execute(INSERT_PAYLOAD, payload_row(body.id, payload))

    def _flaw_coming(self, connection: Connection, kept: Kept, stations: Mapping[str, str]) -> str | None:
        body = kept.entry.body
        if body.clinic != self.keys.clinic:
            return "belongs to another clinic"
        if not _well_formed(body):
            return "is not well-formed"
        if words := self._flaw(kept, None, stations, alone=True):
            return words
        seq, prev = self._head(connection, body.stream, body.station)
        return None if (body.seq, body.prev) == (seq + 1, prev) else "does not follow the entry before it"

    def _flaw(self, kept: Kept, before: Kept | None, stations: Mapping[str, str], alone: bool = False) -> str | None:
        public = stations.get(kept.entry.body.station)
        if public is None:
            return "comes from a station this clinic does not know"
        station = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        if alone:
            return own_flaw(kept.entry, kept.payload, station)
        return flaw(kept.entry, before.entry if before else None, kept.payload, station)

    def _head(self, connection: Connection, stream: Stream, station: str) -> tuple[int, str]:
        row = connection.execute(
            "SELECT seq, hash FROM entry WHERE stream_kind = ? AND stream_id = ? AND station = ? "
            "ORDER BY seq DESC LIMIT 1",
            (stream.kind, stream.id, station),
        ).fetchone()
        return (row[0], row[1]) if row else (-1, GENESIS)

    def _newest_key(self, connection: Connection, stream: Stream) -> OrderKey:
        row = connection.execute(
            "SELECT key_ms, key_counter, key_station FROM entry WHERE stream_kind = ? AND stream_id = ? "
            "ORDER BY key_ms DESC, key_counter DESC, key_station DESC LIMIT 1",
            (stream.kind, stream.id),
        ).fetchone()
        return OrderKey(*row) if row else OrderKey(0, 0, "")

    def _insert(self, connection: Connection, kept: Kept) -> None:
        connection.execute(INSERT_ENTRY, to_row(kept.entry))
        if kept.payload is not None:
            connection.execute(INSERT_PAYLOAD, payload_row(kept.entry.body.id, kept.payload))

    def _all(self) -> Iterator[Kept]:
        rows = self._rows(f"{_SELECT} ORDER BY entry.stream_kind, entry.stream_id, entry.station, entry.seq")
        return (to_kept(row) for row in rows)

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


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _well_formed(body: Body) -> bool:
    """Whether an entry from elsewhere has the form of today, and numbers that leave room for those after it."""
    key = body.order_key
    numbers = (body.seq, body.at_us, body.entered_at_us, body.boottime_ms, key.utc_ms, key.counter)
    in_bounds = all(0 <= number < LARGEST for number in numbers) and abs(body.utc_offset_s) <= 86_400
    return body.v == FORMAT and key.station == body.station and in_bounds


def _chain(kept: Kept) -> tuple[Kind, str, str]:
    body = kept.entry.body
    return body.stream.kind, body.stream.id, body.station
