"""Visits as other programs read them, made from the record: FHIR R4B, and tables of their readings and events.

`document` is a visit's FHIR document, as a PDF carries it; `collection` the same with references to the papers that are
exported beside it; `vitals_csv` and `events_csv` are tables of several visits. All give the bytes of a file. Whoever
takes one out says so with `audit.take_out`, visit by visit.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from kapdesk.clinic.attached import record_of
from kapdesk.clinic.open import OpenClinic
from kapdesk.exchange import visits_csv
from kapdesk.exchange.fhir import bundle
from kapdesk.exchange.fhir.bundle import Paper
from kapdesk.exchange.visit import Visit
from kapdesk.note import attached, wording
from kapdesk.note.attached import Told

VERSION_NOW = 0
"""Not one version of the signed note, but the visit as its record stands now."""


def visit_of(clinic: OpenClinic, session: UUID) -> Visit:
    """A visit as its record stands now: the same that its note carries."""
    return visit_told(attached.told(record_of(clinic, session, VERSION_NOW, clinic.clock.now())))


def visit_told(told: Told) -> Visit:
    """The visit that a note's record tells."""
    return Visit(told.id, told.session, told.patient, told.clinic, told.clinic_id, told.at_us, wording.said)


def document(clinic: OpenClinic, session: UUID) -> bytes:
    """A visit as a FHIR R4B document, without any reference to a paper."""
    return bundle.document(visit_of(clinic, session))


def collection(clinic: OpenClinic, session: UUID, beside: Sequence[Paper] = ()) -> bytes:
    """A visit as a FHIR R4B collection, with a DocumentReference to each paper that goes beside it."""
    return bundle.export(visit_of(clinic, session), beside)


def vitals_csv(clinic: OpenClinic, sessions: Iterable[UUID], bom: bool = True) -> bytes:
    """Every reading of these visits as CSV; `bom`: with the mark by which Excel knows UTF-8."""
    return visits_csv.vitals_csv((visit_of(clinic, session) for session in sessions), bom)


def events_csv(clinic: OpenClinic, sessions: Iterable[UUID], bom: bool = True) -> bytes:
    """Everything else that happened in these visits as CSV."""
    return visits_csv.events_csv((visit_of(clinic, session) for session in sessions), bom)
