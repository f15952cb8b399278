"""Whatever stands in a file or a row that is read: it is what it says, or a sentence says that it is not."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapdesk.clinic import running
from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.record.log import Kept
from kapdesk.store import journal_file, keys, places
from kapdesk.store.journal_file import Found, Seal, write_whole
from kapdesk.store.places import Places
from kapdesk.store.rows import payload_row, to_kept, to_row
from tests.fakes import Station

QUICK = settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY = st.binary(max_size=600) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
VALUE = st.none() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20) | st.binary(max_size=20) | st.floats()


def lines(n: int = 5) -> list[journal_file.Line]:
    station = Station(uuid4())
    facts = [(minute, NoteTaken(f"note {minute}")) for minute in range(n)]
    return list(enumerate(station.says(Stream("session", str(uuid4())), *facts), 1))


@QUICK
@given(content=ANY)
def test_any_bytes_for_the_places_are_read_or_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / places.FILE).write_bytes(content)
    outcome: object
    try:
        outcome = places.read(tmp_path)
    except KnownError as told:
        outcome = told
        assert "The record is untouched" in str(told)  # noqa: PT017
    assert isinstance(outcome, Places | KnownError)
    assert (tmp_path / places.FILE).read_bytes() == content


def test_places_nested_too_deep_are_refused(tmp_path: Path) -> None:
    (tmp_path / places.FILE).write_text("second = " + "[" * 100_000)
    with pytest.raises(KnownError, match="mend that file"):
        places.read(tmp_path)


@QUICK
@given(content=ANY)
def test_any_bytes_for_the_count_are_a_count_or_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / running.FILE).write_bytes(content)
    assert isinstance(running.words(running.read(tmp_path)), str)


@QUICK
@given(at=st.integers(0, 4_000), length=st.integers(0, 300), put=st.binary(max_size=300))
def test_whatever_is_done_to_the_second_copy_no_line_is_read_otherwise_than_it_was_written(
    tmp_path: Path, at: int, length: int, put: bytes
) -> None:
    own, written = keys.new_keys(), lines()
    seal = Seal(own.clinic, own.database_key)
    whole = seal.header + b"".join(seal.frame(n, line) for n, line in enumerate(written))
    at %= len(whole)
    spoiled = whole[:at] + put + whole[at + length :]
    write_whole(tmp_path / f"a{journal_file.SUFFIX}", spoiled)
    found: Found = journal_file.read(tmp_path, own.clinic, [own.database_key])
    assert {row for row, _ in found.lines} <= {row for row, _ in written}
    assert all(line in written for line in found.lines)
    assert len(found.lines) == len(written) or found.faults
    assert journal_file.ends(tmp_path, own.clinic, [own.database_key]).lines in ((), found.lines[-1:])


@given(column=st.integers(0, 25), value=VALUE)
def test_a_row_in_which_any_value_was_exchanged_is_an_entry_or_called_damaged(column: int, value: object) -> None:
    ((_, kept),) = lines(1)
    assert kept.payload is not None
    row = [*to_row(kept.entry), *payload_row(kept.entry.body.id, kept.payload)[1:]]
    assert to_kept(tuple(row)) == kept
    row[column] = value
    read: Callable[[], Kept] = lambda: to_kept(tuple(row))  # noqa: E731
    try:
        assert isinstance(read(), Kept)
    except Damaged as told:
        assert "put it back from its copies" in str(told)  # noqa: PT017
