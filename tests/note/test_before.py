"""What was known of the patient before the dose, on paper: as it stood on the day, and before whoever signed."""

from uuid import UUID

from kapdesk import paths
from kapdesk.facts.care import EscortNamed
from kapdesk.facts.clinic import ClinicFounded, PersonAdded
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import (
    ConsentGiven,
    CrisisContactsSet,
    FormAnswered,
    IndicationStated,
    MedicallyCleared,
    MergedInto,
    PatientRegistered,
    Screened,
    TookIn,
)
from kapdesk.facts.session import Ended, Locked, PatientArrived, SummaryWritten, UpTo, VisitOpened
from kapdesk.note.content import as_signed, note_of
from kapdesk.note.handover import handover_of
from kapdesk.note.layout import lay_out
from kapdesk.note.paper import Note
from kapdesk.note.sheet import text_of
from kapdesk.people import clinic as clinics
from kapdesk.people import patient as patients
from kapdesk.people.merging import together
from kapdesk.people.patient import Patient
from kapdesk.session.state import Session, fold
from tests.fakes import happened
from tests.note.reading import poppler, unspaced

PATIENT = UUID(int=7)
DOCTOR, NURSE = "sample-person-1", "sample-person-2"
DAY = 24 * 60
CLINIC = clinics.fold(
    [
        happened(ClinicFounded("Sample Clinic", "Europe/Warsaw", "a4"), 0),
        happened(PersonAdded(DOCTOR, "Doctor One", ("prescriber",)), 1, counter=1),
        happened(PersonAdded(NURSE, "Nurse One", ("medical staff",)), 1, counter=2),
    ]
)
KNOWN: tuple[tuple[float, Fact], ...] = (
    (0, IndicationStated("Depression that does not lift", "two medicines, talks")),
    (1, MedicallyCleared("2026-03-01", "ECG, blood pressure", "2026-09-01")),
    (2, Screened("mind", "Psychosis or mania", "no")),
    (2, Screened("apnoea", "Sleep apnoea", "yes", "has a mask")),
    (3, ConsentGiven("treatment", "The treatment", True)),
    (3, ConsentGiven("recording", "Recording by sound or picture", False)),
    (4, CrisisContactsSet("A friend, 555-0100")),
)


def somebody(*more: tuple[float, Fact]) -> Patient:
    said = ((0, PatientRegistered("Sample Patient A", "1984-03-09")), *KNOWN, *more)
    return patients.fold(PATIENT, [happened(fact, at, counter=n, seq=n) for n, (at, fact) in enumerate(said)])


def visit(*more: Fact) -> Session:
    opened = VisitOpened("dosing", PATIENT, False, "Europe/Warsaw", "a4")
    said = (opened, PatientArrived(), EscortNamed("A friend", "555-0101", reached=True), *more)
    return fold([happened(fact, 10 + n, counter=n, seq=n) for n, fact in enumerate(said)])


def note(patient: Patient, session: Session) -> Note:
    return note_of(session, *as_signed(session, patient, CLINIC))


def test_the_note_says_each_with_its_day_and_whose_it_is() -> None:
    made = note(somebody(), visit())
    assert made.indication == "Depression that does not lift\nTried before: two medicines, talks"
    assert [(each.name, each.words, each.said) for each in made.before] == [
        ("Medically cleared", "Until 2026-09-01: ECG, blood pressure", "2026-03-01, Doctor One"),
        ("Screening", "Yes: Sleep apnoea (has a mask)\nNo: Psychosis or mania", "2026-03-02, Doctor One"),
        ("Consent", "Agreed: The treatment\nNot agreed: Recording by sound or picture", "2026-03-02, Doctor One"),
        ("In a crisis", "A friend, 555-0100", "2026-03-02, Doctor One"),
    ]
    assert ("Escort", "A friend, 555-0101, reached") in [(each.name, each.value) for each in made.times]


def test_an_indication_written_for_the_note_stands_before_the_one_on_record() -> None:
    assert note(somebody(), visit(SummaryWritten("indication", "Grief"))).indication == "Grief"


