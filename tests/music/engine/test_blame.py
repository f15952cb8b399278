"""A piece is blamed for the engine's deaths only if it sounded at each of them, and they came quickly."""

from kapdesk.music.engine.blame import MOST, QUICK_DEATH_S, QUICK_HANG_S, Blame

A, B = frozenset({"a.ogg"}), frozenset({"b.ogg"})


def test_one_piece_that_sounds_at_every_death_is_taken_off_and_what_sounds_beside_it_is_not() -> None:
    blame = Blame()
    assert [blame.died(0.5, False, sounding) for sounding in (A, A | B, A)] == [frozenset(), frozenset(), A]


def test_deaths_at_different_pieces_blame_none() -> None:
    blame = Blame()
    assert [blame.died(0.5, False, sounding) for sounding in (A, B, A, B)] == [frozenset()] * 4


def test_an_engine_that_lived_for_a_while_begins_the_count_anew() -> None:
    blame = Blame()
    lives = [0.5] * (MOST - 1) + [QUICK_DEATH_S] + [0.5] * (MOST - 1)
    assert {blame.died(lived_s, False, A) for lived_s in lives} == {frozenset()}


def test_a_hang_takes_longer_to_be_seen_and_is_counted_for_longer() -> None:
    blame = Blame()
    assert [blame.died(QUICK_HANG_S - 1, True, A) for _ in range(MOST)][-1] == A
    assert blame.died(QUICK_HANG_S, True, A) == frozenset()


def test_silence_is_no_piece() -> None:
    blame = Blame()
    assert {blame.died(0.5, False, frozenset()) for _ in range(MOST)} == {frozenset()}
