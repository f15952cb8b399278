"""The envelope every fact travels in, and the digest that makes a change to it visible.

Frozen at format 1: `tests/golden/entries.jsonl` holds it.
"""

import hashlib
from typing import Literal
from uuid import UUID

import msgspec

FORMAT = 1
GENESIS = "0" * 64
Kind = Literal["session", "patient", "clinic", "private"]


class Stream(msgspec.Struct, frozen=True):
    """Whose history an entry belongs to: one session, one patient, the clinic, one person's notes on one patient."""

    kind: Kind
    id: str


class OrderKey(msgspec.Struct, frozen=True, order=True):
    """Hybrid logical time: orders entries of all stations, never behind one already seen."""

    utc_ms: int
    counter: int
    station: str

    def after(self, now_utc_ms: int, station: str) -> "OrderKey":
        """The next key at `station`, not earlier than this one even if the clock has gone back."""
        if now_utc_ms > self.utc_ms:
            return OrderKey(now_utc_ms, 0, station)
        return OrderKey(self.utc_ms, self.counter + 1, station)


class Payload(msgspec.Struct, frozen=True):
    """The bytes of a fact as stored. Deleting them (erasure) leaves every chain intact."""

    salt: bytes
    codec: str
    sealed_to: str | None
    bytes: bytes

    @property
    def sha(self) -> str:
        """SHA-256 over salt and bytes, in lower hex: what the entry holds of its payload."""
        return hashlib.sha256(self.salt + self.bytes).hexdigest()


class Body(msgspec.Struct, frozen=True, array_like=True):
    """What is hashed: these fields, in this order, as a JSON array without spaces."""

    v: int
    clinic: UUID
    id: UUID
    stream: Stream
    station: str
    seq: int
    prev: str
    kind: str
    at_us: int
    entered_at_us: int
    utc_offset_s: int
    boot_id: str
    boottime_ms: int
    order_key: OrderKey
    by: str
    entered_by: str
    payload_sha: str


class Entry(msgspec.Struct, frozen=True):
    """One line of the record: what was said about it (body), its digest, and the station's signature."""

    body: Body
    hash: str
    sig: bytes


def digest(body: Body) -> str:
    """SHA-256 of the UTF-8 JSON array of all fields of the body, in lower hex."""
    return hashlib.sha256(msgspec.json.encode(body)).hexdigest()
