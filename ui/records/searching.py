"""Looks for what the records page asks for, off the window's thread; of several answers the newest wins."""

from concurrent.futures import Future
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer

from kapdesk.clinic import finding
from kapdesk.clinic.finding import Filters, Page
from kapdesk.errors import KnownError
from ui.records.telling import Record, record_of
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.store.seeking import Place
    from ui.desk import Desk
    from ui.records.page import RecordsPage

AGAIN_MS, LATER_MS = 700, 5_000
"""While the index is being made anew the list is read again so often; else now and then, for others sign and file."""


class _Asked(msgspec.Struct, frozen=True):
    line: str
    filters: Filters
    after: "Place | None" = None
    again: bool = False


class Searching:
    """One question is on its way at a time; what is typed meanwhile is asked when it is back."""

    def __init__(self, desk: "Desk", page: "RecordsPage") -> None:
        self._desk, self._page = desk, page
        self._on_its_way: _Asked | None = None
        self._next: _Asked | None = None
        self._more: Place | None = None
        self._again = QTimer(page, singleShot=True)
        self._again.timeout.connect(self._look_again)
        page.sought.connect(self._look)
        page.more_asked.connect(self._go_on)

    def show(self) -> None:
        """The list as it is now, by what is looked for. Where whoever types may not, the page says so."""
        self._page.wait()
        try:
            self._desk.require("read records")
        except KnownError as error:
            self._next = None
            self._page.display((), 0, further=False)
            self._page.refuse(str(error))
            return
        self._look()

    def stop(self) -> None:
        """The clinic is about to be closed."""
        self._again.stop()

    def _look(self) -> None:
        self._ask(_Asked(self._page.line, self._page.filters))

    def refresh(self) -> None:
        """Something became of a paper: the rows that are shown say so soon."""
        self._again.start()

    def _look_again(self) -> None:
        if not self._page.isVisible():
            return  # it is read anew when someone turns to it
        if self._on_its_way is None:
            self._ask(_Asked(self._page.line, self._page.filters, again=True))

    def _go_on(self) -> None:
        here = self._on_its_way
        if self._more is not None and (here is None or here.again):  # else another list is about to come
            self._ask(_Asked(self._page.line, self._page.filters, self._more))

    def _ask(self, asked: _Asked) -> None:
        if self._on_its_way is not None:
            self._next = asked
            return
        try:
            self._desk.require("read records")
        except KnownError as error:
            self._page.display((), 0, further=False)
            self._page.refuse(str(error))
            return
        self._on_its_way, self._next = asked, None
        clinic = self._desk.clinic
        waits = clinic.filing.state().trouble
        reading = clinic.soon(lambda: self._read(asked, waits))
        reading.add_done_callback(lambda done: clinic.post(lambda: self._came(done)))

    def _read(self, asked: _Asked, waits: str) -> tuple[Page, tuple[Record, ...]]:
        """On the reading thread: what was found, and its words."""
        clinic = self._desk.clinic
        page = finding.find(clinic, asked.line, asked.filters, asked.after)
        now_us = clinic.clock.now().utc_us
        return page, tuple(record_of(hit, clinic.state, now_us, waits) for hit in page.hits)

    def _came(self, done: "Future[tuple[Page, tuple[Record, ...]]]") -> None:
        asked, self._on_its_way = self._on_its_way, None
        if self._next is not None:
            self._ask(self._next)  # what has just come is old
            return
        if asked is None:
            return
        self._again.start(LATER_MS)
        if (error := done.exception()) is not None:
            if asked.after is not None:
                self._page.add((), further=True)
            self._page.refuse(sentence_of(error))
            return
        page, records = done.result()
        if asked.after is not None:
            self._more = page.more
            self._page.add(records, page.more is not None)
            return
        show = self._page.refresh if asked.again else self._page.display
        if show(records, page.count, page.more is not None, page.left):
            self._more = page.more
        if page.trouble:
            self._page.refuse(page.trouble)
        if page.left:
            self._again.start(AGAIN_MS)
