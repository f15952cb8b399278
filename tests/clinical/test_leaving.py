"""The discharge scales: points, and what the readings speak for."""

import pytest

from kapdesk.clinical import leaving
from kapdesk.facts.after import LeavingScored


def test_a_score_has_five_lines_of_up_to_two_points() -> None:
    for scale in leaving.CRITERIA:
        assert leaving.doubt(LeavingScored(scale, (2, 2, 1, 0, 2))) is None
        for points in ((2, 2, 2, 2), (2,) * 6, (3, 2, 2, 2, 2), (-1, 2, 2, 2, 2), ()):
            sentence = leaving.doubt(LeavingScored(scale, points))
            assert sentence is not None
            assert sentence.startswith(scale)


def test_what_lacks_is_named_with_the_sum() -> None:
    assert leaving.told(LeavingScored("mPADSS", (2, 2, 1, 2, 2))) == "mPADSS 9 of 10: nausea 1"
    assert leaving.told(LeavingScored("Aldrete", (2,) * 5)) == "Aldrete 10 of 10"


@pytest.mark.parametrize(
    ("now", "padss", "aldrete"),
    [(120, 2, 2), (144, 2, 2), (96, 2, 2), (145, 1, 1), (168, 1, 1), (169, 0, 1), (179, 0, 1), (180, 0, 0), (60, 0, 0)],
)
def test_circulation_goes_by_how_far_the_pressure_is_off(now: int, padss: int, aldrete: int) -> None:
    """Of a first 120 mmHg: 20 % are 24, 40 % are 48, 50 % are 60."""
    assert leaving.proposed("mPADSS", 120, now) == padss
    assert leaving.proposed("Aldrete", 120, now) == aldrete
