"""The ring of a clinic's keys: who holds which secret, each sealed to the one who holds it."""

import hmac
import unicodedata
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from kapdesk.access import sealing
from kapdesk.access.sealing import Key, Pair
from kapdesk.errors import KnownError

FORMAT = 1
RECOVERY = "recovery"
DATABASE, PAST, STATION, PRIVATE = "database", "database:", "station:", "private:"
PAPERS, SEAL = "papers", "seal:"

LONGEST_ID, LONGEST_NAME = 200, 100
"""Characters."""

LONGEST_SEAL_KEY = 8_192
"""Bytes of a seal's private key (PKCS#8): RSA of 3,072 bits takes about 1,800, of 8,192 about 4,700."""


class Changed(KnownError):
    """The key file is whole, but something other than KapDesk wrote it."""

    def __init__(self) -> None:
        super().__init__(
            "The key file was changed outside KapDesk. Nothing was opened and the record is not touched; "
            "put the key file back from a backup."
        )


class Holder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person, or the recovery code: id, name as shown, and their pair. One who has left holds no shared secret."""

    id: Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    pair: Pair
    left: bool = False


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A secret, sealed: holder's id -> seal (60 bytes more than the secret). `author` is whose private stream it opens,
    if any."""

    author: str | None
    seals: dict[str, bytes]


class Ring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in the key file. Names of secrets:

    "database" (the record's key), "database:N" (what it was before), "station:<id>" (Ed25519, what a station signs
    with), "private:<stream id>", "papers" (what signed papers are kept under; it never changes), "seal:<SHA-256 of a
    certificate>" (the private key the clinic signs papers with). All have 32 bytes but the last kind, which is PKCS#8.
    `tag` is the whole ring's, under a key derived from the record's.
    """

    format: int
    clinic: UUID
    holders: tuple[Holder, ...]
    secrets: dict[str, Secret]
    tag: bytes = b""

    def holder(self, id_: str) -> Holder | None:
        """The holder with this id; None when there is none."""
        return next((holder for holder in self.holders if holder.id == id_), None)

    def person(self, who: str) -> Holder | None:
        """The person with this id, or else this name however capitals and spaces are typed; never the recovery code."""
        people = [holder for holder in self.holders if holder.id != RECOVERY]
        by_id = next((holder for holder in people if holder.id == who), None)
        wanted = folded(who[: 4 * LONGEST_NAME])
        return by_id or next((holder for holder in people if folded(holder.name) == wanted), None)

    def place(self, kind: str, *where: str) -> bytes:
        """What a seal, a locked half or the tag is bound to: a JSON array of format, clinic, kind and names."""
        return msgspec.json.encode(["kapdesk keys", self.format, self.clinic, kind, *where])

    def tagged(self, database_key: bytes) -> "Ring":
        """The ring with the tag that fits it."""
        return msgspec.structs.replace(self, tag=self._tag(database_key))

    def holds(self, database_key: bytes) -> bool:
        """Whether the tag fits: nothing was exchanged, added or taken out without this key."""
        return hmac.compare_digest(self.tag, self._tag(database_key))

    def _tag(self, database_key: bytes) -> bytes:
        content = msgspec.json.encode(msgspec.structs.replace(self, tag=b""), order="deterministic")
        return sealing.tag(content, database_key, self.place("tag"))


class Unlocked(msgspec.Struct, frozen=True):
    """A ring one holder has opened: their id, and by name the secrets they hold, in the clear.

    Its `repr` shows no secret. One who has left holds private streams only; for them the ring's tag cannot be checked.
    """

    ring: Ring
    holder: str
    secrets: Mapping[str, Key]

    def __repr__(self) -> str:
        return f"<the keys of {self.holder}: {len(self.secrets)}>"

    @property
    def left(self) -> bool:
        """Whether this holder has left the clinic, and so may read nothing but their own private streams."""
        return DATABASE not in self.secrets


def folded(name: str) -> str:
    """A name as it is compared: width, capitals and spaces do not count (NFKC, one space, casefold)."""
    return unicodedata.normalize("NFKC", " ".join(unicodedata.normalize("NFKC", name).split()).casefold())


def sound(ring: Ring) -> bool:
    """Whether the parts fit: sizes, costs, one recovery code, names that are nobody else's, seals to holders only."""
    ids = {holder.id for holder in ring.holders}
    names = {folded(holder.name) for holder in ring.holders}
    recovery = ring.holder(RECOVERY)
    return (
        ring.format == FORMAT
        and len(ids) == len(names) == len(ring.holders)
        and recovery is not None
        and not recovery.left
        and all(_sound_pair(holder.pair) for holder in ring.holders)
        and DATABASE in ring.secrets
        and all(_sound_secret(name, secret, ids) for name, secret in ring.secrets.items())
    )


def _sound_pair(pair: Pair) -> bool:
    sizes = (len(pair.public), len(pair.salt), len(pair.locked))
    return sizes == (sealing.KEY, sealing.SALT, sealing.LOCKED) and sealing.affordable(pair.cost)


def _sound_secret(name: str, secret: Secret, ids: set[str]) -> bool:
    return (
        is_name(name)
        and name.startswith(PRIVATE) == (secret.author is not None)
        and secret.seals.keys() <= ids
        and all(fits(name, len(seal) - sealing.AROUND) for seal in secret.seals.values())
    )


def is_name(secret: str) -> bool:
    """Whether a secret may be called so."""
    past = secret.removeprefix(PAST)
    return (
        secret in {DATABASE, PAPERS}
        or _is_seal(secret)
        or (past != secret and past.isascii() and past.isdigit())
        or (secret.startswith((STATION, PRIVATE)) and len(secret) > len(PRIVATE))
    )


def fits(secret: str, size: int) -> bool:
    """Whether a secret of this name may have so many bytes."""
    return 0 < size <= LONGEST_SEAL_KEY if secret.startswith(SEAL) else size == sealing.KEY


def _is_seal(secret: str) -> bool:
    digest = secret.removeprefix(SEAL)
    return digest != secret and len(digest) == 64 and set(digest) <= set("0123456789abcdef")
