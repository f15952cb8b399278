"""Erasing what was said in a visit, or all that is kept of a patient, by law or request: two people, a reason, and a
list of where it still lies."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from kapdesk.access.ring import PAPERS
from kapdesk.clinic.judges import SHORTEST_REASON
from kapdesk.clinic.open import OpenClinic
from kapdesk.clock import DAY_US
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import ContentsErased
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Erased
from kapdesk.facts.people import Actor
from kapdesk.people.keeping import kept_until
from kapdesk.record.recorder import Recorder, Recording
from kapdesk.store import backup, journal_file, places

AT_MOST_US = (backup.WEEKS + 1) * 7 * DAY_US
"""A backup is thinned out after so long, unless it is one of the newest: then when newer ones have been made."""


class Left(msgspec.Struct, frozen=True):
    """A copy that still holds what was erased, and when it will have been thinned out (UTC µs)."""

    path: str
    gone_by_us: int

    def words(self) -> str:
        """Where, and until when."""
        day = datetime.fromtimestamp(self.gone_by_us / 1e6).astimezone().date().isoformat()
        return f"Still in {self.path}, until {day} at the latest once newer ones are made"


def of_visit(clinic: OpenClinic, session: UUID) -> tuple[Stream, ...]:
    """Where what was said in a visit is. Raises KnownError where there is no such visit, or it goes on."""
    line = clinic.visit(session)
    if line.session.live or session in clinic.rooms:
        raise KnownError("This visit is open or goes on. Nothing was erased; end it and put it away first.")
    return (Stream("session", str(session)),)


def of_patient(clinic: OpenClinic, patient: UUID) -> tuple[Stream, ...]:
    """Where all that is kept of a patient is: visits, what the staff noted for themselves, the registration.

    Raises KnownError where there is no such patient, a visit goes on, or the record is to be kept longer.
    """
    if patient not in clinic.patients:
        raise KnownError("There is no such patient in this clinic's record. Nothing was erased.")
    known = clinic.patient(patient)
    held = kept_until(date.min, 0, known.kept_longer)
    if held >= datetime.fromtimestamp(clinic.clock.now().utc_us / 1e6).astimezone().date():
        raise KnownError(f"This record is to be kept until {held.isoformat()}. Nothing was erased.")
    visits = [line.id for line in clinic.visits_of(known.id)]
    private = [
        row
        for each in known.records
        for row in clinic.log.select(
            "SELECT DISTINCT stream_id FROM entry WHERE stream_kind = 'private' AND stream_id LIKE ?", (f"%:{each.id}",)
        )
    ]
    sessions = [stream for id_ in visits for stream in of_visit(clinic, id_)]
    records = (Stream("patient", str(each.id)) for each in known.records)
    return (*sessions, *(Stream("private", row[0]) for row in private), *records)


def erase(clinic: OpenClinic, streams: Sequence[Stream], reason: str, actor: Actor, agreed_by: str) -> tuple[Left, ...]:
    """All three steps, one after the other, for whoever can wait for them."""
    for each in begin(clinic, streams, reason, actor, agreed_by):
        each.kept.result()
    finish(clinic)
    return end(clinic, streams, reason, actor, agreed_by)


def begin(clinic: OpenClinic, streams: Sequence[Stream], reason: str, actor: Actor, agreed_by: str) -> list[Recording]:
    """Say in each stream that it is erased: from there on nothing is added to it.

    `agreed_by` is a second person, whose password the caller has asked for. Raises KnownError where one of the two may
    not. When all is kept comes `finish`, off the core's thread, then `end` on it.
    """
    clinic.require(actor.entered_by, "erase")
    clinic.require(agreed_by, "agree to erase")
    if agreed_by in (actor.by, actor.entered_by):
        raise KnownError("An erasure takes two people. Nothing was erased; ask someone else to agree.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise KnownError("The reason is missing. Nothing was erased; say by which law or request it is done.")
    log, erased = clinic.log, clinic.log.erased_streams()
    said = []
    for stream in (each for each in streams if each not in erased):
        sealer = log.lost_key_sealer(stream) if stream.kind == "private" else None
        recorder = Recorder(stream, log, clinic.clock, lambda: None, [], clinic.post, sealer)
        said.append(recorder.record(Erased(reason.strip(), agreed_by), actor))
    return said


def finish(clinic: OpenClinic) -> None:
    """Delete what streams that are said to be erased still hold: in the record, its index, its second copy, the drafts.

    Cut off anywhere, it can be done again. Takes as long as the second copy is.
    """
    log = clinic.log
    _forget_papers(clinic)
    log.forget_erased()
    clinic.index.forget_erased()
    copies = clinic.places.folders(log.folder, log.keys.clinic, places.JOURNAL)
    streams = frozenset(log.erased_streams())
    for _ in range(2):  # a line that was on its way meanwhile is in a file begun since
        if log.journal is not None:
            log.journal.begin_anew()
        for place in copies:
            journal_file.erase(place, log.keys.clinic, log.keys.database_keys, streams)


def _forget_papers(clinic: OpenClinic) -> None:
    """The signed papers of visits that are said to be erased, while the record still says which they are."""
    sessions = [stream.id for stream in clinic.log.erased_streams() if stream.kind == "session"]
    if sessions and clinic.ring.shared(PAPERS) is not None:
        clinic.papers.forget_of(sessions)


def end(clinic: OpenClinic, streams: Sequence[Stream], reason: str, actor: Actor, agreed_by: str) -> tuple[Left, ...]:
    """The clinic's own word on it; and where copies still lie, which do not come back with a backup."""
    for stream in streams:
        clinic.recorder.record(ContentsErased(stream, agreed_by, reason.strip()), actor)
        if stream.kind == "patient":
            clinic.take_patients({id_: each for id_, each in clinic.patients.items() if str(id_) != stream.id})
    held = backup.at_hand(clinic.places.folders(clinic.log.folder, clinic.log.keys.clinic, places.BACKUPS))
    return tuple(Left(str(Path(each.path)), each.made_us + AT_MOST_US) for each in held)


def unfinished(clinic: OpenClinic) -> bool:
    """Whether an erasure was cut off: something is still said where a stream was erased."""
    return clinic.log.holds_erased()
