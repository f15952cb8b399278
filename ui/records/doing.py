"""The morning tray at work: read off the core's thread, shown to those who may do it, and each row's one action."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QTimer

from kapdesk.errors import KnownError
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clinic.tray import Task, What
    from ui.desk import Desk
    from ui.records.tray import TrayLine, TrayPanel

SOON_MS = 400
"""After a page is shown, so that its own rows come first; and of what comes meanwhile once is enough."""


class Doing:
    """One reading for the panel on the records' page and the line on the first page. `open_` goes to a visit, `send`
    to its observation summary, `patient` to a patient's page."""

    def __init__(
        self,
        desk: "Desk",
        panel: "TrayPanel",
        line: "TrayLine",
        open_: Callable[[UUID], None],
        send: Callable[[UUID], None],
        patient: Callable[[UUID], None],
    ) -> None:
        self._desk, self._panel, self._line = desk, panel, line
        self._open, self._send, self._patient = open_, send, patient
        self._tasks: tuple[Task, ...] = ()
        self._read = self._newest = False
        self._soon = QTimer(panel, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look)
        panel.chosen.connect(self._do)
        desk.clinic.filing.told = self._changed
        self._listener: Callable[[], None] = lambda: None
        desk.clinic.papers.listen(self._told)

    def look(self) -> None:
        """Read anew, in a moment."""
        self._newest = False
        self._soon.start()

    def listen(self, listener: Callable[[], None]) -> None:
        """Be told when a paper was filed, kept, or could not be."""
        self._listener = listener

    def stop(self) -> None:
        """The clinic is about to be closed."""
        self._soon.stop()
        self._desk.clinic.papers.forget(self._told)

    def show(self) -> None:
        """What was read, as it stands today, for whoever is at the desk."""
        if not self._read:
            return
        clinic = self._desk.clinic
        today = clinic.today()
        tasks = tuple(task for task in self._tasks if self._may(task.what))
        self._line.display(tasks, today)
        if tasks or self._may("sign") or self._may("file"):
            surely = self._newest and clinic.papers.idle()
            self._panel.display(tasks, today, clinic.filing.state().trouble, surely)
        else:
            self._panel.hide()

    def _look(self) -> None:
        from kapdesk.clinic import tray

        clinic = self._desk.clinic
        clinic.soon(lambda: tray.read(clinic)).add_done_callback(lambda done: clinic.post(lambda: self._came(done)))

    def _came(self, done: "Future[tuple[Task, ...]]") -> None:
        if (error := done.exception()) is not None:
            self._panel.show()
            self._panel.refuse(sentence_of(error))
            return
        self._tasks, self._read, self._newest = done.result(), True, not self._soon.isActive()
        self.show()

    def _told(self, session: UUID) -> None:
        self._changed()

    def _changed(self) -> None:
        self.look()
        self._listener()

    def _may(self, what: "What") -> bool:
        from kapdesk.clinic.tray import NEEDS

        try:
            for act in NEEDS[what]:
                self._desk.require(act)
        except KnownError:
            return False
        return True

    def _do(self, task: "Task") -> None:
        if task.what == "file":
            self._desk.clinic.filing.ask()
            self._desk.clinic.filing.tick()
        elif task.what == "follow up" or task.session is None:
            self._patient(task.patient)
        elif task.what == "send":
            self._send(task.session)
        else:
            self._open(task.session)
