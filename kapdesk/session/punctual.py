"""How the regular readings of a visit kept to their times: each that was due, and when it was answered. Pure."""

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.clock import MINUTE_US
from kapdesk.facts.session import VitalsNotTaken, VitalsTaken
from kapdesk.session.due import next_reading
from kapdesk.session.state import Session

LATE_MIN = 5
"""From so many minutes after its time a reading counts as late on paper. An example, to be approved by the clinic."""


class Answered(msgspec.Struct, frozen=True):
    """A reading that was due at `due_us`, and what came of it at `at_us` (UTC µs): None where the visit went on past
    that time and nothing came. `left_out`: someone said that it was not taken, and why."""

    due_us: int
    at_us: int | None
    until_us: int
    left_out: bool = False

    @property
    def late_min(self) -> int:
        """Whole minutes after its time, to the end where nothing came; 0 for one in time."""
        return max(0, (self.until_us - self.due_us) // MINUTE_US)

    @property
    def late(self) -> bool:
        """Whether that is late."""
        return self.late_min >= LATE_MIN


def answered(session: Session, protocol: Protocol) -> tuple[Answered, ...]:
    """Every regular reading that was due from the first dose until the patient left or the visit was ended.

    Where several times passed before one answer, that is one late reading, from the first of them on.
    """
    dose_us = session.first_dose_us
    if dose_us is None:
        return ()
    answers = [h for kind in (VitalsTaken, VitalsNotTaken) for h in session.history.standing(kind)]
    answers = sorted((h for h in answers if h.at_us > dose_us), key=lambda h: (h.at_us, h.order))
    over = min((at for at in (session.left_us, session.ended_us) if at is not None), default=None)
    made: list[Answered] = []
    last_us: int | None = None
    for each in answers:
        if over is not None and each.at_us > over:
            break
        due_us = next_reading(dose_us, last_us, protocol)
        if next_reading(dose_us, each.at_us, protocol) > due_us or each.at_us >= due_us:
            made.append(Answered(due_us, each.at_us, each.at_us, isinstance(each.fact, VitalsNotTaken)))
        last_us = each.at_us
    if over is not None:
        due_us = next_reading(dose_us, last_us, protocol)
        if (over - due_us) // MINUTE_US >= LATE_MIN:
            made.append(Answered(due_us, None, over))
    return tuple(made)
