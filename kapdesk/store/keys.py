"""The desk's keys, in one file that only its owner may read.

This version keeps them unwrapped (mode 0600): whoever can read the file can read the record. The doctor says so.
"""

import os
import secrets
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from uuid_utils.compat import uuid7

from kapdesk.errors import KnownError
from kapdesk.facts.entry import Payload

FILE = "desk.key"
_NONCE, _SECRET = 12, 32


class Keys(msgspec.Struct, frozen=True):
    """The clinic's id, this station's id, and all secrets in lower hex: 32 random bytes each."""

    clinic: UUID
    station: str
    database_key: str
    station_key: str
    private_keys: dict[str, str] = {}

    def signing_key(self) -> Ed25519PrivateKey:
        """The key this station signs its entries with."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.station_key))

    def public_key(self) -> str:
        """The public half of the station's key, lower hex."""
        raw = self.signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return raw.hex()


def new_keys() -> Keys:
    """Keys for a new clinic and its first station."""
    return Keys(uuid7(), f"station-{secrets.token_hex(4)}", secrets.token_hex(32), secrets.token_hex(32))


def read(folder: Path) -> Keys | None:
    """The keys of a clinic folder; None when it has none yet. Raises KnownError when they cannot be read."""
    path = folder / FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KnownError(
            f"The key file {path} cannot be read ({error.strerror}). Without it the record stays closed."
        ) from error
    try:
        keys = msgspec.json.decode(content, type=Keys)
        for secret in (keys.database_key, keys.station_key, *keys.private_keys.values()):
            if len(bytes.fromhex(secret)) != _SECRET:
                raise ValueError("a key has another length")
        return keys
    except (msgspec.MsgspecError, ValueError) as error:
        raise KnownError(
            f"The key file {path} is damaged. The record is not touched; put the key file back from a copy."
        ) from error


def write(folder: Path, keys: Keys) -> None:
    """Put the keys in their file, whole or not at all, readable by the owner alone."""
    path, new = folder / FILE, folder / f"{FILE}.new"
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(msgspec.json.encode(keys))
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
    if os.name == "posix":
        folder_fd = os.open(folder, os.O_RDONLY)
        os.fsync(folder_fd)
        os.close(folder_fd)


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
