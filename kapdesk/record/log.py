"""The port through which the record is kept: what a log promises, whatever keeps it."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Protocol
from uuid import UUID

import msgspec

from kapdesk.clock import Moment
from kapdesk.facts.entry import Entry, Payload, Stream
from kapdesk.facts.people import Actor


class Statement(msgspec.Struct, frozen=True):
    """Something to be recorded, before it has its place in a chain. `id` makes saying it twice harmless."""

    id: UUID
    stream: Stream
    kind: str
    payload: Payload
    at_us: int
    moment: Moment
    actor: Actor


class Kept(msgspec.Struct, frozen=True):
    """An entry and its payload, None when that was erased."""

    entry: Entry
    payload: Payload | None


class Adoption(msgspec.Struct, frozen=True):
    """What came of `adopt`: ids taken in, ids already here, and what was refused with its flaw in plain words."""

    adopted: tuple[UUID, ...]
    known: tuple[UUID, ...]
    refused: tuple[tuple[UUID, str], ...]


class Log(Protocol):
    """Where entries are kept. Appending is the way in for people; adopting for entries that exist elsewhere."""

    def append(self, statement: Statement) -> "Future[Entry]":
        """Keep a statement. Resolves when it is on the disk.

        While the disk is full, locked or read-only the statement is held and tried again in order; the future
        stays open. It fails with KnownError only when the log is closed without it.
        """
        ...

    def adopt(self, entries: Iterable[Kept], stations: Mapping[str, str]) -> "Future[Adoption]":
        """Take in entries of known stations (id -> Ed25519 public key, lower hex); verifies, never judges."""
        ...

    def read(self, stream: Stream) -> Sequence[Kept]:
        """All entries of a stream in their one order."""
        ...
