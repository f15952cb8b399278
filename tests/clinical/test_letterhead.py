"""What may stand on a clinic's papers."""

import pytest

from kapdesk.clinical.letterhead import doubt, number_doubt


def test_an_ordinary_letterhead_is_fine_and_so_is_none() -> None:
    assert doubt(("Sample Street 1, 00-001 Sampletown", "Łódź · +48 555 0100")) is None
    assert doubt(()) is None
    assert number_doubt("RN-00417") is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("x",) * 7, "6 lines at most"),
        ((" ",), "is empty"),
        (("x" * 81,), "longer than 80 letters"),
        (("a\x1bb",), "cannot be printed"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(lines: tuple[str, ...], said: str) -> None:
    assert said in (doubt(lines) or "")


def test_a_licence_number_is_short_and_can_be_printed() -> None:
    assert "40 letters at most" in (number_doubt("x" * 41) or "")
    assert "cannot be printed" in (number_doubt("\u202e1") or "")
