"""How long each patient's record is kept, and whose may be erased by now."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from kapdesk.clinic.open import Line, OpenClinic
from kapdesk.facts.patient import KeptLonger
from kapdesk.facts.people import Actor
from kapdesk.people.keeping import kept_until
from kapdesk.people.patient import Patient
from kapdesk.record.recorder import Recording


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


def records(clinic: OpenClinic, visits: Sequence[Line]) -> list[Record]:
    """The record of each patient, the one whose time is up first at the top. `visits` are all of the clinic's."""
    founded = clinic.state.founded
    zone = ZoneInfo(founded.time_zone if founded else "UTC")
    came: dict[UUID, list[int]] = {}
    for line in visits:
        came.setdefault(line.patient.id, []).append(next(iter(line.session.history)).at_us)
    today = _day(clinic.clock.now().utc_us, zone)
    found = []
    for patient in clinic.kept():
        times = came.get(patient.id, [])
        begun = [each.at_us for record in patient.records for each in list(record.history)[:1]]
        last = _day(max([*times, *begun], default=0), zone)
        until = kept_until(last, clinic.state.kept_years, patient.kept_longer)
        longer = "; ".join(each.reason for each in patient.kept_longer if each.until >= until.isoformat())
        longer = "; ".join(filter(None, ("registration taken back" if patient.withdrawn else "", longer)))
        found.append(Record(patient, len(times), last, until, until < today, longer))
    return sorted(found, key=lambda each: each.until)


def keep_longer(clinic: OpenClinic, patient: UUID, until: str, reason: str, actor: Actor) -> Recording:
    """Not to be erased before a date (YYYY-MM-DD). Raises KnownError for no date, one that has passed, no reason."""
    return clinic.patient_recorder(patient).record(KeptLonger(until.strip(), reason.strip()), actor)


def _day(utc_us: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(utc_us / 1e6, zone).date()
