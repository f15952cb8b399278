"""The chart: labels keep clear of each other whatever happened in the session."""

import itertools
import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.note import fonts
from kapdesk.note.bars import INK, SEEN
from kapdesk.note.chart import BREACH, WHITE, draw
from kapdesk.note.drawing import Drawing
from kapdesk.note.ground import PRESSURE, SHADES
from kapdesk.note.labels import Box, in_rows, spread
from kapdesk.note.layout import lay_out
from kapdesk.note.paper import Chart, Lasted, Limit, Mark, Point, Span
from kapdesk.note.script import Findings
from tests.note.reading import poppler
from tests.note.sample import MINUTE_MS, PHASES, chart, flag, points, sample

WIDTH = 493.0


def drawn(given_chart: Chart) -> Drawing:
    fonts.set_body()
    return draw(given_chart, WIDTH, Findings())


def words(drawing: Drawing) -> list[str]:
    return ["".join(cell.shown for cell in label.line.cells) for label in drawing.labels]


def assert_clear(drawing: Drawing) -> None:
    for one, other in itertools.combinations(drawing.labels, 2):
        assert not one.box.overlaps(other.box), (words(drawing), one.box, other.box)
    for label in drawing.labels:
        assert label.box.left >= -0.01
        assert label.box.right <= WIDTH + 0.01
        assert label.box.bottom >= -0.5
        assert label.box.top <= drawing.height + 0.5


def lasting(chance: random.Random) -> Lasted:
    """One of six things, for a minute or two hours."""
    names = ("Eyes closed", "Silence", "Psychotherapy, parts work", "Half open, tears", "EPS", "Contact lost")
    begin = chance.randint(-10, 175)
    end = min(180, begin + chance.choice([0, 1, 8, 120]))
    return Lasted(name=chance.choice(names), from_ms=begin * MINUTE_MS, to_ms=end * MINUTE_MS)


