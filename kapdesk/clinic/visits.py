"""Which visits there are, and whose: kept at hand and brought up to date by the rows that came since, so that reading
one patient's visits takes no longer in a clinic of many."""

import threading
from collections.abc import Iterable
from uuid import UUID

from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.entry import Payload
from kapdesk.facts.session import VisitOpened
from kapdesk.store.log import SqlLog

SHOWN = (
    "visit-opened visit-moved protocol-chosen patient-arrived cleared dose-given patient-left ended locked "
    "corrected struck"
).split()
"""The kinds of entries that a list shows something of."""

_DECIDING = "'visit-opened', 'visit-moved', 'corrected'"
"""The kinds of entries that may say whose visit it is."""

_CAME = (
    "SELECT entry.stream_id, entry.kind, salt, codec, sealed_to, bytes "  # noqa: S608 -- names of ours
    "FROM entry LEFT JOIN payload ON payload.entry_id = entry.id "
    f"WHERE entry.stream_kind = 'session' AND entry.kind IN ({_DECIDING}) AND entry.rowid > ? AND entry.rowid <= ?"
)

_ENDING = (
    "SELECT DISTINCT +stream_id FROM entry WHERE stream_kind = 'session' AND kind = 'visit-opened' "
    "AND substr(stream_id, -length(?)) = ? LIMIT 2"
)


def ending(log: SqlLog, end: str) -> UUID:
    """The one visit whose id ends so: asks the record which visits there are, and reads none. Raises KnownError where
    there is none, or several."""
    end = end.strip().lower()
    rows = log.select(_ENDING, (end, end)) if end else []
    if len(rows) != 1:
        which = "More than one session" if rows else "No session"
        raise KnownError(f"{which} ends in {end}. Nothing was done; list them with: kapdesk note")
    return UUID(rows[0][0])


class Whose:
    """The visits that may be a patient's: all in whose record that patient is named, by id.

    One that was moved or corrected stands under each patient that was named; whose it is says the visit itself, which
    the caller reads. Rows are never deleted, so the number of the newest row read says what is still to be read.
    May be asked from any thread.
    """

    def __init__(self, log: SqlLog) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._row = 0
        self._of: dict[UUID, dict[str, None]] = {}

    def of(self, patients: Iterable[UUID]) -> list[str]:
        """The ids of the visits in which one of these patients is named, each once."""
        with self._lock:
            self._catch_up()
            return list(dict.fromkeys(id_ for patient in patients for id_ in self._of.get(patient, ())))

    def read_anew(self) -> None:
        """What came from elsewhere may fill earlier rows' contents: begin at the first again."""
        with self._lock:
            self._row, self._of = 0, {}

    def _catch_up(self) -> None:
        newest = self._log.row()
        if newest == self._row:
            return
        for id_, kind, *content in self._log.select(_CAME, (self._row, newest)):
            if content[0] is not None:
                for patient in _named(codec.decode("session", kind, Payload(*content))):
                    self._of.setdefault(patient, {})[id_] = None
        self._row = newest


def _named(fact: object) -> tuple[UUID, ...]:
    """The patients that a fact says a visit is of."""
    said = (fact, getattr(fact, "truth", None))
    return tuple(each.patient for each in said if isinstance(each, VisitOpened | VisitMoved))


def opened_between(log: SqlLog, from_us: int, until_us: int) -> list[str]:
    """The ids of the visits that were opened from one instant to another (UTC µs), in the order of time.

    As they were first said: no content is read for it.
    """
    rows = log.select(
        "SELECT stream_id FROM entry WHERE stream_kind = 'session' AND kind = 'visit-opened' "
        "AND at_us >= ? AND at_us < ? ORDER BY at_us",
        (from_us, until_us),
    )
    return list(dict.fromkeys(row[0] for row in rows))
