"""A visit as a FHIR R4B bundle: a document of it, and, for an export, the same with the paper it belongs to. Pure.

`document(visit)` is what a PDF carries inside it: without a DocumentReference, for that would hold the digest of the
very file. `export(visit, papers)` is for outside: the same resources, and one DocumentReference for each paper.
Ids are those of the entries or made from them, so that the same visit sent again is the same resources. Amounts are
exact decimals, times have their offset, and nothing is a float.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid5

import msgspec

from kapdesk.exchange import codes
from kapdesk.exchange.fhir import given, happened, measured, who
from kapdesk.exchange.fhir.composition import Parts, authors, composition, composition_id, state, title
from kapdesk.exchange.fhir.shapes import Resource, clean, coding, concept, to
from kapdesk.exchange.visit import Visit

_JSON = msgspec.json.Encoder(decimal_format="number")


class Paper(msgspec.Struct, frozen=True):
    """A paper of the visit: its bytes, the name of its file beside the bundle, and whether another replaced it."""

    content: bytes
    name: str
    superseded: bool = False


def document(visit: Visit) -> bytes:
    """The visit as a FHIR R4B document, in JSON."""
    return _bundle(visit, "document", resources(visit))


def export(visit: Visit, papers: Sequence[Paper] = ()) -> bytes:
    """The same resources as a collection, with a reference to each paper that is exported beside it."""
    return _bundle(visit, "collection", [*resources(visit), *(reference(visit, paper) for paper in papers)])


def reference(visit: Visit, paper: Paper) -> Resource:
    """A DocumentReference to a paper, by the name of its file, its size and its digests.

    FHIR's own `hash` is SHA-1 (Attachment.hash); the SHA-256 that the record holds stands in words.
    """
    digest = hashlib.sha256(paper.content).hexdigest()
    made: Resource = {
        "resourceType": "DocumentReference",
        "id": str(uuid5(visit.id, f"paper {digest}")),
        "meta": _meta(visit),
        "status": "superseded" if paper.superseded else "current",
        "docStatus": state(visit),
        "type": concept("Session note", codes.PROGRESS_NOTE),
        "subject": to(visit.patient.id),
        "author": authors(visit),
        "custodian": to(visit.clinic_id),
        "description": f"{title(visit)}. SHA-256 {digest}",
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "language": "en",
                    "url": paper.name,
                    "size": len(paper.content),
                    "hash": b64encode(hashlib.sha1(paper.content, usedforsecurity=False).digest()).decode(),
                    "title": paper.name,
                }
            }
        ],
        "context": {"encounter": [to(visit.id)], "related": [to(composition_id(visit))]},
    }
    return made


def resources(visit: Visit) -> list[Resource]:
    """Everything of the visit as resources, the composition first."""
    rated = [*measured.ratings(visit), *measured.questionnaires(visit)]
    parts = Parts(
        happened.indication(visit),
        happened.allergies(visit),
        given.requests(visit),
        given.administrations(visit),
        measured.vitals(visit),
        rated,
        happened.adverse_events(visit),
        happened.work(visit),
    )
    first, visited = composition(visit, parts), who.encounter(visit)
    there = [each for part in parts for each in part]
    named = set(_referenced([first, visited, *there]))
    clinic = who.organization(visit)
    return [first, who.patient(visit), clinic, visited, *who.staff(visit, named), *there]


def _referenced(value: Any) -> Iterator[str]:
    """Every reference in it, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from _referenced(each)
    elif isinstance(value, list):
        for each in value:
            yield from _referenced(each)


def _meta(visit: Visit) -> Resource:
    """A rehearsal is marked on every resource, so that nobody takes one out and treats it as real."""
    return {"security": [coding(codes.PRACTICE)] if visit.rehearsal else []}


def _bundle(visit: Visit, kind: str, made: Sequence[Resource]) -> bytes:
    bundle: Resource = {
        "resourceType": "Bundle",
        "id": str(uuid5(visit.id, f"{kind} {visit.made_us}")),
        "meta": _meta(visit),
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": f"urn:uuid:{uuid5(visit.id, f'{kind} {visit.made_us}')}",
        },
        "type": kind,
        "timestamp": visit.stamp(visit.made_us),
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each | {"meta": _meta(visit)}} for each in made],
    }
    return _JSON.encode(clean(bundle))
