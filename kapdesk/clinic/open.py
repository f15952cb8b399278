"""Opening a clinic folder, and what is at hand while it is open."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import TypeVar, get_args
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from kapdesk.clinic import running
from kapdesk.clinic.backups import Backups, Safety
from kapdesk.clinic.filing import Filing
from kapdesk.clinic.judges import possible
from kapdesk.clinic.keyring import Keyring
from kapdesk.clinic.listed import READING
from kapdesk.clinic.moving import of_move
from kapdesk.clinic.own_record import in_clinic
from kapdesk.clinic.papers import SignedPapers
from kapdesk.clinic.patients import WITHDRAWN, of_record
from kapdesk.clinic.roles import permitted, require
from kapdesk.clinic.room import Room
from kapdesk.clinic.rules import by_the_protocol
from kapdesk.clinic.signing import of_signatures
from kapdesk.clinic.unfinished import Unfinished
from kapdesk.clinic.visits import SHOWN, Whose
from kapdesk.clinic.watch import Watch, look_through
from kapdesk.clinical import protocol
from kapdesk.clock import NOTICEABLE_MS, Clock, local
from kapdesk.errors import KnownError
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.clinic import ClockMoved, HeadsKept, PersonAdded
from kapdesk.facts.entry import Entry, Stream
from kapdesk.facts.fact import Fact
from kapdesk.facts.papers import PaperKept
from kapdesk.facts.patient import PatientFact, PatientRegistered
from kapdesk.facts.people import ITSELF, Act, Actor, Role
from kapdesk.facts.session import (
    AddendumWritten,
    Ended,
    Locked,
    MusicPlanned,
    ProtocolChosen,
    UpTo,
    VisitOpened,
    WallClockMoved,
)
from kapdesk.facts.words import Visit
from kapdesk.people import clinic as clinic_fold
from kapdesk.people import merging
from kapdesk.people import patient as patient_fold
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import happening, read
from kapdesk.record.log import Adoption, Kept
from kapdesk.record.recorder import Post, Recorder, Recording
from kapdesk.session import state as session_fold
from kapdesk.session.state import Session
from kapdesk.store import places, second
from kapdesk.store.check import Checked
from kapdesk.store.drafts import Drafts
from kapdesk.store.index import Index
from kapdesk.store.log import SqlLog

T = TypeVar("T")

_OF_PATIENTS = [str(kind.__struct_config__.tag) for kind in get_args(PatientFact)]
"""Every kind of fact a patient is folded from."""


class Line(msgspec.Struct, frozen=True):
    """One visit in the records list."""

    id: UUID
    patient: Patient
    session: Session


class OpenClinic:
    """A clinic folder that is open: its people, patients and sessions.

    All methods are called on the core's thread; `post` brings calls back to it. `trouble` is told on that thread when
    entries cannot be saved, and None when they could.
    """

    def __init__(
        self,
        ring: Keyring,
        post: Post,
        clock: Clock | None = None,
        trouble: Callable[[str | None], None] = lambda sentence: None,
    ) -> None:
        folder, own = ring.folder, ring.own
        self.ring = ring
        self.clock = clock or Clock()
        self.post = post
        self.places = places.read(folder)
        self.log = SqlLog(folder, own, lambda sentence: post(lambda: trouble(sentence)))
        try:
            second.take_up(self.log, self.places.folders(folder, own.clinic, places.JOURNAL))
        except KnownError:
            self.log.close()
            raise
        self.drafts = Drafts(self.log)
        self.rooms: dict[UUID, Room] = {}
        self.timed: set[UUID] = set()
        """The sessions by whose time the desk goes."""
        self.unfinished = Unfinished(self)
        self._running = self.said_to_run = running.read(folder)
        """So many sessions ran when KapDesk last stopped."""
        self._later, self._soon = ThreadPoolExecutor(1, "reading"), ThreadPoolExecutor(1, "finding")
        self.state: Clinic = clinic_fold.fold(map(read, self.log.read(self._stream)))
        if self.state.founded is None:
            self.log.close()
            raise KnownError(
                f"{folder} has keys, but its record is empty. Nothing was changed; put the record back from a copy."
            )
        self.recorder = Recorder(self._stream, self.log, self.clock, lambda: self.state, [in_clinic], post)
        self.recorder.listen(self._evolve_clinic)
        self.patients: dict[UUID, Patient] = {}
        """The records, each by itself; who is read together from several is told by `patient` and `known`."""
        self._heads: dict[UUID, UUID] = {}
        self.whose = Whose(self.log)
        self.index = Index(self.log, READING)
        self.take_patients(self._read_patients())
        self.backups = Backups(self.log, self.places, self.clock)
        self.watch = Watch(self)
        self.papers = SignedPapers(self)
        self.filing = Filing(self, self.papers.read)

    @property
    def stations(self) -> dict[str, str]:
        """The public key of each station of this clinic."""
        return {id_: station.public_key for id_, station in self.state.stations.items()}

    def later(self, work: Callable[[], T]) -> "Future[T]":
        """Do some reading off the core's thread."""
        return self._later.submit(work)

    def soon(self, work: Callable[[], T]) -> "Future[T]":
        """Do some quick reading of the index off the core's thread; it waits for nothing that takes long."""
        return self._soon.submit(work)

    def tick(self) -> None:
        """To be called about once a second: what happened to the computer's clocks goes on record in every session."""
        events = self.clock.watch()
        if events:
            self._settle_clock()
        for event in events:
            if event.kind == "moved":
                self.recorder.record(ClockMoved(event.by_ms), ITSELF)
        for room in self._live():
            room.tell_clock(events)
        if (count := len(self._live()) + len(self.unfinished.patients)) != self._running:
            self._running = count
            self.later(lambda: running.write(self.log.folder, count))
        self.backups.tick()
        self.papers.tick()
        self.filing.tick()
        self.log.writer.look(time.monotonic())

    def add_person(self, name: str, roles: tuple[Role, ...], credentials: str = "") -> tuple[str, Recording]:
        """Someone of the staff, and their id. Until `open_account` they can be in the room, but not sign in."""
        if not name.strip():
            raise KnownError("The name is missing. Type the name as it should stand on the note.")
        if any(person.name.casefold() == name.strip().casefold() for person in self.state.people.values()):
            raise KnownError(f"{name.strip()} is on the list already. Choose that name, or add a second initial.")
        id_ = str(uuid7())
        return id_, self.recorder.record(PersonAdded(id_, name.strip(), roles, credentials.strip()), ITSELF)

    def require(self, person: str, act: Act) -> None:
        """Raises KnownError where someone's roles do not let them do this."""
        require(self.state, person, act)

    def register(self, patient: PatientRegistered, actor: Actor, id_: UUID | None = None) -> tuple[UUID, Recording]:
        """A new patient, and their id. The caller has asked about those who are `alike`."""
        id_ = id_ or uuid7()
        return id_, self.patient_recorder(id_).record(patient, actor)

    def patient(self, id_: UUID) -> Patient:
        """The patient whose record this is, read together with what was merged with it."""
        return merging.together(self.patients, id_, self._heads)

    def known(self) -> list[Patient]:
        """Every patient once, but for those whose registration was taken back."""
        return [patient for patient in self.kept() if not patient.withdrawn]

    def kept(self) -> list[Patient]:
        """Everybody of whom a record is kept, once: those too whose registration was taken back."""
        return merging.whole(self.patients.copy(), self._heads)

    def visited(self, patient: UUID) -> bool:
        """Whether a visit was ever opened under this record, or moved there."""
        here = (each.id for room in list(self.rooms.values()) for each in room.patient.records)
        return patient in here or bool(self.whose.of((patient,)))

    def take_patients(self, records: dict[UUID, Patient]) -> None:
        """These are the records from now on."""
        self.patients, self._heads = records, merging.heads(records)

    def patient_recorder(self, id_: UUID) -> Recorder:
        """Records what is known of a patient outside their visits."""
        judges = [
            permitted(lambda: self.state, "patient"),
            of_record(lambda: self.state, self.patient, self.visited),
        ]
        recorder = Recorder(
            Stream("patient", str(id_)),
            self.log,
            self.clock,
            lambda: self.patients.get(id_) or Patient(id_),
            judges,
            self.post,
        )
        recorder.listen(lambda entry, fact: self._evolve_patient(id_, entry, fact))
        return recorder

    def open_session(
        self,
        patient: UUID,
        protocol_toml: str,
        music: MusicPlanned,
        actor: Actor,
        chair: str = "",
        visit: Visit = "dosing",
        rehearsal: bool | None = None,
    ) -> Room:
        """Open a visit and its room. In a demo clinic every visit is a rehearsal.

        A dosing visit goes by a protocol that a prescriber approved, word for word; the others need none ("").
        """
        founded = self.state.founded
        if founded is None:
            raise KnownError("This clinic has no name yet. Set it up first.")
        patient = self.patient(patient).id
        self._require_free(patient)
        plan = protocol.parse(protocol_toml) if protocol_toml or visit == "dosing" else None
        rehearsal = founded.demo if rehearsal is None else rehearsal or founded.demo
        approved = protocol.sha256(protocol_toml) in self.state.approved
        if visit == "dosing" and plan is not None and not (rehearsal or approved):
            raise KnownError(
                f"“{plan.name}” is not approved yet. Ask your prescriber to approve it before a patient (The clinic, "
                "Protocols), or open the session as a rehearsal."
            )
        self._settle_clock()
        room = self._room(uuid7(), self.patient(patient), Session())
        room.by = actor
        try:
            room.record(VisitOpened(visit, patient, rehearsal, founded.time_zone, founded.paper, chair))
        except KnownError:
            self.leave(room)
            raise
        self.timed.add(room.id)
        if plan is not None:
            room.record(ProtocolChosen(protocol_toml, protocol.sha256(protocol_toml)))
        room.record(music)
        wall_ahead_ms = self.wall_ahead_ms()
        if abs(wall_ahead_ms) >= NOTICEABLE_MS:
            room.record(WallClockMoved(wall_ahead_ms), actor=ITSELF)
        return room

    def _require_free(self, patient: UUID) -> None:
        """Raises KnownError where no visit of a patient can be opened now."""
        if self.unfinished.asks:
            raise KnownError("Say first, at the session that is waiting, how long the computer was away.")
        waiting = {self.patient(each).id for each in self.unfinished.patients}
        if any(room.patient.id == patient for room in self._live()) or patient in waiting:
            raise KnownError(f"{self.patients[patient].called} has a session running already. Go on with that one.")
        if patient not in self.patients:
            raise KnownError("The patient's registration is not saved yet. Wait a moment and try again.")
        if self.patient(patient).withdrawn:
            raise KnownError(f"{WITHDRAWN} No session was opened; register them, or put the import back.")

    def adopt(self, entries: Sequence[Kept]) -> "Future[Adoption]":
        """Take in entries of this clinic's other stations; everything at hand is read anew when they are kept."""
        adoption = self.log.adopt(entries, self.stations)
        adoption.add_done_callback(lambda done: self.post(self._read_anew))
        return adoption

    def _read_anew(self) -> None:
        self.state = clinic_fold.fold(map(read, self.log.read(self._stream)))
        self.whose.read_anew()
        self.filing.papers.read_anew()
        self.take_patients(self._read_patients())
        for room in list(self.rooms.values()):
            session = self.session(room.id)
            room.patient = self._whose(room, session)
            room.take(session)

    def leave(self, room: Room) -> None:
        """Put a room away; its session stays on record as it is."""
        self.rooms.pop(room.id, None)

    def today(self) -> date:
        """The day it is where the clinic is."""
        return local(self.clock.now().utc_us, self.state.zone).date()

    def visit(self, id_: UUID) -> Line:
        """One visit, read from the record."""
        return Line(id_, self._patient_of(id_), self.session(id_))

    def room_of(self, id_: UUID) -> Room:
        """The room of a visit, opened again if it is not: to close it, to lock it, to add to it."""
        return self.rooms.get(id_) or self._room(id_, self._patient_of(id_), self.session(id_))

    def signing(self, room: Room) -> Locked:
        """What signs a visit: it says what of the visit, the patient and the clinic stood before the one who signs."""
        known = (
            (room.stream, room.session.history),
            *((Stream("patient", str(each.id)), each.history) for each in room.patient.records),
            (self._stream, self.state.history),
        )
        return Locked(
            tuple(UpTo(stream, *end) for stream, history in known for end in sorted(history.reached().items()))
        )

    def visits(self, only: Sequence[str] | None = None) -> list[Line]:
        """All visits (or only some), newest first, with what the list shows of them: read from the record."""
        found = []
        for id_, entries in self.log.read_kinds("session", SHOWN, only).items():
            session = session_fold.fold(map(read, entries))
            if session.opened is not None and session.patient is not None:
                found.append((entries[0].entry.body.at_us, Line(UUID(id_), self.patient(session.patient), session)))
        return [line for _, line in sorted(found, key=lambda each: -each[0])]

    def visits_of(self, patient: UUID) -> list[Line]:
        """As `visits`, those of one patient, of all their records: reads no other patient's."""
        whole = self.patient(patient)
        only = self.whose.of(each.id for each in whole.records)
        return [line for line in self.visits(only) if line.patient.id == whole.id] if only else []

    def check(self) -> Checked:
        """Verify everything that is kept."""
        return look_through(self.log, self.places, self.state)

    def safety(self) -> Safety:
        """How safe the record is, as far as is known now. Asks no disk."""
        return msgspec.structs.replace(
            self.backups.state(), damaged=self.watch.trouble, certificate=self.papers.certificate
        )

    def close(self, give_up: bool = False) -> None:
        """Wait until everything is on the disk, then close. With `give_up`, what the disk refuses is lost."""
        self.watch.close()
        self.papers.close()
        self.filing.close()
        self.index.stop()
        self._later.shutdown()
        self._soon.shutdown()
        self.index.close()
        self.backups.close(give_up)
        self.log.close(give_up)

    def drained(self) -> bool:
        """Whether everything is on the disk and everyone was told. Closing before that would lose an ending's heads."""
        return self.log.writer.pending() == 0 and not any(room.pending for room in self.rooms.values())

    @property
    def _stream(self) -> Stream:
        return Stream("clinic", str(self.log.keys.clinic))

    def _room(self, id_: UUID, patient: Patient, session: Session) -> Room:
        stream = Stream("session", str(id_))
        room: Room
        by_protocol = by_the_protocol(lambda: room, lambda: self.state)
        moved = of_move(lambda: self.state, self.patient, lambda: [each.patient.id for each in self._live()])
        signatures = of_signatures(lambda: self.state)
        judges = [permitted(lambda: self.state, "session"), possible, moved, by_protocol, signatures]
        recorder = Recorder(stream, self.log, self.clock, lambda: room.expected, judges, self.post)
        room = Room(id_, patient, session, recorder, self.clock.now)
        recorder.listen(lambda entry, fact: self._keep_heads(stream, fact))
        recorder.listen(lambda entry, fact: self.filing.ask() if isinstance(fact, PaperKept) else None)
        recorder.listen(lambda entry, fact: room.belong(self._whose(room)) if isinstance(fact, VisitMoved) else None)
        self.rooms[id_] = room
        return room

    def _settle_clock(self) -> None:
        """Take the computer's time of day as it is, unless a session that is not signed yet still goes by desk time."""
        rooms = [self.rooms.get(id_) for id_ in self.timed]
        if all(room is not None and room.expected.locked_us is not None for room in rooms):
            self.timed.clear()
            self.clock.settle()

    def _keep_heads(self, stream: Stream, fact: Fact) -> None:
        """When a session ends, is signed, added to or moved, where its chains end goes into the clinic's own record."""
        if isinstance(fact, Ended | Locked | AddendumWritten | VisitMoved):
            heads = self.recorder.record(HeadsKept(stream, self.log.heads(stream)), ITSELF)
            heads.kept.add_done_callback(lambda done: self.post(self.backups.ask))

    def _evolve_clinic(self, entry: Entry, fact: Fact) -> None:
        self.state = clinic_fold.evolve(self.state, happening(entry, fact))

    def _evolve_patient(self, id_: UUID, entry: Entry, fact: Fact) -> None:
        known = self.patients.get(id_) or Patient(id_)
        self.patients[id_] = now = patient_fold.evolve(known, happening(entry, fact))
        if (now.merged_into, now.took_in) != (known.merged_into, known.took_in):
            self._heads = merging.heads(self.patients)
            for room in self.rooms.values():
                room.patient = self._whose(room)
        for room in self.rooms.values():
            if any(each.id == id_ for each in room.patient.records):
                room.patient = self._whose(room)

    def _whose(self, room: Room, session: Session | None = None) -> Patient:
        """The patient of a visit that is open, as they are known now."""
        id_ = (session or room.session).patient or room.patient.id
        return self.patient(id_) if id_ in self.patients else room.patient

    def _read_patients(self) -> dict[UUID, Patient]:
        found = self.log.read_kinds("patient", _OF_PATIENTS)
        read_ = [patient_fold.fold(UUID(id_), map(read, entries)) for id_, entries in found.items()]
        return {patient.id: patient for patient in read_ if not patient.erased}

    def session(self, id_: UUID) -> Session:
        """What was recorded in a visit, read from the record."""
        return session_fold.fold(map(read, self.log.read(Stream("session", str(id_)))))

    def _patient_of(self, id_: UUID) -> Patient:
        session = self.session(id_)
        if session.opened is None or session.patient is None:
            raise KnownError("There is no such session in this clinic's record.")
        return self.patient(session.patient)

    def _live(self) -> list[Room]:
        return [room for room in self.rooms.values() if room.expected.live]

    def wall_ahead_ms(self) -> int:
        """By how much the computer's time of day is ahead of the desk's."""
        return (self.clock.wall_us() - self.clock.now().utc_us) // 1000
