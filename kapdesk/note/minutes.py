"""How long a visit took, and how many of its minutes the clinic bills, once it has said which. Pure."""

from kapdesk.clock import MINUTE_US
from kapdesk.note.telling import Telling


def told(telling: Telling) -> str:
    """ "131 min, 118 min billable"; what has no end yet, and what the clinic has not said, is left out."""
    session = telling.session
    total = _between(session.arrived_us, session.left_us if session.left_us is not None else session.ended_us)
    billed = billable(telling)
    parts = [f"{total} min"] if total is not None else []
    return ", ".join([*parts, *([f"{billed} min billable"] if billed is not None else [])])


def billable(telling: Telling) -> int | None:
    """Whole minutes that the clinic bills, by what it says of its visits; None while they are not over, or unsaid."""
    session, counted = telling.session, telling.clinic.counted
    if counted is None:
        return None
    since = {"arrival": session.arrived_us, "clearance": session.cleared_us, "first dose": session.first_dose_us}
    left = session.left_us if session.left_us is not None else session.ended_us
    until = {"end of observation": session.ended_us, "leaving": left}
    return _between(since[counted.since], until[counted.until])


def which(telling: Telling) -> str:
    """Which minutes are billed, in a sentence; nothing until the clinic has said so."""
    counted = telling.clinic.counted
    return f"Billable: whole minutes from {_THE[counted.since]} to {_THE[counted.until]}." if counted else ""


_THE = {
    "arrival": "arrival",
    "clearance": "clearance",
    "first dose": "the first dose",
    "end of observation": "the end of observation",
    "leaving": "leaving",
}


def _between(from_us: int | None, until_us: int | None) -> int | None:
    return None if from_us is None or until_us is None else max(0, until_us - from_us) // MINUTE_US
