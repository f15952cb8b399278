"""An entry shows what was done to it; the order of entries never goes back."""

from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.entry import Entry, OrderKey, Stream
from kapdesk.facts.people import Area, Role, may_record
from kapdesk.facts.session import NoteTaken
from kapdesk.facts.signing import flaw
from kapdesk.record.log import Kept
from tests.fakes import Station, payload_of, spoiled

SESSION = Stream("session", "s")


@pytest.fixture
def station() -> Station:
    return Station(uuid4())


@pytest.fixture
def chain(station: Station) -> list[Kept]:
    return station.says(SESSION, (0, NoteTaken("calm")), (1, NoteTaken("tears")), (2, NoteTaken("ease")))


def flaws(station: Station, chain: list[Kept]) -> list[str | None]:
    before: list[Entry | None] = [None, *(each.entry for each in chain)]
    public = station.key.public_key()
    return [flaw(kept.entry, last, kept.payload, public) for kept, last in zip(chain, before, strict=False)]


def test_an_untouched_chain_holds(station: Station, chain: list[Kept]) -> None:
    assert flaws(station, chain) == [None, None, None]


def test_an_erased_content_does_not_break_its_chain(station: Station, chain: list[Kept]) -> None:
    assert flaws(station, [Kept(kept.entry, None) for kept in chain]) == [None, None, None]


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"clinic": UUID(int=1)},
        {"id": UUID(int=1)},
        {"stream": Stream("patient", "s")},
        {"station": "other"},
        {"kind": "marked"},
        {"at_us": 1},
        {"entered_at_us": 1},
        {"utc_offset_s": 0},
        {"boot_id": ""},
        {"boottime_ms": 1},
        {"order_key": OrderKey(1, 1, "x")},
        {"by": "someone else"},
        {"entered_by": "someone else"},
        {"payload_sha": "00" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_field_of_an_entry_can_be_altered_unseen(
    station: Station, chain: list[Kept], change: dict[str, object]
) -> None:
    chain[1] = spoiled(chain[1], **change)
    assert flaws(station, chain)[1] in ("was altered", "is dated before the entry it follows")


def test_another_content_a_missing_line_and_another_key_are_each_named(station: Station, chain: list[Kept]) -> None:
    calm, tears, ease = chain
    assert flaws(station, [calm, Kept(tears.entry, payload_of(NoteTaken("joy")))])[1] == (
        "has another content than the one signed"
    )
    assert flaws(station, [calm, ease])[1] == "does not follow the entry before it"
    assert flaws(station, [tears])[0] == "does not follow the entry before it"
    other = Station(station.clinic, station.name)
    assert flaws(station, [calm, other.signed(tears.entry.body, tears.payload)])[1] == "was not signed by its station"


@given(st.lists(st.integers(-10_000, 10_000)), st.data())
def test_the_order_never_goes_back_when_the_clock_does(clock_ms: list[int], data: st.DataObject) -> None:
    keys = [OrderKey(0, 0, "")]
    for now_ms in clock_ms:
        keys.append(keys[-1].after(now_ms, data.draw(st.sampled_from(["a", "b"]))))
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    ("roles", "area", "may"),
    [
        (("therapist",), "session", True),
        (("medical staff",), "private", False),
        (("records",), "session", False),
        (("records",), "patient", False),
        (("administrator",), "clinic", True),
        (("administrator",), "session", False),
        (("records", "prescriber"), "session", True),
        ((), "patient", False),
    ],
)
def test_who_may_record_what(roles: tuple[Role, ...], area: Area, may: bool) -> None:
    assert may_record(roles, area) is may


@pytest.mark.parametrize(
    "change",
    [{"codec": "cbor"}, {"sealed_to": "a key"}, {"salt": b"0123456789abcde", "bytes": b"f"}],
    ids=lambda change: next(iter(change)),
)
def test_a_content_in_another_wrapping_is_named(station: Station, chain: list[Kept], change: dict[str, object]) -> None:
    """Digest and signature hold bytes and salt only; the rest stands fixed in format 1."""
    calm, tears, _ = chain
    assert tears.payload is not None
    if "bytes" in change:
        change["bytes"] = tears.payload.salt[15:] + tears.payload.bytes
    wrapped = msgspec.structs.replace(tears.payload, **change)
    assert wrapped.sha == tears.entry.body.payload_sha
    assert flaws(station, [calm, Kept(tears.entry, wrapped)])[1] == (
        "has its content in another wrapping than the one signed"
    )
