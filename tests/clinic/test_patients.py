"""A patient's record at the desk: corrected, merged, parted; and each sentence that says why not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kapdesk.clinic import merging
from kapdesk.clinic.attached import place_of
from kapdesk.clinic.carried import carried
from kapdesk.clinic.erase import of_patient
from kapdesk.clinic.keeping import records
from kapdesk.clinic.private import PrivateNotes
from kapdesk.clinic.room import Room
from kapdesk.errors import KnownError
from kapdesk.facts import clinic as clinic_facts
from kapdesk.facts.clinic import PersonAdded
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.patient import (
    ConsentGiven,
    Corrected,
    CoursePlanned,
    CrisisContactsSet,
    IndicationStated,
    MedicallyCleared,
    MergedInto,
    OrderWritten,
    PatientRegistered,
    Screened,
    TookIn,
)
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import Ended, IntentionSet, Locked, MusicPlanned
from kapdesk.note.content import as_signed
from tests.desk import Desk
from tests.fakes import Computer
from tests.plain import PLAIN, approve

ORDER = OrderWritten("ketamine", "im", 50_000, 0, "2099-01-01")


@pytest.fixture
def desk(folder: Path, computer: Computer) -> Iterator[Desk]:
    desk = Desk(folder, computer)
    yield desk
    desk.close()


@pytest.fixture
def nurse(desk: Desk) -> Actor:
    return desk.person()


def says(desk: Desk, patient: UUID, fact: Fact, actor: Actor) -> UUID:
    return desk.kept(desk.clinic.patient_recorder(patient).record(fact, actor)).statement.id


def merged(desk: Desk, nurse: Actor, one: UUID, into: UUID) -> None:
    for each in merging.merge(desk.clinic, one, into, "registered twice", nurse):
        desk.kept(each)


def visited(desk: Desk, patient: UUID, nurse: Actor, intention: str = "") -> Room:
    approve(desk.clinic)
    desk.settle()
    room = desk.clinic.open_session(patient, PLAIN, MusicPlanned("sample", ()), nurse)
    desk.dosed(room)
    if intention:
        desk.kept(room.record(IntentionSet(intention)))
    desk.pass_(30)
    desk.kept(room.record(Ended("left against advice")))
    desk.clinic.leave(room)
    desk.pass_(60)
    return room


def test_a_registration_is_corrected_with_a_reason_and_the_first_word_stays(desk: Desk, nurse: Actor) -> None:
    id_ = desk.patient(nurse, "Sampel Patient")
    first = desk.clinic.patients[id_].history.standing(PatientRegistered)[0]
    truth = PatientRegistered("Sample Patient", "1980-01-01")
    says(desk, id_, Corrected(first.id, truth, first.at_us, "misspelt"), nurse)
    (now,) = desk.clinic.patients[id_].history.standing(PatientRegistered)
    assert desk.clinic.patients[id_].name == "Sample Patient"
    assert (now.first.name, now.why) == ("Sampel Patient", "misspelt")


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (PatientRegistered("\u200b\u200e ?", "1980-01-01"), "name is missing"),
        (PatientRegistered("Sample\u202e A", "1980-01-01"), "something in that name that cannot be printed"),
        (PatientRegistered("Sample\nA", "1980-01-01"), "something in that name that cannot be printed"),
        (PatientRegistered("x" * 5_000, "1980-01-01"), "That name has 5000 letters"),
        (PatientRegistered("Sample", "1980-01-01", allergies="\x1b[0m"), "in this registration that cannot be printed"),
        (PatientRegistered("Sample", "1980-02-31"), "That birth date is no date"),
        (PatientRegistered("Sample", "2027-01-01"), "Born 2027-01-01 cannot be"),
        (PatientRegistered("Sample", "1700-01-01"), "Born 1700-01-01 cannot be"),
        (IndicationStated(" ", "two medicines"), "What the treatment is for is missing"),
        (MedicallyCleared("2026-13-01", "ECG", "2026-12-31"), "That is no date"),
        (MedicallyCleared("2026-05-01", "ECG", "2026-12-31"), "still to come"),
        (MedicallyCleared("2026-03-01", "ECG", "2026-02-28"), "ended before it began"),
        (Screened("heart", "Heart", "perhaps"), "no answer to the screening"),
        (ConsentGiven("", "", True), "no line of the consent"),
        (CrisisContactsSet(" "), "Nobody is named"),
        (Struck(UUID(int=9), "no such thing"), "not in this record any more"),
        (MergedInto(UUID(int=9), "registered twice"), "not in this clinic"),
        (TookIn(UUID(int=9), "registered twice"), "not in this clinic"),
    ],
)
def test_what_cannot_be_said_of_a_patient_is_refused_in_one_sentence(
    desk: Desk, nurse: Actor, fact: Fact, sentence: str
) -> None:
    id_ = desk.patient(nurse)
    with pytest.raises(KnownError, match=sentence):
        desk.clinic.patient_recorder(id_).record(fact, nurse)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda t: Struck(t, "registered twice"), "A registration is not struck out"),
        (lambda t: Corrected(t, PatientRegistered("Sample", "1980-01-02"), 0, " "), "The reason is missing"),
        (lambda t: Corrected(t, PatientRegistered(" ", "1980-01-02"), 0, "misread"), "name is missing"),
        (lambda t: Corrected(t, PatientRegistered("Sample", "1980-31-01"), 0, "misread"), "no date"),
        (lambda t: Corrected(t, CrisisContactsSet("x"), 0, "misread"), "the same kind of thing"),
        (lambda t: Corrected(t, PatientRegistered("Sample", "1980-01-02"), 2**52, "misread"), "still to come"),
    ],
)
def test_a_correction_is_judged_like_what_it_corrects(
    desk: Desk, nurse: Actor, make: Callable[[UUID], Fact], sentence: str
) -> None:
    id_ = desk.patient(nurse)
    target = desk.clinic.patients[id_].history.standing(PatientRegistered)[0].id
    with pytest.raises(KnownError, match=sentence):
        desk.clinic.patient_recorder(id_).record(make(target), nurse)
    assert desk.clinic.patients[id_].name == "Sample Patient A"


def test_only_a_prescriber_corrects_an_order_and_only_medical_staff_clears(desk: Desk, nurse: Actor) -> None:
    id_, doctor = desk.patient(nurse), desk.person("Sample Prescriber", "prescriber")
    order = says(desk, id_, ORDER, doctor)
    with pytest.raises(KnownError, match="may not order"):
        desk.clinic.patient_recorder(id_).record(Corrected(order, ORDER, 0, "by hand"), nurse)
    therapist = desk.person("Sample Therapist Two", "therapist")
    cleared = MedicallyCleared("2026-03-01", "ECG, blood pressure", "2026-09-01")
    with pytest.raises(KnownError, match="may not clear a patient medically"):
        desk.clinic.patient_recorder(id_).record(cleared, therapist)
    says(desk, id_, cleared, Actor(doctor.by, therapist.by))  # the doctor's word, typed by the therapist
    assert desk.clinic.patient(id_).newest(MedicallyCleared) == cleared


def test_merged_records_are_one_patient_with_visits_orders_and_the_card_of_both(desk: Desk, nurse: Actor) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample")
    doctor = desk.person("Sample Prescriber", "prescriber")
    says(desk, one, ORDER, doctor)
    says(desk, on, CoursePlanned("rest", 6), nurse)
    visited(desk, one, nurse, "to rest")
    second = visited(desk, on, nurse)
    merged(desk, nurse, one, on)
    assert [each.id for each in desk.clinic.known()] == [on]
    assert {line.patient.id for line in desk.clinic.visits()} == {on}
    assert place_of(desk.clinic, desk.clinic.visit(second.id)) == "session 2 of 6"
    last = carried(desk.clinic, on, second.id)
    assert last is not None
    assert last.intention == "to rest"
    assert [each.fact for each in desk.clinic.patient(on).orders] == [ORDER]
    (kept,) = records(desk.clinic)
    assert kept.visits == 2
    assert {each.id for each in of_patient(desk.clinic, on) if each.kind == "patient"} == {str(one), str(on)}
    third = desk.clinic.open_session(one, PLAIN, MusicPlanned("sample", ()), nurse)
    assert third.patient.id == on  # whoever is still chosen under the old record


def test_a_merged_record_says_no_more_by_itself_and_parting_gives_both_back(desk: Desk, nurse: Actor) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample")
    merged(desk, nurse, one, on)
    with pytest.raises(KnownError, match="was merged into another one"):
        desk.clinic.patient_recorder(one).record(CrisisContactsSet("a friend, 555-0100"), nurse)
    with pytest.raises(KnownError, match="one record already"):
        merging.merge(desk.clinic, on, one, "again", nurse)
    for each in merging.part(desk.clinic, one, "two people after all", nurse):
        desk.kept(each)
    assert {each.id for each in desk.clinic.known()} == {one, on}
    with pytest.raises(KnownError, match="merged into no other"):
        merging.part(desk.clinic, one, "again", nurse)


def test_a_merge_cut_off_after_its_first_word_joins_nobody_and_is_finished_by_asking_again(
    desk: Desk, nurse: Actor
) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample")
    says(desk, one, MergedInto(on, "registered twice"), nurse)
    assert len(desk.clinic.known()) == 2
    merged(desk, nurse, one, on)
    assert [each.id for each in desk.clinic.known()] == [on]
    assert len(desk.clinic.patients[one].history.standing(MergedInto)) == 1
    with pytest.raises(KnownError, match="merged into another one already"):
        desk.clinic.patient_recorder(one).record(MergedInto(on, "again"), nurse)


def test_private_notes_of_both_records_are_read_as_one(desk: Desk, nurse: Actor) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample")
    author = desk.clinic.ring.first
    roles = PersonAdded(author, "Sample Administrator", ("administrator", "therapist"))
    target = next(h for h in desk.clinic.state.history.standing(PersonAdded) if h.fact.person == author)
    desk.kept(desk.clinic.recorder.record(clinic_facts.Corrected(target.id, roles, target.at_us, "both"), ITSELF))
    desk.kept(PrivateNotes(desk.clinic, author, one).write("said under the one"))
    merged(desk, nurse, one, on)
    notes = PrivateNotes(desk.clinic, author, on)
    desk.kept(notes.write("said under the other"))
    assert [each.fact.text for each in notes.mine()] == ["said under the one", "said under the other"]
    assert notes.others() == []


def test_a_merge_needs_a_reason_two_records_and_a_role_that_may_read_patients(desk: Desk, nurse: Actor) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample")
    with pytest.raises(KnownError, match="reason is missing"):
        merging.merge(desk.clinic, one, on, " ", nurse)
    with pytest.raises(KnownError, match="not in this clinic"):
        merging.merge(desk.clinic, one, uuid4(), "registered twice", nurse)
    clerk = desk.person("Sample Clerk", "records")
    with pytest.raises(KnownError, match="may read here, not write"):
        merging.merge(desk.clinic, one, on, "registered twice", clerk)
    assert len(desk.clinic.known()) == 2


def test_no_reason_brings_a_name_into_somebody_elses_record(desk: Desk, nurse: Actor) -> None:
    """Once the two are parted it would stand there for good, and on the notes of the other."""
    one, on = desk.patient(nurse), desk.patient(nurse, "Another Sample B")
    with pytest.raises(KnownError, match="names a patient, and both records keep it"):
        merging.merge(desk.clinic, one, on, "is Sample Patient A, too", nurse)
    merged(desk, nurse, one, on)
    with pytest.raises(KnownError, match="names a patient, and both records keep it"):
        merging.part(desk.clinic, one, "that was another sample-B after all", nurse)
    assert [each.id for each in desk.clinic.known()] == [on]


def test_the_room_of_a_running_visit_knows_the_merge_at_once(desk: Desk, nurse: Actor) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample")
    room = desk.room(nurse, one)
    says(desk, on, CrisisContactsSet("a friend, 555-0100"), nurse)
    merged(desk, nurse, one, on)
    assert room.patient.id == on
    assert room.patient.newest(CrisisContactsSet) == CrisisContactsSet("a friend, 555-0100")
    for each in merging.part(desk.clinic, one, "two people after all", nurse):
        desk.kept(each)
    assert room.patient.id == one


def test_a_note_signed_before_a_merge_names_the_patient_as_they_were_known_then(desk: Desk, nurse: Actor) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample", "1980-01-01")
    room = desk.room(nurse, one)
    desk.kept(room.record(Ended("no dose given")))
    desk.kept(room.record(desk.clinic.signing(room)))
    assert isinstance(room.session.lock and room.session.lock.fact, Locked)
    desk.computer.pass_(timedelta(hours=1).total_seconds())
    merged(desk, nurse, one, on)
    line = desk.clinic.visit(room.id)
    assert line.patient.id == on
    then, _ = as_signed(line.session, line.patient, desk.clinic.state)
    assert (then.id, then.name, then.also) == (one, "Sample Patient A", ())


def test_a_note_signed_after_a_merge_covers_both_records(desk: Desk, nurse: Actor) -> None:
    one, on = desk.patient(nurse), desk.patient(nurse, "Patient A Sample")
    merged(desk, nurse, one, on)
    room = desk.room(nurse, one)
    desk.kept(room.record(Ended("no dose given")))
    desk.kept(room.record(desk.clinic.signing(room)))
    says(desk, on, CrisisContactsSet("later"), nurse)
    line = desk.clinic.visit(room.id)
    then, _ = as_signed(line.session, line.patient, desk.clinic.state)
    assert [each.id for each in then.records] == [on, one]
    assert then.newest(CrisisContactsSet) is None
