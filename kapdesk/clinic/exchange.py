"""Visits as other programs read them: tables of their readings and of what happened, made from the record.

`vitals_csv(clinic, sessions)` and `events_csv(clinic, sessions)` give the bytes of a file. Whoever takes one out says
so with `audit.take_out`, visit by visit.
"""

from collections.abc import Iterable
from uuid import UUID

from kapdesk.clinic.open import OpenClinic
from kapdesk.exchange import visits_csv
from kapdesk.exchange.visit import Visit
from kapdesk.note import wording
from kapdesk.note.content import as_signed


def visit_of(clinic: OpenClinic, session: UUID) -> Visit:
    """A visit as its record stands now; patient and staff as the one who signed knew them."""
    line = clinic.visit(session)
    patient, staff = as_signed(line.session, line.patient, clinic.state)
    made_us = clinic.clock.now().utc_us
    return Visit(session, line.session, patient, staff, clinic.log.keys.clinic, made_us, wording.said)


def vitals_csv(clinic: OpenClinic, sessions: Iterable[UUID], bom: bool = True) -> bytes:
    """Every reading of these visits as CSV; `bom`: with the mark by which Excel knows UTF-8."""
    return visits_csv.vitals_csv([visit_of(clinic, session) for session in sessions], bom)


def events_csv(clinic: OpenClinic, sessions: Iterable[UUID], bom: bool = True) -> bytes:
    """Everything else that happened in these visits as CSV."""
    return visits_csv.events_csv([visit_of(clinic, session) for session in sessions], bom)
