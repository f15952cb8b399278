"""The recovery code on paper: what may be typed for it, and what is told of a slip of the pen."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kapdesk.access import recovery
from kapdesk.access.recovery import ALPHABET, Mistyped

CODES = st.builds(recovery._printed, st.integers(0, (1 << 160) - 1))


def test_a_code_is_eight_groups_of_five_and_never_the_same_twice() -> None:
    codes = [recovery.new() for _ in range(50)]
    assert len(set(codes)) == 50
    for code in codes:
        groups = code.split("-")
        assert [len(group) for group in groups] == [5] * 8
        assert set("".join(groups)) <= set(ALPHABET)


def test_a_code_holds_all_160_bits() -> None:
    printed = {recovery._printed(1 << bit) for bit in range(160)} | {recovery._printed(0)}
    assert len(printed) == 161


def test_no_two_signs_of_the_alphabet_are_read_for_each_other() -> None:
    assert len(set(ALPHABET)) == 32
    assert set(ALPHABET) & set("OILB") == set()


@given(code=CODES)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " – "),
        f"  {code}.\n",
        " ".join(code.replace("-", "")),
        code.replace("0", "O").replace("1", "I").replace("8", "B"),
        code.lower().replace("0", "o").replace("1", "l").replace("8", "b"),
        "".join(chr(ord(character) + 0xFEE0) for character in code),
    ):
        assert recovery.read(typed) == code


@given(code=CODES, place=st.integers(0, 39), character=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found_and_its_group_named(code: str, place: int, character: str) -> None:
    characters = list(code.replace("-", ""))
    assume(characters[place] != character)
    characters[place] = character
    with pytest.raises(Mistyped, match=f"^Group {place // 5 + 1} of the recovery code cannot be right"):
        recovery.read("".join(characters))


@given(code=CODES, place=st.integers(0, 39))
def test_two_neighbours_exchanged_in_a_group_are_found(code: str, place: int) -> None:
    assume(place % 5 != 4)
    characters = list(code.replace("-", ""))
    assume(characters[place] != characters[place + 1])
    characters[place], characters[place + 1] = characters[place + 1], characters[place]
    with pytest.raises(Mistyped, match=f"^Group {place // 5 + 1} "):
        recovery.read("".join(characters))


@given(code=CODES, one=st.integers(0, 7), other=st.integers(0, 7))
def test_two_groups_exchanged_are_both_named(code: str, one: int, other: int) -> None:
    assume(one < other)
    groups = code.split("-")
    assume(groups[one] != groups[other])
    groups[one], groups[other] = groups[other], groups[one]
    with pytest.raises(Mistyped, match=f"^Groups {one + 1}, {other + 1} "):
        recovery.read("-".join(groups))


def test_a_missing_sign_is_counted_or_its_group_named() -> None:
    code = recovery.new()
    with pytest.raises(Mistyped, match="this has 39 characters"):
        recovery.read(code.replace("-", "")[:-1])
    with pytest.raises(Mistyped, match=r"^Group 3 "):
        recovery.read("-".join(group[:4] if place == 2 else group for place, group in enumerate(code.split("-"))))


@given(typed=st.text(max_size=100))
def test_whatever_is_typed_is_a_code_or_is_told_to_be_none(typed: str) -> None:
    with pytest.raises(Mistyped):
        recovery.read(typed)


def test_a_book_typed_for_a_code_is_no_code() -> None:
    with pytest.raises(Mistyped):
        recovery.read("0" * 10_000_000)
