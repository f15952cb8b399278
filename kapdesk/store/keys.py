"""The secrets that a record is kept with, in memory; how they are kept on the disk is `kapdesk.access`'s affair."""

import secrets
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from uuid_utils.compat import uuid7

from kapdesk.facts.entry import Payload

_NONCE = 12


class Keys(msgspec.Struct, frozen=True):
    """The clinic's id, this station's id, and all secrets in lower hex: 32 bytes each.

    `past` are the database keys of before, newest first: older backups open with them. `repr` shows no secret.
    """

    clinic: UUID
    station: str
    database_key: str
    station_key: str
    private_keys: dict[str, str] = {}
    past: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<the keys of {self.station}>"

    @property
    def database_keys(self) -> tuple[str, ...]:
        """The present database key, and those before it."""
        return (self.database_key, *self.past)

    def signing_key(self) -> Ed25519PrivateKey:
        """The key this station signs its entries with."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.station_key))

    def public_key(self) -> str:
        """The public half of the station's key, lower hex."""
        raw = self.signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return raw.hex()


def new_keys() -> Keys:
    """Keys for a new clinic and its first station."""
    return new_station(Keys(uuid7(), "", secrets.token_hex(32), ""), 1)


def new_station(own: Keys, number: int) -> Keys:
    """The same keys, to go on under a station of its own, the clinic's so-manieth on this computer."""
    return msgspec.structs.replace(
        own, station=f"station-{number}-{secrets.token_hex(4)}", station_key=secrets.token_hex(32)
    )


def seal(key_hex: str, stream_id: str, content: bytes) -> bytes:
    """AES-256-GCM of `content` under a private stream's key: nonce, then cipher text. Bound to its stream."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(bytes.fromhex(key_hex)).encrypt(nonce, content, stream_id.encode())


def unseal(key_hex: str, stream_id: str, payload: Payload) -> Payload | None:
    """The payload with its content in the clear; None when this key does not open it."""
    nonce, sealed = payload.bytes[:_NONCE], payload.bytes[_NONCE:]
    try:
        content = AESGCM(bytes.fromhex(key_hex)).decrypt(nonce, sealed, stream_id.encode())
    except (InvalidTag, ValueError):  # ValueError: cut so short that nothing can be in it
        return None
    return Payload(payload.salt, payload.codec, None, content)
