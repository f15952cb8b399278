"""When each phase begins and ends. The only place where phases are timed.

Everything hangs on the first dose: correct its time and all phases move.
"""

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.clock import MINUTE_US
from kapdesk.facts.session import PhaseEntered, PhaseExtended
from kapdesk.facts.words import PHASES, Phase
from kapdesk.session.state import Session


class PhaseSpan(msgspec.Struct, frozen=True):
    """A phase from `start_us` to `end_us` (desk time, UTC µs). The last one stays open after its end."""

    phase: Phase
    start_us: int
    end_us: int


def phase_spans(session: Session, protocol: Protocol) -> tuple[PhaseSpan, ...]:
    """All phases of the session in order, past and planned.

    Settle runs from arrival to the first dose (planned length while there is none). From the first dose the
    protocol's phases follow each other; a phase entered by hand starts there and then and those after it follow
    in their planned lengths; an extended phase is longer; each later dose given before the peak ends lengthens
    the peak by the protocol's `booster_adds_min`. Empty before the patient has arrived.
    """
    begin = session.arrived_us
    dose = session.first_dose_us
    if begin is None:
        begin = dose
    if begin is None:
        return ()
    moves = [(h.at_us, h.fact.phase) for h in session.history.standing(PhaseEntered)]
    if dose is None:
        planned = begin + _minutes_us(session, protocol, "settle")
        return _follow("settle", begin, planned, moves, session, protocol, ())
    boosters = tuple(h.at_us for h in session.doses())[1:]
    begin = min(begin, dose)
    settle = (PhaseSpan("settle", begin, dose),) if begin < dose else ()
    after = [(at_us, phase) for at_us, phase in moves if at_us >= dose]
    first = _next("settle", protocol)
    if first is None:
        return settle
    return settle + _follow(first, dose, None, after, session, protocol, boosters)


def phase_at(spans: tuple[PhaseSpan, ...], at_us: int) -> PhaseSpan | None:
    """The phase at an instant: the last one that has begun; None before the first."""
    begun = [span for span in spans if span.start_us <= at_us]
    return begun[-1] if begun else None


def _follow(
    first: Phase,
    start_us: int,
    end_us: int | None,
    moves: list[tuple[int, Phase]],
    session: Session,
    protocol: Protocol,
    boosters: tuple[int, ...],
) -> tuple[PhaseSpan, ...]:
    """Phases one after the other from `first`, re-timed by each move by hand."""
    spans: list[PhaseSpan] = []
    waiting = list(moves)
    phase: Phase | None = first
    while phase is not None:
        end = start_us + _minutes_us(session, protocol, phase) if end_us is None else end_us
        end_us = None
        if phase == "peak":
            end += _stretch_us(end, boosters, protocol)
        following = _next(phase, protocol)
        if waiting and (waiting[0][0] < end or following is None):
            at_us, phase_moved_to = waiting.pop(0)
            at_us = max(at_us, start_us)
            if phase_moved_to == phase:
                continue_from = start_us
            else:
                if at_us > start_us:
                    spans.append(PhaseSpan(phase, start_us, at_us))
                continue_from = at_us
            phase, start_us = phase_moved_to, continue_from
            continue
        spans.append(PhaseSpan(phase, start_us, end))
        phase, start_us = following, end
    return tuple(spans)


def _stretch_us(end_us: int, boosters: tuple[int, ...], protocol: Protocol) -> int:
    """How much longer the peak lasts: each later dose given before the (stretched) peak ends adds its minutes."""
    added = 0
    for at_us in boosters:
        if at_us < end_us + added:
            added += protocol.booster_adds_min * MINUTE_US
    return added


def _minutes_us(session: Session, protocol: Protocol, phase: Phase) -> int:
    extended_ms: int = sum(h.fact.by_ms for h in session.history.standing(PhaseExtended) if h.fact.phase == phase)
    return max(0, protocol.minutes(phase) * MINUTE_US + extended_ms * 1000)


def _next(phase: Phase, protocol: Protocol) -> Phase | None:
    """The phase after this one that the protocol has."""
    planned = {p.phase for p in protocol.phases}
    return next((p for p in PHASES[PHASES.index(phase) + 1 :] if p in planned), None)
