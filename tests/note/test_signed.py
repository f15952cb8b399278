"""A signed note says what was known when it was signed."""

from uuid import uuid4

from kapdesk.facts.clinic import PersonAdded
from kapdesk.facts.entry import Stream
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.session import Corrected, Ended, Locked, UpTo
from kapdesk.note.content import as_signed
from kapdesk.people import clinic as clinics
from kapdesk.people import patient as patients
from kapdesk.session.state import fold
from tests.fakes import happened, minute


def test_a_signed_note_names_patient_and_staff_as_they_were_known_when_it_was_signed() -> None:
    """A name corrected afterwards changes the record, and the next visit's note, not a note that was signed."""
    registered = happened(PatientRegistered("Sample Patient A", "1984-03-09"), 0, seq=0)
    renamed = PatientRegistered("Sample Patient B", "1984-03-09")
    patient = patients.fold(
        uuid4(), [registered, happened(Corrected(registered.id, renamed, minute(0), "x"), 9, seq=1)]
    )
    nurse = happened(PersonAdded("p-1", "Nurse One", ("medical staff",)), 1, seq=0)
    married = Corrected(nurse.id, PersonAdded("p-1", "Nurse Eleven", ("medical staff",)), minute(1), "married")
    staff = [nurse, happened(married, 9, seq=1), happened(PersonAdded("p-3", "Clerk Three", ("records",)), 9, seq=2)]
    clinic = clinics.fold(staff)
    covers = tuple(
        UpTo(Stream(kind, id_), "room-1", 0)  # type: ignore[arg-type]
        for kind, id_ in (("patient", str(patient.id)), ("clinic", "x"))
    )
    ended = happened(Ended("completed"), 1, seq=0)

    unsigned = as_signed(fold([ended]), patient, clinic)
    assert (unsigned[0].name, unsigned[1].name_of("p-1")) == ("Sample Patient B", "Nurse Eleven")
    signed = as_signed(fold([ended, happened(Locked(covers), 2, seq=1)]), patient, clinic)
    assert (signed[0].name, signed[1].name_of("p-1")) == ("Sample Patient A", "Nurse One")
    assert signed[1].name_of("p-3") == "Clerk Three"
