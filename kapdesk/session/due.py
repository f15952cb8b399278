"""What is due, and since when."""

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.session import VitalsNotTaken, VitalsTaken
from kapdesk.session.plan import MINUTE_US
from kapdesk.session.state import Session


class Due(msgspec.Struct, frozen=True):
    """Something to be done at `at_us` (desk time, UTC µs), named as on screen."""

    what: str
    at_us: int

    def late_ms(self, now_us: int) -> int:
        """How late it is; negative while there is time."""
        return (now_us - self.at_us) // 1000


def due(session: Session, protocol: Protocol) -> tuple[Due, ...]:
    """What is due next, soonest first. Nothing before arrival or after the end.

    Before the first dose: one baseline reading, at once. From then on vitals every `vitals_every_min`, counted from
    the dose and from each reading (taken, or left out with a reason) after it.
    """
    if not session.live:
        return ()
    dose = session.first_dose_us
    answered = [h.at_us for kind in (VitalsTaken, VitalsNotTaken) for h in session.history.standing(kind)]
    if dose is None:
        arrived = session.arrived_us
        return () if arrived is None or answered else (Due("Vitals", arrived),)
    last = max([at_us for at_us in answered if at_us > dose], default=dose)
    return (Due("Vitals", last + protocol.vitals_every_min * MINUTE_US),)
