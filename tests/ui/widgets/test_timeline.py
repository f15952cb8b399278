from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.ui.pixels import colours
from tests.ui.sample import MARKS, MIN, NOW, SPANS
from ui.tokens import THEMES
from ui.widgets.timeline import Mark, Timeline, TimelineView


@pytest.fixture
def line(qtbot: QtBot, dusk: None) -> Timeline:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(1200, timeline.minimumSizeHint().height())
    timeline.display(TimelineView(SPANS, MARKS, NOW))
    return timeline


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.integers(0, 120), max_size=9), st.integers(480, 1900))
def test_labels_of_doses_never_collide(line: Timeline, minutes: list[int], width: int) -> None:
    line.resize(width, line.height())
    doses = tuple(Mark(at * MIN, "dose", f"sublingual {at} mg") for at in minutes)
    line.display(TimelineView(SPANS, doses, NOW))
    boxes = [box for box, _ in line.dose_labels()]
    assert not any(a.intersects(b) for a, b in combinations(boxes, 2))
    assert all(box.left() >= 0 and box.right() <= width + 1 and box.top() >= 0 for box in boxes)


def test_doses_with_room_all_carry_their_labels(line: Timeline) -> None:
    assert sorted(dose.label for _, dose in line.dose_labels()) == ["IM 25 mg", "IM 50 mg", "sublingual 100 mg"]


def test_what_is_past_is_fuller_than_what_is_to_come(line: Timeline) -> None:
    dusk, image = THEMES["dusk"], line.grab().toImage()
    middle = round(line._band().center().y()) + 12
    at = [image.pixelColor(round(line._x(ms)), middle).name() for ms in (-15 * MIN, 90 * MIN)]
    assert at == [dusk.phase_ground("teal", True), dusk.phase_ground("blue", False)]


def test_every_kind_has_a_shape_of_its_own(qtbot: QtBot, dusk: None) -> None:
    shapes = set()
    for kind in ("reading", "note", "event", "due", "dose"):
        timeline = Timeline()
        qtbot.addWidget(timeline)
        timeline.resize(900, 116)
        timeline.display(TimelineView(SPANS, (Mark(100 * MIN, kind),), NOW))  # type: ignore[arg-type]
        empty = Timeline()
        qtbot.addWidget(empty)
        empty.resize(900, 116)
        empty.display(TimelineView(SPANS, (), NOW))
        with_, without = timeline.grab().toImage(), empty.grab().toImage()
        dots = [(x, y) for x in range(900) for y in range(116) if with_.pixel(x, y) != without.pixel(x, y)]
        assert dots
        left, top = min(x for x, _ in dots), min(y for _, y in dots)
        shapes.add(frozenset((x - left, y - top) for x, y in dots))
    assert len(shapes) == 5


def test_a_mark_that_is_pressed_is_named(line: Timeline, qtbot: QtBot) -> None:
    with qtbot.waitSignal(line.picked) as picked:
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(round(line._x(0)), 40))
    assert picked.args == ["d1"]


def test_it_is_said_in_words_too(line: Timeline) -> None:
    said = line.accessibleDescription()
    assert said.startswith("Peak, 17 min left. ")
    assert "IM 50 mg at 0:00" in said


def test_a_session_that_runs_over_stays_on_the_line(line: Timeline) -> None:
    line.display(TimelineView(SPANS, (), 200 * MIN))
    assert line._x(200 * MIN) <= line.width()
    assert colours(line.grab())[THEMES["dusk"].text] > 0


def test_without_phases_nothing_is_drawn_and_nothing_breaks(line: Timeline) -> None:
    line.display(TimelineView())
    assert len(colours(line.grab())) == 1
