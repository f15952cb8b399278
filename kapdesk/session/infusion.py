"""An infusion as it really ran: its changes of rate, its pauses, and how much of it was delivered."""

from fractions import Fraction
from uuid import UUID

import msgspec

from kapdesk.facts.care import InfusionPaused, InfusionRateSet, InfusionStarted, InfusionStopped
from kapdesk.facts.session import DoseGiven
from kapdesk.record.history import Happening
from kapdesk.session.state import Session

HOUR_US = 3_600_000_000


class Infusion(msgspec.Struct, frozen=True):
    """One infusion. `rates` are from when it ran how fast (UTC µs, µg/h; 0 while paused), in order; `stopped_us` when
    it was stopped before its end, by hand."""

    dose: Happening
    planned_ug: int
    rates: tuple[tuple[int, int], ...]
    stopped_us: int | None = None

    def delivered_ug(self, now_us: int) -> int:
        """How much had run in by a time, by its rates: whole µg, never more than was planned."""
        until_us = now_us if self.stopped_us is None else min(now_us, self.stopped_us)
        run = Fraction(0)
        for n, (from_us, rate) in enumerate(self.rates):
            to_us = self.rates[n + 1][0] if n + 1 < len(self.rates) else until_us
            run += Fraction(rate * max(0, min(to_us, until_us) - from_us), HOUR_US)
        return min(self.planned_ug, int(run))

    def rate_at(self, now_us: int) -> int:
        """How fast it runs at a time, in µg/h; 0 before, in a pause, and after its end."""
        if self.over(now_us):
            return 0
        return next((rate for from_us, rate in reversed(self.rates) if from_us <= now_us), 0)

    def over(self, now_us: int) -> bool:
        """Whether all of it has run in, or it was stopped."""
        stopped = self.stopped_us is not None and now_us >= self.stopped_us
        return stopped or self.delivered_ug(now_us) >= self.planned_ug

    def ends_us(self, now_us: int) -> int | None:
        """When it will be over at its present rate; when it was, once it is; None while it is paused."""
        if self.stopped_us is not None:
            return self.stopped_us
        last_us, rate = self.rates[-1]
        left_ug = self.planned_ug - self.delivered_ug(last_us)
        return last_us + -(-left_ug * HOUR_US // rate) if rate else None


def infusions(session: Session) -> tuple[Infusion, ...]:
    """Every infusion of the session, in the order they began."""
    history = session.history
    doses = {h.id: h for h in history.standing(DoseGiven)}
    made = []
    for start in history.standing(InfusionStarted):
        dose = doses.get(start.fact.dose)
        if dose is None:
            continue
        moves = [
            h for kind in (InfusionRateSet, InfusionPaused) for h in history.standing(kind) if h.fact.dose == dose.id
        ]
        moves.sort(key=lambda h: (h.at_us, h.order))
        changes = [(h.at_us, h.fact.rate_ug_per_h if isinstance(h.fact, InfusionRateSet) else 0) for h in moves]
        stops = [h.at_us for h in history.standing(InfusionStopped) if h.fact.dose == dose.id]
        made.append(
            Infusion(
                dose,
                start.fact.planned_ug,
                ((dose.at_us, start.fact.rate_ug_per_h), *changes),
                min(stops) if stops else None,
            )
        )
    return tuple(made)


def running(session: Session, now_us: int) -> Infusion | None:
    """The infusion that is not over, running or paused."""
    return next((each for each in infusions(session) if not each.over(now_us)), None)


def of_dose(session: Session, dose: UUID) -> Infusion | None:
    """The infusion that a dose is, where it is one."""
    return next((each for each in infusions(session) if each.dose.id == dose), None)


def gone_in_ug(session: Session, dose: Happening, now_us: int | None = None) -> int:
    """How much of a dose the patient has got (µg): all of it, but of an infusion that was not over what had run in.

    Of one that was stopped it is what was said then; else by its rates, until the session ended or until `now_us`,
    down to a tenth of a mg.
    """
    fact: DoseGiven = dose.fact
    infusion = of_dose(session, dose.id)
    until_us = session.ended_us if session.ended_us is not None else now_us
    if infusion is None:
        return fact.dose_ug
    if said := [int(h.fact.delivered_ug) for h in session.history.standing(InfusionStopped) if h.fact.dose == dose.id]:
        return min(fact.dose_ug, said[-1])
    if until_us is None or infusion.over(until_us):
        return fact.dose_ug
    return min(fact.dose_ug, infusion.delivered_ug(until_us) // 100 * 100)
