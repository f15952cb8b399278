"""An erasure: two people, a reason, and nothing of the words left but what is said to be left."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kapdesk.clinic.audit import entries
from kapdesk.clinic.erase import erase
from kapdesk.errors import KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Ended, Locked, NoteTaken
from kapdesk.store import journal_file, places
from kapdesk.store.drafts import Draft
from tests.desk import Desk

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
    left = erase(desk.clinic, session, "asked for by the patient", admin, therapist)
    desk.settle()
    kept = desk.clinic.log.read(_stream(session))
    assert [each.entry.body.kind for each in kept if each.payload is not None] == ["erased"]
    assert desk.clinic.drafts.all() == {}
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
            erase(desk.clinic, session, reason, actor, agreed_by)
    with pytest.raises(KnownError, match="no such session"):
        erase(desk.clinic, uuid4(), "x y z", admin, therapist)
    running = desk.room(desk.person("Sample Nurse Three"))
    with pytest.raises(KnownError, match="goes on"):
        erase(desk.clinic, running.id, "x y z", admin, therapist)
    assert WORDS in [getattr(h.fact, "text", "") for h in desk.clinic.visit(session).session.history]
