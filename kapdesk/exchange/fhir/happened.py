"""What the treatment is for, what the patient does not tolerate, what went wrong, and the work of therapy. Pure."""

from uuid import uuid5

from kapdesk.exchange import codes
from kapdesk.exchange.fhir.shapes import Resource, by, concept, narrative, paragraphs, to
from kapdesk.exchange.visit import Visit
from kapdesk.facts.care import AdverseEventNoted, AdverseEventSettled
from kapdesk.facts.patient import IndicationStated
from kapdesk.people.patient import NONE_KNOWN
from kapdesk.record.history import Happening
from kapdesk.session.lasting import Lasting, psychotherapy


def indication(visit: Visit) -> list[Resource]:
    """What the treatment is for, as it was said last by the day of the visit."""
    said = [h for h in visit.patient.standing(IndicationStated) if visit.day(h.at_us) <= visit.on]
    if not said or not said[-1].fact.indication.strip():
        return []
    newest = said[-1]
    tried = newest.fact.tried
    return [
        {
            "resourceType": "Condition",
            "id": str(newest.id),
            "clinicalStatus": concept("Active", codes.ACTIVE_CONDITION),
            "code": {"text": newest.fact.indication},
            "subject": to(visit.patient.id),
            "recordedDate": visit.stamp(newest.at_us),
            "recorder": by(visit, newest.entered_by),
            "asserter": by(visit, newest.by),
            "note": [{"text": f"Tried before: {tried}"}] if tried.strip() else [],
        }
    ]


def allergies(visit: Visit) -> list[Resource]:
    """What the registration says of allergies, in its words; nothing where nobody asked."""
    known = visit.patient.registered
    said = known.allergies.strip() if known is not None else ""
    if not said:
        return []
    words = "No known allergies" if said.casefold() == NONE_KNOWN else said
    return [
        {
            "resourceType": "AllergyIntolerance",
            "id": str(uuid5(visit.patient.id, "allergies")),
            "clinicalStatus": concept("Active", codes.ACTIVE_ALLERGY),
            "code": {"text": words},
            "patient": to(visit.patient.id),
        }
    ]


def adverse_events(visit: Visit) -> list[Resource]:
    """Every adverse event that stands. One that was struck has no status to say so with, and is told in words only."""
    return [_event(visit, each) for each in visit.told(AdverseEventNoted) if not each.struck]


def outcome(visit: Visit, each: Happening) -> str:
    """How an adverse event came out, in words."""
    found = [h for h in visit.session.history.standing(AdverseEventSettled) if h.fact.event == each.id]
    return f"{found[-1].fact.outcome}, {visit.stamp(found[-1].at_us)}" if found else "No outcome on record"


def work(visit: Visit) -> list[Resource]:
    """The stretches of psychotherapy with their kind; never what was said in them."""
    return [_stretch(visit, each) for each in psychotherapy(visit.session)]


def _event(visit: Visit, each: Happening) -> Resource:
    fact: AdverseEventNoted = each.fact
    return {
        "resourceType": "AdverseEvent",
        "id": str(each.id),
        "text": narrative(paragraphs([visit.said(fact), outcome(visit, each), visit.why(each)])),
        "actuality": "actual",
        "event": {"text": fact.what.strip() or "Adverse event"},
        "subject": to(visit.patient.id),
        "encounter": to(visit.id),
        "date": visit.stamp(each.at_us),
        "recordedDate": visit.stamp(each.entered_at_us),
        "severity": concept(fact.severity, codes.SEVERITIES[fact.severity]),
        "recorder": by(visit, each.by),
    }


def _stretch(visit: Visit, each: Lasting) -> Resource:
    begun = visit.session.history.get(each.ids[0])
    performer = by(visit, begun.by) if begun is not None else None
    over = each.until_us is not None
    return {
        "resourceType": "Procedure",
        "id": str(each.ids[0]),
        "status": "completed" if over else "in-progress" if visit.session.live else "unknown",
        "code": {"text": each.said},
        "subject": to(visit.patient.id),
        "encounter": to(visit.id),
        "performedPeriod": {
            "start": visit.stamp(each.from_us),
            "end": visit.stamp(each.until_us) if each.until_us is not None else None,
        },
        "performer": [{"actor": performer}] if performer else [],
    }
