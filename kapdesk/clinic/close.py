"""From the record to the paper: the note of a session, made off the core's thread and off this process."""

import contextlib
import os
from concurrent.futures import Future
from pathlib import Path
from uuid import UUID

from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.entry import Stream
from kapdesk.note.content import as_signed, note_of
from kapdesk.note.press import press


def note_pdf(clinic: OpenClinic, session: UUID) -> "Future[bytes]":
    """The note of a session as a PDF, read anew from the record. Fails with KnownError in plain words."""
    return clinic.later(lambda: make(clinic, session))


def make(clinic: OpenClinic, session: UUID) -> bytes:
    """As `note_pdf`, on the calling thread."""
    line = clinic.visit(session)
    patient, staff = as_signed(line.session, line.patient, clinic.state)
    own = Stream("clinic", str(clinic.log.keys.clinic))
    heads = clinic.log.heads(Stream("session", str(session))), clinic.log.heads(own)
    return press(note_of(line.session, patient, staff, heads, clinic.clock.now(), session))


def save(content: bytes, path: Path, what: str = "note") -> None:
    """Write a note (or what else there is) to a file, whole or not at all. Raises KnownError where it cannot be."""
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        raise KnownError(
            f"The {what} could not be written to {path} ({error.strerror}). The record is safe; choose another place."
        ) from error
