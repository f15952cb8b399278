"""The stock of a lot: from what came in or was counted, less what visits drew, and by how much a count was off."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.stock import StockMove
from kapdesk.note.sheet import text_of
from kapdesk.note.stock import Held, Moved, held
from kapdesk.note.substances import substances_of

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)


def moved(day: int, amount_mg: int, what: StockMove | None = None, lot: str = "K1", witness: str = "") -> Moved:
    """A line on a day counted from the first of October."""
    on = date.fromordinal(date(2026, 10, 1).toordinal() + day)
    at_us = day * 86_400_000_000
    return Moved(at_us, on, "ketamine", lot, amount_mg * 1000, what, "Sample Pharmacy", "Nurse One", witness)


def only(*moves: Moved) -> Held:
    (made,) = held(moves, SINCE)
    return made


def test_what_came_in_before_and_was_drawn_since_leaves_what_lies_there() -> None:
    made = only(moved(3, 1000, "came in"), moved(10, -100), moved(35, -250), moved(36, 500, "came in"))
    assert (made.before_ug, made.in_ug, made.drawn_ug, made.after_ug) == (900_000, 500_000, 250_000, 1_150_000)
    assert (made.off_ug, made.counted) == (0, False)


def test_what_was_found_by_a_count_holds_and_the_difference_stays() -> None:
    made = only(moved(3, 1000, "came in"), moved(35, -250), moved(40, 740, "counted"), moved(41, -40))
    assert (made.after_ug, made.off_ug, made.counted) == (700_000, -10_000, True)


def test_what_went_back_or_was_destroyed_is_gone() -> None:
    made = only(moved(32, 1000, "came in"), moved(33, 300, "went back"), moved(34, 200, "destroyed"))
    assert (made.before_ug, made.out_ug, made.after_ug) == (None, 500_000, 500_000)


def test_a_lot_of_which_nobody_said_anything_has_no_stock() -> None:
    assert held([moved(35, -250)], SINCE) == ()
    assert only(moved(33, -250), moved(35, 500, "counted")).before_ug is None


def test_lots_keep_to_themselves() -> None:
    made = held([moved(3, 100, "came in"), moved(4, 200, "came in", "K2"), moved(35, -10, None, "K2")], SINCE)
    assert [(each.lot, each.after_ug) for each in made] == [("K1", 100_000), ("K2", 190_000)]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 500), st.sampled_from(["came in", "destroyed", None]))))
def test_before_and_all_that_came_and_went_is_what_lies_there_after(
    lines: list[tuple[int, int, StockMove | None]],
) -> None:
    moves = [moved(0, 100_000, "counted")]
    moves += [moved(day, -amount if what is None else amount, what) for day, amount, what in lines]
    made = only(*moves)
    assert made.before_ug is not None
    assert made.before_ug + made.in_ug - made.out_ug - made.drawn_ug == made.after_ug


def test_the_paper_shows_the_stock_who_looked_on_and_what_a_count_found() -> None:
    moves = (moved(33, 1000, "came in"), moved(40, 940, "counted", witness="Therapist Two"))
    said = text_of(substances_of([], [], (SINCE, UNTIL), moves=moves))
    for words in ("Stock by lot, in mg", "ketamine, lot K1", "▲ −60 mg", "▲ not witnessed", "Therapist Two", "came in"):
        assert words in said, words
    assert "by hand" not in said
    assert "of 1 lot not so much was found as was expected" in said
