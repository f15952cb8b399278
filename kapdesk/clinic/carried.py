"""What a patient brings from the visit before: what they came with then, their own words, what was agreed."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.after import PracticeAgreed
from kapdesk.facts.home import PatientLocated
from kapdesk.facts.music import LevelFound
from kapdesk.facts.session import IntentionSet, NoteTaken, SummaryWritten, WeightMeasured

MOST_QUOTES = 3


class Agreed(msgspec.Struct, frozen=True):
    """Something they wanted to practise: the fact that said so, and its words."""

    id: UUID
    text: str


class Carried(msgspec.Struct, frozen=True):
    """From the last visit that is over: its day and kind, intention, the last of the patient's own words, the plan,
    and what they wanted to practise."""

    day: date
    visit: str
    intention: str
    quotes: tuple[str, ...]
    plan: str
    agreed: tuple[Agreed, ...] = ()


def carried(clinic: OpenClinic, patient: UUID, visit: UUID) -> Carried | None:
    """What to remember from the visit before this one; None where there is none. Rehearsals go by themselves."""
    here = clinic.visit(visit).session
    rehearsal = here.opened is not None and here.opened.rehearsal
    begun = next(iter(here.history), None)
    patient = clinic.patient(patient).id
    for line in clinic.visits():
        opened, first = line.session.opened, next(iter(line.session.history), None)
        if opened is None or first is None or line.patient.id != patient or line.id == visit:
            continue
        if line.session.live or opened.rehearsal != rehearsal or (begun is not None and first.at_us > begun.at_us):
            continue
        history = clinic.visit(line.id).session.history
        intentions = [h.fact.text for h in history.standing(IntentionSet)]
        said = [h.fact.text for h in history.standing(NoteTaken) if h.fact.patients_words and h.fact.text]
        plans = [h.fact.text for h in history.standing(SummaryWritten) if h.fact.section == "plan"]
        day = datetime.fromtimestamp(first.at_us / 1e6, ZoneInfo(opened.time_zone)).date()
        last = intentions[-1] if intentions else ""
        agreed = tuple(Agreed(h.id, h.fact.text) for h in history.standing(PracticeAgreed))
        return Carried(day, opened.visit, last, tuple(said[-MOST_QUOTES:]), plans[-1] if plans else "", agreed)
    return None


def last_level(clinic: OpenClinic, patient: UUID, visit: UUID) -> LevelFound | None:
    """The level found right on the newest sound check of the patient's other visits; rehearsals go by themselves."""
    opened = clinic.visit(visit).session.opened
    patient, found = clinic.patient(patient).id, []
    for line in clinic.visits():
        other = line.session.opened
        if line.id == visit or line.patient.id != patient or opened is None or other is None:
            continue
        if other.rehearsal == opened.rehearsal:
            found += [(h.at_us, h.fact) for h in clinic.visit(line.id).session.history.standing(LevelFound)]
    return max(found, key=lambda each: each[0], default=(0, None))[1]


def last_place(clinic: OpenClinic, patient: UUID, visit: UUID) -> tuple[PatientLocated, date] | None:
    """Where the patient was in the newest of their earlier visits that says so, and its day; to be asked about, never
    taken over. Rehearsals go by themselves."""
    here = clinic.visit(visit).session.opened
    patient, found = clinic.patient(patient).id, []
    for line in clinic.visits():
        other = line.session.opened
        if line.id == visit or line.patient.id != patient or here is None or other is None:
            continue
        if other.rehearsal == here.rehearsal:
            said = clinic.visit(line.id).session.history.standing(PatientLocated)
            found += [(h.at_us, h.fact, other.time_zone) for h in said]
    if not found:
        return None
    at_us, place, zone = max(found, key=lambda each: each[0])
    return place, datetime.fromtimestamp(at_us / 1e6, ZoneInfo(zone)).date()


def last_weight(clinic: OpenClinic, patient: UUID, visit: UUID) -> WeightMeasured | None:
    """The newest weight, by the day it was measured, of the patient's other visits; rehearsals go by themselves."""
    opened = clinic.visit(visit).session.opened
    patient, found = clinic.patient(patient).id, []
    for line in clinic.visits():
        other = line.session.opened
        if line.id == visit or line.patient.id != patient or opened is None or other is None:
            continue
        if other.rehearsal == opened.rehearsal:
            found += [h.fact for h in clinic.visit(line.id).session.history.standing(WeightMeasured)]
    return max(found, key=lambda each: each.measured_on, default=None)
