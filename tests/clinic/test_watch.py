"""What the checks at the start leave out is looked at in the background, and said where it is found."""

from collections.abc import Callable

from kapdesk.clinic.audit import entries
from kapdesk.facts.session import NoteTaken
from kapdesk.store import vault
from tests.desk import Desk

Open = Callable[[], Desk]


def looked(desk: Desk) -> str:
    desk.clinic.watch.begin()
    desk.clinic.watch.wait()
    return desk.clinic.safety().damaged


def test_a_whole_record_says_nothing(desk: Desk) -> None:
    desk.kept(desk.room().record(NoteTaken("breathing slowly")))
    assert looked(desk) == ""


def test_a_line_altered_behind_the_triggers_is_found_while_the_desk_goes_on(open_desk: Open) -> None:
    desk = open_desk()
    room = desk.room()
    desk.kept(room.record(NoteTaken("breathing slowly")))
    connection = vault.connect(desk.folder, desk.clinic.log.keys.database_key)
    trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'entry_is_never_changed'").fetchone()[0]
    connection.execute("DROP TRIGGER entry_is_never_changed")
    connection.execute("UPDATE entry SET at_us = at_us + 1 WHERE kind = 'note-taken'")
    connection.execute(trigger)
    connection.close()
    assert "The record is damaged in 1 place: something was altered" in looked(desk)
    desk.kept(room.record(NoteTaken("still saved")))


def test_closing_waits_for_no_look(desk: Desk) -> None:
    desk.clinic.watch.begin()
    desk.clinic.close(give_up=True)
    assert desk.clinic.watch.trouble == ""


def test_a_moved_time_of_day_is_told_by_the_audit_even_with_no_session(desk: Desk) -> None:
    desk.computer.move_clock(-600)
    desk.clinic.tick()
    desk.settle()
    assert "moved 10 min back" in entries(desk.clinic)[-1].what