def crowded(seed: int) -> Chart:
    """Three doses within two minutes, sixty wild readings, twenty-five tracks, a dozen events, limits side by side."""
    chance = random.Random(seed)
    readings = []
    for i in range(60):
        systolic = chance.randint(70, 240)
        readings.append(
            Point(
                at_ms=i * 3 * MINUTE_MS + chance.randint(0, 90_000),
                systolic_mmhg=systolic,
                diastolic_mmhg=systolic - chance.randint(20, 60),
                pulse_per_min=chance.randint(30, 190) if chance.random() < 0.9 else None,
                spo2_percent=chance.randint(70, 100) if chance.random() < 0.9 else None,
                pressure_flag=chance.choice(["", "high", "low"]),  # type: ignore[arg-type]
                pulse_flag=chance.choice(["", "high", "low"]),  # type: ignore[arg-type]
                spo2_flag=chance.choice(["", "low"]),  # type: ignore[arg-type]
            )
        )
    cuts = sorted(chance.randint(-10, 180) * MINUTE_MS for _ in range(26))
    return Chart(
        from_ms=-15 * MINUTE_MS,
        to_ms=180 * MINUTE_MS,
        phases=tuple(
            Span(name=n, from_ms=i * MINUTE_MS, to_ms=(i + 1) * MINUTE_MS) for i, (n, _, _) in enumerate(PHASES)
        ),
        doses=tuple(Mark(name=f"Ketamine {n}0 mg IM", at_ms=n * 50_000) for n in range(3)),
        events=tuple(Mark(name=f"Event {n} with a name", at_ms=n * 400_000) for n in range(12)),
        limits=(
            *(Limit(measure="pressure", value=158 + n, name=f"systolic {158 + n}") for n in range(4)),
            Limit(measure="spo2", value=92, name="SpO₂ 92 %"),
            Limit(measure="pulse", value=157, name="pulse 157"),
        ),
        points=tuple(readings),
        tracks=tuple(Span(name=str(n), from_ms=a, to_ms=b) for n, (a, b) in enumerate(itertools.pairwise(cuts), 1)),
        lasted=tuple(lasting(chance) for _ in range(14)),
        baseline_systolic_mmhg=120,
        baseline_diastolic_mmhg=80,
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_two_labels_meet_in_a_crowded_session(seed: int) -> None:
    drawing = drawn(crowded(seed))
    assert_clear(drawing)
    said = words(drawing)
    for name in ("Ketamine 00 mg IM", "Ketamine 10 mg IM", "Ketamine 20 mg IM", "Event 11 with a name"):
        assert name in said
    for number in range(1, 26):
        assert str(number) in said
    for name in (
        "Settle",
        "Onset",
        "Ascent",
        "Peak",
        "Return",
        "Recovery",
        "systolic 158",
        "systolic 161",
        "BP",
        "Pulse",
    ):
        assert name in said


def test_no_two_labels_meet_on_an_ordinary_day() -> None:
    drawing = drawn(chart(points()))
    assert_clear(drawing)
    assert drawing.unnamed < 4


def test_the_highest_pressure_and_the_lowest_saturation_are_always_named() -> None:
    said = words(drawn(chart(points())))
    assert "L 90 %" in said
    highest = max((p for p in points() if p.systolic_mmhg), key=lambda p: p.systolic_mmhg or 0)
    assert f"H {highest.systolic_mmhg}/{highest.diastolic_mmhg}" in said


def test_a_chart_of_one_reading_or_none() -> None:
    for count in (0, 1):
        assert_clear(drawn(Chart(points=points(count))))


def test_there_is_room_for_220_on_every_chart_and_for_more_where_it_was_measured() -> None:
    assert "220" in words(drawn(chart(points())))
    high = Point(at_ms=0, systolic_mmhg=262, diastolic_mmhg=30, pressure_flag="high")
    said = words(drawn(Chart(points=(high,), to_ms=60 * MINUTE_MS)))
    assert "260" in said
    assert "20" in said


def test_a_chart_of_a_thousand_marks_still_stands_on_one_page() -> None:
    crowd = Chart(
        to_ms=60 * MINUTE_MS,
        phases=tuple(Span(name="peak", from_ms=n * 1000, to_ms=n * 1000 + 900) for n in range(300)),
        doses=tuple(Mark(name=f"Dose {n}", at_ms=n * 500) for n in range(300)),
        events=tuple(Mark(name="Nausea", at_ms=n * 700) for n in range(300)),
        tracks=tuple(Span(name=str(n), from_ms=n * 900, to_ms=n * 900 + 800) for n in range(300)),
        points=points(),
        lasted=tuple(Lasted(name=f"Thing {n}", from_ms=n * 700, to_ms=n * 700 + 60_000) for n in range(300)),
    )
    drawing = drawn(crowd)
    assert_clear(drawing)
    assert drawing.height < 640
    assert drawing.unnamed > 100
    assert lay_out(msgspec.structs.replace(sample(paper="Letter"), chart=crowd)).startswith(b"%PDF-")


def bar(name: str, begin: int, end: int, opened: bool = False) -> Lasted:
    return Lasted(name=name, from_ms=begin * MINUTE_MS, to_ms=end * MINUTE_MS, open=opened)


def box_of(drawing: Drawing, name: str) -> Box:
    return next(label.box for label, said in zip(drawing.labels, words(drawing), strict=True) if said == name)


def test_what_lasted_stands_as_bars_under_the_axis_each_by_its_name() -> None:
    bare = msgspec.structs.replace(chart(points()), lasted=())
    held = (bar("Eyes closed", 5, 60), bar("Eyes closed", 80, 82), bar("Silence", 178, 180), bar("EPS", -12, -11))
    drawing = drawn(msgspec.structs.replace(bare, lasted=held))
    assert_clear(drawing)
    assert words(drawing).count("Eyes closed") == 1, "one row for one thing, however often it was on"
    rows = [box_of(drawing, name).bottom for name in ("EPS", "Eyes closed", "Silence")]
    assert rows == sorted(rows, reverse=True)
    assert drawing.height == pytest.approx(drawn(bare).height + 34)
    assert box_of(drawing, "min").bottom > rows[0] > rows[-1] > box_of(drawing, "Music").top


def test_a_bar_whose_end_nobody_noted_runs_to_a_point_and_one_that_ended_does_not() -> None:
    for opened, corners in ((True, 6), (False, 5)):
        shapes = drawn(Chart(to_ms=60 * MINUTE_MS, lasted=(bar("Silence", 5, 40, opened),))).shapes
        assert [len(each.corners) for each in shapes if each.fill == SEEN] == [corners]


def test_bars_differ_in_grey_print_by_their_outline_and_never_by_colour_alone() -> None:
    drawing = drawn(Chart(to_ms=60 * MINUTE_MS, lasted=(bar("Silence", 5, 40),)))
    (shape,) = [each for each in drawing.shapes if each.fill == SEEN]
    assert shape.stroke == INK


NAMES = st.sampled_from(["Eyes closed", "Silence", "Psychotherapy, parts work", "Ärger", "x" * 90, "Holding hands now"])
HELD = st.builds(bar, NAMES, st.integers(-20, 180), st.integers(0, 190), st.booleans())


@settings(max_examples=80, deadline=None)
@given(st.lists(HELD, max_size=30))
def test_no_name_of_what_lasted_meets_another_or_a_bar_that_is_not_its_own(held: list[Lasted]) -> None:
    lasted = tuple(msgspec.structs.replace(each, to_ms=max(each.to_ms, each.from_ms)) for each in held)
    drawing = drawn(Chart(to_ms=180 * MINUTE_MS, lasted=lasted, tracks=(Span(name="1", from_ms=0, to_ms=60_000),)))
    assert_clear(drawing)
    names = {each.name for each in lasted}
    assert drawing.unnamed == 0
    said = words(drawing)
    for name in names:
        assert any(each == name or (each.endswith("…") and name.startswith(each[:-1])) for each in said), name


def test_the_axis_shows_minutes_and_the_clock() -> None:
    said = words(drawn(chart(points())))
    assert {"0", "60", "−15", "10:02", "11:02"} <= set(said)


def test_the_words_of_the_chart_can_be_searched() -> None:
    read = poppler(lay_out(sample()))
    for text in ("Ketamine 60 mg IM", "systolic 160", "SpO₂ 92 %", "L 90 %", "Recovery"):
        assert text in read
    for text in ("Eyes closed", "Psychotherapy, parts work", "Unsteady"):
        assert text in read


def test_a_dose_corrected_to_be_without_a_name_does_not_move_the_others() -> None:
    bare = msgspec.structs.replace(chart(points()), doses=(Mark(name="", at_ms=0), Mark(name="Ketamine", at_ms=1)))
    assert_clear(drawn(bare))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 500), st.floats(1, 80)), max_size=40))
