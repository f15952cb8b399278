"""What lasts: no order of beginnings and ends loses or doubles a state; what is struck takes its state away."""

import random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.facts.fact import Struck
from kapdesk.facts.session import Corrected, Ended
from kapdesk.record.history import Happening
from kapdesk.session import lasting
from kapdesk.session.state import Session, fold
from tests.fakes import happened, minute

IDS = [UUID(int=n) for n in range(1, 9)]
CODES = ("Eyes", "Silence")


@st.composite
def moves(draw: st.DrawFn) -> list[Happening]:
    """Beginnings, ends and strikings as two stations may come to record them, sensible or not."""
    made = []
    for n in range(draw(st.integers(1, 14))):
        fact = draw(
            st.one_of(
                st.builds(StateBegan, st.sampled_from(CODES), st.sampled_from(["", "closed"])),
                st.builds(StateOver, st.sampled_from(IDS)),
                st.builds(Struck, st.sampled_from(IDS), st.just("a slip")),
            )
        )
        id_ = IDS[n] if n < len(IDS) else uuid4()
        at = draw(st.integers(0, 30))
        made.append(happened(fact, at, counter=n, station=draw(st.sampled_from(["room-1", "nurse-1"])), id_=id_))
    return made


def lasts(session: Session, code: str, words: str, at_us: int) -> bool:
    """By the record alone: some beginning that stands came before, and none of its ends has."""
    over: dict[UUID, int] = {}
    for h in session.history.standing(StateOver):
        over[h.fact.state] = min(h.at_us, over.get(h.fact.state, h.at_us))
    return any(
        h.at_us <= at_us < max(over.get(h.id, at_us + 1), h.at_us)
        for h in session.history.standing(StateBegan)
        if (h.fact.code, h.fact.words) == (code, words)
    )


@given(moves(), st.randoms(use_true_random=False))
def test_at_every_minute_a_state_is_on_once_or_not_at_all_as_the_record_says(
    said: list[Happening], chance: random.Random
) -> None:
    session = fold(said)
    chance.shuffle(said)
    assert lasting.states(fold(said)) == lasting.states(session)
    for at_us in (minute(n + half) for n in range(31) for half in (0, 0.5)):
        on = [(each.what, each.words) for each in lasting.on(lasting.states(session), at_us)]
        assert len(on) == len(set(on))
        for code in CODES:
            for words in ("", "closed"):
                assert ((code, words) in on) == lasts(session, code, words, at_us)


@given(moves())
def test_every_beginning_that_stands_is_in_one_stretch_and_no_other_is(said: list[Happening]) -> None:
    session = fold(said)
    told = [id_ for each in lasting.states(session) for id_ in each.ids]
    assert sorted(told) == sorted(h.id for h in session.history.standing(StateBegan))


@given(moves())
def test_what_is_on_is_off_when_each_of_its_beginnings_was_ended(said: list[Happening]) -> None:
    session = fold(said)
    for one in lasting.on(lasting.states(session)):
        ends = [happened(StateOver(id_), 60) for id_ in lasting.unended(session, one)]
        assert ends, "what nobody ended can be ended"
        after = fold([*said, *ends])
        assert one.ids[0] not in [id_ for each in lasting.on(lasting.states(after)) for id_ in each.ids]


def test_a_struck_beginning_takes_its_state_away_and_a_struck_end_leaves_it_on() -> None:
    began = happened(StateBegan("Eyes", "closed"), 1)
    over = happened(StateOver(began.id), 5)
    assert lasting.states(fold([began, over, happened(Struck(began.id, "another patient"), 6)])) == ()
    (on,) = lasting.states(fold([began, over, happened(Struck(over.id, "still closed"), 6)]))
    assert on.until_us is None


def test_a_corrected_beginning_moves_the_state() -> None:
    began = happened(StateBegan("Eyes", "closed"), 3)
    moved = happened(Corrected(began.id, began.fact, minute(1), "earlier"), 6)
    (state,) = lasting.states(fold([began, happened(StateOver(began.id), 5), moved]))
    assert (state.from_us, state.until_us) == (minute(1), minute(5))


def test_what_is_open_is_read_until_the_end_of_the_session_and_stays_open_on_record() -> None:
    session = fold([happened(StateBegan("Eyes", "closed"), 1), happened(Ended("completed"), 10)])
    (state,) = lasting.states(session)
    assert state.until_us is None
    assert state.end_us(session, minute(99)) == minute(10)


def test_minutes_of_psychotherapy_count_what_overlaps_once() -> None:
    one, two = happened(PsychotherapyBegan("parts work"), 0), happened(PsychotherapyBegan("EMDR"), 20)
    said = [one, two, happened(PsychotherapyOver(one.id), 30), happened(PsychotherapyOver(two.id), 45)]
    session = fold(said)
    assert lasting.minutes(lasting.psychotherapy(session), session, minute(99)) == 45


@pytest.mark.parametrize("at", [0, 5])
def test_an_end_before_its_beginning_is_seen(at: float) -> None:
    began = happened(StateBegan("Eyes"), 3)
    assert lasting.backwards(fold([began, happened(StateOver(began.id), at, counter=9)])) == (at < 3)
