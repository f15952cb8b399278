"""The substances log: what was drawn, given, wasted and returned, by lot and day, over all visits of a period."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.visits import opened_between
from kapdesk.clinical.dosing import lot_key
from kapdesk.clinical.protocol import Protocol, parse
from kapdesk.clock import local
from kapdesk.errors import KnownError
from kapdesk.facts.care import SubstanceCounted, Witnessed
from kapdesk.facts.stock import StockMoved
from kapdesk.note.stock import Moved
from kapdesk.note.substances import Counted, Given, newest
from kapdesk.record.history import read
from kapdesk.session import state as session_fold
from kapdesk.session.counting import count_of, given_by_lot
from kapdesk.session.state import Session

LATEST_DAYS = 31
"""So long after a visit was opened its substances may still be counted, to be found when only a period is read."""
_TAGS = (
    "visit-opened",
    "protocol-chosen",
    "dose-given",
    "substance-counted",
    "witnessed",
    "locked",
    "corrected",
    "struck",
)


def log_of(clinic: OpenClinic, since: date | None = None, until: date | None = None) -> list[Counted]:
    """Every standing count from one day to another, both included, in the order of time. Names no patient."""
    return [each for _, each in _read(clinic, since, until)[0]]


def period(clinic: OpenClinic, since: date, until: date) -> tuple[list[Counted], list[Given]]:
    """The counts of these days, and what the doses of these days come to by visit and lot, of real visits."""
    counts, given = _read(clinic, since, until)
    return [each for _, each in counts], given


def stock(clinic: OpenClinic, since: date, until: date) -> tuple[Moved, ...]:
    """The lines of the stock up to a day: what was said of it, and what visits drew and returned.

    Of each lot from where its stock is known: its newest count before the period, or else its first line.
    """
    over_us, zone = instants(clinic, since, until)[1], clinic.state.zone
    said = [h for h in clinic.state.history.standing(StockMoved) if h.at_us < over_us]
    begun_us = instants(clinic, since, until)[0]
    known: dict[tuple[str, str], int] = {}
    for h in said:
        key = lot_key(h.fact.medication, h.fact.lot)
        if key not in known or (h.fact.what == "counted" and h.at_us < begun_us):
            known[key] = h.at_us
    if not known:
        return ()
    moves = [
        Moved(
            h.at_us,
            local(h.at_us, zone).date(),
            h.fact.medication,
            h.fact.lot,
            h.fact.amount_ug,
            h.fact.what,
            h.fact.words + (f", expires {h.fact.expiry}" if h.fact.expiry else ""),
            clinic.state.name_of(h.by),
            clinic.state.name_of(h.fact.witnessed_by) if h.fact.witnessed_by else "",
        )
        for h in said
    ]
    counts, _ = _read(clinic, local(min(known.values()), zone).date(), until)
    holding = set(map(id, newest([each for _, each in counts])))
    for at_us, each in counts:
        key = lot_key(each.medication, each.lot)
        if id(each) in holding and at_us >= known.get(key, over_us):
            moves.append(Moved(at_us, each.day, each.medication, each.lot, each.returned_ug - each.drawn_ug))
    return tuple(sorted((each for each in moves if _since(known, each)), key=lambda each: each.at_us))


def _since(known: dict[tuple[str, str], int], each: Moved) -> bool:
    return each.at_us >= known[lot_key(each.medication, each.lot)]


def counted_in(clinic: OpenClinic, visit: UUID, session: Session) -> list[tuple[int, Counted]]:
    """The standing counts of one visit, each with when it was."""
    zone = clinic.state.zone
    witnesses = {h.fact.target: h for h in session.history.standing(Witnessed)}
    made = []
    for each in session.history.standing(SubstanceCounted):
        fact, seen = each.fact, witnesses.get(each.id)
        by, witness = clinic.state.name_of(each.by), clinic.state.name_of(seen.by) if seen else ""
        amounts = (fact.drawn_ug, fact.given_ug, fact.wasted_ug, fact.returned_ug)
        day = local(each.at_us, zone).date()
        made.append((each.at_us, Counted(day, visit, fact.medication, fact.lot, *amounts, by, witness)))
    return made


def given_in(clinic: OpenClinic, visit: UUID, session: Session) -> list[Given]:
    """What the doses of one visit come to, by medication and lot, each with what was counted of it; nothing where its
    protocol asks for no count and nobody made one."""
    plan = plan_of(session)
    if session.first_dose_us is None or (plan is not None and not plan.count_substances and not _counted(session)):
        return []
    day = local(session.first_dose_us, clinic.state.zone).date()
    made = []
    for (medication, lot), given_ug in given_by_lot(session).items():
        count = count_of(session, medication, lot)
        made.append(Given(day, visit, medication, lot, given_ug, count.fact.given_ug if count else None))
    return made


def plan_of(session: Session) -> Protocol | None:
    """The protocol of a visit; None where it has none, or one that cannot be read."""
    return _parsed(session.protocol.toml) if session.protocol is not None else None


@lru_cache(64)
def _parsed(toml: str) -> Protocol | None:
    """Many visits go by one protocol: it is read once."""
    try:
        return parse(toml)
    except KnownError:
        return None


def _counted(session: Session) -> bool:
    return bool(session.history.standing(SubstanceCounted))


def instants(clinic: OpenClinic, since: date, until: date) -> tuple[int, int]:
    """When these days begin and are over where the clinic is, in UTC µs."""
    zone = clinic.state.zone
    begin = datetime.combine(since, time(), zone).timestamp()
    over = datetime.combine(until + timedelta(days=1), time(), zone).timestamp()
    return int(begin * 1e6), int(over * 1e6)


def counts_for(clinic: OpenClinic, session: Session) -> bool:
    """Whether a visit stands in what is told of the clinic: rehearsals do in a demo clinic only."""
    return session.opened is not None and (clinic.state.demo or not session.opened.rehearsal)


def _read(clinic: OpenClinic, since: date | None, until: date | None) -> tuple[list[tuple[int, Counted]], list[Given]]:
    """The counts of a period, each with when it was, and the doses."""
    first, last = since or date(1970, 1, 1), until or date(9999, 12, 30)
    only = None
    if since is not None or until is not None:
        from_us, until_us = instants(clinic, max(first, date(1970, 2, 2)) - timedelta(days=LATEST_DAYS), last)
        only = opened_between(clinic.log, from_us, until_us)
    counts: list[tuple[int, Counted]] = []
    given: list[Given] = []
    for id_, kept in (clinic.log.read_kinds("session", _TAGS, only) if only != [] else {}).items():
        session, visit = session_fold.fold(map(read, kept)), UUID(id_)
        counts += [each for each in counted_in(clinic, visit, session) if first <= each[1].day <= last]
        if counts_for(clinic, session):
            given += [each for each in given_in(clinic, visit, session) if first <= each.day <= last]
    return sorted(counts, key=lambda pair: pair[0]), sorted(given, key=lambda each: each.day)
