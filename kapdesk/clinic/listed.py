"""What the list of sessions and its search know of one session, and of one patient: read from their entries. Pure."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import get_args
from uuid import UUID

from kapdesk.clinical import protocol
from kapdesk.clock import local
from kapdesk.errors import KnownError
from kapdesk.facts.after import DebriefWritten, PracticeAgreed, PracticeReviewed, VisitMoved
from kapdesk.facts.care import AdverseEventNoted, AdverseEventSettled, EmergencyOver, StateBegan
from kapdesk.facts.fact import Erased, Fact, Struck
from kapdesk.facts.papers import Countersigned, PaperFiled, PaperKept
from kapdesk.facts.patient import PatientFact
from kapdesk.facts.people import DESK
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    Corrected,
    DoseGiven,
    Ended,
    IntentionSet,
    Locked,
    Marked,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PersonCameIn,
    ProtocolChosen,
    SummaryWritten,
    VisitOpened,
)
from kapdesk.people import merging
from kapdesk.people import patient as patient_fold
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening, read
from kapdesk.record.log import Kept
from kapdesk.session import state as session_fold
from kapdesk.session.papers import Version, versions
from kapdesk.session.state import Session
from kapdesk.store.index import Person, Reading, Row, Text

_KINDS: tuple[type[Fact], ...] = (
    *(VisitOpened, VisitMoved, ProtocolChosen, PatientArrived, Cleared, DoseGiven, PatientLeft, Ended, Locked),
    *(PersonCameIn, NoteTaken, Marked, StateBegan, IntentionSet, DebriefWritten, PracticeAgreed, PracticeReviewed),
    *(SummaryWritten, AddendumWritten, AdverseEventNoted, AdverseEventSettled, EmergencyOver),
    *(Countersigned, PaperKept, PaperFiled, Corrected, Struck, Erased),
)
KINDS = tuple(str(kind.__struct_config__.tag) for kind in _KINDS)
"""The kinds of entries that the list shows or finds something of. What the staff write for themselves is in none."""

_OF_PATIENTS = tuple(str(kind.__struct_config__.tag) for kind in get_args(PatientFact))
_SUMMARY = "The note’s first page"
_ADDED = {"addendum": "Addendum", "late entry": "Late entry", "correction": "Correction"}


def of_session(id_: str, entries: Sequence[Kept]) -> tuple[Row, str, tuple[Text, ...]] | None:
    """Its row, what it is about in words that are looked for, and its texts. None for what is in no list."""
    session = session_fold.fold(map(read, entries))
    if session.opened is None or session.patient is None or session.erased:
        return None
    opened, first = session.opened, next(iter(session.history))
    at_us, zone = first.said.at_us, session.zone
    begun_us = session.arrived_us if session.arrived_us is not None else at_us
    adverse = tuple(_adverse(session))
    newest = next(reversed(versions(session)), None)
    filed = _filed(session, newest)
    row = Row(
        id=id_,
        at_us=at_us,
        day=local(begun_us, zone).date().isoformat(),
        patient=str(session.patient),
        zone=opened.time_zone,
        stage=session.stage,
        visit=opened.visit,
        arrived_us=session.arrived_us,
        rehearsal=opened.rehearsal,
        protocol=_plan(session.protocol.toml) if session.protocol is not None else "",
        how=session.ended.how if session.ended is not None else "",
        adverse=adverse,
        staff=_staff(session),
        signed_by=newest.author.by if newest is not None else "",
        signed_us=newest.author.entered_at_us if newest is not None else 0,
        counter=(countersigned.by, countersigned.at_us) if newest and (countersigned := newest.countersigned) else None,
        version=newest.number if newest is not None else 0,
        paper=newest.sha256 if newest is not None else "",
        filed=filed.fact.place if filed is not None else "",
        filed_us=filed.at_us if filed is not None else 0,
        owed=_owed(session),
    )
    about = " ".join(
        (
            *(row.protocol, row.visit, row.how, "rehearsal" if row.rehearsal else "", opened.chair),
            *("adverse event" for _ in adverse[:1]),
            *adverse,
        )
    )
    return row, about, tuple(_texts(session))


def of_patient(id_: str, entries: Sequence[Kept]) -> Person | None:
    """A patient's record: who they are, and which records it says it is one with. None where it was erased."""
    known = patient_fold.fold(UUID(id_), map(read, entries))
    if known.erased or not entries:
        return None
    said = known.registered
    return Person(
        id_,
        known.name,
        said.preferred_name if said is not None else "",
        said.record_number if said is not None else "",
        said.born_on if said is not None else "",
        tuple(sorted(map(str, known.merged_into))),
        tuple(sorted(map(str, known.took_in))),
    )


