"""The typefaces of the paper: Source Sans for the body, the machine's own fonts for every script it lacks.

reportlab reads TrueType outlines only, so a fallback must hold a `glyf` table. Which characters a file covers is read
from its `cmap` alone (a millisecond); a file is loaded in full only when one of its characters is printed.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from kapdesk.note import outlines
from kapdesk.note.arabic import letters_of

REGULAR = "Body"
SEMIBOLD = "BodySemibold"
BOLD = "BodyBold"
ITALIC = "BodyItalic"


_BODY = {REGULAR: "Regular", SEMIBOLD: "Semibold", BOLD: "Bold", ITALIC: "It"}
_ALL_DRAWN = -1


class Face:
    """A font file of this machine: knows what it covers, and is loaded when first printed with."""

    def __init__(self, path: Path, index: int, segments: list[tuple[int, int, int, int]], glyph_ids: bytes) -> None:
        self.name = f"{path.stem}-{index}" if index else path.stem
        self._path, self._index = path, index
        self._segments, self._glyph_ids = segments, glyph_ids
        self._loaded: bool | None = None

    def covers(self, code: int) -> bool:
        """Whether the file has a drawn glyph for this code point."""
        for start, end, delta, offset in self._segments:
            if start <= code <= end:
                if offset == _ALL_DRAWN:
                    return True
                if not offset:
                    return (code + delta) & 0xFFFF != 0
                at = offset + 2 * (code - start)
                return self._glyph_ids[at : at + 2] not in (b"", b"\0\0")
        return False

    def load(self) -> bool:
        """Make the face known to reportlab under its name; False where the file turns out to be unusable."""
        if self._loaded is None:
            try:
                pdfmetrics.registerFont(TTFont(self.name, str(self._path), subfontIndex=self._index))
                self._loaded = True
            except (TTFError, OSError, struct.error, ValueError, IndexError):
                self._loaded = False
        return self._loaded


@cache
def set_body() -> None:
    """Make the four faces of the body known to reportlab, and repair its text layer beyond U+FFFF. Once per process."""
    for name, cut in _BODY.items():
        pdfmetrics.registerFont(TTFont(name, str(outlines.body(cut))))
    ttfonts.makeToUnicodeCMap = _to_unicode


@cache
def glyphs_of(face: str) -> dict[int, float]:
    """Widths by code point, in thousandths of the size, of all that a registered face can print."""
    outline = pdfmetrics.getFont(face).face
    return {code: outline.charWidths.get(code, outline.defaultWidth) for code in outline.charToGlyph}


@cache
def fallback_for(code: int) -> str | None:
    """The name of a loaded face that prints this code point; None where this machine has none."""
    for face in _faces():
        if face.covers(code) and face.load() and code in glyphs_of(face.name):
            return face.name
    return None


def missing_scripts() -> tuple[str, ...]:
    """The scripts, of those that KapDesk looks for, that no font of this machine prints."""
    return tuple(name for name, sign in _SCRIPTS.items() if fallback_for(ord(sign)) is None)


_SCRIPTS = {
    "Arabic": "ع",
    "Hebrew": "א",
    "Chinese": "平",
    "Japanese": "か",
    "Devanagari": "ह",
    "Thai": "ก",
    "mathematics": "∮",
    "emoji": "😀",
}


_read: list[Face] = []
_unread: list[Iterator[Path]] = []


def _faces() -> Iterator[Face]:
    """The faces in their order of preference; a file is opened only when those before it did not do."""
    if not _unread:
        _unread.append(iter(outlines.files()))
    place = 0
    while True:
        while place < len(_read):
            yield _read[place]
            place += 1
        path = next(_unread[0], None)
        if path is None:
            return
        face = _look_into(path)
        if face is not None:
            _read.append(face)


def _look_into(path: Path) -> Face | None:
    """The file's first face and what it covers; None where it has no TrueType outlines or cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
            start = struct.unpack_from(">I", head, 12)[0] if head[:4] == b"ttcf" else 0
            file.seek(start)
            count = struct.unpack(">4sHHHH", file.read(12))[1]
            tables = {
                tag: (offset, length) for tag, _, offset, length in struct.iter_unpack(">4sIII", file.read(16 * count))
            }
            if b"glyf" not in tables or b"cmap" not in tables:
                return None
            offset, length = tables[b"cmap"]
            file.seek(offset)
            return Face(path, 0, *_segments(file.read(length)))
    except (OSError, struct.error, IndexError):
        return None


def _segments(cmap: bytes) -> tuple[list[tuple[int, int, int, int]], bytes]:
    """The ranges of the widest Unicode subtable as (first, last, delta, offset of its glyph ids in the table or 0).

    A group of format 12 has a glyph for each of its codes."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    best, kind = 0, 0
    for platform, encoding, offset in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * count]):
        (form,) = struct.unpack_from(">H", cmap, offset)
        unicode_table = platform == 0 or (platform == 3 and encoding in (1, 10))
        if unicode_table and form in (4, 12) and form > kind:
            best, kind = offset, form
    if kind == 12:
        (groups,) = struct.unpack_from(">I", cmap, best + 12)
        ranges = struct.iter_unpack(">III", cmap[best + 16 : best + 16 + 12 * groups])
        return [(first, last, 0, _ALL_DRAWN) for first, last, _ in ranges], b""
    if kind == 4:
        twice = struct.unpack_from(">H", cmap, best + 6)[0]
        n, at = twice // 2, best + 14
        ends = struct.unpack_from(f">{n}H", cmap, at)
        starts = struct.unpack_from(f">{n}H", cmap, at + twice + 2)
        deltas = struct.unpack_from(f">{n}H", cmap, at + 2 * twice + 2)
        base = at + 3 * twice + 2
        offsets = struct.unpack_from(f">{n}H", cmap, base)
        spans = zip(starts, ends, deltas, offsets, range(n), strict=True)
        return [(a, b, d, base + 2 * i + o if o else 0) for a, b, d, o, i in spans], cmap
    return [], b""


def _to_unicode(name: str, subset: list[int]) -> str:
    """A subset's map back to text. reportlab 5.1 writes U+1F600 as <1F600>, where PDF wants UTF-16BE.

    Arabic presentation forms lead back to the letters they are forms of.
    """
    lines = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def", "/CMapType 2 def",
        "1 begincodespacerange", f"<00> <{len(subset) - 1:02X}>", "endcodespacerange",
    ]  # fmt: skip
    for first in range(0, len(subset), 100):  # a section holds at most 100 lines
        section = list(enumerate(subset))[first : first + 100]
        lines.append(f"{len(section)} beginbfchar")
        lines += [f"<{code:02X}> <{_letters(char).encode('utf-16-be').hex().upper()}>" for code, char in section]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _letters(code: int) -> str:
    """What the text layer says for a glyph. The two letters of lam-alef stand in the order of the page, left to right:

    poppler and PDFium both turn a word that runs from the right round letter by letter.
    """
    if 0xD800 <= code < 0xE000:
        return "\ufffd"
    return letters_of(chr(code))[::-1]
