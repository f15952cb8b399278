"""Facts to bytes and back; whatever bytes come, reading goes on."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.entry import Kind, Payload
from kapdesk.facts.fact import Fact, Unread
from kapdesk.facts.session import Corrected, DoseGiven, Marked, NoteTaken

KINDS: list[Kind] = ["session", "patient", "clinic", "private"]
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


def payload(content: bytes, **changes: object) -> Payload:
    return Payload(**{"salt": b"", "codec": "json", "sealed_to": None, "bytes": content, **changes})  # type: ignore[arg-type]


@given(WORDS, WORDS, st.booleans())
def test_a_note_comes_back_letter_for_letter(text: str, code: str, quoted: bool) -> None:
    note = NoteTaken(text, code, quoted)
    assert codec.decode("session", "note-taken", payload(codec.encode(note))) == note


def test_a_correction_carries_any_fact_even_another_correction() -> None:
    inner = Corrected(uuid4(), DoseGiven("ketamine", 45_000, "im"), 7, "label")
    outer = Corrected(uuid4(), inner, 8, "slip")
    assert codec.decode("session", "corrected", payload(codec.encode(outer))) == outer


def test_an_amount_is_a_whole_number() -> None:
    sent = b'{"fact":"vitals-taken","temperature_dc":36.6}'
    assert codec.decode("session", "vitals-taken", payload(sent)) == Unread("vitals-taken", "unknown")


@pytest.mark.parametrize(
    ("met", "why"),
    [
        (None, "erased"),
        (payload(b"\x00" * 40, sealed_to="key-1"), "sealed"),
        (payload(codec.encode(Marked()), codec="cbor"), "unknown"),
        (payload(b'{"fact":"dream-told","text":"of a newer KapDesk"}'), "unknown"),
        (payload(b""), "unknown"),
        (payload(b'{"fact":"note-taken","text":"\xff\xfe"}'), "unknown"),
        (payload(b'{"fact":"note-taken","text":"\\ud83d"}'), "unknown"),
        (payload(b"[" * 100_000), "unknown"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_reason(met: Payload | None, why: str) -> None:
    assert codec.decode("session", "some-kind", met) == Unread("some-kind", why)  # type: ignore[arg-type]


def test_corrections_nested_without_end_are_not_read() -> None:
    one = f'{{"fact":"corrected","target":"{uuid4()}","at_us":1,"reason":"","truth":'.encode()
    content = one * 20_000 + b'{"fact":"marked"}' + b"}" * 20_000
    assert codec.decode("session", "corrected", payload(content)) == Unread("corrected", "unknown")


@given(st.sampled_from(KINDS), st.binary(max_size=200))
def test_no_bytes_whatever_stop_the_reading(kind: Kind, content: bytes) -> None:
    assert isinstance(codec.decode(kind, "x", payload(content)), Fact | Unread)


def test_an_entry_that_says_it_is_something_else_than_it_holds_is_not_read() -> None:
    dose = payload(codec.encode(DoseGiven("ketamine", 50_000, "im")))
    assert codec.decode("session", "note-taken", dose) == Unread("note-taken", "unknown")
    assert codec.decode("of a newer KapDesk", "note-taken", dose) == Unread("note-taken", "unknown")  # type: ignore[arg-type]


@pytest.mark.parametrize("dose_ug", [2**53, 10**30, -(2**53)])
def test_a_number_that_could_not_be_read_again_is_not_written(dose_ug: int) -> None:
    with pytest.raises(KnownError, match="cannot be kept as it is"):
        codec.encode(DoseGiven("ketamine", dose_ug, "im"))
    with pytest.raises(KnownError, match="cannot be kept as it is"):
        codec.encode(Corrected(uuid4(), Marked(), dose_ug, "x"))
    met = payload(f'{{"fact":"computer-slept","for_ms":{dose_ug}}}'.encode())
    assert codec.decode("session", "computer-slept", met) == Unread("computer-slept", "unknown")
