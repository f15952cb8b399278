"""The second copy of the record: every entry once more, each sealed by itself, on another disk where there is one.

A thread of its own reads what was committed and appends it, off the way of whoever waits for a note to be saved. Each
start begins a file of its own, so what stands is never written over; each file can be read without the others.
"""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
from sqlcipher3 import dbapi2
from uuid_utils.compat import uuid7

from kapdesk.errors import KnownError
from kapdesk.store.journal_file import SUFFIX, Line, Seal, sync_folder

logger = logging.getLogger(__name__)

GATHER_S = 0.05
RETRY_S = 2.0
LONGEST_CLOSE_S = 10.0
"""A second disk that hangs keeps nobody from closing: the record itself has every line."""
SLOW_S = 3.0
"""A disk that has not answered for so long hinders it, though it has not refused."""
AT_ONCE = 500

_SLOW = "its disk has not answered for some seconds"

Fetch = Callable[[int, int], Sequence[Line]]
"""The entries after a row, oldest first, so many at most."""


class State(msgspec.Struct, frozen=True):
    """How far the second copy is: rows that it lacks, and what hinders it ("" where nothing does)."""

    lacks: int = 0
    trouble: str = ""


class Journal:
    """Copies what is committed to the record. `wake` it after each commit; it never makes the writer wait.

    `row` is the last row that the journal has already; `path` is the file that is written to now. Where its disk
    refuses it goes on trying, says so in `state`, and catches up from the record itself.
    """

    def __init__(
        self,
        place: Path,
        clinic: UUID,
        database_key: str,
        fetch: Fetch,
        row: int,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.place = place
        self.path: Path | None = None
        self._fetch, self._row = fetch, row
        self._now_s = now_s
        self._begun_s: float | None = None  # when what is being written now was begun
        self._seal = Seal(clinic, database_key)
        self._file: int | None = None
        self._number = 0
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._waiting, self._closing = True, False
        self._state = State()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        """As of the last attempt; where that has not ended for some seconds, so much is said. Asks no disk."""
        state, begun_s = self._state, self._begun_s
        if begun_s is not None and not state.trouble and self._now_s() - begun_s > SLOW_S:
            return State(1, _SLOW)
        return state

    @property
    def running(self) -> bool:
        """Whether it still copies."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """Something was committed. Returns at once; called from any thread."""
        with self._changed:
            self._waiting = True
            self._changed.notify_all()

    def begin_anew(self) -> None:
        """Write to none of today's files any more: the next line begins another."""
        with self._writing:
            file, self._file = self._file, None
            if file is not None:
                os.close(file)

    def close(self, longest_s: float = LONGEST_CLOSE_S) -> None:
        """Copy what is left, then end; what the disk has not taken by then is copied at the next start."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(longest_s)

    def _run(self) -> None:
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting or self._closing)
                    self._changed.wait_for(lambda: self._closing, GATHER_S)  # what comes together is written together
                    self._waiting, last = False, self._closing
                self._copy()
                if last:
                    return
                if self._state.trouble:
                    with self._changed:
                        self._changed.wait_for(lambda: self._closing, RETRY_S)
                        self._waiting = True
        finally:
            self.begin_anew()

    def _copy(self) -> None:
        came: Sequence[Line] = ()
        try:
            while came := self._fetch(self._row, AT_ONCE):
                self._append(came)
                self._row = came[-1][0]
        except (OSError, dbapi2.Error, KnownError) as error:
            words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            if not self._state.trouble:
                logger.warning("The second copy is not being written: %s", words)
            self._state = State(max(1, len(came)), words)
        else:
            self._state = State()

    def _append(self, lines: Sequence[Line]) -> None:
        """One write and one sync for all; after a failure nothing of it stands."""
        self._begun_s = self._now_s()
        try:
            with self._writing:
                self._write(lines)
        finally:
            self._begun_s = None

    def _write(self, lines: Sequence[Line]) -> None:
        file = self._file if self._file is not None else self._begin()
        begun = os.lseek(file, 0, os.SEEK_END)
        content = b"".join(self._seal.frame(self._number + n, line) for n, line in enumerate(lines))
        try:
            while content:
                content = content[os.write(file, content) :]
            os.fsync(file)
        except OSError:
            self._file = None  # the next try begins a file of its own
            try:
                os.ftruncate(file, begun)
            finally:
                os.close(file)
            raise
        self._number += len(lines)

    def _begin(self) -> int:
        """A file of its own, with its head; where the disk refuses that, none is left."""
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.place / f"{uuid7().hex}{SUFFIX}"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            if os.write(file, self._seal.header) < len(self._seal.header):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync_folder(self.place)
        except OSError:
            os.close(file)
            path.unlink(missing_ok=True)
            raise
        self.path, self._file, self._number = path, file, 0
        return file
