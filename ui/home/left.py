"""A session that was left running when KapDesk last stopped, in words: its time, and no name."""

from uuid import UUID

from kapdesk.clinical import protocol
from kapdesk.errors import KnownError
from kapdesk.session.due import due
from kapdesk.session.state import Session
from ui import words
from ui.home.sessions import Running
from ui.session.times import wall

LATE_MS = 60_000


def left_running(id_: UUID, session: Session, ask: bool, now_us: int) -> Running:
    """What is said of it on the first page; with `ask`, the clocks cannot say how long it was alone."""
    if ask:
        last, zone = session.history.last(), session.time_zone
        at_us = last.entered_at_us if last else now_us
        at = wall(at_us, zone)
        return Running(id_, "Session running", f"The computer’s clock is wrong. Minutes since the last line, at {at}?")
    since_ms = session.since_first_dose_ms(now_us)
    said = "Session running" + (f" · {words.axis(since_ms)} since first dose" if since_ms is not None else "")
    return Running(id_, said, overdue="readings overdue" if _late(session, now_us) else "")


def _late(session: Session, now_us: int) -> bool:
    if session.protocol is None:
        return False
    try:
        plan = protocol.parse(session.protocol.toml)
    except KnownError:
        return False
    return any(each.reading and each.late_ms(now_us) > LATE_MS for each in due(session, plan))
