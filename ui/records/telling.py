"""A session as it stands in the list of records, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from ui import words
from ui.session.times import day, wall

if TYPE_CHECKING:
    from kapdesk.clinic.finding import Hit
    from kapdesk.people.clinic import Clinic
    from kapdesk.store.index import Row

_STAGES = {"ended": "to be signed"}


class Told(msgspec.Struct, frozen=True):
    """Why a session was found: in what, the words around, and from where to where in them it stands."""

    where: str
    words: str
    begins: int = 0
    ends: int = 0


class Record(msgspec.Struct, frozen=True):
    """A session in the list, in words. `standing` is what became of its note, in its `tone`."""

    id: UUID
    day: str
    name: str
    called: str
    standing: str
    said: str = ""
    rehearsal: bool = False
    patient: UUID | None = None
    number: str = ""
    tone: str = "muted"
    why: tuple[Told, ...] = ()


def record_of(hit: "Hit", clinic: "Clinic", now_us: int, waits: str = "") -> Record:
    """One visit in words. `waits`: what hinders the filing now, "" where nothing does.

    Where an observation summary is due the paper's rooms are loaded, so not on the window's thread.
    """
    row, zone = hit.row, hit.row.zone
    at_us = row.arrived_us if row.arrived_us is not None else row.at_us
    when = f"{day(at_us, zone)}  {wall(at_us, zone)}"
    adverse = f"adverse event: {'; '.join(row.adverse)}" if row.adverse else ""
    kind = row.visit if row.visit != "dosing" else ""
    said = words.join(row.protocol or kind, row.how, adverse, _summary(row, clinic))
    person = hit.patient
    why = tuple(Told(each.where, each.words, each.begins, each.ends) for each in hit.why if each.where != _SEEN)
    return Record(
        hit.id,
        when,
        person.name,
        person.called or person.name,
        words.join(*_standing(row, clinic, now_us, waits)),
        said,
        row.rehearsal,
        UUID(person.id),
        person.number,
        "accent" if row.stage == "ended" or (waits and _to_be_filed(row)) else "muted",
        why,
    )


_SEEN = "Adverse event"
"""Stands in the line itself, below the name."""


def _standing(row: "Row", clinic: "Clinic", now_us: int, waits: str) -> Iterator[str]:
    """What became of the note: who signed it, which version holds, and where it went."""
    if not row.version:
        yield _STAGES.get(row.stage, row.stage)
        if row.arrived_us is None and row.stage in ("preparing", "cleared"):
            yield "not arrived"
        return
    yield f"Signed by {'both' if row.counter is not None else clinic.name_of(row.signed_by)}"
    if row.version > 1:
        yield f"version {row.version - 1} replaced by version {row.version}"
    if row.filed_us:
        yield f"filed {_when(row.filed_us, row.zone, now_us)}"
        yield "unchanged"  # what was filed is the note as it stands: whatever is added makes another version
    elif _to_be_filed(row) and clinic.filing is not None and clinic.filing.folder:
        yield waits or "to be filed"


def _to_be_filed(row: "Row") -> bool:
    return bool(row.paper) and not row.filed_us


def _when(at_us: int, zone: str, now_us: int) -> str:
    """The time of day, with its date before it on another day than today."""
    clock = wall(at_us, zone)
    on = day(at_us, zone)
    return clock if on == day(now_us, zone) else f"{on} {clock}"


def _summary(row: "Row", clinic: "Clinic") -> str:
    if not row.owed or row.stage in ("preparing", "cleared", "running"):
        return ""
    from kapdesk.clinic import summary

    was = summary.sent(clinic, UUID(row.id))
    if was is not None:
        return f"Observation summary sent: {was.fact.how}"
    return f"Observation summary due {row.owed}, not sent"
