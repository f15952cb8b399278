"""Until when each record is kept: the clinic's rule from the last visit on, longer where someone said why."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinic.keeping import keep_longer, records
from kapdesk.clinic.staff import keep_for, lock_after
from kapdesk.errors import KnownError
from kapdesk.facts.patient import KeptLonger
from kapdesk.facts.people import Actor
from kapdesk.people.keeping import kept_until
from tests.desk import Desk

Open = Callable[[], Desk]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 100), st.lists(st.text(max_size=10), max_size=3))
def test_the_rule_counts_whole_years_and_nothing_makes_it_shorter(last: date, years: int, said: list[str]) -> None:
    until = kept_until(last, years, [KeptLonger(text, "because") for text in said])
    assert until >= kept_until(last, years)
    assert kept_until(last, years).year == last.year + years
    assert (kept_until(last, years).month, kept_until(last, years).day) in {(last.month, last.day), (2, 28)}


def test_a_longer_date_counts_and_a_shorter_one_does_not() -> None:
    last = date(2026, 3, 1)
    assert kept_until(last, 10, [KeptLonger("2050-06-01", "a claim"), KeptLonger("2030-01-01", "?")]) == date(
        2050, 6, 1
    )
    assert kept_until(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_the_record_whose_time_is_up_stands_first(desk: Desk) -> None:
    nurse = desk.person()
    old, new = desk.patient(nurse, "Sample Patient A"), desk.patient(nurse, "Sample Patient B", "1970-02-02")
    desk.dosed(desk.room(nurse, old))
    desk.pass_(60 * 24 * 400)
    desk.room(nurse, new)
    first = desk.clinic.ring.first
    desk.kept(keep_for(desk.clinic, 1, Actor(first, first)))
    one, other = records(desk.clinic)
    assert (one.patient.id, one.over, one.visits) == (old, True, 1)
    assert (other.patient.id, other.over) == (new, False)
    desk.kept(keep_longer(desk.clinic, old, "2099-12-31", "a claim is open", nurse))
    last = records(desk.clinic)[-1]
    assert (last.patient.id, last.over, last.longer, last.until) == (old, False, "a claim is open", date(2099, 12, 31))


@pytest.mark.parametrize(
    ("until", "reason", "words"),
    [
        ("tomorrow", "a claim", "no date"),
        ("1999-01-01", "a claim", "has passed"),
        ("2099-01-01", " ", "reason is missing"),
    ],
)
def test_what_is_no_later_day_or_has_no_reason_is_refused(desk: Desk, until: str, reason: str, words: str) -> None:
    nurse = desk.person()
    patient = desk.patient(nurse)
    with pytest.raises(KnownError, match=words):
        keep_longer(desk.clinic, patient, until, reason, nurse)


def test_the_clinics_rules_outlive_the_desk_and_are_for_whoever_runs_it(open_desk: Open) -> None:
    desk = open_desk()
    first, nurse = desk.clinic.ring.first, desk.person()
    desk.kept(lock_after(desk.clinic, 5, Actor(first, first)))
    desk.kept(keep_for(desk.clinic, 30, Actor(first, first)))
    for ask, number in ((lock_after, 5), (keep_for, 30)):
        with pytest.raises(KnownError, match="may not change the clinic's settings"):
            ask(desk.clinic, number, nurse)
        with pytest.raises(KnownError, match="Choose again"):
            ask(desk.clinic, 0, Actor(first, first))
    desk.close()
    again = open_desk()
    assert (again.clinic.state.lock_after_min, again.clinic.state.kept_years) == (5, 30)
