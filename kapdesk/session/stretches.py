"""What lasted in a session, as the screen's timeline and the paper's chart draw it, in the same words. Pure."""

import msgspec

from kapdesk.session import at_home, lasting
from kapdesk.session.state import Session


class Stretch(msgspec.Struct, frozen=True):
    """One stretch: in which words, from when and until when (desk time, UTC µs). `open`: nobody has said that it was
    over. `work`: the therapist's, not something seen."""

    said: str
    from_us: int
    until_us: int
    open: bool = False
    work: bool = False


def stretches(session: Session, now_us: int) -> tuple[Stretch, ...]:
    """States, psychotherapy, and contact that was lost; what is open reaches to the session's end, or to `now_us`."""
    found = []
    for work, those in ((False, lasting.states(session)), (True, lasting.psychotherapy(session))):
        for each in those:
            until_us = max(each.end_us(session, now_us), each.from_us)
            found.append(Stretch(each.said, each.from_us, until_us, each.until_us is None, work))
    for gone in at_home.losses(session):
        until_us = gone.found.at_us if gone.found is not None else max(now_us, gone.began.at_us)
        found.append(Stretch("Contact lost", gone.began.at_us, until_us, gone.found is None))
    return tuple(found)
