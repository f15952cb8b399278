"""Until when a patient's record is kept: the clinic's years after the last visit, longer where someone said why."""

import calendar
from collections.abc import Iterable
from datetime import date

from kapdesk.facts.patient import KeptLonger


def kept_until(last: date, years: int, longer: Iterable[KeptLonger] = ()) -> date:
    """The last day on which the record must be there. How many years is for the clinic to decide, by its law."""
    year = last.year + years
    rule = date(year, last.month, min(last.day, calendar.monthrange(year, last.month)[1]))
    return max([rule, *(day for each in longer if (day := _day(each.until)) is not None)])


def _day(text: str) -> date | None:
    """None for what is no date: facts from elsewhere are not judged here."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
