"""A reading at the chair: by the numpad alone, how it was taken beside it, its mean worked out."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from kapdesk.clinic.protocols import FOLDER
from kapdesk.facts.session import VitalsTaken
from tests.plain import PLAIN, approve
from tests.ui.hand import Hand
from ui.session import reading
from ui.widgets.buttons import Button
from ui.widgets.reading_field import ReadingField

KEY = Qt.Key
READING = VitalsTaken(systolic_mmhg=142, diastolic_mmhg=88, pulse_per_min=78, spo2_percent=97)
MOST_KEYS = 12


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def press(keys: str) -> int:
    """Each key as the window system would hand it on, to whatever has the focus; how many there were."""
    for key in keys:
        where = QApplication.focusWidget()
        assert where is not None
        if key == "↵":
            QTest.keyClick(where, KEY.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
        else:
            plain, numpad = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
            QTest.keyClick(where, key, plain if key == "V" else numpad)
        QApplication.processEvents()
    return len(keys)


def box(hand: Hand) -> str:
    """The box that has the focus."""
    focus = QApplication.focusWidget()
    field = next((each for each in hand.page.vitals.pad.findChildren(ReadingField) if each.focusProxy() is focus), None)
    return field.field if field is not None else ""


def test_four_values_take_eleven_keys_from_v_to_enter_and_the_focus_goes_on_by_itself(hand: Hand) -> None:
    hand.begin()
    went: list[str] = []
    keys = 0
    for part in ("V", "142", "88", "78", "97"):
        keys += press(part)
        went.append(box(hand))
    assert went == ["systolic_mmhg", "diastolic_mmhg", "pulse_per_min", "spo2_percent", "breaths_per_min"]
    keys += press("↵")
    hand.settle()
    assert keys == 11 <= MOST_KEYS
    assert hand.facts(VitalsTaken) == [READING]
    assert {"142/88", "78", "97"} <= set(said(hand).split("\n"))
    assert box(hand) == ""
    assert press("V") == 1
    assert box(hand) == "systolic_mmhg"


def test_who_types_the_separators_all_the_same_enters_the_same_reading(hand: Hand) -> None:
    hand.begin()
    press("V142 88/78+97↵")
    hand.settle()
    assert hand.facts(VitalsTaken) == [READING]


def test_two_digits_that_may_become_three_wait_for_the_third_or_a_separator(hand: Hand) -> None:
    hand.begin()
    press("V112")
    assert box(hand) == "diastolic_mmhg"
    press("10")
    assert box(hand) == "diastolic_mmhg"
    press("2")
    assert box(hand) == "pulse_per_min"
    press("20")
    assert box(hand) == "pulse_per_min"
    press(" 10")
    assert box(hand) == "spo2_percent"
    press("0↵")
    hand.settle()
    assert hand.facts(VitalsTaken) == []  # 20 a minute and a narrow pressure are asked about first
    press("↵")
    hand.settle()
    assert hand.facts(VitalsTaken) == [VitalsTaken(112, 102, 20, 100)]


def test_a_value_that_cannot_be_keeps_the_cursor_and_a_digit_taken_back_does_not_move_it(hand: Hand) -> None:
    hand.begin()
    press("V350")
    assert box(hand) == "systolic_mmhg"
    hand.key(KEY.Key_Backspace, KEY.Key_Backspace)
    assert box(hand) == "systolic_mmhg"


def tap(hand: Hand, name: str) -> None:
    hand.press(name, hand.page.vitals.pad)


def test_how_it_was_taken_is_tapped_once_and_holds_for_the_next_reading(hand: Hand) -> None:
    hand.begin()
    press("V")
    tap(hand, "Arm: not said")
    tap(hand, "Position: not said")
    tap(hand, "Read by: not said")
    hand.write("Oxygen, L/min", "2", hand.page.vitals.pad)
    hand.key(KEY.Key_V)  # in the line for oxygen a letter is no key of the page
    hand.page.vitals.pad.details.oxygen.setText("2")
    hand.page.vitals.start()
    press("142887897↵")
    hand.settle()
    first = VitalsTaken(142, 88, 78, 97, arm="left", position="sitting", oxygen_ml_per_min=2_000, read_by="staff")
    assert hand.facts(VitalsTaken) == [first]
    assert "left arm, sitting, oxygen 2 L/min, read by the staff" in hand.rows()[0][1]
    press("V13886↵")
    hand.settle()
    assert hand.facts(VitalsTaken)[1] == VitalsTaken(138, 86, arm="left", position="sitting", oxygen_ml_per_min=2_000)
    press("V")
    tap(hand, "Arm: left")
    press_into_first = hand.page.vitals.pad
    press_into_first.start()
    press("13886↵")
    hand.settle()
    assert hand.facts(VitalsTaken)[2].arm == "right"


def test_an_arm_is_said_only_of_a_pressure(hand: Hand) -> None:
    hand.begin()
    press("V")
    tap(hand, "Arm: not said")
    hand.page.vitals.start()
    press("   97↵")
    hand.settle()
    assert hand.facts(VitalsTaken) == [VitalsTaken(spo2_percent=97)]


@pytest.mark.parametrize(
    ("typed", "words", "kept"),
    [
        ("20", "Oxygen 20 L/min is not possible", False),
        ("x", "Oxygen: x is not a number", False),
        ("10", "Oxygen 10 L/min: please check.", True),
    ],
)
def test_oxygen_that_cannot_be_is_refused_in_place_and_much_of_it_asked_about(
    hand: Hand, typed: str, words: str, kept: bool
) -> None:
    hand.begin()
    press("V97")
    hand.page.vitals.pad.details.oxygen.setText(typed)
    press("↵")
    assert words in said(hand)
    press("↵")
    hand.settle()
    assert bool(hand.facts(VitalsTaken)) is kept


def test_the_mean_is_shown_while_typing_on_the_tile_and_in_the_trend_marked_calculated(hand: Hand) -> None:
    hand.begin()
    press("V14288")
    assert "MAP 106 calculated" in said(hand)
    press("↵")
    hand.settle()
    (tile, *_) = reading.tiles(hand.seat.seen())
    assert (tile.value, tile.beside) == ("142/88", "MAP 106 calc")
    assert "mean pressure 106, calculated" in hand.page.vitals.trend.accessibleDescription()


def test_a_correction_keeps_how_it_was_taken_and_can_change_it(hand: Hand) -> None:
    hand.begin()
    hand.room.record(VitalsTaken(142, 88, arm="left", position="sitting", oxygen_ml_per_min=1_500))
    hand.settle()
    row = next(row for row in hand.page.notes.list.rows() if row.code == "Vitals")
    hand.page.notes.opened.emit(row.id)
    amend = hand.page.notes.amend
    assert "1.5" in [edit.text() for edit in amend.findChildren(QLineEdit)]
    systolic = amend.findChildren(ReadingField)[0]
    systolic.set_text("144")
    hand.press("Arm: left", amend)
    hand.write("Reason", "other arm", amend)
    hand.press("Correct", amend)
    hand.settle()
    assert hand.facts(VitalsTaken) == [VitalsTaken(144, 88, arm="right", position="sitting", oxygen_ml_per_min=1_500)]


def test_the_choices_are_large_enough_and_named(hand: Hand) -> None:
    hand.begin()
    press("V")
    for button in hand.page.vitals.pad.details.findChildren(Button):
        assert button.height() >= 44
        assert button.accessibleName()


def test_of_what_is_late_the_repeat_of_a_bad_reading_stands_on_the_clock(hand: Hand) -> None:
    """A rating may be later still; the pressure matters more."""
    toml = PLAIN.replace("vitals_every_min = 15", "vitals_every_min = 15\nrecheck_min = 5")
    toml = toml.replace("booster_adds_min", 'ratings = [{ scale = "MOAA/S", at_min = [1] }]\nbooster_adds_min')
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(toml, encoding="utf-8")
    approve(desk.clinic, toml)
    hand.settle()
    hand.begin()
    hand.pass_(8)
    assert hand.page.now.clock._reading.overdue == "MOAA/S 7 min late"
    hand.room.record(VitalsTaken(190, 110, 90, 97))
    hand.settle()
    hand.pass_(8)
    assert hand.page.now.clock._reading.overdue == "Recheck 3 min late"
