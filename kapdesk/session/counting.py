"""What was given of each medication, and what of it is still to be counted and witnessed before signing. Pure."""

from kapdesk.clinical import care
from kapdesk.clinical.dosing import lot_key
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.care import SubstanceCounted, Witnessed
from kapdesk.facts.session import DoseGiven
from kapdesk.record.history import Happening
from kapdesk.session.infusion import gone_in_ug
from kapdesk.session.needs import Need
from kapdesk.session.state import Session


def before_signing(session: Session, protocol: Protocol) -> tuple[Need, ...]:
    """What is counted, and witnessed, before the visit is signed."""
    if not protocol.count_substances:
        return ()
    found = []
    for (medication, lot), given_ug in given_by_lot(session).items():
        of = f"{medication}, lot {lot}" if lot else f"{medication}, no lot"
        count = count_of(session, medication, lot)
        right = count is not None and count.fact.given_ug == given_ug
        witnessed = count is not None and count.id in {h.fact.target for h in session.history.standing(Witnessed)}
        state = "" if right and witnessed else ": to be witnessed" if right else ": to be counted"
        found.append(
            Need(f"count {medication} {lot}", f"{of}, {care.mg(given_ug)} mg given{state}", right and witnessed)
        )
    return tuple(found)


def given_by_lot(session: Session) -> dict[tuple[str, str], int]:
    """What was given of each medication and lot (µg), in the order it was first given; of an infusion that nobody said
    the end of, what had run in when the session ended."""
    given: dict[tuple[str, str], int] = {}
    for h in session.history.standing(DoseGiven):
        of = lot_key(h.fact.medication, h.fact.lot)
        given[of] = given.get(of, 0) + gone_in_ug(session, h)
    return given


def count_of(session: Session, medication: str, lot: str) -> Happening | None:
    """The newest count of a medication's lot."""
    counts = session.history.standing(SubstanceCounted)
    mine = [h for h in counts if (h.fact.medication, h.fact.lot) == (medication, lot)]
    return mine[-1] if mine else None
