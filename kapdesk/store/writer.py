"""The one thread that writes: jobs that wait together are committed together, and none is given up."""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlcipher3 import dbapi2

from kapdesk.errors import KnownError
from kapdesk.record.listeners import Listeners
from kapdesk.store.vault import Connection

logger = logging.getLogger(__name__)

T = TypeVar("T")
Job = Callable[[Connection], Any]
Trouble = Callable[[str | None], None]

RETRY_S = 1.0
SLOW_S = 3.0
"""What has not been answered for so long is told: someone should know before they look away."""
MOST_AT_ONCE = 256

_HELD = "What was entered is kept here and saved as soon as that is possible"
_LOST = "KapDesk was closed before it could be saved"
_DEAD = (
    "Nothing more is being saved since {}. What is entered from now on stands only on this screen: write it on paper "
    "too, then close KapDesk and open it again."
)
_SLOW = f"Not saved yet: the disk has not answered for some seconds. {_HELD}; check the disk."
_SENTENCES = {
    "SQLITE_FULL": f"Not saved: the disk is full. {_HELD}; free some space.",
    "SQLITE_BUSY": f"Not saved: another program holds the record. {_HELD}; close that program.",
    "SQLITE_LOCKED": f"Not saved: another program holds the record. {_HELD}; close that program.",
    "SQLITE_READONLY": f"Not saved: the disk is read-only. {_HELD}; check the disk.",
    "SQLITE_IOERR": f"Not saved: the disk reports a fault. {_HELD}; check the disk.",
    "SQLITE_CANTOPEN": f"Not saved: the record cannot be reached. {_HELD}; check the disk.",
}


