"""Backups: made beside a running session, verified by opening, thinned with time, never half."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.store import backup, keys, vault
from kapdesk.store.log import SqlLog
from tests.fakes import HOUR_US, MORNING_US, statement
from tests.marred import marred

WAIT_S = 20.0
DAY_US = 24 * HOUR_US


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def stream() -> Stream:
    return Stream("session", str(uuid4()))


def say(log: SqlLog, stream: Stream, *texts: str) -> None:
    for n, text in enumerate(texts):
        log.append(statement(stream, NoteTaken(text), n)).result(WAIT_S)


def test_a_copy_holds_every_entry_and_opens_with_the_same_key_only(
    log: SqlLog, own: keys.Keys, place: Path, stream: Stream
) -> None:
    say(log, stream, "calm", "tears")
    made = backup.make(log, place, MORNING_US)
    assert made.entries == log.row()
    assert backup.verify(made.path, own.database_key) == made.entries
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert b"tears" not in made.path.read_bytes()
    with pytest.raises(Damaged, match="another key"):
        backup.verify(made.path, "cd" * 32)
    connection = vault.look_into(made.path, own.database_key)
    rows = connection.execute("SELECT rowid, id, hash FROM entry ORDER BY rowid").fetchall()
    connection.close()
    assert rows == log.select("SELECT rowid, id, hash FROM entry ORDER BY rowid"), "rows keep their numbers"
    assert sorted(path.name for path in place.iterdir()) == [made.path.name, made.path.with_suffix(".toml").name]


def test_it_is_made_while_entries_come_in(log: SqlLog, place: Path, stream: Stream, own: keys.Keys) -> None:
    stop = threading.Event()

    def go_on() -> None:
        n = 0
        while not stop.is_set():
            log.append(statement(stream, NoteTaken(f"note {n}"), n)).result(WAIT_S)
            n += 1

    writing = threading.Thread(target=go_on)
    writing.start()
    try:
        counts = [backup.make(log, place, MORNING_US + n).entries for n in range(3)]
    finally:
        stop.set()
        writing.join()
    assert counts == sorted(counts)
    assert all(backup.verify(each.path, own.database_key) == each.entries for each in backup.at_hand([place]))


def test_a_place_that_cannot_be_written_is_told_plainly(log: SqlLog, place: Path) -> None:
    place.write_text("a file is in the way")
    with pytest.raises(KnownError, match=r"No backup could be made in .* The record is untouched"):
        backup.make(log, place, MORNING_US)


def test_a_copy_that_broke_off_is_no_backup_and_is_cleared_away(log: SqlLog, place: Path) -> None:
    place.mkdir()
    (place / "record-20260302T090000.000000Z.unfinished").write_bytes(b"half")
    (place / "record-20260302T090000.000000Z.backup").write_bytes(b"without its slip")
    assert backup.at_hand([place]) == []
    backup.make(log, place, MORNING_US)
    assert len(backup.at_hand([place])) == 1
    assert not list(place.glob("*.unfinished"))


def test_a_flipped_byte_anywhere_is_found(log: SqlLog, own: keys.Keys, place: Path, stream: Stream) -> None:
    say(log, stream, *(f"note {n}" for n in range(50)))
    made = backup.make(log, place, MORNING_US)
    whole = made.path.read_bytes()
    for at in range(100, len(whole), len(whole) // 60):
        made.path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert not backup.is_as_made(made)
        with pytest.raises(Damaged):
            backup.verify(made.path, own.database_key)
    made.path.write_bytes(whole)
    assert backup.is_as_made(made)


@settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_copy_that_was_cut_doubled_or_written_over_is_told_and_left_as_it_is(
    log: SqlLog, own: keys.Keys, place: Path, data: st.DataObject
) -> None:
    made = next(iter(backup.at_hand([place])), None) or backup.make(log, place, MORNING_US)
    whole = made.path.read_bytes()
    pages = st.integers(0, len(whole) // 4096 - 1).map(lambda page: whole[: page * 4096])
    left = data.draw(pages | marred(whole) | st.sampled_from([b"", whole * 2, whole + bytes(4096), bytes(len(whole))]))
    spoilt = backup.Backup(place / "spoilt", made.made_us, made.entries, made.sha256)
    spoilt.path.write_bytes(left)
    assert backup.is_as_made(spoilt) is (left == whole)
    if left != whole:
        with pytest.raises(Damaged):
            backup.verify(spoilt.path, own.database_key)
    assert spoilt.path.read_bytes() == left
    assert backup.is_as_made(made)


def test_copies_are_thinned_to_the_newest_then_days_then_weeks(place: Path) -> None:
    place.mkdir()
    times = [MORNING_US - n * 6 * HOUR_US for n in range(4 * 200)]  # four a day for two hundred days
    for time_us in times:
        path = place / f"record-{time_us}{backup.SUFFIX}"
        path.touch()
        path.with_suffix(backup.SLIP).write_bytes(backup._toml(backup._Slip(time_us, 1, "00")))
    kept = backup.rotate(place)
    ages = [MORNING_US // DAY_US - each.made_us // DAY_US for each in kept]
    assert [each.made_us for each in kept[:5]] == times[:5]
    assert set(range(14)) <= set(ages), "one of each of the last fourteen days"
    assert 70 <= max(ages) <= 90, "one of each of the last twelve weeks"
    assert len(kept) < 30
    assert len(list(place.iterdir())) == 2 * len(kept)
    assert backup.rotate(place) == kept


def test_the_newest_verified_copy_is_found_over_all_places(log: SqlLog, tmp_path: Path) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    old = backup.make(log, near, MORNING_US)
    new = backup.make(log, far, MORNING_US + HOUR_US)
    assert backup.at_hand([near, far]) == [new, old]
    os.unlink(new.path)
    assert not backup.is_as_made(new)


def test_two_made_at_the_same_time_do_not_clear_each_other_away(log: SqlLog, stream: Stream, tmp_path: Path) -> None:
    """The desk's own at the end of a session, and the command's."""
    log.append(statement(stream, NoteTaken("calm"))).result(WAIT_S)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: backup.make(log, tmp_path / "place", 1_000_000 + n % 2), range(8)))
    assert {each.entries for each in made} == {log.row()}
    assert len(backup.at_hand([tmp_path / "place"])) == 2
    assert all(backup.is_as_made(each) for each in backup.at_hand([tmp_path / "place"]))
