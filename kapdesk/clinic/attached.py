"""The record that a visit's note carries: gathered from the log, no more of it than the note is made from.

Of the visit and of its patient every line; of the clinic's own only those that say who and what is named here. Nothing
of other patients, no words that were undone at once, nothing of who signed in when, and never what someone noted for
themselves.
"""

import importlib.metadata
import platform
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from kapdesk.clinic.open import Line as Visit
from kapdesk.clinic.open import OpenClinic
from kapdesk.clock import Moment
from kapdesk.facts.clinic import (
    ClinicFounded,
    CodesSet,
    CodeWordsSet,
    NoteTemplateSet,
    PersonAdded,
    StationEnrolled,
)
from kapdesk.facts.entry import OrderKey, Stream
from kapdesk.facts.fact import Correction, Struck
from kapdesk.facts.letterhead import CountedMinutesSet, LetterheadSet, LicenceNumberSet
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.seal import SealMade
from kapdesk.note import attached, outlines
from kapdesk.note.attached import Line, Made, Record
from kapdesk.people import merging
from kapdesk.record.history import History, read
from kapdesk.record.log import Kept
from kapdesk.session import papers
from kapdesk.session.state import Session, fold, seen

_OF_ALL = ClinicFounded, CodesSet, CodeWordsSet, NoteTemplateSet, LetterheadSet, CountedMinutesSet, SealMade
_OF_PEOPLE = PersonAdded, LicenceNumberSet
NEEDED = (*_OF_ALL, *_OF_PEOPLE, StationEnrolled)
"""The clinic's facts that a note is made from; of people only those who are named in the visit or its patient's record,
of stations only those that recorded a line of it."""


def record_of(clinic: OpenClinic, session: UUID, version: int, now: Moment) -> Record:
    """What a note carries that is made `now`: of the visit as it stands, or as a `version` of its signed note tells it.

    Raises KnownError where there is no such visit.
    """
    patient = clinic.visit(session).patient
    visit = clinic.log.read(Stream("session", str(session)))
    whole = fold(map(read, visit))
    if (end := _end(whole, version)) is not None:
        visit = [kept for kept in visit if kept.entry.body.order_key < end]
        whole = fold(map(read, visit))
        patient = clinic.patient(whole.patient) if whole.patient is not None else patient
    records = [clinic.log.read(Stream("patient", id_)) for id_ in sorted(str(each.id) for each in patient.records)]
    known = [_before_them(whole, lines) for lines in records]
    if not any(isinstance(read(kept).fact, PatientRegistered) for lines in known for kept in lines):
        known = records  # signed under another patient: who they are is known since
    patients = [kept for lines in known for kept in lines]
    told = tuple(_lines(visit, whole.history))
    theirs = tuple(line for lines in known for line in _lines(lines, History(map(read, lines))))
    # Whose record it is by what is attached of it: not, where they were merged later, somebody with nothing here.
    whose = merging.together(attached.records_of(theirs), whole.patient or patient.id)
    return Record(
        attached.FORMAT,
        clinic.log.keys.clinic,
        session,
        whose.id,
        Made(now.utc_us, place_of(clinic, Visit(session, patient, whole)), program(), outlines.fingerprint()),
        told,
        theirs,
        tuple(_of_clinic(clinic, [*visit, *patients])),
    )


def _lines(kept: Sequence[Kept], history: History) -> Iterable[Line]:
    unsaid = attached.unsaid(history)
    return (attached.line_of(each, shown=each.entry.body.id not in unsaid) for each in kept)


def _end(session: Session, version: int) -> OrderKey | None:
    """Where what one version of the note tells is over; None where it tells all there is."""
    authors = [session.lock, *papers.additions(session)]
    after = authors[version] if 0 < version < len(authors) else None
    return after.order if after is not None else None


def _before_them(session: Session, lines: Sequence[Kept]) -> Sequence[Kept]:
    """The lines of a patient's record that the one who signed had before them; all while nobody has signed."""
    if not lines:
        return []
    stream = lines[0].entry.body.stream.id
    ids = {each.id for each in seen(session, History(map(read, lines)), "patient", stream)}
    return [kept for kept in lines if kept.entry.body.id in ids]


def _of_clinic(clinic: OpenClinic, named_in: Sequence[Kept]) -> Iterable[Line]:
    """The clinic's lines, and of each station's chain where it ended, without what that says."""
    own = str(clinic.log.keys.clinic)
    tags = [*map(_tag, NEEDED), _tag(Struck), "corrected"]
    kept = clinic.log.read_kinds("clinic", tags, [own]).get(own, [])
    words = b"\n".join(
        [each.payload.bytes for each in named_in if each.payload is not None]
        + [f"{each.entry.body.by} {each.entry.body.entered_by}".encode() for each in named_in]
    )
    found: dict[UUID, Kept] = {}
    stations = {each.entry.body.station for each in named_in}
    facts = {each.entry.body.id: read(each).fact for each in kept}
    for each in kept:
        fact = facts[each.entry.body.id]
        if isinstance(fact, _OF_ALL) or (isinstance(fact, _OF_PEOPLE) and fact.person.encode() in words):
            found[each.entry.body.id] = each
    for each in kept:  # in order, so that what amends an amendment comes as well
        fact = facts[each.entry.body.id]
        if isinstance(fact, Correction | Struck) and fact.target in found:
            found[each.entry.body.id] = each
    heads = [
        clinic.log.at(Stream("clinic", own), head.station, head.seq) for head in clinic.log.heads(Stream("clinic", own))
    ]
    stations |= {each.entry.body.station for each in (*found.values(), *heads)}
    for each in kept:
        fact = facts[each.entry.body.id]
        if isinstance(fact, StationEnrolled) and fact.station in stations:
            found[each.entry.body.id] = each
            stations.add(each.entry.body.station)
    shown = {id_: attached.line_of(each) for id_, each in found.items()}
    silent = {each.entry.body.id: attached.line_of(each, shown=False) for each in heads}
    return sorted((silent | shown).values(), key=lambda line: line.body.order_key)


def program() -> str:
    """The program that makes the paper, and what it sets it with."""
    named = [f"{each} {importlib.metadata.version(each)}" for each in ("KapDesk", "reportlab")]
    return ", ".join([*named, f"Python {platform.python_version()}"])


def place_of(clinic: OpenClinic, line: Visit) -> str:
    """Where a dosing visit stands in the patient's course: "session 3 of 6"; rehearsals do not count."""
    opened, begun = line.session.opened, next(iter(line.session.history), None)
    if opened is None or opened.visit != "dosing" or opened.rehearsal or begun is None:
        return ""
    visits = [
        each
        for each in clinic.visits_of(line.patient.id)
        if each.session.opened is not None
        and (each.session.opened.visit, each.session.opened.rehearsal) == ("dosing", False)
        and next(iter(each.session.history)).at_us <= begun.at_us
    ]
    course = line.patient.course
    return f"session {len(visits)}" + (f" of {course.dosing_visits}" if course else "")


def _tag(kind: Any) -> str:
    return str(kind.__struct_config__.tag)
