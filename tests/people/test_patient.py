"""Who a patient is, and who a new one may already be."""

from uuid import uuid4

import pytest

from kapdesk.facts.fact import Struck, Unread
from kapdesk.facts.patient import Corrected, PatientRegistered
from kapdesk.people.patient import Patient, alike, evolve, fold
from tests.fakes import happened

ID = uuid4()


def known(name: str, born_on: str = "1980-01-01", preferred: str = "", number: str = "") -> Patient:
    return fold(uuid4(), [happened(PatientRegistered(name, born_on, preferred, number), 0)])


@pytest.mark.parametrize(
    ("new", "other"),
    [
        ("José Núñez", "Jose NUNEZ"),
        ("Łucja Wójcik", "Wojcik Lucja"),
        ("Nguyễn Thị Đào", "Dao Nguyen"),
        ("Anna-Maria Sample", "Maria Other"),
        ("Sample Patient A", "A Sample"),
        ("STRASSE, Test", "Straße Test"),
        ("José", "Jose\u0301"),
    ],
)
def test_the_same_birth_date_and_a_name_alike_may_be_the_same_patient(new: str, other: str) -> None:
    patient = known(other)
    assert alike(PatientRegistered(new, "1980-01-01"), [patient]) == [patient]
    assert alike(PatientRegistered(new, "1980-01-02"), [patient]) == []


def test_a_preferred_name_counts_on_either_side() -> None:
    patient = known("Sample Patient A", preferred="Ola")
    assert alike(PatientRegistered("Other Name", "1980-01-01", "ola"), [patient]) == [patient]
    assert alike(PatientRegistered("Ola Other", "1980-01-01"), [patient]) == [patient]


def test_the_same_record_number_is_enough_whatever_the_name() -> None:
    patient = known("Sample Patient A", number="R-17a")
    assert alike(PatientRegistered("Someone Else", "1999-09-09", record_number="r-17A"), [patient]) == [patient]
    assert alike(PatientRegistered("Someone Else", "1999-09-09"), [known("Sample Patient B")]) == []


def test_nobody_alike_and_nobody_readable() -> None:
    unreadable = fold(uuid4(), [happened(Unread("patient-registered", "erased"), 0)])
    assert alike(PatientRegistered("Sample Patient A", "1980-01-01"), [unreadable, known("Other Name")]) == []
    assert unreadable.name == "Unknown patient"


def test_a_patient_is_called_as_they_wish() -> None:
    assert known("Sample Patient A").called == "Sample Patient A"
    assert known("Sample Patient A", preferred="Ann").called == "Ann"


def test_a_correction_and_a_striking_tell_who_the_patient_is_live_as_on_reading() -> None:
    first = happened(PatientRegistered("Sampel", "1980-01-01"), 0)
    mended = happened(Corrected(first.id, PatientRegistered("Sample", "1980-01-01"), first.at_us, "misread"), 1)
    struck = happened(Struck(first.id, "registered twice"), 2)
    live = evolve(evolve(Patient(ID), first), mended)
    assert live.name == "Sample"
    assert live == fold(ID, [mended, first])
    assert evolve(live, struck).registered is None
    assert evolve(live, struck) == fold(ID, [struck, first, mended])
