"""The substances log on paper: what balances, what does not, and who saw it."""

from datetime import date
from uuid import UUID

import msgspec

from kapdesk.note.sheet import text_of
from kapdesk.note.substances import Counted, Given, balances, between, substances_of

ONE, TWO = UUID(int=0xA1), UUID(int=0xB2)
DAYS = (date(2026, 11, 1), date(2026, 11, 30))
COUNT = Counted(date(2026, 11, 3), ONE, "ketamine", "K1", 100_000, 60_000, 40_000, 0, "Nurse One", "Therapist Two")
DOSES = Given(date(2026, 11, 3), ONE, "ketamine", "K1", 60_000, 60_000)


def test_a_lot_that_balances_is_nothing_to_be_looked_at() -> None:
    (made,) = balances([COUNT], [DOSES])
    assert (made.drawn_ug, made.left_ug, made.open) == (100_000, 0, False)
    said = text_of(substances_of([COUNT], [DOSES], DAYS, "Sample Clinic"))
    assert "Every dose is counted, every count is witnessed, and everything drawn is accounted for." in said
    for words in ("Nurse One", "Therapist Two", "ketamine, lot K1", "1 to 30 November 2026", "2026-11-03", "000000a1"):
        assert words in said
    assert "▲" not in said


def test_lots_and_medications_are_never_summed_across() -> None:
    other = msgspec.structs.replace(COUNT, visit=TWO, lot="K2")
    third = msgspec.structs.replace(COUNT, visit=TWO, medication="midazolam")
    assert [(each.medication, each.lot, each.drawn_ug) for each in balances([COUNT, other, third], [])] == [
        ("ketamine", "K1", 100_000),
        ("ketamine", "K2", 100_000),
        ("midazolam", "K1", 100_000),
    ]


def test_what_is_left_over_not_witnessed_or_not_as_the_doses_say_is_shown() -> None:
    left = msgspec.structs.replace(COUNT, drawn_ug=105_000)
    assert "5 mg left over" in text_of(substances_of([left], [DOSES], DAYS))
    alone = msgspec.structs.replace(COUNT, witnessed_by="")
    said = text_of(substances_of([alone], [DOSES], DAYS))
    assert "1 count is not witnessed" in said
    assert "▲ not witnessed" in said
    (differs,) = balances([COUNT], [msgspec.structs.replace(DOSES, given_ug=80_000)])
    assert differs.open


def test_a_dose_that_nobody_counted_is_named_with_its_visit() -> None:
    said = text_of(substances_of([], [msgspec.structs.replace(DOSES, visit=TWO, counted_ug=None)], DAYS))
    assert "1 dose is not counted" in said
    assert "not counted" in said
    assert "000000b2" in said
    assert "Nothing was counted in that time." in said


def test_a_later_count_of_a_lot_in_a_visit_stands_for_the_one_before() -> None:
    wrong = msgspec.structs.replace(COUNT, given_ug=50_000, wasted_ug=50_000, witnessed_by="")
    (made,) = balances([wrong, COUNT], [DOSES])
    assert (made.counts, made.given_ug, made.unwitnessed) == (1, 60_000, 0)
    said = text_of(substances_of([wrong, COUNT], [DOSES], DAYS))
    assert "counted anew later" in said
    assert "▲" not in said


def test_a_period_is_said_in_words() -> None:
    assert between(DAYS[0], DAYS[0]) == "1 November 2026"
    assert between(date(2026, 10, 5), DAYS[1]) == "5 October 2026 to 30 November 2026"
