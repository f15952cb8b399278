"""A session is what was recorded: read again it is what it was live, whatever was said and in whatever order."""

import functools
import random
from typing import get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinical.protocol import sha256
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Correction, Struck, Unread
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
    UpTo,
    VisitOpened,
    VitalsTaken,
    VolumeSet,
    WallClockMoved,
    WeightMeasured,
)
from kapdesk.record.history import Happening
from kapdesk.session.state import Session, Stage, evolve, fold
from tests.fakes import happened, minute
from tests.plain import PLAIN
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
    assert fold(arrived) == live(arrived) == fold(said) == live(said)


@given(visits(), st.integers(0, 24))
def test_what_is_said_twice_counts_once(said: list[Happening], n: int) -> None:
    assert live(said + said[:n]) == fold(said)


@given(visits(least=3))
def test_nothing_said_is_ever_lost(said: list[Happening]) -> None:
    assert {h.id for h in live(said).history} == {h.id for h in said}
    assert [h.order for h in fold(said).history] == sorted(h.order for h in said)


@given(visits(), visits(), st.randoms(use_true_random=False))
def test_after_signing_all_that_comes_is_late_and_changes_nothing_but_the_history(
    said: list[Happening], more: list[Happening], chance: random.Random
) -> None:
    """Whatever comes, from this station or from elsewhere, and whenever it was entered there.

    But for a second signing elsewhere, by someone who did not know of this one: the first in order stands.
    """
    unsigned, more = ([h for h in each if not signs(h)] for each in (said, more))
    covers = covered(live(unsigned))
    signed = live([*unsigned, happened(Locked(covers), 181, id_=UUID(int=900), seq=100)])
    known = {h.id for h in signed.history}
    coming = [after(h) for h in more if h.id not in known]
    chance.shuffle(coming)
    later = functools.reduce(evolve, coming, signed)
    assert [h for h in later.history if h.id in known] == list(signed.history)
    assert {h.id for h in later.history} == known | {h.id for h in coming}
    assert all(h.late and not h.struck and h.first is None for h in later.history if h.id not in known)
    for field in set(Session.__struct_fields__) - {"history"}:
        assert getattr(later, field) == getattr(signed, field)
    assert later.stage == "locked"


def test_a_correction_that_was_signed_does_not_reach_what_came_late() -> None:
    """Found by the property above: its target lay at another station, and arrived after the signing."""
    target = happened(NoteTaken("said elsewhere"), 1, station="nurse-1", id_=UUID(int=8), seq=0)
    opened = happened(VisitOpened("dosing", UUID(int=1), False, "Europe/Warsaw", "a4"), 0, id_=UUID(int=1), seq=0)
    amends = happened(Struck(UUID(int=8), "not so"), 2, id_=UUID(int=2), seq=1)
    covers = (UpTo(Stream("session", "s-1"), opened.order.station, 1),)
    signed = live([opened, amends, happened(Locked(covers), 181, id_=UUID(int=900), seq=2)])
    later = evolve(signed, target)
    assert later.history.get(UUID(int=2)) == signed.history.get(UUID(int=2))
    came = later.history.get(UUID(int=8))
    assert came is not None
    assert (came.late, came.struck) == (True, False)


def signs(one: Happening) -> bool:
    return isinstance(one.fact, Locked) or one.fact == Unread("locked", "unknown")


def covered(session: Session) -> tuple[UpTo, ...]:
    stream = Stream("session", "s-1")
    return tuple(UpTo(stream, station, seq) for station, seq in session.history.reached().items())


def after(one: Happening) -> Happening:
    """The same, said after the signing: in the signing station's chain behind it, elsewhere when it will."""
    order = one.order
    if order.station == "room-1":
        order = msgspec.structs.replace(order, utc_ms=order.utc_ms + 200 * 60_000)
    return msgspec.structs.replace(one, order=order, seq=(one.seq or 0) + 101)


def test_a_note_of_another_room_that_was_under_way_at_the_signing_is_late_though_entered_before() -> None:
    """The nurse's computer was away; the therapist signed without having seen her reading."""
    said = [happened(f, n, seq=n) for n, f in enumerate([OPENED, PatientArrived(), Cleared(), DOSE])]
    seen = happened(VitalsTaken(118), 20, station="nurse-1", seq=0)
    ended = happened(Ended("completed"), 150, seq=4)
    lock = happened(Locked(covered(live([*said, seen, ended]))), 160, seq=5)
    unseen = happened(VitalsTaken(190), 60, station="nurse-1", seq=1)
    struck = happened(Struck(seen.id, "wrong patient"), 61, station="nurse-1", seq=2)
    for session in (fold([*said, seen, ended, lock, unseen, struck]), live([*said, seen, ended, lock, struck, unseen])):
        assert [h.fact.systolic_mmhg for h in session.history.standing(VitalsTaken)] == [118]
        assert [h.late for h in session.history if h.order.station == "nurse-1"] == [False, True, True]
        assert session.stage == "locked"


