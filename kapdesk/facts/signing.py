"""Signing an entry and finding what is wrong with one. Apart from `entry`, for `cryptography` is slow to import."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kapdesk.facts.entry import GENESIS, Body, Entry, Payload, digest


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
    return own_flaw(entry, payload, station)


def own_flaw(entry: Entry, payload: Payload | None, station: Ed25519PublicKey) -> str | None:
    """As `flaw`, for an entry by itself, without asking what it follows."""
    if digest(entry.body) != entry.hash:
        return "was altered"
    if payload is not None and payload.sha != entry.body.payload_sha:
        return "has another content than the one signed"
    try:
        station.verify(entry.sig, bytes.fromhex(entry.hash))
    except InvalidSignature:
        return "was not signed by its station"
    return None
