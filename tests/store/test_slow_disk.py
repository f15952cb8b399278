"""A disk that is slow, held, read-only, full: nothing counts as saved before it is there, all is said, none is lost."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kapdesk.errors import KnownError
from kapdesk.facts.entry import Entry, Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.store import journal, journal_file, keys, vault
from kapdesk.store.check import check
from kapdesk.store.journal import Journal, State
from kapdesk.store.log import SqlLog
from kapdesk.store.vault import Connection
from tests.fakes import facts_of, statement

WAIT_S = 20.0
STREAM = Stream("session", str(uuid4()))
SAID = ["calm", "tears", "ease"]


class Voice:
    """What is told on other threads, and a way to wait for it."""

    def __init__(self) -> None:
        self.told: list[str | None] = []
        self._news = threading.Condition()

    def __call__(self, sentence: str | None) -> None:
        with self._news:
            self.told.append(sentence)
            self._news.notify_all()

    def hears(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self.told) >= count, WAIT_S)


class SlowCommit:
    """A connection whose commit reaches the disk only when `answer` is set; `asked` once it is under way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.asked, self.answer = threading.Event(), threading.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, sql: str, *values: object) -> object:
        if sql == "COMMIT":
            self.asked.set()
            assert self.answer.wait(WAIT_S)
        return self._connection.execute(sql, *values)


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
def log(folder: Path, own: keys.Keys, voice: Voice) -> Iterator[SqlLog]:
    opened = SqlLog(folder, own, voice)
    opened.writer._connection.execute("PRAGMA busy_timeout=10")
    yield opened
    opened.close(give_up=True)


def say(log: SqlLog, *texts: str) -> "list[Future[Entry]]":
    return [log.append(statement(STREAM, NoteTaken(text), minute)) for minute, text in enumerate(texts)]


def notes(log: SqlLog) -> list[str]:
    return [fact.text for fact in facts_of(log.read(STREAM)) if isinstance(fact, NoteTaken)]


def stations(own: keys.Keys) -> dict[str, str]:
    return {own.station: own.public_key()}


Mend = Callable[[], None]


