"""What was ordered and what was given: every dose with its lot, its infusion, its checks. Pure.

Medications go out by name: no code for them could be read in two places (docs/codes.md).
"""

import re
from collections.abc import Sequence

from kapdesk.clinical import care
from kapdesk.clinical.dosing import same_medication
from kapdesk.exchange import codes
from kapdesk.exchange.fhir.shapes import Resource, by, concept, notes, quantity, ratio, to
from kapdesk.exchange.visit import Visit, decimal, is_day
from kapdesk.facts.care import DoseChecked, InfusionStopped, LozengeOut
from kapdesk.facts.patient import OrderWritten
from kapdesk.facts.session import DoseGiven
from kapdesk.facts.words import Route
from kapdesk.record.history import Happening
from kapdesk.session.infusion import Infusion, of_dose

_UNNAMED = "Medication without a name"


def orders(visit: Visit) -> list[Happening]:
    """The prescribers' orders that held on the day of the visit, in the order they were written."""
    return [h for h in visit.patient.orders if h.fact.valid_until >= visit.on and visit.day(h.at_us) <= visit.on]


def requests(visit: Visit) -> list[Resource]:
    """Those orders. Past its last day nobody has said whether one was used up, so its status is unknown."""
    return [_request(visit, each) for each in orders(visit)]


def administrations(visit: Visit) -> list[Resource]:
    """Every dose, of the session's medication and of others; what was struck is entered in error."""
    return [_administration(visit, each) for each in visit.told(DoseGiven)]


def route(way: Route, infusion: bool = False) -> Resource:
    """A route in words, with its code where there is one."""
    code = codes.INFUSION if infusion else codes.ROUTES.get(way)
    return concept(care.ROUTES[way], *([code] if code else []))


def _request(visit: Visit, each: Happening) -> Resource:
    fact: OrderWritten = each.fact
    booster = f"Boosters of up to {care.mg(fact.booster_up_to_ug)} mg each." if fact.booster_up_to_ug else ""
    word = "Given by word." if each.by != each.entered_by else ""
    return {
        "resourceType": "MedicationRequest",
        "id": str(each.id),
        "status": "active" if fact.valid_until >= visit.day(visit.made_us) else "unknown",
        "intent": "order",
        "medicationCodeableConcept": {"text": fact.medication.strip() or _UNNAMED},
        "subject": to(visit.patient.id),
        "authoredOn": visit.stamp(each.at_us),
        "requester": by(visit, each.by),
        "recorder": by(visit, each.entered_by),
        "note": notes(visit, each, fact.remark, booster, word),
        "dosageInstruction": [
            {
                "text": care.order(fact),
                "route": route(fact.route),
                "doseAndRate": [{"doseQuantity": quantity(decimal(fact.dose_ug, 3), codes.MG)}],
            }
        ],
        "dispenseRequest": {"validityPeriod": {"end": fact.valid_until}} if is_day(fact.valid_until) else None,
    }


def _administration(visit: Visit, each: Happening) -> Resource:
    fact: DoseGiven = each.fact
    infusion = of_dose(visit.session, each.id) if not (each.struck or each.late) else None
    dose_ug = fact.dose_ug if infusion is None else _delivered(visit, infusion)
    checked = [h for h in visit.session.history.standing(DoseChecked) if h.fact.dose == each.id]
    performers = [{"actor": by(visit, each.by)}] if by(visit, each.by) else []
    performers += [
        {"function": {"text": visit.said(h.fact)}, "actor": by(visit, h.by)} for h in checked if by(visit, h.by)
    ]
    held = [h for h in visit.session.history.standing(LozengeOut) if h.fact.dose == each.id]
    said = [f"{visit.said(h.fact)}, {visit.stamp(h.at_us)}" for h in held]
    if infusion is not None:
        said += _ran(visit, infusion)
    if fact.expiry.strip() and not _EXPIRY.fullmatch(fact.expiry):
        said.append(f"Expiry: {fact.expiry}")
    return {
        "resourceType": "MedicationAdministration",
        "id": str(each.id),
        "contained": [_medication(fact)],
        "status": "entered-in-error" if each.struck else _status(visit, infusion),
        "medicationReference": {"reference": "#medication"},
        "subject": to(visit.patient.id),
        "context": to(visit.id),
        **_when(visit, each, infusion),
        "performer": performers,
        "request": _ordered(visit, each),
        "note": notes(visit, each, *said),
        "dosage": {
            "text": visit.said(fact),
            "site": {"text": fact.site},
            "route": route(fact.route, infusion is not None),
            "dose": quantity(decimal(dose_ug, 3), codes.MG),
            "rateRatio": _rate(infusion),
        },
    }


