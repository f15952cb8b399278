"""Who a patient is."""

import unicodedata
from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

import msgspec

from kapdesk.facts.fact import Erased, Fact
from kapdesk.facts.patient import (
    CoursePlanned,
    KeptLonger,
    MergedInto,
    OrderWritten,
    PatientDescribed,
    PatientRegistered,
    RegistrationWithdrawn,
    TookIn,
)
from kapdesk.record.history import Happening, History

F = TypeVar("F", bound=Fact)

NONE_KNOWN = "none known"
"""Stands in a registration where someone asked about allergies and there are none."""


class Patient(msgspec.Struct, frozen=True):
    """A patient as registered, after corrections. `registered` is None when nothing (readable) is known.

    `merged_into` and `took_in` are the records this one says are of the same person; `also` are those read with it,
    where both say so (`merging.together`). `withdrawn`: registered by mistake, and in no list any more.
    """

    id: UUID
    history: History = History()
    registered: PatientRegistered | None = None
    described: PatientDescribed = PatientDescribed()
    course: CoursePlanned | None = None
    kept_longer: tuple[KeptLonger, ...] = ()
    erased: bool = False
    merged_into: frozenset[UUID] = frozenset()
    took_in: frozenset[UUID] = frozenset()
    also: tuple["Patient", ...] = ()
    withdrawn: bool = False

    @property
    def records(self) -> tuple["Patient", ...]:
        """This record, then those read with it."""
        return (self, *self.also)

    @property
    def name(self) -> str:
        """The full name, as on papers."""
        return self.registered.name if self.registered else "Unknown patient"

    def newest(self, kind: type[F]) -> F | None:
        """What stands of one kind of fact, where the newest does."""
        found = self.standing(kind)
        return found[-1].fact if found else None

    def standing(self, kind: type[F]) -> list[Happening]:
        """What stands of one kind of fact in all their records, by the time it happened."""
        found = [each for record in self.records for each in record.history.standing(kind)]
        found.sort(key=lambda h: (h.at_us, h.order))
        return found

    @property
    def known(self) -> list[Happening]:
        """All that stands in their records, by the time it happened."""
        return self.standing(Fact)

    @property
    def orders(self) -> list[Happening]:
        """The prescribers' orders for them, in the order they were written."""
        return self.standing(OrderWritten)

    @property
    def called(self) -> str:
        """The name the patient wishes to be called by."""
        return (self.registered.preferred_name if self.registered else "") or self.name


def evolve(patient: Patient, new: Happening) -> Patient:
    """The patient after one more happening. Total."""
    return _read(patient.id, patient.history.add(new))


def fold(id_: UUID, happenings: Iterable[Happening]) -> Patient:
    """All that was recorded of a patient, from however many stations."""
    return _read(id_, History(happenings))


def _read(id_: UUID, history: History) -> Patient:
    registered = history.standing(PatientRegistered)
    return Patient(
        id_,
        history,
        registered[-1].fact if registered else None,
        next((each.fact for each in reversed(history.standing(PatientDescribed))), PatientDescribed()),
        next((each.fact for each in reversed(history.standing(CoursePlanned))), None),
        tuple(each.fact for each in history.standing(KeptLonger)),
        bool(history.standing(Erased)),
        frozenset(each.fact.patient for each in history.standing(MergedInto)),
        frozenset(each.fact.patient for each in history.standing(TookIn)),
        withdrawn=bool(history.standing(RegistrationWithdrawn)),
    )


def alike(new: PatientRegistered, known: Iterable[Patient]) -> list[Patient]:
    """Patients that `new` may already be: the same record number, or the same birth date and a name alike.

    Names are alike when they share a word after accents, case and order are put aside. Where someone has several
    records, each counts.
    """
    return [patient for patient in known if any(_like(new, each.registered) for each in patient.records)]


def _like(new: PatientRegistered, other: PatientRegistered | None) -> bool:
    if other is None:
        return False
    if new.record_number and new.record_number.casefold() == other.record_number.casefold():
        return True
    if new.born_on != other.born_on:
        return False
    return bool(
        (name_words(new.name) | name_words(new.preferred_name))
        & (name_words(other.name) | name_words(other.preferred_name))
    )


def twice(one: PatientRegistered, other: PatientRegistered) -> bool:
    """Whether two registrations bear one name and one birth date."""
    return one.born_on == other.born_on and name_words(one.name) == name_words(other.name)


def name_words(name: str) -> set[str]:
    """The words of a name, without regard to accents, case and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l").replace("đ", "d"))
    return {
        word for word in "".join(c for c in plain if not unicodedata.combining(c)).replace("-", " ").split() if word
    }
