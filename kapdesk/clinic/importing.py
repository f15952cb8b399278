"""Patients from a table: first what each line would come to, then, once someone has said so, the lines themselves."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Literal
from uuid import UUID, uuid4

import msgspec
from uuid_utils.compat import uuid7

from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.patients import LONGEST_NAME, birth_doubt, name_doubt, unprintable
from kapdesk.errors import KnownError
from kapdesk.exchange.csv import SEPARATORS, Line, Sheet, read_table
from kapdesk.exchange.dates import read_day
from kapdesk.facts.clinic import PatientsImported
from kapdesk.facts.patient import PatientDescribed, PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.people.patient import NONE_KNOWN, Patient, name_words
from kapdesk.record.recorder import Recording
from kapdesk.toml import brief

Fate = Literal["new", "doubtful", "known", "asked", "unreadable"]
LONGEST = 2_000
MOST_NAMED = 12
"""Columns that are named one by one, where nothing is taken from them."""
AT_ONCE = 50
"""Lines handed in before the disk is waited for: nobody else's note stands behind a whole file."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "patient", "patient name"),
    "first": ("first name", "given name", "forename"),
    "last": ("last name", "surname", "family name"),
    "born_on": ("birth date", "born", "born on", "date of birth", "birthdate", "dob"),
    "preferred_name": ("preferred name", "called", "preferred"),
    "record_number": ("record number", "record no", "record", "mrn", "number", "patient number", "patient id", "id"),
    "allergies": ("allergies", "allergy"),
    "pronouns": ("pronouns",),
    "medicines": ("medicines", "medication", "medications", "medicine"),
    "interpreter": ("interpreter", "language"),
    "helps": ("helps", "what helps"),
    "avoid": ("avoid", "what to avoid"),
    "culture": ("culture", "faith", "culture faith"),
    "music": ("music",),
}
"""The names a column may have, without regard to case, points, hyphens and underlines."""
_NO_ALLERGIES = frozenset({"none", "none known", "no", "no known allergies", "no allergies", "nka", "nkda", "nil"})
_DESCRIBED = PatientDescribed.__struct_fields__


class Read(msgspec.Struct, frozen=True):
    """What a line of the file comes to, and why. `words` name nobody: they can stand in a terminal."""

    number: int
    fate: Fate
    words: str
    registered: PatientRegistered | None = None
    described: PatientDescribed = PatientDescribed()


class Plan(msgspec.Struct, frozen=True):
    """A file as it would be taken in. `unused` are columns nothing is taken from; `example` is the first date of which
    someone has to say whether day or month comes first; `digest` is the file's SHA-256."""

    lines: tuple[Read, ...]
    encoding: str
    separator: str
    unused: tuple[str, ...] = ()
    example: str = ""
    digest: str = ""

    def of(self, *fates: Fate) -> tuple[Read, ...]:
        """The lines with this fate."""
        return tuple(line for line in self.lines if line.fate in fates)

    def words(self) -> str:
        """All of it in a sentence or two."""
        counts = ((len(self.of(fate)), words) for fate, words in _COUNTED)
        said = "; ".join(f"{count} {words}" for count, words in counts if count) or "no line holds anything"
        unused = f" Nothing is taken from: {self._unused()}." if self.unused else ""
        return f"{len(self.lines)} lines ({self.encoding}, {self.separator}): {said}.{unused}"

    def _unused(self) -> str:
        more = len(self.unused) - MOST_NAMED
        named = ", ".join(brief(title) for title in self.unused[:MOST_NAMED])
        return f"{named}, and {more} more" if more > 0 else named


_COUNTED: tuple[tuple[Fate, str], ...] = (
    ("new", "can be taken in"),
    ("doubtful", "doubtful"),
    ("asked", "with a date to be asked about"),
    ("known", "here already"),
    ("unreadable", "cannot be read"),
)


def look(content: bytes, known: Iterable[Patient], now_us: int, day_first: bool | None = None) -> Plan:
    """What each line would come to, held against the patients that are known and the lines before it. Records nothing.

    `day_first` answers for the whole file what 03/04/1980 means. Raises KnownError for what is no list of patients.
    """
    sheet = read_table(content)
    places, unused = _places(sheet)
    index, lines, example = _Index(known), [], ""
    for line in sheet.lines:
        read = _read(line, places, now_us, day_first)
        if read.fate == "asked":
            example = example or _cell(line, places, "born_on")
        elif read.registered is not None:
            read = index.held_against(read, read.registered)
        lines.append(read)
    return Plan(tuple(lines), sheet.encoding, sheet.separator, unused, example, sha256(content).hexdigest())


class Taken(msgspec.Struct, frozen=True):
    """How many lines have been handed in, and the last entry on its way."""

    lines: int
    last: Recording


def take_in(clinic: OpenClinic, lines: Sequence[Read], actor: Actor, digest: str = "") -> Iterator[Taken]:
    """Record the patients of these lines, a few at a time; the caller goes on when the disk has caught up.

    First it is said which records will come by this file, of this `digest`: so all of them can be taken back together,
    however far it came (`taking_back`). Raises KnownError where `actor` may not, before anything was recorded.
    """
    clinic.require(actor.entered_by, "read patient")
    wanted = [(uuid7(), line.registered, line.described) for line in lines if line.registered is not None]
    if wanted:
        clinic.recorder.record(PatientsImported(digest, tuple(id_ for id_, _, _ in wanted)), actor)
    for n in range(0, len(wanted), AT_ONCE):
        part = wanted[n : n + AT_ONCE]
        last = [_take(clinic, *each, actor) for each in part][-1]
        yield Taken(n + len(part), last)


