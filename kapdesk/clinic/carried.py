"""What a patient brings from the visit before: what they came with then, their own words, what was agreed."""

from collections.abc import Iterator
from datetime import date, tzinfo
from uuid import UUID

import msgspec

from kapdesk.clinic.open import Line, OpenClinic
from kapdesk.clock import local
from kapdesk.facts.after import PracticeAgreed
from kapdesk.facts.fact import Fact
from kapdesk.facts.home import PatientLocated
from kapdesk.facts.music import LevelFound, MusicRated
from kapdesk.facts.session import IntentionSet, NoteTaken, SummaryWritten, VisitOpened, WeightMeasured
from kapdesk.record.history import Happening

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
    begun = next(iter(clinic.visit(visit).session.history), None)
    for line, opened in _others(clinic, patient, visit):
        first = next(iter(line.session.history), None)
        if first is None or line.session.live or (begun is not None and first.at_us > begun.at_us):
            continue
        history = clinic.visit(line.id).session.history
        intentions = [h.fact.text for h in history.standing(IntentionSet)]
        said = [h.fact.text for h in history.standing(NoteTaken) if h.fact.patients_words and h.fact.text]
        plans = [h.fact.text for h in history.standing(SummaryWritten) if h.fact.section == "plan"]
        day = local(first.at_us, line.session.zone).date()
        last = intentions[-1] if intentions else ""
        agreed = tuple(Agreed(h.id, h.fact.text) for h in history.standing(PracticeAgreed))
        return Carried(day, opened.visit, last, tuple(said[-MOST_QUOTES:]), plans[-1] if plans else "", agreed)
    return None


def last_level(clinic: OpenClinic, patient: UUID, visit: UUID) -> LevelFound | None:
    """The level found right on the newest sound check of the patient's other visits; rehearsals go by themselves."""
    found = [(h.at_us, h.fact) for h, _ in _said(clinic, patient, visit, LevelFound)]
    return max(found, key=lambda each: each[0])[1] if found else None


def last_music(clinic: OpenClinic, patient: UUID, visit: UUID) -> MusicRated | None:
    """How the music was in the newest of the patient's earlier visits that says so; rehearsals go by themselves."""
    found = [(h.at_us, h.order, h.fact) for h, _ in _said(clinic, patient, visit, MusicRated)]
    return max(found, key=lambda each: each[:2])[2] if found else None


def last_place(clinic: OpenClinic, patient: UUID, visit: UUID) -> tuple[PatientLocated, date] | None:
    """Where the patient was in the newest of their earlier visits that says so, and its day; to be asked about, never
    taken over. Rehearsals go by themselves."""
    found = _said(clinic, patient, visit, PatientLocated)
    if not found:
        return None
    newest, zone = max(found, key=lambda each: each[0].at_us)
    return newest.fact, local(newest.at_us, zone).date()


def last_weight(clinic: OpenClinic, patient: UUID, visit: UUID) -> WeightMeasured | None:
    """The newest weight, by the day it was measured, of the patient's other visits; rehearsals go by themselves."""
    found = [h.fact for h, _ in _said(clinic, patient, visit, WeightMeasured)]
    return max(found, key=lambda each: each.measured_on, default=None)


def _others(clinic: OpenClinic, patient: UUID, visit: UUID) -> Iterator[tuple[Line, VisitOpened]]:
    """The patient's other visits, the newest first; rehearsals beside rehearsals only."""
    here = clinic.visit(visit).session.opened
    for line in clinic.visits_of(patient):
        opened = line.session.opened
        if line.id != visit and opened is not None and opened.rehearsal == (here is not None and here.rehearsal):
            yield line, opened


def _said(clinic: OpenClinic, patient: UUID, visit: UUID, kind: type[Fact]) -> list[tuple[Happening, tzinfo]]:
    """What stands of a kind in the patient's other visits, each with its time zone."""
    return [
        (each, line.session.zone)
        for line, _ in _others(clinic, patient, visit)
        for each in clinic.visit(line.id).session.history.standing(kind)
    ]
