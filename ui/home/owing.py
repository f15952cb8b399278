"""Looks, off the core's thread, which observation summaries are owed, and shows them to those who may see them."""

from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from kapdesk.errors import KnownError
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clinic.summary import Owed
    from ui.desk import Desk
    from ui.home.owed import OwedLines

SOON_MS = 300
"""After the first page is shown: its own rows come first."""


class Owing:
    """The lines at work. They name patients: nobody sees them who may not open the records and file what is sent."""

    def __init__(self, desk: "Desk", lines: "OwedLines") -> None:
        self._desk, self._lines = desk, lines
        self._owed: tuple[Owed, ...] = ()
        self._soon = QTimer(lines, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._read)

    def look(self) -> None:
        """Read anew, in a moment."""
        self._soon.start()

    def show(self) -> None:
        """What was read, as it stands today."""
        self._lines.display(self._owed if self._may() else (), self._desk.clinic.today())

    def stop(self) -> None:
        """The clinic is about to be closed."""
        self._soon.stop()

    def _read(self) -> None:
        from kapdesk.clinic import summary  # brings the paper along, which the first rows do without

        clinic = self._desk.clinic
        reading = clinic.later(lambda: summary.owed(clinic))
        reading.add_done_callback(lambda done: clinic.post(lambda: self._came(done)))

    def _came(self, done: "Future[tuple[Owed, ...]]") -> None:
        if (error := done.exception()) is not None:
            self._desk.failed.emit(sentence_of(error))
            return
        self._owed = done.result()
        self.show()

    def _may(self) -> bool:
        try:
            for act in ("read records", "file"):
                self._desk.require(act)
        except KnownError:
            return False
        return True
