"""The desk's keys, and what is sealed with them."""

from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from kapdesk.clock import Clock
from kapdesk.facts import codec
from kapdesk.facts.entry import Payload, Stream
from kapdesk.facts.fact import Unread
from kapdesk.facts.private import ReflectionWritten
from kapdesk.facts.signing import own_flaw
from kapdesk.record.recorder import Recorder
from kapdesk.store import keys
from kapdesk.store.check import check
from kapdesk.store.log import SqlLog
from tests.fakes import SOMEONE, Computer, facts_of

THOUGHT = ReflectionWritten("a thought of my own")


def test_keys_are_random_and_told_to_nobody() -> None:
    own, other = keys.new_keys(), keys.new_keys()
    secrets = [own.database_key, own.station_key, other.database_key, other.station_key]
    assert len(set(secrets)) == 4
    assert all(len(bytes.fromhex(secret)) == 32 for secret in secrets)
    assert own.station != other.station
    assert (own.station.split("-")[1], keys.new_station(own, 2).station.split("-")[1]) == ("1", "2")
    assert own.database_key not in repr(own)


def test_what_is_sealed_opens_with_its_key_in_its_stream_only() -> None:
    key, other = keys.new_keys().database_key, keys.new_keys().database_key
    sealed = keys.seal(key, "p:a", b"content")
    payload = Payload(b"s", "json", "k", sealed)
    opened = keys.unseal(key, "p:a", payload)
    assert opened is not None
    assert (opened.bytes, opened.sealed_to) == (b"content", None)
    assert keys.unseal(other, "p:a", payload) is None
    assert keys.unseal(key, "p:b", payload) is None
    assert keys.seal(key, "p:a", b"content") != sealed


@pytest.mark.parametrize("cut", [0, 5, 12, 20, -1])
def test_a_cut_or_changed_seal_does_not_open(cut: int) -> None:
    key = keys.new_keys().database_key
    sealed = keys.seal(key, "p", b"content")
    assert keys.unseal(key, "p", Payload(b"", "json", "k", sealed[:cut])) is None
    changed = bytearray(sealed)
    changed[cut] ^= 1
    assert keys.unseal(key, "p", Payload(b"", "json", "k", bytes(changed))) is None


def test_a_private_note_is_read_where_its_key_is_and_nowhere_else(folder: Path, own: keys.Keys) -> None:
    stream = Stream("private", f"sample-person-1:{uuid4()}")
    with_key = msgspec.structs.replace(own, private_keys={stream.id: "5b" * 32})
    log = SqlLog(folder, with_key)
    sealer = log.sealer(stream, stream.id)
    recorder = Recorder(stream, log, Clock(Computer()), lambda: None, [], lambda call: call(), sealer)
    recorder.record(THOUGHT, SOMEONE).kept.result(20)
    assert facts_of(log.read(stream), "private") == [THOUGHT]
    assert check(log, {own.station: own.public_key()}).damage == ()
    log.close()

    log = SqlLog(folder, own)
    (kept,) = log.read(stream)
    assert facts_of([kept], "private") == [Unread("reflection-written", "sealed")]
    assert kept.payload is not None
    assert codec.encode(THOUGHT) not in kept.payload.bytes
    assert own_flaw(kept.entry, kept.payload, own.signing_key().public_key()) is None
    assert check(log, {own.station: own.public_key()}).damage == ()
    with pytest.raises(KeyError):
        log.sealer(stream, stream.id)
    log.close()

    wrong = msgspec.structs.replace(own, private_keys={stream.id: "00" * 32})
    log = SqlLog(folder, wrong)
    assert facts_of(log.read(stream), "private") == [Unread("reflection-written", "sealed")]
    log.close()
