"""What can be said of a patient before a dose and of their record, and by whom; where not, why, in one sentence."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from kapdesk.clinic.judges import SHORTEST_REASON, amounts
from kapdesk.clinic.roles import told
from kapdesk.clinical import dosing, forms
from kapdesk.clock import MINUTE_US
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Correction, Fact, Struck
from kapdesk.facts.patient import (
    ConsentGiven,
    CoursePlanned,
    CrisisContactsSet,
    FormAnswered,
    IndicationStated,
    KeptLonger,
    MaintenancePlanned,
    MedicallyCleared,
    MergedInto,
    MilestoneReached,
    MusicWishes,
    OrderWritten,
    PatientRegistered,
    PieceAvoided,
    RegistrationWithdrawn,
    Screened,
    TookIn,
    VisitCame,
    VisitGone,
    VisitPlanned,
)
from kapdesk.facts.people import may
from kapdesk.facts.session import DoseGiven
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import UNDO_US
from kapdesk.record.recorder import Intent, Judge

LONGEST_NAME = 200
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
OLDEST_BIRTH = 1890
MOST_WEEKS = 104
MOST_VISITS = 100
NO_DATE = "That is no date. Type it as year-month-day, for example 2026-12-31."
_REASON = "The reason is missing. It stays on the record; type why."
WITHDRAWN = "This registration was taken back, with the import it came by."
_GONE = "What should be changed is not in this record any more. Nothing was recorded; look again."
AHEAD_S = 14 * 3600
"""Dates are compared a day ahead of UTC, for somewhere it is tomorrow already."""


def of_record(clinic: Callable[[], Clinic], whole: Callable[[UUID], Patient], visited: Callable[[UUID], bool]) -> Judge:
    """Whether a record may say it. `whole` gives the patient whose record an id is, merged ones together; `visited`
    tells whether there is a visit under it."""

    def judge(patient: Patient, intent: Intent) -> str | None:
        fact = intent.fact
        if isinstance(fact, Struck | Correction):
            return _amendment(patient, fact, intent) or _truth(fact, intent, clinic())
        if patient.withdrawn:
            return f"{WITHDRAWN} Nothing was recorded; put the import back first (The clinic)."
        if isinstance(fact, RegistrationWithdrawn):
            return _withdrawn(patient, fact, whole, visited)
        if isinstance(fact, MergedInto | TookIn):
            return _merge(patient, fact, whole)
        if isinstance(fact, VisitGone | VisitCame):
            return _REASON if len(fact.reason.strip()) < SHORTEST_REASON else None
        if whole(patient.id).id != patient.id:
            return "This record was merged into another one. Nothing was recorded; open that one and write there."
        return _said(fact, intent, clinic())

    return judge


def name_doubt(text: str) -> str | None:
    """What is wrong with a name; None where it can stand on paper.

    A name holds a letter, is no page of text, and has nothing in it that turns the words beside it around (Unicode's
    overrides and isolates, TR9) or that no printer prints. Any script, marks of right-to-left text and emoji can be.
    """
    if not any(c.isalpha() for c in text):
        return "The patient's name is missing. Type it as on their papers."
    if len(text) > LONGEST_NAME:
        return f"That name has {len(text)} letters, and {LONGEST_NAME} are the most. Type it as on their papers."
    if unprintable(text) or len(text.splitlines()) > 1 or "\t" in text:
        return "There is something in that name that cannot be printed. Type it anew."
    return None


def unprintable(text: str) -> bool:
    """Whether control characters (lines may end), halves of characters, or what turns the words beside it around stand
    in a text."""
    return any(unicodedata.category(c) in ("Cc", "Cs") or c in _TURNING for c in text if c not in "\n\t")


def birth_doubt(born_on: str, now_us: int) -> str | None:
    """What is wrong with a birth date (YYYY-MM-DD); None where it can be."""
    born = day(born_on)
    if born is None:
        return "That birth date is no date. Type it as year-month-day, for example 1980-12-31."
    if not born.year >= OLDEST_BIRTH or born > _today(now_us):
        return f"Born {born_on} cannot be. Check the birth date."
    return None


def day(text: str) -> date | None:
    """A date written YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _today(now_us: int) -> date:
    return datetime.fromtimestamp(now_us / 1e6 + AHEAD_S, UTC).date()


def _amendment(patient: Patient, fact: Struck | Correction, intent: Intent) -> str | None:
    target = patient.history.get(fact.target)
    if target is None or target.struck:
        return _GONE
    if isinstance(target.fact, VisitGone | VisitCame):
        return "A move stands. If it was wrong, move the visit again."
    if patient.withdrawn and not (isinstance(fact, Struck) and isinstance(target.fact, RegistrationWithdrawn)):
        return f"{WITHDRAWN} Nothing was recorded; put the import back first (The clinic)."
    if isinstance(fact, Struck):
        if isinstance(target.fact, PatientRegistered):
            return "A registration is not struck out. Correct it, or say that the record is of someone known already."
        if fact.undo and intent.now_us - target.entered_at_us > UNDO_US:
            return "That was more than a few seconds ago. Strike it out with a reason instead."
    elif type(fact.truth) is not type(target.fact):
        return "A correction says the same kind of thing. Strike it out and record anew instead."
    elif fact.at_us > intent.now_us + MINUTE_US:
        return "That time is still to come. Choose a time up to now."
    return _REASON if len(fact.reason.strip()) < SHORTEST_REASON else None


def _truth(fact: Struck | Correction, intent: Intent, clinic: Clinic) -> str | None:
    """What is said instead can stand as if it were said for the first time."""
    if isinstance(fact, Struck):
        return None
    return _said(fact.truth, msgspec.structs.replace(intent, fact=fact.truth), clinic)


def _merge(patient: Patient, fact: MergedInto | TookIn, whole: Callable[[UUID], Patient]) -> str | None:
    if fact.patient == patient.id:
        return "That is one and the same record. Nothing was recorded; choose the other one."
    if whole(fact.patient).registered is None:
        return "The other record is not in this clinic. Nothing was recorded."
    if whole(fact.patient).withdrawn:
        return "The other registration was taken back. Nothing was recorded; put the import back first (The clinic)."
    if isinstance(fact, MergedInto) and whole(patient.id).id != patient.id:
        return "This record was merged into another one already. Nothing was recorded."
    return _REASON if len(fact.reason.strip()) < SHORTEST_REASON else None


def _withdrawn(
    patient: Patient,
    fact: RegistrationWithdrawn,
    whole: Callable[[UUID], Patient],
    visited: Callable[[UUID], bool],
) -> str | None:
    if patient.registered is None:
        return "There is no such registration. Nothing was taken back."
    if visited(patient.id):
        return "There is a visit under this name, so the registration stays. Move the visit first if it is another’s."
    if len(whole(patient.id).records) > 1 or patient.merged_into or patient.took_in:
        return "This record is read together with another one, so it stays. Part the two first."
    return _REASON if len(fact.reason.strip()) < SHORTEST_REASON else None


