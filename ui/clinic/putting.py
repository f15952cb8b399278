"""The filing panel at work: a folder is looked at aside, for a disk may hang, and kept where it takes files."""

from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from kapdesk.clinic import filing
from kapdesk.errors import KnownError
from kapdesk.facts.filing import TrayDaysSet
from ui.saving import ask_folder
from ui.trace import sentence_of

if TYPE_CHECKING:
    from ui.clinic.filing import FilingPanel
    from ui.desk import Desk


class Putting:
    """What the panel shows and keeps."""

    def __init__(self, desk: "Desk", panel: "FilingPanel") -> None:
        self._desk, self._panel = desk, panel
        self._turn = 0
        panel.choosing.connect(lambda: ask_folder(panel, "The folder for signed notes", self.chosen))
        panel.kept.connect(self._keep)
        panel.days.connect(self._set_days)
        panel.again.connect(self._try)
        desk.ticked.connect(self._follow)

    def show(self) -> None:
        """As it is now."""
        state = self._desk.clinic.state
        chosen = state.filing
        folder, scheme = (chosen.folder, chosen.scheme) if chosen is not None else ("", "")
        self._panel.display(folder, scheme, state.tray_days, *self._said())

    def chosen(self, folder: Path) -> None:
        """This folder, in the field; kept when it is said."""
        self._panel.put_folder(str(folder))

    def _keep(self, folder: str, scheme: str) -> None:
        clinic, self._turn = self._desk.clinic, self._turn + 1
        turn = self._turn
        try:
            self._desk.require("settings")
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._panel.wait()

        looked = filing.aside(lambda: filing.prepared(clinic, folder, scheme))
        looked.add_done_callback(lambda done: clinic.post(lambda: self._looked(turn, folder, scheme, done)))

    def _looked(self, turn: int, folder: str, scheme: str, done: "Future[str]") -> None:
        if turn != self._turn:
            return
        if (error := done.exception()) is not None:
            self._panel.refuse(sentence_of(error))
            return
        try:
            self._desk.require("settings")
            recording = filing.choose(self._desk.clinic, folder, scheme, self._desk.actor)
        except KnownError as refused:
            self._panel.refuse(str(refused))
            return
        self._desk.when_kept(recording.kept, self.show)

    def _set_days(self, days: TrayDaysSet) -> None:
        try:
            self._desk.require("settings")
            recording = self._desk.clinic.recorder.record(days, self._desk.actor)
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._desk.when_kept(recording.kept, self.show)

    def _try(self) -> None:
        self._desk.clinic.filing.ask()
        self._desk.clinic.filing.tick()

    def _follow(self) -> None:
        if self._panel.isVisible():
            self._panel.show_state(*self._said())

    def _said(self) -> tuple[str, bool]:
        """How it stands, in words, and whether something waits."""
        clinic = self._desk.clinic
        if clinic.state.filing is None or not clinic.state.filing.folder:
            return "Nothing is filed yet: no folder is chosen.", False
        standing = clinic.filing.state()
        if not standing.trouble:
            return "All that is signed is filed." if clinic.filing.idle() else "Filing …", False
        many = f"{standing.waiting} note{'s' if standing.waiting != 1 else ''} " if standing.waiting else ""
        return f"{many}{standing.trouble}", True
