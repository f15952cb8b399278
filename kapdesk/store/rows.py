"""Entries to rows and back."""

from typing import Any
from uuid import UUID

from kapdesk.errors import Damaged
from kapdesk.facts.entry import Body, Entry, OrderKey, Payload, Stream
from kapdesk.record.log import Kept

_ENTRY = (
    *(bytes, int, bytes, str, str, str, int, str, str),
    *(int, int, int, str, int),
    *(int, int, str, str, str, str, str, bytes),
)
_PAYLOAD = (bytes, str, bytes)
"""What stands in the columns; SQLite itself takes anything in any of them. `sealed_to` may be NULL."""


def to_row(entry: Entry) -> tuple[Any, ...]:
    """An entry in the order of the table's columns."""
    b, key = entry.body, entry.body.order_key
    return (
        *(b.id.bytes, b.v, b.clinic.bytes, b.stream.kind, b.stream.id, b.station, b.seq, b.prev, b.kind),
        *(b.at_us, b.entered_at_us, b.utc_offset_s, b.boot_id, b.boottime_ms),
        *(key.utc_ms, key.counter, key.station, b.by, b.entered_by, b.payload_sha, entry.hash, entry.sig),
    )


def payload_row(id_: UUID, payload: Payload) -> tuple[Any, ...]:
    """A payload in the order of the table's columns."""
    return (id_.bytes, payload.salt, payload.codec, payload.sealed_to, payload.bytes)


def to_kept(row: tuple[Any, ...]) -> Kept:
    """A row of entry columns followed by payload columns (NULLs when erased).

    Raises Damaged for a row that is no entry any more.
    """
    try:
        return _kept(row)
    except (ValueError, TypeError) as error:
        raise Damaged(
            f"A row of the record is no entry any more ({error}). Nothing was changed; put it back from its copies."
        ) from error


def _kept(row: tuple[Any, ...]) -> Kept:
    id_, v, clinic, kind, stream_id, station, seq, prev, tag, at_us, entered_at_us, offset, boot, boottime = row[:14]
    ms, counter, key_station, by, entered_by, sha, hash_, sig, salt, codec, sealed_to, content = row[14:26]
    if tuple(map(type, row[:22])) != _ENTRY:
        raise TypeError("a column holds what it cannot")
    body = Body(
        v,
        UUID(bytes=clinic),
        UUID(bytes=id_),
        Stream(kind, stream_id),
        station,
        seq,
        prev,
        tag,
        at_us,
        entered_at_us,
        offset,
        boot,
        boottime,
        OrderKey(ms, counter, key_station),
        by,
        entered_by,
        sha,
    )
    if salt is None:
        return Kept(Entry(body, hash_, sig), None)
    if (type(salt), type(codec), type(content)) != _PAYLOAD or not isinstance(sealed_to, str | None):
        raise TypeError("a content’s column holds what it cannot")
    return Kept(Entry(body, hash_, sig), Payload(salt, codec, sealed_to, content))
