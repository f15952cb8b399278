"""A visit under the wrong patient: moved by two people, said in three records, whatever stops KapDesk in between."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from kapdesk.clinic import merging, moving
from kapdesk.clinic.astray import astray
from kapdesk.clinic.attached import place_of
from kapdesk.clinic.carried import carried
from kapdesk.clinic.close import note_of_visit
from kapdesk.clinic.erase import erase, of_patient, of_visit
from kapdesk.clinic.keeping import records
from kapdesk.clinic.room import Room
from kapdesk.clinical import care
from kapdesk.errors import KnownError
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.patient import (
    ConsentGiven,
    CrisisContactsSet,
    IndicationStated,
    OrderWritten,
    PatientRegistered,
    VisitCame,
    VisitGone,
)
from kapdesk.facts.people import Actor
from kapdesk.facts.session import DoseGiven, Ended, IntentionSet, MusicPlanned, NoteTaken, WeightMeasured
from tests.desk import Desk
from tests.plain import PLAIN, approve

Open = Callable[[], Desk]
WHY = "opened from the wrong line of the list"


@pytest.fixture
def desk(open_desk: Open) -> Desk:
    return open_desk()


@pytest.fixture
def nurse(desk: Desk) -> Actor:
    return desk.person()


@pytest.fixture
def therapist(desk: Desk) -> str:
    return desk.person("Sample Therapist", "therapist").by


@pytest.fixture
def wrong(desk: Desk, nurse: Actor) -> UUID:
    return registered(desk, nurse, PatientRegistered("Sample Patient A", "1980-01-01", allergies="penicillin"))


@pytest.fixture
def right(desk: Desk, nurse: Actor) -> UUID:
    return registered(desk, nurse, PatientRegistered("Another Sample B", "1971-02-03", allergies="latex"))


def registered(desk: Desk, actor: Actor, patient: PatientRegistered) -> UUID:
    id_, recording = desk.clinic.register(patient, actor)
    desk.kept(recording)
    return id_


def running(desk: Desk, patient: UUID, nurse: Actor, toml: str = PLAIN, rehearsal: bool = False) -> Room:
    approve(desk.clinic, toml)
    desk.settle()
    room = desk.clinic.open_session(patient, toml, MusicPlanned("sample", ()), nurse, rehearsal=rehearsal)
    desk.kept(room.record(WeightMeasured(70_000, "2026-01-01")))
    return desk.dosed(room)


def signed(desk: Desk, patient: UUID, nurse: Actor) -> Room:
    room = running(desk, patient, nurse)
    desk.kept(room.record(IntentionSet("to rest")))
    desk.pass_(30)
    desk.kept(room.record(Ended("completed")))
    desk.kept(room.record(desk.clinic.signing(room)))
    desk.clinic.leave(room)
    return room


def moved(desk: Desk, room: Room, to: UUID, nurse: Actor, other: str, why: str = WHY) -> None:
    visits = desk.clinic.visits()
    for each in moving.move(desk.clinic, room.id, to, why, nurse, other, visits):
        desk.kept(each)


def refused(desk: Desk, room: Room, to: UUID, nurse: Actor, other: str, why: str = WHY) -> str:
    before = len(desk.clinic.log.read(Stream("session", str(room.id))))
    with pytest.raises(KnownError) as error:
        moved(desk, room, to, nurse, other, why)
    desk.settle()
    assert len(desk.clinic.log.read(Stream("session", str(room.id)))) == before
    assert not desk.clinic.patient(to).standing(VisitCame)
    return str(error.value)


def told(desk: Desk, patient: UUID) -> list[type]:
    return [type(h.fact) for h in desk.clinic.patient(patient).known if isinstance(h.fact, VisitGone | VisitCame)]


def test_a_signed_visit_is_moved_and_both_records_say_so_without_a_name(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = signed(desk, wrong, nurse)
    moved(desk, room, right, nurse, therapist)
    line = desk.clinic.visit(room.id)
    assert (line.patient.id, line.session.stage) == (right, "locked")
    (of_the_visit,) = line.session.moves
    assert (of_the_visit.late, of_the_visit.fact) == (True, VisitMoved(right, wrong, therapist, WHY))
    (gone,) = desk.clinic.patient(wrong).standing(VisitGone)
    (came,) = desk.clinic.patient(right).standing(VisitCame)
    assert (gone.fact, came.fact) == (VisitGone(room.id, therapist, WHY), VisitCame(room.id, therapist, WHY))
    assert {gone.at_us, came.at_us} == {of_the_visit.at_us}
    assert {each.patient.id for each in desk.clinic.visits()} == {right}
    kept = {each.patient.id: each.visits for each in records(desk.clinic)}
    assert kept == {wrong: 0, right: 1}
    assert desk.clinic.check().damage == ()


def test_what_is_carried_and_the_place_in_the_course_go_with_the_visit(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = signed(desk, wrong, nurse)
    moved(desk, room, right, nurse, therapist)
    second, other = running(desk, right, nurse), running(desk, wrong, nurse)
    last = carried(desk.clinic, right, second.id)
    assert last is not None
    assert last.intention == "to rest"
    assert carried(desk.clinic, wrong, other.id) is None
    assert place_of(desk.clinic, desk.clinic.visit(second.id)) == "session 2"
    assert place_of(desk.clinic, desk.clinic.visit(other.id)) == "session 1"


def test_the_note_made_anew_is_the_right_patients_and_says_what_it_replaces(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = signed(desk, wrong, nurse)
    before = note_of_visit(desk.clinic, room.id)
    moved(desk, room, right, nurse, therapist)
    note = note_of_visit(desk.clinic, room.id)
    assert (before.patient.name, before.moved) == ("Sample Patient A", "")
    assert (note.patient.name, note.patient.born, note.patient.allergies) == ("Another Sample B", "1971-02-03", "latex")
    assert note.moved.startswith("This visit was first recorded under another patient’s name, moved on 20")
    assert "by Sample Nurse One and Sample Therapist; it replaces the note signed on 20" in note.moved
    (digest,) = [head.digest for head in before.digest.heads if head.of == "Station"]
    assert note.moved.endswith(f"whose record ended with SHA-256 {digest}.")
    assert "Sample Patient A" not in str(msgspec.to_builtins(note))
    assert [each.text for each in note.late if "Moved here" in each.text]


def test_moved_back_is_another_move_and_the_note_is_as_it_was_signed(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = signed(desk, wrong, nurse)
    moved(desk, room, right, nurse, therapist)
    desk.pass_(1)
    moved(desk, room, wrong, nurse, therapist, "the first was right after all")
    assert desk.clinic.visit(room.id).patient.id == wrong
    assert (told(desk, wrong), told(desk, right)) == ([VisitGone, VisitCame], [VisitCame, VisitGone])
    note = note_of_visit(desk.clinic, room.id)
    assert note.patient.name == "Sample Patient A"
    assert note.moved.startswith("This visit was moved to another patient’s record and back: on ")


@pytest.mark.parametrize("cut", [1, 2])
def test_cut_off_between_the_three_words_the_next_opening_says_the_rest(
    desk: Desk, open_desk: Open, nurse: Actor, therapist: str, wrong: UUID, right: UUID, cut: int
) -> None:
    room = signed(desk, wrong, nurse)
    visit = desk.clinic.room_of(room.id)
    desk.kept(visit.record(VisitMoved(right, wrong, therapist, WHY), actor=nurse))
    if cut == 2:
        at_us = visit.session.moves[0].at_us
        desk.kept(desk.clinic.patient_recorder(wrong).record(VisitGone(room.id, therapist, WHY), nurse, at_us))
    desk.close()
    for _ in range(2):  # and it is said once
        again = open_desk()
        again.clinic.unfinished.look()
        again.settle()
        assert (told(again, wrong), told(again, right)) == ([VisitGone], [VisitCame])
        assert again.clinic.visit(room.id).patient.id == right
        assert again.clinic.patient(right).standing(VisitCame)[0].by == nurse.by
        assert again.clinic.check().damage == ()
        again.close()


def test_a_running_session_goes_on_under_the_right_patient_and_order_is_asked_anew(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    doctor = desk.person("Sample Prescriber", "prescriber")
    order = OrderWritten("ketamine", "im", 50_000, 25_000, "2099-01-01")
    desk.kept(desk.clinic.patient_recorder(wrong).record(order, doctor))
    toml = PLAIN.replace("source = ", 'needs = ["order"]\nsource = ', 1)
    room = running(desk, wrong, nurse, toml)
    shown: list[str] = []
    room.listen(lambda: shown.append(room.patient.name))
    moved(desk, room, right, nurse, therapist)
    assert (room.patient.id, shown[-1]) == (right, "Another Sample B")
    booster = desk.clinic.rooms[room.id]
    with pytest.raises(KnownError, match="Moved to another patient since it was cleared: still needs A prescriber’s"):
        booster.record(DoseGiven("ketamine", 25_000, "im"))
    desk.kept(desk.clinic.patient_recorder(right).record(order, doctor))
    desk.kept(booster.record(DoseGiven("ketamine", 25_000, "im")))
    desk.kept(booster.record(NoteTaken("calm")))


def test_a_merged_records_visit_goes_to_the_record_that_goes_on(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    twice = registered(desk, nurse, PatientRegistered("B Another Sample", "1971-02-03"))
    for each in merging.merge(desk.clinic, twice, right, "registered twice", nurse):
        desk.kept(each)
    room = signed(desk, wrong, nurse)
    moved(desk, room, twice, nurse, therapist)
    assert desk.clinic.visit(room.id).session.patient == right
    assert told(desk, right) == [VisitCame]


def test_erasing_the_true_owner_takes_the_visit_and_erasing_the_other_leaves_it(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = signed(desk, wrong, nurse)
    moved(desk, room, right, nurse, therapist)
    own = Stream("session", str(room.id))
    assert own not in of_patient(desk.clinic, wrong)
    admin = Actor(desk.clinic.ring.first, desk.clinic.ring.first)
    erase(desk.clinic, of_patient(desk.clinic, wrong), "asked for by the patient", admin, therapist)
    desk.settle()
    assert desk.clinic.visit(room.id).patient.name == "Another Sample B"
    streams = of_patient(desk.clinic, right)
    assert own in streams
    erase(desk.clinic, streams, "asked for by the patient", admin, therapist)
    desk.settle()
    assert desk.clinic.visits() == []
    moving.finish(desk.clinic)


def test_each_thing_that_cannot_be_says_why_and_nothing_is_recorded(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = signed(desk, wrong, nurse)
    second = desk.person("Sample Nurse Two").by
    clerk = desk.person("Sample Clerk", "records")
    assert "takes two people" in refused(desk, room, right, Actor(therapist, therapist), therapist)
    assert "takes two people" in refused(desk, room, right, Actor(therapist, nurse.by), therapist)
    assert "Sample Nurse Two (medical staff) may not agree" in refused(desk, room, right, nurse, second)
    assert "may not sign" in refused(desk, room, right, clerk, therapist)
    assert "reason is missing" in refused(desk, room, right, nurse, therapist, "  x ")
    assert "names a patient" in refused(desk, room, right, nurse, therapist, "it was sample patient a, not she")
    assert "stands in that patient’s record already" in refused(desk, room, wrong, nurse, therapist)
    assert "not registered" in refused(desk, room, UUID(int=7), nurse, therapist)


def test_rehearsals_and_treatment_do_not_mix(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    real = signed(desk, wrong, nurse)
    practised = running(desk, right, nurse, rehearsal=True)
    assert "holds rehearsals only" in refused(desk, real, right, nurse, therapist)
    assert "holds treatment" in refused(desk, practised, wrong, nurse, therapist)


def test_a_move_is_neither_struck_nor_corrected(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = running(desk, wrong, nurse)
    moved(desk, room, right, nurse, therapist)
    with pytest.raises(KnownError, match="move the visit again"):
        room.record(Struck(room.session.moves[0].id, "a slip"))
    (gone,) = desk.clinic.patient(wrong).standing(VisitGone)
    with pytest.raises(KnownError, match="move the visit again"):
        desk.clinic.patient_recorder(wrong).record(Struck(gone.id, "a slip"), nurse)


def test_two_of_one_patient_cannot_run(desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID) -> None:
    room = running(desk, wrong, nurse)
    running(desk, right, nurse)
    assert "has a session running already" in refused(desk, room, right, nurse, therapist)


def test_an_erased_visit_is_not_moved(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID, folder: Path
) -> None:
    room = signed(desk, wrong, nurse)
    admin = Actor(desk.clinic.ring.first, desk.clinic.ring.first)
    erase(desk.clinic, of_visit(desk.clinic, room.id), "asked for by the patient", admin, therapist)
    desk.settle()
    assert "no such visit" in refused(desk, room, right, nurse, therapist)


def test_what_was_written_into_the_wrong_record_is_struck_or_kept_with_the_move_and_both_records_say_so(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    doctor = desk.person("Sample Prescriber", "prescriber")
    record = desk.clinic.patient_recorder(wrong)
    before = desk.kept(record.record(IndicationStated("grief", "two medicines"), nurse)).statement.id
    desk.pass_(1)
    room = running(desk, wrong, nurse)
    order = OrderWritten("ketamine", "im", 50_000, 0, "2099-01-01")
    desk.kept(record.record(order, doctor))
    for item in ("touch", "recording"):
        desk.kept(record.record(ConsentGiven(item, f"words of {item}", agreed=True), nurse))
    kept = desk.kept(record.record(CrisisContactsSet("a friend, 555-0100"), nurse)).statement.id
    lines = astray(room.session, desk.clinic.patients[wrong])
    said = f"order for {care.order(order)}, consent (2 answers)"
    assert ", ".join(each.words for each in lines) == f"{said}, crisis contacts"
    struck = [id_ for line in lines[:2] for id_ in line.ids]
    for each in moving.move(desk.clinic, room.id, right, WHY, nurse, therapist, desk.clinic.visits(), struck):
        desk.kept(each)
    standing = [each.id for each in desk.clinic.patients[wrong].history.standing(Fact)]
    assert not set(struck) & set(standing)
    assert {before, kept} <= set(standing)
    gone = [each.fact for each in desk.clinic.patients[wrong].history if isinstance(each.fact, Struck)]
    assert {each.reason for each in gone} == {f"{WHY}; struck with the move of the visit, agreed by Sample Therapist"}
    (came,) = desk.clinic.patient(right).standing(VisitCame)
    (left,) = desk.clinic.patient(wrong).standing(VisitGone)
    assert left.fact.reason == f"{WHY}; written here in that visit, struck: {said}; kept: crisis contacts"
    assert came.fact.reason == f"{WHY}; struck where it was written, to be said anew here: {said}"
    moving.finish(desk.clinic)
    assert (told(desk, wrong), told(desk, right)) == ([VisitGone], [VisitCame])


def test_what_was_written_after_a_signed_visit_is_no_part_of_it(desk: Desk, nurse: Actor, wrong: UUID) -> None:
    room = signed(desk, wrong, nurse)
    desk.pass_(60)
    desk.kept(desk.clinic.patient_recorder(wrong).record(CrisisContactsSet("a friend, 555-0100"), nurse))
    assert astray(desk.clinic.visit(room.id).session, desk.clinic.patients[wrong]) == ()


def test_what_stands_there_no_more_is_not_struck_and_then_nothing_is_moved(
    desk: Desk, nurse: Actor, therapist: str, wrong: UUID, right: UUID
) -> None:
    room = running(desk, wrong, nurse)
    with pytest.raises(KnownError, match=r"not there any more\. Nothing was moved"):
        moving.move(desk.clinic, room.id, right, WHY, nurse, therapist, desk.clinic.visits(), [UUID(int=9)])
    desk.settle()
    assert desk.clinic.visit(room.id).patient.id == wrong
