"""How long a visit took, and how many of its minutes the clinic bills. Pure."""

from kapdesk.clinical.letterhead import EXAMPLE
from kapdesk.note.telling import Telling

_MINUTE_US = 60_000_000


def told(telling: Telling) -> str:
    """ "131 in all, 118 billable (an example)"; what has no end yet is left out."""
    session = telling.session
    total = _between(session.arrived_us, session.left_us if session.left_us is not None else session.ended_us)
    billed, example = billable(telling), telling.clinic.counted is None
    parts = [f"{total} in all"] if total is not None else []
    if billed is not None:
        parts.append(f"{billed} billable" + (" (an example)" if example else ""))
    return ", ".join(parts)


def billable(telling: Telling) -> int | None:
    """Whole minutes that the clinic bills, by what it says of its visits; None while they are not over."""
    session, counted = telling.session, telling.clinic.counted or EXAMPLE
    since = {"arrival": session.arrived_us, "clearance": session.cleared_us, "first dose": session.first_dose_us}
    left = session.left_us if session.left_us is not None else session.ended_us
    until = {"end of observation": session.ended_us, "leaving": left}
    return _between(since[counted.since], until[counted.until])


def which(telling: Telling) -> str:
    """Which minutes are billed, in a sentence, and whether the clinic has said so."""
    counted = telling.clinic.counted or EXAMPLE
    said = f"Billable are the whole minutes from {_THE[counted.since]} to {_THE[counted.until]}"
    return f"{said}." if telling.clinic.counted else f"{said}: an example, until the clinic says which."


_THE = {
    "arrival": "arrival",
    "clearance": "clearance",
    "first dose": "the first dose",
    "end of observation": "the end of observation",
    "leaving": "leaving",
}


def _between(from_us: int | None, until_us: int | None) -> int | None:
    return None if from_us is None or until_us is None else max(0, until_us - from_us) // _MINUTE_US