class Writer:
    """Runs jobs in transactions on its own thread and connection, in the order they were handed in.

    A job's future resolves after its commit is on the disk. When the disk refuses (full, locked, read-only, faulty)
    the jobs are held and tried again every second, and `trouble` is told a plain sentence, then None when it is over.
    `committed` is told of every commit. `make_room` is asked where the disk is full, and says whether there is some
    now.
    A job that fails by itself fails alone. Should the thread itself end by what nobody expected, `trouble` is told for
    good, what is handed in is held as while the disk refuses, and fails at `close`.
    `connect` is called here, and its connection used on the writer's thread.
    Jobs must be harmless to run again after a rollback.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        trouble: Trouble = lambda sentence: None,
        committed: Callable[[], None] = lambda: None,
        make_room: Callable[[], bool] = lambda: False,
    ) -> None:
        self._connection, self._make_room = connect(), make_room
        self._trouble: Listeners[str | None] = Listeners()  # one that fails must not end this thread
        self._trouble.add(trouble)
        self._committed: Listeners[[]] = Listeners()
        self._committed.add(committed)
        self._waiting: deque[tuple[Job, Future[Any]]] = deque()
        self._batch: list[tuple[Job, Future[Any]]] = []
        self._held = 0
        self._changed = threading.Condition()
        self._closing = False
        self._giving_up = self._ended = False
        self._sentence: str | None = None
        self._asked_s = math.inf  # since when the disk has been asked, and has not answered
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T]) -> "Future[T]":
        """Hand in a job. Raises KnownError after `close`."""
        future: Future[T] = Future()
        with self._changed:
            # What a finished job hands in after it, on this thread, is still drained.
            if self._closing and threading.current_thread() is not self._thread:
                raise KnownError("Not saved: the record is being closed. Open KapDesk again.")
            self._waiting.append((job, future))
            self._changed.notify_all()
        return future

    def listen(self, committed: Callable[[], None]) -> None:
        """Be told of every commit from now on, on the writer's thread."""
        self._committed.add(committed)

    def pending(self) -> int:
        """How many jobs are not on the disk yet."""
        with self._changed:
            return len(self._waiting) + self._held

    def look(self, now_s: float) -> None:
        """To be called about once a second, with the monotonic time: says where the disk does not answer at all, or
        where nobody writes any more."""
        if not self._thread.is_alive():
            self._tell_of_the_end()
        with self._changed:
            if self._sentence is None and now_s - self._asked_s > SLOW_S:
                self._tell(_SLOW)

    def retry(self) -> None:
        """Try again at once."""
        with self._changed:
            self._changed.notify_all()

    def close(self, give_up: bool = False) -> None:
        """Wait until everything is on the disk, then end. With `give_up` what the disk still refuses fails instead."""
        with self._changed:
            self._closing = True
            self._giving_up = give_up
            self._changed.notify_all()
        self._thread.join()
        left = [each for each in (*self._batch, *self._waiting) if not each[1].done()]
        self._waiting.clear()
        self._fail(left, KnownError(f"Not saved: {_LOST}."))

    def _run(self) -> None:
        try:
            while (batch := self._next()) is not None:
                self._write(self._connection, batch)
                with self._changed:
                    self._batch, self._held = [], 0
        finally:  # whatever ended it, it goes on to the thread's own hook, which logs it
            self._tell_of_the_end()
            self._connection.close()

    def _tell_of_the_end(self) -> None:
        """Say it, unless this is the end that was asked for, with nothing left; what was said first stands."""
        with self._changed:
            if self._ended or (self._closing and not self._waiting and not self._held):
                return
            self._ended = True
            self._tell(_DEAD.format(time.strftime("%H:%M")))

    def _next(self) -> list[tuple[Job, Future[Any]]] | None:
        """What waits, as far as nobody has called it off; None when there is nothing more to come."""
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            if not self._waiting:
                return None
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
            self._held = len(batch)
            self._batch = [each for each in batch if each[1].set_running_or_notify_cancel()]
            return self._batch

    def _write(self, connection: Connection, batch: list[tuple[Job, Future[Any]]]) -> None:
        while batch:
            try:
                results = self._transact(connection, [job for job, _ in batch])
            except Exception as error:  # noqa: BLE001 -- a job's own fault must not stop the others, nor this thread
                if _is_the_disks(error):
                    if self._wait_out(error):
                        continue
                    self._fail(batch, KnownError(_sentence(error).replace(_HELD, _LOST)))
                    return
                self._one_by_one(connection, batch, error)
                return
            else:
                self._tell(None)
                for (_, future), result in zip(batch, results, strict=True):
                    future.set_result(result)
                self._committed.tell()
                return

    def _one_by_one(self, connection: Connection, batch: list[tuple[Job, "Future[Any]"]], error: BaseException) -> None:
        """One of several jobs failed by itself: find it, and let the others through."""
        if len(batch) == 1:
            self._tell(None)  # the disk did answer
            self._fail(batch, error)
            return
        for each in batch:
            self._write(connection, [each])

    def _transact(self, connection: Connection, jobs: list[Job]) -> list[Any]:
        self._asked_s = time.monotonic()
        try:
            connection.execute("BEGIN IMMEDIATE")
            results = [job(connection) for job in jobs]
            connection.execute("COMMIT")
            return results
        finally:
            self._asked_s = math.inf
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _wait_out(self, error: Exception) -> bool:
        """Wait for the next try; False when nobody waits for it any more."""
        self._tell(_sentence(error))
        if _name(error).startswith("SQLITE_FULL") and self._make_room():
            return True
        with self._changed:
            if not self._giving_up:
                self._changed.wait(RETRY_S)
            return not self._giving_up

    def _fail(self, batch: list[tuple[Job, "Future[Any]"]], error: BaseException) -> None:
        if not isinstance(error, KnownError):
            logger.error("A write failed by itself", exc_info=error)
        for _, future in batch:
            future.set_exception(error)

    def _tell(self, sentence: str | None) -> None:
        with self._changed:  # what is told last is how it is
            if sentence != self._sentence:
                self._sentence = sentence
                logger.warning("%s", sentence or "Saved again: the disk takes entries.")
                self._trouble.tell(sentence)


def _is_the_disks(error: Exception) -> bool:
    """Whether the database refused for a reason outside the job, which may pass."""
    jobs_own = dbapi2.IntegrityError | dbapi2.ProgrammingError | dbapi2.DataError
    return isinstance(error, dbapi2.DatabaseError) and not isinstance(error, jobs_own)


def _sentence(error: Exception) -> str:
    name = _name(error)
    for known, sentence in _SENTENCES.items():
        if name.startswith(known):
            return sentence
    return f"Not saved: the record reports “{error}”. {_HELD}; call for help if this stays."


def _name(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", "")) or _guess(str(error))


def _guess(text: str) -> str:
    words = {"full": "SQLITE_FULL", "locked": "SQLITE_BUSY", "readonly": "SQLITE_READONLY", "I/O": "SQLITE_IOERR"}
    return next((name for word, name in words.items() if word in text), "")
