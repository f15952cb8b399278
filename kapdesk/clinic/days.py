"""The days that a line of words names: a date in any form, a month, a year, "last week", from one to another. Pure."""

import re
from datetime import date, timedelta

from kapdesk.store.seeking import Span

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS) + "|sept"
_WORDS_TOO = ("march", "may")
"""Months only behind "since", "in" and the like: by themselves they are words."""
_DAY = rf"""(?:
    (?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)
  | (?P<dotted>\d{{1,2}}[./]\d{{1,2}}(?:[./](?:\d{{4}}|\d{{2}})|\.)?)
  | (?P<slashed>\d{{1,2}}[./]\d{{4}})
  | (?P<named>\d{{1,2}}(?:\.|st|nd|rd|th)?\s+(?:{_MONTH})\b\.?(?:\s+\d{{4}}\b)?)
  | (?P<month>(?:{_MONTH})\b\.?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?|\d{{4}}\b))
  | (?P<bare>{"|".join(_MONTHS)})
  | (?P<year>(?:19|20)\d\d)
  | (?P<near>today|yesterday|this\ week|last\ week|this\ month|last\ month|this\ year|last\ year)
)"""
_ONE = re.compile(rf"(?<![\w-])(?<!\w\.){_DAY}(?![\w-])", re.VERBOSE | re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:\.\.+|–|—|\bto\b|\buntil\b|\band\b|\s-\s)\s*", re.IGNORECASE)
_BEFORE = re.compile(r"\b(since|from|after|before|until|between|on|in|born)\s+$", re.IGNORECASE)


def spans(line: str, now: date) -> tuple[list[Span], str]:
    """The days a line names, and what is left of it."""
    found, rest, at = list[Span](), "", 0
    while (one := _ONE.search(line, at)) is not None:
        days, before, end = _days(one, now), line[at : one.start()], one.end()
        word = _BEFORE.search(before)
        if days is None or (word is None and one.group().lower() in _WORDS_TOO):
            rest, at = rest + line[at:end], end
            continue
        if word is not None and word[1].lower() == "born":
            rest, at = f"{rest}{before[: word.start()]}{_iso(*days)} ", end
            continue
        joined = _BETWEEN.match(line, end)
        other = _ONE.match(line, joined.end()) if joined is not None else None
        until = _days(other, now) if other is not None else None
        said = "" if word is not None or one.lastgroup == "near" else _as_well(one, days)
        first, last = days[0].isoformat(), days[1].isoformat()
        if other is not None and until is not None:
            last, end, said = until[1].isoformat(), other.end(), ""
        elif word is not None:
            first, last = _open(word[1].lower(), days)
        found.append(Span(min(first, last) if last else first, max(first, last) if last else "", said))
        rest, at = f"{rest}{before[: word.start()] if word else before} ", end
    return found, rest + line[at:]


def _open(word: str, days: tuple[date, date]) -> tuple[str, str]:
    match word:
        case "since" | "from":
            return days[0].isoformat(), ""
        case "after":
            return (days[1] + timedelta(1)).isoformat(), ""
        case "before":
            return "0000", (days[0] - timedelta(1)).isoformat()
        case "until":
            return "0000", days[1].isoformat()
        case _:
            return days[0].isoformat(), days[1].isoformat()


def _as_well(one: re.Match[str], days: tuple[date, date]) -> str:
    """What else it may be: a birth date as it stands on record, or words as they were typed."""
    typed = one.lastgroup == "bare" or (one.lastgroup == "dotted" and len(re.findall(r"\d+", one.group())) < 3)
    return one.group() if typed else _iso(*days)


def _iso(first: date, last: date) -> str:
    """ "1970-05-04", "1970-05" or "1970"."""
    return first.isoformat()[: 10 if first == last else 7 if first.month == last.month else 4]


def _days(one: re.Match[str], now: date) -> tuple[date, date] | None:
    """The first and the last day that a word means; None where there is no such day."""
    text = one.group().lower()
    try:
        match one.lastgroup:
            case "near":
                return _near(text, now)
            case "year":
                return date(int(text), 1, 1), date(int(text), 12, 31)
            case "iso":
                year, month, *day = map(int, text.split("-"))
            case "dotted":
                one_, two, *said = (int(each) for each in re.findall(r"\d+", text))
                month, day = (two, [one_]) if two <= len(_MONTHS) else (one_, [two])
                year = _whole(said[0], now) if said else _last(month, day[0], now)
            case "slashed":
                month, year = map(int, re.split(r"[./]", text))
                day = []
            case "bare":
                month, day = 1 + _MONTHS.index(text), []
                year = _last(month, 1, now)
            case _:
                numbers = [int(each) for each in re.findall(r"\d+", text)]
                month = 1 + next(n for n, name in enumerate(_MONTHS) if name[:3] in text)
                long = [each for each in numbers if each > 31]
                day = [each for each in numbers if each <= 31][:1]
                year = long[0] if long else _last(month, day[0], now)
        if day:
            return date(year, month, day[0]), date(year, month, day[0])
        return date(year, month, 1), _month_end(year, month)
    except ValueError:
        return None


def _whole(year: int, now: date) -> int:
    """A year of two digits is the last such year."""
    return year if year > 99 else now.year - (now.year - year) % 100


def _last(month: int, day: int, now: date) -> int:
    """The year of the last such day that has been."""
    return now.year if (month, day) <= (now.month, now.day) else now.year - 1


def _near(text: str, now: date) -> tuple[date, date]:
    back = text.startswith("last")
    if text.endswith("week"):
        monday = now - timedelta(now.weekday() + (7 if back else 0))
        return monday, monday + timedelta(6)
    if text.endswith("month"):
        first = (now.replace(day=1) - timedelta(1)).replace(day=1) if back else now.replace(day=1)
        return first, _month_end(first.year, first.month)
    if text.endswith("year"):
        year = now.year - back
        return date(year, 1, 1), date(year, 12, 31)
    day = now - timedelta(text == "yesterday")
    return day, day


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
