"""A session that was written on paper is entered afterwards: by the same judges, in any order, each at its time."""

from itertools import permutations

import pytest

from kapdesk.clinic.close import make
from kapdesk.clinic.from_paper import THERE, PaperLine, enter, judged
from kapdesk.clinic.room import Room
from kapdesk.errors import KnownError
from kapdesk.facts.after import PaperEntered
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import Cleared, DoseGiven, Ended, NoteTaken, PatientArrived, VitalsTaken
from tests.desk import Desk
from tests.note.reading import pdfium

MINUTE_US = 60_000_000
DAY_US = 1440 * MINUTE_US
WHY = "the power was out"
YESTERDAY: tuple[tuple[Fact, int], ...] = (
    (PatientArrived(), 0),
    (Cleared(), 10),
    (DoseGiven("ketamine", 50_000, "im"), 11),
    (VitalsTaken(120, 80, 70, 98), 21),
    (NoteTaken("calm", "", False), 25),
    (Ended("completed"), 120),
)


def lines(room: Room, back_us: int = DAY_US + 3 * 60 * MINUTE_US) -> list[PaperLine]:
    start = room.now_us() - back_us
    return [PaperLine(fact, start + minutes * MINUTE_US, room.by) for fact, minutes in YESTERDAY]


def test_yesterdays_session_goes_in_with_its_own_times_and_starts_the_clock_then(desk: Desk) -> None:
    room = desk.room()
    rows = lines(room)
    assert judged(room, rows) == ("",) * len(rows)
    assert room.session.arrived_us is None, "asking alone records nothing"
    done = enter(room, rows, WHY, room.by)
    desk.settle()
    assert all(each.recording is not None for each in done)
    assert room.session.first_dose_us == rows[2].at_us
    assert room.session.stage == "ended"
    entered = room.session.history.standing(NoteTaken)[0]
    assert entered.entered_at_us - entered.at_us > DAY_US
    assert [h.fact for h in room.session.history.standing(PaperEntered)] == [PaperEntered(6, WHY)]


@pytest.mark.parametrize("order", list(permutations(range(6)))[::37])
def test_the_order_of_the_rows_does_not_matter(desk: Desk, order: tuple[int, ...]) -> None:
    room = desk.room()
    rows = [lines(room)[n] for n in order]
    assert judged(room, rows) == ("",) * len(rows)
    enter(room, rows, WHY, room.by)
    desk.settle()
    facts = [h.fact for h in room.session.history if (h.fact, h.at_us) in {(r.fact, r.at_us) for r in rows}]
    assert facts == [fact for fact, _ in YESTERDAY]


def test_a_line_that_is_refused_stays_out_alone_and_goes_in_when_mended(desk: Desk) -> None:
    room = desk.room()
    rows = lines(room)
    rows[3] = PaperLine(VitalsTaken(999, 80), rows[3].at_us, room.by)
    done = enter(room, rows, WHY, room.by)
    desk.settle()
    assert done[3].sentence
    assert done[3].recording is None
    assert room.session.history.standing(PaperEntered)[0].fact.lines == 5
    mended = PaperLine(NoteTaken("reading not legible"), rows[3].at_us, room.by)
    assert enter(room, [mended], WHY, room.by)[0].recording is not None


def test_without_its_clearance_a_dose_is_refused_as_in_the_room(desk: Desk) -> None:
    room = desk.room()
    rows = [each for each in lines(room) if not isinstance(each.fact, Cleared)]
    assert "Not cleared" in judged(room, rows)[1]


def test_no_line_goes_in_twice(desk: Desk) -> None:
    room = desk.room()
    rows = lines(room)
    enter(room, rows, WHY, room.by)
    assert judged(room, rows) == (THERE,) * len(rows), "while it is still on its way to the disk"
    desk.settle()
    again = enter(room, rows, WHY, room.by)
    desk.settle()
    assert {each.sentence for each in again} == {THERE}
    assert len(room.session.history.standing(PaperEntered)) == 1


def test_without_a_reason_nothing_is_recorded(desk: Desk) -> None:
    room = desk.room()
    with pytest.raises(KnownError, match="Why it was written on paper is missing"):
        enter(room, lines(room), " ", room.by)
    desk.settle()
    assert room.session.arrived_us is None


def test_paper_goes_back_seven_days_and_only_paper_more_than_one(desk: Desk) -> None:
    room = desk.room()
    assert judged(room, lines(room, 7 * DAY_US)) == ("",) * 6
    assert "more than 7 days ago" in judged(room, lines(room, 7 * DAY_US + MINUTE_US))[0]
    assert "still to come" in judged(room, [PaperLine(PatientArrived(), room.now_us() + 2 * MINUTE_US, room.by)])[0]
    with pytest.raises(KnownError, match="more than a day ago"):
        room.record(PatientArrived(), room.now_us() - 2 * DAY_US)


def test_the_note_says_what_came_from_paper_and_when_it_was_entered(desk: Desk) -> None:
    room = desk.room()
    enter(room, lines(room), WHY, room.by)
    desk.settle()
    note = " ".join(pdfium(make(desk.clinic, room.id)).split())
    assert f"6 lines entered from paper: {WHY}" in note
    assert "Entered 11:00 +1 d, SO" in note, "with its day, which is not the session's"
    assert "+1 d is the day after, 2026-03-02." in note
