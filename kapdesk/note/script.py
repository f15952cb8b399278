"""What a person wrote, made ready to be set: nothing dropped, nothing read as markup.

Each character becomes a cell: what is drawn, in which face, how wide, and which characters it stands for. Where the two
differ (joined Arabic, a sign no font has, spelled out in words) the page's text layer carries the characters written.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from bidi import algorithm as bidi
from bidi.mirror import MIRRORED

from kapdesk.note import arabic, fonts

_DEFAULT_IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip


class Ink(NamedTuple):
    """How a stretch of text is drawn: its face, its colour as 0xRRGGBB, and whether a line runs through it."""

    face: str = fonts.REGULAR
    colour: int = 0x17252B
    struck: bool = False


class Cell(NamedTuple):
    """One drawn character (rarely none) and the characters it stands for."""

    shown: str
    source: str
    face: str
    width: float
    """In thousandths of the type size."""
    level: int
    """Odd where the text runs from right to left (Unicode Annex 9)."""
    ink: Ink


class Paragraph(NamedTuple):
    """A paragraph's cells in the order they are read, and its direction."""

    cells: list[Cell]
    from_right: bool


_LISTED = 20
"""So many signs are listed with their names; of more only their codes, or a text without its font would fill pages."""


class Findings:
    """What one paper could not show as written; printed at its end."""

    def __init__(self) -> None:
        self._spelled: dict[str, str] = {}
        self._unseen: dict[str, int] = {}

    def spelled(self, char: str, words: str) -> None:
        """A sign that no font of this machine has, or that has no shape, and the words that stand for it."""
        self._spelled.setdefault(char, words)

    def unseen(self, char: str) -> None:
        """A character that is there but has no shape by its nature, such as a joiner."""
        self._unseen[char] = self._unseen.get(char, 0) + 1

    def take(self, others: "Findings") -> None:
        """Those of another part of the same paper as well."""
        for char, words in others._spelled.items():
            self._spelled.setdefault(char, words)
        for char, count in others._unseen.items():
            self._unseen[char] = self._unseen.get(char, 0) + count

    def lines(self) -> tuple[str, ...]:
        """One line a character, in code order: "[melting face] stands for U+1FAE0"."""
        bare = [_code(char) for char in sorted(self._spelled) if _no_sign(char)]
        shown = (f"Without a sign of their own, shown by their code: {', '.join(bare)}",) if bare else ()
        named = [(char, words) for char, words in sorted(self._spelled.items()) if not _no_sign(char)]
        spelled = [f"{words} stands for {_code(char)}" for char, words in named[:_LISTED]]
        if more := [_code(char) for char, _ in named[_LISTED:]]:
            spelled.append(f"So do the names of {', '.join(more)}")
        unseen = (
            f"{_code(char)} {unicodedata.name(char, 'unnamed').lower()}, {count} times, has no shape of its own"
            for char, count in sorted(self._unseen.items())
        )
        return (*shown, *spelled, *unseen)


def paragraphs(spans: Iterable[tuple[str, Ink]], findings: Findings) -> list[Paragraph]:
    """The spans one after the other, parted at their line ends, as cells.

    Text is brought to NFC, and CR LF and CR to LF; nothing else is changed.
    """
    rows: list[list[tuple[str, Ink]]] = [[]]
    for text, ink in spans:
        plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        first, *others = plain.split("\n")
        rows[-1].append((first, ink))
        rows.extend([(line, ink)] for line in others)
    return [_paragraph(row, findings) for row in rows]


def width_of(cells: Iterable[Cell]) -> float:
    """Sum of the widths, in thousandths of the type size."""
    return sum([cell.width for cell in cells])


def _paragraph(row: list[tuple[str, Ink]], findings: Findings) -> Paragraph:
    try:
        easy = [cell for part, ink in row for cell in map(_easy(ink).__getitem__, part)]
    except KeyError:
        pass
    else:
        return Paragraph(easy, from_right=False)
    text = "".join(part for part, _ in row)
    inks = [ink for part, ink in row for _ in part]
    base, levels = _levels(text)
    cells: list[Cell] = []
    at = 0
    for shown, source in arabic.joined(text):
        _set(cells, shown, source, inks[at], levels[at], findings)
        at += len(source)
    return Paragraph(cells, from_right=base == 1)


