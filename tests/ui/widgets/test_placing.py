from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.placing import place, place_doses, stack, step

LABELS = st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 200)), max_size=12)


@given(LABELS, st.integers(1, 3), st.floats(0, 100))
def test_no_label_lies_on_another_or_leaves_its_room(
    labels: list[tuple[float, float]], rows: int, reach: float
) -> None:
    anchors, widths = [x for x, _ in labels], [w for _, w in labels]
    spots = place(anchors, widths, 0, 1000, rows=rows, gap=5, reach=reach)
    assert len(spots) == len(labels)
    for row in range(rows):
        taken = sorted((s[0], s[0] + w) for s, w in zip(spots, widths, strict=True) if s is not None and s[1] == row)
        assert all(left[1] + 5 <= right[0] + 1e-6 for left, right in pairwise(taken))
        assert all(left >= 0 and right <= 1000 + 1e-6 for left, right in taken)


def test_a_label_alone_stands_where_it_wants_to() -> None:
    assert place([120], [50], 0, 1000) == [(120, 0)]


def test_a_label_at_the_edge_is_moved_in() -> None:
    assert place([980], [50], 0, 1000) == [(950, 0)]


def test_of_two_doses_that_crowd_the_earlier_goes_up() -> None:
    first, second = place_doses([100, 130], [80, 80], 0, 1000, lead=10)
    assert first == (110, 1)
    assert second == (140, 0)


@given(st.lists(st.floats(0, 300), max_size=8))
def test_stacked_labels_keep_their_order_and_do_not_touch(wanted: list[float]) -> None:
    middles = stack(wanted, 20, 0, 300)
    ordered = sorted(middles)
    assert all(b - a >= 20 - 1e-6 for a, b in pairwise(ordered))
    assert sorted(range(len(wanted)), key=lambda n: (wanted[n], n)) == sorted(
        range(len(wanted)), key=lambda n: middles[n]
    )


def test_an_axis_takes_the_smallest_step_whose_labels_fit() -> None:
    hour = 3_600_000
    assert step(2 * hour, 1200, 40) == 5 * 60_000
    assert step(2 * hour, 300, 40) == 30 * 60_000
    assert step(48 * hour, 100, 90) > 24 * hour - 1