def heads(people: Sequence[Person]) -> dict[str, str]:
    """For each record that is read with others: the one that goes on."""
    ids = {UUID(each.id): each for each in people}
    records = {
        id_: Patient(
            id_, merged_into=frozenset(map(UUID, each.merged_into)), took_in=frozenset(map(UUID, each.took_in))
        )
        for id_, each in ids.items()
    }
    return {str(one): str(on) for one, on in merging.heads(records).items()}


READING = Reading(KINDS, of_session, _OF_PATIENTS, of_patient, heads)


def _texts(session: Session) -> Iterator[Text]:
    """What was written in the visit and stands, in its order; of a section that is written anew only the newest."""
    newest = {each.fact.section: each.id for each in _all(session, SummaryWritten)}
    newest |= {each.fact.part: each.id for each in _all(session, DebriefWritten)}
    for each in session.history:
        if each.struck or each.dangling:
            continue
        match each.fact:
            case NoteTaken(text, code):
                kind, words = "Observation", f"{code}: {text}" if code and text else code or text
            case StateBegan(code, text):
                kind, words = "Observation", f"{code}: {text}" if text else code
            case IntentionSet(text):
                kind, words = "Intention", text
            case DebriefWritten(part, text) if newest[part] == each.id:
                kind, words = f"Debrief, {part}", text
            case PracticeAgreed(text) | PracticeReviewed(_, text):
                kind, words = "Practice", text
            case SummaryWritten(section, text) if newest[section] == each.id:
                kind, words = _SUMMARY, text
            case AddendumWritten(text, added):
                kind, words = _ADDED[added], text
            case AdverseEventNoted(what, severity, action):
                kind, words = "Adverse event", ", ".join(filter(None, (what, severity, action)))
            case AdverseEventSettled(_, outcome) | EmergencyOver(outcome):
                kind, words = "Outcome", outcome
            case Ended(_, reason):
                kind, words = "End", reason
            case _:
                continue
        if words.strip():
            yield Text(kind, each.at_us, words)


def _all(session: Session, kind: type[Fact]) -> list[Happening]:
    """What stands of a kind, after signing too, by the time it happened."""
    found = [each for each in session.history if isinstance(each.fact, kind) and not each.struck]
    return sorted(found, key=lambda each: (each.at_us, each.order))


def _filed(session: Session, newest: Version | None) -> Happening | None:
    """Where the paper that stands now was filed; of one that was filed twice, the last."""
    if newest is None or not newest.papers:
        return None
    return next((each for each in reversed(_all(session, PaperFiled)) if each.fact.sha256 == newest.sha256), None)


def _adverse(session: Session) -> Iterator[str]:
    for each in _all(session, AdverseEventNoted):
        yield f"{each.fact.what}, {each.fact.severity}"


def _staff(session: Session) -> tuple[str, ...]:
    """Who was in the room, or did or typed something."""
    came = [each.fact.person for each in _all(session, PersonCameIn)]
    did = [person for each in session.history for person in (each.by, each.entered_by)]
    return tuple(person for person in dict.fromkeys((*came, *did)) if person and person != DESK)


def _owed(session: Session) -> str:
    """The day by which an observation summary is due; "" for a visit that needs none."""
    if not any(each.fact.route == "nasal" for each in session.history.standing(DoseGiven)):
        return ""
    from kapdesk.note import observed  # brings the paper along, which few visits need
    from kapdesk.note.telling import Telling
    from kapdesk.people.clinic import Clinic

    return observed.due(Telling(session, Clinic())).isoformat() if observed.wanted(session) else ""


@lru_cache(maxsize=64)
def _plan(toml: str) -> str:
    try:
        return protocol.parse(toml).name
    except KnownError:
        return ""
