"""How long each patient's record is kept, and whose may be erased by now."""

from datetime import date
from uuid import UUID

import msgspec

from kapdesk.clinic.open import OpenClinic
from kapdesk.clock import local
from kapdesk.facts.patient import KeptLonger
from kapdesk.facts.people import Actor
from kapdesk.people.keeping import kept_until
from kapdesk.people.patient import Patient
from kapdesk.record.recorder import Recording

_CAME = "SELECT patient, COUNT(*), MAX(at_us) FROM session GROUP BY patient"


class Record(msgspec.Struct, frozen=True):
    """All that is kept of one patient: how many visits, the day of the last (or of the registration), until when it is
    kept and whether that is over, and why it is kept longer or that the registration was taken back ("" where only the
    clinic's rule holds)."""

    patient: Patient
    visits: int
    last: date
    until: date
    over: bool
    longer: str = ""


def records(clinic: OpenClinic) -> list[Record]:
    """The record of each patient, the one whose time is up first at the top. Waits until the index has read every
    visit, so off the core's thread. Raises KnownError where it cannot."""
    zone = clinic.state.zone
    came: dict[UUID, list[tuple[int, int]]] = {}
    clinic.index.catch_up(whole=True)
    for id_, visits, last_us in clinic.index.select(_CAME):
        came.setdefault(clinic.patient(UUID(id_)).id, []).append((visits, last_us))
    today = clinic.today()
    found = []
    for patient in clinic.kept():
        theirs = came.get(patient.id, [])
        begun = [each.at_us for record in patient.records for each in list(record.history)[:1]]
        last = local(max([*(last_us for _, last_us in theirs), *begun], default=0), zone).date()
        until = kept_until(last, clinic.state.kept_years, patient.kept_longer)
        longer = "; ".join(each.reason for each in patient.kept_longer if each.until >= until.isoformat())
        longer = "; ".join(filter(None, ("registration taken back" if patient.withdrawn else "", longer)))
        found.append(Record(patient, sum(visits for visits, _ in theirs), last, until, until < today, longer))
    return sorted(found, key=lambda each: each.until)


def keep_longer(clinic: OpenClinic, patient: UUID, until: str, reason: str, actor: Actor) -> Recording:
    """Not to be erased before a date (YYYY-MM-DD). Raises KnownError for no date, one that has passed, no reason."""
    return clinic.patient_recorder(patient).record(KeptLonger(until.strip(), reason.strip()), actor)
