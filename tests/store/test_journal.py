"""The second copy: it has every line soon, waits for nobody, is read behind damage, and shows what the record lost."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Erased
from kapdesk.facts.session import NoteTaken
from kapdesk.record.log import Kept
from kapdesk.store import journal_file, keys, second, vault
from kapdesk.store.journal import Journal
from kapdesk.store.journal_file import SUFFIX, Found
from kapdesk.store.log import SqlLog
from tests.fakes import facts_of, statement

WAIT_S = 20.0


@pytest.fixture
def stream() -> Stream:
    return Stream("session", str(uuid4()))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "other disk" / "journal"


Reopen = Callable[[], SqlLog]


@pytest.fixture
def reopen(folder: Path, own: keys.Keys, place: Path) -> Iterator[Reopen]:
    """Opens the record and takes up its second copy; what was open before is closed."""
    opened: list[SqlLog] = []

    def open_() -> SqlLog:
        for each in opened:
            each.close()
        opened.clear()
        opened.append(SqlLog(folder, own))
        second.take_up(opened[0], [place])
        return opened[0]

    yield open_
    for each in opened:
        each.close()


def say(log: SqlLog, stream: Stream, *texts: str) -> None:
    for n, text in enumerate(texts):
        log.append(statement(stream, NoteTaken(text), n)).result(WAIT_S)


def held(place: Path, own: keys.Keys) -> Found:
    return journal_file.read(place, own.clinic, [own.database_key])


def texts(lines: Found) -> list[str]:
    kept = [kept for _, kept in lines.lines if kept.entry.body.stream.kind == "session"]
    return [fact.text if isinstance(fact, NoteTaken) else "" for fact in facts_of(kept)]


def newest(place: Path) -> Path:
    return max(place.glob(f"*{SUFFIX}"))


def cut_record(folder: Path, own: keys.Keys, stream: Stream, keep: int) -> None:
    """Someone with the key takes a stream's last lines out of the record."""
    connection = vault.connect(folder, own.database_key)
    for name in ("entry_is_never_deleted", "payload_is_deleted_by_erasure_only"):
        connection.execute(f"DROP TRIGGER {name}")
    gone = "(SELECT id FROM entry WHERE stream_id = ? AND seq >= ?)"
    connection.execute(f"DELETE FROM payload WHERE entry_id IN {gone}", (stream.id, keep))
    connection.execute("DELETE FROM entry WHERE stream_id = ? AND seq >= ?", (stream.id, keep))
    for sql in keys_of_triggers():
        connection.execute(sql)
    connection.close()


def keys_of_triggers() -> list[str]:
    from kapdesk.store.statements import TRIGGERS

    return [TRIGGERS["entry_is_never_deleted"], TRIGGERS["payload_is_deleted_by_erasure_only"]]


def test_every_line_is_in_the_second_copy_byte_for_byte(
    reopen: Reopen, place: Path, own: keys.Keys, stream: Stream
) -> None:
    log = reopen()
    say(log, stream, "calm", "ß ≥ 🙂", "x" * 100_000)
    log.close()
    found = held(place, own)
    assert found.faults == ()
    assert [row for row, _ in found.lines] == list(range(1, len(found.lines) + 1))
    assert [kept for _, kept in found.lines] == list(sorted_by_row(SqlLog(log.folder, own)))


def sorted_by_row(log: SqlLog) -> Iterator[Kept]:
    try:
        for _, kept in log.after(0, 1_000):
            yield kept
    finally:
        log.close()


def test_it_holds_no_word_in_the_clear(reopen: Reopen, place: Path, stream: Stream) -> None:
    log = reopen()
    say(log, stream, "the colours are softer now")
    log.close()
    for path in place.iterdir():
        assert b"softer" not in path.read_bytes()
        assert stream.id.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_committed_while_it_was_away_is_caught_up_at_the_next_start(
    reopen: Reopen, folder: Path, own: keys.Keys, place: Path, stream: Stream
) -> None:
    reopen().close()
    alone = SqlLog(folder, own)
    say(alone, stream, "one", "two")
    alone.close()
    reopen().close()
    assert texts(held(place, own)) == ["one", "two"]
    reopen().close()
    assert texts(held(place, own)) == ["one", "two"], "a start without news adds nothing"


