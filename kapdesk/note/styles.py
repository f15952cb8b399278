"""The look of the paper: its colours, its sizes, and the few ways words stand on it."""

from collections.abc import Sequence
from typing import NamedTuple

from kapdesk.note import fonts
from kapdesk.note.paper import Amendment, Figure, Flag, Row
from kapdesk.note.script import Findings, Ink
from kapdesk.note.setting import Prose, Style
from kapdesk.note.tags import items

INK, MUTE, TEAL, RULE, PALE = 0x17252B, 0x52626A, 0x1B5E6B, 0xC9D3D6, 0xF2F6F6
BREACH, BREACH_PALE, LETTERING = 0x9E2A1B, 0xFAEDE9, 0xEDF0F0

PLAIN = Ink(fonts.REGULAR, INK)
SEMI = Ink(fonts.SEMIBOLD, INK)
QUIET = Ink(fonts.REGULAR, MUTE)
QUIET_SEMI = Ink(fonts.SEMIBOLD, MUTE)
QUOTED = Ink(fonts.ITALIC, INK)
FLAGGED = Ink(fonts.BOLD, BREACH)
STRUCK = Ink(fonts.REGULAR, MUTE, struck=True)

TITLE = Style(19, 23, role="H1")
SUBTITLE = Style(10, 13.5, after=7)
HEADING = Style(11.6, 14.5, before=9, after=2.5, role="H2")
BODY = Style(9.4, 12.8)
CELL = Style(8.6, 11.1)
CELL_RIGHT = Style(8.6, 11.1, align="right", inset=5)
HEAD = Style(7.5, 9.4)
COLUMN = Style(7.5, 9.4, role="H2")
"""The heading of a column that stands by itself."""
HEAD_RIGHT = Style(7.5, 9.4, align="right", inset=5)
SMALL = Style(7.8, 10.2)
TILE = Style(11.2, 13.6)
CODE = Style(7.4, 9.6)

FLAG_SHAPE: dict[Flag, str] = {"": "", "high": "▲ H ", "low": "▼ L "}


class Close(NamedTuple):
    """How much smaller and closer than usual something is set: shares of size, leading and the space between."""

    size: float = 1.0
    leading: float = 1.0
    between: float = 1.0

    def of(self, style: Style) -> Style:
        """A style, so set."""
        if self.size == 1.0:
            return style
        return style._replace(
            size=style.size * self.size,
            leading=style.leading * self.leading,
            before=style.before * self.between,
            after=style.after * self.between,
        )


CLOSER = (Close(0.955, 0.91, 0.65), Close(0.92, 0.87, 0.5))
"""A little, and as much as can still be read well."""


class Case:
    """Sets words for one paper, and keeps what could not be shown as written."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.close = Close()
        """Set a little smaller, with less room between: what would otherwise run a few lines over its page."""

    def say(self, words: str | Sequence[tuple[str, Ink]], style: Style = CELL, ink: Ink = PLAIN) -> Prose:
        """Words in one ink, or stretches with an ink each."""
        spans = [(words, ink)] if isinstance(words, str) else words
        return Prose(spans, self.close.of(style), self.findings)

    def lines(self, lines: Sequence[str], style: Style = CELL) -> list[Prose]:
        """Lines below each other, the empty ones passed over; a list where there are several."""
        said = [self.say(line, style) for line in lines if line]
        if len(said) > 1:
            items([each.tag for each in said])
        return said

    def heading(self, words: str) -> Prose:
        """The heading of a section."""
        return self.say(words, HEADING, Ink(fonts.SEMIBOLD, TEAL))

    def figure(self, figure: Figure) -> Prose:
        """A measured value, its flag before it; a dash where it was not measured."""
        if not figure.value:
            return self.say("–", CELL_RIGHT, QUIET)
        return self.say(FLAG_SHAPE[figure.flag] + figure.value, CELL_RIGHT, FLAGGED if figure.flag else PLAIN)

    def clock(self, row: Row) -> Prose:
        """When it happened."""
        return self.say(row.clock, CELL, STRUCK if row.struck else PLAIN)

    def amendments(self, row: Row) -> list[Prose]:
        """What is said below a row that was entered later, corrected, struck, or came after signing."""
        said = [self.say(f"Entered {row.entered}", SMALL, QUIET)] if row.entered else []
        if row.late:
            said.append(self.say("Added after the note was locked", SMALL, QUIET_SEMI))
        return said + [self._amendment(each) for each in row.amendments]

    def _amendment(self, each: Amendment) -> Prose:
        spans = [("Corrected" if each.what == "corrected" else "Struck", QUIET_SEMI)]
        if each.was:
            spans += [("; before: " if each.what == "corrected" else ": ", QUIET), (each.was, STRUCK)]
        if each.reason:
            spans.append((f"{'' if each.was.endswith(('.', '!', '?')) else '.'} Reason: {each.reason}", QUIET))
        if each.by or each.clock:
            spans.append((f" ({', '.join(part for part in (each.by, each.clock) if part)})", QUIET))
        return self.say(spans, SMALL)
