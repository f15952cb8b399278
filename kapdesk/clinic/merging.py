"""Two records of the same person: joined, each saying so with a reason, and parted again by striking both."""

import re
from collections.abc import Sequence
from uuid import UUID

from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import MergedInto, TookIn
from kapdesk.facts.people import Actor
from kapdesk.people.patient import Patient, name_words
from kapdesk.record.recorder import Recording


def merge(clinic: OpenClinic, one: UUID, into: UUID, reason: str, actor: Actor) -> list[Recording]:
    """The record `one` is of the patient of `into`: that goes on, and both are read as one when both words are kept.

    Raises KnownError where someone may not, gives no reason, or the two are one already. Nothing is lost: each record
    stays as it is, and `part` undoes it.
    """
    clinic.require(actor.entered_by, "read patient")
    gone, on = clinic.patient(one), clinic.patient(into)
    if gone.id == on.id:
        raise KnownError("These two are read as one record already. Nothing was changed.")
    _unnamed(reason, [*gone.records, *on.records])
    running = {room.patient.id for room in clinic.rooms.values() if room.expected.live}
    running |= {clinic.patient(each).id for each in clinic.unfinished.patients}
    if {gone.id, on.id} <= running:
        raise KnownError("Both have a session running. Nothing was changed; end one first, then merge the records.")
    said = []
    if on.id not in gone.merged_into:  # one word may stand already, where the other was cut off
        said.append(clinic.patient_recorder(gone.id).record(MergedInto(on.id, reason.strip()), actor))
    if gone.id not in on.took_in:
        said.append(clinic.patient_recorder(on.id).record(TookIn(gone.id, reason.strip()), actor))
    return said


def part(clinic: OpenClinic, one: UUID, reason: str, actor: Actor) -> list[Recording]:
    """The record `one` is of somebody else after all: what joined it to the other is struck out on both sides."""
    clinic.require(actor.entered_by, "read patient")
    said = [
        (record.id, each.id)
        for record in clinic.patient(one).records
        for kind in (MergedInto, TookIn)
        for each in record.history.standing(kind)
        if (record.id == one and kind is MergedInto) or (each.fact.patient == one and kind is TookIn)
    ]
    if not said:
        raise KnownError("This record is merged into no other. Nothing was changed.")
    _unnamed(reason, clinic.patient(one).records)
    return [clinic.patient_recorder(record).record(Struck(id_, reason.strip()), actor) for record, id_ in said]


def _unnamed(reason: str, records: Sequence[Patient]) -> None:
    """Raises KnownError for a reason with a name that not all of them bear: it would stand in somebody else's record,
    and on their papers, once they are parted."""
    names: list[set[str]] = [{each.name, each.called} for each in records]
    said = name_words(re.sub(r"\W+", " ", reason))
    if any(name_words(name) <= said for name in set[str]().union(*names) - names[0].intersection(*names)):
        raise KnownError(
            "The reason names a patient, and both records keep it. Nothing was changed; say why without a name."
        )
