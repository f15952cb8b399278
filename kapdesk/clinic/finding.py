"""Finding sessions: one line of words that narrow, understood as names, numbers, days, staff and what was written."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec

from kapdesk.clinic import days, listed
from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.people.clinic import Clinic
from kapdesk.store import letters, seeking
from kapdesk.store.index import Person, Row, Text
from kapdesk.store.seeking import Found, Place, Sought, Term

PAGE = 30
"""So many rows are read, and drawn, at once."""
_MANY = 1_000
AROUND = 36
"""So many letters stand on each side of what was found."""
ADVERSE = "Adverse event"

_ADVERSE = re.compile(r"\badverse(?:\s+(?:events?|reactions?))?\b", re.IGNORECASE)
_QUOTED = re.compile(r'["“„]([^"“”„]*)["”“]?')


class Filters(msgspec.Struct, frozen=True):
    """What the buttons beside the line ask for."""

    unsigned: bool = False
    unfiled: bool = False
    adverse: bool = False
    added: bool = False


class Why(msgspec.Struct, frozen=True):
    """Why a session was found: in what ("Observation", "Here"), the words around, and from where to where in them the
    word stands."""

    where: str
    words: str
    begins: int = 0
    ends: int = 0


class Hit(msgspec.Struct, frozen=True):
    """A session in the list: its row, whose it is, by whom it was signed in words, and why it was found."""

    id: UUID
    row: Row
    patient: Person
    why: tuple[Why, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """A part of the list: `more` is where the next part begins, None where this was the last. `count` of all that was
    found, `left` sessions and patients that the index has still to read; `trouble` says why what is newest may not be
    in it."""

    hits: tuple[Hit, ...]
    more: Place | None
    count: int
    left: int = 0
    trouble: str = ""


def find(
    clinic: OpenClinic, line: str = "", filters: Filters | None = None, after: Place | None = None, at_most: int = 0
) -> Page:
    """A page of the sessions that a line of words means, the newest first; `at_most` of them, or as many as a page of
    the list has. Reads the index, so off the core's thread.

    Raises KnownError where it cannot be read.
    """
    at_most, left, trouble = at_most or PAGE, 0, ""
    try:
        left = clinic.index.catch_up()
    except KnownError as error:  # what was read before can still be looked through
        trouble = str(error)
    sought = understood(line, clinic.today(), clinic.state, filters or Filters())
    found = seeking.find(clinic.index, sought, at_most + 1, after)
    hits = tuple(Hit(UUID(each.row.id), each.row, each.patient, _why(each, sought, clinic.state)) for each in found)
    last = found[at_most - 1] if len(found) > at_most else None
    more = (last.row.at_us, last.n) if last is not None else None
    count = seeking.count(clinic.index, sought) if more is not None or after is not None else len(hits)
    return Page(hits[:at_most], more, count, left, trouble)


def of_patient(clinic: OpenClinic, patient: UUID) -> tuple[Hit, ...]:
    """A patient's visits, of all their records, the newest first: read from the record itself."""
    whole = clinic.patient(patient)
    only = clinic.whose.of(each.id for each in whole.records)
    read = clinic.log.read_kinds("session", listed.KINDS, only) if only else {}
    known, said = {str(each.id) for each in whole.records}, whole.registered
    number, born = (said.record_number, said.born_on) if said is not None else ("", "")
    person = Person(str(whole.id), whole.name, whole.called, number, born)
    rows = [found[0] for found in (listed.of_session(id_, entries) for id_, entries in read.items()) if found]
    mine = sorted((row for row in rows if row.patient in known), key=lambda row: -row.at_us)
    return tuple(Hit(UUID(row.id), row, person) for row in mine)


def every(clinic: OpenClinic, line: str = "") -> Iterator[Hit]:
    """All sessions that a line means, the newest first, page after page; waits until the index has read everything."""
    clinic.index.catch_up(whole=True)
    page = find(clinic, line, at_most=_MANY)
    yield from page.hits
    while page.more is not None:
        page = find(clinic, line, after=page.more, at_most=_MANY)
        yield from page.hits


def understood(line: str, now: date, clinic: Clinic, filters: Filters = Filters()) -> Sought:  # noqa: B008 -- frozen
    """What a line means. What is quoted is words and nothing else; two days with a word between are all from one to the
    other; of the rest every word must be there."""
    terms = [each.strip() for each in _QUOTED.findall(line)]
    line = _QUOTED.sub(" ", line)
    spans, line = days.spans(line, now)
    adverse = _ADVERSE.search(line) is not None
    words = [*terms, *_ADVERSE.sub(" ", line).split()]
    return Sought(
        tuple(Term(each, _staff(each, clinic)) for each in words if letters.sought(each)),
        tuple(spans),
        adverse or filters.adverse,
        filters.unsigned,
        filters.unfiled,
        filters.added,
    )


def _staff(words: str, clinic: Clinic) -> tuple[str, ...]:
    return tuple(id_ for id_, person in clinic.people.items() if letters.place(words, person.name) is not None)


def _why(found: Found, sought: Sought, clinic: Clinic) -> tuple[Why, ...]:
    """For each word that is not seen in the row itself: where it stands."""
    person, why = found.patient, list[Why]()
    seen = (person.name, person.called, found.row.protocol)
    elsewhen = [each for each in sought.spans if not each.first <= found.row.day <= (each.last or "9999")]
    for term in (*sought.terms, *(Term(each.words) for each in elsewhen)):
        if any(letters.place(term.words, text) for text in (*seen, *(each.words for each in why))):
            continue
        told = next(_told(term, found, clinic), None)
        if told is not None:
            why.append(told)
    if sought.adverse and found.row.adverse and not any(each.where == ADVERSE for each in why):
        why.append(Why(ADVERSE, "; ".join(found.row.adverse)))
    return tuple(why)


def _told(term: Term, found: Found, clinic: Clinic) -> Iterator[Why]:
    for number, what in ((found.patient.number, "Record number"), (found.patient.born, "Born")):
        if number and (place := letters.place(term.words, number)):
            yield Why(what, number, *place)
        elif number and letters.place(term.words, "".join(filter(str.isalnum, number))):
            yield Why(what, number, 0, len(number))
    for text in found.texts:
        if (place := letters.place(term.words, text.words)) is not None:
            yield _around(text, place)
    for id_ in term.staff:
        if id_ in found.row.staff and (place := letters.place(term.words, name := clinic.name_of(id_))):
            yield Why("Here", name, *place)


def _around(text: Text, place: tuple[int, int]) -> Why:
    """The words around, cut between words, on one line."""
    begins, ends = place
    first, last = max(0, begins - AROUND), min(len(text.words), ends + AROUND)
    if first and (space := text.words.find(" ", first, begins)) >= 0:
        first = space + 1
    if last < len(text.words) and (space := text.words.rfind(" ", ends, last)) >= 0:
        last = space
    before, after = "…" if first else "", "…" if last < len(text.words) else ""
    cut = re.sub(r"\s", " ", text.words[first:last])
    return Why(text.kind, f"{before}{cut}{after}", begins - first + len(before), ends - first + len(before))
