"""A clinic folder: set up, opened, left in the middle of a session and opened again."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kapdesk.access.accounts import NewPassword
from kapdesk.clinic import founding, keyring
from kapdesk.clinic.doctor import examine
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.open import OpenClinic
from kapdesk.clock import Clock
from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.clinic import StationEnrolled
from kapdesk.facts.entry import Stream
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import ITSELF
from kapdesk.facts.session import Ended, Locked, MusicPlanned, NoteTaken, VisitOpened, VitalsTaken
from kapdesk.store import keys, statements, vault
from tests.desk import Desk
from tests.fakes import Computer, Station
from tests.keys import FIRST, NAME, PASSWORD, found, opened

Open = Callable[[], Desk]


def test_a_clinic_that_was_just_set_up_has_its_name_and_this_station(desk: Desk) -> None:
    founded = desk.clinic.state.founded
    assert founded is not None
    assert (founded.name, founded.time_zone, founded.paper, founded.demo) == (
        "Sample Clinic",
        "Europe/Warsaw",
        "a4",
        False,
    )
    own = desk.clinic.log.keys
    assert desk.clinic.stations == {own.station: own.public_key()}
    assert (desk.clinic.patients, desk.clinic.visits(), desk.clinic.unfinished.look()) == ({}, [], [])
    assert desk.clinic.check().damage == ()


@pytest.mark.parametrize("name", ["", "  "])
def test_a_clinic_without_a_name_is_not_set_up(tmp_path: Path, name: str) -> None:
    with pytest.raises(KnownError, match="name is missing"):
        found(tmp_path / "c", name)
    assert not (tmp_path / "c").exists()


def test_a_folder_that_holds_a_clinic_is_not_set_up_again(folder: Path) -> None:
    with pytest.raises(KnownError, match="holds a clinic already"):
        found(folder, "Another")


def test_a_folder_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KnownError, match="cannot be written"):
        found(tmp_path / "file" / "clinic")


def test_on_a_network_share_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, mounts: str | None = None) -> None:
        raise KnownError("on a network share")

    monkeypatch.setattr(vault, "refuse_network_share", refuse)
    with pytest.raises(KnownError, match="network share"):
        found(tmp_path / "c")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("step", range(1, 4))
def test_a_setting_up_that_broke_off_is_taken_up_again(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves, real = iter(range(1, 100)), os.replace

    def break_off(old: object, new: object) -> None:
        if next(moves) == step:
            raise InterruptedError("the power went")
        real(old, new)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", break_off)
    with contextlib.suppress(KnownError):
        found(tmp_path)
    monkeypatch.undo()
    if not founding.holds_clinic(tmp_path):
        found(tmp_path, paper="letter")
    clinic = OpenClinic(opened(tmp_path), Inbox().post)
    assert clinic.state.founded is not None
    assert sorted(each.name for each in clinic.state.people.values()) == [NAME]
    clinic.close()


def test_a_folder_whose_record_is_gone_is_told_plainly(folder: Path) -> None:
    for path in folder.glob("record.db*"):
        path.unlink()
    with pytest.raises(Damaged, match="is missing"):
        OpenClinic(opened(folder), Inbox().post)


def test_without_the_right_password_nothing_opens(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(KnownError, match="holds no clinic yet"):
        keyring.sign_in(tmp_path, NAME, PASSWORD)
    for who, password in ((NAME, "another one"), ("Sample Nobody", PASSWORD)):
        with pytest.raises(KnownError, match="Name and password do not belong together"):
            keyring.sign_in(folder, who, password)
    assert keyring.sign_in(folder, NAME.upper(), PASSWORD).own.clinic == opened(folder).own.clinic


def test_the_recovery_code_gives_someone_a_new_password(tmp_path: Path) -> None:
    _, code = founding.found(tmp_path, "Sample Clinic", "Europe/Warsaw", "a4", FIRST)
    ring = keyring.recover(tmp_path, code.lower(), NAME, NewPassword("another sixteen lanterns"))
    assert OpenClinic(ring, Inbox().post).close() is None
    with pytest.raises(KnownError):
        keyring.sign_in(tmp_path, NAME, PASSWORD)
    assert keyring.sign_in(tmp_path, NAME, "another sixteen lanterns").own == ring.own


def test_no_secret_lies_in_the_folder_as_it_is(desk: Desk) -> None:
    own = desk.clinic.log.keys
    for path in desk.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for secret in (own.database_key, own.station_key):
                assert secret.encode() not in content, path
                assert bytes.fromhex(secret) not in content, path
    assert own.database_key not in repr(own) + repr(desk.clinic.ring)


def test_each_role_reads_and_does_what_the_table_says(desk: Desk) -> None:
    clerk, nurse = desk.person("Sample Clerk", "records"), desk.person("Sample Nurse", "medical staff")
    desk.clinic.require(clerk.by, "print")
    with pytest.raises(KnownError, match=r"Sample Clerk \(records\) may not decide who works here"):
        desk.clinic.require(clerk.by, "add people")
    with pytest.raises(KnownError, match="may not make backups here"):
        desk.clinic.require(nurse.by, "backup")
    with pytest.raises(KnownError, match="Nobody is chosen"):
        desk.clinic.require("", "print")


# People and patients.


def test_people_and_patients_are_there_when_it_is_opened_again(open_desk: Open) -> None:
    desk = open_desk()
    nurse = desk.person("Sample Nurse One", "medical staff", "therapist")
    patient = desk.patient(nurse, "Sample Patient A")
    desk.close()
    again = open_desk().clinic
    assert again.state.name_of(nurse.by) == "Sample Nurse One"
    assert again.state.people[nurse.by].roles == ("medical staff", "therapist")
    assert again.patients[patient].name == "Sample Patient A"


@pytest.mark.parametrize("name", ["sample nurse one", " Sample Nurse One "])
def test_a_name_stands_for_one_person_only(desk: Desk, name: str) -> None:
    desk.person("Sample Nurse One")
    with pytest.raises(KnownError, match="is on the list already"):
        desk.clinic.add_person(name, ("therapist",))
    with pytest.raises(KnownError, match="name is missing"):
        desk.clinic.add_person("  ", ("therapist",))


def test_a_patient_without_a_name_and_one_by_nobody_are_refused(desk: Desk) -> None:
    nurse = desk.person()
    with pytest.raises(KnownError, match="name is missing"):
        desk.clinic.register(PatientRegistered(" ", "1980-01-01"), nurse)
    clerk = desk.person("Sample Clerk", "records")
    with pytest.raises(KnownError, match="may read here, not write"):
        desk.clinic.register(PatientRegistered("Sample Patient A", "1980-01-01"), clerk)
    assert desk.clinic.patients == {}


# Sessions.


def test_in_a_demo_clinic_every_visit_is_a_rehearsal(tmp_path: Path) -> None:
    found(tmp_path, "Demo", demo=True)
    desk = Desk(tmp_path, Computer())
    room = desk.room()
    assert room.session.opened is not None
    assert room.session.opened.rehearsal
    toml = room.session.protocol.toml if room.session.protocol else ""
    other = desk.patient(room.by, "Sample Patient B", "1990-01-01")
    asked = desk.clinic.open_session(other, toml, MusicPlanned("x", ()), room.by, rehearsal=False)
    desk.settle()
    assert asked.session.opened is not None
    assert asked.session.opened.rehearsal
    desk.close()


def test_the_list_shows_every_visit_newest_first_as_the_record_has_it(desk: Desk) -> None:
    nurse = desk.person()
    first = desk.dosed(desk.room(nurse, desk.patient(nurse, "Sample Patient A")))
    desk.pass_(1)
    second = desk.room(nurse, desk.patient(nurse, "Sample Patient B"))
    dose = first.session.history.standing(type(first.session.history.last().fact))[0]  # type: ignore[union-attr]
    desk.kept(first.correct(dose.id, dose.fact, dose.at_us - 60_000_000, "entered late"))
    lines = desk.clinic.visits()
    assert [(line.id, line.patient.name, line.session.stage) for line in lines] == [
        (second.id, "Sample Patient B", "preparing"),
        (first.id, "Sample Patient A", "running"),
    ]
    assert lines[1].session.first_dose_us == first.session.first_dose_us
    assert desk.clinic.visit(first.id).session == first.session
    assert desk.clinic.room_of(first.id) is first
    with pytest.raises(KnownError, match="no such session"):
        desk.clinic.visit(uuid4())


def test_where_the_chains_of_an_ended_and_of_a_signed_session_end_is_kept(desk: Desk) -> None:
    room = desk.dosed(desk.room())
    desk.kept(room.record(Ended("completed")))
    desk.settle()
    (at_end,) = desk.clinic.state.heads
    desk.kept(room.record(Locked()))
    desk.settle()
    assert at_end.stream == room.stream
    assert [kept.heads for kept in desk.clinic.state.heads] == [at_end.heads, desk.clinic.log.heads(room.stream)]
    assert desk.clinic.state.heads[1].heads[0].seq == at_end.heads[0].seq + 1


def test_a_history_that_was_cut_at_its_end_is_found(desk: Desk) -> None:
    room = desk.dosed(desk.room())
    desk.kept(room.record(Ended("completed")))
    desk.settle()
    assert desk.clinic.check().damage == ()
    last = desk.clinic.log.heads(room.stream)[0]
    desk.close()

    own = desk.clinic.log.keys
    knife = vault.connect(desk.folder, own.database_key)
    ids = "SELECT id FROM entry WHERE stream_id = ? AND seq = ?"
    for name in statements.TRIGGERS:
        knife.execute(f"DROP TRIGGER {name}")
    knife.execute(f"DELETE FROM payload WHERE entry_id IN ({ids})", (room.stream.id, last.seq))
    knife.execute("DELETE FROM entry WHERE stream_id = ? AND seq = ?", (room.stream.id, last.seq))
    for sql in statements.TRIGGERS.values():
        knife.execute(sql)
    knife.close()

    inbox = Inbox()
    clinic = OpenClinic(opened(desk.folder), inbox.post)
    (damage,) = clinic.check().damage
    clinic.close()
    assert (damage.stream, damage.seq, damage.words) == (room.stream, last.seq, "is gone; the history was cut")


def test_the_doctor_and_opening_do_not_make_a_record_that_is_missing(folder: Path) -> None:
    for path in folder.glob(f"{vault.FILE}*"):
        path.unlink()
    ring = opened(folder)
    found_ = [finding for finding in examine(folder, ring) if finding.what == "Record"]
    assert [(finding.well, "is missing" in finding.words) for finding in found_] == [("no", True)]
    with pytest.raises(KnownError, match="is missing"):
        OpenClinic(ring, Inbox().post)
    assert not (folder / vault.FILE).exists()


def test_heads_that_a_sudden_end_kept_from_the_record_are_kept_at_the_next_start(open_desk: Open) -> None:
    desk = open_desk()
    room = desk.dosed(desk.room())
    room.record(Ended("completed")).kept.result(20)
    desk.clinic.close()
    again = open_desk()
    assert again.clinic.state.heads == ()
    again.clinic.unfinished.look()
    again.settle()
    assert [kept.heads for kept in again.clinic.state.heads] == [again.clinic.log.heads(room.stream)]
    again.clinic.unfinished.look()
    again.settle()
    assert len(again.clinic.state.heads) == 1

    ended = again.clinic.room_of(room.id)
    ended.by = room.by
    ended.record(Locked()).kept.result(20)
    again.clinic.close()
    third = open_desk()
    third.clinic.unfinished.look()
    third.settle()
    assert third.clinic.state.heads[-1].heads == third.clinic.log.heads(room.stream)


# Going on after KapDesk, or the computer, stopped in the middle.


def test_ended_sessions_and_those_of_other_stations_are_not_offered(desk: Desk) -> None:
    room = desk.dosed(desk.room())
    desk.kept(room.record(Ended("completed")))
    other = Station(desk.clinic.log.keys.clinic)
    desk.kept(desk.clinic.recorder.record(StationEnrolled(other.name, "Other", other.public_key), ITSELF))
    theirs = Stream("session", str(uuid4()))
    opened = VisitOpened("dosing", room.patient.id, False, "Europe/Warsaw", "a4")
    desk.until(desk.clinic.adopt(other.says(theirs, (1, opened))).done)
    desk.settle()
    assert {line.id for line in desk.clinic.visits()} == {room.id, UUID(theirs.id)}
    assert desk.clinic.unfinished.look() == []


def test_what_was_under_way_elsewhere_when_a_session_was_signed_does_not_change_what_was_signed(
    open_desk: Open, own: keys.Keys
) -> None:
    """The nurse's computer was off the network; what she entered comes a day after the signing."""
    desk = open_desk()
    other = Station(own.clinic)
    desk.kept(desk.clinic.recorder.record(StationEnrolled(other.name, "Other", other.public_key), ITSELF))
    room = desk.dosed(desk.room())
    theirs = other.says(room.stream, (1, VitalsTaken(118)), (2, VitalsTaken(190)), (3, NoteTaken("pale")))
    desk.until(desk.clinic.adopt(theirs[:1]).done)
    desk.settle()
    desk.kept(room.record(Ended("completed")))
    locked = desk.clinic.signing(room)
    assert {(each.stream.kind, each.station): each.seq for each in locked.covers}["session", other.name] == 0
    assert {each.stream.kind for each in locked.covers} == {"session", "patient", "clinic"}
    desk.kept(room.record(locked))

    desk.until(desk.clinic.adopt(theirs).done)
    desk.settle()
    for session in (room.session, open_again(open_desk, desk).clinic.visit(room.id).session):
        assert [h.fact.systolic_mmhg for h in session.history.standing(VitalsTaken)] == [118]
        assert [h.late for h in session.history if h.order.station == other.name] == [False, True, True]