def test_what_was_said_days_later_is_not_on_the_note_of_this_visit() -> None:
    later = ((3 * DAY, IndicationStated("Pain", "")), (3 * DAY, ConsentGiven("recording", "Recording", True)))
    made, first = note(somebody(*later), visit()), note(somebody(), visit())
    assert (made.indication, made.before) == (first.indication, first.before)


def test_a_signed_note_keeps_to_what_stood_before_the_one_who_signed() -> None:
    covers = (UpTo(Stream("patient", str(PATIENT)), "room-1", len(KNOWN)),)
    signed = visit(Ended("no dose given"), Locked(covers))
    changed = somebody((5, ConsentGiven("treatment", "The treatment", False)), (5, IndicationStated("Pain", "")))
    assert note(changed, signed).before == note(somebody(), signed).before
    assert note(changed, signed).indication.startswith("Depression")
    assert note(changed, visit()).indication == "Pain"


def test_all_of_it_is_on_paper_and_none_of_it_on_the_sheet_for_the_ambulance() -> None:
    made = note(somebody(), visit())
    text = unspaced(poppler(lay_out(made)))
    known = [part for each in made.before for part in (each.name, *each.words.splitlines(), *each.said.split(", "))]
    for words in (*known, *made.indication.splitlines(), "A friend, 555-0101, reached"):
        assert unspaced(words) in text
    handed = unspaced(text_of(handover_of(made)))
    assert unspaced("In a crisis") not in handed
    assert unspaced("Depression that does not lift") not in handed


def test_the_note_of_a_patient_with_two_records_bears_both_numbers_and_the_allergies_of_both() -> None:
    other = UUID(int=8)
    one = patients.fold(
        PATIENT,
        [
            happened(PatientRegistered("Sample Patient A", "1984-03-09", "", "R-17", "latex"), 0),
            happened(MergedInto(other, "registered twice"), 1),
        ],
    )
    on = patients.fold(
        other,
        [
            happened(PatientRegistered("Patient A Sample", "1984-03-09", "", "R-18", "penicillin"), 0),
            happened(TookIn(PATIENT, "registered twice"), 1),
        ],
    )
    made = note(together({PATIENT: one, other: on}, PATIENT), visit())
    assert (made.patient.number, made.patient.allergies) == ("R-18, also R-17", "penicillin; latex")


def test_the_newest_of_each_questionnaire_stands_with_its_band_and_change_as_known_that_day() -> None:
    gad = (paths.shipped("resources", "forms") / "gad-7.toml").read_text(encoding="utf-8")
    phq = (paths.shipped("resources", "forms") / "phq-9.toml").read_text(encoding="utf-8")
    known = (
        (5, FormAnswered("gad-7", gad, (2,) * 7, "2026-02-16")),
        (6, FormAnswered("gad-7", gad, (1,) * 7, "2026-03-02")),
        (7, FormAnswered("phq-9", phq, (*(0,) * 8, 1, 0), "2026-03-02")),
        (3 * DAY, FormAnswered("gad-7", gad, (0,) * 7, "2026-03-01")),
    )
    made = note(somebody(*known), visit())
    assert made.scores == (
        "GAD-7, 2026-03-02 (Doctor One): 7 of 21, mild; −7 since the first, −7 since the last.",
        "PHQ-9, 2026-03-02 (Doctor One): 1 of 27. Flagged: Thoughts of death or self-harm.",
    )
    assert unspaced(made.scores[0]) in unspaced(poppler(lay_out(made)))
    third = note(somebody((4, FormAnswered("gad-7", gad, (3,) * 7, "2026-02-02")), *known), visit()).scores[0]
    assert third.endswith("All totals: 21 on 2026-02-02, 14 on 2026-02-16, 7 on 2026-03-02.")
    assert "GAD-7" not in text_of(handover_of(made))
    covers = (UpTo(Stream("patient", str(PATIENT)), "room-1", len(KNOWN) + 1),)
    signed = note(somebody(*known), visit(Ended("no dose given"), Locked(covers)))
    assert signed.scores == ("GAD-7, 2026-02-16 (Doctor One): 14 of 21, moderate.",)