def _take(
    clinic: OpenClinic, id_: UUID, new: PatientRegistered, described: PatientDescribed, actor: Actor
) -> Recording:
    _, recording = clinic.register(new, actor, id_)
    if described == PatientDescribed():
        return recording
    return clinic.patient_recorder(id_).record(described, actor)


def _places(sheet: Sheet) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each column is, and which are not used."""
    found: dict[str, int] = {}
    plains: list[str] = []
    unused = []
    for n, title in enumerate(sheet.head):
        plain = " ".join("".join(c if c.isalnum() else " " for c in title.casefold()).split())
        if plain in plains and any(plain in names for names in COLUMNS.values()):
            raise KnownError(f"Two columns are called “{brief(title)}”. Nothing was taken in; take one of them out.")
        plains.append(plain)
        column = next((column for column, names in COLUMNS.items() if plain in names and column not in found), None)
        if column is not None:
            found[column] = n
        elif title:
            unused.append(title)
    if "born_on" not in found or not ("name" in found or {"first", "last"} <= set(found)):
        raise KnownError(
            "The first line names no column for the name and the birth date. Nothing was taken in; call them “name” "
            "(or “first name” and “last name”) and “birth date”."
        )
    return found, tuple(unused)


def _cell(line: Line, places: dict[str, int], column: str) -> str:
    place = places.get(column, len(line.cells))
    return line.cells[place] if place < len(line.cells) else ""


def _read(line: Line, places: dict[str, int], now_us: int, day_first: bool | None) -> Read:
    if line.trouble:
        return Read(line.number, "unreadable", line.trouble)
    cell = {column: _cell(line, places, column) for column in COLUMNS}
    name = cell["name"] or " ".join(filter(None, (cell["first"], cell["last"])))
    born = read_day(cell["born_on"], day_first)
    if not name:
        return Read(line.number, "unreadable", "name is missing")
    if len(name) > LONGEST_NAME or any(len(text) > LONGEST for text in cell.values()):
        return Read(line.number, "unreadable", "a cell is longer than it can be; is a quotation mark missing?")
    if any(map(unprintable, cell.values())):
        return Read(line.number, "unreadable", "something in it cannot be printed")
    if name_doubt(name):
        return Read(line.number, "unreadable", "name holds no letter")
    if _swallowed(name):
        return Read(line.number, "unreadable", "the name holds other cells; is a quotation mark missing?")
    if born.trouble:
        return Read(line.number, "unreadable", f"birth date {born.trouble}")
    if born.ambiguous:
        return Read(line.number, "asked", f"birth date {cell['born_on']}: day or month first?")
    if birth_doubt(born.iso, now_us):
        return Read(line.number, "unreadable", f"birth date {born.iso} cannot be")
    allergies = NONE_KNOWN if cell["allergies"].casefold().strip(".") in _NO_ALLERGIES else cell["allergies"]
    registered = PatientRegistered(name, born.iso, cell["preferred_name"], cell["record_number"], allergies)
    described = PatientDescribed(**{column: cell[column] for column in _DESCRIBED})
    return Read(line.number, "new", "can be taken in", registered, described)


def _swallowed(name: str) -> bool:
    """Whether a name has run on over the next cell: a separator with figures behind it."""
    return any(c.isdigit() for mark in SEPARATORS for c in name.partition(mark)[2])


class _Index:
    """Who is known, so that a long file is held against them in one go: for each word of a name with a birth date, and
    for each record number, the first who has it."""

    def __init__(self, known: Iterable[Patient]) -> None:
        self._first: dict[tuple[str, ...], tuple[int, Patient]] = {}
        self._same: dict[_Who, Patient] = {}
        self._line: dict[UUID, int] = {}
        for patient in known:
            for record in patient.records:
                self._add(record)

    def held_against(self, read: Read, new: PatientRegistered) -> Read:
        """The line, doubtful or known where it is like someone; from now on it is known itself."""
        found = min((self._first[key] for key in _keys(new) if key in self._first), default=None, key=lambda n: n[0])
        same = self._same.get(_who(new))
        if same is not None:
            return msgspec.structs.replace(read, fate="known", words=f"here already, {self._words(same)}")
        patient = Patient(uuid4(), registered=new)
        self._line[patient.id] = read.number
        self._add(patient)
        if found is None:
            return read
        return msgspec.structs.replace(read, fate="doubtful", words=f"perhaps {self._words(found[1])}")

    def _words(self, patient: Patient) -> str:
        if patient.id in self._line:
            return f"as line {self._line[patient.id]}"
        known = patient.registered
        number = f"record {known.record_number}" if known and known.record_number else "without a record number"
        return f"known {number if number.startswith('without') else f'as {number}'}"

    def _add(self, patient: Patient) -> None:
        known = patient.registered
        if known is None:
            return
        n = len(self._same)
        self._same.setdefault(_who(known), patient)
        for key in _keys(known):
            self._first.setdefault(key, (n, patient))


_Who = tuple[str, frozenset[str], str]


def _who(one: PatientRegistered) -> _Who:
    """The same name, birth date and record number: a file taken in twice registers nobody twice."""
    return one.born_on, frozenset(name_words(one.name)), one.record_number.casefold()


def _keys(one: PatientRegistered) -> list[tuple[str, ...]]:
    """By what someone may be taken for another: a word of a name with the birth date, or the record number."""
    words = name_words(one.name) | name_words(one.preferred_name)
    numbers = [(one.record_number.casefold(),)] if one.record_number else []
    return [*((one.born_on, word) for word in words), *numbers]
