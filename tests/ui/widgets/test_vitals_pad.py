from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kapdesk.clinical.vitals import doubts
from kapdesk.facts.session import VitalsTaken
from ui.widgets.buttons import Button
from ui.widgets.reading_field import number
from ui.widgets.vitals_pad import VitalsPad
from ui.widgets.when import Moment

Type = Callable[[str], None]


@pytest.fixture
def pad(qtbot: QtBot, dusk: None) -> VitalsPad:
    shown = VitalsPad(doubts)
    qtbot.addWidget(shown)
    shown.resize(560, 240)
    shown.show()
    shown.activateWindow()
    qtbot.waitExposed(shown)
    shown.start()
    return shown


@pytest.fixture
def type_(pad: VitalsPad, qtbot: QtBot) -> Type:
    """Types as on a keyboard: `↵` is Enter, everything else goes to whatever has the focus."""

    def typed(keys: str) -> None:
        for key in keys:
            where = QApplication.focusWidget()
            assert where is not None
            if key == "↵":
                qtbot.keyClick(where, Qt.Key.Key_Return)
            else:
                qtbot.keyClicks(where, key)

    return typed


@pytest.fixture
def entered(pad: VitalsPad) -> list[tuple[VitalsTaken, Moment]]:
    out: list[tuple[VitalsTaken, Moment]] = []
    pad.entered.connect(lambda taken, moment: out.append((taken, moment)))
    return out


def button(pad: VitalsPad, name: str) -> Button:
    return next(each for each in pad.findChildren(Button) if each.accessibleName() == name)


def test_a_reading_is_one_line_on_the_numpad(type_: Type, entered: list[tuple[VitalsTaken, Moment]]) -> None:
    type_("142 88 78 97↵")
    taken = VitalsTaken(systolic_mmhg=142, diastolic_mmhg=88, pulse_per_min=78, spo2_percent=97)
    assert entered == [(taken, Moment(0))]


@pytest.mark.parametrize("between", ["/", "+", "-", "*", " "])
def test_any_key_of_the_numpad_that_is_no_digit_goes_on(
    type_: Type, entered: list[tuple[VitalsTaken, Moment]], between: str
) -> None:
    type_(f"142{between}88↵")
    assert entered[0][0] == VitalsTaken(systolic_mmhg=142, diastolic_mmhg=88)


def test_what_was_not_measured_is_left_out(type_: Type, entered: list[tuple[VitalsTaken, Moment]]) -> None:
    type_("  78 97 14 36.8↵")
    taken = VitalsTaken(pulse_per_min=78, spo2_percent=97, breaths_per_min=14, temperature_dc=368)
    assert entered == [(taken, Moment(0))]


