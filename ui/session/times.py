"""Which instant is meant by "two minutes ago" or "21:40"."""

from datetime import UTC, datetime

from ui.session.seen import offset_s
from ui.widgets.when import Moment

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US


def instant(moment: Moment, now_us: int, zone: str) -> int:
    """A choice of when, in desk time (UTC µs). A time of day is the last one that has been, up to a minute ahead."""
    if not moment.clock:
        return now_us - moment.ago_ms * 1000
    hours, minutes = (int(part) for part in moment.clock.split(":"))
    offset_us = offset_s(zone, now_us) * 1_000_000
    midnight_us = (now_us + offset_us) // DAY_US * DAY_US
    at_us = midnight_us + (hours * 60 + minutes) * MINUTE_US - offset_us
    return at_us if at_us <= now_us + MINUTE_US else at_us - DAY_US


def day(at_us: int, zone: str) -> str:
    """The date of an instant where the clinic is, YYYY-MM-DD."""
    return datetime.fromtimestamp(at_us // 1_000_000 + offset_s(zone, at_us), UTC).date().isoformat()
