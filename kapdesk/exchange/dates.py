"""Birth dates as other programs write them: year first, or day and month in an order that may have to be asked."""

import re
from datetime import date

import msgspec


class Day(msgspec.Struct, frozen=True):
    """A date as it was typed: read (YYYY-MM-DD), or `ambiguous` until someone says which comes first, or no date."""

    iso: str = ""
    ambiguous: bool = False
    trouble: str = ""


def read_day(text: str, day_first: bool | None = None) -> Day:
    """A date from a table. With points the day comes first; with strokes it is asked where both could be a month."""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _day(text, *map(int, found.groups()))
    found = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})", text.replace(" ", ""))
    if not found:
        return Day(trouble=f"{text} is no date" if text else "is missing")
    one, point, other, year = int(found[1]), found[2] == ".", int(found[3]), found[4]
    if len(year) == 2:
        return Day(trouble=f"{text} has a year of two digits")
    if point or one == other or one > 12 >= other:
        return _day(text, int(year), other, one)
    if other > 12 >= one:
        return _day(text, int(year), one, other)
    if one > 12:
        return Day(trouble=f"{text} is no date")
    if day_first is None:
        return Day(ambiguous=True)
    return _day(text, int(year), other, one) if day_first else _day(text, int(year), one, other)


def _day(text: str, year: int, month: int, day: int) -> Day:
    try:
        return Day(date(year, month, day).isoformat())
    except ValueError:
        return Day(trouble=f"{text} is no date")
