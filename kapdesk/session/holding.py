"""A dose that is held in the mouth: for how long by now, for how long it was meant, and what became of it. Pure."""

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.care import LozengeOut
from kapdesk.record.history import Happening
from kapdesk.session.state import Session

MINUTE_MS = 60_000
MOST_MEANT_MS = 60 * MINUTE_MS
"""Longer than an hour nothing is held in the mouth. An example, to be approved by the clinic."""


class Held(msgspec.Struct, frozen=True):
    """One dose in the mouth, meant for `meant_ms`; `out` says what became of it, None while it is held."""

    dose: Happening
    meant_ms: int
    out: Happening | None = None

    def words(self, now_us: int) -> str:
        """How long by now, or until it was out: "4 of 12 min", "8 of 12 min, spat". Whole minutes that have passed."""
        until_us = self.out.at_us if self.out is not None else now_us
        minutes = max(0, until_us - self.dose.at_us) // (MINUTE_MS * 1000)
        said = f"{minutes} of {self.meant_ms // MINUTE_MS} min"
        return f"{said}, {self.out.fact.how}" if self.out is not None else said


def held(session: Session, protocol: Protocol | None) -> tuple[Held, ...]:
    """Every sublingual dose of the session's medication that is held, or was, in the order they were given.

    Without `hold_min` in the protocol only those of which someone said that they are out.
    """
    outs = {h.fact.dose: h for h in reversed(session.history.standing(LozengeOut))}
    meant_ms = protocol.hold_min * MINUTE_MS if protocol is not None else 0
    made = []
    for dose in session.doses():
        out = outs.get(dose.id)
        if dose.fact.route == "sublingual" and (out is not None or meant_ms):
            made.append(Held(dose, out.fact.meant_ms if out is not None else meant_ms, out))
    return tuple(made)
