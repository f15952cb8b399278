import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kapdesk.paths import shipped
from tests.ui.pixels import colours, mean_luminance, text_contrast
from tests.ui.sample import SamplePage
from ui import icons, theme
from ui.tokens import READABLE, THEMES, ThemeName, mix, text_pairs
from ui.widgets.label import Label

NAMES: tuple[ThemeName, ...] = ("dusk", "dim", "day")
SIZES = ((1366, 768), (1920, 1080))
Light = Callable[..., None]


def shown(qtbot: QtBot, width: int = 1366, height: int = 768, late: bool = True) -> SamplePage:
    page = SamplePage(late)
    qtbot.addWidget(page)
    page.resize(width, height)
    page.show()
    qtbot.waitExposed(page)
    QApplication.processEvents()
    return page


@pytest.mark.parametrize("name", NAMES)
def test_every_text_stands_out_from_its_ground(name: ThemeName) -> None:
    weak = [(what, theme.contrast(ink, on)) for what, ink, on in text_pairs(THEMES[name])]
    assert [pair for pair in weak if pair[1] < READABLE] == []


@pytest.mark.parametrize("name", NAMES)
def test_text_as_it_was_painted_stands_out_from_its_ground(qtbot: QtBot, light: Light, name: ThemeName) -> None:
    light(name)
    page = shown(qtbot)
    picture = page.grab()
    weak = {}
    for part in page.findChildren(QWidget):
        text = part.text() if isinstance(part, Label | QAbstractButton | QLineEdit) else ""
        if part.isVisible() and text.strip(" ·–"):
            edge = 0 if isinstance(part, Label) else 4
            inner = part.rect().adjusted(edge, edge, -edge, -edge)
            where = QRect(part.mapTo(page, inner.topLeft()), inner.size())
            found = text_contrast(picture, where.intersected(page.rect()))
            if found < READABLE:
                weak[text] = round(found, 2)
    assert weak == {}


def test_in_the_dark_room_nothing_is_brighter_than_the_clock() -> None:
    dim = THEMES["dim"]
    tokens = [value for value in (getattr(dim, field) for field in dim.__struct_fields__) if str(value).startswith("#")]
    assert max(tokens, key=theme.luminance) == dim.clock


def test_a_page_in_the_dark_room_gives_hardly_any_light(qtbot: QtBot, light: Light) -> None:
    light("dim")
    page = shown(qtbot)
    assert mean_luminance(page.grab()) <= 0.02


def test_in_the_dark_room_no_painted_pixel_outshines_the_clock(qtbot: QtBot, light: Light) -> None:
    light("dim")
    page = shown(qtbot)
    brightest = max(theme.luminance(hex_) for hex_ in colours(page.grab()))
    assert brightest <= theme.luminance(THEMES["dim"].clock) + 0.002


def test_what_is_filled_at_dusk_is_an_outline_in_the_dark_room(qtbot: QtBot, light: Light) -> None:
    light("dusk")
    page = shown(qtbot)
    filled = colours(page.grab())[THEMES["dusk"].accent]
    light("dim")
    QApplication.processEvents()
    outlined = colours(page.grab())[THEMES["dim"].accent]
    assert filled > 15_000
    assert outlined < filled / 3


def test_a_live_change_of_light_leaves_nothing_of_the_old_one(qtbot: QtBot, light: Light) -> None:
    light("day")
    page = shown(qtbot)
    light("dusk")
    QApplication.processEvents()
    left = set(colours(page.grab())) & {THEMES["day"].bg, THEMES["day"].panel, THEMES["day"].raised}
    assert left == set()


def test_a_page_is_never_white_not_even_before_it_is_shown(qtbot: QtBot, light: Light) -> None:
    light("dusk")

    page = SamplePage()
    qtbot.addWidget(page)
    assert page.palette().window().color().name() == THEMES["dusk"].bg
    first = colours(page.grab())  # painted before it was ever shown
    assert first.most_common(1)[0][0] in {THEMES["dusk"].bg, THEMES["dusk"].panel}
    assert "#ffffff" not in first


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_everything_to_press_or_type_into_is_large_enough(qtbot: QtBot, light: Light, width: int, height: int) -> None:
    light("dusk", theme.scale_for(width, height))
    page = shown(qtbot, width, height)
    small = [
        (type(part).__name__, part.accessibleName(), part.width(), part.height())
        for kind in (QAbstractButton, QLineEdit, QComboBox)
        for part in page.findChildren(kind)
        if part.isVisible() and min(part.width(), part.height()) < theme.TARGET
    ]
    assert small == []


def test_everything_that_acts_has_a_name_to_be_read_aloud(qtbot: QtBot, dusk: None) -> None:
    page = shown(qtbot)
    acting = [part for kind in (QAbstractButton, QLineEdit, QComboBox) for part in page.findChildren(kind)]
    assert len(acting) > 20
    silent = [part for part in acting if not (part.accessibleName() or part.text() or part.placeholderText())]
    assert silent == []


def test_the_typeface_is_ours_and_its_digits_are_equally_wide(dusk: None) -> None:
    for size in ("tiny", "small", "body", "lead", "title", "value"):
        for weight in ("regular", "semibold", "bold"):
            font = theme.font(size, weight)
            assert QFontInfo(font).family() == theme.FAMILY
            assert len({round(QFontMetricsF(font).horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1


def test_a_larger_screen_gives_larger_type_and_more_room() -> None:
    assert theme.scale_for(1366, 768) == 1.0
    assert 1.1 < theme.scale_for(1920, 1080) < 1.4
    assert theme.scale_for(1024, 600) == 1.0
    assert theme.scale_for(7680, 4320) == 1.6


def test_a_mixture_lies_between_its_two_colours() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#102030", "#ffffff", 0.0) == "#102030"


@pytest.mark.parametrize("name", icons.names())
def test_a_sign_is_drawn_in_the_colour_asked_for(qapp: QApplication, dusk: None, name: str) -> None:
    picture = icons.pixmap(name, "accent", 48).toImage()
    inks = [picture.pixelColor(x, y) for x in range(48) for y in range(48) if picture.pixelColor(x, y).alpha() == 255]
    assert len(inks) > 30
    wanted = QColor(THEMES["dusk"].accent)
    assert max(abs(a - b) for ink in inks for a, b in zip(ink.toTuple(), wanted.toTuple(), strict=True)) <= 2


def test_a_sign_follows_the_light_and_is_drawn_once(light: Light) -> None:
    light("dusk")
    first = icons.pixmap("note")
    assert icons.pixmap("note").cacheKey() == first.cacheKey()
    light("day")
    assert icons.pixmap("note").cacheKey() != first.cacheKey()


def test_every_token_the_style_sheet_names_exists(light: Light) -> None:
    text = shipped("resources", "style.qss").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,6}\b", text.replace("#page", "")) == []  # colours come from tokens alone
    for name in NAMES:
        light(name)
        assert "$" not in theme.style_sheet(THEMES[name])


def test_typed_markup_is_shown_as_typed(qtbot: QtBot, dusk: None) -> None:
    label = Label("<b>not bold</b> & </p>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
