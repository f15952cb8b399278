"""The substances log: what was drawn, given, wasted and returned, by lot and day, over all visits."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.care import SubstanceCounted, Witnessed
from kapdesk.record.history import History, read


class Counted(msgspec.Struct, frozen=True):
    """One count (µg), of which visit, by whom, and who witnessed it ("" while nobody has)."""

    day: date
    visit: UUID
    medication: str
    lot: str
    drawn_ug: int
    given_ug: int
    wasted_ug: int
    returned_ug: int
    by: str
    witnessed_by: str


def log_of(clinic: OpenClinic, since: date | None = None, until: date | None = None) -> list[Counted]:
    """Every standing count from one day to another, both included, in the order of time. Names no patient."""
    founded = clinic.state.founded
    zone = ZoneInfo(founded.time_zone if founded else "UTC")
    found = []
    tags = ["substance-counted", "witnessed", "corrected", "struck"]
    for id_, kept in clinic.log.read_kinds("session", tags).items():
        history = History(map(read, kept))
        witnesses = {h.fact.target: h for h in history.standing(Witnessed)}
        for each in history.standing(SubstanceCounted):
            day, fact = datetime.fromtimestamp(each.at_us / 1e6, zone).date(), each.fact
            if (since is None or day >= since) and (until is None or day <= until):
                seen = witnesses.get(each.id)
                made = Counted(
                    day,
                    UUID(id_),
                    fact.medication,
                    fact.lot,
                    fact.drawn_ug,
                    fact.given_ug,
                    fact.wasted_ug,
                    fact.returned_ug,
                    clinic.state.name_of(each.by),
                    clinic.state.name_of(seen.by) if seen else "",
                )
                found.append((each.at_us, made))
    return [made for _, made in sorted(found, key=lambda pair: pair[0])]
