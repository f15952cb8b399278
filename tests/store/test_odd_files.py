"""Whatever stands in a file or a row that is read: it is what it says, or a sentence says that it is not."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kapdesk.clinic import running
from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.facts.signing import flaw
from kapdesk.record.log import Kept
from kapdesk.store import backup, journal_file, keys, places
from kapdesk.store.journal_file import Found, Seal, write_whole
from kapdesk.store.places import Places
from kapdesk.store.rows import payload_row, to_kept, to_row
from tests.fakes import MORNING_US, Station
from tests.marred import marred

QUICK = settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY = st.binary(max_size=600) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)  # SQLite gives no half character
VALUE = st.none() | st.integers(-(2**63), 2**63 - 1) | WORDS | st.binary(max_size=20) | st.floats()
ENDLESS = [b"a = " + b"[" * 100_000, b"made_us = " + b"9" * 5_000, b"second" + b".a" * 40_000 + b" = 1"]
PLACES = b'second = "/media/sample"\noff_site = "/mnt/far"\nrecipients = ["age1sample"]\n'
SLIP = b'made_us = 1772445600000000\nentries = 3\nsha256 = "00"\n'


def lines(n: int = 5) -> list[journal_file.Line]:
    station = Station(uuid4())
    facts = [(minute, NoteTaken(f"note {minute}")) for minute in range(n)]
    return list(enumerate(station.says(Stream("session", str(uuid4())), *facts), 1))


@QUICK
@given(content=ANY | marred(PLACES))
@example(content=ENDLESS[0])
@example(content=ENDLESS[1])
@example(content=ENDLESS[2])
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


@QUICK
@given(content=ANY | marred(SLIP))
@example(content=ENDLESS[0])
@example(content=ENDLESS[1])
@example(content=ENDLESS[2])
def test_a_backup_whose_slip_is_spoilt_is_not_counted_on_and_hides_no_other(tmp_path: Path, content: bytes) -> None:
    """KapDesk asks for the backups at hand at each start."""
    for name in ("spoilt", "whole"):
        (tmp_path / name).with_suffix(backup.SUFFIX).touch()
    (tmp_path / "spoilt").with_suffix(backup.SLIP).write_bytes(content)
    (tmp_path / "whole").with_suffix(backup.SLIP).write_bytes(SLIP)
    found = {each.path.stem: each for each in backup.at_hand([tmp_path])}
    assert found["whole"].made_us == MORNING_US
    assert "spoilt" not in found or b"made_us" in content
    assert not any(map(backup.is_as_made, found.values()))


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


@given(n=st.integers(0, 2), column=st.integers(0, 25), value=VALUE)
@example(n=1, column=2, value="é" * 16)
@example(n=1, column=6, value="1")
@example(n=1, column=14, value=None)
@example(n=1, column=21, value="signed")
@example(n=1, column=25, value=None)
def test_a_row_in_which_any_value_was_exchanged_is_called_damaged_or_its_flaw_is_told(
    n: int, column: int, value: object
) -> None:
    station, stream = Station(uuid4()), Stream("session", str(uuid4()))
    chain = station.says(stream, *((minute, NoteTaken(f"note {minute}")) for minute in range(3)))
    assert chain[n].payload is not None
    row = [*to_row(chain[n].entry), *payload_row(chain[n].entry.body.id, chain[n].payload)[1:]]  # type: ignore[arg-type]
    assert to_kept(tuple(row)) == chain[n]
    exchanged = row[column] != value or type(row[column]) is not type(value)
    row[column] = value
    read: Callable[[], Kept] = lambda: to_kept(tuple(row))  # noqa: E731
    try:
        chain[n] = read()
    except Damaged as told:
        assert "put it back from its copies" in str(told)  # noqa: PT017
        return
    public, before = station.key.public_key(), [None, *(kept.entry for kept in chain)]
    told = [flaw(kept.entry, last, kept.payload, public) for kept, last in zip(chain, before, strict=False)]
    erased = column == 22 and value is None
    assert any(told) is (exchanged and not erased)
