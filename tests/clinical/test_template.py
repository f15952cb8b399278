"""The parts of the note's first page, in the clinic's order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinical.template import ALWAYS, BEHIND, PARTS, doubt, laid_out
from kapdesk.facts.clinic import NotePart

NAMES = [part.part for part in PARTS]
ANY = st.builds(NotePart, st.sampled_from([*NAMES, "of a newer KapDesk"]), st.text(max_size=5), st.booleans())


@given(st.lists(ANY))
def test_whatever_the_template_says_every_part_stands_once_and_what_must_be_read_is_shown(said: list[NotePart]) -> None:
    parts = laid_out(said)
    assert sorted(part.part for part in parts) == sorted(NAMES)
    assert all(part.shown for part in parts if part.part in ALWAYS)


ANYWHERE = st.sampled_from([part.part for part in (*PARTS, *BEHIND)])


@given(st.lists(st.builds(NotePart, ANYWHERE, st.text(max_size=5), st.booleans())))
def test_behind_the_first_page_every_part_stands_once_too(said: list[NotePart]) -> None:
    made = laid_out(said, BEHIND)
    assert sorted(part.part for part in made) == sorted(part.part for part in BEHIND)
    assert all(part.shown for part in made if part.part in ALWAYS)


@given(st.permutations(PARTS))
def test_the_order_is_the_clinics(said: list[NotePart]) -> None:
    assert laid_out(said) == tuple(said)
    assert doubt(said) is None


def test_a_part_that_the_template_does_not_know_yet_comes_last() -> None:
    assert [part.part for part in laid_out([NotePart("plan", "What next")])] == [
        "plan", *[name for name in NAMES if name != "plan"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (NotePart("weather", "Weather"), "no part “weather”"),
        (NotePart("plan", " "), "has no heading"),
        (NotePart("plan", "x" * 61), "longer than 60 letters"),
        (NotePart("given", "Given", False), "cannot be left out"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(part: NotePart, said: str) -> None:
    sentence = doubt([part])
    assert sentence is not None
    assert said in sentence
    assert "stays as it was" in sentence


def test_a_part_that_stands_there_twice_is_named() -> None:
    assert "twice" in str(doubt([PARTS[0], PARTS[1], PARTS[0]]))
