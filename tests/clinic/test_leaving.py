"""Someone leaves: their password opens nothing any more, the record gets another key, and nothing is lost by it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kapdesk.access.accounts import NewPassword
from kapdesk.clinic import keyring
from kapdesk.clinic.restore import restore
from kapdesk.clinic.staff import let_go, renew_recovery
from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import StaffLeft
from kapdesk.facts.people import Actor
from kapdesk.facts.session import NoteTaken
from kapdesk.store import backup, places, vault
from kapdesk.store.log import SqlLog
from tests.desk import Desk
from tests.keys import NAME, PASSWORD, opened

Open = Callable[[], Desk]
WORDS = "seven slow herons by the mill"


def left(desk: Desk) -> str:
    """The nurse, who has an account, is let go by whoever set the clinic up."""
    nurse = desk.person("Sample Nurse Two").by
    desk.clinic.ring.add_person(nurse, "Sample Nurse Two", NewPassword(WORDS))
    first = desk.clinic.ring.first
    desk.kept(let_go(desk.clinic, nurse, Actor(first, first)))
    return nurse


def test_who_has_left_opens_nothing_and_the_record_has_another_key_from_its_next_opening(
    open_desk: Open, folder: Path
) -> None:
    desk = open_desk()
    desk.kept(desk.room().record(NoteTaken("before")))
    before = desk.clinic.log.keys.database_key
    left(desk)
    desk.kept(next(iter(desk.clinic.rooms.values())).record(NoteTaken("meanwhile")))
    entries = desk.clinic.log.row()
    desk.clinic.close()

    with pytest.raises(KnownError, match="You have left this clinic"):
        keyring.sign_in(folder, "Sample Nurse Two", WORDS)
    again = Desk(folder, desk.computer)
    assert again.clinic.log.keys.database_key != before
    assert again.clinic.log.row() == entries
    assert again.clinic.check().whole
    assert again.clinic.check().second == ()
    again.clinic.close()
    assert not vault.opens(folder, before)
    assert keyring.sign_in(folder, NAME, PASSWORD).own.past == (before,)


def test_while_the_desk_is_open_a_command_reads_under_the_key_before(open_desk: Open, folder: Path) -> None:
    desk = open_desk()
    left(desk)
    beside = SqlLog(folder, keyring.sign_in(folder, NAME, PASSWORD).own)
    assert beside.row() == desk.clinic.log.row()
    beside.close()
    desk.kept(desk.room().record(NoteTaken("it goes on")))


def test_a_backup_from_before_is_put_back_and_gets_the_new_key(open_desk: Open, folder: Path) -> None:
    desk = open_desk()
    desk.kept(desk.room().record(NoteTaken("before")))
    backup.make(desk.clinic.log, folder / places.BACKUPS, desk.clinic.clock.now().utc_us)
    before = desk.clinic.log.keys.database_key
    left(desk)
    desk.clinic.close()
    (folder / vault.FILE).write_bytes(b"broken" * 1_000)
    ring = keyring.sign_in(folder, NAME, PASSWORD)
    report = restore(ring, Clock(desk.computer))
    assert report.whole
    assert report.refused == ()
    assert vault.opens(folder, ring.own.database_key)
    assert not vault.opens(folder, before)


def test_who_has_left_is_named_but_chosen_no_more(open_desk: Open) -> None:
    desk = open_desk()
    room = desk.room()
    nurse = left(desk)
    assert StaffLeft(nurse) in [h.fact for h in desk.clinic.state.history]
    assert nurse not in desk.clinic.state.staff
    assert desk.clinic.state.name_of(nurse) == "Sample Nurse Two"
    with pytest.raises(KnownError, match="works here no more"):
        room.record(NoteTaken("x"), actor=Actor(nurse, nurse))


def test_nobody_removes_themselves_and_only_who_may(open_desk: Open) -> None:
    desk = open_desk()
    first, therapist = desk.clinic.ring.first, desk.person("Sample Therapist One", "therapist")
    with pytest.raises(KnownError, match="Nobody can remove themselves"):
        let_go(desk.clinic, first, Actor(first, first))
    with pytest.raises(KnownError, match="may not decide who works here"):
        let_go(desk.clinic, first, therapist)
    assert desk.clinic.state.left == frozenset()
    assert opened(desk.folder).own.past == ()


def test_a_new_recovery_code_does_not_cost_the_private_notes_of_who_has_left(open_desk: Open) -> None:
    desk = open_desk()
    first = Actor(desk.clinic.ring.first, desk.clinic.ring.first)
    therapist = desk.person("Sample Therapist One", "therapist").by
    desk.clinic.ring.add_person(therapist, "Sample Therapist One", NewPassword(WORDS))
    desk.clinic.ring.sign_in("Sample Therapist One", WORDS)
    desk.clinic.ring.private_key(therapist, f"{therapist}:{therapist}")
    _, missing = renew_recovery(desk.clinic, first)
    assert len(missing) == 1
    desk.clinic.ring.sign_in("Sample Therapist One", WORDS)
    assert renew_recovery(desk.clinic, first)[1] != ()
    desk.kept(let_go(desk.clinic, therapist, first))
    with pytest.raises(KnownError, match="Sample Therapist One, who has left"):
        renew_recovery(desk.clinic, first)
