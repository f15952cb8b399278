"""Keeps the computer and its screen awake while a session runs."""

import threading
from collections.abc import Callable


class Awake:
    """Holds the desktop's sleep and screen saver off. `told` is called, on another thread, with whether that worked."""

    def __init__(self, told: Callable[[bool], None]) -> None:
        self._told = told
        self._over: threading.Event | None = None

    def hold(self, wanted: bool) -> None:
        """Stay awake from now on, or no longer."""
        if wanted == (self._over is not None):
            return
        if self._over is not None:
            self._over.set()
            self._over = None
            return
        self._over = threading.Event()
        threading.Thread(target=self._hold, args=(self._over,), name="awake", daemon=True).start()

    def _hold(self, over: threading.Event) -> None:
        from wakepy import keep  # here, because it asks the desktop's services, which may be slow to answer

        with keep.presenting(on_fail="pass") as mode:
            if not over.is_set():
                self._told(bool(mode.active))
            over.wait()
