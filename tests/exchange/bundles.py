"""FHIR bundles of invented visits, and what is looked for in them."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from kapdesk.exchange import codes
from kapdesk.exchange.fhir.bundle import document
from tests.exchange.told import amended, visit

Json = dict[str, Any]
VISIT = visit()
_INSTANTS = {"timestamp", "issued", "time", "authoredOn", "recordedDate"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


STATUSES: dict[str, frozenset[str]] = {
    "Composition": frozenset({"preliminary", "final", "amended", "entered-in-error"}),
    "Encounter": frozenset(
        "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown".split()
    ),
    "MedicationAdministration": frozenset(
        "in-progress not-done on-hold completed entered-in-error stopped unknown".split()
    ),
    "MedicationRequest": frozenset("active on-hold cancelled completed entered-in-error stopped draft unknown".split()),
    "Observation": frozenset(
        "registered preliminary final amended corrected cancelled entered-in-error unknown".split()
    ),
    "Procedure": frozenset(
        "preparation in-progress not-done on-hold stopped completed entered-in-error unknown".split()
    ),
    "DocumentReference": frozenset({"current", "superseded", "entered-in-error"}),
}
"""What a status may say in FHIR R4B 4.3.0, by kind of resource. All required bindings, read in the same lists:
CompositionStatus, EncounterStatus, MedicationAdministrationStatusCodes, MedicationrequestStatus, EventStatus and
DocumentReferenceStatus; ObservationStatus in that of R4 4.0.1, which it says is the same."""
ATTESTED = frozenset({"personal", "professional", "legal", "official"})
"""In what capacity someone put their name to a document (CompositionAttestationMode, R4B)."""


def read(content: bytes) -> Json:
    """As any reader of JSON reads it, with its numbers exact."""
    made: Json = json.loads(content, parse_float=Decimal)
    return made


BUNDLE = read(document(VISIT))


def resources(kind: str, bundle: Json = BUNDLE) -> list[Json]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [each for each in found if each["resourceType"] == kind]


def one(kind: str, bundle: Json = BUNDLE) -> Json:
    (found,) = resources(kind, bundle)
    return found


def named(kind: str, name: str, bundle: Json = BUNDLE) -> list[Json]:
    return [each for each in resources(kind, bundle) if each["code"]["text"] == name]


def section(title: str, bundle: Json = BUNDLE) -> Json:
    (found,) = [each for each in one("Composition", bundle)["section"] if each["title"] == title]
    return found


def walk(value: Any) -> Iterator[Any]:
    yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(each)


def flaws(bundle: Json) -> list[str]:
    """What of the rules for documents, of the table of codes and of the statuses does not hold."""
    found = []
    first, *_ = [entry["resource"] for entry in bundle["entry"]]
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    if bundle["type"] == "document" and first["resourceType"] != "Composition":
        found.append("the composition is not first")
    found += [f"{url} twice" for url in urls if urls.count(url) > 1]
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if entry["fullUrl"] != f"urn:uuid:{UUID(resource['id'])}":
            found.append(f"{entry['fullUrl']} is not {resource['id']}")
        allowed = STATUSES.get(resource["resourceType"])
        if allowed is not None and resource["status"] not in allowed:
            found.append(f"{resource['resourceType']} {resource['status']}")
    known = {(code.system, code.code): code.display for code in codes.TABLE}
    led_to = {urls[0]}
    for value in walk(bundle):
        if not isinstance(value, dict):
            continue
        if "reference" in value and value["reference"] not in (*urls, "#medication"):
            found.append(f"nothing is {value['reference']}")
        led_to.add(value.get("reference", ""))
        if {"system", "code"} <= value.keys():
            display = known.get((value["system"], value["code"]))
            shown = value.get("display", value.get("unit", ""))
            if display is None or display != shown:
                found.append(f"{value['system']} {value['code']} {shown}")
        if "mode" in value and value["mode"] not in ATTESTED:
            found.append(f"attested {value['mode']}")
        if "div" in value:
            assert "".join(ElementTree.fromstring(value["div"]).itertext()).strip(), "txt-2"
        if "title" in value and "code" in value and not {"text", "entry"} & value.keys():
            found.append(f"the section {value['title']} is empty")
        if "dataAbsentReason" in value and "valueQuantity" in value:
            found.append("a value and why there is none")
        if "contained" in value:
            found += ["a label on what is contained" for each in value["contained"] if "meta" in each]
        if {"start", "end"} <= value.keys() and datetime.fromisoformat(value["start"]) > datetime.fromisoformat(
            value["end"]
        ):
            found.append(f"{value['start']} is after {value['end']}")
        found += [f"{key} {value[key]}" for key in _INSTANTS & value.keys() if not INSTANT.fullmatch(value[key])]
    if bundle["type"] == "document":
        found += [f"nothing leads to {url}" for url in urls if url not in led_to]
    return found


def parsed(content: bytes) -> Any:
    from fhir.resources.R4B.bundle import Bundle

    return Bundle.model_validate_json(content)


def astray(bundle: Any) -> list[str]:
    """References to a kind of resource that may not stand there; fhir.resources knows which may, and lets others by."""
    kinds = {entry.fullUrl: entry.resource.get_resource_type() for entry in bundle.entry}
    found: list[str] = []

    def look(model: Any) -> None:
        for name, field in type(model).model_fields.items():
            value = getattr(model, name)
            allowed = (field.json_schema_extra or {}).get("enum_reference_types")
            for each in value if isinstance(value, list) else [value]:
                if allowed and each is not None and not each.reference.startswith("#"):
                    if kinds[each.reference] not in allowed and "Resource" not in allowed:
                        found.append(f"{type(model).__name__}.{name} is a {kinds[each.reference]}")
                elif hasattr(type(each), "model_fields"):
                    look(each)

    look(bundle)
    return found


def told(*more: tuple[Any, float], made: float = 2000) -> Json:
    """The document of a visit with more in it."""
    return read(document(visit(amended(*more), made=made)))