def test_a_signing_said_by_a_correction_signs_nothing() -> None:
    note = happened(NoteTaken("calm"), 1)
    session = live([happened(OPENED, 0), note, happened(Corrected(note.id, Locked(), minute(1), "x"), 2)])
    assert (session.stage, session.signed) == ("preparing", False)


def test_a_signing_whose_content_cannot_be_read_still_signs() -> None:
    session = live([happened(OPENED, 0), happened(Unread("locked", "unknown"), 1), happened(NoteTaken("late"), 2)])
    assert session.stage == "locked"
    assert [h.late for h in session.history] == [False, False, True]


def test_an_undo_that_came_late_is_a_striking_that_is_printed() -> None:
    note = happened(NoteTaken("calm"), 1)
    for after_s, undone in ((9, True), (14, True), (16, False), (3_600, False)):
        session = live([note, happened(Struck(note.id, "", undo=True), 1 + after_s / 60)])
        told = session.history.get(note.id)
        assert told is not None
        assert (told.struck, told.undone) == (True, undone)


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


RESCUE = DoseGiven("ondansetron", 4_000, "iv")
PLANNED = ProtocolChosen(PLAIN, "")


@pytest.mark.parametrize("name", ["ketmaine", "Ketamine HCl", "Ketalar"])
def test_a_first_dose_under_a_misspelt_or_other_name_starts_the_clock(name: str) -> None:
    plan = happened(ProtocolChosen(PLAIN, sha256(PLAIN)), 1, counter=1)
    dose = happened(DoseGiven(name, 50_000, "im"), 20, counter=2)
    assert fold([happened(OPENED, 0, counter=0), plan, dose]).first_dose_us == minute(20)


def test_a_rescue_before_the_first_dose_does_not_start_the_clock() -> None:
    said = [happened(fact, at, counter=at) for at, fact in enumerate((OPENED, PLANNED, PatientArrived(), Cleared()))]
    before = live([*said, happened(RESCUE, 5, counter=5)])
    assert (before.first_dose_us, before.stage) == (None, "cleared")
    after = live([*said, happened(RESCUE, 5, counter=5), happened(DOSE, 9, counter=9)])
    assert (after.first_dose_us, after.stage) == (minute(9), "running")
    assert [h.fact for h in after.doses()] == [DOSE]


@pytest.mark.parametrize("toml", ["", "not a protocol", PLAIN.replace("format = 1", "format = 99")])
def test_without_a_protocol_that_can_be_read_every_dose_counts(toml: str) -> None:
    plan = [happened(ProtocolChosen(toml, ""), 0, counter=0)] if toml else []
    assert live([*plan, happened(RESCUE, 5, counter=5)]).first_dose_us == minute(5)


def test_a_dose_corrected_to_another_medication_gives_the_clock_back() -> None:
    dose = happened(DOSE, 5, counter=5)
    corrected = happened(Corrected(dose.id, RESCUE, minute(5), "it was the other syringe"), 6, counter=6)
    assert live([happened(PLANNED, 0, counter=0), dose, corrected]).first_dose_us is None


@given(st.permutations([PLANNED, RESCUE, DOSE, ProtocolChosen("gone", "")]), st.randoms(use_true_random=False))
def test_the_first_dose_is_the_same_in_whatever_order_plan_and_doses_arrive(
    facts: list[SessionFact], chance: random.Random
) -> None:
    said = [happened(fact, n, counter=n) for n, fact in enumerate(facts)]
    mixed = list(said)
    chance.shuffle(mixed)
    assert live(mixed) == fold(said)


MOVES = st.builds(VisitMoved, st.sampled_from(IDS), st.sampled_from(IDS), st.just("p-1"), st.just("why"))


@given(visits(), st.lists(MOVES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_whose_visit_it_is_does_not_hang_on_the_order_of_arrival(
    said: list[Happening], moves: list[VisitMoved], chance: random.Random
) -> None:
    opened = happened(OPENED, -5, counter=0)
    told = [happened(fact, chance.randrange(190), counter=100 + n, station="nurse-1") for n, fact in enumerate(moves)]
    everything = [opened, *said, *told]
    shuffled = chance.sample(everything, len(everything))
    standing = [h for h in fold(everything).history if isinstance(h.fact, VisitMoved) and not h.struck]
    assert live(shuffled).patient == fold(everything).patient == standing[-1].fact.patient


def test_the_newest_move_holds_after_signing_too() -> None:
    signing = [happened(OPENED, 0), happened(Ended("no dose given"), 1), happened(Locked(), 2)]
    moves = [VisitMoved(IDS[1], IDS[0], "p-2", "wrong line"), VisitMoved(IDS[0], IDS[1], "p-2", "right after all")]
    one = fold([*signing, happened(moves[0], 3)])
    assert (one.patient, one.signed, one.moves[0].late) == (IDS[1], True, True)
    assert fold([*signing, happened(moves[0], 3), happened(moves[1], 4)]).patient == IDS[0]
    assert fold(signing).patient == IDS[0]
    assert Session().patient is None
