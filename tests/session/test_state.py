"""A session is what was recorded: read again it is what it was live, whatever was said and in whatever order."""

import functools
import random
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.fact import Correction, Struck
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    ComputerRestarted,
    Corrected,
    DoseGiven,
    Ended,
    Locked,
    Marked,
    MusicPlanned,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PersonCameIn,
    PersonLeft,
    ProtocolChosen,
    SessionFact,
    VisitOpened,
    VolumeSet,
    WallClockMoved,
    WeightMeasured,
)
from kapdesk.record.history import Happening
from kapdesk.session.state import Session, Stage, evolve, fold
from tests.fakes import happened, minute
from tests.session.sample import IDS, visits

DOSE = DoseGiven("ketamine", 50_000, "im")
OPENED = VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4")


def live(said: list[Happening]) -> Session:
    return functools.reduce(evolve, said, Session())


@given(visits())
def test_read_again_it_is_what_it_was_live(said: list[Happening]) -> None:
    assert live(said) == fold(said)


@given(visits(), st.randoms(use_true_random=False))
def test_entries_of_two_stations_fold_to_one_session_in_whatever_order_they_arrive(
    said: list[Happening], chance: random.Random
) -> None:
    arrived = list(said)
    chance.shuffle(arrived)
    assert fold(arrived) == fold(said) == live(said)


@given(visits(), st.integers(0, 24))
def test_what_is_said_twice_counts_once(said: list[Happening], n: int) -> None:
    assert live(said + said[:n]) == fold(said)


@given(visits(least=3))
def test_nothing_said_is_ever_lost(said: list[Happening]) -> None:
    assert {h.id for h in live(said).history} == {h.id for h in said}
    assert [h.order for h in fold(said).history] == sorted(h.order for h in said)


@given(visits(), visits())
def test_after_signing_all_is_late_and_changes_nothing_but_the_history(
    said: list[Happening], more: list[Happening]
) -> None:
    signed = live([*said, happened(Locked(), 181, id_=UUID(int=900))])
    known = {h.id for h in signed.history}
    coming = [h for h in more if h.id not in known]
    later = functools.reduce(evolve, coming, signed)
    news = list(later.history)[len(signed.history) :]
    assert list(later.history)[: len(signed.history)] == list(signed.history)
    assert [h.id for h in news] == [h.id for h in coming]
    assert all(h.late and not h.struck and h.first is None for h in news)
    for field in set(Session.__struct_fields__) - {"history"}:
        assert getattr(later, field) == getattr(signed, field)
    assert later.stage == "locked"


@given(visits())
def test_a_reading_of_a_session_never_fails(said: list[Happening]) -> None:
    session = fold(said)
    assert session.stage in get_args(Stage)
    assert session.live in (True, False)
    assert isinstance(session.uncertainty_ms(), int)
    assert isinstance(session.wall_ahead_ms(), int)
    assert all(isinstance(each, PersonCameIn) for each in session.present())
    assert session.weight() is None or isinstance(session.weight(), WeightMeasured)
    for kind in get_args(SessionFact):
        assert all(isinstance(h.fact, kind) for h in session.history.standing(kind))


def test_a_visit_goes_through_its_stages() -> None:
    steps: list[tuple[SessionFact, Stage, bool]] = [
        (OPENED, "preparing", True),
        (PatientArrived(), "preparing", True),
        (Cleared(), "cleared", True),
        (DOSE, "running", True),
        (Ended("completed"), "ended", False),
        (Locked(), "locked", False),
        (AddendumWritten("one thing more"), "locked", False),
    ]
    session = Session()
    assert (session.stage, session.live) == ("preparing", False)
    for n, (fact, stage, goes_on) in enumerate(steps):
        session = evolve(session, happened(fact, n))
        assert (session.stage, session.live) == (stage, goes_on)


def test_a_visit_without_a_dose_ends_and_is_locked() -> None:
    session = live([happened(f, n) for n, f in enumerate([OPENED, Ended("no dose given", "pressure"), Locked()])])
    assert session.stage == "locked"
    assert session.since_first_dose_ms(minute(9)) is None


def test_of_several_doses_the_first_starts_the_clock_whenever_it_was_entered() -> None:
    session = live([happened(DOSE, 12), happened(DOSE, 30)])
    assert session.first_dose_us == minute(12)
    forgotten = happened(DOSE, 31)
    truth = Corrected(forgotten.id, DOSE, minute(5), "given before")
    session = live([*session.history, forgotten, happened(truth, 32)])
    assert session.first_dose_us == minute(5)
    assert session.since_first_dose_ms(minute(10)) == 5 * 60_000