def _medication(fact: DoseGiven) -> Resource:
    """What it was taken from: its strength, its lot and expiry."""
    name = {"text": fact.medication.strip() or _UNNAMED}
    strength = fact.strength_ug_per_ml
    return {
        "resourceType": "Medication",
        "id": "medication",
        "code": name,
        "ingredient": [{"itemCodeableConcept": name, "strength": ratio(decimal(strength, 3), codes.MG, codes.ML)}]
        if strength is not None
        else [],
        "batch": {
            "lotNumber": fact.lot,
            "expirationDate": fact.expiry if _EXPIRY.fullmatch(fact.expiry) and _is_month(fact.expiry) else None,
        },
    }


_EXPIRY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")


def _is_month(text: str) -> bool:
    """Whether it is a date that there is: a year, a month of one, or a day."""
    return text[:4] != "0000" and (len(text) < 10 or is_day(text))


def _ordered(visit: Visit, each: Happening) -> Resource | None:
    """The newest order for it that was there when it was given."""
    fact: DoseGiven = each.fact
    found = [
        h
        for h in orders(visit)
        if h.at_us <= each.at_us and h.fact.route == fact.route and same_medication(h.fact.medication, fact.medication)
    ]
    return to(found[-1].id) if found else None


def _until(visit: Visit) -> int:
    """Up to when its rates are read: now, or the end of the session."""
    return visit.session.ended_us if visit.session.ended_us is not None else visit.made_us


def _delivered(visit: Visit, infusion: Infusion) -> int:
    said = [h.fact for h in visit.session.history.standing(InfusionStopped) if h.fact.dose == infusion.dose.id]
    return said[-1].delivered_ug if said else infusion.delivered_ug(_until(visit))


def _status(visit: Visit, infusion: Infusion | None) -> str:
    if infusion is None:
        return "completed"
    now = _until(visit)
    if infusion.stopped_us is not None:
        return "stopped"
    if infusion.over(now):
        return "completed"
    if not visit.session.live:
        return "unknown"
    return "in-progress" if infusion.rate_at(now) else "on-hold"


def _when(visit: Visit, each: Happening, infusion: Infusion | None) -> Resource:
    if infusion is None:
        return {"effectiveDateTime": visit.stamp(each.at_us)}
    now = _until(visit)
    end = infusion.ends_us(now) if infusion.over(now) else None
    period = {"start": visit.stamp(each.at_us), "end": visit.stamp(max(end, each.at_us)) if end is not None else None}
    return {"effectivePeriod": period}


def _rate(infusion: Infusion | None) -> Resource | None:
    """Its rate, where it ran at one from beginning to end; more than one stand in the notes."""
    if infusion is None or len(infusion.rates) > 1:
        return None
    return ratio(decimal(infusion.rates[0][1], 3), codes.MG, codes.HOUR)


def _ran(visit: Visit, infusion: Infusion) -> Sequence[str]:
    planned = f"Infusion, planned {care.mg(infusion.planned_ug)} mg."
    steps = [
        f"{care.mg(rate)} mg/h from {visit.stamp(at)}" if rate else f"paused at {visit.stamp(at)}"
        for at, rate in infusion.rates
    ]
    stopped = [f"stopped at {visit.stamp(infusion.stopped_us)}"] if infusion.stopped_us is not None else []
    return [f"{planned} Rates: {'; '.join([*steps, *stopped])}."]
