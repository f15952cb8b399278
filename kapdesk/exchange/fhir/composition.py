"""The document's first resource: what it is, who put their name to it, and its sections as the note has them. Pure.

Each section is told in words as well, so that nothing is lost on a receiver who reads no resource of that kind.
"""

from collections.abc import Sequence
from typing import NamedTuple, get_args
from uuid import UUID, uuid5

from kapdesk.clinical import care
from kapdesk.clinical import vitals as rules
from kapdesk.exchange import codes
from kapdesk.exchange.codes import Code
from kapdesk.exchange.fhir import happened
from kapdesk.exchange.fhir.given import orders
from kapdesk.exchange.fhir.shapes import (
    Resource,
    coding,
    concept,
    listing,
    narrative,
    paragraphs,
    person_id,
    role_id,
    to,
)
from kapdesk.exchange.visit import Visit, amends
from kapdesk.exchange.visits_csv import status
from kapdesk.facts.after import LeavingScored, PracticeAgreed
from kapdesk.facts.care import AdverseEventNoted, PsychotherapyBegan, PsychotherapyOver, ScaleNotRated, ScaleRated
from kapdesk.facts.fact import Fact, Unread
from kapdesk.facts.papers import Countersigned, PaperFact
from kapdesk.facts.people import DESK
from kapdesk.facts.session import (
    DoseGiven,
    IntentionSet,
    Locked,
    PersonCameIn,
    Section,
    SummaryWritten,
    VitalsNotTaken,
    VitalsTaken,
    WeightMeasured,
)
from kapdesk.record.history import Happening

LEFT_OUT = (
    "Private notes of psychotherapy are never exported.",
    "Music, guided imagery, observations, checks and counts of substances are told in words only.",
    "Screening, consent and crisis contacts stand in the note and the record.",
    "Medications, scales without a code of their own, and nasal or unspecified intravenous routes go by their names.",
    "What was undone within seconds of being entered is left out.",
)
"""What a receiver does not find here, said in the document itself."""

_TOLD = (
    *(DoseGiven, VitalsTaken, VitalsNotTaken, WeightMeasured, ScaleRated, ScaleNotRated, LeavingScored),
    *(AdverseEventNoted, PsychotherapyBegan, PsychotherapyOver, IntentionSet, SummaryWritten),
    *(Locked, *get_args(PaperFact)),
)
"""What has a place of its own in the document."""


class Parts(NamedTuple):
    """The resources that the sections point at."""

    indication: list[Resource]
    allergies: list[Resource]
    orders: list[Resource]
    given: list[Resource]
    vitals: list[Resource]
    rated: list[Resource]
    adverse: list[Resource]
    work: list[Resource]


def composition_id(visit: Visit) -> UUID:
    """The one document of a visit, whatever its state."""
    return uuid5(visit.id, "composition")


def state(visit: Visit) -> str:
    """Preliminary until it is signed; amended once something was added to what was signed."""
    if not visit.session.signed:
        return "preliminary"
    return "amended" if added(visit) else "final"


def added(visit: Visit) -> list[Happening]:
    """What came after the signing, but for what is only said of the paper."""
    return [each for each in visit.told(Fact, Unread) if each.late and not isinstance(each.fact, PaperFact)]


def composition(visit: Visit, parts: Parts) -> Resource:
    """The document: a preliminary one of a visit that is not signed, a final one, or one that was amended."""
    last = max((each.entered_at_us for each in added(visit)), default=visit.session.locked_us)
    security = [coding(codes.PRACTICE)] if visit.rehearsal else []
    return {
        "resourceType": "Composition",
        "id": str(composition_id(visit)),
        "meta": {"security": security},
        "language": "en",
        "text": narrative(paragraphs(_heading(visit))),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{composition_id(visit)}"},
        "status": state(visit),
        "type": concept("Session note", codes.PROGRESS_NOTE),
        "subject": to(visit.patient.id),
        "encounter": to(visit.id),
        "date": visit.stamp(visit.made_us if last is None else last),
        "author": authors(visit),
        "title": title(visit),
        "confidentiality": codes.RESTRICTED.code,
        "attester": _attesters(visit),
        "custodian": to(visit.clinic_id),
        "section": [each for each in _sections(visit, parts) if each],
    }


def title(visit: Visit) -> str:
    """ "Ketamine-assisted psychotherapy: session note, 2026-03-02"; a rehearsal says what it is."""
    kind = visit.session.opened.visit if visit.session.opened else "dosing"
    what = "Ketamine-assisted psychotherapy: session note" if kind == "dosing" else f"{kind.capitalize()} visit: note"
    return f"{'PRACTICE ONLY, nobody was treated. ' if visit.rehearsal else ''}{what}, {visit.on}"


def authors(visit: Visit) -> list[Resource]:
    """Who signed it, else the therapists who were there, else the clinic."""
    lock = visit.session.lock
    people = [lock.by] if lock is not None and lock.by != DESK else []
    if not people:
        came = visit.session.history.standing(PersonCameIn)
        people = [h.fact.person for h in came if "therapist" in h.fact.roles]
    return [to(role_id(visit, id_)) for id_ in dict.fromkeys(people) if id_ != DESK] or [to(visit.clinic_id)]


def _attesters(visit: Visit) -> list[Resource]:
    """Who signed, then who put their name to it after them: all in their profession, each with the time."""
    lock = visit.session.lock
    signed = [lock] if lock is not None else []
    signed += [each for each in visit.told(Countersigned) if not each.struck]
    return [
        {"mode": "professional", "time": visit.stamp(each.at_us), "party": to(person_id(visit, each.by))}
        for each in signed
        if each.by != DESK
    ]


