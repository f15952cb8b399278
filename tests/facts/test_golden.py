"""What was once written stays readable: the first facts and the first signed chain, kept for ever.

A new kind of fact gets a line of its own at the end of golden/facts.jsonl; a line that is there never changes.
"""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kapdesk.facts import clinic, codec, patient, private, session
from kapdesk.facts.entry import Entry, Kind, Payload, digest
from kapdesk.facts.fact import Unread, tag_of
from kapdesk.facts.signing import flaw, sign
from tests.marred import marred

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
THROW_AWAY_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
UNIONS: dict[Kind, Any] = {
    "session": session.SessionFact,
    "patient": patient.PatientFact,
    "clinic": clinic.ClinicFact,
    "private": private.PrivateFact,
}


class Line(msgspec.Struct):
    stream: Kind
    kind: str
    fact: msgspec.Raw


class KeptLine(msgspec.Struct):
    entry: Entry
    payload: Payload


def lines(name: str) -> list[bytes]:
    return (GOLDEN / name).read_bytes().splitlines()


FACTS = [msgspec.json.decode(line, type=Line) for line in lines("facts.jsonl")]
CHAIN = [msgspec.json.decode(line, type=KeptLine) for line in lines("entries.jsonl")]


def holds(now: Any, once: Any) -> bool:
    """Whether everything that was once said is still said; what was added since may have its default."""
    if isinstance(once, dict):
        return all(key in now and holds(now[key], value) for key, value in once.items())
    return bool(now == once)


@pytest.mark.parametrize("line", FACTS, ids=lambda line: f"{line.stream}:{line.kind}")
def test_a_fact_once_written_is_read_as_it_was_meant(line: Line) -> None:
    fact = codec.decode(line.stream, line.kind, Payload(b"", "json", None, bytes(line.fact)))
    assert tag_of(fact) == line.kind
    assert holds(json.loads(codec.encode(fact)), json.loads(bytes(line.fact)))


@pytest.mark.parametrize("stream", UNIONS)
def test_every_kind_of_fact_stands_among_the_golden_ones(stream: Kind) -> None:
    known = {str(kind.__struct_config__.tag) for kind in get_args(UNIONS[stream])}
    assert {line.kind for line in FACTS if line.stream == stream} == known


def test_the_first_chain_still_verifies() -> None:
    public = THROW_AWAY_KEY.public_key()
    before = [None, *(each.entry for each in CHAIN)]
    assert [flaw(each.entry, last, each.payload, public) for each, last in zip(CHAIN, before, strict=False)] == (
        [None] * len(CHAIN)
    )
    assert CHAIN[-1].entry.hash == "9925c186a7daefb12bbb75d370a63a8c594ff64a92e1a116e10c930d5bf61ab4"


def test_signing_the_first_chain_anew_gives_the_very_same_bytes() -> None:
    assert [sign(each.entry.body, THROW_AWAY_KEY) for each in CHAIN] == [each.entry for each in CHAIN]


def test_a_hash_can_be_found_without_kapdesk() -> None:
    """As anyone would who checks a record with other tools: plain JSON and SHA-256."""
    for line in lines("entries.jsonl"):
        kept = json.loads(line)
        plain = json.dumps(kept["entry"]["body"], separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(plain.encode()).hexdigest() == kept["entry"]["hash"]


def test_the_fields_of_a_body_stand_in_their_frozen_order() -> None:
    body = msgspec.structs.replace(CHAIN[0].entry.body, by="Źdźbło")
    assert msgspec.json.encode(body).decode() == (
        '[1,"019c0000-0000-7000-8000-0000000000c1","019c0000-0000-7000-8000-0000000000c2",'
        '{"kind":"session","id":"019c0000-0000-7000-8000-00000000000a"},"station-0a1b2c3d",0,"' + "0" * 64 + '",'
        '"visit-opened",1772445595000000,1772445600000000,3600,"boot-1",500000,'
        '{"utc_ms":1772445600000,"counter":0,"station":"station-0a1b2c3d"},"Źdźbło","p-2",'
        '"3c5d678c3b45496f2033a295de0666881aacf6bc05151ad4fde0fc5ebfdeb806"]'
    )
    assert digest(body) == hashlib.sha256(msgspec.json.encode(body)).hexdigest() != CHAIN[0].entry.hash


def spoilt(whole: list[bytes]) -> st.SearchStrategy[tuple[int, bytes]]:
    """The number of one of these, and what is left of it after something was done to it."""
    numbers = st.integers(0, len(whole) - 1)
    return numbers.flatmap(lambda n: st.tuples(st.just(n), marred(whole[n])))


QUICK = settings(deadline=timedelta(seconds=1), max_examples=300)


@QUICK
@given(spoilt([bytes(line.fact) for line in FACTS]))
@example((0, b'{"fact":"visit-opened","of a newer KapDesk":' + b"[" * 100_000))
@example((0, b'{"fact":"visit-opened","visit":' + b"9" * 100_000))
def test_a_golden_fact_that_was_spoilt_is_not_read_or_can_be_kept_as_it_is_read(line: tuple[int, bytes]) -> None:
    n, content = line
    fact = codec.decode(FACTS[n].stream, FACTS[n].kind, Payload(b"", "json", None, content))
    assert isinstance(fact, Unread) or codec.decode(
        FACTS[n].stream, FACTS[n].kind, Payload(b"", "json", None, codec.encode(fact))
    ) == fact  # fmt: skip


@QUICK
@given(spoilt(lines("entries.jsonl")))
def test_a_golden_entry_that_was_spoilt_is_none_or_its_flaw_is_told(line: tuple[int, bytes]) -> None:
    n, content = line
    try:
        kept = msgspec.json.decode(content, type=KeptLine)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return
    said = flaw(kept.entry, CHAIN[n - 1].entry if n else None, kept.payload, THROW_AWAY_KEY.public_key())
    assert said or (kept.entry, kept.payload) == (CHAIN[n].entry, CHAIN[n].payload)
