"""The key file: whole or not at all, and known when it is damaged or was changed by another hand."""

import hashlib
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kapdesk.access import file, keys, ring, sealing
from kapdesk.access.file import FILE, OLD, Damaged
from kapdesk.access.keys import WrongPassword
from kapdesk.access.ring import FORMAT, RECOVERY, Changed, Ring
from kapdesk.errors import KnownError
from tests.access.sample import NEXT, NOOR, NOOR_SAYS, NOORS, TARIQ, TARIQ_SAYS, TARIQS, Clinic

pytestmark = pytest.mark.usefixtures("cheap")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the examples of one test after the other."""
    return tmp_path_factory.mktemp("desk")


def framed(fields: Any) -> bytes:
    """A key file whose checksum fits, whatever is in it."""
    content = msgspec.json.encode(fields)
    return msgspec.json.encode({"sha256": hashlib.sha256(content).hexdigest(), "ring": msgspec.Raw(content)})


def read_from(folder: Path, content: bytes) -> Ring | None:
    (folder / FILE).write_bytes(content)
    return file.read(folder)


def test_what_was_written_is_read_back_by_its_owner_alone(tmp_path: Path, sample: Clinic) -> None:
    assert file.read(tmp_path) is None
    file.write(tmp_path, sample.ring)
    assert file.read(tmp_path) == sample.ring
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_ring_before_is_kept_beside(tmp_path: Path, sample: Clinic) -> None:
    after = keys.change_password(sample.noor, NOOR_SAYS, NEXT)
    file.write(tmp_path, sample.ring)
    file.write(tmp_path, after.ring)
    assert file.read(tmp_path) == after.ring
    assert file.read(tmp_path, OLD) == sample.ring
    assert stat.S_IMODE((tmp_path / OLD).stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {FILE, OLD}


def test_a_damaged_file_does_not_take_the_place_of_the_good_one_beside_it(tmp_path: Path, sample: Clinic) -> None:
    after = keys.change_password(sample.noor, NOOR_SAYS, NEXT)
    file.write(tmp_path, sample.ring)
    file.write(tmp_path, after.ring)
    (tmp_path / FILE).write_bytes(b"damaged")
    file.write(tmp_path, after.ring)
    assert file.read(tmp_path) == after.ring
    assert file.read(tmp_path, OLD) == sample.ring


def test_writing_what_is_there_already_keeps_the_one_before(tmp_path: Path, sample: Clinic) -> None:
    after = keys.change_password(sample.noor, NOOR_SAYS, NEXT)
    for written in (sample.ring, after.ring, after.ring):
        file.write(tmp_path, written)
    assert file.read(tmp_path, OLD) == sample.ring


def test_what_a_kill_left_behind_is_not_written_into(tmp_path: Path, sample: Clinic) -> None:
    left = tmp_path / f"{FILE}.new"
    left.write_bytes(b"half a ring")
    left.chmod(0o644)
    file.write(tmp_path, sample.ring)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert not left.exists()


@pytest.mark.parametrize("fails", ["fsync", "replace", "open"])
def test_a_disk_that_refuses_leaves_the_file_as_it_was(
    tmp_path: Path, sample: Clinic, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    file.write(tmp_path, sample.ring)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    after = keys.change_password(sample.noor, NOOR_SAYS, NEXT)
    with monkeypatch.context() as patch:
        patch.setattr(os, fails, refuse)
        with pytest.raises(KnownError, match=r"could not be saved \(No space left on device\)\. It is as it was"):
            file.write(tmp_path, after.ring)
    assert file.read(tmp_path) == sample.ring
    assert not list(tmp_path.glob("*.new"))


def test_file_and_folder_are_on_the_disk_before_it_is_said_to_be_written(
    tmp_path: Path, sample: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(fd: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "file")
        real_fsync(fd)

    def swap(new: Path, path: Path) -> None:
        steps.append("replace")
        real_replace(new, path)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", swap)
    file.write(tmp_path, sample.ring)
    assert steps == ["file", "replace", "folder"]


def test_every_byte_flipped_is_noticed_before_any_password_is_asked(tmp_path: Path, sample: Clinic) -> None:
    alone, _ = keys.new_ring(sample.ring.clinic, {"database": b"\xd1" * 32}, NOOR, "N", NOOR_SAYS)
    file.write(tmp_path, alone.ring)
    whole = (tmp_path / FILE).read_bytes()
    for place in range(len(whole)):
        for bit in (0x01, 0x20):
            flipped = bytearray(whole)
            flipped[place] ^= bit
            with pytest.raises(Damaged):
                read_from(tmp_path, bytes(flipped))


def test_every_cut_is_noticed(tmp_path: Path, sample: Clinic) -> None:
    file.write(tmp_path, sample.ring)
    whole = (tmp_path / FILE).read_bytes()
    for length in (*range(0, len(whole), 37), len(whole) - 1):
        with pytest.raises(Damaged):
            read_from(tmp_path, whole[:length])


def test_a_wrong_password_and_a_damaged_file_are_told_apart(tmp_path: Path, sample: Clinic) -> None:
    file.write(tmp_path, sample.ring)
    whole = file.read(tmp_path)
    assert whole is not None
    with pytest.raises(WrongPassword, match="do not belong together"):
        keys.unlock(whole, NOOR, TARIQ_SAYS)
    with pytest.raises(Damaged, match="is damaged") as caught:
        read_from(tmp_path, (tmp_path / FILE).read_bytes()[:-9])
    assert not isinstance(caught.value, WrongPassword)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 4096,
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"[" * 1_000_000,
        b'{"ring":' + b"[" * 500_000 + b"]" * 500_000 + b',"sha256":""}',
        b'{"sha256":"","ring":{' + b'"a":1,' * 200_000 + b'"a":1}}',
        b" " * (10 << 20),
        b'{"sha256":"' + b"0" * (10 << 20) + b'","ring":{}}',
    ],
    ids=["empty", "zeros", "not UTF-8", "null", "list", "object", "deep", "deep inside", "wide", "10 MB", "10 MB text"],
)
def test_what_is_no_key_file_is_damaged_and_said_so_in_a_second(tmp_path: Path, content: bytes) -> None:
    begun = time.perf_counter()
    with pytest.raises(Damaged):
        read_from(tmp_path, content)
    assert time.perf_counter() - begun < 1


def test_a_folder_a_pipe_or_a_closed_file_in_its_place_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(KnownError, match="cannot be read"):
        file.read(tmp_path)
    (tmp_path / FILE).rmdir()
    os.mkfifo(tmp_path / FILE)
    with pytest.raises(KnownError, match="cannot be read"):
        file.read(tmp_path)


def test_a_file_of_a_newer_kapdesk_is_neither_damaged_nor_opened(tmp_path: Path, sample: Clinic) -> None:
    fields = {**msgspec.to_builtins(sample.ring), "format": FORMAT + 1, "something": "new"}
    with pytest.raises(KnownError, match="newer KapDesk") as caught:
        read_from(tmp_path, framed(fields))
    assert type(caught.value) is KnownError


def test_the_largest_file_holds_a_private_stream_for_each_of_seventeen_thousand_patients(tmp_path: Path) -> None:
    seal = b"\x00" * sealing.SEALED
    person = "0198c0de-0000-7000-8000-000000000001"
    many = {
        f"private:{person}:0198c0de-0000-7000-8000-{number:012}": ring.Secret(person, {person: seal, RECOVERY: seal})
        for number in range(17_000)
    }
    pair = sealing.Pair(b"\x00" * 32, b"\x00" * 16, sealing.COST, b"\x00" * sealing.LOCKED)
    holders = (ring.Holder(RECOVERY, "Recovery code", pair), ring.Holder(person, "Noor", pair))
    large = Ring(
        FORMAT, keys.UUID(int=1), holders, {"database": ring.Secret(None, {person: seal, RECOVERY: seal}), **many}
    )
    file.write(tmp_path, large)
    begun = time.perf_counter()
    assert file.read(tmp_path) == large
    assert time.perf_counter() - begun < 1
    more = {f"private:{number}": ring.Secret(person, {person: seal, RECOVERY: seal}) for number in range(3_000)}
    with pytest.raises(KnownError, match="as many private streams as it can"):
        file.write(tmp_path, replace(large, secrets={**large.secrets, **more}))
    assert file.read(tmp_path) == large


def holders(fields: Any) -> list[dict[str, Any]]:
    return list(fields["holders"])


def by_id(fields: Any, id_: str) -> dict[str, Any]:
    return next(holder for holder in holders(fields) if holder["id"] == id_)


def swap_publics(fields: Any) -> None:
    one, other = by_id(fields, TARIQ)["pair"], by_id(fields, RECOVERY)["pair"]
    one["public"], other["public"] = other["public"], one["public"]


def swap_holders(fields: Any) -> None:
    one, other = by_id(fields, TARIQ), by_id(fields, RECOVERY)
    one["pair"], other["pair"] = other["pair"], one["pair"]


def own_public(fields: Any) -> None:
    by_id(fields, TARIQ)["pair"]["public"] = msgspec.to_builtins(sealing.new_pair("mine", b"").public)


def drop_holder(fields: Any) -> None:
    fields["holders"] = [holder for holder in holders(fields) if holder["id"] != TARIQ]
    for secret in fields["secrets"].values():
        secret["seals"].pop(TARIQ, None)


def add_holder(fields: Any) -> None:
    fields["holders"] = [*holders(fields), {**by_id(fields, TARIQ), "id": "person-other", "name": "Someone Else"}]


def swap_seals(fields: Any) -> None:
    secrets = fields["secrets"]
    one, other = secrets["database"]["seals"], secrets["station:one"]["seals"]
    one[TARIQ], other[TARIQ] = other[TARIQ], one[TARIQ]


def take_seal(secret: str, id_: str) -> Callable[[Any], None]:
    return lambda fields: fields["secrets"][secret]["seals"].pop(id_)


def swap_own_seals(fields: Any) -> None:
    secrets = fields["secrets"]
    one, other = secrets["database"]["seals"], secrets[NOORS]["seals"]
    one[NOOR], other[NOOR] = other[NOOR], one[NOOR]


CHANGES: dict[str, Callable[[Any], None]] = {
    "two public halves exchanged": swap_publics,
    "two pairs exchanged": swap_holders,
    "a public half of one's own": own_public,
    "someone taken out": drop_holder,
    "someone put in": add_holder,
    "someone renamed": lambda fields: by_id(fields, TARIQ).update(name="Someone Else"),
    "someone said to have left": lambda fields: by_id(fields, TARIQ).update(left=True),
    "oneself said to have left": lambda fields: by_id(fields, NOOR).update(left=True),
    "two seals exchanged": swap_seals,
    "one's own seals exchanged": swap_own_seals,
    "another's seal taken out": take_seal("database", TARIQ),
    "one's own seal taken out": take_seal("database", NOOR),
    "the recovery code's seal taken out": take_seal(TARIQS, RECOVERY),
    "a secret taken out": lambda fields: fields["secrets"].pop("station:one"),
    "private notes given to another author": lambda fields: fields["secrets"][TARIQS].update(author=NOOR),
    "the tag taken out": lambda fields: fields.update(tag=""),
    "the order of people": lambda fields: fields.update(holders=holders(fields)[::-1]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_another_hand_changes_with_a_fitting_checksum_is_noticed(
    tmp_path: Path, sample: Clinic, change: str
) -> None:
    fields = msgspec.to_builtins(sample.ring)
    CHANGES[change](fields)
    content = framed(fields)
    with pytest.raises(Changed, match="was changed outside KapDesk"):
        keys.unlock(read_from(tmp_path, content) or sample.ring, NOOR, NOOR_SAYS)


@pytest.mark.parametrize("change", ["two seals exchanged", "someone said to have left", "the tag taken out"])
def test_the_recovery_code_opens_nothing_of_a_changed_file_either(tmp_path: Path, sample: Clinic, change: str) -> None:
    fields = msgspec.to_builtins(sample.ring)
    CHANGES[change](fields)
    changed = read_from(tmp_path, framed(fields))
    assert changed is not None
    with pytest.raises(Changed):
        keys.recover(changed, sample.code)


def test_keys_of_another_clinic_do_not_open_in_this_one(tmp_path: Path, sample: Clinic) -> None:
    fields = {**msgspec.to_builtins(sample.ring), "clinic": "0198c0de-0000-7000-8000-00000000ffff"}
    moved = read_from(tmp_path, framed(fields))
    assert moved is not None
    with pytest.raises(WrongPassword):
        keys.unlock(moved, NOOR, NOOR_SAYS)


def test_a_secret_without_its_proper_shape_is_refused_by_the_reader(tmp_path: Path, sample: Clinic) -> None:
    for wrong in (
        {"": {"author": None, "seals": {}}},
        {"database:x": {"author": None, "seals": {}}},
        {"station:": {"author": None, "seals": {}}},
        {"station:two": {"author": NOOR, "seals": {}}},
        {"private:two": {"author": None, "seals": {}}},
        {"station:two": {"author": None, "seals": {"nobody": "AA=="}}},
        {"station:two": {"author": None, "seals": {NOOR: "AA=="}}},
    ):
        fields = msgspec.to_builtins(sample.ring)
        fields["secrets"].update(wrong)
        with pytest.raises(Changed):
            read_from(tmp_path, framed(fields))


UNFIT: dict[str, Callable[[Any], object]] = {
    "two of one name": lambda fields: by_id(fields, TARIQ).update(name="NOOR  sample"),
    "two of one id": lambda fields: by_id(fields, TARIQ).update(id=NOOR),
    "no recovery code": lambda fields: by_id(fields, RECOVERY).update(id="person-other"),
    "a recovery code that has left": lambda fields: by_id(fields, RECOVERY).update(left=True),
    "no key of the record": lambda fields: fields["secrets"].pop("database"),
    "a seal to nobody": lambda fields: fields["secrets"]["database"]["seals"].update(
        nobody=fields["secrets"]["database"]["seals"][NOOR]
    ),
    "an older format": lambda fields: fields.update(format=0),
    "a public half cut short": lambda fields: by_id(fields, NOOR)["pair"].update(public="AAAA"),
}


@pytest.mark.parametrize("unfit", UNFIT)
def test_a_ring_that_does_not_fit_together_is_refused_before_any_password(
    tmp_path: Path, sample: Clinic, unfit: str
) -> None:
    fields = msgspec.to_builtins(sample.ring)
    UNFIT[unfit](fields)
    with pytest.raises(Changed):
        read_from(tmp_path, framed(fields))


def test_who_has_left_notices_another_public_half_of_theirs_too(tmp_path: Path, sample: Clinic) -> None:
    fields = msgspec.to_builtins(keys.remove(sample.noor, TARIQ, b"\xd2" * 32).ring)
    own_public(fields)
    changed = read_from(tmp_path, framed(fields))
    assert changed is not None
    with pytest.raises(Changed):
        keys.unlock(changed, TARIQ, TARIQ_SAYS)


def test_a_ring_that_could_not_be_read_back_is_never_written(tmp_path: Path, sample: Clinic) -> None:
    file.write(tmp_path, sample.ring)
    with pytest.raises(Changed):
        file.write(tmp_path, replace(sample.ring, holders=()))
    assert file.read(tmp_path) == sample.ring


def test_a_seal_by_a_point_that_shares_nothing_opens_nothing(sample: Clinic) -> None:
    secret = sample.ring.secrets["database"]
    null = replace(secret, seals={**secret.seals, NOOR: b"\x00" * sealing.SEALED})
    with pytest.raises(Changed):
        keys.unlock(replace(sample.ring, secrets={**sample.ring.secrets, "database": null}), NOOR, NOOR_SAYS)


def quickly(act: Callable[[], object]) -> None:
    """Whatever the file is, it is opened or refused in a sentence, within a second."""
    begun = time.perf_counter()
    with suppress(KnownError):
        act()
    assert time.perf_counter() - begun < 1


@given(content=st.binary(max_size=4096) | st.text(max_size=2048).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_refused_in_a_sentence(desk: Path, content: bytes) -> None:
    quickly(lambda: read_from(desk, content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON)
def test_any_json_with_a_fitting_checksum_is_refused_in_a_sentence(desk: Path, value: Any) -> None:
    quickly(lambda: read_from(desk, framed(value)))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value within a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


@given(choice=st.data())
def test_a_ring_in_which_any_value_was_exchanged_opens_for_nobody(
    desk: Path, sample: Clinic, choice: st.DataObject
) -> None:
    fields = msgspec.json.decode(msgspec.json.encode(sample.ring))
    *path, last = choice.draw(st.sampled_from([path for path in places(fields) if path]))
    around = fields
    for key in path:
        around = around[key]
    if isinstance(around, dict) and choice.draw(st.booleans()):
        del around[last]
    else:
        around[last] = choice.draw(JSON | st.sampled_from([deepcopy(fields["holders"][0]), [], "", "A" * 124, "=" * 3]))
    content = framed(fields)

    def open_it() -> None:
        found = read_from(desk, content)
        assert found is not None
        if found != sample.ring:
            with pytest.raises(KnownError):
                keys.unlock(found, NOOR, NOOR_SAYS)

    quickly(open_it)