def open_again(open_desk: Open, desk: Desk) -> Desk:
    desk.clinic.close()
    return open_desk()


def test_adopted_people_patients_and_stations_are_at_hand(desk: Desk, own: keys.Keys) -> None:
    other = Station(own.clinic)
    desk.kept(desk.clinic.recorder.record(StationEnrolled(other.name, "Other", other.public_key), ITSELF))
    registered = PatientRegistered("Sample Patient B", "1990-02-02")
    theirs = Stream("patient", str(uuid4()))
    desk.until(desk.clinic.adopt(other.says(theirs, (1, registered))).done)
    desk.settle()
    assert desk.clinic.patients[UUID(theirs.id)].name == "Sample Patient B"
    assert desk.clinic.check().damage == ()


def test_closing_waits_for_what_was_just_recorded(open_desk: Open) -> None:
    desk = open_desk()
    room = desk.room()
    recordings = [room.record(NoteTaken(str(n))) for n in range(300)]
    desk.clinic.close()
    assert all(recording.kept.done() for recording in recordings)
    assert len(open_desk().clinic.visit(room.id).session.history.standing(NoteTaken)) == 300


def test_reading_off_the_cores_thread_sees_what_is_on_the_disk(desk: Desk) -> None:
    room = desk.room()
    assert desk.clinic.later(lambda: desk.clinic.visit(room.id)).result(20).session == room.session
    assert isinstance(desk.clinic.clock, Clock)


def test_the_folder_of_a_new_clinic_is_its_owners_alone(tmp_path: Path) -> None:
    found(tmp_path / "new" / "clinic")
    modes = {
        path.name: path.stat().st_mode & 0o077
        for path in [tmp_path / "new" / "clinic", *(tmp_path / "new" / "clinic").iterdir()]
    }
    assert set(modes.values()) == {0}, modes


def test_a_clinic_from_before_passwords_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / keyring.BEFORE).write_text("{}")
    (tmp_path / "record.db").touch()
    with pytest.raises(KnownError, match="from before its first release"):
        keyring.names(tmp_path)
