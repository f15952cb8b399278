"""The small shapes that resources are made of: references, concepts, quantities, notes, narrative. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Any
from uuid import UUID, uuid5

from kapdesk.exchange.codes import Code
from kapdesk.exchange.visit import Visit, plain
from kapdesk.facts.people import DESK
from kapdesk.record.history import Happening

Resource = dict[str, Any]


def urn(id_: UUID) -> str:
    """How a resource is named within a bundle."""
    return f"urn:uuid:{id_}"


def to(id_: UUID) -> Resource:
    """A reference to a resource of the same bundle."""
    return {"reference": urn(id_)}


def person_id(visit: Visit, person: str) -> UUID:
    """The practitioner that someone of the clinic's staff is."""
    return uuid5(visit.clinic_id, f"person {person}")


def role_id(visit: Visit, person: str) -> UUID:
    """Someone of the staff in their role in the clinic."""
    return uuid5(visit.clinic_id, f"role {person}")


def by(visit: Visit, person: str) -> Resource | None:
    """A reference to someone of the staff; None for the program itself."""
    return None if person == DESK else to(person_id(visit, person))


def coding(code: Code) -> Resource:
    """A code with its system and, where it is known, how it is called there."""
    return {"system": code.system, "code": code.code, "display": code.display}


def concept(text: str, *codes: Code) -> Resource:
    """A concept in words, with the codes that say the same."""
    return {"coding": [coding(code) for code in codes], "text": text}


def quantity(value: Decimal | int, unit: Code) -> Resource:
    """An amount with its unit, as read by people and in UCUM."""
    return {"value": value, "unit": unit.display, "system": unit.system, "code": unit.code}


def ratio(value: Decimal | int, unit: Code, per: Code) -> Resource:
    """So much per one of another unit."""
    return {"numerator": quantity(value, unit), "denominator": quantity(1, per)}


def notes(visit: Visit, each: Happening, *more: str) -> list[Resource]:
    """What stands beside an entry: how it was amended, that it came late, who typed it for whom, and more."""
    said = [*more, visit.why(each)[:1].upper() + visit.why(each)[1:]]
    if each.struck:
        said.append("Struck: it did not happen, or not so.")
    if each.late:
        said.append("Recorded after the note was signed.")
    if each.by != each.entered_by:
        said.append(f"Entered by {visit.clinic.name_of(each.entered_by)}, {visit.stamp(each.entered_at_us)}.")
    return [{"text": text} for text in said if text.strip()]


def paragraphs(lines: Iterable[str]) -> str:
    """Lines of text as XHTML, each a paragraph."""
    return "".join(f"<p>{_escaped(line)}</p>" for line in lines if line.strip())


def listing(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as XHTML; nothing without rows."""
    body = "".join(_line("td", row) for row in rows)
    return f"<table><thead>{_line('th', head)}</thead><tbody>{body}</tbody></table>" if body else ""


def narrative(xhtml: str) -> Resource:
    """Text for people beside (or in place of) what machines read."""
    return {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{xhtml}</div>'}


def clean(value: Any) -> Any:
    """Without what is empty, for FHIR has no empty strings, lists or objects; text as every reader takes it."""
    if isinstance(value, dict):
        pairs = ((key, clean(each)) for key, each in value.items())
        return {key: each for key, each in pairs if each is not None} or None
    if isinstance(value, list | tuple):
        return [made for each in value if (made := clean(each)) is not None] or None
    if isinstance(value, str):
        return plain(value) if value.strip() else None
    return value


def _line(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{_escaped(cell)}</{tag}>' for cell in cells)}</tr>"


def _escaped(text: str) -> str:
    return escape(plain(text), quote=False).replace("\r\n", "\n").replace("\n", "<br/>").replace("\r", "<br/>")
