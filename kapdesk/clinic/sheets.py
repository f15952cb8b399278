"""The papers that are no session note, from the record, and that they were taken out."""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from kapdesk.clinic.open import Line, OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import SheetTakenOut
from kapdesk.facts.people import Actor
from kapdesk.note.integration import Said, integration_of, said_by
from kapdesk.note.paper import PaperSize
from kapdesk.note.sheet import Sheet
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
    opened = line.session.opened
    return integration_of(
        _telling(clinic, line), line.patient, chosen, "Letter" if opened and opened.paper == "letter" else "A4"
    )


def paper_of(clinic: OpenClinic) -> PaperSize:
    """The clinic's own paper."""
    founded = clinic.state.founded
    return "Letter" if founded is not None and founded.paper == "letter" else "A4"


def _telling(clinic: OpenClinic, line: Line) -> Telling:
    return Telling(line.session, clinic.state)
