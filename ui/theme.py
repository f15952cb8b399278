"""The three lights KapDesk can stand in, and the one place where colours, type and sizes come from.

Dusk is a room with one lamp, dim a dark room with someone under an eye mask, day an office. The page is never
white in dusk and dim, and in dim nothing shines brighter than the clock: what is filled elsewhere is an outline there.
"""

import logging
import math
from functools import cache
from string import Template
from typing import Literal

import msgspec
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from kapdesk.paths import shipped
from ui.tokens import DUSK, PHASE_TONES, THEMES, Theme, ThemeName, contrast, luminance, mix, text_pairs

__all__ = ["THEMES", "Theme", "ThemeName", "contrast", "luminance", "mix", "text_pairs"]

log = logging.getLogger(__name__)

Size = Literal["tiny", "small", "body", "lead", "title", "value"]
Weight = Literal["regular", "semibold", "bold"]

FAMILY = "Source Sans Pro"
TARGET = 44
"""Smallest side of anything to press, in pixels at scale 1 (WCAG 2.2, 2.5.5 Target Size, enhanced)."""

_SIZES: dict[Size, int] = {"tiny": 14, "small": 15, "body": 16, "lead": 18, "title": 22, "value": 26}
_WEIGHTS: dict[Weight, QFont.Weight] = {
    "regular": QFont.Weight.Normal,
    "semibold": QFont.Weight.DemiBold,
    "bold": QFont.Weight.Bold,
}
_FACES = ("Regular", "It", "Semibold", "Bold")


class _Standing:
    """What `apply` last set; the look is one for the whole program."""

    theme: Theme = DUSK
    scale: float = 1.0
    fonts: bool = False


def current() -> Theme:
    """The theme the program stands in now."""
    return _Standing.theme


def px(n: float) -> int:
    """A length given at scale 1, in pixels at the scale in use."""
    return round(n * _Standing.scale)


def length(n: float) -> float:
    """As `px`, not rounded: for strokes."""
    return n * _Standing.scale


def scale_for(width: int, height: int) -> float:
    """The scale for a screen of this many logical pixels.

    Half of the room a larger screen gives goes to larger type, half to more content; 1366 by 768 is scale 1.
    """
    room = min(width / 1366, height / 768)
    return round(math.sqrt(min(max(room, 1.0), 2.56)), 2)


def font(size: Size, weight: Weight = "regular") -> QFont:
    """The typeface at one of its sizes, for painted widgets; labels take theirs from the style sheet."""
    return font_px(px(_SIZES[size]), weight)


def font_px(pixels: int, weight: Weight = "regular") -> QFont:
    """The typeface at so many pixels of type size (digits are 0.66 of it tall). Its digits are all equally wide."""
    made = QFont(FAMILY)
    made.setPixelSize(max(pixels, 1))
    made.setWeight(_WEIGHTS[weight])
    return made


def colour(tone: str) -> QColor:
    """A token of the theme in use, ready for a painter."""
    return QColor(_Standing.theme.tone(tone))


def phase_tone(phase: str) -> str:
    """The tone of a phase of the effect; muted for one it does not know."""
    return PHASE_TONES.get(phase.lower(), "muted")


def apply(app: QApplication, name: ThemeName = "dusk", scale: float = 1.0) -> None:
    """Put the whole program into a light, before the first window or live.

    The palette goes first, so that nothing is ever painted on a white ground in between. Where it already stands in
    this light, nothing is done.
    """
    if app.styleSheet() and (_Standing.theme, _Standing.scale) == (THEMES[name], scale):
        return
    load_fonts()
    _Standing.theme, _Standing.scale = THEMES[name], scale
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(THEMES[name]))
    app.setFont(font("body"))
    app.setStyleSheet(style_sheet(THEMES[name]))


def load_fonts() -> None:
    """Make the typeface known to Qt; once is enough (asking Qt for its families takes as long as loading them)."""
    if _Standing.fonts:
        return
    _Standing.fonts = True
    import font_source_sans_pro  # here, because it lists a folder when imported

    for face in _FACES:
        if QFontDatabase.addApplicationFont(f"{font_source_sans_pro.font_directory}/SourceSansPro-{face}.ttf") < 0:
            log.warning("the typeface %s %s could not be loaded; another stands in", FAMILY, face)


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for everything the style sheet does not name."""
    role = QPalette.ColorRole
    grounds = (
        (role.Window, theme.bg),
        (role.Base, theme.bg),
        (role.AlternateBase, theme.panel),
        (role.Button, theme.raised),
        (role.ToolTipBase, theme.raised),
        (role.Light, theme.hover),
        (role.Midlight, theme.raised),
        (role.Mid, theme.line),
        (role.Dark, theme.line),
        (role.Shadow, theme.bg),
        (role.Highlight, theme.selection()[0]),
        (role.HighlightedText, theme.selection()[1]),
        (role.Text, theme.text),
        (role.WindowText, theme.text),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.clock),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.faint),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Accent, theme.accent),
    )
    made = QPalette()
    for which, hex_ in grounds:
        made.setColor(which, QColor(hex_))
    for which in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.faint))
    return made


def style_sheet(theme: Theme) -> str:
    """resources/style.qss filled with a theme's tokens and the sizes in use."""
    values = {name: value for name, value in msgspec.structs.asdict(theme).items() if isinstance(value, str)}
    fill = theme.filled
    values |= {
        "primary_ground": theme.accent if fill else theme.panel,
        "primary_hover": mix(theme.accent, theme.accent_ink, 0.12) if fill else theme.hover,
        "primary_ink": theme.accent_ink if fill else theme.accent,
        "handle": theme.text if fill else theme.muted,
        "selection_ground": theme.selection()[0],
        "selection_ink": theme.selection()[1],
        "family": FAMILY,
    }
    values |= {name: f"{px(size)}px" for name, size in _SIZES.items() if name != "value"}
    values |= {"value_size": f"{px(_SIZES['value'])}px", "target": f"{px(TARGET)}px", "inner": f"{px(TARGET) - 2}px"}
    values["thick"] = f"{px(TARGET) - 4}px"
    values["narrow"] = f"{px(TARGET) - 2 * px(6) - 2}px"
    values |= {f"p{n}": f"{px(n)}px" for n in (1, 2, 4, 6, 8, 10, 12, 14, 16, 20)}
    return _template().substitute(values)


@cache
def _template() -> Template:
    return Template(shipped("resources", "style.qss").read_text(encoding="utf-8"))
