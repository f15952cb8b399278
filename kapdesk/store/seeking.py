"""What is looked for in the index, and the sessions that are found: the newest first, a page at a time."""

from collections.abc import Sequence

import msgspec

from kapdesk.store import letters
from kapdesk.store.index import Index, Person, Row, Text

_ONE_LETTER = 1
"""A single letter begins too many words to look for it in what was written: only in names and numbers."""


class Term(msgspec.Struct, frozen=True):
    """A word, or words beside each other, as typed; `staff` are those of the staff whose name it is."""

    words: str
    staff: tuple[str, ...] = ()


class Span(msgspec.Struct, frozen=True):
    """Days from `first` to `last` (YYYY-MM-DD, both included; "" is open). `words`: what to look for as well, where it
    may be a birth date ("1970-05"), a number or a name."""

    first: str
    last: str
    words: str = ""


class Sought(msgspec.Struct, frozen=True):
    """Everything here must hold of a session. `only` are conditions of the list's buttons."""

    terms: tuple[Term, ...] = ()
    spans: tuple[Span, ...] = ()
    adverse: bool = False
    unsigned: bool = False
    unfiled: bool = False
    added: bool = False


class Found(msgspec.Struct, frozen=True):
    """A session that was found: its row, whose it is (the record that goes on, and the one it was opened under where
    that is another), and what was written in it, where words were looked for."""

    n: int
    row: Row
    patient: Person
    texts: tuple[Text, ...] = ()


Place = tuple[int, int]
"""Where a page ended: time and number of its last row."""

_OF_NAMES = (
    "SELECT session.n FROM session JOIN patient ON patient.id = session.patient WHERE patient.head IN "
    "(SELECT named.head FROM names JOIN patient named ON named.n = names.rowid WHERE names MATCH ?)"
)


def find(index: Index, sought: Sought, at_most: int, after: Place | None = None) -> list[Found]:
    """The newest sessions of which it all holds, so many at most, those after a place in the list."""
    where, values = _conditions(sought)
    if after is not None:
        where.append("(session.at_us, session.n) < (?, ?)")
        values += after
    texts = "shown.texts" if sought.terms else "NULL"
    chosen = (  # only what is shown is read: the rows are long
        f"SELECT session.n, session.at_us, session.patient FROM session WHERE {' AND '.join(where)} "  # noqa: S608 -- ours
        "ORDER BY session.at_us DESC, session.n DESC LIMIT ?"
    )
    rows = index.select(
        f"SELECT chosen.n, shown.row, {texts}, COALESCE(own.head, chosen.patient), goes_on.row "  # noqa: S608 -- ours
        f"FROM ({chosen}) chosen JOIN shown ON shown.n = chosen.n LEFT JOIN patient own ON own.id = chosen.patient "
        "LEFT JOIN patient goes_on ON goes_on.id = own.head ORDER BY chosen.at_us DESC, chosen.n DESC",
        (*values, at_most),
    )
    return [
        Found(
            n,
            msgspec.json.decode(row, type=Row),
            _person(head, named),
            msgspec.json.decode(said, type=tuple[Text, ...]) if said is not None else (),
        )
        for n, row, said, head, named in rows
    ]


def count(index: Index, sought: Sought) -> int:
    """Of how many sessions it all holds."""
    where, values = _conditions(sought)
    sql = f"SELECT COUNT(*) FROM session WHERE {' AND '.join(where)}"  # noqa: S608 -- conditions of ours
    return int(index.select(sql, values)[0][0])


def _conditions(sought: Sought) -> tuple[list[str], list[object]]:
    where, values = ["TRUE"], list[object]()
    for term in sought.terms:
        parts, said = _term(term)
        where.append(f"session.n IN ({' UNION ALL '.join(parts)})" if parts else "FALSE")
        values += said
    for span in sought.spans:
        parts = ["session.day BETWEEN ? AND ?"]
        values += (span.first, span.last or "9999")
        if span.words:
            also, said = _term(Term(span.words))
            parts += [f"session.n IN ({part})" for part in also]
            values += said
        where.append(f"({' OR '.join(parts)})")
    for holds, condition in (
        (sought.adverse, "session.adverse"),
        (sought.unsigned, "session.unsigned"),
        (sought.unfiled, "session.unfiled"),
        (sought.added, "session.added"),
    ):
        if holds:
            where.append(condition)
    return where, values


def _term(term: Term) -> tuple[list[str], Sequence[object]]:
    """Where a term may stand: in what was written, in names, in who was there."""
    asked = letters.sought(term.words)
    parts, values = list[str](), list[object]()
    if asked:
        if len(term.words) > _ONE_LETTER or not term.words.isascii():
            parts.append("SELECT rowid FROM words WHERE words MATCH ?")
            values.append(asked)
        parts.append(_OF_NAMES)
        values.append(asked)
    if term.staff:
        marks = ", ".join("?" * len(term.staff))
        parts.append(f"SELECT n FROM at_work WHERE person IN ({marks})")  # noqa: S608 -- marks only
        values += term.staff
    return parts, values


def _person(head: str, row: bytes | None) -> Person:
    return msgspec.json.decode(row, type=Person) if row is not None else Person(head, "Unknown patient")
