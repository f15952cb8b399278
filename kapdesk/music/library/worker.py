"""The desk's end of the child process that hears files: gives it one job at a time, and outlives its crashes."""

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kapdesk.errors import KnownError

HANGS_S = 30.0
"""A child that has not come on by a tenth of a second's work for so long hangs at this file."""

CRASHED = "The decoder breaks off at this file: it is damaged in a way that nothing here can read. Leave it out."
HUNG = "The decoder comes to no end at this file. Leave it out, or try again where its drive was slow."
NO_CHILD = "Files cannot be measured now: the computer would not start what reads them. Everything else works."

_HOME = Path(__file__).resolve().parents[3]
_COMMAND = (sys.executable, "-m", "kapdesk.music.library.child")


class Cancelled(Exception):
    """Someone pressed Cancel."""


class Worker:
    """A child that works at low priority, started with the first job. Used by one thread; `cancel` from any.

    Every job ends: with what it found, with KnownError for this file, or with Cancelled.
    """

    def __init__(self, hangs_s: float = HANGS_S, command: tuple[str, ...] = _COMMAND) -> None:
        self._hangs_s = hangs_s
        self._command = command
        self._child: subprocess.Popen[str] | None = None
        self._said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._number = 0
        self._cancelled = threading.Event()

    def do(self, job: dict[str, Any], tell: Callable[[float], None] = lambda share: None) -> Any:
        """Have one job done; `tell` hears the share done. See child.py for the jobs."""
        if self._cancelled.is_set():
            raise Cancelled
        self._number += 1
        child = self._started()
        assert child.stdin is not None
        with contextlib.suppress(OSError):  # one that has just died is seen below
            child.stdin.write(json.dumps({"n": self._number, **job}) + "\n")
            child.stdin.flush()
        while True:
            try:
                line = self._said.get(timeout=self._hangs_s)
            except queue.Empty:
                self._end()
                raise KnownError(HUNG) from None
            if line is None:
                self._end()
                if self._cancelled.is_set():
                    raise Cancelled
                raise KnownError(CRASHED)
            answer = json.loads(line)
            if answer["n"] != self._number:
                continue
            if "share" in answer:
                tell(answer["share"])
            elif "trouble" in answer:
                raise KnownError(answer["trouble"])
            else:
                return answer["done"]

    def cancel(self) -> None:
        """End what is being done, at once; nothing is done any more."""
        self._cancelled.set()
        child = self._child
        if child is not None:
            child.kill()

    @property
    def cancelled(self) -> bool:
        """Whether someone pressed Cancel."""
        return self._cancelled.is_set()

    def close(self) -> None:
        """Let the child go."""
        self._end()

    def _started(self) -> "subprocess.Popen[str]":
        if self._child is not None:
            return self._child
        self._said = queue.SimpleQueue()
        try:
            child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="ascii", cwd=_HOME,
            )  # fmt: skip
        except OSError as error:
            raise KnownError(NO_CHILD) from error
        self._child = child
        threading.Thread(target=_listen, args=(child, self._said), name="library", daemon=True).start()
        if self._cancelled.is_set():
            child.kill()
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        with contextlib.suppress(OSError):
            if child.stdin is not None:
                child.stdin.close()


def _listen(child: "subprocess.Popen[str]", said: "queue.SimpleQueue[str | None]") -> None:
    assert child.stdout is not None
    with contextlib.suppress(ValueError, OSError):
        for line in child.stdout:
            said.put(line)
    said.put(None)
    child.stdout.close()
