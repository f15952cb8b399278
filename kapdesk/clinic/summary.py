"""The observation summaries of esketamine visits: made from the record, told as sent, and taken back with a reason."""

from concurrent.futures import Future
from datetime import date
from uuid import UUID

import msgspec

from kapdesk.clinic.audit import take_out
from kapdesk.clinic.close import note_of_visit
from kapdesk.clinic.open import Line, OpenClinic
from kapdesk.clinical.protocol import Protocol, parse
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import SummarySent
from kapdesk.facts.fact import Struck
from kapdesk.facts.people import Actor
from kapdesk.facts.session import DoseGiven
from kapdesk.note import observed
from kapdesk.note.content import as_signed
from kapdesk.note.observed import Field
from kapdesk.note.press import press_sheet
from kapdesk.note.sheet import Sheet
from kapdesk.note.telling import Telling
from kapdesk.people.clinic import Clinic
from kapdesk.record.history import Happening, read
from kapdesk.record.recorder import Recording
from kapdesk.session.state import Session


class Owed(msgspec.Struct, frozen=True):
    """A summary nobody has said to be sent: of which visit, of whom, and the day by which it is to be sent."""

    session: UUID
    patient: str
    due: date


def owed(clinic: OpenClinic) -> tuple[Owed, ...]:
    """The summaries that are not sent, by the day they are due. Reads the record, so off the core's thread."""
    found = _nasal(clinic)
    made = [
        Owed(line.id, line.patient.name, observed.due(Telling(line.session, clinic.state)))
        for line in (clinic.visits(found) if found else ())
        if observed.wanted(line.session) and not line.session.live and sent(clinic.state, line.id) is None
    ]
    return tuple(sorted(made, key=lambda each: (each.due, each.patient)))


def _nasal(clinic: OpenClinic) -> list[str]:
    """The visits in which something may have been given by the nose: as the index says, or while that is being made,
    as the record does."""
    if not clinic.index.catch_up():
        return [str(id_) for (id_,) in clinic.index.select("SELECT id FROM session WHERE owed")]
    found = []
    for id_, kept in clinic.log.read_kinds("session", ["dose-given", "corrected"]).items():
        said = [getattr(each.fact, "truth", each.fact) for each in map(read, kept)]
        if any(isinstance(fact, DoseGiven) and fact.route == "nasal" for fact in said):
            found.append(id_)
    return found


def fields(clinic: OpenClinic, session: UUID) -> tuple[Field, ...]:
    """The lines of a visit's summary. Raises KnownError where the visit needs none."""
    line = _line(clinic, session)
    patient, staff = as_signed(line.session, line.patient, clinic.state)
    return observed.fields_of(Telling(line.session, staff), _protocol(line.session), patient)


def pdf(clinic: OpenClinic, session: UUID, actor: Actor) -> "Future[bytes]":
    """The summary as a PDF, made aside; that it left the record is recorded. Raises KnownError where it may not."""
    _line(clinic, session)
    take_out(clinic, session, actor)
    return clinic.later(lambda: _make(clinic, session))


def make(clinic: OpenClinic, session: UUID, actor: Actor) -> bytes:
    """As `pdf`, on the calling thread."""
    _line(clinic, session)
    take_out(clinic, session, actor)
    return _make(clinic, session)


def paper(clinic: OpenClinic, session: UUID) -> Sheet:
    """The summary as a sheet. Reads the record, off the core's thread. Raises KnownError where the visit needs none."""
    told = fields(clinic, session)
    due = observed.due(Telling(clinic.visit(session).session, clinic.state))
    return observed.sheet(note_of_visit(clinic, session), told, due)


def _make(clinic: OpenClinic, session: UUID) -> bytes:
    return press_sheet(paper(clinic, session))


def send(clinic: OpenClinic, session: UUID, how: str, actor: Actor) -> Recording:
    """Someone says that it was sent, and how: for a real visit that is over, once. Raises KnownError."""
    if _line(clinic, session).session.live:
        raise KnownError("The session still runs, so its summary is not whole. End it first; nothing was recorded.")
    return clinic.recorder.record(SummarySent(session, how.strip()), actor)


def take_back(clinic: OpenClinic, session: UUID, reason: str, actor: Actor) -> Recording:
    """It was not sent after all, or not where it should be: it is due again. Raises KnownError."""
    was = sent(clinic.state, session)
    if was is None:
        raise KnownError("Nobody has said that the summary of this visit was sent. Nothing was recorded.")
    return clinic.recorder.record(Struck(was.id, reason.strip()), actor)


def sent(clinic: Clinic, session: UUID) -> Happening | None:
    """Who said, and when, that the summary of a visit was sent; None where nobody did, or it was taken back."""
    return next((h for h in clinic.history.standing(SummarySent) if h.fact.session == session), None)


def state(session: Session, id_: UUID, clinic: Clinic) -> str:
    """ "Observation summary due 2026-11-26, not sent" of a visit that is over; empty for one that needs none."""
    if not observed.wanted(session) or session.live:
        return ""
    if (was := sent(clinic, id_)) is not None:
        return f"Observation summary sent: {was.fact.how}"
    return f"Observation summary due {observed.due(Telling(session, clinic)).isoformat()}, not sent"


def _line(clinic: OpenClinic, session: UUID) -> Line:
    line = clinic.visit(session)
    if not observed.wanted(line.session):
        raise KnownError("There is no observation summary of this visit: no nasal esketamine was given to a patient.")
    return line


def _protocol(session: Session) -> Protocol | None:
    try:
        return parse(session.protocol.toml) if session.protocol is not None else None
    except KnownError:
        return None
