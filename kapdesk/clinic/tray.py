"""The morning tray: what is to be signed, countersigned, filed, sent and followed up, with the day by which; the most
urgent first. Pure over what the index and the record say; `read` gathers that."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, get_args
from uuid import UUID

import msgspec

from kapdesk.clinic.kept import Paper
from kapdesk.facts.clinic import SummarySent
from kapdesk.facts.patient import VisitPlanned
from kapdesk.facts.people import Act
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.store.index import Row

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic

What = Literal["sign", "countersign", "file", "send", "follow up"]
ORDER: tuple[What, ...] = get_args(What)
NEEDS: dict[What, tuple[Act, ...]] = {
    "sign": ("read records", "sign"),
    "countersign": ("read records", "sign"),
    "file": ("read records", "file"),
    "send": ("read records", "file"),
    "follow up": ("read patient",),
}
"""What someone must be allowed to do to be shown it."""

FOLLOWED: frozenset[str] = frozenset({"integration", "follow-up"})
"""The planned visits that are followed up; a dosing visit that is missed is seen in the course."""

_ROWS = (
    "SELECT shown.row FROM session JOIN shown ON shown.n = session.n "
    "WHERE session.unsigned OR session.owed OR session.id IN ({})"
)
_OF = (
    "SELECT COALESCE(own.head, session.patient), shown.row FROM session JOIN shown ON shown.n = session.n "
    "LEFT JOIN patient own ON own.id = session.patient WHERE session.patient IN ({})"
)
_PLANNED = "SELECT DISTINCT stream_id FROM entry WHERE stream_kind = 'patient' AND kind = 'visit-planned'"


class Task(msgspec.Struct, frozen=True):
    """One row of the tray: what is to be done, for whom, by which day, and what more there is to say of it ("visit of
    2026-11-26"). `session` is None for a visit that is still to come."""

    what: What
    patient: UUID
    name: str
    due: date
    words: str
    session: UUID | None = None

    def late(self, today: date) -> int:
        """How many days it is late; 0 up to the day it is due."""
        return max(0, (today - self.due).days)


def of_rows(
    rows: Iterable[Row], clinic: Clinic, papers: Sequence[Paper], of_one: Sequence[Paper], sent: frozenset[UUID]
) -> list[tuple[What, Row, date]]:
    """What is to be done of the visits: `papers` are still to be filed, `of_one` have one signature, and of `sent`
    the observation summary is on its way. Of a rehearsal nothing is."""
    days, made = clinic.tray_days, list[tuple[What, Row, date]]()
    unfiled, alone = {each.session for each in papers}, {each.session for each in of_one}
    for row in rows:
        id_, day = UUID(row.id), date.fromisoformat(row.day)
        if row.rehearsal:
            continue
        if row.stage == "ended":
            made.append(("sign", row, day + timedelta(days.sign)))
        if id_ in alone:
            made.append(("countersign", row, day + timedelta(days.countersign)))
        if id_ in unfiled:
            made.append(("file", row, day + timedelta(days.file)))
        if row.owed and row.stage in ("ended", "locked") and id_ not in sent:
            made.append(("send", row, date.fromisoformat(row.owed)))
    return made


def planned(patient: Patient, visits: Sequence[Row], today: date) -> list[tuple[VisitPlanned, date]]:
    """The planned visits whose day has come and that were not opened since they were planned."""
    newest = {each.fact.visit: each for each in patient.standing(VisitPlanned)}
    due = []
    for kind, each in newest.items():
        came = any(row.visit == kind and row.at_us > each.at_us for row in visits)
        on = date.fromisoformat(each.fact.on)
        if kind in FOLLOWED and on <= today and not came:
            due.append((each.fact, on))
    return due


def ordered(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """The most urgent first; of one day in the order in which a note goes its way."""
    return tuple(sorted(tasks, key=lambda each: (each.due, ORDER.index(each.what), each.name.casefold())))


def counted(tasks: Iterable[Task]) -> str:
    """ "3 to sign, 1 to file"; empty where nothing is to be done."""
    counts: Mapping[What, int] = dict.fromkeys(ORDER, 0)
    for each in tasks:
        counts[each.what] += 1  # type: ignore[index]
    return ", ".join(f"{count} to {what}" for what, count in counts.items() if count)


def read(clinic: "OpenClinic") -> tuple[Task, ...]:
    """The tray as it stands. Reads the index and the record, so off the core's thread; never every visit."""
    state, today = clinic.state, clinic.today()
    clinic.index.catch_up(whole=True)
    chosen = state.filing is not None and bool(state.filing.folder)
    papers = clinic.filing.papers.to_file() if chosen else ()
    of_one = clinic.filing.papers.of_one()
    ids = sorted({str(each.session) for each in (*papers, *of_one)})
    rows = [_row(row) for (row,) in clinic.index.select(_ROWS.format(_marks(ids)), ids)]
    sent = frozenset(each.fact.session for each in state.history.standing(SummarySent))
    tasks = [_task(clinic, *each) for each in of_rows(rows, state, papers, of_one, sent)]
    return ordered([*tasks, *_follow_ups(clinic, today)])


def _follow_ups(clinic: "OpenClinic", today: date) -> list[Task]:
    heads = {clinic.patient(UUID(id_)).id for (id_,) in clinic.log.select(_PLANNED)}
    known = [each for each in map(clinic.patient, heads) if each.registered is not None and not each.withdrawn]
    due = [(each, plans) for each in known if (plans := planned(each, (), today))]
    records = [str(record.id) for each, _ in due for record in each.records]
    visits: dict[str, list[Row]] = {}
    for head, row in clinic.index.select(_OF.format(_marks(records)), records):
        visits.setdefault(head, []).append(_row(row))
    return [
        Task("follow up", each.id, each.name, on, f"{fact.visit} planned{f': {fact.words}' if fact.words else ''}")
        for each, _ in due
        for fact, on in planned(each, visits.get(str(each.id), ()), today)
    ]


def _task(clinic: "OpenClinic", what: What, row: Row, due: date) -> Task:
    patient = clinic.patient(UUID(row.patient))
    return Task(what, patient.id, patient.name, due, f"visit of {row.day}", UUID(row.id))


def _row(row: bytes) -> Row:
    return msgspec.json.decode(row, type=Row)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