def held(log: SqlLog) -> Mend:
    other = vault.connect(log.folder, log.keys.database_key, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other.close


def read_only(log: SqlLog) -> Mend:
    log.writer._connection.execute("PRAGMA query_only=ON")
    return lambda: log.writer._connection.execute("PRAGMA query_only=OFF")


def full(log: SqlLog) -> Mend:
    (pages,) = log.writer._connection.execute("PRAGMA page_count").fetchone()
    log.writer._connection.execute(f"PRAGMA max_page_count={pages}")
    return lambda: log.writer._connection.execute("PRAGMA max_page_count=1000000")


@pytest.mark.parametrize(
    ("refuse", "said"), [(held, "another program holds"), (read_only, "is read-only"), (full, "disk is full")]
)
def test_what_the_disk_refuses_is_no_entry_and_is_said_until_it_is_one_in_order_and_once(
    log: SqlLog, own: keys.Keys, voice: Voice, refuse: Callable[[SqlLog], Mend], said: str
) -> None:
    long = [text * 20_000 for text in SAID]  # more than the pages there are
    mend = refuse(log)
    kept = say(log, *long)
    voice.hears(1)
    log.writer.retry()
    assert not any(each.done() for each in kept)
    assert notes(log) == []
    assert log.writer.pending() == len(kept)

    mend()
    log.writer.retry()
    assert [each.result(WAIT_S).body.seq for each in kept] == [0, 1, 2]
    assert notes(log) == long
    (told, withdrawn) = voice.told
    assert told is not None
    assert said in told
    assert "Not saved" in told
    assert withdrawn is None
    assert check(log, stations(own)).whole


def test_a_commit_that_takes_seconds_is_not_acknowledged_before_and_is_said(log: SqlLog, voice: Voice) -> None:
    slow = log.writer._connection = SlowCommit(log.writer._connection)
    kept = say(log, *SAID)
    assert slow.asked.wait(WAIT_S)
    assert notes(log) == []
    assert not any(each.done() for each in kept)
    log.writer.look(time.monotonic() + 10)
    voice.hears(1)
    slow.answer.set()
    assert [each.result(WAIT_S).body.seq for each in kept] == [0, 1, 2]
    assert notes(log) == SAID
    (told, withdrawn) = voice.told
    assert told is not None
    assert told.startswith("Not saved yet: the disk has not answered")
    assert withdrawn is None


def test_what_the_disk_has_just_answered_is_not_called_slow_any_more(log: SqlLog, voice: Voice) -> None:
    """Whoever looks just then: a sentence that nobody takes back would stand until the next entry."""
    (kept,) = say(log, "calm")
    looked = threading.Event()

    def look(_: "Future[Entry]") -> None:
        log.writer.look(time.monotonic() + 10)
        looked.set()

    kept.add_done_callback(look)
    assert looked.wait(WAIT_S)
    assert voice.told == []


def test_a_slow_job_that_fails_by_itself_takes_back_what_was_said_of_the_disk(log: SqlLog, voice: Voice) -> None:
    begun, go = threading.Event(), threading.Event()

    def job(_: Connection) -> None:
        begun.set()
        assert go.wait(WAIT_S)
        raise KnownError("No.")

    failing = log.writer.submit(job)
    assert begun.wait(WAIT_S)
    log.writer.look(time.monotonic() + 10)
    go.set()
    assert isinstance(failing.exception(WAIT_S), KnownError)
    assert [bool(sentence) for sentence in voice.told] == [True, False]


# The second copy.


class Disk:
    """Where the second copy lies: the calls to it that fail, or wait until it is `mended`."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.asked = threading.Semaphore(0)
        self.mended = threading.Event()

    def refuses(self, call: str, code: int, at_size: int = 0) -> None:
        """`call` fails for what has so many bytes at least."""
        real = getattr(os, call)

        def refused(*arguments: object) -> object:
            content = arguments[-1]
            if self.mended.is_set() or (isinstance(content, bytes) and len(content) < at_size):
                return real(*arguments)
            self.asked.release()
            raise OSError(code, os.strerror(code))

        self._patch.setattr(f"kapdesk.store.journal.os.{call}", refused)

    def hangs(self, call: str) -> None:
        real = getattr(os, call)

        def hanging(*arguments: object) -> object:
            self.asked.release()
            assert self.mended.wait(WAIT_S)
            return real(*arguments)

        self._patch.setattr(f"kapdesk.store.journal.os.{call}", hanging)

    def was_asked(self, times: int) -> None:
        for _ in range(times):
            assert self.asked.acquire(timeout=WAIT_S)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    monkeypatch.setattr(journal, "RETRY_S", 0.01)
    monkeypatch.setattr(journal, "GATHER_S", 0.0)
    return Disk(monkeypatch)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "other disk" / "journal"


def copied(place: Path, own: keys.Keys) -> list[UUID]:
    found = journal_file.read(place, own.clinic, [own.database_key])
    assert found.faults == ()
    assert [row for row, _ in found.lines] == list(range(1, len(found.lines) + 1)), "in order, and each once"
    return [kept.entry.body.id for _, kept in found.lines]


@pytest.mark.parametrize(
    ("call", "code", "at_size"),
    [
        ("open", errno.EROFS, 0),
        ("write", errno.ENOSPC, 0),
        ("write", errno.ENOSPC, 100),
        ("fsync", errno.EIO, 0),
    ],
    ids=["read-only", "full at once", "full after its head", "faulty"],
)
def test_a_second_copy_that_is_refused_holds_nobody_up_is_said_and_caught_up_once(
    log: SqlLog, own: keys.Keys, place: Path, disk: Disk, call: str, code: int, at_size: int
) -> None:
    disk.refuses(call, code, at_size)
    second = Journal(place, own.clinic, own.database_key, log.after, 0)
    entries = [each.result(WAIT_S).body.id for each in say(log, *SAID)]
    second.wake()
    disk.was_asked(3)
    assert second.state == State(second.state.lacks, os.strerror(code))
    assert second.state.lacks > 0
    disk.mended.set()
    second.close()
    assert second.state == State()
    assert copied(place, own)[-3:] == entries


def test_a_second_copy_whose_disk_does_not_answer_holds_nobody_up_and_is_said(
    log: SqlLog, own: keys.Keys, place: Path, disk: Disk
) -> None:
    disk.hangs("fsync")
    now_s = [100.0]
    second = Journal(place, own.clinic, own.database_key, log.after, 0, lambda: now_s[0])
    disk.was_asked(1)
    entries = [each.result(WAIT_S).body.id for each in say(log, *SAID)]
    second.wake()
    now_s[0] += 1
    assert second.state == State(), "a moment is no trouble"
    now_s[0] += 10
    assert second.state == State(1, "its disk has not answered for some seconds")
    disk.mended.set()
    second.close()
    now_s[0] += 10
    assert second.state == State()
    assert copied(place, own)[-3:] == entries


def test_a_second_copy_whose_disk_hangs_keeps_nobody_from_closing(
    log: SqlLog, own: keys.Keys, place: Path, disk: Disk
) -> None:
    disk.hangs("fsync")
    second = Journal(place, own.clinic, own.database_key, log.after, 0)
    for each in say(log, *SAID):
        each.result(WAIT_S)
    second.wake()
    disk.was_asked(1)
    second.close(longest_s=0.01)
    assert second.running, "it still waits for its disk, and nobody waits for it"
    disk.mended.set()
    second.close()
    assert not second.running
