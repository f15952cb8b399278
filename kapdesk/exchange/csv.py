"""Tables for other programs, and from them: CSV (RFC 4180), whose cells no spreadsheet takes for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import msgspec

from kapdesk.errors import KnownError

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
"""A figure below nothing is no formula, and with an apostrophe before it no figure."""
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_BOM, _LAST = b"\xef\xbb\xbf", "Windows-1252"
LARGEST = 50_000_000
"""Bytes. 20,000 patients are about two million."""


class Line(msgspec.Struct, frozen=True):
    """A row and the line of the file it begins on; `cells` by column. `trouble`: why it cannot be read, else ""."""

    number: int
    cells: tuple[str, ...]
    trouble: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """A file as it was read: its head, its rows, and by which encoding and separator."""

    head: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    separator: str


def read_table(content: bytes) -> Sheet:
    """A table with its head in the first line: UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab.

    Raises KnownError for what is no such table. A row that cannot be read is kept, with its trouble.
    """
    if len(content) > LARGEST:
        raise KnownError(
            f"The file holds {len(content) // 1_000_000} MB; a list of patients holds a few. Choose another."
        )
    text, encoding = _text(content)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows = list(_rows(text, separator))
    if not rows or rows[0].trouble:
        raise KnownError("The file is empty. Choose a table whose first line names its columns.")
    return Sheet(rows[0].cells, tuple(rows[1:]), encoding, SEPARATORS[separator])


def _text(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs = [("utf-16", "UTF-16")]
    else:
        codecs = [("utf-8-sig", "UTF-8"), ("cp1252", _LAST)]
    if b"\x00" not in content or codecs[0][0] == "utf-16":
        for codec, name in codecs:
            try:
                return content.removeprefix(_BOM if name == _LAST else b"").decode(codec), name
            except UnicodeDecodeError:
                continue
    raise KnownError("This is no text file. Save the table as CSV (UTF-8) and choose that.")


def _rows(text: str, separator: str) -> Iterable[Line]:
    """Rows that hold something. A cell runs on over line ends where it is quoted."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(number, (), f"not readable as a row of a table ({error})")
            continue
        cells = tuple(_plain(cell) for cell in row)
        if any(cells):
            yield Line(number, cells)


def _plain(cell: str) -> str:
    """Spaces and line ends as one space each; without the apostrophe that keeps a spreadsheet from running it."""
    plain = " ".join(cell.split())
    return plain[1:] if plain.startswith("'") and plain[1:].startswith(_FORMULA) else plain


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows under their head, lines ended by CR LF. A cell a spreadsheet would run gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def encoded(text: str, bom: bool = False) -> bytes:
    """A table as the bytes of a file, in UTF-8; `bom`: with the mark by which Excel knows that."""
    return (_BOM if bom else b"") + text.encode("utf-8", "replace")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell
