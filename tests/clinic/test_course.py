"""A course: its visits in order, each thing by itself, and what is remembered as long as nothing was added."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kapdesk.clinic.course import Courses, Given, Visited, course, visited
from kapdesk.facts.care import AdverseEventNoted, ScaleRated
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import CoursePlanned, VisitPlanned
from kapdesk.facts.people import Actor
from kapdesk.facts.session import DoseGiven, Ended, MusicPlanned, VisitOpened, VitalsTaken, WeightMeasured
from kapdesk.people.patient import Patient
from kapdesk.people.patient import fold as patient_fold
from kapdesk.session.state import fold
from tests.desk import Desk
from tests.fakes import happened

WHO = UUID(int=7)
OPENED = VisitOpened("dosing", WHO, False, "Europe/Warsaw", "a4")


@pytest.fixture
def nurse(desk: Desk) -> Actor:
    return desk.person()


def visit(*facts: Fact) -> Visited:
    said = (OPENED, *facts)
    return visited(uuid4(), fold([happened(fact, n, counter=n) for n, fact in enumerate(said)]))


def test_what_was_given_is_summed_by_route_and_never_across_with_its_dose_by_weight() -> None:
    doses = (
        DoseGiven("ketamine", 50_000, "im"),
        DoseGiven("Ketamine", 25_000, "im"),
        DoseGiven("ketamine", 100_000, "oral"),
    )
    made = visit(WeightMeasured(70_000, "2026-03-02"), *doses)
    assert made.given == (Given("ketamine", "im", 75_000, 1071), Given("ketamine", "oral", 100_000, 1428))
    assert visit(doses[0]).given == (Given("ketamine", "im", 50_000, None),)


def test_the_highest_pressure_is_one_reading_and_each_scale_goes_by_itself() -> None:
    made = visit(
        VitalsTaken(138, 96),
        VitalsTaken(152, 84),
        ScaleRated("CADSS", 40),
        ScaleRated("CADSS-6", 12),
        ScaleRated("CADSS-6", 9),
        ScaleRated("MOAA/S", 5),
        ScaleRated("MOAA/S", 3),
        AdverseEventNoted("nausea", "mild"),
    )
    assert made.peak == (152, 84)
    assert (made.highest["CADSS"], made.highest["CADSS-6"], made.lowest["MOAA/S"]) == (40, 12, 3)
    assert [(each.what, each.outcome) for each in made.adverse] == [("nausea", "")]


def test_dosing_visits_are_numbered_in_their_order_and_others_are_not() -> None:
    kinds = ("preparation", "dosing", "integration", "dosing")
    visits = [Visited(uuid4(), "2026-03-02", n, kind, "ended") for n, kind in enumerate(kinds)]  # type: ignore[arg-type]
    plan = [happened(CoursePlanned("", 6), 0)]
    made = course(patient_fold(WHO, plan), reversed(visits))
    assert [made.place(each) for each in made.visits] == ["", "session 1 of 6", "", "session 2 of 6"]
    assert course(Patient(WHO), visits).place(made.visits[1]) == "session 1"


def test_of_the_planned_visits_the_newest_of_each_kind_stands() -> None:
    said = [
        VisitPlanned("dosing", "2026-03-09"),
        VisitPlanned("integration", "2026-03-05"),
        VisitPlanned("dosing", "2026-03-12"),
    ]
    made = course(patient_fold(WHO, [happened(fact, n, counter=n) for n, fact in enumerate(said)]), ())
    assert [(each.visit, each.on) for each in made.planned] == [("integration", "2026-03-05"), ("dosing", "2026-03-12")]


def test_a_visit_is_folded_again_only_when_something_was_added_to_it(
    desk: Desk, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = desk.patient(nurse)
    room = desk.dosed(desk.room(nurse, who))
    desk.kept(room.record(Ended("completed")))
    other = desk.clinic.open_session(who, "", MusicPlanned("sample", ()), nurse, visit="integration")
    desk.settle()
    read: list[UUID] = []
    real = desk.clinic.visit
    monkeypatch.setattr(desk.clinic, "visit", lambda id_: read.append(id_) or real(id_))
    courses = Courses(desk.clinic)
    first = courses.read(who)
    assert [each.kind for each in first.visits] == ["dosing", "integration"]
    assert first.visits[0].given[0].dose_ug == 50_000
    assert read == [room.id, other.id] or read == [other.id, room.id]
    assert courses.read(who) == first
    assert len(read) == 2
    desk.pass_(timedelta(minutes=1).total_seconds() / 60)
    desk.kept(other.record(VitalsTaken(120, 80)))
    assert courses.read(who).visits[1].peak == (120, 80)
    assert read[2:] == [other.id]
    assert desk.clinic.log.heads(Stream("session", str(other.id)))


def test_a_rehearsal_is_no_part_of_the_course(desk: Desk, nurse: Actor) -> None:
    who = desk.patient(nurse)
    desk.clinic.open_session(who, "", MusicPlanned("sample", ()), nurse, visit="integration", rehearsal=True)
    desk.settle()
    assert Courses(desk.clinic).read(who).visits == ()
