"""Reads a table of patients beside the window, and takes its lines in a few at a time, so that nothing waits for it."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from kapdesk.clinic.importing import Plan, Read, Taken, look, take_in
from kapdesk.errors import KnownError
from ui.saving import ask_which
from ui.trace import sentence_of

if TYPE_CHECKING:
    from ui.clinic.importing import ImportPanel
    from ui.desk import Desk


class Taking:
    """The panel at work. `content` is the file that was chosen, until it is put away or taken in; `taken` is called
    when patients came in, all of a table or those before a refusal."""

    def __init__(self, desk: "Desk", panel: "ImportPanel", taken: Callable[[], None]) -> None:
        self._desk, self._panel, self._taken = desk, panel, taken
        self._content = b""
        self._digest = ""
        panel.asked.connect(self._ask)
        panel.dated.connect(self._look)
        panel.taken.connect(self._take)
        panel.left.connect(self._put_away)

    def read(self, file: Path) -> None:
        """This file, as a dry run: nothing is recorded."""
        clinic = self._desk.clinic
        self._panel.busy(True)
        self._panel.tell(f"Reading {file.name} …")
        clinic.later(file.read_bytes).add_done_callback(lambda done: clinic.post(lambda: self._came(done)))

    def _ask(self) -> None:
        try:
            self._desk.require("read patient")
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        ask_which(self._panel, "A table of patients", "Tables (*.csv *.tsv *.txt)", self.read)

    def _came(self, done: "Future[bytes]") -> None:
        error = done.exception()
        if error is not None:
            self._failed(f"The file cannot be read ({getattr(error, 'strerror', None) or error}). Choose another.")
            return
        self._content = done.result()
        self._look(None)

    def _look(self, day_first: bool | None) -> None:
        """Held against everybody who is known now, beside the window: a long file takes seconds."""
        clinic, content = self._desk.clinic, self._content
        known, now_us = clinic.known(), clinic.clock.now().utc_us
        self._panel.busy(True)
        clinic.later(lambda: look(content, known, now_us, day_first)).add_done_callback(
            lambda done: clinic.post(lambda: self._looked(done))
        )

    def _looked(self, done: "Future[Plan]") -> None:
        if (error := done.exception()) is not None:
            self._failed(sentence_of(error))
            return
        self._panel.busy(False)
        self._digest = done.result().digest
        self._panel.display(done.result())

    def _failed(self, sentence: str) -> None:
        self._panel.busy(False)
        self._panel.display(None)
        self._panel.refuse(sentence)

    def _take(self, lines: tuple[Read, ...]) -> None:
        try:
            self._desk.require("read patient")
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._panel.busy(True)
        self._go_on(take_in(self._desk.clinic, lines, self._desk.actor, self._digest), 0, len(lines))

    def _go_on(self, rounds: "Iterator[Taken]", done: int, of: int) -> None:
        """One round; the next when its last entry is on the disk."""
        try:
            taken = next(rounds, None)
        except KnownError as error:
            self._panel.busy(False)
            self._panel.refuse(f"{error} {done} of {of} patients were taken in.")
            self._taken()
            return
        if taken is None:
            self._content = b""
            self._panel.busy(False)
            self._panel.display(None)
            self._panel.tell(f"{of} patients were taken in. They are under “Begin a session”.")
            self._taken()
            return
        gc.freeze()  # these stay while the clinic is open; searched each time for what may go, 20,000 hold the window
        self._panel.tell(f"{taken.lines} of {of} patients …")
        self._desk.when_kept(taken.last.kept, lambda: self._go_on(rounds, taken.lines, of))

    def _put_away(self) -> None:
        self._content = b""
        self._panel.display(None)