def test_spans_in_one_row_keep_their_distance(given_spans: list[tuple[float, float]]) -> None:
    spans = [(left, left + wide) for left, wide in given_spans]
    rows = in_rows(spans, 2)
    for (a, row_a), (b, row_b) in itertools.combinations(zip(spans, rows, strict=True), 2):
        assert row_a != row_b or a[1] + 2 <= b[0] + 1e-9 or b[1] + 2 <= a[0] + 1e-9


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-50, 300), min_size=1, max_size=12))
def test_names_beside_the_chart_are_spread_and_keep_their_order(wanted: list[float]) -> None:
    placed = spread(wanted, 7, 0, 250)
    for a, b in itertools.pairwise(sorted(placed)):
        assert b - a >= 7 - 1e-6
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    assert [placed[i] for i in order] == sorted(placed)
    assert min(placed) >= -1e-6
    assert max(placed) <= 250 + 1e-6


def session(minutes: int, readings: int, tracks: int, seed: int) -> Chart:
    """A session of any length: its readings where they fall, its pieces one after the other, its phases in shares."""
    chance = random.Random(seed)
    ends = [int(minutes * MINUTE_MS * share) for share in (0, 0.03, 0.1, 0.4, 0.6, 1)]
    names = ("settle", "onset", "ascent", "peak", "return")
    taken = []
    for n in range(readings):
        systolic, spo2 = chance.randint(80, 230), chance.randint(82, 100)
        taken.append(
            Point(
                at_ms=round(minutes * MINUTE_MS * n / readings),
                systolic_mmhg=systolic,
                diastolic_mmhg=systolic - 45,
                pulse_per_min=chance.randint(40, 150),
                spo2_percent=spo2,
                pressure_flag=flag(systolic, 160),
                spo2_flag="low" if spo2 < 92 else "",
            )
        )
    return msgspec.structs.replace(
        chart(taken),
        from_ms=0,
        to_ms=minutes * MINUTE_MS,
        phases=tuple(
            Span(name=n, from_ms=a, to_ms=b) for n, (a, b) in zip(names, itertools.pairwise(ends), strict=True)
        ),
        doses=(Mark(name="Ketamine 50 mg IM", at_ms=0), Mark(name="Ketamine 25 mg IM", at_ms=minutes * 9_000)),
        events=(Mark(name="Nausea", at_ms=minutes * 9_500),),
        tracks=tuple(
            Span(
                name=str(n + 1),
                from_ms=minutes * MINUTE_MS * n // tracks,
                to_ms=minutes * MINUTE_MS * (n + 1) // tracks,
            )
            for n in range(tracks)
        ),
        lasted=(),
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(10, 720), st.integers(1, 400), st.integers(0, 40), st.integers(0, 99))
def test_labels_are_disjoint_and_on_the_sheet_in_a_session_of_any_length(
    minutes: int, readings: int, tracks: int, seed: int
) -> None:
    drawing = drawn(session(minutes, readings, tracks, seed))
    assert_clear(drawing)
    assert {str(n + 1) for n in range(tracks)} <= set(words(drawing))