def _heading(visit: Visit) -> list[str]:
    session, protocol = visit.session, visit.protocol
    lines = [f"{title(visit)}. {visit.patient.name}."]
    if protocol is not None:
        lines.append(f"Protocol: {protocol.name}, version {protocol.version}.")
    if session.lock is not None:
        name = visit.clinic.name_of(session.lock.by)
        lines.append(f"Signed and locked by {name}, {visit.stamp(session.lock.at_us)}.")
    else:
        lines.append("The session is still running." if session.live else "The session has ended; not yet signed.")
    lines += [
        f"{visit.clinic.name_of(each.by)}, {visit.stamp(each.at_us)}: {each.fact.meaning}"
        for each in visit.told(Countersigned)
        if not each.struck
    ]
    times = (
        ("Arrival", session.arrived_us),
        ("First dose", session.first_dose_us),
        ("End of observation", session.ended_us),
        ("Left", session.left_us),
    )
    lines += [f"{name}: {visit.stamp(at)}" for name, at in times if at is not None]
    return lines


def _sections(visit: Visit, parts: Parts) -> list[Resource | None]:
    signs = visit.told(WeightMeasured, VitalsTaken, VitalsNotTaken)
    rated = visit.told(ScaleRated, ScaleNotRated, LeavingScored)
    unwanted = visit.told(AdverseEventNoted)
    others = [
        each
        for each in visit.told(Fact, Unread)
        if not isinstance(each.fact, _TOLD) and not (each.late or amends(each))
    ]
    return [
        _section("Indication", _written(visit, "indication") or _named(parts.indication), parts.indication),
        _section("Allergies", _named(parts.allergies), parts.allergies, codes.ALLERGIES),
        _section("Orders", paragraphs(_ordered(visit)), parts.orders),
        _section("Intention", paragraphs(h.fact.text for h in visit.session.history.standing(IntentionSet)[-1:])),
        _section("Medications given", _table(visit, visit.told(DoseGiven)), parts.given, codes.GIVEN),
        _section("Vital signs", _readings(visit, signs), parts.vitals, codes.VITAL_SIGNS),
        _section("Scales and questionnaires", _rated(visit, rated, parts), parts.rated),
        _section("Adverse events", _unwanted(visit, unwanted), parts.adverse),
        _section("How it went", _written(visit, "how it went")),
        _section("Psychotherapy", _named(parts.work), parts.work),
        _section("What happened, as it was recorded", _table(visit, others)),
        _section("Condition at leaving", _written(visit, "condition at leaving")),
        _section("Plan", _written(visit, "plan") + _agreed(visit), known=codes.PLAN),
        _section("Added after signing", _table(visit, added(visit))),
        _section("Not in this document", paragraphs(LEFT_OUT)),
    ]


def _section(title_: str, xhtml: str, entries: Sequence[Resource] = (), known: Code | None = None) -> Resource | None:
    """A section; None where there is nothing to say and to point at."""
    if not xhtml and not entries:
        return None
    return {
        "title": title_,
        "code": concept(title_, known) if known is not None else None,
        "text": narrative(xhtml) if xhtml else None,
        "entry": [to(UUID(each["id"])) for each in entries],
    }


def _written(visit: Visit, section: Section) -> str:
    written = [h.fact for h in visit.session.history.standing(SummaryWritten) if h.fact.section == section]
    return paragraphs(written[-1].text.splitlines()) if written else ""


def _agreed(visit: Visit) -> str:
    return paragraphs(visit.said(h.fact) for h in visit.session.history.standing(PracticeAgreed))


def _named(resources: Sequence[Resource]) -> str:
    lines = []
    for each in resources:
        period = each.get("performedPeriod") or {}
        times = " to ".join(filter(None, (period.get("start"), period.get("end"))))
        lines.append(f"{each['code']['text']}{f', {times}' if times else ''}")
    return paragraphs(lines)


def _ordered(visit: Visit) -> list[str]:
    return [f"{visit.clinic.name_of(h.by)}, {visit.stamp(h.at_us)}: {care.order(h.fact)}" for h in orders(visit)]


_HEAD = ("Time", "What", "By", "Status", "Amended")


def _table(visit: Visit, found: Sequence[Happening]) -> str:
    return listing(_HEAD, [_row(visit, each, visit.words(each)) for each in found])


def _row(visit: Visit, each: Happening, *what: str) -> Sequence[str]:
    return (visit.stamp(each.at_us), *what, visit.clinic.name_of(each.by), status(each), visit.why(each))


def _readings(visit: Visit, found: Sequence[Happening]) -> str:
    protocol, rows = visit.protocol, []
    for each in found:
        beyond = ""
        if isinstance(each.fact, VitalsTaken) and protocol is not None:
            limits = protocol.limits_at(each.at_us, visit.session.first_dose_us)
            beyond = rules.told(rules.flags(each.fact, limits))
        rows.append(_row(visit, each, visit.said(each.fact), beyond))
    return listing((*_HEAD[:2], "Beyond the alert limits", *_HEAD[2:]), rows)


def _rated(visit: Visit, found: Sequence[Happening], parts: Parts) -> str:
    asked = [each for each in parts.rated if each["encounter"] is None]
    lines = [
        f"{each['code']['text']}, {each['effectiveDateTime']}: {' '.join(note['text'] for note in each['note'])}"
        for each in asked
    ]
    return _table(visit, found) + paragraphs(lines)


def _unwanted(visit: Visit, found: Sequence[Happening]) -> str:
    if not found:
        return paragraphs(["None on record."])
    rows = [_row(visit, each, visit.said(each.fact), happened.outcome(visit, each)) for each in found]
    return listing((*_HEAD[:2], "Outcome", *_HEAD[2:]), rows)
