"""What sealing costs, and that nothing sealed opens in another place."""

import argon2
import msgspec
import pytest
from argon2.exceptions import HashingError
from argon2.low_level import Type

from kapdesk.access import file, keys, sealing
from kapdesk.access.file import FILE
from kapdesk.access.ring import Changed
from kapdesk.access.sealing import COST, LEAST, MOST, Cost, affordable
from kapdesk.errors import KnownError
from tests.access.sample import NOOR, NOOR_SAYS
from tests.access.test_file import framed


def test_a_password_costs_what_rfc_9106_and_argon2_cffi_recommend() -> None:
    recommended = argon2.profiles.RFC_9106_LOW_MEMORY
    usual = argon2.PasswordHasher()
    assert recommended.type is Type.ID
    assert Cost(recommended.time_cost, recommended.memory_cost, recommended.parallelism) == COST == LEAST
    assert COST.passes >= usual.time_cost
    assert COST.memory_kib >= usual.memory_cost


def test_a_clinic_is_sealed_at_that_cost(tmp_path_factory: pytest.TempPathFactory) -> None:
    noor, code = keys.new_ring(keys.UUID(int=1), {"database": b"\xd1" * 32}, NOOR, "Noor", NOOR_SAYS)
    assert [holder.pair.cost for holder in noor.ring.holders] == [COST, COST]
    assert keys.unlock(noor.ring, NOOR, NOOR_SAYS) == noor
    assert keys.recover(noor.ring, code).secrets["database"] == b"\xd1" * 32
    folder = tmp_path_factory.mktemp("costs")
    for weak_or_endless in ((1, 8, 1), (2, 65_536, 4), (3, 65_535, 4), (3, 65_536, 3), (9, 65_536, 4), (3, 1 << 31, 4)):
        fields = msgspec.to_builtins(noor.ring)
        fields["holders"][1]["pair"]["cost"] = msgspec.to_builtins(Cost(*weak_or_endless))
        (folder / FILE).write_bytes(framed(fields))
        with pytest.raises(Changed):
            file.read(folder)


def test_a_later_kapdesk_may_ask_for_more() -> None:
    assert affordable(LEAST)
    assert affordable(MOST)
    assert affordable(Cost(4, 131_072, 4))


@pytest.mark.usefixtures("cheap")
def test_a_private_half_opens_with_its_password_in_its_place_only() -> None:
    pair = sealing.new_pair("a password", b"here")
    private = sealing.unlocked(pair, "a password", b"here")
    assert private is not None
    assert private.public_key().public_bytes_raw() == pair.public
    assert sealing.unlocked(pair, "a password", b"there") is None
    assert sealing.unlocked(pair, "another", b"here") is None


@pytest.mark.usefixtures("cheap")
def test_a_seal_opens_for_its_holder_in_its_place_only() -> None:
    pair, other = sealing.new_pair("a", b""), sealing.new_pair("b", b"")
    own, others = sealing.unlocked(pair, "a", b""), sealing.unlocked(other, "b", b"")
    assert own is not None
    assert others is not None
    key = sealing.new_key()
    sealed = sealing.seal(key, pair.public, b"here")
    assert len(sealed) == sealing.SEALED
    assert sealing.unseal(sealed, own, b"here") == key
    assert sealing.unseal(sealed, own, b"there") is None
    assert sealing.unseal(sealed, others, b"here") is None
    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1
        # X25519 leaves the top bit of a public half out (RFC 7748 section 5); the key derived from it does not.
        assert sealing.unseal(bytes(flipped), own, b"here") is None


def test_a_computer_without_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bytes:
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(sealing, "hash_secret_raw", full)
    with pytest.raises(KnownError, match="not enough free memory to check a password \\(64 MiB\\)"):
        sealing.stretched("a password", b"\x00" * 16, COST)
