"""The lanes of a course: names never lie on each other, and where there are too many, the telling ones stay."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.note import fonts
from kapdesk.note.drawing import Drawing
from kapdesk.note.lanes import drawing_of
from kapdesk.note.script import Findings
from kapdesk.note.sheet import MOST_NAMED, Dot, Lane, Level, Plot

DAY = date(2026, 3, 2).toordinal()


def lane(values: list[tuple[int, int]], joined: bool = True) -> Lane:
    dots = tuple(Dot(day=DAY + day, value=value, words=f"{value}") for day, value in sorted(values))
    return Lane(
        name="PHQ-9, of 27", dots=dots, least=0, most=27, joined=joined, levels=(Level(value=10, name="moderate"),)
    )


def drawn(*lanes: Lane) -> Drawing:
    fonts.set_body()
    marks = tuple(Dot(day=dot.day, value=n, words=str(n)) for n, dot in enumerate(lanes[0].dots, 1))
    return drawing_of(Plot(lanes=lanes, words="", marks=marks), 493, Findings())


def said(sheet: Drawing) -> list[str]:
    return ["".join(cell.shown for cell in label.line.cells) for label in sheet.labels]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 27)), min_size=1, max_size=40, unique_by=lambda one: one[0])
)
def test_no_two_names_lie_on_each_other(values: list[tuple[int, int]]) -> None:
    sheet = drawn(lane(values), lane(values, joined=False))
    boxes = [label.box for label in sheet.labels]
    assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_few_values_are_all_named_with_their_days_and_bands() -> None:
    sheet = drawn(lane([(0, 21), (30, 14), (60, 9)]))
    assert {"21", "14", "9", "moderate", "2026-03-02", "2026-05-01", "1", "3"} <= set(said(sheet))
    assert sheet.unnamed == 0


def test_of_many_values_the_first_last_highest_and_lowest_are_named() -> None:
    values = [(7 * n, 12) for n in range(MOST_NAMED + 10)]
    values[0], values[5], values[9], values[-1] = (0, 20), (35, 27), (63, 2), (7 * (MOST_NAMED + 9), 8)
    sheet = drawn(lane(values))
    assert {"20", "27", "2", "8"} <= set(said(sheet))
    assert said(sheet).count("12") <= 1  # as the number of a visit
    assert sheet.unnamed == len(values) - 4
