"""The morning tray: what is to be done, by which day, the most urgent first."""

from datetime import date
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinic import audit, filing, tray
from kapdesk.clinic.kept import Paper
from kapdesk.clinic.tray import ORDER, Task, counted, of_rows, ordered, planned
from kapdesk.errors import KnownError
from kapdesk.facts.filing import TrayDaysSet
from kapdesk.facts.papers import Countersigned
from kapdesk.facts.patient import PatientRegistered, VisitPlanned
from kapdesk.facts.session import DoseGiven, Ended, MusicPlanned
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient, fold
from kapdesk.store.index import Row
from tests.clinic.test_filing import Clinic as Filing
from tests.clinic.test_filing import clinic as clinic
from tests.desk import Desk
from tests.fakes import happened, minute

ID = UUID(int=1)
ENDED = Row(str(ID), 1, "2026-03-02", str(UUID(int=2)), "Europe/Warsaw", "ended", "dosing")
SIGNED = msgspec.structs.replace(ENDED, stage="locked", signed_by="t", signed_us=5)
PAPER = Paper(ID, 1, "a" * 64, 9)


def todo(row: Row, papers: bool = False, of_one: bool = False, sent: bool = False) -> dict[str, date]:
    made = of_rows([row], Clinic(), [PAPER] * papers, [PAPER] * of_one, frozenset([ID] * sent))
    return {what: due for what, _, due in made}


def test_a_visit_that_is_over_is_to_be_signed_within_the_days_the_clinic_gives_itself() -> None:
    assert todo(ENDED) == {"sign": date(2026, 3, 3)}
    assert todo(msgspec.structs.replace(ENDED, stage="running")) == {}
    assert todo(msgspec.structs.replace(ENDED, rehearsal=True)) == {}


def test_a_note_that_one_alone_signed_is_to_be_countersigned() -> None:
    assert todo(SIGNED, of_one=True) == {"countersign": date(2026, 3, 5)}
    assert todo(SIGNED) == {}


def test_a_paper_is_to_be_filed_and_a_summary_to_be_sent_each_by_its_own_day() -> None:
    row = msgspec.structs.replace(SIGNED, owed="2026-03-09")
    assert todo(row, papers=True) == {"file": date(2026, 3, 5), "send": date(2026, 3, 9)}
    assert todo(row, sent=True) == {}


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))
TASKS = st.builds(Task, st.sampled_from(ORDER), st.uuids(), st.text(max_size=5), DAYS, st.just(""))


@given(st.lists(TASKS))
def test_the_most_urgent_stands_first_and_nothing_is_left_out(tasks: list[Task]) -> None:
    shown = ordered(tasks)
    assert sorted(map(repr, shown)) == sorted(map(repr, tasks))
    assert all(one.due <= other.due for one, other in pairwise(shown))
    said = counted(tasks)
    assert sum(int(part.split()[0]) for part in said.split(", ") if part) == len(tasks)


def test_a_planned_integration_is_followed_up_from_its_day_on_until_someone_came() -> None:
    plan = happened(VisitPlanned("integration", "2026-03-04", "call first"), 10)
    other = happened(VisitPlanned("dosing", "2026-03-04"), 11)
    patient = fold(UUID(int=2), [happened(PatientRegistered("Sample Patient A", "1980-01-01"), 0), plan, other])
    came = Row("x", minute(60), "2026-03-03", str(patient.id), "UTC", "ended", "integration")
    before = msgspec.structs.replace(came, at_us=minute(5))
    assert planned(patient, (), date(2026, 3, 3)) == []
    assert planned(patient, (), date(2026, 3, 4)) == [(plan.fact, date(2026, 3, 4))]
    assert planned(patient, (before,), date(2026, 3, 9)) == [(plan.fact, date(2026, 3, 4))]
    assert planned(patient, (came,), date(2026, 3, 9)) == []
    assert isinstance(patient, Patient)


def whats(desk: Desk) -> list[str]:
    return [each.what for each in tray.read(desk.clinic)]


def test_a_visit_goes_through_the_tray(clinic: Filing) -> None:
    desk = clinic.desk
    clinic.chosen()
    patient = desk.patient(clinic.therapist)
    room = desk.dosed(desk.room(clinic.therapist, patient))
    desk.kept(room.record(DoseGiven("esketamine", 28_000, "nasal", "device 1 of 1", lot="E77")))
    assert whats(desk) == []
    desk.pass_(30)
    desk.kept(room.record(Ended("completed")))
    assert [(each.what, each.due, each.name, each.session) for each in tray.read(desk.clinic)] == [
        ("sign", date(2026, 3, 3), "Sample Patient A", room.id),
        ("send", date(2026, 3, 9), "Sample Patient A", room.id),
    ]
    assert tray.read(desk.clinic)[0].words == "visit of 2026-03-02"
    desk.kept(room.record(desk.clinic.signing(room)))
    assert whats(desk) == ["send"], "the paper is on its way"
    digest = clinic.keep(room)
    assert whats(desk) == ["countersign", "file", "send"]
    clinic.round()
    assert whats(desk) == ["countersign", "send"]
    doctor = desk.person("Sample Prescriber", "prescriber")
    desk.kept(desk.clinic.room_of(room.id).record(Countersigned(digest, "I agree"), actor=doctor))
    assert whats(desk) == ["send"]
    planner = desk.clinic.patient_recorder(patient)
    desk.kept(planner.record(VisitPlanned("integration", "2026-03-03"), clinic.therapist))
    assert whats(desk) == ["send"]
    desk.pass_(30 * 60)
    assert [(each.what, each.session) for each in tray.read(desk.clinic)] == [("follow up", None), ("send", room.id)]
    desk.clinic.open_session(patient, "", MusicPlanned("none", ()), clinic.therapist, visit="integration")
    desk.settle()
    assert whats(desk) == ["send"]


def test_without_a_folder_nothing_is_to_be_filed(clinic: Filing) -> None:
    clinic.keep(clinic.signed())
    assert whats(clinic.desk) == ["countersign"]


def test_how_soon_is_the_clinics_own_word_and_in_its_audit(clinic: Filing) -> None:
    desk = clinic.desk
    with pytest.raises(KnownError, match="may not change the clinic's settings"):
        desk.clinic.recorder.record(TrayDaysSet(0, 0, 0), clinic.therapist)
    with pytest.raises(KnownError, match="Choose 0 to 90 days"):
        desk.clinic.recorder.record(TrayDaysSet(0, 0, 91), clinic.boss)
    desk.kept(desk.clinic.recorder.record(TrayDaysSet(0, 2, 5), clinic.boss))
    assert desk.clinic.state.tray_days == TrayDaysSet(0, 2, 5)
    told = [each.what for each in audit.entries(desk.clinic)]
    assert "notes are signed in 0, countersigned in 2, filed in 5 days" in told


def test_a_wrong_scheme_or_a_missing_folder_waits_and_stands_in_the_tray(clinic: Filing) -> None:
    clinic.chosen()
    clinic.folder.rename(clinic.folder.with_name("away"))
    clinic.keep(clinic.signed())
    clinic.round()
    assert whats(clinic.desk) == ["countersign", "file"]
    assert filing.Standing(1, "waiting: folder not reached") == clinic.filing.state()
