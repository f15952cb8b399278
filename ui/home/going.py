"""The sessions that go on at this desk, in words: for the rail and for the first page."""

from typing import TYPE_CHECKING

from ui import words
from ui.home.sessions import Running
from ui.rail import Stop
from ui.session import reading

if TYPE_CHECKING:
    from ui.session.seat import Seat


def stop(seat: "Seat", shown: bool) -> Stop:
    """A session's stop on the rail; `shown` while one of its pages is."""
    seen = seat.seen()
    known = seen.patient.registered
    time = words.axis(seen.since_ms(seen.now_us)) if seen.session.arrived_us is not None else "arriving"
    colour = known.colour if known else ""
    return Stop(seat.room.id, seen.patient.called, seen.chair, time, colour, reading.clock(seen).overdue, shown)


def running(seat: "Seat") -> Running:
    """A session's row on the first page."""
    seen = seat.seen()
    since = words.axis(seen.since_ms(seen.now_us))
    what = "since first dose" if seen.session.first_dose_us is not None else "since arrival"
    said = words.join(seen.patient.called, f"chair {seen.chair}" if seen.chair else "", f"{since} {what}")
    return Running(seat.room.id, said, overdue=reading.clock(seen).overdue)
