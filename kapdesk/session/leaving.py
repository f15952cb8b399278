"""What still has to be there before the patient leaves. Pure."""

from kapdesk.clinical import leaving
from kapdesk.clinical.protocol import Protocol
from kapdesk.clock import MINUTE_US
from kapdesk.facts.after import LeavingScore, LeavingScored
from kapdesk.facts.session import DoseGiven, VitalsTaken
from kapdesk.record.history import Happening
from kapdesk.session.infusion import infusions
from kapdesk.session.needs import Need, listed
from kapdesk.session.state import Session


def before_leaving(session: Session, protocol: Protocol, now_us: int) -> tuple[Need, ...]:
    """What the protocol asks for before the patient leaves, each as it stands."""
    rule, found = protocol.leaving, []
    if run := infusions(session):
        words = "The infusion is over, or was stopped"
        found.append(Need("infusion", words, all(each.over(now_us) for each in run)))
    readings = [h for h in session.history.standing(VitalsTaken) if h.fact.systolic_mmhg is not None]
    earliest_us = earliest_leave_us(session, protocol)
    if earliest_us is not None:
        left_min = -((now_us - earliest_us) // MINUTE_US)
        words = f"Observed {rule.observed_min} min after {rule.since}"
        found.append(Need("observed", words + (f"; {left_min} min to go" if left_min > 0 else ""), left_min <= 0))
    if rule.pressure_within_percent and session.first_dose_us is not None:
        found.append(_near_baseline(session, readings, rule.pressure_within_percent))
    if rule.reading_within_min and session.first_dose_us is not None:
        since_us = max(session.first_dose_us, now_us - rule.reading_within_min * MINUTE_US)
        fresh = bool(readings) and readings[-1].at_us >= since_us
        found.append(Need("reading", f"A reading of the last {rule.reading_within_min} min", fresh))
    if rule.score is not None:
        found.append(_score(session, protocol, rule.score))
    return (*found, *listed(session, rule.items))


def scored(session: Session, protocol: Protocol, scale: LeavingScore) -> Happening | None:
    """The newest discharge score on a scale, given since the last dose that the protocol counts from."""
    since_us = max((h.at_us for h in _counted(session, protocol)), default=0)
    found = [h for h in session.history.standing(LeavingScored) if h.fact.scale == scale and h.at_us >= since_us]
    return found[-1] if found else None


def proposed_circulation(session: Session, scale: LeavingScore) -> int | None:
    """The points for circulation that the readings speak for; None without one before and one after the dose."""
    first_us = session.first_dose_us
    readings = [h for h in session.history.standing(VitalsTaken) if h.fact.systolic_mmhg is not None]
    before = [h for h in readings if first_us is not None and h.at_us <= first_us]
    if not before or readings[-1] is before[-1]:
        return None
    return leaving.proposed(scale, before[-1].fact.systolic_mmhg, readings[-1].fact.systolic_mmhg)


def earliest_leave_us(session: Session, protocol: Protocol) -> int | None:
    """When the observation after the last dose is over, of the session's medication or of any kind as the protocol
    says; None without one, or where the protocol has none. An infusion that is paused counts from its pause on."""
    doses = _counted(session, protocol)
    if not doses or not protocol.leaving.observed_min:
        return None
    counted = {h.id for h in doses}
    run = [each for each in infusions(session) if each.dose.id in counted]
    ends = [h.at_us for h in doses] + [each.ends_us(each.dose.at_us) or each.rates[-1][0] for each in run]
    return max(ends) + protocol.leaving.observed_min * MINUTE_US


def _counted(session: Session, protocol: Protocol) -> list[Happening]:
    """The doses that the time before leaving counts from."""
    return session.history.standing(DoseGiven) if protocol.leaving.from_any_medicine else session.doses()


def _score(session: Session, protocol: Protocol, scale: LeavingScore) -> Need:
    newest, least = scored(session, protocol, scale), protocol.leaving.score_least
    if newest is None:
        return Need("score", f"{scale} of at least {least}", False)
    enough = sum(newest.fact.points) >= least
    return Need("score", leaving.told(newest.fact) + ("" if enough else f"; {least} are asked for"), enough)


def _near_baseline(session: Session, readings: list[Happening], percent: int) -> Need:
    first_us = session.first_dose_us or 0
    baseline = next((h for h in reversed(readings) if h.at_us <= first_us), None)
    newest = readings[-1] if readings else None
    if baseline is None or newest is None or newest.at_us <= first_us:
        return Need("pressure", f"Pressure within {percent} % of the first reading", False)
    base, now = baseline.fact.systolic_mmhg, newest.fact.systolic_mmhg
    near = abs(now - base) * 100 <= percent * base
    return Need("pressure", f"Pressure within {percent} % of the first reading ({base}, now {now})", near)
