"""An open clinic as the tests work in it: the desk, its computer, and the thread of its core."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.room import Room
from kapdesk.clock import Clock
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import Actor, Role
from kapdesk.facts.session import Cleared, DoseGiven, MusicPlanned, PatientArrived
from kapdesk.record.recorder import Recording
from tests.fakes import Computer
from tests.keys import opened
from tests.plain import PLAIN, approve

PATIENCE_S = 20.0


class Desk:
    """An open clinic and the thread of its core, as the window has them."""

    def __init__(self, folder: Path, computer: Computer) -> None:
        self.folder, self.computer = folder, computer
        self.told: list[str | None] = []
        self.inbox = Inbox()
        self.clinic = OpenClinic(opened(folder), self.inbox.post, Clock(computer), self.told.append)

    def until(self, done: Callable[[], bool]) -> None:
        """Let the core work until `done()` holds."""
        assert self.inbox.run_until(done, PATIENCE_S, 0.002), "it did not come about in time"

    def settle(self) -> None:
        """Let the core work until all that was handed in, and what that set off, is on the disk and told."""
        at_rest = 0
        while at_rest < 2:
            done: list[bool] = []
            barrier = self.clinic.log.writer.submit(lambda _: None)
            barrier.add_done_callback(lambda _, done=done: self.inbox.post(lambda: done.append(True)))
            self.until(lambda done=done: bool(done))
            at_rest = at_rest + 1 if self.clinic.drained() else 0

    def pass_(self, minutes: float) -> None:
        self.computer.pass_(minutes * 60)
        self.clinic.tick()
        self.settle()

    def person(self, name: str = "Sample Nurse One", *roles: Role) -> Actor:
        id_, recording = self.clinic.add_person(name, roles or ("medical staff",))
        self.kept(recording)
        return Actor(id_, id_)

    def patient(self, actor: Actor, name: str = "Sample Patient A", born_on: str = "1980-01-01") -> UUID:
        id_, recording = self.clinic.register(PatientRegistered(name, born_on), actor)
        self.kept(recording)
        return id_

    def kept(self, recording: Recording) -> Recording:
        """Wait until it is on the disk and everyone was told."""
        self.until(recording.kept.done)
        recording.kept.result()
        self.settle()
        return recording

    def room(self, actor: Actor | None = None, patient: UUID | None = None, toml: str = PLAIN) -> Room:
        """A session just opened."""
        actor = actor or self.person()
        approve(self.clinic, toml)
        self.settle()
        room = self.clinic.open_session(patient or self.patient(actor), toml, MusicPlanned("sample", ()), actor)
        self.settle()
        return room

    def dosed(self, room: Room) -> Room:
        """Arrived, cleared ten minutes later, and the first dose given a minute after."""
        self.kept(room.record(PatientArrived()))
        self.pass_(10)
        self.kept(room.record(Cleared()))
        self.pass_(1)
        self.kept(room.record(DoseGiven("ketamine", 50_000, "im")))
        return room

    def close(self) -> None:
        self.clinic.close(give_up=True)
