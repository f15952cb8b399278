"""An import undone as a whole: the list of patients is as before; who has a visit or a later word is not touched."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapdesk.clinic import erase, keeping, merging
from kapdesk.clinic.audit import entries
from kapdesk.clinic.importing import look, take_in
from kapdesk.clinic.private import private_stream
from kapdesk.clinic.taking_back import Import, imports, look_back, put_back, take_back, taken_back, told
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import PatientsImported
from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import Corrected, MilestoneReached, PatientRegistered, RegistrationWithdrawn
from kapdesk.facts.people import Actor
from kapdesk.facts.session import MusicPlanned
from tests.desk import Desk
from tests.fakes import MORNING_US, statement
from tests.plain import PLAIN, approve

HEAD = "name;birth date;record number;allergies;pronouns"
WHY = "the list of the other clinic"


def imported(desk: Desk, nurse: Actor, *lines: str) -> Import:
    made = look("\n".join((HEAD, *lines)).encode(), desk.clinic.known(), MORNING_US)
    for each in take_in(desk.clinic, made.of("new", "doubtful"), nurse, made.digest):
        each.last.kept.result()
    desk.settle()
    return imports(desk.clinic.state)[0]


def undone(desk: Desk, nurse: Actor, of: Import, reason: str = WHY) -> str:
    undoing = look_back(desk.clinic, of)
    left = [line for each in take_back(desk.clinic, undoing, reason, nurse) for line in each.left]
    desk.settle()
    return told(undoing, left)


def returned(desk: Desk, nurse: Actor, of: Import) -> None:
    list(put_back(desk.clinic, of, "it was the right list", nurse))
    desk.settle()


def names(desk: Desk) -> list[str]:
    return sorted(each.name for each in desk.clinic.known())


THREE = ("Sample A;1980-01-01;R-1;penicillin;they", "Sample B;1981-01-01;R-2;;", "Sample C;1982-01-01;R-3;;she")


def test_an_import_says_beforehand_which_records_come_by_which_file(desk: Desk) -> None:
    nurse = desk.person()
    of = imported(desk, nurse, *THREE)
    (mark,) = desk.clinic.state.history.standing(PatientsImported)
    assert set(mark.fact.patients) == set(desk.clinic.patients) == set(of.patients)
    assert len(mark.fact.file_digest) == 64
    kinds = [row[0] for row in desk.clinic.log.select("SELECT kind FROM entry ORDER BY rowid")]
    assert kinds.index("patients-imported") < kinds.index("patient-registered"), "known, even where it was cut off"
    assert any("took in 3 patients from a table" in each.what for each in entries(desk.clinic))


def test_looking_changes_nothing_and_undoing_takes_all_of_it_back_with_its_reason(desk: Desk) -> None:
    nurse = desk.person()
    own = desk.patient(nurse, "Sample Own", "1970-01-01")
    of = imported(desk, nurse, *THREE)
    undoing = look_back(desk.clinic, of)
    assert undoing.words() == "3 patients by this import: 3 can be taken back."
    assert len(names(desk)) == 4
    assert undone(desk, nurse, of) == "3 patients of the import were taken back."
    assert [each.id for each in desk.clinic.known()] == [own]
    (gone,) = desk.clinic.patients[of.patients[0]].history.standing(RegistrationWithdrawn)
    assert (gone.fact.reason, gone.by) == (WHY, nurse.by)
    assert look_back(desk.clinic, of).words() == "3 patients by this import: 3 are not there any more."


def test_who_has_a_visit_a_later_word_a_merger_or_a_note_stays_and_is_named(desk: Desk) -> None:
    nurse = desk.person()
    lines = [f"Sample {n};19{60 + n}-01-01;R-{n};;they" for n in range(6)]
    of = imported(desk, nurse, *lines)
    visited, written, corrected, merged, into, noted = of.patients
    approve(desk.clinic, PLAIN)
    desk.settle()
    desk.clinic.open_session(visited, PLAIN, MusicPlanned("sample", ()), nurse)
    desk.kept(desk.clinic.patient_recorder(written).record(MilestoneReached("came by"), nurse))
    first = desk.clinic.patients[corrected].history.standing(PatientRegistered)[0]
    truth = PatientRegistered("Sample Two", "1962-01-01")
    desk.kept(desk.clinic.patient_recorder(corrected).record(Corrected(first.id, truth, first.at_us, "typo"), nurse))
    merging.merge(desk.clinic, merged, into, "registered twice", nurse)
    note = statement(private_stream(nurse.by, noted), MilestoneReached("stands for a sealed note"))
    desk.clinic.log.append(note).result()
    desk.settle()
    assert [(each.fate, each.words) for each in look_back(desk.clinic, of).lines] == [
        ("stays", "has a visit"),
        ("stays", "Sample Nurse One has written in this record since"),
        ("stays", "Sample Nurse One has written in this record since"),
        ("stays", "is read together with another record"),
        ("stays", "is read together with another record"),
        ("stays", "somebody has written on them since"),
    ]
    assert undone(desk, nurse, of) == "0 patients of the import were taken back. 6 were left as they are."


def test_who_gets_a_visit_between_the_look_and_the_word_stays_and_is_told_of(desk: Desk) -> None:
    nurse = desk.person()
    of = imported(desk, nurse, *THREE)
    undoing = look_back(desk.clinic, of)
    approve(desk.clinic, PLAIN)
    desk.settle()
    desk.clinic.open_session(of.patients[1], PLAIN, MusicPlanned("sample", ()), nurse)
    left = [line for each in take_back(desk.clinic, undoing, WHY, nurse) for line in each.left]
    desk.settle()
    assert [(line.name, line.words) for line in left] == [("Sample B", "has a visit")]
    assert told(undoing, left) == "2 patients of the import were taken back. 1 was left as it is."
    assert names(desk) == ["Sample B"]


@pytest.mark.parametrize("on_disk", [False, True])
def test_the_judge_takes_no_registration_back_that_a_visit_stands_under(desk: Desk, on_disk: bool) -> None:
    nurse = desk.person()
    room = desk.room(nurse)
    patient = room.patient.id
    if on_disk:
        desk.clinic.leave(room)
    with pytest.raises(KnownError, match="There is a visit under this name"):
        desk.clinic.patient_recorder(patient).record(RegistrationWithdrawn(WHY), nurse)


def test_a_registration_is_taken_back_only_with_a_reason_once_and_by_whoever_may(desk: Desk) -> None:
    nurse, clerk = desk.person(), desk.person("Sample Clerk", "records")
    of = imported(desk, nurse, *THREE)
    undoing = look_back(desk.clinic, of)
    with pytest.raises(KnownError, match="The reason is missing"):
        list(take_back(desk.clinic, undoing, " ", nurse))
    with pytest.raises(KnownError, match="may read here, not write"):
        list(take_back(desk.clinic, undoing, WHY, clerk))
    with pytest.raises(KnownError, match="no such registration"):
        desk.clinic.patient_recorder(UUID(int=7)).record(RegistrationWithdrawn(WHY), nurse)
    desk.settle()
    assert len(names(desk)) == 3
    undone(desk, nurse, of)
    with pytest.raises(KnownError, match="was taken back"):
        desk.clinic.patient_recorder(of.patients[0]).record(RegistrationWithdrawn(WHY), nurse)


def test_nothing_is_written_of_who_was_taken_back_until_they_are_put_back(desk: Desk) -> None:
    nurse = desk.person()
    of = imported(desk, nurse, *THREE)
    undone(desk, nurse, of)
    gone = of.patients[0]
    approve(desk.clinic, PLAIN)
    own = desk.patient(nurse, "Sample Own", "1970-01-01")
    with pytest.raises(KnownError, match="put the import back"):
        desk.clinic.patient_recorder(gone).record(MilestoneReached("came by"), nurse)
    first = desk.clinic.patients[gone].history.standing(PatientRegistered)[0]
    truth = PatientRegistered("Sample Z", "1980-01-01")
    with pytest.raises(KnownError, match="put the import back"):
        desk.clinic.patient_recorder(gone).record(Corrected(first.id, truth, first.at_us, "typo"), nurse)
    with pytest.raises(KnownError, match="put the import back"):
        desk.clinic.open_session(gone, PLAIN, MusicPlanned("sample", ()), nurse)
    with pytest.raises(KnownError, match="put the import back"):
        merging.merge(desk.clinic, own, gone, "registered twice", nurse)
    returned(desk, nurse, of)
    assert len(names(desk)) == 4
    desk.kept(desk.clinic.patient_recorder(gone).record(MilestoneReached("came by"), nurse))


def test_the_undoing_is_undone_and_done_again(desk: Desk) -> None:
    nurse = desk.person()
    of = imported(desk, nurse, *THREE)
    undone(desk, nurse, of)
    assert taken_back(desk.clinic, of) == 3
    returned(desk, nurse, of)
    assert (len(names(desk)), taken_back(desk.clinic, of)) == (3, 0)
    assert undone(desk, nurse, of) == "3 patients of the import were taken back."
    assert names(desk) == []


def test_a_file_that_was_taken_back_comes_in_again_as_new(desk: Desk) -> None:
    nurse = desk.person()
    undone(desk, nurse, imported(desk, nurse, *THREE))
    again = imported(desk, nurse, *THREE)
    assert len(names(desk)) == 3
    assert [len(each.patients) for each in imports(desk.clinic.state)] == [3, 3]
    assert {each.id for each in desk.clinic.known()} == set(again.patients)


def test_what_was_taken_back_is_still_kept_and_can_be_erased(desk: Desk) -> None:
    nurse = desk.person()
    of = imported(desk, nurse, *THREE)
    undone(desk, nurse, of)
    held = keeping.records(desk.clinic)
    assert [(each.patient.id in of.patients, each.longer) for each in held] == [(True, "registration taken back")] * 3
    assert [stream.id for stream in erase.of_patient(desk.clinic, of.patients[0])] == [str(of.patients[0])]


def test_the_mark_of_an_import_is_judged(desk: Desk) -> None:
    nurse, clerk = desk.person(), desk.person("Sample Clerk", "records")
    one = UUID(int=1)
    for fact, actor, words in (
        (PatientsImported("0f", ()), nurse, "No patient would come"),
        (PatientsImported("0f", (one, one)), nurse, "would be one record"),
        (PatientsImported("0f", (one,)), clerk, "may read here, not write"),
    ):
        with pytest.raises(KnownError, match=words):
            desk.clinic.recorder.record(fact, actor)
    of = imported(desk, nurse, *THREE)
    with pytest.raises(KnownError, match="stands as it is"):
        desk.clinic.recorder.record(Struck(of.id, WHY), nurse)


TOUCHED = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=5)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=15
)
@given(TOUCHED, st.integers(0, 2))
def test_after_import_and_undo_the_list_is_as_before_but_for_those_somebody_wrote_of(
    desk: Desk, lines: list[tuple[bool, bool]], turns: int
) -> None:
    """Each line: whether it says more than the registration, and whether somebody writes in that record afterwards."""
    nurse = next((Actor(id_, id_) for id_, p in desk.clinic.state.staff.items() if "Nurse" in p.name), None)
    nurse = nurse or desk.person()
    before = {each.id: each for each in desk.clinic.known()}
    rows = [
        f"Sample {len(desk.clinic.patients)} {n};1980-01-01;;;{'they' if more else ''}"
        for n, (more, _) in enumerate(lines)
    ]
    of = imported(desk, nurse, *rows)
    assert len(of.patients) == len(lines)
    touched = [id_ for id_, (_, later) in zip(of.patients, lines, strict=True) if later]
    for id_ in touched:
        desk.kept(desk.clinic.patient_recorder(id_).record(MilestoneReached("came by"), nurse))
    for _ in range(turns):
        undone(desk, nurse, of)
        returned(desk, nurse, of)
        assert {each.id for each in desk.clinic.known()} == {*before, *of.patients}
    undone(desk, nurse, of)
    now = {each.id: each for each in desk.clinic.known()}
    assert set(now) == {*before, *touched}
    assert all(now[id_] == each for id_, each in before.items())
