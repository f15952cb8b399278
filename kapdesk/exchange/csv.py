"""Tables for other programs: CSV (RFC 4180), whose cells no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows under their head, lines ended by CR LF. A cell a spreadsheet would run gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([head, *([_safe(cell) for cell in row] for row in rows)])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