def _said(fact: Fact, intent: Intent, clinic: Clinic) -> str | None:
    match fact:
        case PatientRegistered():
            return name_doubt(fact.name) or _turned(fact) or birth_doubt(fact.born_on, intent.now_us)
        case IndicationStated() if not fact.indication.strip():
            return "What the treatment is for is missing. Type it in a word or two."
        case CoursePlanned() if not 0 < fact.dosing_visits <= MOST_VISITS:
            return f"A course has 1 to {MOST_VISITS} dosing visits. Type how many are planned."
        case KeptLonger():
            return _kept_longer(fact, intent)
        case OrderWritten():
            return _ordered(fact, intent, clinic)
        case MedicallyCleared():
            return _cleared(fact, intent, clinic)
        case Screened() if not fact.item.strip() or fact.answer not in ("yes", "no"):
            return "That is no answer to the screening. Choose yes or no; a remark can stand beside it."
        case ConsentGiven() if not fact.item.strip() or not fact.words.strip():
            return "That is no line of the consent. Nothing was recorded."
        case CrisisContactsSet() if not fact.text.strip():
            return "Nobody is named. Type whom to call, with the number."
        case FormAnswered():
            return _answered(fact, intent)
        case VisitPlanned():
            return _planned(fact, intent)
        case MusicWishes() if any(not tag.strip() for tag in fact.avoid):
            return "One of the kinds of music has no name. Choose it from the list, or type a word."
        case PieceAvoided() if not (fact.title.strip() and fact.file.strip()):
            return "It is not known which piece that is. Nothing was recorded."
        case MilestoneReached() if not fact.text.strip():
            return "What was reached is missing. Type it in a word or two."
        case MaintenancePlanned() if not 0 <= fact.every_weeks <= MOST_WEEKS:
            return f"Between two visits lie 1 to {MOST_WEEKS} weeks. Type how many, or 0 for none any more."
        case _:
            return None


def _turned(fact: PatientRegistered) -> str | None:
    for text in (fact.preferred_name, fact.record_number, fact.allergies):
        if unprintable(text):
            return "There is something in this registration that cannot be printed. Type that line anew."
    return None


def _answered(fact: FormAnswered, intent: Intent) -> str | None:
    try:
        form = forms.parse(fact.scoring, fact.form)
    except KnownError as error:
        return f"{error} Nothing was recorded; the answers are still here."
    if form.id != fact.form:
        return "The scoring belongs to another form. Nothing was recorded; open the form again."
    on = day(fact.on)
    if on is None:
        return NO_DATE
    if on > _today(intent.now_us):
        return "That day is still to come. Type the day on which it was answered."
    return forms.doubt(form, fact.answers)


def _planned(fact: VisitPlanned, intent: Intent) -> str | None:
    on = day(fact.on)
    if on is None:
        return NO_DATE
    if on < datetime.fromtimestamp(intent.now_us / 1e6 - AHEAD_S, UTC).date():
        return "That day has passed. Type the day of a visit to come."
    return None


def _cleared(fact: MedicallyCleared, intent: Intent, clinic: Clinic) -> str | None:
    person: Any = clinic.people.get(intent.actor.by)
    if person is None or not {"prescriber", "medical staff"} & set(person.roles):
        who = told(person)
        return f"{who} may not clear a patient medically. Choose the prescriber or medical staff who examined them."
    on, until = day(fact.on), day(fact.valid_until)
    if on is None or until is None:
        return NO_DATE
    if on > _today(intent.now_us):
        return "That day is still to come. Type the day on which they were examined."
    if until < on:
        return "It would have ended before it began. Check both dates."
    return None


def _ordered(order: OrderWritten, intent: Intent, clinic: Clinic) -> str | None:
    """An order comes from a prescriber, and says what can be given. By word it may be entered by others."""
    person = clinic.people.get(intent.actor.by)
    if person is None or not may(person.roles, "prescribe"):
        return f"{told(person)} may not order a medication. Choose the prescriber who ordered it."
    if sentence := amounts(DoseGiven(order.medication, order.dose_ug, order.route)):
        return sentence
    if not 0 <= order.booster_up_to_ug <= dosing.MOST_UG:
        return "That booster is not possible. Type what was ordered, or 0 for none."
    until = day(order.valid_until)
    if until is None:
        return NO_DATE
    if until < datetime.fromtimestamp(intent.now_us / 1e6, UTC).date():
        return "That day has passed: the order would hold no more. Choose a later day."
    return None


def _kept_longer(fact: KeptLonger, intent: Intent) -> str | None:
    if len(fact.reason.strip()) < SHORTEST_REASON:
        return "The reason is missing. Say why this record is kept longer."
    until = day(fact.until)
    if until is None:
        return NO_DATE
    if until <= datetime.fromtimestamp(intent.now_us / 1e6, UTC).date():
        return "That date has passed. A record can be kept longer, not shorter; choose a later day."
    return None
