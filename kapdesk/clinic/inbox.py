"""The core's own thread, where there is no window: other threads hand over calls, this one runs them."""

import queue
import time
from collections.abc import Callable


class Inbox:
    """Calls from other threads, run in order by whoever calls `run_until`."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, call: Callable[[], None]) -> None:
        """Hand over a call, from any thread."""
        self._calls.put(call)

    def run_until(self, done: Callable[[], bool], timeout_s: float, step_s: float = 0.02) -> bool:
        """Run calls until `done()` holds, asked after each call and each step; False when the time is up before."""
        deadline = time.monotonic() + timeout_s
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            try:
                self._calls.get(timeout=min(step_s, left))()
            except queue.Empty:
                continue
        return True
