"""How times, amounts and readings are written on screen: one form each, everywhere.

Pure functions over integers; none of them reads a clock.
"""

from collections.abc import Iterable

from kapdesk.clinical import care
from kapdesk.facts.words import Route

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MINUS = "\N{MINUS SIGN}"


def since_dose(ms: int) -> str:
    """Time since the first dose: `0:47:33`; before it `−0:02:10`. Whole seconds that have passed."""
    seconds = abs(ms) // SECOND
    sign = MINUS if ms < 0 and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def axis(ms: int) -> str:
    """Time since the first dose without seconds, for rows and axes: `0:15`, `−0:15`."""
    minutes_ = abs(ms) // MINUTE
    sign = MINUS if ms < 0 and minutes_ else ""
    return f"{sign}{minutes_ // 60}:{minutes_ % 60:02d}"


def lasting(ms: int) -> str:
    """A length of time: `27 s`, `12 min`, `1 h 05 min`. Never longer than it was."""
    if ms < MINUTE:
        return f"{max(ms, 0) // SECOND} s"
    if ms < 100 * MINUTE:
        return f"{ms // MINUTE} min"
    return f"{ms // HOUR} h {ms // MINUTE % 60:02d} min"


def minutes(ms: int) -> str:
    """A planned length: `45 min`, to the nearest minute."""
    return f"{(ms + MINUTE // 2) // MINUTE} min"


def remaining(ms: int) -> str:
    """How far off something is: `in 27 s`, `in 4 min`, `now`, `12 min late` (negative is late).

    Whole units that are left, or that have passed: it never promises time there is not.
    """
    if abs(ms) < SECOND:
        return "now"
    return f"in {lasting(ms)}" if ms > 0 else f"{lasting(-ms)} late"


def ago(ms: int) -> str:
    """How long since something: `just now` in the first minute, then `15 min ago`."""
    return "just now" if ms < MINUTE else f"{lasting(ms)} ago"


def uncertainty(ms: int) -> str:
    """The mark beside a clock that was set anew after a restart: `± 2 s after restart`; nothing for 0. Rounded up."""
    if ms <= 0:
        return ""
    seconds = -(-ms // SECOND)
    return f"± {seconds} s after restart" if seconds < 120 else f"± {-(-seconds // 60)} min after restart"


def pressure(systolic_mmhg: int | None, diastolic_mmhg: int | None) -> str:
    """Blood pressure: `136/82`; a dash for what was not measured; nothing for neither."""
    if systolic_mmhg is None and diastolic_mmhg is None:
        return ""
    return f"{_or_dash(systolic_mmhg)}/{_or_dash(diastolic_mmhg)}"


def _or_dash(value: int | None) -> str:
    return "–" if value is None else str(value)


def temperature(tenths_c: int | None) -> str:
    """Body temperature in °C, without the unit: `36.8`."""
    return "" if tenths_c is None else f"{tenths_c // 10}.{tenths_c % 10}"


def amount(dose_ug: int) -> str:
    """A dose: `50 mg`, `12.5 mg`, `0.25 mg`. No digit is dropped."""
    return f"{care.mg(dose_ug)} mg"


def route(route_: Route) -> str:
    """A route as the room says it: `IM`, `sublingual`."""
    return care.ROUTES[route_]


def by_route(doses: Iterable[tuple[Route, int]]) -> str:
    """What was given (route, µg), summed by route and never across: `IM 75 mg · sublingual 200 mg`."""
    sums: dict[Route, int] = {}
    for route_, dose_ug in doses:
        sums[route_] = sums.get(route_, 0) + dose_ug
    return join(*(f"{route(route_)} {amount(dose_ug)}" for route_, dose_ug in sums.items()))


def join(*parts: str) -> str:
    """Parts of a line with a middle dot between them; empty ones leave no trace."""
    return " · ".join(part for part in parts if part)