def test_a_corrected_first_dose_moves_the_clock_and_keeps_the_first_word() -> None:
    dose = happened(DOSE, 10)
    session = live([dose, happened(Corrected(dose.id, DOSE, minute(7), "entered three minutes late"), 13)])
    assert session.first_dose_us == minute(7)
    told = session.history.get(dose.id)
    assert told is not None
    assert (told.at_us, told.first_at_us, told.first, told.why) == (
        minute(7),
        minute(10),
        DOSE,
        "entered three minutes late",
    )


def test_a_struck_dose_no_longer_starts_the_clock_and_the_next_one_does() -> None:
    dose = happened(DOSE, 10)
    struck = happened(Struck(dose.id, "wrong patient"), 11)
    assert fold([dose, struck]).first_dose_us is None
    assert fold([dose, struck, happened(DOSE, 20)]).first_dose_us == minute(20)


def test_a_struck_end_lets_the_session_go_on() -> None:
    ended = happened(Ended("completed"), 60)
    said = [happened(OPENED, 0), happened(DOSE, 10), ended, happened(Struck(ended.id, "too early"), 61)]
    assert live(said).stage == "running"
    assert live(said).live


def test_what_was_undone_is_counted_as_such() -> None:
    note, slip = happened(NoteTaken("calm"), 1), happened(NoteTaken("x"), 2)
    session = live([note, slip, happened(Struck(slip.id, "", undo=True), 2.1), happened(Struck(note.id, "wrong"), 9)])
    assert [(h.struck, h.undone) for h in session.history][:2] == [(True, False), (True, True)]
    assert session.history.standing(NoteTaken) == []


def test_a_mark_gets_its_words_at_the_debrief() -> None:
    mark = happened(Marked(), 20)
    session = live([mark, happened(Corrected(mark.id, NoteTaken("saw the sea"), mark.at_us, ""), 80)])
    (note,) = session.history.standing(NoteTaken)
    assert (note.fact.text, note.first, note.at_us) == ("saw the sea", Marked(), minute(20))


def test_who_is_in_the_room_and_who_has_left() -> None:
    here = [PersonCameIn(f"p-{n}", f"Sample Person {n}", ()) for n in range(3)]
    session = live([*(happened(p, n) for n, p in enumerate(here)), happened(PersonLeft("p-1"), 5)])
    assert [p.person for p in session.present()] == ["p-0", "p-2"]


def test_the_plan_the_volume_and_leaving_are_the_newest_said() -> None:
    plan = [ProtocolChosen("a", "1"), ProtocolChosen("b", "2"), MusicPlanned("x", ()), VolumeSet(60), VolumeSet(40)]
    session = live([happened(f, n) for n, f in enumerate([*plan, PatientLeft("Sample Escort")])])
    assert session.protocol == plan[1]
    assert (session.music, session.volume_percent, session.left_us) == (plan[2], 40, minute(5))


def test_a_second_opening_does_not_change_whose_visit_it_is() -> None:
    other = VisitOpened("dosing", IDS[1], True, "Asia/Tokyo", "letter")
    assert live([happened(OPENED, 0), happened(other, 1)]).opened == OPENED


def test_restarts_before_the_dose_do_not_blur_the_time_since_it() -> None:
    restart = ComputerRestarted(60_000, 2_006, "time of day")
    said = [happened(PatientArrived(), 0), happened(restart, 3)]
    assert fold(said).uncertainty_ms() == 2_006
    said.append(happened(DOSE, 10))
    assert fold(said).uncertainty_ms() == 0
    said += [happened(restart, 20), happened(restart, 30)]
    assert fold(said).uncertainty_ms() == 4_012


def test_how_far_the_time_of_day_is_ahead_is_kept_over_moves_and_restarts() -> None:
    said = [happened(WallClockMoved(by_ms), n) for n, by_ms in enumerate((3_600_000, -600_000))]
    assert fold(said).wall_ahead_ms() == 3_000_000
    said.append(happened(ComputerRestarted(1, 2_000, "asked", -5_000), 5))
    assert fold(said).wall_ahead_ms() == -5_000


@pytest.mark.parametrize("target", IDS[:3])
def test_amending_what_is_not_there_changes_nothing(target: object) -> None:
    session = live([happened(PatientArrived(), 0)])
    for fact in (Struck(target, "x"), Corrected(target, DOSE, minute(1), "x")):  # type: ignore[arg-type]
        again = evolve(session, happened(fact, 1))
        assert (again.arrived_us, again.first_dose_us, again.stage) == (minute(0), None, "preparing")
        assert isinstance(again.history.last().fact, Correction | Struck)  # type: ignore[union-attr]
        assert again.history.last().dangling  # type: ignore[union-attr]
