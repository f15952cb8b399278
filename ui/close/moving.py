"""Moves a visit to the right patient: looks them up, asks the second person, and tells the record."""

from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from kapdesk.clinic import moving
from kapdesk.clinic.astray import Astray, astray
from kapdesk.errors import KnownError
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import may
from kapdesk.people.patient import Patient
from kapdesk.store import letters
from ui.close.whose import UNDECIDED, Agreeing, WhosePanel
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clinic.open import Line
    from ui.session.seat import Seat

MOST_OFFERED = 5
FEWEST_LETTERS = 2
"""A name is looked for from so many letters on: the list of all patients is nobody's to read here."""
DRAFT = "moving"


class Moving(QObject):
    """The panel of whose visit it is, at work in a seat."""

    def __init__(self, seat: "Seat", panel: WhosePanel) -> None:
        super().__init__(seat)
        self._seat, self._panel = seat, panel
        panel.looked.connect(self._look)
        panel.wanted.connect(self._prove)
        panel.new_asked.connect(self._begin_new)
        panel.registration.wanted.connect(self._register)
        panel.registration.known.connect(self._choose)
        panel.typed.connect(lambda text: seat.editors.type(DRAFT, text))
        panel.missing_asked.connect(lambda: seat.turned.emit("arrival"))

    def bring_back(self) -> None:
        """A reason that was half-typed when KapDesk last stopped."""
        if text := self._seat.editors.found(DRAFT):
            self._panel.bring_back(text)

    def _look(self, text: str) -> None:
        self._panel.ask_of(self._agreeing())
        self._panel.tell_astray(self._astray())
        if len(text.strip()) < FEWEST_LETTERS:
            self._panel.offer(())
            return
        found = [each for each in self._others() if letters.holds(text, f"{each.name} {each.called}")]
        found.sort(key=lambda each: each.name)
        self._panel.offer(tuple(found[:MOST_OFFERED]), len(found) > MOST_OFFERED)

    def _others(self) -> list[Patient]:
        own = self._seat.room.patient.id
        return [each for each in self._seat.desk.clinic.known() if each.id != own and each.registered]

    def _begin_new(self, name: str) -> None:
        """Who is like the new one is asked about, but for the one under whose name the visit stands by mistake."""
        self._panel.registration.start(self._others(), name)

    def _register(self, new: PatientRegistered) -> None:
        desk = self._seat.desk
        try:
            desk.require("read patient")
            id_, recording = desk.clinic.register(new, desk.actor)
        except KnownError as error:
            self._panel.registration.refuse(str(error))
            return
        desk.when_kept(recording.kept, lambda: self._registered(id_))

    def _registered(self, id_: UUID) -> None:
        self._panel.registration.clear()
        self._choose(id_)

    def _choose(self, id_: UUID) -> None:
        self._panel.choose(self._seat.desk.clinic.patient(id_))

    def _astray(self) -> tuple[Astray, ...]:
        room = self._seat.room
        own = self._seat.desk.clinic.patients.get(room.patient.id)
        return astray(room.session, own) if own is not None else ()

    def _agreeing(self) -> tuple[Agreeing, ...]:
        """Who may agree and can show who they are: by a PIN of today or a password."""
        desk = self._seat.desk
        here, pins = (desk.actor.by, desk.actor.entered_by), desk.presence.with_pin()
        return tuple(
            Agreeing(id_, each.name)
            for id_, each in desk.clinic.state.staff.items()
            if id_ not in here
            and may(each.roles, "agree to erase")
            and (id_ in pins or desk.clinic.ring.has_account(id_))
        )

    def _prove(self, to: UUID, reason: str, who: str, secret: str, struck: tuple[UUID, ...]) -> None:
        """Whoever types has shown a password; now who agrees shows who they are."""
        desk = self._seat.desk
        clinic = desk.clinic
        try:
            desk.require("sign")
        except KnownError as error:
            self._panel.refuse(f"{error} Nothing was moved.")
            return
        self._panel.busy(True)
        by_pin = secret.isdigit() and who in desk.presence.with_pin()
        name = clinic.state.name_of(who)
        proof = desk.presence.by_pin(who, secret, "witness") if by_pin else desk.presence.by_password(name, secret)
        proof.add_done_callback(lambda done: clinic.post(lambda: self._proved(done, to, reason, struck)))

    def _proved(self, done: "Future[str]", to: UUID, reason: str, struck: tuple[UUID, ...]) -> None:
        clinic = self._seat.desk.clinic
        if (error := done.exception()) is not None:
            self._panel.refuse(f"{sentence_of(error)} Nothing was moved.")
            return
        agreed_by = done.result()
        visit = self._seat.room.id
        clinic.later(lambda: [clinic.visit(visit), *clinic.visits_of(to)]).add_done_callback(
            lambda read: clinic.post(lambda: self._move(read, to, reason, agreed_by, struck))
        )

    def _move(
        self, read: "Future[list[Line]]", to: UUID, reason: str, agreed_by: str, struck: tuple[UUID, ...]
    ) -> None:
        seat, desk = self._seat, self._seat.desk
        if (error := read.exception()) is not None:
            self._panel.refuse(f"{sentence_of(error)} Nothing was moved.")
            return
        try:
            desk.require("sign")  # whoever typed may have gone meanwhile
            visits, lost = read.result(), self._astray()
            if lost != self._panel.lost:  # written while who agrees was asked for their PIN
                self._panel.tell_astray(lost)
                raise KnownError(UNDECIDED)
            said = moving.move(desk.clinic, seat.room.id, to, reason, desk.actor, agreed_by, visits, struck)
        except KnownError as refused:
            self._panel.refuse(str(refused))
            return
        self._panel.taken()
        desk.when_kept(said[0].kept, lambda: seat.editors.drop(DRAFT, reason.strip()))
