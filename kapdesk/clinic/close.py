"""From the record to the paper: the note of a session, made off the core's thread and off this process."""

import contextlib
import logging
import os
from concurrent.futures import Future
from pathlib import Path
from uuid import UUID

from kapdesk.clinic import attached, exchange
from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import Damaged, KnownError
from kapdesk.exchange.fhir import bundle
from kapdesk.facts.clinic import NoteTakenOut
from kapdesk.facts.people import Actor
from kapdesk.note import attached as carried
from kapdesk.note.attached import Record, Told
from kapdesk.note.handover import handover_of
from kapdesk.note.paper import Attachment, Note
from kapdesk.note.press import Progress, press, press_sheet
from kapdesk.session import papers

FHIR = "fhir.json"
logger = logging.getLogger(__name__)


def handover_pdf(clinic: OpenClinic, session: UUID, actor: Actor) -> "Future[bytes]":
    """The sheet for the ambulance as a PDF; that it was made is on record. An emergency asks nobody for a password."""
    clinic.recorder.record(NoteTakenOut(session), actor)
    return clinic.later(lambda: press_sheet(handover_of(note_of_visit(clinic, session))))


def note_pdf(clinic: OpenClinic, session: UUID, progress: Progress | None = None) -> "Future[bytes]":
    """The note of a session as a PDF: the signed paper that is kept, byte for byte, or else read anew from the record.

    `progress` hears, on another thread, what part of it is set. Fails with KnownError in plain words.
    """
    return clinic.later(lambda: make(clinic, session, progress))


def make(clinic: OpenClinic, session: UUID, progress: Progress | None = None) -> bytes:
    """As `note_pdf`, on the calling thread."""
    try:
        signed = signed_paper(clinic, session)
    except Damaged as error:
        logger.warning("%s", error)
        signed = None
    return made_anew(clinic, session, progress) if signed is None else signed


def made_anew(clinic: OpenClinic, session: UUID, progress: Progress | None = None) -> bytes:
    """The note of a session as a PDF, read from the record as it stands now."""
    return unsigned_paper(clinic, session, exchange.VERSION_NOW, progress)


def signed_paper(clinic: OpenClinic, session: UUID, version: int = 0) -> bytes | None:
    """The kept paper of a visit's newest version, or of another, byte for byte; None where there is none yet.

    Raises Damaged.
    """
    found = papers.versions(clinic.session(session))
    wanted = next((each for each in reversed(found) if version in (0, each.number)), None)
    return clinic.papers.read(wanted.sha256) if wanted is not None and wanted.sha256 else None


def kept_version(clinic: OpenClinic, session: UUID, version: int) -> "Future[bytes]":
    """The kept paper of one version of a visit's signed note. Fails with KnownError where there is none."""

    def read() -> bytes:
        kept = signed_paper(clinic, session, version)
        if kept is None:
            raise KnownError(f"No signed paper of version {version} is kept. The record has all it said.")
        return kept

    return clinic.later(read)


def unsigned_paper(clinic: OpenClinic, session: UUID, version: int, progress: Progress | None = None) -> bytes:
    """One version of a visit's note as a PDF whose fields wait for the signatures, with the record it is made from and
    the visit in the form that other programs read."""
    record = attached.record_of(clinic, session, version, clinic.clock.now())
    told = carried.told(record)
    return press(told.note(), attachments=attachments(record, told), progress=progress)


def attachments(record: Record, told: Told) -> tuple[Attachment, ...]:
    """What a note carries: the record it is made from, and the visit as other programs read it."""
    data = bundle.document(exchange.visit_told(told)).decode()
    words = "This visit as a FHIR R4B document"
    fhir = Attachment(name=FHIR, mime="application/fhir+json", description=words, relationship="Data", data=data)
    return carried.attachment(record), fhir


def note_of_visit(clinic: OpenClinic, session: UUID, version: int = 0) -> Note:
    """The note of a session as its record stands now; or as one version of it, once signed, tells it."""
    return carried.told(attached.record_of(clinic, session, version, clinic.clock.now())).note()


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
