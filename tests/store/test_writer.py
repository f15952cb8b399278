"""The one thread that writes: what it holds while the disk refuses is never lost, never out of order, never silent."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from kapdesk.errors import KnownError
from kapdesk.store import vault
from kapdesk.store.vault import Connection
from kapdesk.store.writer import Writer

KEY = "5a" * 32
WAIT_S = 20.0

HOLD_THE_RECORD = """
import sys
from pathlib import Path
from kapdesk.store import vault
other = vault.connect(Path(sys.argv[1]), sys.argv[2])
other.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
other.execute("ROLLBACK")
print("released", flush=True)
"""


class Bench:
    """A writer on a table of words, its connection within the test's reach."""

    def __init__(self, folder: Path, make_room: Callable[[], bool] = lambda: False) -> None:
        self.folder = folder
        self.told: list[str | None] = []
        self.news = threading.Condition()
        self.connections: list[Connection] = []
        vault.create(folder)
        reader = vault.connect(folder, KEY)
        reader.execute("CREATE TABLE word (n INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL)")
        reader.close()
        self.writer = Writer(self._connect, self._tell, make_room=make_room)

    def _connect(self) -> Connection:
        connection = vault.connect(self.folder, KEY, check_same_thread=False)
        connection.execute("PRAGMA busy_timeout=20")
        self.connections.append(connection)
        return connection

    def _tell(self, sentence: str | None) -> None:
        with self.news:
            self.told.append(sentence)
            self.news.notify_all()

    def hears(self, count: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: len(self.told) >= count, WAIT_S)

    def says(self, text: str) -> "Future[str]":
        def job(connection: Connection) -> str:
            connection.execute("INSERT INTO word (text) VALUES (?)", (text,))
            return text

        return self.writer.submit(job)

    def words(self) -> list[str]:
        connection = vault.connect(self.folder, KEY)
        try:
            return [row[0] for row in connection.execute("SELECT text FROM word ORDER BY n")]
        finally:
            connection.close()

    def stopped(self) -> threading.Event:
        """Hold the writer in a job until the event is set."""
        go, begun = threading.Event(), threading.Event()

        def job(_: Connection) -> None:
            begun.set()
            assert go.wait(WAIT_S)

        self.writer.submit(job)
        assert begun.wait(WAIT_S)
        return go

    def disk_full(self) -> None:
        """No page more than there are; the writer is at rest."""
        (pages,) = self.connections[0].execute("PRAGMA page_count").fetchone()
        self.connections[0].execute(f"PRAGMA max_page_count={pages}")

    def disk_freed(self) -> None:
        self.connections[0].execute("PRAGMA max_page_count=1000000")
        self.writer.retry()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.says("first").result(WAIT_S)
    yield made
    made.writer.close(give_up=True)


LONG = "x" * 50_000


def test_jobs_come_back_with_what_they_return_in_their_order(bench: Bench) -> None:
    futures = [bench.says(str(n)) for n in range(500)]
    assert [f.result(WAIT_S) for f in futures] == [str(n) for n in range(500)]
    assert bench.words() == ["first", *map(str, range(500))]
    assert bench.told == []
    bench.writer.submit(lambda _: None).result(WAIT_S)


def test_what_waits_together_is_committed_together(bench: Bench) -> None:
    commits = []
    bench.connections[0].set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    go = bench.stopped()
    futures = [bench.says(str(n)) for n in range(200)]
    assert bench.writer.pending() == 201
    go.set()
    for future in futures:
        future.result(WAIT_S)
    assert len(commits) == 2


def test_a_full_disk_is_told_once_and_nothing_is_lost_or_out_of_order(bench: Bench) -> None:
    bench.disk_full()
    futures = [bench.says(f"{n} {LONG}") for n in range(20)]
    bench.hears(1)
    for _ in range(3):
        bench.writer.retry()
    assert not any(f.done() for f in futures)
    assert bench.writer.pending() == 20
    assert bench.words() == ["first"]

    bench.disk_freed()
    assert [f.result(WAIT_S)[:2].strip() for f in futures] == [str(n) for n in range(20)]
    assert bench.words() == ["first", *(f"{n} {LONG}" for n in range(20))]
    (told, withdrawn) = bench.told
    assert told is not None
    assert told.startswith("Not saved: the disk is full.")
    assert withdrawn is None


