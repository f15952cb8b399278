"""The arithmetic of the key file: a pair of keys for each person, and what is sealed to its public half.

A private half is locked by AES-256-GCM under Argon2id of the password. A secret is sealed to a public half by a new
X25519 pair (RFC 7748), HKDF-SHA256 (RFC 5869) and AES-256-GCM (NIST SP 800-38D), in the manner of HPKE's base mode.
Each is bound to where it belongs, so that nothing opens in another place. Sizes are in bytes.
"""

import secrets

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kapdesk.access.accounts import normal
from kapdesk.errors import KnownError

KEY = 32
SALT = 16
"""RFC 9106 section 3.1: 16 bytes are enough for passwords."""
NONCE, TAG = 12, 16
LOCKED = NONCE + KEY + TAG
AROUND = KEY + NONCE + TAG
"""What a seal has more than what is sealed: passing public half, nonce, tag."""
SEALED = AROUND + KEY


class Key(bytes):
    """Secret bytes; neither `repr` nor `str` shows them, so no trace does."""

    def __repr__(self) -> str:
        return "<a key>"

    __str__ = __repr__


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Argon2id costs: passes, memory in KiB, lanes."""

    passes: int
    memory_kib: int
    lanes: int


COST = Cost(3, 65_536, 4)
"""Argon2id for what is locked from now on: the second choice of RFC 9106 section 4, which is argon2-cffi's default."""

LEAST, MOST = COST, Cost(8, 262_144, 8)
"""What a key file may ask for: never weaker than the recommendation, and at most about a second of work and 256 MiB."""


def affordable(cost: Cost) -> bool:
    """Whether a cost read from a file lies between LEAST and MOST."""
    return all(
        least <= asked <= most
        for least, asked, most in zip(
            msgspec.structs.astuple(LEAST), msgspec.structs.astuple(cost), msgspec.structs.astuple(MOST), strict=True
        )
    )


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An X25519 public half (32), and its private half locked by a password: salt (16), cost, nonce and cipher (60)."""

    public: bytes
    salt: bytes
    cost: Cost
    locked: bytes


def new_key() -> Key:
    """32 bytes of the system's randomness."""
    return Key(secrets.token_bytes(KEY))


def new_pair(password: str, place: bytes) -> Pair:
    """A new pair whose private half this password opens, in this place."""
    private = X25519PrivateKey.generate()
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    locked = AESGCM(stretched(password, salt, COST)).encrypt(nonce, private.private_bytes_raw(), place)
    return Pair(private.public_key().public_bytes_raw(), salt, COST, nonce + locked)


def unlocked(pair: Pair, password: str, place: bytes) -> X25519PrivateKey | None:
    """The private half; None when the password does not open it, or it was not locked in this place."""
    key = stretched(password, pair.salt, pair.cost)
    try:
        return X25519PrivateKey.from_private_bytes(
            AESGCM(key).decrypt(pair.locked[:NONCE], pair.locked[NONCE:], place),
        )
    except InvalidTag:
        return None


def stretched(password: str, salt: bytes, cost: Cost) -> Key:
    """Argon2id of a password as `accounts.normal` reads it: 32 bytes. Raises KnownError when memory is short."""
    typed = Key(normal(password).encode("utf-8", "surrogatepass"))
    try:
        return Key(hash_secret_raw(typed, salt, cost.passes, cost.memory_kib, cost.lanes, KEY, Type.ID))
    except HashingError as error:
        raise KnownError(
            f"There is not enough free memory to check a password ({cost.memory_kib // 1024} MiB). What runs goes on; "
            "close other programs, then try again."
        ) from error


def seal(secret: bytes, public: bytes, place: bytes) -> bytes:
    """A secret that only the private half of `public` opens, in this place: passing public half, nonce, cipher."""
    passing = X25519PrivateKey.generate()
    own = passing.public_key().public_bytes_raw()
    shared = passing.exchange(X25519PublicKey.from_public_bytes(public))
    nonce = secrets.token_bytes(NONCE)
    return own + nonce + AESGCM(_derived(shared, own + public, place)).encrypt(nonce, secret, place)


def unseal(sealed: bytes, private: X25519PrivateKey, place: bytes) -> Key | None:
    """The secret; None when it was not sealed to this half in this place, or was altered."""
    passing, nonce, locked = sealed[:KEY], sealed[KEY : KEY + NONCE], sealed[KEY + NONCE :]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(passing))
        key = _derived(shared, passing + private.public_key().public_bytes_raw(), place)
        return Key(AESGCM(key).decrypt(nonce, locked, place))
    except (InvalidTag, ValueError):  # ValueError: a public half of small order, which shares nothing
        return None


def tag(content: bytes, key: bytes, place: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) over `content`, under a key of its own derived from `key`: 32 bytes."""
    mac = HMAC(_derived(key, b"", place), SHA256())
    mac.update(content)
    return mac.finalize()


def _derived(secret: bytes, salt: bytes, place: bytes) -> Key:
    return Key(HKDF(SHA256(), KEY, salt, place).derive(secret))
