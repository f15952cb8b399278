"""The clinic's codes: what may stand under its eight keys, each refusal one plain sentence."""

import pytest

from kapdesk.clinical.codes import DEFAULTS, LONGEST, default_words, doubt, words_doubt
from kapdesk.facts.clinic import Code, CodeWords


def test_the_codes_a_clinic_begins_with_can_be_kept_as_they_are() -> None:
    assert doubt(DEFAULTS) is None
    assert [code.word for code in DEFAULTS if code.lasts] == ["Eyes"]
    assert [code.word for code in DEFAULTS if code.unwanted] == ["Nausea", "Distress"]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ((), "A code at least is needed"),
        ((Code("Tears"), Code(" ")), "A code has no word"),
        ((Code("Tears"), Code("tears")), "“tears” stands there twice"),
        ((Code("x" * (LONGEST + 1)),), "is longer than 16 letters"),
        (tuple(Code(f"Word {n}") for n in range(9)), "8 codes at most"),
        ((Code("Two  blanks"),), "blanks too many"),
        ((Code("Dose"),), "is what KapDesk calls something else"),
    ],
)
def test_what_cannot_be_a_clinics_codes_is_refused_in_a_sentence(codes: tuple[Code, ...], said: str) -> None:
    sentence = doubt(codes)
    assert sentence is not None
    assert said in sentence
    assert sentence.endswith("the codes are as they were.")


def test_eight_codes_of_sixteen_letters_are_possible() -> None:
    assert doubt([Code(f"{n}" * LONGEST) for n in range(8)]) is None


@pytest.mark.parametrize(("begins", "ends", "said"), [("x" * 41, "", "longer than 40"), ("", "a\x1bb", "be printed")])
def test_what_a_code_cannot_say_is_refused_in_a_sentence(begins: str, ends: str, said: str) -> None:
    sentence = words_doubt((CodeWords("Voice", begins, ends),))
    assert sentence is not None
    assert said in sentence
    assert sentence.endswith("it is as it was.")


def test_a_code_of_the_clinics_own_begins_and_ends_in_its_own_word_and_a_shipped_one_as_ever() -> None:
    assert default_words("Voice") == CodeWords("Voice", "Voice begins", "Voice ends")
    assert default_words("Eyes") == CodeWords("Eyes")
    assert words_doubt([default_words("x" * LONGEST)]) is None
