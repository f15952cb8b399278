"""What may stand in our TOML files, and that nothing in one takes long or is repeated at length."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.toml import LARGEST, LONGEST, MOST_POINTS, brief, loads


def test_a_file_within_bounds_is_read_as_any_toml() -> None:
    text = f'a.b = [1, 2]  # {"." * (MOST_POINTS - 1)}\n[t]\nc = "…"'
    assert loads(text) == tomllib.loads(text) == {"a": {"b": [1, 2]}, "t": {"c": "…"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#" * (LARGEST + 1), "it holds 120 kB"),
        ("\na" + ".a" * (MOST_POINTS + 1) + " = 1", "line 2 holds more than 100 points"),
        ("a = " + "[" * (LARGEST - 4), "nested too deep"),
        ("a = " + "{b = " * 20_000, "nested too deep"),
        ("a = " + "9" * 5_000, "a word or a number in it is too long"),
        ("a = 0x" + "f" * 5_000, "a word or a number in it is too long"),
        ("a = ", "Invalid value"),
    ],
    ids=["large", "points", "lists", "tables", "digits", "hex digits", "no TOML"],
)
def test_what_is_out_of_bounds_says_how(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        loads(text)


@given(st.text())
def test_what_is_repeated_of_a_file_is_one_short_line(said: str) -> None:
    assert len(brief(said * 50)) <= LONGEST + 1
    assert brief(said).splitlines() in ([], [brief(said)])
