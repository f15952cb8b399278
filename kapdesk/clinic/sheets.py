"""The papers that are no session note, from the record, and that they were taken out."""

from collections.abc import Collection
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec.structs import replace

from kapdesk.clinic.course import Courses
from kapdesk.clinic.month import read_month
from kapdesk.clinic.open import Line, OpenClinic
from kapdesk.clinic.overview import overview_of
from kapdesk.clinic.substances import period, stock
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import SheetTakenOut
from kapdesk.facts.people import Actor
from kapdesk.note import wording
from kapdesk.note.integration import Said, integration_of, said_by
from kapdesk.note.monthly import monthly_of
from kapdesk.note.paper import PaperSize
from kapdesk.note.sheet import Sheet
from kapdesk.note.substances import substances_of
from kapdesk.note.telling import Telling

Taken = Literal["integration sheet", "course overview", "substances log", "monthly page"]
_OF_A_PATIENT = ("integration sheet", "course overview")


def take_out(clinic: OpenClinic, sheet: Taken, of: str, actor: Actor) -> None:
    """Someone saves or prints such a paper. Raises KnownError where they may not; on record where they may.

    What is of one patient asks for what printing a note does, what is of all of them for what an export does.
    """
    clinic.require(actor.entered_by, "print" if sheet in _OF_A_PATIENT else "export")
    clinic.recorder.record(SheetTakenOut(sheet, of), actor)


def offered(clinic: OpenClinic, session: UUID) -> tuple[Said, ...]:
    """What a patient said in a visit that may be quoted on their sheet. Raises KnownError where it was erased."""
    return said_by(_telling(clinic, clinic.visit(session)))


def integration(clinic: OpenClinic, session: UUID, chosen: Collection[str] | None = None) -> Sheet:
    """The sheet the patient of a visit takes home; `chosen` are the ids of what is quoted. Raises KnownError."""
    line = clinic.visit(session)
    if line.session.live:
        raise KnownError("The session still runs. End it first; the sheet for the patient is made afterwards.")
    return integration_of(_telling(clinic, line), line.patient, chosen, wording.paper_size(line.session.opened))


def course(clinic: OpenClinic, patient: UUID, courses: Courses | None = None) -> Sheet:
    """The overview of a patient's course, of all their records. Reads each visit of theirs, off the core's thread."""
    read = (courses or Courses(clinic)).read(patient)
    now = clinic.today().isoformat()
    return _headed(overview_of(read, clinic.state.name, now, clinic.state.zone, paper_of(clinic)), clinic)


def month(clinic: OpenClinic, first: date) -> Sheet:
    """The page of a month, from its first day on. Reads the record, so off the core's thread."""
    return _headed(monthly_of(read_month(clinic, first), clinic.state.name, paper_of(clinic)), clinic)


def substances(clinic: OpenClinic, since: date, until: date) -> Sheet:
    """The substances log of these days, both included. Reads the record, so off the core's thread."""
    if until < since:
        raise KnownError("The last day lies before the first. Nothing was made; choose the days again.")
    counts, given = period(clinic, since, until)
    moves = stock(clinic, since, until)
    made = substances_of(counts, given, (since, until), clinic.state.name, paper_of(clinic), moves)
    return _headed(made, clinic)


def this_month(clinic: OpenClinic) -> date:
    """The first day of the month it is where the clinic is."""
    return clinic.today().replace(day=1)


def _headed(sheet: Sheet, clinic: OpenClinic) -> Sheet:
    """Under the clinic's letterhead."""
    return replace(sheet, letterhead=clinic.state.letterhead)


def paper_of(clinic: OpenClinic) -> PaperSize:
    """The clinic's own paper."""
    return wording.paper_size(clinic.state.founded)


def _telling(clinic: OpenClinic, line: Line) -> Telling:
    return Telling(line.session, clinic.state)
