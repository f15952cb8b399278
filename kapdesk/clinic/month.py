"""The clinic's month, read from the visits that were opened in it, and from no others."""

from calendar import monthrange
from datetime import date
from uuid import UUID

from kapdesk.clinic import papers as signed_papers
from kapdesk.clinic import summary
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.substances import counted_in, counts_for, given_in, instants, plan_of, stock
from kapdesk.clinic.visits import opened_between
from kapdesk.clock import local
from kapdesk.errors import KnownError
from kapdesk.facts.care import AdverseEventNoted, AdverseEventSettled, Overridden
from kapdesk.facts.papers import PaperFiled
from kapdesk.facts.people import Role
from kapdesk.note.monthly import Adverse, Aside, Month, Seen
from kapdesk.note.stock import held
from kapdesk.note.substances import Counted, Given, balances
from kapdesk.record.history import read
from kapdesk.session import papers
from kapdesk.session import state as session_fold
from kapdesk.session.infusion import gone_in_ug
from kapdesk.session.punctual import answered
from kapdesk.session.state import Session

_TAGS = (
    "visit-opened visit-moved protocol-chosen patient-arrived dose-given vitals-taken vitals-not-taken "
    "adverse-event-noted adverse-event-settled overridden substance-counted witnessed patient-left ended locked "
    "person-came-in countersigned addendum-written paper-kept paper-filed corrected struck"
).split()
"""The kinds of entries that a month shows something of."""


def month_of(text: str) -> date:
    """ "2026-11" as its first day. Raises KnownError for anything else."""
    try:
        return date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise KnownError(f"{text} is no month. Say it as year-month, for example 2026-11.") from error


def read_month(clinic: OpenClinic, first: date) -> Month:
    """A month, from its first day on. Reads the record, so off the core's thread."""
    first = first.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    zone = clinic.state.zone
    only = opened_between(clinic.log, *instants(clinic, first, last))
    found = clinic.log.read_kinds("session", _TAGS, only) if only else {}
    visits: list[Seen] = []
    counts: list[tuple[int, Counted]] = []
    given: list[Given] = []
    for id_ in only:
        session, visit = session_fold.fold(map(read, found.get(id_, ()))), UUID(id_)
        if not counts_for(clinic, session):
            continue
        begun = next(iter(session.history)).at_us
        visits.append(_seen(clinic, visit, session, local(begun, zone).date()))
        counts += counted_in(clinic, visit, session)
        given += given_in(clinic, visit, session)
    ordered = [each for _, each in sorted(counts, key=lambda pair: pair[0])]
    made = local(clinic.clock.now().utc_us, zone)
    lots = held(stock(clinic, first, last), first)
    return Month(first, tuple(visits), balances(ordered, given), lots, f"{made:%Y-%m-%d %H:%M}")


def _seen(clinic: OpenClinic, id_: UUID, session: Session, day: date) -> Seen:
    plan = plan_of(session)
    readings = answered(session, plan) if plan is not None else ()
    given: dict[tuple[str, str], int] = {}
    for each in session.doses():
        key = (each.fact.medication.strip().lower(), each.fact.route)
        given[key] = given.get(key, 0) + gone_in_ug(session, each)
    settled = {each.fact.event: each.fact.outcome for each in session.history.standing(AdverseEventSettled)}
    return Seen(
        id_,
        day,
        session.opened.visit if session.opened is not None else "dosing",
        clinic.patient(session.patient).id if session.patient in clinic.patients else session.patient,
        session.ended.how if session.ended is not None else "",
        tuple((medication, route, dose_ug) for (medication, route), dose_ug in given.items()),  # type: ignore[misc]
        len(readings),
        tuple(each.late_min for each in readings if each.late and each.at_us is not None and not each.left_out),
        sum(each.at_us is None for each in readings),
        sum(each.left_out for each in readings),
        tuple(
            Adverse(h.fact.what, h.fact.severity, h.fact.action, settled.get(h.id, ""))
            for h in session.history.standing(AdverseEventNoted)
        ),
        tuple(
            Aside(h.fact.what, h.fact.missing, h.fact.reason, clinic.state.name_of(h.by))
            for h in session.history.standing(Overridden)
        ),
        _open(clinic, id_, session),
    )


def _open(clinic: OpenClinic, id_: UUID, session: Session) -> tuple[str, ...]:
    """What of a visit's papers is not done yet: of the newest version of its note, and of its observation summary."""
    if session.live:
        return ("not ended",)
    said, filing = [] if session.signed else ["to be signed"], clinic.state.filing
    if papers.owed(session, signed_papers.since(clinic.state)):
        said.append("its signed paper is to be made")
    for last in papers.versions(session)[-1:]:
        if last.countersigned is None and not papers.MEDICAL & set(_roles(clinic, session, last.author.by)):
            said.append("to be countersigned")
        if last.made and filing is not None and filing.folder and not _filed(session, last.sha256):
            said.append("to be filed")
    if "not sent" in summary.state(session, id_, clinic.state):
        said.append("observation summary to be sent")
    return tuple(said)


def _roles(clinic: OpenClinic, session: Session, person: str) -> tuple[Role, ...]:
    known = clinic.state.people.get(person)
    return papers.roles_of(session, person, known.roles if known is not None else ())


def _filed(session: Session, sha256: str) -> bool:
    return any(isinstance(h.fact, PaperFiled) and h.fact.sha256 == sha256 and not h.struck for h in session.history)
