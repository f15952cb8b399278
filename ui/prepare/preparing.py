"""From the first page to an opened session: who it is for, by which protocol, with which music."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic.music import planned
from kapdesk.clinical import protocol
from kapdesk.errors import KnownError
from kapdesk.facts.patient import PatientRegistered
from ui.desk import MOST_SESSIONS, Desk
from ui.prepare.offers import playlist_offers, protocol_offers
from ui.prepare.page import PreparePage, Wish

if TYPE_CHECKING:
    from kapdesk.clinic.room import Room


class Preparing:
    """The page at work. `opened` takes the room of the session that was opened; `say` is why none can be begun."""

    def __init__(
        self, desk: Desk, page: PreparePage, turn: Callable[[], None], opened: "Callable[[Room], None]"
    ) -> None:
        self.desk, self.prepare = desk, page
        self._turn, self._opened = turn, opened
        page.registered.connect(self._register)
        page.opened.connect(self._open)
        page.sheet_asked.connect(self._sheet)

    def begin(self, say: Callable[[str], None]) -> None:
        """Ask who it is for; or `say` why no session can be begun."""
        if len(self.desk.live) + len(self.desk.away) >= MOST_SESSIONS:
            say(f"{MOST_SESSIONS} sessions run already. End one first.")
            return
        if not self.desk.by:
            say("Choose first who is here: someone has to write.")
            return
        try:
            self.desk.require("read patient")
        except KnownError as error:
            say(str(error))
            return
        say("")
        self.offer()
        self._turn()
        self.prepare.begin()

    def offer(self) -> None:
        """The patients, protocols and playlists at hand, and how each playlist stands."""
        clinic, library = self.desk.clinic, self.desk.music.library
        self.prepare.display(clinic.known(), protocol_offers(clinic), playlist_offers(clinic.log.folder, library))

    def _register(self, patient: PatientRegistered) -> None:
        try:
            id_, recording = self.desk.clinic.register(patient, self.desk.actor)
        except KnownError as error:
            self.prepare.registration.refuse(str(error))
            return
        self.desk.when_kept(recording.kept, partial(self._registered, id_))

    def _registered(self, id_: UUID) -> None:
        self.prepare.display(self.desk.clinic.known())
        self.prepare.registration.clear()
        self.prepare.choose(id_)

    def _open(self, wish: Wish) -> None:
        clinic = self.desk.clinic
        try:
            toml = protocol.read(wish.protocol)[1] if wish.protocol is not None else ""
            music, rehearsal = planned(wish.playlist, self.desk.music.library), wish.rehearsal or None
            actor = self.desk.actor
            room = clinic.open_session(wish.patient, toml, music, actor, wish.chair, wish.visit, rehearsal)
            self.desk.come_in(room)
        except KnownError as error:
            self.prepare.refuse(str(error))
            return
        self._opened(room)

    def _sheet(self, plan: Path, patient: UUID | None) -> None:
        """A downtime sheet before the session; blank where no patient is chosen."""
        try:
            toml = protocol.read(plan)[1]
        except KnownError as error:
            self.prepare.refuse(str(error))
            return
        whose = self.desk.clinic.patient(patient) if patient is not None else None
        from ui.paper.sheet import offer_sheet

        offer_sheet(self.desk, toml, whose, self.prepare, self.prepare.refuse)
