"""Who and where: the patient, the staff, the clinic, the visit. Pure."""

from collections.abc import Container

from kapdesk.exchange import codes
from kapdesk.exchange.fhir.shapes import Resource, coding, concept, person_id, role_id, to, urn
from kapdesk.exchange.visit import Visit, is_day
from kapdesk.facts.clinic import PersonAdded
from kapdesk.facts.people import DESK
from kapdesk.facts.session import PersonCameIn


def patient(visit: Visit) -> Resource:
    """Whose visit it is: names, birth date, record number under the clinic's own name for such numbers."""
    known = visit.patient.registered
    names: list[Resource] = [{"use": "official", "text": visit.patient.name}]
    if known is not None and known.preferred_name and known.preferred_name != known.name:
        names.append({"use": "usual", "text": known.preferred_name})
    numbers = [each.registered.record_number for each in visit.patient.records if each.registered is not None]
    return {
        "resourceType": "Patient",
        "id": str(visit.patient.id),
        "identifier": [
            {
                "type": concept("Record number", codes.RECORD_NUMBER),
                "system": urn(visit.clinic_id),
                "value": number,
                "assigner": to(visit.clinic_id),
            }
            for number in dict.fromkeys(numbers)
            if number.strip()
        ],
        "name": names,
        "birthDate": known.born_on if known is not None and is_day(known.born_on) else None,
        "managingOrganization": to(visit.clinic_id),
    }


def organization(visit: Visit) -> Resource:
    """The clinic, named by the id of its record."""
    return {
        "resourceType": "Organization",
        "id": str(visit.clinic_id),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": urn(visit.clinic_id)}],
        "name": visit.clinic.name.strip() or "KapDesk",
        "address": [{"text": "\n".join(visit.clinic.letterhead)}] if visit.clinic.letterhead else [],
    }


def everyone(visit: Visit) -> list[str]:
    """Everyone of the staff who may be named in it: who was in the room, or did, typed or said something."""
    known = [*visit.session.history, *visit.patient.known]
    found = [h.fact.person for h in visit.told(PersonCameIn)]
    found += [id_ for each in known for id_ in (each.by, each.entered_by)]
    return [id_ for id_ in dict.fromkeys(found) if id_ != DESK]


def staff(visit: Visit, named: Container[str]) -> list[Resource]:
    """Those of them who are named: as a person with their credentials, in a role at the clinic, or both.

    In a document nothing stands that nothing leads to. Names are as on that day.
    """
    came = {h.fact.person: h.fact for h in visit.session.history.standing(PersonCameIn)}
    made: list[Resource] = []
    for id_ in everyone(visit):
        known = came.get(id_) or visit.clinic.people.get(id_)
        in_role = urn(role_id(visit, id_)) in named
        if in_role or urn(person_id(visit, id_)) in named:
            made.append(_person(visit, id_, known))
        if in_role:
            made.append(_role(visit, id_, known))
    return made


def _person(visit: Visit, id_: str, known: PersonCameIn | PersonAdded | None) -> Resource:
    credentials, licence = known.credentials.strip() if known else "", visit.clinic.licences.get(id_, "").strip()
    qualified = {"identifier": [{"value": licence}], "code": {"text": credentials or "Licence"}}
    return {
        "resourceType": "Practitioner",
        "id": str(person_id(visit, id_)),
        "name": [{"text": (known.name if known else "").strip() or visit.clinic.name_of(id_)}],
        "qualification": [qualified] if credentials or licence else [],
    }


def _role(visit: Visit, id_: str, known: PersonCameIn | PersonAdded | None) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        "id": str(role_id(visit, id_)),
        "practitioner": to(person_id(visit, id_)),
        "organization": to(visit.clinic_id),
        "code": [{"text": role} for role in (known.roles if known else ())],
    }


def encounter(visit: Visit) -> Resource:
    """The visit: its kind, its times, who was there, how it ended."""
    session, protocol = visit.session, visit.protocol
    end = session.left_us if session.left_us is not None else session.ended_us
    begin = session.arrived_us if session.arrived_us is not None else _opened(visit)
    if begin is not None and end is not None:
        end = max(begin, end)
    kind = session.opened.visit if session.opened else "dosing"
    title = "Ketamine-assisted psychotherapy, dosing visit" if kind == "dosing" else f"{kind.capitalize()} visit"
    home = protocol is not None and protocol.setting == "home"
    came = dict.fromkeys(h.fact.person for h in session.history.standing(PersonCameIn))
    how = visit.said(session.ended) if session.ended is not None and session.ended.how != "completed" else ""
    return {
        "resourceType": "Encounter",
        "id": str(visit.id),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": urn(visit.id)}],
        "status": _status(visit),
        "class": coding(codes.VIRTUAL if home else codes.AMBULATORY),
        "type": [{"text": title}],
        "subject": to(visit.patient.id),
        "participant": [{"individual": to(role_id(visit, id_))} for id_ in came if id_ != DESK],
        "period": {
            "start": visit.stamp(begin) if begin is not None else None,
            "end": visit.stamp(end) if end is not None else None,
        },
        "hospitalization": {"dischargeDisposition": {"text": how}},
        "serviceProvider": to(visit.clinic_id),
    }


def _status(visit: Visit) -> str:
    session = visit.session
    if session.ended is not None or session.signed:
        return "finished"
    if session.first_dose_us is not None:
        return "in-progress"
    return "arrived" if session.arrived_us is not None else "planned"


def _opened(visit: Visit) -> int | None:
    return min((h.at_us for h in visit.session.history), default=None)
