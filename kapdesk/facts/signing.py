"""Signing an entry and finding what is wrong with one. Apart from `entry`, for `cryptography` is slow to import."""

from typing import get_args

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kapdesk.facts.entry import GENESIS, Body, Entry, Kind, Payload, Stream, digest

SALT, CODEC, KINDS = 16, "json", get_args(Kind)
"""Of format 1: bytes of a payload's salt, how its fact is written, and the kinds of streams."""


class _Tagged(msgspec.Struct):
    fact: str


_tagged = msgspec.json.Decoder(_Tagged)


def sign(body: Body, station_key: Ed25519PrivateKey) -> Entry:
    """Close an entry with its station's Ed25519 signature over the digest's 32 bytes."""
    hash_ = digest(body)
    return Entry(body, hash_, station_key.sign(bytes.fromhex(hash_)))


def flaw(entry: Entry, before: Entry | None, payload: Payload | None, station: Ed25519PublicKey) -> str | None:
    """The first thing wrong with an entry in its chain, in plain words; None when it holds.

    `before` is the entry before it in the same stream at the same station, None for the first.
    An erased payload (None) is no flaw: the chain holds only its digest.
    """
    expected = (0, GENESIS) if before is None else (before.body.seq + 1, before.hash)
    if (entry.body.seq, entry.body.prev) != expected:
        return "does not follow the entry before it"
    if before is not None and entry.body.order_key <= before.body.order_key:
        return "is dated before the entry it follows"
    return own_flaw(entry, payload, station)


def own_flaw(entry: Entry, payload: Payload | None, station: Ed25519PublicKey) -> str | None:
    """As `flaw`, for an entry by itself, without asking what it follows."""
    if digest(entry.body) != entry.hash:
        return "was altered"
    if entry.body.stream.kind not in KINDS:
        return "belongs to a kind of record that this KapDesk does not know"
    if payload is not None and payload.sha != entry.body.payload_sha:
        return "has another content than the one signed"
    if payload is not None and not _as_format_1(payload, entry.body.stream):
        return "has its content in another wrapping than the one signed"
    if payload is not None and payload.sealed_to is None and _tag(payload) != entry.body.kind:
        return "holds something else than it says"
    try:
        station.verify(entry.sig, bytes.fromhex(entry.hash))
    except InvalidSignature:
        return "was not signed by its station"
    return None


def _as_format_1(payload: Payload, stream: Stream) -> bool:
    """What the digest does not hold stands fixed in format 1: the salt's length, the codec, and what is sealed.

    A private stream's content is sealed, and to a key named after the stream; nothing else is.
    """
    sealed_to = payload.sealed_to
    private = sealed_to is not None and sealed_to.startswith(stream.id)
    return (
        len(payload.salt) == SALT
        and payload.codec == CODEC
        and (private if stream.kind == "private" else sealed_to is None)
    )


def _tag(payload: Payload) -> str | None:
    """The word in the content itself for what kind of fact it is."""
    try:
        return _tagged.decode(payload.bytes).fact
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
