"""Which instant is meant by "two minutes ago" or "21:40", and what the clinic's clock shows at an instant."""

from datetime import datetime, timedelta

from kapdesk import clock as clocks
from kapdesk.clock import MINUTE_US, local
from ui.widgets.when import Moment


def instant(moment: Moment, now_us: int, zone: str) -> int:
    """A choice of when, in desk time (UTC µs). A time of day is the last one that has been, up to a minute ahead."""
    if not moment.clock:
        return now_us - moment.ago_ms * 1000
    been = [at_us for at_us in _on_days_around(moment.clock, now_us, zone) if at_us <= now_us + MINUTE_US]
    return max(been)


def nearest(clock: str, near_us: int, zone: str) -> int:
    """The time of day nearest to an instant: what a corrected time means on the day of its line."""
    return min(_on_days_around(clock, near_us, zone), key=lambda at_us: abs(at_us - near_us))


def day(at_us: int, zone: str) -> str:
    """The date of an instant where the clinic is, YYYY-MM-DD."""
    return local(at_us, clocks.zone(zone)).date().isoformat()


def wall(at_us: int, zone: str) -> str:
    """The time of day of an instant where the clinic is: "21:47". Never seconds."""
    return f"{local(at_us, clocks.zone(zone)):%H:%M}"


def _on_days_around(clock: str, near_us: int, zone: str) -> list[int]:
    """A time of day the day before an instant, on its day, and the day after; twice where a clock was set back."""
    hours, minutes = (int(part) for part in clock.split(":"))
    where = clocks.zone(zone)
    found = []
    for days in (-1, 0, 1):
        on = local(near_us, where) + timedelta(days=days)
        for fold in (0, 1):
            there = datetime(on.year, on.month, on.day, hours, minutes, tzinfo=where, fold=fold)
            found.append(round(there.timestamp()) * 1_000_000)
    return found
