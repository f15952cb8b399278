"""What the widgets of a session show, made from a session: pure."""

from kapdesk.facts.session import DoseGiven, NoteTaken, PersonLeft, VitalsTaken
from tests.fakes import MINUTE_US
from tests.ui.hand import Hand
from ui.session import reading
from ui.session.rows import initials, rows


def test_before_the_dose_the_clock_counts_from_the_arrival_and_names_it_so(hand: Hand) -> None:
    hand.open_session()
    hand.pass_(12)
    shown = reading.clock(hand.seat.seen())
    assert (shown.since, shown.elapsed_ms, shown.started, shown.wall) == ("arrival", 720_000, "11:00", "11:12")
    assert (shown.next_due, shown.overdue) == ("Vitals 12 min late", "")


def test_after_it_from_the_first_dose_and_what_is_late_stands_first(hand: Hand) -> None:
    hand.begin()
    hand.pass_(17)
    shown = reading.clock(hand.seat.seen())
    assert (shown.since, shown.elapsed_ms, shown.overdue) == ("first dose", 1_020_000, "Vitals 2 min late")


def test_readings_before_the_dose_are_judged_by_other_limits_than_after_it(hand: Hand) -> None:
    hand.open_session()
    hand.room.record(VitalsTaken(150, 80))
    hand.pass_(5)
    hand.press("Ready to begin")
    hand.settle()
    hand.dose("50")
    hand.room.record(VitalsTaken(150, 80))
    hand.settle()
    view = reading.trend(hand.seat.seen())
    assert [pressure.breach for pressure in view.pressure] == ["above 140", ""]
    assert [limit.name for limit in view.limits] == ["limit 160", "limit 92"]
    assert view.band is not None
    assert (view.band.low, view.band.high) == (120, 180)


def test_a_tile_says_what_when_and_by_whom_and_a_breach_in_words(hand: Hand) -> None:
    hand.begin()
    hand.room.record(VitalsTaken(164, 98, 92))
    hand.pass_(4)
    pressure, pulse, spo2, breaths = reading.tiles(hand.seat.seen())
    assert (pressure.value, pressure.state, pressure.remark) == ("164/98", "breach", "above 160")
    assert (pressure.age_ms, pressure.by) == (240_000, "Sample Therapist")
    assert (pulse.value, pulse.state) == ("92", "ok")
    assert (spo2.state, breaths.state) == ("none", "none")


def test_the_timeline_has_a_shape_for_each_kind(hand: Hand) -> None:
    hand.begin()
    hand.room.record(NoteTaken("mild", "Nausea"))
    hand.room.record(NoteTaken("calm", "Ease"))
    hand.room.record(VitalsTaken(130, 80))
    hand.settle()
    marks = [(mark.kind, mark.label) for mark in reading.timeline(hand.seat.seen()).marks]
    assert ("dose", "IM 50 mg") in marks
    assert ("event", "Nausea") in marks
    assert ("note", "Ease") in marks
    assert ("reading", "130/80") in marks
    assert ("due", "Vitals") in marks


def test_rows_are_the_newest_first_and_say_when_they_were(hand: Hand) -> None:
    hand.begin()
    hand.pass_(5)
    hand.room.record(NoteTaken("second"))
    hand.room.record(NoteTaken("first"), hand.room.now_us() - 3 * MINUTE_US)
    hand.room.record(PersonLeft(hand.day.desk.here[1]))
    hand.settle()
    shown = [(row.at, row.text) for row in rows(hand.seat.seen())]
    assert shown[:4] == [
        ("0:05", "Sample Nurse left"),
        ("0:05", "second"),
        ("0:02", "first"),
        ("0:00", "ketamine 50 mg IM"),
    ]


def test_a_dose_on_its_way_is_shown_as_being_saved(hand: Hand) -> None:
    hand.begin()
    hand.room.record(DoseGiven("ketamine", 25_000, "im", "right deltoid"))
    (row, *_) = rows(hand.seat.seen())
    assert (row.text, row.state) == ("ketamine 25 mg IM, right deltoid", "saving")


def test_names_become_initials_where_room_is_short() -> None:
    assert initials("Sample Nurse") == "SN"
