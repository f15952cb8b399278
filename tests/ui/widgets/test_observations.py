from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.ui.pixels import colours
from tests.ui.sample import ROWS
from ui.tokens import THEMES
from ui.widgets.observations import ObservationList, Row
from ui.widgets.rows import ROW, ObservationModel

STATES = st.sampled_from(["saved", "saving", "not saved"])
LISTS = st.lists(
    st.builds(Row, st.sampled_from("abcdefgh"), st.just("0:01"), state=STATES), max_size=8, unique_by=lambda r: r.id
)


@pytest.fixture
def notes(qtbot: QtBot, dusk: None) -> ObservationList:
    shown = ObservationList()
    qtbot.addWidget(shown)
    shown.resize(700, 400)
    shown.show()
    qtbot.waitExposed(shown)
    shown.display(ROWS)
    return shown


def many(n: int) -> list[Row]:
    return [Row(str(k), "0:10", "Breath", f"Note {k}. " + "Slow and even. " * (k % 9), "Nurse One") for k in range(n)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LISTS, LISTS)
def test_one_list_becomes_the_next(qtmodeltester: ModelTester, first: list[Row], second: list[Row]) -> None:
    model = ObservationModel()
    qtmodeltester.check(model)
    model.replace(first)
    model.replace(second)
    assert model.rows == second
    assert [model.data(model.index(n), ROW) for n in range(model.rowCount())] == second


def test_a_note_that_becomes_saved_changes_its_row_alone(qtbot: QtBot, notes: ObservationList) -> None:
    saved = (msgspec.structs.replace(ROWS[0], state="saved"), *ROWS[1:])
    with qtbot.waitSignal(notes.model().dataChanged) as changed:
        notes.display(saved)
    assert changed.args is not None
    assert (changed.args[0].row(), changed.args[1].row()) == (0, 0)


def test_not_saved_has_a_word_and_a_shape_besides_its_colour(notes: ObservationList) -> None:
    red = THEMES["dusk"].alarm
    row = notes.visualRect(notes.model().index(2))
    assert colours(notes.viewport().grab(row))[red] > 30
    assert colours(notes.viewport().grab(notes.visualRect(notes.model().index(1))))[red] == 0
    assert "not saved" in str(notes.model().index(2).data(Qt.ItemDataRole.AccessibleTextRole))


def test_what_was_before_a_correction_is_at_hand(notes: ObservationList) -> None:
    tip = str(notes.model().index(3).data(Qt.ItemDataRole.ToolTipRole))
    assert "Before: Nausea" in tip
    assert "corrected" in ROWS[3].said()
    assert "struck" in ROWS[4].said()


def test_a_tip_shows_markup_as_typed(notes: ObservationList) -> None:
    notes.display([Row("1", "0:01", text="<b>loud</b>")])
    assert "&lt;b&gt;" in str(notes.model().index(0).data(Qt.ItemDataRole.ToolTipRole))


@pytest.mark.parametrize(("key", "signal"), [(Qt.Key.Key_Return, "opened"), (Qt.Key.Key_Delete, "strike_asked")])
def test_a_row_is_opened_and_struck_by_key(qtbot: QtBot, notes: ObservationList, key: Qt.Key, signal: str) -> None:
    notes.setCurrentIndex(notes.model().index(1))
    with qtbot.waitSignal(getattr(notes, signal)) as told:
        qtbot.keyClick(notes, key)
    assert told.args == ["2"]


def test_what_is_struck_is_not_struck_again(qtbot: QtBot, notes: ObservationList) -> None:
    notes.setCurrentIndex(notes.model().index(4))
    with qtbot.assertNotEmitted(notes.strike_asked):
        qtbot.keyClick(notes, Qt.Key.Key_Delete)


def test_pressing_not_saved_or_enter_on_it_asks_to_try_again(qtbot: QtBot, notes: ObservationList) -> None:
    row = notes.visualRect(notes.model().index(2))
    with qtbot.waitSignal(notes.retry_asked) as told:
        qtbot.mouseClick(notes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.right() - 40, row.top() + 20))
    assert told.args == ["3"]
    notes.setCurrentIndex(notes.model().index(2))
    with qtbot.waitSignal(notes.retry_asked):
        qtbot.keyClick(notes, Qt.Key.Key_Return)


def test_a_long_note_shows_three_lines_and_in_hand_all_of_it(qtbot: QtBot, notes: ObservationList) -> None:
    notes.display([Row("1", "0:01", "Tears", "Long and winding. " * 60, "Nurse One"), *ROWS[1:]])
    notes.setCurrentIndex(notes.model().index(2))
    index = notes.model().index(0)
    qtbot.waitUntil(lambda: notes.visualRect(index).height() < 120, timeout=2_000)
    folded = notes.visualRect(index).height()
    notes.setCurrentIndex(index)
    qtbot.waitUntil(lambda: notes.visualRect(index).height() > 2 * folded, timeout=2_000)


def test_the_row_in_hand_stays_in_hand_when_a_newer_one_comes(notes: ObservationList) -> None:
    rows = [*ROWS[:2], Row("long", "0:01", "Tears", "Long and winding. " * 60, "Nurse One")]
    notes.display(rows)
    notes.setCurrentIndex(notes.model().index(2))
    notes.display([Row("new", "0:46", text="the newest"), *rows])
    assert notes.currentIndex().data(ROW).id == "long"
    assert notes.visualRect(notes.currentIndex()).height() > 300


def test_a_narrow_list_sets_the_text_below_its_heading(qtbot: QtBot, notes: ObservationList) -> None:
    wide = notes.visualRect(notes.model().index(0)).height()
    notes.resize(420, 400)
    qtbot.waitUntil(lambda: notes.visualRect(notes.model().index(0)).height() > wide, timeout=2_000)


def test_three_thousand_rows_are_all_there_and_a_reader_keeps_the_place(qtbot: QtBot, notes: ObservationList) -> None:
    rows = many(3_000)
    notes.display(rows)
    last = notes.model().index(2_999)
    qtbot.waitUntil(lambda: notes.visualRect(last).height() > 0, timeout=10_000)
    notes.scrollTo(notes.model().index(1_500), ObservationList.ScrollHint.PositionAtTop)
    held = notes.indexAt(QPoint(20, 0)).data(ROW)
    notes.display([Row("new", "0:11", text="the newest"), *rows])
    assert notes.indexAt(QPoint(20, 0)).data(ROW) == held


def test_whoever_is_at_the_top_sees_the_newest(notes: ObservationList) -> None:
    notes.display([Row("new", "0:46", text="the newest"), *ROWS])
    assert notes.indexAt(QPoint(20, 5)).data(ROW).id == "new"


def test_a_change_of_light_redraws_the_rows(notes: ObservationList, light: Callable[[str], None]) -> None:
    light("day")
    assert colours(notes.viewport().grab())[THEMES["dusk"].text] == 0
    assert colours(notes.viewport().grab())[THEMES["day"].text] > 50
