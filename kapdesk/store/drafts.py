"""Half-typed text, kept encrypted until it is recorded, so that no crash loses a sentence."""

import threading
from concurrent.futures import Future

import msgspec

from kapdesk.store.log import SqlLog
from kapdesk.store.statements import KEEP_DRAFT
from kapdesk.store.vault import Connection

DRAFTS = "SELECT key, text, first_key_us FROM draft"


class Draft(msgspec.Struct, frozen=True):
    """Text in an editor, named by `key`, and when its first key was pressed (desk time, UTC µs)."""

    key: str
    text: str
    first_key_us: int


class Drafts:
    """The drafts of one clinic folder. Only the newest text of an editor waits for the disk."""

    def __init__(self, log: SqlLog) -> None:
        self._log = log
        self._waiting: dict[str, Draft | None] = {}
        self._lock = threading.Lock()

    def keep(self, draft: Draft) -> None:
        """Keep a draft in place of the one with the same key. Returns at once."""
        keepable = draft.text.encode("utf-8", "replace").decode()  # an editor can hold half a character
        self._change(draft.key, msgspec.structs.replace(draft, text=keepable) if draft.text else None)

    def drop(self, key: str) -> None:
        """The text was recorded or given up."""
        self._change(key, None)

    def all(self) -> dict[str, Draft]:
        """The drafts on the disk, by key."""
        rows = self._log.select(DRAFTS)
        return {row[0]: Draft(*row) for row in rows}

    def _change(self, key: str, draft: Draft | None) -> None:
        with self._lock:
            idle = not self._waiting
            self._waiting[key] = draft
        if idle:
            self._write_soon()

    def _write_soon(self) -> None:
        self._log.writer.submit(self._write).add_done_callback(self._written)

    def _write(self, connection: Connection) -> dict[str, Draft | None]:
        with self._lock:
            waiting = dict(self._waiting)
        for key, draft in waiting.items():
            if draft is None:
                connection.execute("DELETE FROM draft WHERE key = ?", (key,))
            else:
                connection.execute(KEEP_DRAFT, (draft.key, draft.text, draft.first_key_us))
        return waiting

    def _written(self, done: "Future[dict[str, Draft | None]]") -> None:
        """On the disk: forget what was written, and write what has changed meanwhile."""
        if done.cancelled() or done.exception():
            with self._lock:
                self._waiting.clear()  # the next key press tries again
            return
        with self._lock:
            for key, draft in done.result().items():
                if self._waiting.get(key) is draft:
                    del self._waiting[key]
            more = bool(self._waiting)
        if more:
            self._write_soon()
