"""Entries that already exist elsewhere: taken in when they hold, refused with the reason when they do not."""

from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kapdesk.facts.entry import OrderKey, Stream
from kapdesk.facts.fact import Erased
from kapdesk.facts.session import Marked, NoteTaken
from kapdesk.record.log import Adoption, Kept
from kapdesk.store import keys
from kapdesk.store.check import check
from kapdesk.store.log import SqlLog
from tests.fakes import Station, facts_of, minute, payload_of, spoiled, statement

WAIT_S = 20.0


@pytest.fixture
def other(own: keys.Keys) -> Station:
    return Station(own.clinic)


@pytest.fixture
def stations(own: keys.Keys, other: Station) -> dict[str, str]:
    return {own.station: own.public_key(), other.name: other.public_key}


@pytest.fixture
def stream() -> Stream:
    return Stream("session", str(uuid4()))


@pytest.fixture
def coming(other: Station, stream: Stream) -> list[Kept]:
    return other.says(stream, (1, NoteTaken("calm")), (3, NoteTaken("tears")), (5, NoteTaken("ease")))


def adopt(log: SqlLog, entries: list[Kept], stations: dict[str, str]) -> Adoption:
    return log.adopt(entries, stations).result(WAIT_S)


def ids(entries: list[Kept]) -> tuple[object, ...]:
    return tuple(kept.entry.body.id for kept in entries)


def test_what_another_station_said_is_taken_in_and_interleaves(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str]
) -> None:
    for at, text in ((0, "zero"), (2, "two"), (4, "four")):
        log.append(statement(stream, NoteTaken(text), at)).result(WAIT_S)
    assert adopt(log, coming, stations) == Adoption(ids(coming), (), ())
    said = [fact.text for fact in facts_of(log.read(stream)) if isinstance(fact, NoteTaken)]
    assert said == ["zero", "calm", "two", "tears", "four", "ease"]
    assert {head.station: head.seq for head in log.heads(stream)}["station-b"] == 2
    assert check(log, stations).damage == ()
    own_next = log.append(statement(stream, Marked(), -60)).result(WAIT_S)
    assert own_next.body.order_key > coming[-1].entry.body.order_key


def test_the_order_in_which_they_come_does_not_matter(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str]
) -> None:
    assert set(adopt(log, coming[::-1], stations).adopted) == set(ids(coming))
    assert facts_of(log.read(stream)) == facts_of(coming)


def test_what_is_here_already_is_counted_and_left_as_it_is(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str]
) -> None:
    adopt(log, coming[:2], stations)
    assert adopt(log, coming, stations) == Adoption(ids(coming[2:]), ids(coming[:2]), ())
    assert list(log.read(stream)) == coming


def test_a_gap_is_refused_until_it_is_filled(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str]
) -> None:
    told = adopt(log, coming[1:], stations)
    assert told.refused == tuple((id_, "does not follow the entry before it") for id_ in ids(coming[1:]))
    assert log.read(stream) == []
    assert adopt(log, coming, stations).adopted == ids(coming)


def refused(log: SqlLog, entries: list[Kept], stations: dict[str, str]) -> list[str]:
    told = adopt(log, entries, stations)
    return [words for _, words in told.refused]


def test_what_does_not_hold_is_refused_with_its_words(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str], other: Station
) -> None:
    calm, *_ = coming
    assert refused(log, [spoiled(calm, at_us=1)], stations) == ["was altered"]
    assert refused(log, [Kept(calm.entry, payload_of(NoteTaken("joy")))], stations) == [
        "has another content than the one signed"
    ]
    forger = Station(other.clinic, other.name)
    assert refused(log, [forger.signed(calm.entry.body, calm.payload)], stations) == ["was not signed by its station"]
    assert refused(log, [calm], {}) == ["comes from a station this clinic does not know"]
    for kind in ("erased", "locked"):
        other_kind = other.signed(msgspec.structs.replace(calm.entry.body, kind=kind), calm.payload)
        assert refused(log, [other_kind], stations) == ["holds something else than it says"]
    newer = other.says(Stream("of a newer KapDesk", "x"), (1, NoteTaken("calm")))  # type: ignore[arg-type]
    assert refused(log, newer, stations) == ["belongs to a kind of record that this KapDesk does not know"]
    foreign = Station(uuid4(), other.name, other.key).says(stream, (1, NoteTaken("calm")))
    assert refused(log, foreign, stations) == ["belongs to another clinic"]
    assert log.read(stream) == []


def test_a_chain_that_goes_back_in_time_is_refused_from_there(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str], other: Station
) -> None:
    first, second, third = coming
    early = msgspec.structs.replace(second.entry.body, order_key=first.entry.body.order_key)
    told = refused(log, [first, other.signed(early, second.payload), third], stations)
    assert told == ["is dated before the entry it follows", "does not follow the entry before it"]
    assert list(log.read(stream)) == [first]


def test_another_history_under_a_known_id_or_place_is_refused(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str], other: Station
) -> None:
    adopt(log, coming, stations)
    body = msgspec.structs.replace(coming[0].entry.body, at_us=minute(2))
    assert refused(log, [other.signed(body, coming[0].payload)], stations) == ["differs from the one already here"]
    fork = other.says(stream, (1, NoteTaken("another beginning")))
    assert refused(log, fork, stations) == ["does not follow the entry before it"]
    hash_only = Kept(msgspec.structs.replace(spoiled(coming[0], at_us=7).entry, hash=coming[0].entry.hash), None)
    assert refused(log, [hash_only], stations) == ["differs from the one already here"]
    assert list(log.read(stream)) == coming


