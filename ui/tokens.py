"""The colours of the three lights, and the arithmetic that holds them apart: plain values, no Qt."""

from functools import cache
from typing import Literal

import msgspec

ThemeName = Literal["dusk", "dim", "day"]

READABLE = 4.5
"""Least contrast of text on its ground (WCAG 2.2, 1.4.3)."""
TEXT_TONES = ("text", "muted", "faint", "accent", "alarm", "teal", "blue", "indigo", "violet")
PHASE_TONES = {
    "settle": "teal",
    "onset": "blue",
    "ascent": "indigo",
    "peak": "violet",
    "return": "blue",
    "recovery": "teal",
}


class Theme(msgspec.Struct, frozen=True):
    """The tokens of one light, as `#rrggbb`. Everything drawn takes its colour from here.

    `filled` says whether accents may be filled areas; where not, they are outlines. `past` and `future` are how much
    of a phase's tone lies on the ground behind and ahead of now.
    """

    name: ThemeName
    filled: bool
    past: float
    future: float
    bg: str
    panel: str
    raised: str
    hover: str
    line: str
    edge: str
    clock: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_ink: str
    accent_ground: str
    alarm: str
    alarm_ink: str
    alarm_ground: str
    teal: str
    blue: str
    indigo: str
    violet: str

    def tone(self, name: str) -> str:
        """The colour a tone's name stands for ("muted", "teal", ...)."""
        return str(getattr(self, "teal" if name == "ok" else name))

    def phase_ground(self, tone: str, past: bool) -> str:
        """The solid ground of a phase, behind or ahead of now."""
        return mix(self.panel, self.tone(tone), self.past if past else self.future)

    def selection(self) -> tuple[str, str]:
        """Ground and ink of selected text."""
        return (self.accent, self.accent_ink) if self.filled else (self.line, self.clock)


DUSK = Theme(
    name="dusk",
    filled=True,
    past=0.30,
    future=0.12,
    bg="#14100d",
    panel="#1d1814",
    raised="#2a231d",
    hover="#352c24",
    line="#3b322a",
    edge="#5a4d40",
    clock="#f6eee3",
    text="#efe6da",
    muted="#c6b9a9",
    faint="#b0a393",
    accent="#e2a85c",
    accent_ink="#1a1206",
    accent_ground="#352413",
    alarm="#ee8d7b",
    alarm_ink="#210c06",
    alarm_ground="#3a1b15",
    teal="#86bfae",
    blue="#93b3dd",
    indigo="#a8a9dd",
    violet="#c0a3d6",
)
DIM = Theme(
    name="dim",
    filled=False,
    past=0.20,
    future=0.07,
    bg="#080605",
    panel="#0d0a08",
    raised="#16110d",
    hover="#1f1812",
    line="#2a211a",
    edge="#43362a",
    clock="#bfa58b",
    text="#b0977e",
    muted="#a58e76",
    faint="#9e876f",
    accent="#b37c3c",
    accent_ink="#b37c3c",
    accent_ground="#1a1009",
    alarm="#c96f56",
    alarm_ink="#c96f56",
    alarm_ground="#1d0d09",
    teal="#75897a",
    blue="#7f8798",
    indigo="#87839a",
    violet="#937f90",
)
DAY = Theme(
    name="day",
    filled=True,
    past=0.30,
    future=0.11,
    bg="#f4f0ea",
    panel="#fffdfa",
    raised="#efe8df",
    hover="#e6ddd1",
    line="#d9cfc2",
    edge="#b3a595",
    clock="#1d1610",
    text="#2a2119",
    muted="#51463a",
    faint="#5d5144",
    accent="#855611",
    accent_ink="#fffaf2",
    accent_ground="#fbe9d2",
    alarm="#a0301f",
    alarm_ink="#fff6f3",
    alarm_ground="#fbe2dc",
    teal="#27624f",
    blue="#2a578f",
    indigo="#474892",
    violet="#65468a",
)
THEMES: dict[ThemeName, Theme] = {"dusk": DUSK, "dim": DIM, "day": DAY}


@cache
def mix(ground: str, over: str, part: float) -> str:
    """The solid colour of `part` (0..1) of one colour laid on another, so that its contrast can be told beforehand."""
    a, b = _channels(ground), _channels(over)
    return "#" + "".join(f"{round(x + (y - x) * part):02x}" for x, y in zip(a, b, strict=True))


@cache
def luminance(hex_: str) -> float:
    """Relative luminance of `#rrggbb`, 0..1 (WCAG 2.2, sRGB)."""
    linear: list[float] = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in _channels(hex_))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast of two colours, 1..21 (WCAG 2.2)."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _channels(hex_: str) -> tuple[int, int, int]:
    return int(hex_[1:3], 16), int(hex_[3:5], 16), int(hex_[5:7], 16)


def text_pairs(theme: Theme) -> tuple[tuple[str, str, str], ...]:
    """Every (what, ink, ground) in which the program sets text; all are at least `READABLE` apart."""
    inks: dict[str, tuple[str, ...]] = {
        "bg": (*TEXT_TONES, "clock"),
        "panel": (*TEXT_TONES, "clock"),
        "raised": (*TEXT_TONES, "clock"),
        "hover": ("text", "muted", "accent", "alarm", "clock"),
        "accent_ground": ("text", "muted", "faint", "accent", "alarm"),
        "alarm_ground": ("text", "muted", "faint", "accent", "alarm"),
    }
    pairs = [(f"{ink} on {on}", theme.tone(ink), theme.tone(on)) for on, over in inks.items() for ink in over]
    if theme.filled:
        pairs += [("ink on accent", theme.accent_ink, theme.accent), ("ink on alarm", theme.alarm_ink, theme.alarm)]
    ground, ink = theme.selection()
    pairs.append(("selected text", ink, ground))
    for phase, tone in PHASE_TONES.items():
        pairs.append((f"text on past {phase}", theme.text, theme.phase_ground(tone, True)))
        pairs += [
            (f"{ink} on coming {phase}", theme.tone(ink), theme.phase_ground(tone, False)) for ink in ("text", "muted")
        ]
    return tuple(pairs)
