"""Reading what belongs to one patient, among the visits of many."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from kapdesk.clinic.attached import place_of
from kapdesk.clinic.carried import carried, last_place, last_weight
from kapdesk.clinic.course import Courses
from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Ended, MusicPlanned
from kapdesk.store import vault
from tests.desk import Desk

MUSIC = MusicPlanned("sample", ())
STEPS = 10


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How much the database has worked so far, in tens of its own steps, for this thread."""
    steps, here = [0], threading.get_ident()
    connect = vault.connect

    def counted(*args: Any, **options: Any) -> Any:
        connection = connect(*args, **options)

        def count() -> int:
            steps[0] += threading.get_ident() == here  # what works beside is not what is asked about
            return 0

        connection.set_progress_handler(count, STEPS)
        return connection

    monkeypatch.setattr(vault, "connect", counted)
    return lambda: steps[0]


def visit(desk: Desk, patient: UUID, actor: Actor) -> UUID:
    """A visit that is over and put away."""
    room = desk.clinic.open_session(patient, "", MUSIC, actor, visit="integration")
    room.record(Ended("completed"))
    desk.settle()
    desk.clinic.leave(room)
    return room.id


def read_all(clinic: OpenClinic, patient: UUID, session: UUID) -> None:
    """All that the pages of one patient ask for."""
    assert len(clinic.visits_of(patient)) == 2
    assert len(Courses(clinic).read(patient).visits) == 2
    assert carried(clinic, patient, session) is not None
    assert last_place(clinic, patient, session) is None
    assert last_weight(clinic, patient, session) is None
    assert place_of(clinic, clinic.visit(session)) == ""


def test_what_belongs_to_one_patient_is_read_with_no_more_work_however_many_others_came(
    worked: Callable[[], int], desk: Desk
) -> None:
    actor = desk.person()
    who, other = desk.patient(actor), desk.patient(actor, "Sample Patient B")
    visit(desk, who, actor)
    last = visit(desk, who, actor)

    def work() -> int:
        read_all(desk.clinic, who, last)  # takes up what came since
        before = worked()
        read_all(desk.clinic, who, last)
        return worked() - before

    alone = work()
    for _ in range(30):
        visit(desk, other, actor)
    assert alone > 0
    assert work() <= alone * 1.2, "it grew with the visits of another patient"


def test_a_visit_that_came_since_is_there_and_one_that_was_moved_is_where_it_belongs(desk: Desk) -> None:
    actor = desk.person("Sample Therapist One", "prescriber")
    witness = desk.person("Sample Therapist Two", "prescriber")
    wrong, right = desk.patient(actor), desk.patient(actor, "Sample Patient B")
    assert desk.clinic.visits_of(wrong) == []
    moved = visit(desk, wrong, actor)
    assert [line.id for line in desk.clinic.visits_of(wrong)] == [moved]
    room = desk.clinic.room_of(moved)
    desk.kept(room.record(VisitMoved(right, wrong, witness.by, "opened in a hurry"), actor=actor))
    assert desk.clinic.visits_of(wrong) == []
    assert [line.id for line in desk.clinic.visits_of(right)] == [moved]


def test_the_visits_of_each_patient_are_all_visits(desk: Desk) -> None:
    actor = desk.person()
    patients = [desk.patient(actor, f"Sample Patient {letter}") for letter in "ABC"]
    for n in range(7):
        visit(desk, patients[n % 3], actor)
    by_patient = {line.id for patient in patients for line in desk.clinic.visits_of(patient)}
    everything = desk.clinic.visits()
    assert len(everything) == 7
    assert by_patient == {line.id for line in everything}
    times = [next(iter(line.session.history)).at_us for line in desk.clinic.visits_of(patients[0])]
    assert times == sorted(times, reverse=True), "the newest comes first"
