"""An import undone as a whole: first what would become of each patient of it, then, once someone has said so, that."""

from collections.abc import Collection, Iterator
from typing import Literal
from uuid import UUID

import msgspec

from kapdesk.clinic.importing import AT_ONCE
from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.clinic import PatientsImported
from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import PatientDescribed, PatientRegistered, RegistrationWithdrawn
from kapdesk.facts.people import DESK, Actor
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Recording

Fate = Literal["back", "stays", "gone"]
AT_ONE_US = 2_000_000
"""An import describes a patient in the same breath as it registers them; no hand opens a page and types so soon."""


class Import(msgspec.Struct, frozen=True):
    """A table that was taken in: when (UTC µs), by whom (an id), its file's SHA-256, and the records begun by it."""

    id: UUID
    at_us: int
    by: str
    digest: str
    patients: tuple[UUID, ...]


class Line(msgspec.Struct, frozen=True):
    """What would become of one patient of an import, and why. `words` name no patient."""

    place: int
    patient: UUID
    name: str
    number: str
    fate: Fate
    words: str


class Undoing(msgspec.Struct, frozen=True):
    """What would become of all patients of an import, in the order of its lines."""

    of: Import
    lines: tuple[Line, ...]

    def with_fate(self, fate: Fate) -> tuple[Line, ...]:
        """The patients that would have it."""
        return tuple(line for line in self.lines if line.fate == fate)

    def words(self) -> str:
        """All of it in a sentence."""
        back, stays, gone = (len(self.with_fate(fate)) for fate in ("back", "stays", "gone"))
        parts = (
            (back, "can be taken back"),
            (stays, "stays" if stays == 1 else "stay"),
            (gone, "is not there any more" if gone == 1 else "are not there any more"),
        )
        said = "; ".join(f"{count} {what}" for count, what in parts if count)
        return f"{_patients(len(self.lines))} by this import: {said}."


class Round(msgspec.Struct, frozen=True):
    """How many have been done, who turned out to stay meanwhile, and the last entry on its way, if any."""

    done: int
    left: tuple[Line, ...]
    last: Recording | None


def imports(clinic: Clinic) -> list[Import]:
    """The tables that were taken in, the newest first."""
    marks = clinic.history.standing(PatientsImported)
    return [Import(h.id, h.at_us, h.by, h.fact.file_digest, h.fact.patients) for h in reversed(marks)]


def look_back(clinic: OpenClinic, of: Import) -> Undoing:
    """What undoing this import would come to. Records nothing, and may be asked from any thread."""
    noted = _noted(clinic)
    return Undoing(of, tuple(_line(clinic, n, id_, noted) for n, id_ in enumerate(of.patients, 1)))


def take_back(clinic: OpenClinic, undoing: Undoing, reason: str, actor: Actor) -> Iterator[Round]:
    """Take back the registrations that can be, a few at a time; the caller goes on when the disk has caught up.

    Each is looked at anew: who has a visit by now, or of whom somebody has written since, stays and is named. Raises
    KnownError where `actor` may not or the reason is missing, before anything was recorded.
    """
    clinic.require(actor.entered_by, "read patient")
    wanted, noted = undoing.with_fate("back"), _noted(clinic)
    for n in range(0, len(wanted), AT_ONCE):
        part, last = wanted[n : n + AT_ONCE], None
        now = [_line(clinic, line.place, line.patient, noted) for line in part]
        for line in now:
            if line.fate == "back":
                last = clinic.patient_recorder(line.patient).record(RegistrationWithdrawn(reason.strip()), actor)
        yield Round(n + len(part), tuple(line for line in now if line.fate != "back"), last)


def put_back(clinic: OpenClinic, of: Import, reason: str, actor: Actor) -> Iterator[Round]:
    """The undoing was wrong: every registration of this import that was taken back stands again.

    Raises KnownError where `actor` may not or the reason is missing, before anything was recorded.
    """
    clinic.require(actor.entered_by, "read patient")
    wanted = _withdrawn(clinic, of)
    for n in range(0, len(wanted), AT_ONCE):
        last = None
        for patient in wanted[n : n + AT_ONCE]:
            for each in patient.history.standing(RegistrationWithdrawn):
                last = clinic.patient_recorder(patient.id).record(Struck(each.id, reason.strip()), actor)
        yield Round(min(n + AT_ONCE, len(wanted)), (), last)


def taken_back(clinic: OpenClinic, of: Import) -> int:
    """How many registrations of an import are taken back now."""
    return len(_withdrawn(clinic, of))


def told(undoing: Undoing, left: Collection[Line]) -> str:
    """After it: what was undone and what was not, plainly."""
    undone = len(undoing.with_fate("back")) - len(left)
    stay = len(undoing.with_fate("stays")) + len(left)
    gone = len(undoing.with_fate("gone"))
    said = [f"{_patients(undone)} of the import {'was' if undone == 1 else 'were'} taken back."]
    if stay:
        said.append(f"{stay} {'was' if stay == 1 else 'were'} left as {'it is' if stay == 1 else 'they are'}.")
    if gone:
        said.append(f"{gone} {'was' if gone == 1 else 'were'} not there any more.")
    return " ".join(said)


def _withdrawn(clinic: OpenClinic, of: Import) -> list[Patient]:
    here = (clinic.patients.get(id_) for id_ in of.patients)
    return [record for record in here if record is not None and record.withdrawn]


def _line(clinic: OpenClinic, place: int, id_: UUID, noted: Collection[str]) -> Line:
    record = clinic.patients.get(id_)
    if record is None:
        return Line(place, id_, "", "", "gone", "was never taken in, or was erased")
    known = record.registered
    fate, words = _fate(clinic, record, noted)
    return Line(place, id_, record.name, known.record_number if known else "", fate, words)


def _fate(clinic: OpenClinic, record: Patient, noted: Collection[str]) -> tuple[Fate, str]:
    if record.withdrawn:
        return "gone", "was taken back already"
    if clinic.visited(record.id):
        return "stays", "has a visit"
    if record.merged_into or record.took_in:
        return "stays", "is read together with another record"
    since = _since(record)
    if since is not None:
        return "stays", f"{clinic.state.name_of(since.entered_by)} has written in this record since"
    if str(record.id) in noted:
        return "stays", "somebody has written on them since"
    return "back", "can be taken back"


def _since(record: Patient) -> Happening | None:
    """The first that a person entered after the import; that it was taken back and put back counts for nothing."""
    said = list(record.history)
    first = said[0]
    back = {each.id for each in said if isinstance(each.fact, RegistrationWithdrawn)}
    for each in said[1:]:
        together = isinstance(each.fact, PatientDescribed) and each.by == first.by
        if together and 0 <= each.entered_at_us - first.entered_at_us < AT_ONE_US:
            continue
        if each.id in back or (isinstance(each.fact, Struck) and each.fact.target in back):
            continue
        if each.entered_by != DESK:
            return each
    return None if isinstance(first.fact, PatientRegistered) else first


def _noted(clinic: OpenClinic) -> frozenset[str]:
    """The patients on whom somebody has written a note for themselves."""
    rows = clinic.log.select("SELECT DISTINCT stream_id FROM entry WHERE stream_kind = 'private'", ())
    return frozenset(row[0].rpartition(":")[2] for row in rows)


def _patients(count: int) -> str:
    return f"{count} patient{'' if count == 1 else 's'}"
