"""What a prescriber ordered for a visit, and whether a dose is within it. Pure."""

from collections.abc import Sequence

from kapdesk.clinical import care
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.care import Overridden
from kapdesk.facts.patient import OrderWritten
from kapdesk.facts.session import DoseGiven
from kapdesk.record.history import Happening
from kapdesk.session import devices
from kapdesk.session.state import Session


def order_for(session: Session, known: Sequence[Happening], protocol: Protocol) -> Happening | None:
    """The newest order that holds on the day of the visit for this protocol's medication and route."""
    day = session.day
    holds = [
        h
        for h in known
        if isinstance(h.fact, OrderWritten)
        and h.fact.valid_until >= day
        and h.fact.route == protocol.route
        and h.fact.medication.strip().casefold() == protocol.medication.casefold()
    ]
    return holds[-1] if holds else None


def beyond_order(session: Session, dose: DoseGiven, order: OrderWritten | None) -> str | None:
    """Why an order does not cover a dose: the first one, or a booster after it. None where it does."""
    if order is None:
        return "No prescriber’s order covers this dose."
    if dose.medication.strip().casefold() != order.medication.strip().casefold() or dose.route != order.route:
        return f"The order is for {care.order(order)}."
    later = session.first_dose_us is not None
    device = devices.number(dose)
    if later and device is not None and device[0] > 1:  # not a booster: the ordered dose, device by device
        total_ug = sum(h.fact.dose_ug for h in session.doses()) + dose.dose_ug
        return (
            None if total_ug <= order.dose_ug else f"{care.mg(total_ug)} mg is more than ordered: {care.order(order)}."
        )
    most_ug = order.booster_up_to_ug if later else order.dose_ug
    if dose.dose_ug <= most_ug:
        return None
    if later and not most_ug:
        return f"The order has no booster: {care.order(order)}."
    return f"{care.mg(dose.dose_ug)} mg is more than ordered: {care.order(order)}."


def order_overridden(session: Session) -> bool:
    """Whether the order was set aside for the next dose: said after the last one."""
    last = max((h.order for h in session.doses()), default=None)
    said = [h for h in session.history.standing(Overridden) if h.fact.what == "order"]
    return any(last is None or h.order > last for h in said)
