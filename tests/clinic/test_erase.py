"""An erasure: two people, a reason, and nothing of the words left but what is said to be left."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kapdesk.access.accounts import NewPassword
from kapdesk.clinic.audit import entries
from kapdesk.clinic.erase import begin, erase, of_patient, of_visit, unfinished
from kapdesk.clinic.finding import find
from kapdesk.clinic.keeping import keep_longer
from kapdesk.clinic.private import private_recorder, private_stream
from kapdesk.errors import KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.people import Actor
from kapdesk.facts.private import ReflectionWritten
from kapdesk.facts.session import Ended, Locked, NoteTaken
from kapdesk.record.history import read
from kapdesk.store import journal_file, places
from kapdesk.store.drafts import Draft
from tests.desk import Desk
from tests.keys import PASSWORD

Open = Callable[[], Desk]
WORDS = "the blue heron by the mill, told to nobody else"


@pytest.fixture
def desk(open_desk: Open) -> Desk:
    return open_desk()


@pytest.fixture
def session(desk: Desk) -> UUID:
    """A signed session, put away, with words in it and a draft."""
    room = desk.dosed(desk.room())
    desk.kept(room.record(NoteTaken(WORDS)))
    desk.clinic.drafts.keep(Draft(f"note {room.id}", WORDS, room.now_us()))
    desk.kept(room.record(Ended("completed")))
    desk.kept(room.record(Locked()))
    desk.clinic.leave(room)
    desk.until(desk.clinic.backups.idle)
    return room.id


@pytest.fixture
def admin(desk: Desk) -> Actor:
    return Actor(desk.clinic.ring.first, desk.clinic.ring.first)


def test_the_words_are_gone_from_record_second_copy_and_drafts_and_the_chains_hold(
    open_desk: Open, desk: Desk, folder: Path, session: UUID, admin: Actor
) -> None:
    therapist = desk.person("Sample Therapist One", "therapist").by
    assert [hit.id for hit in find(desk.clinic, "blue heron").hits] == [session]
    left = erase(desk.clinic, of_visit(desk.clinic, session), "asked for by the patient", admin, therapist)
    desk.settle()
    kept = desk.clinic.log.read(_stream(session))
    assert [each.entry.body.kind for each in kept if each.payload is not None] == ["erased"]
    assert desk.clinic.drafts.all() == {}
    assert desk.clinic.index.select("SELECT * FROM shown") == [], "before anyone looked"
    assert find(desk.clinic, "blue heron").hits == find(desk.clinic).hits == ()
    checked = desk.clinic.check()
    assert (checked.damage, checked.second) == ((), ())
    own = desk.clinic.log.keys
    lines = journal_file.read(folder / places.JOURNAL, own.clinic, own.database_keys).lines
    assert all(WORDS.encode() not in each.payload.bytes for _, each in lines if each.payload is not None)
    assert [each.path for each in left] == [str(p) for p in (folder / places.BACKUPS).glob("*.backup")]
    assert [each.what for each in entries(desk.clinic)][-1].startswith("ERASED session ")
    desk.clinic.close()
    again = open_desk()
    assert again.clinic.visits() == []


def _stream(session: UUID) -> Stream:
    return Stream("session", str(session))


def test_it_takes_two_who_may_a_reason_and_a_visit_that_is_over(desk: Desk, session: UUID, admin: Actor) -> None:
    therapist, nurse = desk.person("Sample Therapist One", "therapist").by, desk.person("Sample Nurse Two").by
    for actor, agreed_by, reason, words in (
        (Actor(therapist, therapist), admin.by, "x y z", "may not erase here"),
        (admin, nurse, "x y z", "may not agree to an erasure here"),
        (admin, admin.by, "x y z", "may not agree to an erasure here"),
        (admin, therapist, " ", "The reason is missing"),
    ):
        with pytest.raises(KnownError, match=words):
            erase(desk.clinic, of_visit(desk.clinic, session), reason, actor, agreed_by)
    with pytest.raises(KnownError, match="no such session"):
        of_visit(desk.clinic, uuid4())
    running = desk.room(desk.person("Sample Nurse Three"))
    with pytest.raises(KnownError, match="goes on"):
        of_visit(desk.clinic, running.id)
    with pytest.raises(KnownError, match="goes on"):
        of_patient(desk.clinic, running.patient.id)
    assert WORDS in [getattr(h.fact, "text", "") for h in desk.clinic.visit(session).session.history]


def signed_in(desk: Desk, name: str) -> Actor:
    therapist = desk.person(name, "therapist")
    desk.clinic.ring.add_person(therapist.by, name, NewPassword(PASSWORD))
    desk.clinic.ring.sign_in(name, PASSWORD)
    return therapist


def test_all_that_is_kept_of_a_patient_goes_with_what_the_staff_noted_for_themselves(
    open_desk: Open, desk: Desk, folder: Path, session: UUID, admin: Actor
) -> None:
    therapist, other = signed_in(desk, "Sample Therapist One"), desk.person("Sample Therapist Two", "therapist")
    patient = desk.clinic.visit(session).patient.id
    stays = desk.patient(other, "Sample Patient B", "1979-02-02")
    for each in (patient, stays):
        desk.kept(private_recorder(desk.clinic, therapist.by, each).record(ReflectionWritten(WORDS), therapist))
    streams = of_patient(desk.clinic, patient)
    assert {each.kind for each in streams} == {"session", "private", "patient"}
    erase(desk.clinic, streams, "kept as long as the law asks", admin, other.by)
    desk.settle()
    for stream in streams:
        assert {k.entry.body.kind for k in desk.clinic.log.read(stream) if k.payload is not None} == {"erased"}
    (kept,) = desk.clinic.log.read(private_stream(therapist.by, stays))
    assert read(kept).fact == ReflectionWritten(WORDS), "of another patient nothing is gone"
    assert list(desk.clinic.patients) == [stays]
    assert desk.clinic.check().whole
    with pytest.raises(KnownError, match="no such patient"):
        of_patient(desk.clinic, patient)
    desk.clinic.close()
    again = open_desk()
    assert list(again.clinic.patients) == [stays]
    assert again.clinic.check().second == ()


def test_a_record_that_is_to_be_kept_longer_is_not_erased_before(desk: Desk, session: UUID, admin: Actor) -> None:
    nurse = desk.person("Sample Nurse Two")
    patient = desk.clinic.visit(session).patient.id
    desk.kept(keep_longer(desk.clinic, patient, "2099-01-01", "a claim is open", nurse))
    with pytest.raises(KnownError, match="is to be kept until 2099-01-01"):
        of_patient(desk.clinic, patient)


def test_an_erasure_that_was_cut_off_is_finished_when_the_clinic_is_next_open(
    open_desk: Open, desk: Desk, session: UUID, admin: Actor
) -> None:
    therapist = desk.person("Sample Therapist One", "therapist").by
    for each in begin(desk.clinic, of_visit(desk.clinic, session), "asked for", admin, therapist):
        each.kept.result()
    desk.close()
    again = open_desk()
    assert unfinished(again.clinic), "the desk died before a word was deleted"
    again.clinic.watch.begin()
    again.clinic.watch.wait()
    assert not unfinished(again.clinic)
    assert again.clinic.watch.trouble == ""
