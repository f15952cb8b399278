import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kapdesk.clinical.codes import DEFAULTS
from tests.ui.pixels import colours
from tests.ui.sample import BREACH, TILES
from ui import theme
from ui.tokens import THEMES
from ui.widgets.buttons import Button, CodePad, room_codes
from ui.widgets.choice import Check, Choice, Option
from ui.widgets.label import ElidedLabel, Label
from ui.widgets.panel import Panel
from ui.widgets.strip import Action, Strip, StripView
from ui.widgets.tile import ReadingTile, Tile, when

CODES = [code.word for code in DEFAULTS]


def test_the_eight_codes_are_under_the_keys_one_to_eight() -> None:
    assert [(code.key, code.word) for code in room_codes()] == list(zip("12345678", CODES, strict=True))
    assert len({code.icon for code in room_codes()}) == 8


@pytest.mark.parametrize("key", "12345678")
def test_a_code_is_chosen_by_its_key_and_by_its_button(qtbot: QtBot, dusk: None, key: str) -> None:
    pad = CodePad()
    qtbot.addWidget(pad)
    with qtbot.waitSignal(pad.chosen) as chosen:
        assert pad.press(key)
    assert chosen.args == [CODES[int(key) - 1]]
    assert not pad.press("9")


@pytest.mark.parametrize(("width", "rows"), [(1400, 1), (760, 2), (440, 2), (240, 4)])
def test_codes_take_as_many_columns_as_there_is_room_for(qtbot: QtBot, dusk: None, width: int, rows: int) -> None:
    pad = CodePad()
    qtbot.addWidget(pad)
    pad.resize(width, 300)
    pad.show()
    qtbot.waitExposed(pad)
    QApplication.processEvents()
    buttons = pad.findChildren(Button)
    assert len({button.y() for button in buttons}) == rows
    assert all(button.width() >= theme.TARGET and button.height() >= theme.TARGET for button in buttons)
    assert all(button.x() + button.width() <= width for button in buttons)


def test_a_button_says_its_words_and_its_key(qtbot: QtBot, dusk: None) -> None:
    button = Button("Drink & toilet", key="T")
    qtbot.addWidget(button)
    assert button.words() == "Drink & toilet"
    assert button.accessibleName() == "Drink & toilet (key T)"
    assert button.shortcut().isEmpty()
    bare = Button(icon="theme", kind="bare", name="Light")
    qtbot.addWidget(bare)
    assert (bare.accessibleName(), bare.toolTip()) == ("Light", "Light")
    assert min(bare.sizeHint().toTuple()) >= theme.TARGET


def test_a_strip_says_one_thing_and_carries_the_answer(qtbot: QtBot, dusk: None) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.display(BREACH)
    assert strip.isVisibleTo(strip.parentWidget())
    with qtbot.waitSignal(strip.acted) as acted:
        qtbot.mouseClick(strip.findChildren(Button)[2], Qt.MouseButton.LeftButton)
    assert acted.args == ["told"]
    strip.display(None)
    assert strip.isHidden()


def test_a_strip_shown_again_keeps_its_buttons_under_the_finger(qtbot: QtBot, dusk: None) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.display(BREACH)
    first = strip.findChildren(Button)
    strip.display(StripView("Recheck due in 4 min", "breach", actions=BREACH.actions))
    assert strip.findChildren(Button) == first
    assert strip.accessibleName() == "Recheck due in 4 min"


def test_a_strip_offers_five_answers_at_most(qtbot: QtBot, dusk: None) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    with pytest.raises(ValueError, match="at most 5"):
        strip.display(StripView("?", actions=tuple(Action(str(n), str(n)) for n in range(6))))


@pytest.mark.parametrize("width", [420, 640, 1300])
def test_no_answer_of_a_strip_is_cut_off(qtbot: QtBot, dusk: None, width: int) -> None:
    page, strip = QWidget(), Strip()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(strip)
    column.addStretch(1)
    strip.display(BREACH)
    page.resize(width, 500)
    page.show()
    qtbot.waitExposed(page)
    QApplication.processEvents()
    for button in strip.findChildren(Button):
        corner = button.mapTo(strip, QPoint(button.width(), button.height()))
        assert corner.x() <= strip.width()
        assert corner.y() <= strip.height()


