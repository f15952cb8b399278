"""A key file that was spoilt, or asks for the absurd: told so at once, never opened, never touched."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from kapdesk.access import file, sealing
from kapdesk.access.file import FILE, OLD, Damaged
from kapdesk.access.ring import Changed
from kapdesk.access.sealing import MOST, Cost
from tests.access.sample import NOOR, Clinic
from tests.access.test_file import framed
from tests.marred import marred

pytestmark = pytest.mark.usefixtures("cheap")

QUICK = settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
GOLDEN = (Path(__file__).resolve().parent.parent / "golden" / FILE).read_bytes()


@pytest.fixture
def nothing_stretched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 is not to be asked for anything."""

    def never(*_: object) -> bytes:
        raise AssertionError("a cost was tried before it was weighed")

    monkeypatch.setattr(sealing, "hash_secret_raw", never)


def around(folder: Path) -> dict[str, bytes]:
    """What lies in the folder, byte for byte."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@QUICK
@given(content=marred(GOLDEN).filter(lambda content: content != GOLDEN))
@example(content=GOLDEN + GOLDEN)
@example(content=GOLDEN[:-1])
@example(content=b'{"sha256":"","ring":' + b"9" * 100_000 + b"}")
def test_a_key_file_that_was_spoilt_is_damaged_and_stays_as_it_lies(
    tmp_path: Path, sample: Clinic, nothing_stretched: None, content: bytes
) -> None:
    (tmp_path / OLD).write_bytes(GOLDEN)
    (tmp_path / FILE).write_bytes(content)
    before = around(tmp_path)
    try:
        assert file.read(tmp_path) == file.read(tmp_path, OLD)  # nothing but the space around it
        assert content.split() == GOLDEN.split()
    except Damaged as told:
        assert f"{OLD} beside it" in str(told)  # noqa: PT017
    assert around(tmp_path) == before


ANY = st.integers(-(1 << 70), 1 << 70)


@QUICK
@given(passes=ANY, memory_kib=ANY, lanes=ANY)
@example(passes=3, memory_kib=1 << 31, lanes=4)
@example(passes=10**9, memory_kib=65_536, lanes=4)
@example(passes=3, memory_kib=65_536, lanes=1 << 24)
@example(passes=MOST.passes + 1, memory_kib=MOST.memory_kib, lanes=MOST.lanes)
@example(passes=0, memory_kib=0, lanes=0)
def test_a_cost_nobody_would_ask_for_is_refused_before_it_is_tried(
    tmp_path: Path, sample: Clinic, nothing_stretched: None, passes: int, memory_kib: int, lanes: int
) -> None:
    assume(not sealing.affordable(Cost(passes, memory_kib, lanes)))
    content = with_holder(sample, cost={"passes": passes, "memory_kib": memory_kib, "lanes": lanes})
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises((Changed, Damaged)):
        file.read(tmp_path)
    assert around(tmp_path) == {FILE: content}


@QUICK
@given(field=st.sampled_from(["public", "salt", "locked"]), length=st.integers(0, 100_000))
@example(field="salt", length=3_000_000)
def test_a_part_that_is_longer_or_shorter_than_it_can_be_is_refused(
    tmp_path: Path, sample: Clinic, nothing_stretched: None, field: str, length: int
) -> None:
    right = {"public": sealing.KEY, "salt": sealing.SALT, "locked": sealing.LOCKED}[field]
    content = with_holder(sample, **{field: msgspec.to_builtins(bytes(length + (length == right)))})
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(Changed):
        file.read(tmp_path)
    assert around(tmp_path) == {FILE: content}


def with_holder(sample: Clinic, **changes: Any) -> bytes:
    """The sample's key file, its checksum fitting, with other words about one person's pair."""
    fields = msgspec.to_builtins(sample.ring)
    next(each for each in fields["holders"] if each["id"] == NOOR)["pair"].update(changes)
    return framed(fields)
