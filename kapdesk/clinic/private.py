"""What one person writes for themselves about one patient, sealed with a key of its own; never on the session note."""

from uuid import UUID

import msgspec

from kapdesk.clinic.judges import permitted
from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.entry import Stream
from kapdesk.record.recorder import Intent, Recorder


def private_stream(person: str, patient: UUID) -> Stream:
    """Where a person's private notes on a patient are."""
    return Stream("private", f"{person}:{patient}")


def private_recorder(clinic: OpenClinic, person: str, patient: UUID) -> Recorder:
    """Records in someone's private stream; nobody else may, and without its key nobody reads it.

    The key is made at the first use and sealed to that person. Raises KnownError where they have not signed in.
    """
    stream = private_stream(person, patient)
    clinic.ring.private_key(person, stream.id)
    clinic.log.keys = msgspec.structs.replace(clinic.log.keys, private_keys=clinic.ring.own.private_keys)

    def theirs(_: object, intent: Intent) -> str | None:
        return None if intent.actor.by == person else "These notes belong to someone else. Nothing was written."

    judges = [permitted(lambda: clinic.state, "private"), theirs]
    sealer = clinic.log.sealer(stream, stream.id)
    return Recorder(stream, clinic.log, clinic.clock, lambda: None, judges, clinic.post, sealer)
