"""Whether the record is as it was written: every chain from its first line, every page, and the second copy beside."""

from collections.abc import Iterable, Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kapdesk.facts.clinic import Head, HeadsKept
from kapdesk.facts.entry import Kind, Stream
from kapdesk.facts.signing import flaw
from kapdesk.record.log import Kept
from kapdesk.store.journal_file import Line
from kapdesk.store.log import UNKNOWN_STATION, SqlLog


class Damage(msgspec.Struct, frozen=True):
    """The first thing wrong in a chain."""

    stream: Stream
    station: str
    seq: int
    words: str


class Checked(msgspec.Struct, frozen=True):
    """What a check of all chains found, the pages of the file that are not as they were written, and what is wrong
    with the second copy: that costs nothing as long as the record itself is whole."""

    entries: int
    chains: int
    damage: tuple[Damage, ...]
    pages: tuple[str, ...] = ()
    second: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return not (self.damage or self.pages)


def check(log: SqlLog, stations: Mapping[str, str], seen: Iterable[HeadsKept] = ()) -> Checked:
    """Verify every chain from its first line: place, digest, content, signature.

    `seen` are the ends of chains that the clinic has kept: a chain that has become shorter was cut.
    """
    entries = chains = 0
    damage: list[Damage] = []
    erased = log.erased_streams()
    before: Kept | None = None
    spoiled = False
    for kept in log.chains():
        body = kept.entry.body
        new_chain = before is None or _chain(before) != _chain(kept)
        if new_chain:
            chains += 1
            before, spoiled = None, False
        entries += 1
        words = _flaw(kept, before, stations)
        may_lack = body.stream in erased and body.kind != "erased"
        if words is None and kept.payload is None and not may_lack:
            words = "has lost its content, and no erasure says so"
        if words and not spoiled:
            damage.append(Damage(body.stream, body.station, body.seq, words))
            spoiled = True
        before = kept
    pages = tuple(str(row[0]) for row in log.select("PRAGMA cipher_integrity_check"))
    for kept_heads in seen:
        damage += [cut for head in kept_heads.heads if (cut := _cut(log, kept_heads.stream, head))]
    return Checked(entries, chains, tuple(damage), pages)


def _cut(log: SqlLog, stream: Stream, head: Head) -> Damage | None:
    """Damage where a line that the clinic's own record names is gone, or is another."""
    found = log.select(
        "SELECT hash FROM entry WHERE stream_kind = ? AND stream_id = ? AND station = ? AND seq = ?",
        (stream.kind, stream.id, head.station, head.seq),
    )
    if found == [(head.hash,)]:
        return None
    words = "is another than the one the clinic saw at the end" if found else "is gone; the history was cut"
    return Damage(stream, head.station, head.seq, words)


def lost(log: SqlLog, second: Iterable[Line]) -> list[Line]:
    """The lines of the second copy that the record has not, or not so."""
    gone = []
    for line in second:
        entry = line[1].entry
        if log.select("SELECT hash, sig FROM entry WHERE id = ?", (entry.body.id.bytes,)) != [(entry.hash, entry.sig)]:
            gone.append(line)
    return gone


def _flaw(kept: Kept, before: Kept | None, stations: Mapping[str, str]) -> str | None:
    public = stations.get(kept.entry.body.station)
    if public is None:
        return UNKNOWN_STATION
    station = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return flaw(kept.entry, before.entry if before else None, kept.payload, station)


def _chain(kept: Kept) -> tuple[Kind, str, str]:
    body = kept.entry.body
    return body.stream.kind, body.stream.id, body.station
