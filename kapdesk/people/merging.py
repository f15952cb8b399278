"""Records of the same person, read as one: whose record goes on, and what of all of them holds. Pure.

Two records belong together where both say so: one that it was merged into the other, the other that it took it in. What
only one of them says (the second word is still to come, or was struck) joins nobody.
"""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from kapdesk.facts.patient import PatientDescribed, PatientRegistered
from kapdesk.people.patient import NONE_KNOWN, Patient


def heads(records: Mapping[UUID, Patient]) -> dict[UUID, UUID]:
    """For each record that is read with others: the one that goes on. Total, whatever the facts say.

    That is the one of them that was merged into no other; where that leaves several or none (merged in a circle, or
    into two), the first of them by id, so that every station reads the same.
    """
    into = {
        id_: {other for other in record.merged_into if other != id_ and _took(records, other, id_)}
        for id_, record in records.items()
        if record.merged_into
    }
    beside: dict[UUID, set[UUID]] = {}
    for one, others in into.items():
        for other in others:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    found: dict[UUID, UUID] = {}
    for id_ in beside:
        if id_ not in found:
            group = _reached(beside, id_)
            on = [each for each in group if not into.get(each)] or list(group)
            found.update(dict.fromkeys(group, min(on)))
    return found


def together(records: Mapping[UUID, Patient], id_: UUID, known: Mapping[UUID, UUID] | None = None) -> Patient:
    """The patient whose record this is, as all their records say. `known` are the `heads`, where they are at hand."""
    known = heads(records) if known is None else known
    head = known.get(id_, id_)
    first = records.get(head) or Patient(head)
    if head not in known:
        return first
    others = sorted((records[each] for each, on in known.items() if on == head and each != head), key=lambda p: p.id)
    return _read(first, tuple(others)) if others else first


def whole(records: Mapping[UUID, Patient], known: Mapping[UUID, UUID] | None = None) -> list[Patient]:
    """Every patient once."""
    known = heads(records) if known is None else known
    return [together(records, id_, known) for id_ in records if known.get(id_, id_) == id_]


def _took(records: Mapping[UUID, Patient], one: UUID, other: UUID) -> bool:
    return one in records and other in records[one].took_in


def _reached(beside: Mapping[UUID, set[UUID]], start: UUID) -> set[UUID]:
    group, waiting = {start}, [start]
    while waiting:
        new = beside[waiting.pop()] - group
        group |= new
        waiting.extend(new)
    return group


def _read(first: Patient, others: tuple[Patient, ...]) -> Patient:
    records = (first, *others)
    registered = first.registered
    if registered is not None:
        registered = msgspec.structs.replace(registered, allergies=_allergies([each.registered for each in records]))
    read = msgspec.structs.replace(first, registered=registered, also=others)
    described = [each.fact for each in reversed(read.standing(PatientDescribed))]
    newest = {name: next((text for each in described if (text := getattr(each, name))), "") for name in _DESCRIBED}
    courses = [each for each in (record.course for record in records) if each is not None]
    course = read.newest(type(courses[0])) if courses else None
    return msgspec.structs.replace(
        read,
        described=PatientDescribed(**newest),
        course=course,
        kept_longer=tuple(each for record in records for each in record.kept_longer),
        withdrawn=all(record.withdrawn for record in records),
    )


_DESCRIBED = PatientDescribed.__struct_fields__


def _allergies(registered: list[PatientRegistered | None]) -> str:
    """Those of all records; none known only where no record names one."""
    said = list(dict.fromkeys(each.allergies for each in registered if each is not None and each.allergies))
    named = [each for each in said if each != NONE_KNOWN]
    return "; ".join(named or said)