class _Easy(dict[str, Cell]):
    """What an ink's face prints by itself, character for character, from left to right: looked at when first met."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self._ink, self._widths = ink, fonts.glyphs_of(ink.face)

    def __missing__(self, char: str) -> Cell:
        width = self._widths.get(ord(char))
        if width is None or char < " " or _no_sign(char) or _unseen(char) or unicodedata.combining(char):
            raise KeyError(char)
        if unicodedata.bidirectional(char) in _FROM_RIGHT:
            raise KeyError(char)
        cell = self[char] = Cell(char, char, self._ink.face, width, 0, self._ink)
        return cell


@cache
def _easy(ink: Ink) -> _Easy:
    return _Easy(ink)


_FROM_RIGHT = ("R", "AL", "AN", "RLE", "RLO", "RLI")


def _levels(text: str) -> tuple[int, list[int]]:
    """The direction of a paragraph (1: from the right) and the embedding level of each character."""
    kinds = [(char, unicodedata.bidirectional(char)) for char in text]
    if not any(kind in _FROM_RIGHT for _, kind in kinds):
        return 0, [0] * len(text)
    # python-bidi knows neither isolates nor codes newer than this Python: those count as joiners, these as signs.
    text = "".join(
        "\u200d" if kind in ("LRI", "RLI", "FSI", "PDI") else char if kind else "\ufffc" for char, kind in kinds
    )
    base: int = bidi.get_base_level(text)
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    bidi.get_embedding_levels(text, storage)
    for at, char in enumerate(storage["chars"]):
        char["at"] = at
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, debug=False)
    bidi.resolve_implicit_levels(storage, debug=False)
    levels = [base] * len(text)
    for char in storage["chars"]:
        levels[char["at"]] = char["level"]
    return base, levels


def _set(cells: list[Cell], shown: str, source: str, ink: Ink, level: int, findings: Findings) -> None:
    """Add what one character (or lam-alef) becomes."""
    char = source[0]
    if char == "\t":
        cells.append(Cell("    ", "    ", ink.face, 4 * _easy(ink)[" "].width, level, ink))
        return
    if _unseen(char):
        findings.unseen(char)
        if cells:
            cells[-1] = cells[-1]._replace(source=cells[-1].source + source)
        return
    form = MIRRORED.get(shown, shown) if level % 2 and unicodedata.mirrored(shown) else shown
    face = None if _no_sign(char) else _face_for(form, ink.face)
    if face is None and shown != source:  # no joined form in any font: the letters themselves, each of them
        for letter in source:
            _set(cells, letter, letter, ink, level, findings)
        return
    shown = form
    if face is not None:
        if unicodedata.combining(shown) and cells and cells[-1].face != face:
            before = cells[-1]
            # A mark sits well only on a letter of its own face.
            if all(ord(letter) in fonts.glyphs_of(face) for letter in before.shown):
                cells[-1] = before._replace(face=face, width=_width(before.shown, face))
        cells.append(Cell(shown, source, face, _width(shown, face), level, ink))
        return
    if unicodedata.category(char) == "Zs":
        cells.append(Cell(" ", source, ink.face, _easy(ink)[" "].width, level, ink))
        return
    bare = _no_sign(char)
    words = f"[{_code(char)}]" if bare else f"[{unicodedata.name(char, _code(char)).lower()}]"
    findings.spelled(char, words)
    level += level % 2  # words are read from the left, whatever they stand for
    for at, letter in enumerate(words):
        stands_for = letter if bare else char if at == 0 else ""
        cells.append(Cell(letter, stands_for, ink.face, _easy(ink)[letter].width, level, ink))


def _face_for(shown: str, body: str) -> str | None:
    return body if all(ord(char) in fonts.glyphs_of(body) for char in shown) else fonts.fallback_for(ord(shown[0]))


def _width(shown: str, face: str) -> float:
    widths = fonts.glyphs_of(face)
    return sum(widths[ord(char)] for char in shown)


def _no_sign(char: str) -> bool:
    """Control characters, line separators, lone surrogates, private and unassigned codes: shown by their code."""
    return unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def _unseen(char: str) -> bool:
    """Unicode's Default_Ignorable_Code_Point, as ranges (DerivedCoreProperties)."""
    code = ord(char)
    return code >= 0xAD and any(first <= code <= last for first, last in _DEFAULT_IGNORABLE)


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"