def test_a_disk_that_reports_a_fault_is_waited_out_too(bench: Bench) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (bench.folder / f"{vault.FILE}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        future = bench.says(LONG)
        bench.hears(1)
        assert bench.words() == ["first"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    bench.writer.retry()
    assert future.result(WAIT_S) == LONG
    assert bench.words() == ["first", LONG]
    assert bench.told[0] is not None
    assert bench.told[0].startswith("Not saved: the disk reports a fault.")
    assert bench.told[-1] is None


def test_a_disk_that_answers_after_ten_seconds_is_told_meanwhile_and_saves_in_order(bench: Bench) -> None:
    go = bench.stopped()
    futures = [bench.says(text) for text in ("second", "third")]
    bench.writer.look(time.monotonic() + 1)
    assert bench.told == [], "a moment is no trouble"
    bench.writer.look(time.monotonic() + 10)
    bench.writer.look(time.monotonic() + 11)
    bench.hears(1)
    assert not any(each.done() for each in futures)
    go.set()
    assert [each.result(WAIT_S) for each in futures] == ["second", "third"]
    assert bench.words() == ["first", "second", "third"]
    (told, withdrawn) = bench.told
    assert told is not None
    assert told.startswith("Not saved yet: the disk has not answered")
    assert withdrawn is None
    bench.writer.look(time.monotonic() + 60)
    assert len(bench.told) == 2, "nothing waits any more"


def test_a_disk_that_became_read_only_is_waited_out(bench: Bench) -> None:
    bench.connections[0].execute("PRAGMA query_only=ON")
    future = bench.says("second")
    bench.hears(1)
    assert bench.words() == ["first"]
    assert not future.done()
    bench.connections[0].execute("PRAGMA query_only=OFF")
    bench.writer.retry()
    assert future.result(WAIT_S) == "second"
    assert bench.words() == ["first", "second"]
    assert bench.told[0] is not None
    assert bench.told[0].startswith("Not saved: the disk is read-only.")
    assert bench.told[-1] is None


def test_a_record_held_by_another_program_is_waited_for(bench: Bench) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_RECORD, bench.folder, KEY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout
    assert other.stdin
    assert other.stdout.readline() == b"held\n"
    future = bench.says("second")
    bench.hears(1)
    third = bench.says("third")
    assert not future.done()
    assert bench.words() == ["first"]
    other.communicate(b"\n", timeout=WAIT_S)
    bench.writer.retry()
    assert (future.result(WAIT_S), third.result(WAIT_S)) == ("second", "third")
    assert bench.words() == ["first", "second", "third"]
    assert bench.told[0] is not None
    assert bench.told[0].startswith("Not saved: another program holds the record.")
    assert bench.told[-1] is None
    assert len(bench.told) == 2


def test_a_commit_whose_answer_got_lost_is_harmless_for_a_job_that_may_run_twice(bench: Bench) -> None:
    """The commit reached the disk, then the disk reported a fault: the job runs again and must find its own work."""
    runs = []

    def job(connection: Connection) -> int:
        runs.append(1)
        connection.execute("INSERT OR IGNORE INTO word (n, text) VALUES (77, 'once')")
        if len(runs) == 1:
            connection.execute("COMMIT")
            raise vault.dbapi2.OperationalError("disk I/O error")
        return len(runs)

    assert bench.writer.submit(job).result(WAIT_S) == 2
    assert bench.words() == ["first", "once"]


def fails_with(error: BaseException) -> Callable[[Connection], Any]:
    def job(connection: Connection) -> None:
        connection.execute("INSERT INTO word (text) VALUES ('never')")
        raise error

    return job


@pytest.mark.parametrize(
    "error",
    [
        KnownError("No."),
        ValueError("x"),
        KeyError("x"),
        TypeError("x"),
        OverflowError("x"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x"),
        AssertionError("x"),
        AttributeError("x"),
        RuntimeError("x"),
        RecursionError("x"),
        vault.dbapi2.IntegrityError("x"),
        vault.dbapi2.ProgrammingError("x"),
        vault.dbapi2.InterfaceError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_job_that_fails_by_itself_fails_alone(bench: Bench, error: Exception) -> None:
    go = bench.stopped()
    before, bad, after = bench.says("before"), bench.writer.submit(fails_with(error)), bench.says("after")
    go.set()
    with pytest.raises(type(error)):
        bad.result(WAIT_S)
    assert (before.result(WAIT_S), after.result(WAIT_S)) == ("before", "after")
    assert bench.words() == ["first", "before", "after"]
    assert bench.says("later").result(WAIT_S) == "later"
    assert bench.told == []


def test_a_value_the_record_cannot_hold_fails_alone(bench: Bench) -> None:
    bad = bench.writer.submit(lambda c: c.execute("INSERT INTO word (text) VALUES (?)", (object(),)))
    with pytest.raises(vault.dbapi2.Error):
        bad.result(WAIT_S)
    assert bench.says("later").result(WAIT_S) == "later"


def test_a_job_nobody_waits_for_any_more_does_not_stop_the_others(bench: Bench) -> None:
    go = bench.stopped()
    cancelled, after = bench.says("given up"), bench.says("after")
    cancelled.cancel()
    go.set()
    assert after.result(WAIT_S) == "after"
    assert bench.says("later").result(WAIT_S) == "later"


def refuses(bench: Bench) -> bool:
    """Whether the writer is closing; when it is not yet, it has one word more."""
    try:
        bench.says("too late")
    except KnownError:
        return True
    return False


def test_closing_waits_until_all_is_on_the_disk(bench: Bench) -> None:
    go = bench.stopped()
    futures = [bench.says(str(n)) for n in range(600)]
    closing = threading.Thread(target=bench.writer.close)
    closing.start()
    too_late = 0
    while not refuses(bench):
        too_late += 1
    go.set()
    closing.join(WAIT_S)
    assert not closing.is_alive()
    assert [f.result(0) for f in futures] == [str(n) for n in range(600)]
    assert bench.words() == ["first", *map(str, range(600)), *["too late"] * too_late]


def test_what_a_finished_job_sets_off_is_written_before_the_end(bench: Bench) -> None:
    go = bench.stopped()
    second: list[Future[str]] = []
    bench.says("one").add_done_callback(lambda _: second.append(bench.says("two")))
    closing = threading.Thread(target=bench.writer.close)
    closing.start()
    go.set()
    closing.join(WAIT_S)
    assert bench.words() == ["first", "one", "two"]


def test_closing_on_a_full_disk_waits_for_space(bench: Bench) -> None:
    bench.disk_full()
    future = bench.says(LONG)
    bench.hears(1)
    closing = threading.Thread(target=bench.writer.close)
    closing.start()
    bench.disk_freed()
    closing.join(WAIT_S)
    assert future.result(0) == LONG


def test_giving_up_fails_what_the_disk_refuses_and_says_that_it_is_lost(bench: Bench) -> None:
    bench.disk_full()
    futures = [bench.says(f"{n} {LONG}") for n in range(3)]
    bench.hears(1)
    bench.writer.close(give_up=True)
    for future in futures:
        with pytest.raises(KnownError) as told:
            future.result(0)
        assert str(told.value).startswith("Not saved: the disk is full.")
        assert "as soon as" not in str(told.value)
    assert bench.words() == ["first"]
    with pytest.raises(KnownError, match="Open KapDesk again"):
        bench.says("more")


def test_giving_up_still_writes_what_the_disk_takes(bench: Bench) -> None:
    go = bench.stopped()
    futures = [bench.says(str(n)) for n in range(10)]
    closing = threading.Thread(target=bench.writer.close, kwargs={"give_up": True})
    closing.start()
    go.set()
    closing.join(WAIT_S)
    assert [f.result(0) for f in futures] == [str(n) for n in range(10)]


def test_a_record_that_cannot_be_opened_by_the_writer_is_told_and_not_waited_for_in_vain(tmp_path: Path) -> None:
    def connect() -> Connection:
        raise KnownError("The record cannot be reached.")

    with pytest.raises(KnownError):
        Writer(connect).submit(lambda _: None).result(WAIT_S / 10)


def test_a_listener_that_fails_does_not_end_the_saving(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> None:
        raise RuntimeError("the window is gone")

    vault.create(tmp_path)
    told: list[str | None] = []
    writer = Writer(lambda: vault.connect(tmp_path, KEY, check_same_thread=False), told.append, refuse)
    for n in (1, 2):
        assert writer.submit(lambda connection, n=n: n).result(WAIT_S) == n  # type: ignore[misc]
    writer.close()
    assert "the window is gone" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_ends_by_what_nobody_expected_is_told_and_nothing_looks_kept_after_it(bench: Bench) -> None:
    deadly = bench.writer.submit(fails_with(SystemExit()))
    bench.hears(1)
    bench.writer._thread.join(WAIT_S)
    after = bench.says("after")
    bench.writer.look(time.monotonic())
    bench.writer.look(time.monotonic() + 60)
    (told,) = bench.told
    assert told is not None
    assert re.match(r"Nothing more is being saved since \d\d:\d\d\. ", told)
    assert not deadly.done()
    assert not after.done()
    assert bench.writer.pending() == 2
    assert bench.words() == ["first"]

    bench.writer.close()
    for each in (deadly, after):
        with pytest.raises(KnownError, match="closed before it could be saved"):
            each.result(0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_waits_for_space_is_held_when_looking_for_space_ends_the_writer(tmp_path: Path) -> None:
    def no_room() -> bool:
        raise RuntimeError("a fault in KapDesk")

    bench = Bench(tmp_path, no_room)
    bench.says("first").result(WAIT_S)
    bench.disk_full()
    future = bench.says(LONG)
    bench.hears(2)
    assert bench.told[-1] is not None
    assert bench.told[-1].startswith("Nothing more is being saved since")
    assert not future.done()
    bench.writer.close(give_up=True)
    with pytest.raises(KnownError):
        future.result(0)


def test_a_writer_that_was_closed_is_not_told_as_dead(bench: Bench) -> None:
    bench.writer.close()
    bench.writer.look(time.monotonic())
    assert bench.told == []
