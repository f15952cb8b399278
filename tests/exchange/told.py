"""An invented visit for the tests of what leaves the house: signed, amended, with something of every kind."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from kapdesk import paths
from kapdesk.clinical import protocol as protocols
from kapdesk.exchange.visit import Visit
from kapdesk.facts import care, session
from kapdesk.facts.clinic import ClinicFounded, PersonAdded, StationEnrolled
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.papers import Countersigned
from kapdesk.facts.patient import FormAnswered, IndicationStated, OrderWritten, PatientRegistered
from kapdesk.note import wording
from kapdesk.people import clinic as clinics
from kapdesk.people import patient as patients
from kapdesk.record.history import Happening
from kapdesk.session.state import fold
from tests.fakes import happened, minute

TOML = paths.shipped("resources", "protocols", "im-booster.toml").read_text(encoding="utf-8")
PHQ9 = paths.shipped("resources", "forms", "phq-9.toml").read_text(encoding="utf-8")
SESSION, PATIENT, CLINIC_ID = UUID(int=0x5E55), UUID(int=0x7007), UUID(int=0xC11)
NURSE, THERAPIST, DOCTOR = "sample-person-1", "sample-person-2", "sample-person-3"
CLINIC = clinics.fold(
    [
        happened(ClinicFounded("Sample Clinic", "Europe/Warsaw", "a4"), -60),
        happened(PersonAdded(NURSE, "Nurse One", ("medical staff",), "RN"), -59),
        happened(PersonAdded(THERAPIST, "Therapist Two", ("therapist",), "LMFT"), -58),
        happened(PersonAdded(DOCTOR, "Doctor Three", ("prescriber",), "MD"), -57),
        happened(StationEnrolled("room-1", "Room 1", "00"), -56),
    ]
)
REGISTERED = PatientRegistered("Sample Patient A", "1984-03-09", "Ania", "NL-7", "penicillin (rash)")
KNOWN: tuple[tuple[Fact, float], ...] = (
    (REGISTERED, -50),
    (IndicationStated("Depression", "two medicines"), -40),
    (OrderWritten("ketamine", "im", 60_000, 30_000, "2026-12-31", "slowly"), -30),
    (FormAnswered("phq-9", PHQ9, (2, 2, 1, 2, 1, 1, 2, 1, 0, 1), "2026-03-02"), -20),
)
DOSE, RESCUE, READING, WRONG, RATED, UNWELL = (UUID(int=n) for n in range(0xA0, 0xA6))
LOT = ("K2291B", "2027-08")


def corrected(target: UUID, at: float, reason: str, truth: Fact) -> session.Corrected:
    return session.Corrected(target=target, at_us=minute(at), reason=reason, truth=truth)  # type: ignore[arg-type]


WHO: dict[type[Fact], str] = {
    session.Locked: THERAPIST,
    care.DoseChecked: THERAPIST,
    care.PsychotherapyBegan: THERAPIST,
    Countersigned: DOCTOR,
    OrderWritten: DOCTOR,
}
"""Who says what; all else the nurse."""


def _told(n: int, fact: Fact, at: float, id_: UUID | None = None) -> Happening:
    by = WHO.get(type(fact), NURSE)
    return msgspec.structs.replace(happened(fact, at, counter=n, id_=id_), by=by, entered_by=by)


def amended(*more: tuple[Fact, float]) -> list[Happening]:
    """What was recorded of the visit, in its order: a dose corrected, a reading struck, one undone, a late line."""
    said = session
    facts: list[tuple[Fact, float] | tuple[Fact, float, UUID]] = [
        (said.VisitOpened("dosing", PATIENT, False, "Europe/Warsaw", "a4", "2"), 0),
        (said.ProtocolChosen(TOML, protocols.sha256(TOML)), 0),
        (said.PersonCameIn(NURSE, "Nurse One", ("medical staff",), "RN"), 1),
        (said.PersonCameIn(THERAPIST, "Therapist Two", ("therapist",), "LMFT"), 1),
        (said.PatientArrived(), 2),
        (said.WeightMeasured(68_400, "2026-03-01"), 3),
        (said.IntentionSet("To meet my father."), 4),
        (said.VitalsTaken(122, 78, 71, 98, 14, 366, "left", "sitting", 0), 5),
        (said.Cleared(), 12),
        (said.DoseGiven("ketamine", 60_000, "im", "left deltoid", 50_000, 1_200, *LOT), 20, DOSE),
        (care.DoseChecked(DOSE), 21),
        (corrected(DOSE, 19, "entered late", said.DoseGiven("ketamine", 60_000, "im", "", 50_000, 1_200, *LOT)), 22),
        (said.VitalsTaken(172, 101, 95, 89, oxygen_ml_per_min=1_500, read_by="device"), 30, READING),
        (care.BreachAnswered(READING, "prescriber told"), 31),
        (said.VitalsTaken(72, 40), 32, WRONG),
        (Struck(WRONG, "another patient’s cuff"), 33),
        (said.VitalsNotTaken("asleep"), 40),
        (care.ScaleRated("RASS", -2, "sleepy"), 41, RATED),
        (care.ScaleNotRated("MOAA/S", "asleep"), 42),
        (said.NoteTaken("=SUM(A1) <b>& tears", "Tears", True), 50),
        (care.AdverseEventNoted("Nausea", "mild", "ginger"), 60, UNWELL),
        (said.DoseGiven("ondansetron", 4_000, "oral"), 61, RESCUE),
        (care.AdverseEventSettled(UNWELL, "gone"), 70),
        (care.PsychotherapyBegan("parts work"), 90),
        (said.SummaryWritten("how it went", "Calm.\nSpoke late."), 140),
        (said.PatientLeft("a friend"), 148),
        (said.Ended("completed"), 150),
        (said.Locked(), 160),
        (Countersigned("ab" * 32, "I have read this note and agree with it."), 170),
        (said.AddendumWritten("Called the next day: well."), 1500),
        *more,
    ]
    return [_told(n, *each) for n, each in enumerate(facts)]


def visit(
    happenings: Sequence[Happening] | None = None,
    known: Sequence[tuple[Fact, float]] = KNOWN,
    made: float = 2000,
) -> Visit:
    """The visit, its patient and its clinic."""
    patient = patients.fold(PATIENT, [_told(n, *each) for n, each in enumerate(known)])
    told = fold(amended() if happenings is None else happenings)
    return Visit(SESSION, told, patient, CLINIC, CLINIC_ID, minute(made), wording.said)
