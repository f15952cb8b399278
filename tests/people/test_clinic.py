"""What the clinic is, live as on reading."""

from uuid import UUID

import pytest

from kapdesk.facts.clinic import (
    ClinicFounded,
    Corrected,
    Head,
    HeadsKept,
    NoteTakenOut,
    PersonAdded,
    StationEnrolled,
)
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Struck
from kapdesk.facts.people import DESK
from kapdesk.people.clinic import Clinic, evolve, fold
from kapdesk.record.history import History
from tests.fakes import happened

FOUNDED = happened(ClinicFounded("Sample Clinic", "Europe/Warsaw", "a4"), 0)
NURSE = happened(PersonAdded("p-1", "Sample Nurse One", ("medical staff",)), 1)
STATION = happened(StationEnrolled("station-a", "First desk", "00" * 32), 2)
HEADS = happened(HeadsKept(Stream("session", "s"), (Head("station-a", 3, "ab" * 32),)), 3)


def test_a_clinic_is_the_same_live_and_read_again_in_any_order() -> None:
    live = Clinic()
    for each in (FOUNDED, NURSE, STATION, HEADS):
        live = evolve(live, each)
    assert live == fold([HEADS, STATION, NURSE, FOUNDED])
    assert live.founded == FOUNDED.fact
    assert list(live.stations) == ["station-a"]
    assert live.heads == (HEADS.fact,)


def test_people_are_called_by_name_and_the_program_by_its_own() -> None:
    clinic = fold([FOUNDED, NURSE])
    assert [clinic.name_of(id_) for id_ in ("p-1", DESK, "p-2")] == ["Sample Nurse One", "KapDesk", "Unknown"]


def test_a_corrected_name_holds_and_a_struck_person_is_gone() -> None:
    married = happened(
        Corrected(NURSE.id, PersonAdded("p-1", "Sample Nurse Two", ("medical staff",)), NURSE.at_us, "married"), 4
    )
    assert fold([FOUNDED, NURSE, married]).name_of("p-1") == "Sample Nurse Two"
    assert fold([FOUNDED, NURSE, happened(Struck(NURSE.id, "never worked here"), 4)]).people == {}


def test_what_is_only_kept_costs_no_reading_of_all_that_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = fold([FOUNDED, NURSE, STATION, HEADS])
    taken_out = happened(NoteTakenOut(UUID(int=7)), 4)
    asked: list[type] = []
    standing = History.standing

    def told(history: History, kind: type) -> object:
        asked.append(kind)
        return standing(history, kind)

    monkeypatch.setattr(History, "standing", told)
    now = evolve(clinic, taken_out)
    assert asked == []
    more = evolve(now, happened(HEADS.fact, 5))
    assert asked == [HeadsKept]
    assert more.heads == (HEADS.fact, HEADS.fact)
    assert now.history.last() == taken_out
    assert now == fold([taken_out, HEADS, STATION, NURSE, FOUNDED])
