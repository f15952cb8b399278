"""Which passwords are good enough, how they are read, and how trying is slowed down."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.access.accounts import LONGEST, LONGEST_WAIT_MS, Tries, chosen, normal
from kapdesk.errors import KnownError

NAME, CLINIC = "Noor Sample", "Blue Willow Clinic"


@pytest.mark.parametrize(
    "password",
    [
        "violet harbour tin whistle",
        "kJ8#vq2!pZ",
        "naïve öde Kräne im Nebel",
        "пять тихих цапель у пруда",
        "violet harbour tin whistle quarry lantern eleven moss nine slow herons at dusk " * 12,
    ],
)
def test_a_password_hard_to_guess_is_taken_as_it_is(password: str) -> None:
    assert chosen(password, NAME, CLINIC) == password


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "at least 10 characters"),
        ("kJ8#vq2!p", "at least 10 characters"),
        ("e\u0301" * 9, "at least 10 characters"),
        ("x" * 1025, "at most 1,024 characters"),
        ("x" * 1_000_000, "at most 1,024 characters"),
        ("violet harbour\ntin", "a character that a keyboard cannot type"),
        ("violet harbour \ud800", "a character that a keyboard cannot type"),
        ("password123", "many people use it"),
        ("noor sample", "made of your name or the clinic’s"),
        ("bluewillow", "made of your name or the clinic’s"),
        ("aaaaaaaaaaaaaa", "repeats itself"),
        ("abcdefghijkl", "counts up or down"),
        ("qwertyuiop[]", "many people use it|lie side by side"),
        ("13.05.1985", "a date or a year"),
        ("administration", "a common word or name"),
    ],
)
def test_a_password_easily_guessed_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(KnownError, match=rf"({why}).*Nothing was changed\."):
        chosen(password, NAME, CLINIC)


def test_a_refusal_does_not_repeat_the_password() -> None:
    for password in ("kJ8#vq2!p", "noor sample", "password123"):
        with pytest.raises(KnownError) as caught:
            chosen(password, NAME, CLINIC)
        assert password not in str(caught.value)


@pytest.mark.parametrize("password", ["4@8({[<369&#" * 85, "p4$$w0rd!" * 110, "1!l|i" * 200, "e\u0301\u0302" * 300])
def test_no_password_keeps_the_desk_waiting(password: str) -> None:
    chosen("violet harbour tin whistle")
    begun = time.perf_counter()
    with suppress(KnownError):
        chosen(password[:LONGEST])
    assert time.perf_counter() - begun < 1


def test_keyboards_that_write_a_letter_differently_write_the_same_password() -> None:
    assert normal("cafe\u0301\u00a0noir\u3000x") == "caf\u00e9 noir x"
    assert normal("² ﬁ Ａ") == "² ﬁ Ａ"
    assert normal(" Two  spaces ") == " Two  spaces "


@given(password=st.text(max_size=200))
def test_reading_a_password_twice_changes_nothing(password: str) -> None:
    assert normal(normal(password)) == normal(password)


def failed(times: int, every_ms: int = 0) -> Tries:
    tries = Tries()
    for number in range(times):
        tries = tries.failed(number * every_ms)
    return tries


def test_four_wrong_passwords_cost_nothing_and_the_fifth_two_seconds() -> None:
    assert [failed(times).wait_ms(0) for times in range(10)] == [0, 0, 0, 0, 0, 2000, 4000, 8000, 16000, 30000]


def test_a_wait_passes_and_never_grows_beyond_half_a_minute() -> None:
    tries = failed(1000)
    assert tries.wait_ms(0) == LONGEST_WAIT_MS
    assert tries.wait_ms(29_999) == 1
    assert tries.wait_ms(30_000) == 0
    assert failed(10**4).wait_ms(0) == LONGEST_WAIT_MS


@given(wrong=st.integers(0, 10**6), last=st.integers(0, 1 << 50), now=st.integers(-(1 << 50), 1 << 50))
def test_nobody_is_locked_out_whatever_the_clock_says(wrong: int, last: int, now: int) -> None:
    assert 0 <= Tries(wrong, last).wait_ms(now) <= LONGEST_WAIT_MS


def test_a_right_password_begins_anew() -> None:
    assert Tries().failed(0).wait_ms(0) == 0