def test_what_is_not_possible_is_refused_in_place(
    pad: VitalsPad, type_: Type, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_("142 188 78↵↵")
    assert entered == []
    assert "diastolic must be below systolic" in pad.message()
    type_("88↵")  # the cursor stands in the refused box, all of it selected
    assert entered[0][0] == VitalsTaken(systolic_mmhg=142, diastolic_mmhg=88, pulse_per_min=78)
    assert pad.message() == ""


def test_what_is_odd_is_asked_about_once(
    pad: VitalsPad, type_: Type, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_("242 98↵")
    assert entered == []
    assert "Systolic 242: please check." in pad.message()
    type_("↵")
    assert [taken.systolic_mmhg for taken, _ in entered] == [242]


def test_another_odd_value_is_asked_about_again(
    pad: VitalsPad, type_: Type, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_("242 98↵")
    type_("252↵")
    assert entered == []
    assert "252" in pad.message()


def test_nothing_is_said_about_a_number_that_is_still_being_typed(pad: VitalsPad, type_: Type) -> None:
    type_("14")
    assert pad.message() == ""


def test_a_box_left_behind_is_judged_at_once(pad: VitalsPad, type_: Type) -> None:
    type_("14 ")
    assert "Systolic 14 is not possible" in pad.message()


def test_an_empty_reading_is_not_recorded(
    pad: VitalsPad, type_: Type, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_("↵")
    assert entered == []
    assert pad.message() == "Nothing typed yet."


def test_letters_do_not_come_in(pad: VitalsPad, type_: Type) -> None:
    type_("1n4d2")
    assert pad.draft()[0] == "142"


def test_a_lone_point_is_no_number_and_is_said_to_be_none(
    pad: VitalsPad, type_: Type, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_(".↵")
    assert entered == []
    assert "is not a number" in pad.message()


def test_escape_leaves_and_keeps_what_was_typed(pad: VitalsPad, type_: Type, qtbot: QtBot) -> None:
    type_("142 8")
    focused = QApplication.focusWidget()
    with qtbot.waitSignal(pad.left):
        qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert pad.draft()[:2] == ("142", "8")
    assert not pad.isAncestorOf(QApplication.focusWidget() or QWidget())


def test_what_was_recorded_stays_until_it_is_on_the_record(
    pad: VitalsPad, type_: Type, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_("142 88↵")
    assert pad.draft()[:2] == ("142", "88")
    pad.clear()
    assert set(pad.draft()) == {""}


def test_the_first_key_of_a_reading_is_told_once(pad: VitalsPad, type_: Type) -> None:
    begun: list[None] = []
    pad.began.connect(lambda: begun.append(None))
    type_("142 88")
    assert len(begun) == 1


def test_a_reading_may_be_of_five_minutes_ago(
    pad: VitalsPad, type_: Type, qtbot: QtBot, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_("142 88")
    qtbot.mouseClick(button(pad, "5 minutes ago"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(pad, "Record reading"), Qt.MouseButton.LeftButton)
    assert entered[0][1] == Moment(300_000)


def test_a_time_of_day_that_is_missing_is_asked_for(
    pad: VitalsPad, type_: Type, qtbot: QtBot, entered: list[tuple[VitalsTaken, Moment]]
) -> None:
    type_("142 88")
    qtbot.mouseClick(button(pad, "Time of day"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(pad, "Record reading"), Qt.MouseButton.LeftButton)
    assert entered == []
    assert pad.message() == "Type the time of day, as 21:40."
    type_("2140")
    qtbot.mouseClick(button(pad, "Record reading"), Qt.MouseButton.LeftButton)
    assert entered[0][1] == Moment(clock="21:40")


def test_a_reading_not_taken_has_a_reason(pad: VitalsPad, type_: Type, qtbot: QtBot) -> None:
    reasons: list[str] = []
    pad.not_taken.connect(reasons.append)
    qtbot.mouseClick(button(pad, "Reading not taken, reason"), Qt.MouseButton.LeftButton)
    type_("↵")
    assert reasons == []
    type_("asleep, by agreement↵")
    assert reasons == ["asleep, by agreement"]


def test_it_judges_nothing_itself(qtbot: QtBot, dusk: None) -> None:
    asked: list[VitalsTaken] = []

    def judge(taken: VitalsTaken) -> Sequence[object]:
        asked.append(taken)
        return ()

    pad = VitalsPad(judge)  # type: ignore[arg-type]
    qtbot.addWidget(pad)
    pad.bring_back(["999", "1"])
    with qtbot.waitSignal(pad.entered):
        pad.record()
    assert asked == [VitalsTaken(systolic_mmhg=999, diastolic_mmhg=1)]


@pytest.mark.parametrize(
    ("typed", "tenths"), [("36.8", 368), ("36,8", 368), ("368", 368), ("37", 370), ("37.", 370), ("", None)]
)
def test_a_temperature_is_kept_in_tenths(typed: str, tenths: int | None) -> None:
    assert number("temperature_dc", typed) == tenths


@pytest.mark.parametrize("typed", ["36.85", "."])
def test_a_temperature_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        number("temperature_dc", typed)
