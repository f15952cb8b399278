"""What is due, and since when."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.vitals import flags
from kapdesk.clock import MINUTE_US
from kapdesk.facts.care import Scale, ScaleNotRated, ScaleRated, TimerOver, TimerSet
from kapdesk.facts.session import VitalsNotTaken, VitalsTaken
from kapdesk.record.history import Happening
from kapdesk.session.devices import next_device
from kapdesk.session.plan import phase_spans
from kapdesk.session.state import Session

RECHECK = "Recheck"
MOST_EARLY_MIN = 5
"""A reading so much before its time is the one that was due; or half of the time since the one before, if less."""


class Due(msgspec.Struct, frozen=True):
    """Something to be done at `at_us` (desk time, UTC µs), named as on screen.

    `timer` where someone set one for it, `scale` where it is a rating, `device` where it is one; else it is a reading.
    """

    what: str
    at_us: int
    timer: UUID | None = None
    scale: Scale | None = None
    device: bool = False

    @property
    def reading(self) -> bool:
        """Whether it is a reading of the vital signs."""
        return self.timer is None and self.scale is None and not self.device

    def late_ms(self, now_us: int) -> int:
        """How late it is; negative while there is time."""
        return (now_us - self.at_us) // 1000


def due(session: Session, protocol: Protocol) -> tuple[Due, ...]:
    """What is due next, soonest first. Nothing before arrival or after the end.

    Before the first dose: one baseline reading, at once. From then on the protocol's times, counted from the dose; a
    reading (or one left out with a reason) answers every time up to shortly after it. After the last of them, and where
    there are none, one is due `vitals_every_min` after the last. A reading outside the limits is to be repeated.
    """
    if not session.live or session.left_us is not None:
        return ()
    dose = session.first_dose_us
    answers = [h for kind in (VitalsTaken, VitalsNotTaken) for h in session.history.standing(kind)]
    if dose is None:
        arrived = session.arrived_us
        return tuple(timers(session)) if arrived is None or answers else (Due("Vitals", arrived), *timers(session))
    last = max((h.at_us for h in answers if h.at_us > dose), default=None)
    found = [Due("Vitals", next_reading(dose, last, protocol))]
    again = breach_at(session, protocol, answers)
    if again is not None and protocol.recheck_min:
        found.append(Due(RECHECK, again.at_us + protocol.recheck_min * MINUTE_US))
    found += ratings(session, protocol)
    device = next_device(session, protocol)
    if device is not None:
        found.append(Due(device.words.capitalize(), device.at_us, device=True))
    return tuple(sorted([*found, *timers(session)], key=lambda each: each.at_us))


def ratings(session: Session, protocol: Protocol) -> list[Due]:
    """The next rating of each scale that the protocol asks for, from the first dose on; none after its last time.

    As with readings, a rating (or one left out with a reason) answers every time up to shortly after it.
    """
    dose_us = session.first_dose_us
    if dose_us is None or not protocol.ratings:
        return []
    ends = {span.phase: span.end_us for span in phase_spans(session, protocol)}
    times: dict[Scale, list[int]] = {}
    for each in protocol.ratings:
        at = [dose_us + minute * MINUTE_US for minute in each.at_min]
        if each.after_phase is not None and each.after_phase in ends:
            at.append(ends[each.after_phase])
        times.setdefault(each.scale, []).extend(at)
    found = []
    for scale, at in times.items():
        said = [h for kind in (ScaleRated, ScaleNotRated) for h in session.history.standing(kind)]
        last_us = max((h.at_us for h in said if h.fact.scale == scale and h.at_us > dose_us), default=None)
        next_us = _unanswered(dose_us, last_us, sorted(at))
        if next_us is not None:
            found.append(Due(scale[:1].upper() + scale[1:], next_us, scale=scale))
    return found


def timers(session: Session) -> list[Due]:
    """What someone set a timer for and has not said is over."""
    over = {h.fact.timer for h in session.history.standing(TimerOver)}
    waiting = [h for h in session.history.standing(TimerSet) if h.id not in over]
    return [Due(h.fact.words, h.at_us + h.fact.for_ms * 1000, h.id) for h in waiting]


def breach_at(session: Session, protocol: Protocol, answers: list[Happening] | None = None) -> Happening | None:
    """The newest reading where it lies outside the limits of its time; None where that was repeated or left out."""
    if answers is None:
        answers = [h for kind in (VitalsTaken, VitalsNotTaken) for h in session.history.standing(kind)]
    newest = max(answers, key=lambda h: (h.at_us, h.order), default=None)
    if newest is None or not isinstance(newest.fact, VitalsTaken):
        return None
    return newest if flags(newest.fact, protocol.limits_at(newest.at_us, session.first_dose_us)) else None


def next_reading(dose_us: int, last_us: int | None, protocol: Protocol) -> int:
    """When the next regular reading is due, after a last answer (None: none since the dose)."""
    times = [dose_us + minute * MINUTE_US for minute in protocol.vitals_at_min]
    next_us = _unanswered(dose_us, last_us, times)
    if next_us is not None:
        return next_us
    end_us = times[-1] if times else dose_us
    return max(end_us, last_us if last_us is not None else dose_us) + protocol.vitals_every_min * MINUTE_US


def _unanswered(dose_us: int, last_us: int | None, times: Sequence[int]) -> int | None:
    """The first of these times (in order) that the last answer does not answer; None where all are answered."""
    before_us = dose_us
    for at_us in times:
        early_us = min(MOST_EARLY_MIN * MINUTE_US, (at_us - before_us) // 2)
        if last_us is None or last_us < at_us - early_us:
            return at_us
        before_us = at_us
    return None
