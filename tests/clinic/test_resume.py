"""Given a session that was running when KapDesk stopped, it goes on with its time right, or its doubt said."""

from collections.abc import Callable

import pytest

from kapdesk.clinic import unfinished
from kapdesk.clinic.room import Away, Room
from kapdesk.clinic.unfinished import ASKED_UNCERTAINTY_MS, Unfinished
from kapdesk.clock import RESTART_UNCERTAINTY_MS
from kapdesk.errors import KnownError
from kapdesk.facts.session import ComputerRestarted, Ended, Locked, MusicPlanned, NoteTaken, WallClockMoved
from kapdesk.store.drafts import Draft
from kapdesk.store.vault import INDEX, throw_away
from tests.desk import Desk
from tests.fakes import Computer
from tests.plain import PLAIN, approve

Open = Callable[[], Desk]


def restarts(room: Room) -> list[ComputerRestarted]:
    return [h.fact for h in room.session.history.standing(ComputerRestarted)]


def only(absences: list[Away]) -> Away:
    (away,) = absences
    return away


# Setting up.


def test_after_a_kill_the_running_session_goes_on_as_if_nothing_had_been(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    room = killed.dosed(killed.room())
    killed.clinic.drafts.keep(Draft("note", "She says she is fl", room.now_us()))
    killed.kept(room.record(NoteTaken("calm")))
    computer.pass_(90)
    computer.move_clock(3_600)
    computer.sleep(30)

    desk = open_desk()
    away = only(desk.clinic.unfinished.look())
    assert (away.session, away.absence, away.ask) == (room.id, None, False)
    resumed = desk.clinic.unfinished.resume(away, actor=room.by)
    desk.settle()
    assert list(resumed.session.history)[:-1] == list(room.session.history)
    assert [h.fact for h in resumed.session.history.standing(WallClockMoved)] == [WallClockMoved(3_600_000)]
    assert (resumed.patient.id, resumed.by, resumed.protocol) == (room.patient.id, room.by, room.protocol)
    assert resumed.session.since_first_dose_ms(resumed.now_us()) == 120_000
    assert resumed.session.uncertainty_ms() == 0
    assert restarts(resumed) == []
    assert desk.clinic.drafts.all()["note"].text == "She says she is fl"
    desk.kept(resumed.record(NoteTaken("ease")))
    assert resumed.session == desk.clinic.visit(room.id).session


@pytest.mark.parametrize("index", ["whole", "behind", "wrong", "gone"])
def test_in_a_record_of_many_the_index_is_asked_what_goes_on_and_never_hides_a_session(
    open_desk: Open, computer: Computer, monkeypatch: pytest.MonkeyPatch, index: str
) -> None:
    monkeypatch.setattr(unfinished, "MANY", -1)
    monkeypatch.setattr(unfinished, "RECENT", 1)
    asked, through = list[str](), Unfinished._all_open

    def told(own: Unfinished) -> list[str]:
        asked.append("all")
        return through(own)

    monkeypatch.setattr(Unfinished, "_all_open", told)
    killed = open_desk()
    if index == "behind":
        killed.clinic.index.catch_up(whole=True)
    room = killed.dosed(killed.room())
    for n in range(2):
        over = killed.room(killed.person(f"Sample Nurse {n}"), killed.patient(room.by, f"Sample {n}", "1970-02-02"))
        killed.kept(over.record(Ended("no dose given")))
    killed.pass_(1)
    if index != "behind":
        killed.clinic.index.catch_up(whole=True)
    if index == "wrong":
        killed.clinic.index.select("UPDATE session SET open = 0")
    killed.clinic.later(lambda: None).result()  # how many run was written
    if index == "gone":
        throw_away(killed.folder / INDEX)
    computer.pass_(90)
    asked.clear()
    assert only(open_desk().clinic.unfinished.look()).session == room.id
    assert asked == ([] if index in ("whole", "behind") else ["all"])


@pytest.mark.parametrize("moved_s", [3_600, -3_600])
def test_a_clock_that_was_moved_while_kapdesk_was_closed_does_not_count_after_a_restart(
    open_desk: Open, computer: Computer, moved_s: int
) -> None:
    killed = open_desk()
    killed.dosed(killed.room())
    computer.pass_(60)
    computer.move_clock(moved_s)
    again = open_desk()
    again.clinic.unfinished.resume(only(again.clinic.unfinished.look()))
    again.settle()
    computer.pass_(60)
    computer.restart(off_s=60)
    desk = open_desk()
    resumed = desk.clinic.unfinished.resume(only(desk.clinic.unfinished.look()))
    desk.settle()
    assert resumed.session.since_first_dose_ms(resumed.now_us()) == 3 * 60_000


@pytest.mark.parametrize("moved_s", [0, 3_600, -3_600])
def test_after_a_restart_of_the_computer_the_elapsed_time_is_right_and_its_doubt_is_on_record(
    open_desk: Open, computer: Computer, moved_s: int
) -> None:
    killed = open_desk()
    room = killed.dosed(killed.room())
    killed.pass_(10)
    computer.move_clock(moved_s)
    killed.pass_(0)
    killed.kept(room.record(NoteTaken("calm")))
    computer.restart(off_s=300)

    desk = open_desk()
    away = only(desk.clinic.unfinished.look())
    resumed = desk.clinic.unfinished.resume(away)
    desk.settle()
    assert resumed.session.since_first_dose_ms(resumed.now_us()) == 15 * 60_000
    (restart,) = restarts(resumed)
    assert (restart.away_ms, restart.how) == (300_000, "time of day")
    assert restart.uncertainty_ms == resumed.session.uncertainty_ms() >= RESTART_UNCERTAINTY_MS
    assert restart.wall_ahead_ms == moved_s * 1000

    desk.pass_(1)
    computer.restart(off_s=60)
    third = open_desk()
    again = third.clinic.unfinished.resume(only(third.clinic.unfinished.look()))
    third.settle()
    assert again.session.since_first_dose_ms(again.now_us()) == 17 * 60_000
    assert len(restarts(again)) == 2


def test_a_clock_that_lies_before_the_last_entry_is_asked_about(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    room = killed.dosed(killed.room())
    killed.pass_(10)
    killed.kept(room.record(NoteTaken("calm")))
    computer.restart(off_s=-100_000)

    desk = open_desk()
    away = only(desk.clinic.unfinished.look())
    assert away.ask
    with pytest.raises(KnownError, match="Say first how long"):
        desk.clinic.unfinished.resume(away)
    assert desk.clinic.rooms == {}
    resumed = desk.clinic.unfinished.resume(away, 240_000, room.by)
    desk.settle()
    assert resumed.session.since_first_dose_ms(resumed.now_us()) == 14 * 60_000
    (restart,) = restarts(resumed)
    assert (restart.away_ms, restart.uncertainty_ms, restart.how) == (240_000, ASKED_UNCERTAINTY_MS, "asked")
    assert resumed.session.history.standing(ComputerRestarted)[0].by == room.by.by


def test_one_answer_is_enough_for_several_sessions(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    nurse = killed.person()
    first = killed.dosed(killed.room(nurse, killed.patient(nurse, "Sample Patient A")))
    killed.pass_(20)
    second = killed.dosed(killed.room(nurse, killed.patient(nurse, "Sample Patient B")))
    killed.pass_(5)
    killed.kept(second.record(NoteTaken("calm")))
    computer.restart(off_s=-100_000)

    desk = open_desk()
    absences = {away.session: away for away in desk.clinic.unfinished.look()}
    assert all(away.ask for away in absences.values())
    later = desk.clinic.unfinished.resume(absences[second.id], 120_000, nurse)
    earlier = desk.clinic.unfinished.resume(absences[first.id], 120_000, nurse)
    desk.settle()
    assert later.session.since_first_dose_ms(later.now_us()) == 7 * 60_000
    assert earlier.session.since_first_dose_ms(earlier.now_us()) == (20 + 11 + 7) * 60_000
    assert restarts(earlier)[0].away_ms == (2 + 5 + 11 + 20) * 60_000


def test_several_sessions_after_a_restart_each_have_their_doubt(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    nurse = killed.person()
    rooms = [killed.dosed(killed.room(nurse, killed.patient(nurse, f"Sample Patient {n}"))) for n in "AB"]
    computer.restart(off_s=600)
    desk = open_desk()
    resumed = {away.session: desk.clinic.unfinished.resume(away) for away in desk.clinic.unfinished.look()}
    desk.settle()
    assert resumed.keys() == {room.id for room in rooms}
    for room in resumed.values():
        assert room.session.uncertainty_ms() >= RESTART_UNCERTAINTY_MS
    first, second = (resumed[room.id] for room in rooms)
    assert first.session.since_first_dose_ms(first.now_us()) == (11 + 10) * 60_000
    assert second.session.since_first_dose_ms(second.now_us()) == 10 * 60_000


def test_a_session_left_at_an_earlier_restart_still_has_its_doubt(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    nurse = killed.person()
    left = killed.dosed(killed.room(nurse, killed.patient(nurse, "Sample Patient A")))
    went_on = killed.dosed(killed.room(nurse, killed.patient(nurse, "Sample Patient B")))
    computer.restart(off_s=600)
    second = open_desk()
    second.clinic.unfinished.resume(
        next(away for away in second.clinic.unfinished.look() if away.session == went_on.id)
    )
    second.settle()
    computer.pass_(60)
    third = open_desk()
    absences = {away.session: away.absence for away in third.clinic.unfinished.look()}
    assert absences[went_on.id] is None
    absence = absences[left.id]
    assert absence is not None
    assert absence.away_ms == (11 + 10 + 1) * 60_000
    assert absence.uncertainty_ms >= RESTART_UNCERTAINTY_MS


def test_a_clock_set_right_before_the_session_does_not_disturb_it(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    nurse = killed.person()
    patient = killed.patient(nurse)
    computer.move_clock(3_600)
    killed.pass_(1)
    room = killed.dosed(killed.room(nurse, patient))
    assert room.now_us() == computer.wall_us
    computer.restart(off_s=300)
    desk = open_desk()
    resumed = desk.clinic.unfinished.resume(only(desk.clinic.unfinished.look()))
    assert resumed.session.since_first_dose_ms(resumed.now_us()) == 5 * 60_000


def test_a_session_that_was_refused_leaves_the_clock_free(desk: Desk, computer: Computer) -> None:
    nurse, clerk = desk.person(), desk.person("Sample Clerk", "records")
    patient = desk.patient(nurse)
    approve(desk.clinic)
    desk.settle()
    with pytest.raises(KnownError, match="may read here, not write"):
        desk.clinic.open_session(patient, PLAIN, MusicPlanned("x", ()), clerk)
    computer.move_clock(3_600)
    desk.pass_(1)
    assert desk.clinic.clock.now().utc_us == computer.wall_us


def test_a_clock_moved_under_one_session_is_known_to_the_next_one(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    nurse = killed.person()
    first = killed.dosed(killed.room(nurse, killed.patient(nurse, "Sample Patient A")))
    computer.move_clock(-1_800)
    killed.pass_(1)
    second = killed.dosed(killed.room(nurse, killed.patient(nurse, "Sample Patient B")))
    assert first.session.wall_ahead_ms() == second.session.wall_ahead_ms() == -1_800_000
    computer.restart(off_s=300)
    desk = open_desk()
    rooms = {away.session: desk.clinic.unfinished.resume(away) for away in desk.clinic.unfinished.look()}
    now_us = desk.clinic.clock.now().utc_us
    assert rooms[second.id].session.since_first_dose_ms(now_us) == 5 * 60_000
    assert rooms[first.id].session.since_first_dose_ms(now_us) == (1 + 11 + 5) * 60_000


def test_a_waiting_session_keeps_its_time_whatever_happens_before_it_is_taken_up(
    open_desk: Open, computer: Computer
) -> None:
    killed = open_desk()
    nurse = killed.person()
    killed.dosed(killed.room(nurse, killed.patient(nurse)))
    computer.move_clock(3_600)
    killed.pass_(1)
    desk = open_desk()
    away = only(desk.clinic.unfinished.look())
    computer.sleep(60)
    desk.pass_(1)
    resumed = desk.clinic.unfinished.resume(away)
    assert resumed.session.since_first_dose_ms(resumed.now_us()) == 3 * 60_000


def test_no_answer_about_an_absence_moves_the_time_of_a_live_session(open_desk: Open, computer: Computer) -> None:
    killed = open_desk()
    nurse = killed.person()
    first, other = killed.patient(nurse, "Sample Patient A"), killed.patient(nurse, "Sample Patient B")
    killed.dosed(killed.room(nurse, first))
    computer.restart(off_s=-100_000)
    desk = open_desk()
    away = only(desk.clinic.unfinished.look())
    assert away.ask
    with pytest.raises(KnownError, match="how long the computer was away"):
        desk.clinic.open_session(other, PLAIN, MusicPlanned("x", ()), nurse)
    desk.clinic.unfinished.resume(away, 60_000, nurse)
    desk.settle()
    live = desk.dosed(desk.room(nurse, other))
    desk.pass_(2)
    assert live.session.since_first_dose_ms(live.now_us()) == 2 * 60_000


def test_a_session_taken_up_twice_is_one_room(open_desk: Open, computer: Computer) -> None:
    open_desk().room()
    computer.restart()
    desk = open_desk()
    away = only(desk.clinic.unfinished.look())
    room = desk.clinic.unfinished.resume(away)
    assert desk.clinic.unfinished.resume(away) is room
    desk.settle()
    assert len(restarts(room)) == 1


def test_an_ended_session_keeps_its_time_until_it_is_signed(desk: Desk, computer: Computer) -> None:
    room = desk.dosed(desk.room())
    desk.kept(room.record(Ended("completed")))
    ended_us = room.now_us()
    computer.move_clock(3_600)
    desk.pass_(5)
    assert room.now_us() - ended_us == 5 * 60_000_000
    desk.kept(room.record(Locked()))
    computer.move_clock(-1_800)
    desk.pass_(1)
    assert room.now_us() == computer.wall_us
