"""What one person writes for themselves about one patient, sealed with a key of its own; never on the session note."""

import base64
from uuid import UUID

import msgspec

from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.roles import permitted
from kapdesk.errors import KnownError
from kapdesk.facts.entry import Payload, Stream
from kapdesk.facts.people import Actor, may_record
from kapdesk.facts.private import ReflectionWritten
from kapdesk.record.history import Happening, History, read
from kapdesk.record.recorder import Intent, Recorder, Recording
from kapdesk.store import keys
from kapdesk.store.drafts import Draft

_DRAFT = "private:"


def private_stream(person: str, patient: UUID) -> Stream:
    """Where a person's private notes on a patient are."""
    return Stream("private", f"{person}:{patient}")


def private_recorder(clinic: OpenClinic, person: str, patient: UUID) -> Recorder:
    """Records in someone's private stream; nobody else may, and without its key nobody reads it.

    The key is made at the first use and sealed to that person. Raises KnownError where they have not signed in.
    """
    stream = private_stream(person, patient)
    clinic.ring.private_key(person, stream.id)
    _use_keys(clinic)

    def theirs(_: object, intent: Intent) -> str | None:
        return None if intent.actor.by == person else "These notes belong to someone else. Nothing was written."

    judges = [permitted(lambda: clinic.state, "private"), theirs]
    sealer = clinic.log.sealer(stream, stream.id)
    return Recorder(stream, clinic.log, clinic.clock, lambda: None, judges, clinic.post, sealer)


class PrivateNotes:
    """The private notes on a patient as one person reads them, who has signed in at this desk by password.

    Raises KnownError for whoever has not, or whose role writes none.
    """

    def __init__(self, clinic: OpenClinic, person: str, patient: UUID) -> None:
        known = clinic.state.staff.get(person)
        if known is None or not may_record(known.roles, "private"):
            raise KnownError("Private notes are the therapist’s and the prescriber’s. Write an observation instead.")
        self.person, self.patient = person, patient
        self._of = [str(each.id) for each in clinic.patient(patient).records]
        self._clinic, self._stream = clinic, private_stream(person, patient)
        self._recorder = private_recorder(clinic, person, patient)

    def mine(self) -> list[Happening]:
        """What this person wrote, in order; of records that were merged too."""
        found = [each for id_ in self._held(own=True) for each in self._read(Stream("private", id_))]
        return sorted(found, key=lambda each: (each.at_us, each.order))

    def others(self) -> list[tuple[str, list[Happening]]]:
        """What others let this person read of this patient, by the name of who wrote it."""
        return [
            (self._clinic.state.name_of(id_.rpartition(":")[0]), self._read(Stream("private", id_)))
            for id_ in self._held(own=False)
        ]

    def write(self, text: str) -> Recording:
        """One more note; KnownError where nothing was typed."""
        if not text.strip():
            raise KnownError("Nothing was typed. Write a word or two.")
        return self._recorder.record(ReflectionWritten(text.strip()), Actor(self.person, self.person))

    def let_read(self, reader: str) -> None:
        """One more person may read these notes from now on, those of before too."""
        for id_ in self._held(own=True):
            self._clinic.ring.share(self.person, id_, reader)

    def readers(self) -> list[str]:
        """Who may read them beside this person, by name. The recovery code on paper opens them too."""
        others = self._clinic.ring.readers(self._stream.id) - {self.person}
        return sorted(self._clinic.state.name_of(id_) for id_ in others)

    def keep_half(self, text: str) -> None:
        """What is half-typed, on the disk under the stream's own key: nobody else reads that either."""
        if not text:
            self._clinic.drafts.drop(self._draft)
            return
        sealed = keys.seal(self._key, self._stream.id, text.encode("utf-8", "replace"))
        draft = Draft(self._draft, base64.b64encode(sealed).decode("ascii"), self._clinic.clock.now().utc_us)
        self._clinic.drafts.keep(draft)

    def half(self) -> str:
        """What was half-typed when KapDesk last stopped; "" for nothing."""
        draft = self._clinic.drafts.all().get(self._draft)
        if draft is None:
            return ""
        sealed = Payload(b"", "json", self._stream.id, base64.b64decode(draft.text))
        opened = keys.unseal(self._key, self._stream.id, sealed)
        return opened.bytes.decode() if opened else ""

    @property
    def _key(self) -> str:
        return self._clinic.ring.private_key(self.person, self._stream.id)

    @property
    def _draft(self) -> str:
        return f"{_DRAFT}{self._stream.id}"

    def _held(self, own: bool) -> list[str]:
        """The streams on this patient that this person can open: their own, or those of others."""
        _use_keys(self._clinic)
        parts = ((id_, *id_.rpartition(":")) for id_ in sorted(self._clinic.ring.private_of(self.person)))
        return [id_ for id_, who, _, of in parts if of in self._of and (who == self.person) == own]

    def _read(self, stream: Stream) -> list[Happening]:
        return History(map(read, self._clinic.log.read(stream))).standing(ReflectionWritten)


def _use_keys(clinic: OpenClinic) -> None:
    clinic.log.keys = msgspec.structs.replace(clinic.log.keys, private_keys=clinic.ring.own.private_keys)
