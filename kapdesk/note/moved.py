"""What the note says of a visit opened under the wrong patient: moved when and by whom, and what it replaces."""

from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening


def moved(telling: Telling, signed_digest: str = "") -> str:
    """In a sentence or two, without the other patient's name; empty where it was never moved.

    `signed_digest` is the digest (SHA-256, hex) of the line that signed it.
    """
    session = telling.session
    moves = session.moves
    if not moves:
        return ""
    times = "; then ".join(_when(telling, each) for each in moves)
    if session.opened is not None and session.opened.patient == session.patient:
        said = f"This visit was moved to another patient’s record and back: {times}"
    else:
        said = f"This visit was first recorded under another patient’s name, moved {times}"
    lock = session.lock
    if lock is None or moves[-1].order < lock.order:
        return f"{said}."
    digest = f", whose record ended with SHA-256 {signed_digest}" if signed_digest else ""
    return f"{said}; it replaces the note signed on {telling.stamp(lock.at_us)}{digest}."


def _when(telling: Telling, each: Happening) -> str:
    name = telling.clinic.name_of
    return f"on {telling.stamp(each.at_us)} by {name(each.by)} and {name(each.fact.agreed_by)}"