def test_the_sound_ones_are_taken_in_beside_a_refused_one(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str], other: Station
) -> None:
    elsewhere = other.says(Stream("patient", str(uuid4())), (1, NoteTaken("x")))
    told = adopt(log, [coming[0], spoiled(coming[1], by="x"), *elsewhere], stations)
    assert set(told.adopted) == set(ids([coming[0], *elsewhere]))
    assert [words for _, words in told.refused] == ["was altered"]


def test_erased_entries_come_without_their_content(
    log: SqlLog, stream: Stream, stations: dict[str, str], other: Station
) -> None:
    said = other.says(stream, (1, NoteTaken("calm")), (2, Erased("on request", "p-2")))
    assert adopt(log, [Kept(said[0].entry, None), said[1]], stations).refused == ()
    assert check(log, stations).damage == ()


def test_content_that_was_lost_comes_back_and_erased_content_does_not(
    log: SqlLog, stream: Stream, stations: dict[str, str], other: Station
) -> None:
    said = other.says(stream, (1, NoteTaken("calm")), (2, NoteTaken("ease")))
    adopt(log, [Kept(kept.entry, None) for kept in said], stations)
    assert len(check(log, stations).damage) == 1
    assert adopt(log, said, stations).known == ids(said)
    assert list(log.read(stream)) == said
    assert check(log, stations).damage == ()

    erased_stream = Stream("session", str(uuid4()))
    gone = other.says(erased_stream, (1, NoteTaken("calm")), (2, Erased("on request", "p-2")))
    adopt(log, [Kept(gone[0].entry, None), gone[1]], stations)
    adopt(log, gone, stations)
    assert log.read(erased_stream)[0].payload is None


def test_what_still_comes_into_an_erased_history_comes_without_its_content(
    log: SqlLog, stream: Stream, coming: list[Kept], stations: dict[str, str]
) -> None:
    """Said elsewhere by someone who did not know of the erasure yet, or told of the erasure only now."""
    for text in ("calm", "ease"):
        log.append(statement(stream, NoteTaken(text), 0)).result(WAIT_S)
    log.append(statement(stream, Erased("on request", "p-2"), 4)).result(WAIT_S)
    log.forget_erased()
    assert adopt(log, coming, stations).adopted == ids(coming)
    assert [kept.entry.body.kind for kept in log.read(stream) if kept.payload is not None] == ["erased"]
    assert check(log, stations).damage == ()

    told_later = Stream("session", str(uuid4()))
    log.append(statement(told_later, NoteTaken("calm"), 0)).result(WAIT_S)
    other = Station(log.keys.clinic, "station-c")
    adopt(log, other.says(told_later, (1, Erased("on request", "p-2"))), stations | {other.name: other.public_key})
    assert [kept.entry.body.kind for kept in log.read(told_later) if kept.payload is not None] == ["erased"]


def test_a_log_that_was_lost_is_whole_again_from_a_copy_of_its_entries(
    tmp_path: Path, log: SqlLog, own: keys.Keys, stream: Stream, stations: dict[str, str]
) -> None:
    for n in range(20):
        log.append(statement(stream, NoteTaken(str(n)), n)).result(WAIT_S)
    all_ = list(log.read(stream))
    fresh = SqlLog(tmp_path, own, new=True)
    assert adopt(fresh, all_, stations).adopted == ids(all_)
    assert list(fresh.read(stream)) == all_
    fresh.close()


odd = st.one_of(
    st.builds(lambda n: {"seq": n}, st.integers(-3, 2**63 - 1)),
    st.builds(lambda t: {"by": t}, st.text(st.characters(exclude_categories=["Cs"]), max_size=9)),
    st.builds(lambda n: {"v": n}, st.integers(-1, 9)),
    st.builds(lambda n: {"at_us": n}, st.integers(-(2**63), 2**64 - 1)),
    st.builds(lambda n: {"order_key": OrderKey(n, n, "x")}, st.integers(-5, 2**64 - 1)),
    st.builds(lambda n: {"kind": n}, st.sampled_from(["", "erased", "locked"])),
    st.just({"clinic": uuid4()}),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([{"at_us": 2**63}], True, b"")
@example([{"order_key": OrderKey(2**64 - 1, 0, "x")}], True, b"")
@given(st.lists(odd, min_size=1, max_size=3), st.booleans(), st.binary(max_size=64))
def test_whatever_comes_the_record_stays_sound(
    log: SqlLog, own: keys.Keys, odds: list[dict[str, object]], signed: bool, sig: bytes
) -> None:
    """Oddly made entries, even well-signed ones, are taken in or refused; what is here still verifies."""
    other = Station(own.clinic)
    stations = {own.station: own.public_key(), other.name: other.public_key}
    (kept,) = other.says(Stream("session", str(uuid4())), (1, NoteTaken("calm")))
    for change in odds:
        kept = spoiled(kept, **change)
    kept = (
        other.signed(kept.entry.body, kept.payload)
        if signed
        else Kept(msgspec.structs.replace(kept.entry, sig=sig), kept.payload)
    )
    told = adopt(log, [kept], stations)
    assert len(told.adopted) + len(told.refused) == 1
    if not signed:
        assert told.adopted == ()
    others = {s: Station(own.clinic).public_key if s == other.name else k for s, k in stations.items()}
    assert [d for d in check(log, others).damage if d.station == own.station] == []