def test_a_strip_takes_no_more_room_than_a_line_where_a_line_is_enough(qtbot: QtBot, dusk: None) -> None:
    page, strip = QWidget(), Strip()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(strip)
    column.addStretch(1)
    strip.display(BREACH)
    page.resize(420, 500)
    page.show()
    qtbot.waitExposed(page)
    narrow = strip.height()
    page.resize(1300, 500)
    QApplication.processEvents()
    assert strip.height() < 70 < narrow


def test_a_tile_says_what_when_and_by_whom(qtbot: QtBot, dusk: None) -> None:
    tile = ReadingTile()
    qtbot.addWidget(tile)
    tile.display(Tile("BP", "136/82", "mmHg", 15 * 60_000, "Nurse One"))
    assert tile.accessibleName() == "BP 136/82 mmHg · 15 min ago · Nurse One"
    tile.display(Tile("BP"))
    assert tile.accessibleName() == "BP not taken"


def test_readings_taken_together_say_once_when_and_by_whom() -> None:
    pressure = Tile("BP", "136/82", "mmHg", 16 * 60_000, "Nurse One")
    pulse = Tile("Pulse", "88", "/min", 16 * 60_000, "Nurse One")
    spo2 = Tile("SpO₂", "96", "%", 20_000, "Doctor One")
    assert when((pressure, pulse, Tile("RR"))) == "16 min ago · Nurse One"
    assert when((pressure, pulse, spo2)) == "BP, Pulse 16 min ago · Nurse One; SpO₂ just now · Doctor One"
    assert when((Tile("BP"),)) == ""


def test_only_a_breach_is_red(qtbot: QtBot, dusk: None) -> None:
    red = []
    for tile in TILES:
        shown = ReadingTile()
        qtbot.addWidget(shown)
        shown.resize(240, 90)
        shown.display(tile)
        red.append(colours(shown.grab())[THEMES["dusk"].alarm] > 0)
    assert red == [True, False, False]


def test_a_remark_gives_way_before_the_title(qtbot: QtBot, dusk: None) -> None:
    panel = Panel("Vitals for Sample Patient A, chair 2", "vitals", "every 15 min in Peak")
    qtbot.addWidget(panel)
    panel.resize(380, 100)
    panel.show()
    qtbot.waitExposed(panel)
    remark = panel.findChildren(ElidedLabel)[0]
    assert remark.text() != remark.whole() == "every 15 min in Peak"
    assert panel.accessibleName() == "Vitals for Sample Patient A, chair 2"


def test_the_wheel_alters_no_choice(qtbot: QtBot, dusk: None) -> None:
    choice = Choice(["IM", "IV", "sublingual"], "Route")
    qtbot.addWidget(choice)
    choice.setFocus()
    at = QPointF(10, 10)
    none, up = Qt.KeyboardModifier.NoModifier, QPoint(0, -120)
    wheel = QWheelEvent(at, at, up, up, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(choice, wheel)
    assert choice.currentText() == "IM"


@pytest.mark.parametrize("kind", [Check, Option])
def test_the_whole_of_a_check_is_the_target(qtbot: QtBot, dusk: None, kind: type[Check | Option]) -> None:
    check = kind("Voice on")
    qtbot.addWidget(check)
    check.resize(300, check.sizeHint().height())
    assert check.height() >= theme.TARGET
    qtbot.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(290, 3))
    assert check.isChecked()


def test_a_name_without_end_widens_no_page_and_stays_the_name_it_is(qtbot: QtBot, dusk: None) -> None:
    name = "Łżźćłżźćłż" * 20
    paragraph = Label(f"Signed by {name}.", wrap=True)
    qtbot.addWidget(paragraph)
    assert paragraph.minimumSizeHint().width() < theme.px(360)
    assert paragraph.text() == f"Signed by {name}."
    paragraph.setText("Signed.")
    assert paragraph.text() == "Signed."
