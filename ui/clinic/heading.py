"""Keeps what was typed for the head of the clinic's papers: only what is new is recorded, and all of it or none."""

from typing import TYPE_CHECKING

from kapdesk.clinic import letterhead
from kapdesk.errors import KnownError
from ui.clinic.letterhead import Head, LetterheadPanel
from ui.home.people import Person

if TYPE_CHECKING:
    from ui.desk import Desk

KEPT = "The papers stand so from now on."


class Heading:
    """The panel of the letterhead, filled from the clinic's record and kept into it."""

    def __init__(self, desk: "Desk", panel: LetterheadPanel) -> None:
        self._desk, self._panel = desk, panel
        panel.kept.connect(self._keep)

    def show(self) -> None:
        """As it stands now."""
        state = self._desk.clinic.state
        people = [Person(id_, each.name, each.roles, each.credentials) for id_, each in state.staff.items()]
        self._panel.display(state.letterhead, people, state.licences, state.counted)

    def _keep(self, head: Head) -> None:
        try:
            self._desk.require("settings")
            recording = letterhead.keep(self._desk.clinic, head.lines, head.licences, head.minutes, self._desk.actor)
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        if recording is None:
            self._panel.tell(KEPT)
        else:
            self._desk.when_kept(recording.kept, self._kept)

    def _kept(self) -> None:
        self.show()
        self._panel.tell(KEPT)
