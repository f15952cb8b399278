"""The observation summary of a nasal esketamine visit: due after the visit, sent once, by those who may."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from kapdesk.clinic import audit, summary
from kapdesk.clinic.room import Room
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import SummarySent
from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.facts.session import DoseGiven, Ended, MusicPlanned
from tests.desk import Desk
from tests.fakes import Computer
from tests.plain import PLAIN, approve


@pytest.fixture
def desk(folder: Path, computer: Computer) -> Iterator[Desk]:
    desk = Desk(folder, computer)
    yield desk
    desk.close()


@pytest.fixture
def nurse(desk: Desk) -> Actor:
    return desk.person()


def running(desk: Desk, nurse: Actor, medication: str = "esketamine") -> Room:
    approve(desk.clinic)
    patient, recording = desk.clinic.register(PatientRegistered("Sample Patient A", "1980-01-01"), nurse)
    desk.kept(recording)
    room = desk.clinic.open_session(patient, PLAIN, MusicPlanned("sample", ()), nurse)
    desk.dosed(room)
    desk.kept(room.record(DoseGiven(medication, 28_000, "nasal", "device 1 of 1", lot="E77")))
    desk.pass_(30)
    return room


def ended(desk: Desk, room: Room) -> None:
    desk.kept(room.record(Ended("left against advice")))


def state(desk: Desk, room: Room) -> str:
    (line,) = [each for each in desk.clinic.visits() if each.id == room.id]
    return summary.state(line.session, line.id, desk.clinic.state)


def test_it_is_due_a_week_after_a_visit_that_is_over_until_someone_says_it_was_sent(desk: Desk, nurse: Actor) -> None:
    room = running(desk, nurse)
    assert state(desk, room) == ""
    ended(desk, room)
    assert state(desk, room).startswith("Observation summary due ")
    assert state(desk, room).endswith(", not sent")
    desk.kept(summary.send(desk.clinic, room.id, " fax ", nurse))
    assert desk.clinic.state.history.standing(SummarySent)[0].fact == SummarySent(room.id, "fax")
    assert state(desk, room) == "Observation summary sent: fax"
    assert any("sent the observation summary" in each.what for each in audit.entries(desk.clinic))


def test_that_it_was_sent_is_taken_back_with_a_reason_and_it_is_due_again(desk: Desk, nurse: Actor) -> None:
    room = running(desk, nurse)
    ended(desk, room)
    with pytest.raises(KnownError, match="Nobody has said"):
        summary.take_back(desk.clinic, room.id, "wrong number", nurse)
    desk.kept(summary.send(desk.clinic, room.id, "fax", nurse))
    with pytest.raises(KnownError, match="reason is missing"):
        summary.take_back(desk.clinic, room.id, " ", nurse)
    with pytest.raises(KnownError, match="may not say"):
        summary.take_back(desk.clinic, room.id, "wrong number", Actor(str(uuid4()), str(uuid4())))
    assert state(desk, room) == "Observation summary sent: fax"
    (was,) = desk.clinic.state.history.standing(SummarySent)
    desk.kept(summary.take_back(desk.clinic, room.id, "wrong number", nurse))
    assert state(desk, room).endswith(", not sent")
    with pytest.raises(KnownError, match="taken back already"):
        desk.clinic.recorder.record(Struck(was.id, "wrong number"), nurse)
    told = [each.what for each in audit.entries(desk.clinic)]
    visit = room.id.hex[-8:]
    assert f"sent the observation summary of visit {visit}: fax (struck)" in told
    assert f"took back that the observation summary of visit {visit} was sent: wrong number" in told
    desk.kept(summary.send(desk.clinic, room.id, "post", nurse))
    assert state(desk, room) == "Observation summary sent: post"


def test_what_is_owed_is_told_by_whom_and_when_until_it_is_sent(desk: Desk, nurse: Actor) -> None:
    room = running(desk, nurse)
    assert summary.owed(desk.clinic) == ()
    ended(desk, room)
    (owed,) = summary.owed(desk.clinic)
    assert (owed.session, owed.patient) == (room.id, "Sample Patient A")
    assert state(desk, room) == f"Observation summary due {owed.due.isoformat()}, not sent"
    desk.kept(summary.send(desk.clinic, room.id, "fax", nurse))
    assert summary.owed(desk.clinic) == ()
    desk.kept(summary.take_back(desk.clinic, room.id, "wrong number", nurse))
    assert [each.session for each in summary.owed(desk.clinic)] == [room.id]


def test_a_dose_that_was_corrected_into_nasal_esketamine_is_owed_too(desk: Desk, nurse: Actor) -> None:
    room = running(desk, nurse, medication="ketamine")
    dose = room.session.history.standing(DoseGiven)[-1]
    desk.kept(room.correct(dose.id, DoseGiven("esketamine", 28_000, "nasal"), dose.at_us, "the wrong medicine"))
    ended(desk, room)
    assert [each.session for each in summary.owed(desk.clinic)] == [room.id]


def test_what_cannot_be_said_of_it_is_refused_in_one_sentence(desk: Desk, nurse: Actor) -> None:
    room = running(desk, nurse)
    with pytest.raises(KnownError, match="still runs"):
        summary.send(desk.clinic, room.id, "fax", nurse)
    ended(desk, room)
    with pytest.raises(KnownError, match="How it was sent is missing"):
        summary.send(desk.clinic, room.id, "  ", nurse)
    with pytest.raises(KnownError, match="may not say"):
        summary.send(desk.clinic, room.id, "fax", Actor(str(uuid4()), str(uuid4())))
    desk.kept(summary.send(desk.clinic, room.id, "fax", nurse))
    with pytest.raises(KnownError, match="on record already"):
        summary.send(desk.clinic, room.id, "post", nurse)
    assert len(desk.clinic.state.history.standing(SummarySent)) == 1


def test_a_visit_without_nasal_esketamine_has_none(desk: Desk, nurse: Actor) -> None:
    room = running(desk, nurse, "ketamine")
    ended(desk, room)
    assert state(desk, room) == ""
    with pytest.raises(KnownError, match="no nasal esketamine"):
        summary.fields(desk.clinic, room.id)


def test_the_paper_is_made_and_that_it_left_the_record_is_known(desk: Desk, nurse: Actor, tmp_path: Path) -> None:
    room = running(desk, nurse)
    ended(desk, room)
    pdf = summary.make(desk.clinic, room.id, nurse)
    assert pdf.startswith(b"%PDF")
    desk.settle()
    assert any("took out the note" in each.what for each in audit.entries(desk.clinic))
