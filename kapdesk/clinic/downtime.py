"""The sheet for a day without the computer, of a protocol and, where one is chosen, for a patient."""

from concurrent.futures import Future

from kapdesk.clinic.open import OpenClinic
from kapdesk.clinical import protocol
from kapdesk.note import wording
from kapdesk.note.downtime import downtime_of
from kapdesk.note.press import press_downtime
from kapdesk.people.patient import Patient


def downtime_pdf(clinic: OpenClinic, toml: str, patient: Patient | None) -> "Future[bytes]":
    """The sheet as a PDF on the clinic's paper, made off the core's thread. Fails with KnownError in plain words."""
    plan = protocol.parse(toml)
    sheet = downtime_of(
        plan,
        clinic.state.name,
        wording.paper_size(clinic.state.founded),
        patient,
        approved=protocol.sha256(toml) in clinic.state.approved,
    )
    return clinic.later(lambda: press_downtime(sheet))