@pytest.mark.parametrize(("minutes", "readings", "tracks"), [(10, 1, 1), (10, 400, 40), (720, 1, 0), (720, 400, 40)])
def test_the_shortest_and_the_longest_session_stand_on_one_page(minutes: int, readings: int, tracks: int) -> None:
    drawing = drawn(session(minutes, readings, tracks, 1))
    assert_clear(drawing)
    assert drawing.height < 640


def inks(drawing: Drawing) -> set[int]:
    lines = {shape.stroke for shape in drawing.shapes if shape.stroke is not None and shape.weight >= 0.6}
    return lines | {cell.ink.colour for label in drawing.labels for cell in label.line.cells}


def luminance(colour: int) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = ((colour >> shift & 255) / 255 for shift in (16, 8, 0))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_red_is_for_a_reading_beyond_a_limit_and_for_nothing_else() -> None:
    calm = tuple(msgspec.structs.replace(p, pressure_flag="", pulse_flag="", spo2_flag="") for p in points())
    assert BREACH not in inks(drawn(chart(calm)))
    assert BREACH in inks(drawn(chart(points())))


def test_every_curve_every_limit_and_every_word_stands_out_from_the_darkest_phase_in_grey_print() -> None:
    darkest = min(luminance(shade) for shade in SHADES.values())
    drawing = drawn(chart(points()))
    for colour in inks(drawing) - {WHITE}:
        assert (darkest + 0.05) / (luminance(colour) + 0.05) >= 3, f"{colour:06X}"


def test_readings_that_are_close_are_drawn_fine() -> None:
    few, many = drawn(session(60, 12, 0, 1)), drawn(session(60, 400, 0, 1))
    assert max(s.weight for s in many.shapes if s.stroke == PRESSURE) < min(
        s.weight for s in few.shapes if s.stroke == PRESSURE
    )