def test_a_second_place_that_refuses_delays_nobody_and_is_caught_up(
    folder: Path, own: keys.Keys, place: Path, stream: Stream
) -> None:
    place.parent.mkdir()
    place.write_text("a file is in the way")
    log = SqlLog(folder, own)
    log.keep_second_copy(place, 0)
    say(log, stream, "saved all the same")
    assert log.journal is not None
    while not log.journal.state.trouble:
        log.journal._thread.join(0.01)
    assert log.journal.state.lacks > 0
    place.unlink()
    log.close()
    assert texts(held(place, own)) == ["saved all the same"]


def test_a_write_that_breaks_off_leaves_nothing_half(
    folder: Path, own: keys.Keys, place: Path, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = SqlLog(folder, own)
    say(log, stream, "one")
    log.keep_second_copy(place, 0)
    assert log.journal is not None
    while not texts(held(place, own)):
        log.journal._thread.join(0.01)
    real, broken = os.write, []

    def half(file: int, content: bytes) -> int:
        if len(content) > 100 and not broken:
            broken.append(real(file, content[: len(content) // 2]))
            raise OSError(28, "No space left on device")
        return real(file, content)

    monkeypatch.setattr("kapdesk.store.journal.os.write", half)
    say(log, stream, "two")
    log.close()
    monkeypatch.undo()
    reopened = SqlLog(folder, own)
    second.take_up(reopened, [place])
    reopened.close()
    found = held(place, own)
    assert (broken != [], texts(found), found.faults) == (True, ["one", "two"], ())


def test_every_flipped_bit_is_found_and_the_other_lines_are_read(
    reopen: Reopen, place: Path, own: keys.Keys, stream: Stream
) -> None:
    log = reopen()
    say(log, stream, *(f"note {n}" for n in range(4)))
    log.close()
    path = newest(place)
    whole, lines = path.read_bytes(), len(held(place, own).lines)
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        found = held(place, own)
        assert found.faults, f"byte {at} of {len(whole)}"
        assert len(found.lines) >= lines - 1


def test_a_line_that_was_cut_out_or_moved_is_found(reopen: Reopen, place: Path, own: keys.Keys, stream: Stream) -> None:
    log = reopen()
    say(log, stream, "a", "b", "c")
    log.close()
    path = newest(place)
    whole = path.read_bytes()
    marks = [at for at in range(len(whole)) if whole.startswith(b"\xf4KJ\x01", at)]
    path.write_bytes(whole[: marks[1]] + whole[marks[2] :])
    assert held(place, own).faults == (f"{path.name}: line 1 is missing",)
    path.write_bytes(whole[: marks[1]] + whole[marks[2] : marks[3]] + whole[marks[1] : marks[2]] + whole[marks[3] :])
    assert held(place, own).faults


@pytest.mark.parametrize("left", [0, 5, 40, -1, -20, -300])
def test_a_torn_end_costs_only_what_was_not_yet_whole(
    reopen: Reopen, place: Path, own: keys.Keys, stream: Stream, left: int
) -> None:
    log = reopen()
    say(log, stream, "one", "two")
    log.close()
    path = newest(place)
    path.write_bytes(path.read_bytes()[:left])
    before = len(held(place, own).lines)
    reopen().close()
    assert before < len(held(place, own).lines)
    assert sorted(set(texts(held(place, own)))) == ["one", "two"]


def test_a_file_that_its_disk_does_not_give_stops_neither_the_start_nor_what_stands_beside_it(
    reopen: Reopen, place: Path, own: keys.Keys, stream: Stream
) -> None:
    log = reopen()
    say(log, stream, "one", "two")
    log.close()
    (place / f"0{SUFFIX}").mkdir()  # cannot be read, whoever asks
    assert second.look_through(reopen(), [place]) == (f"0{SUFFIX}: it cannot be read (Is a directory)",)
    assert texts(held(place, own)) == ["one", "two"]
    journal_file.forget(place, own.clinic, [own.database_key], 0)
    with pytest.raises(KnownError, match=r"could not be gone through \(Is a directory\): what is erased may still"):
        journal_file.erase(place, own.clinic, [own.database_key], {stream})


def test_another_clinics_key_opens_nothing(reopen: Reopen, place: Path, own: keys.Keys, stream: Stream) -> None:
    log = reopen()
    say(log, stream, "one")
    log.close()
    assert journal_file.read(place, own.clinic, ["ab" * 32]).lines == ()
    assert journal_file.read(place, uuid4(), [own.database_key]).lines == ()
    past = journal_file.read(place, own.clinic, ["ab" * 32, own.database_key])
    assert (texts(past), past.faults) == (["one"], ())


def test_a_record_that_lost_its_newest_lines_is_not_opened(
    reopen: Reopen, folder: Path, own: keys.Keys, stream: Stream
) -> None:
    log = reopen()
    say(log, stream, "one", "two", "three")
    log.close()
    cut_record(folder, own, stream, keep=1)
    with pytest.raises(Damaged, match="lacks 2 lines that its second copy has"):
        reopen()


def test_flips_in_the_wal_that_drop_rows_without_a_word_are_found(
    reopen: Reopen, folder: Path, own: keys.Keys, stream: Stream, place: Path, tmp_path: Path
) -> None:
    """The -wal has no HMAC: SQLite takes a frame that does not fit for the end of what was committed."""
    log = reopen()
    say(log, stream, *(f"note {n}" for n in range(20)))
    assert log.journal is not None
    while len(texts(held(place, own))) < 20:
        log.journal._thread.join(0.01)
    crashed = tmp_path / "crashed"
    shutil.copytree(folder, crashed)
    wal = crashed / "record.db-wal"
    whole = wal.read_bytes()
    wal.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :])
    torn = SqlLog(crashed, own)
    with pytest.raises(Damaged, match="lines that its second copy has"):
        second.take_up(torn, [place])
    torn.close()


def test_an_old_copy_put_back_is_found(
    reopen: Reopen, folder: Path, own: keys.Keys, stream: Stream, tmp_path: Path
) -> None:
    log = reopen()
    say(log, stream, "before")
    log.close()
    shutil.copytree(folder, tmp_path / "old")
    log = reopen()
    say(log, stream, "after")
    log.close()
    shutil.copyfile(tmp_path / "old" / "record.db", folder / "record.db")
    with pytest.raises(Damaged, match="an older one was put in its place"):
        reopen()


def test_a_second_copy_that_is_gone_begins_anew_with_everything(
    reopen: Reopen, place: Path, own: keys.Keys, stream: Stream
) -> None:
    log = reopen()
    say(log, stream, "one", "two")
    log.close()
    shutil.rmtree(place)
    reopen().close()
    assert texts(held(place, own)) == ["one", "two"]


def test_what_is_erased_is_erased_here_too(reopen: Reopen, place: Path, own: keys.Keys, stream: Stream) -> None:
    log, other = reopen(), Stream("session", str(uuid4()))
    say(log, stream, "to be gone")
    say(log, other, "stays")
    log.append(statement(stream, Erased("asked for by the patient", "p-2"), 9)).result(WAIT_S)
    log.close()
    before = held(place, own)
    journal_file.erase(place, own.clinic, [own.database_key], {stream})
    after = held(place, own)
    assert [row for row, _ in after.lines] == [row for row, _ in before.lines]
    assert after.faults == ()
    theirs = [kept for _, kept in after.lines if kept.entry.body.stream == stream]
    assert [kept.payload is None for kept in theirs] == [True, False]
    assert [kept.entry for _, kept in after.lines] == [kept.entry for _, kept in before.lines]
    assert "stays" in texts(after)


def test_files_that_backups_hold_are_forgotten(reopen: Reopen, place: Path, own: keys.Keys, stream: Stream) -> None:
    log = reopen()
    say(log, stream, "one")
    log.close()
    row = held(place, own).lines[-1][0]
    log = reopen()
    say(log, stream, "two")
    log.close()
    journal_file.forget(place, own.clinic, [own.database_key], row)
    assert texts(held(place, own)) == ["two"]


def test_closing_copies_what_was_just_said(folder: Path, own: keys.Keys, place: Path, stream: Stream) -> None:
    log = SqlLog(folder, own)
    journal = Journal(place, own.clinic, own.database_key, log.after, 0)
    say(log, stream, "last words")
    journal.close()
    log.close()
    assert texts(held(place, own)) == ["last words"]
