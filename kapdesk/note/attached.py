"""The record that a note carries inside it, whole enough to be checked and to make the very note again. Pure.

`Record` is what `record.json` holds (docs/record-format.md): the visit's lines, the patient's, those of the
clinic's that the note needs, and what the paper was made from besides. A line is shown as it was hashed and signed.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from kapdesk.clock import Moment
from kapdesk.facts.clinic import Head, StationEnrolled
from kapdesk.facts.entry import GENESIS, Body, Entry, Payload, Stream
from kapdesk.facts.fact import Erased, Whole, tag_of
from kapdesk.facts.papers import PaperFiled
from kapdesk.facts.session import Locked
from kapdesk.note.paper import Attachment, Note
from kapdesk.people import clinic as clinic_fold
from kapdesk.people import merging
from kapdesk.people import patient as patient_fold
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening, History, read
from kapdesk.record.log import Kept
from kapdesk.session import state as session_fold
from kapdesk.session.state import Session

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NAME, FORMAT = "record.json", 1
_CODEC = "json"

_FILED = PaperFiled("", "")


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An entry as it was recorded. `hash`, `sig` and `salt` in lower hex; `content` is the fact, byte for byte.

    Where there is no content it was erased, is `unsaid`, or, of the clinic's own lines, is not this paper's concern.
    """

    body: Body
    hash: str
    sig: str
    salt: str = ""
    content: str | None = None


class Made(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the paper was made (UTC µs), its place in the course ("session 3 of 6"), which program and which fonts made
    it: only with the same two can it come out the same to the last byte."""

    at_us: Whole
    place: str
    program: str
    fonts: str


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `record.json` holds. `patient` is whose record the visit stands in; lines are in the order of the record."""

    format: int
    clinic: UUID
    session: UUID
    patient: UUID
    made: Made
    visit: tuple[Line, ...]
    patients: tuple[Line, ...]
    of_clinic: tuple[Line, ...]


class Told(msgspec.Struct, frozen=True):
    """What the lines of a record add up to: all that its note is made from."""

    id: UUID
    clinic_id: UUID
    session: Session
    patient: Patient
    clinic: Clinic
    heads: tuple[Sequence[Head], Sequence[Head]]
    at_us: int
    place: str
    signed_digest: str

    def note(self) -> Note:
        """The note of it."""
        from kapdesk.note.content import note_of  # brings all that stands on paper

        made = Moment(self.at_us, 0, "", 0)
        return note_of(
            self.session, self.patient, self.clinic, self.heads, made, self.id, self.place, self.signed_digest
        )


def line_of(kept: Kept, *, shown: bool = True) -> Line:
    """An entry of the log as a line; with its content where that is `shown`."""
    entry, payload = kept.entry, kept.payload
    if payload is None or not shown:
        return Line(entry.body, entry.hash, entry.sig.hex())
    return Line(entry.body, entry.hash, entry.sig.hex(), payload.salt.hex(), payload.bytes.decode("utf-8", "replace"))


def attachment(record: Record) -> Attachment:
    """The record as the file that the note carries."""
    words = "The record this note was made from: entries, contents, digests, signatures"
    data = msgspec.json.encode(record).decode()
    return Attachment(name=NAME, mime="application/json", description=words, relationship="Source", data=data)


def parse(data: bytes) -> Record:
    """A record from its file. Raises ValueError for one that is none, or of a format unknown here."""
    try:
        record = msgspec.json.decode(data, type=Record)
        records_of(record.patients)
        times = [us for line in _lines(record) for us in (line.body.at_us, line.body.entered_at_us)]
        msgspec.convert(times, list[Whole])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if record.format != FORMAT:
        raise ValueError(f"format {record.format}")
    return record


def told(record: Record) -> Told:
    """What its lines add up to. Total: what cannot be read is told as such."""
    from kapdesk.note.content import as_signed

    session = session_fold.fold(map(_read, record.visit))
    whole = merging.together(records_of(record.patients), record.patient)
    clinic = clinic_fold.fold(map(read, map(_kept, record.of_clinic)))
    patient, staff = as_signed(session, whole, clinic)
    lock = session.lock
    signed = next((line.hash for line in record.visit if lock is not None and line.body.id == lock.id), "")
    heads = _heads(record.visit), _heads(record.of_clinic)
    made = record.made
    return Told(record.session, record.clinic, session, patient, staff, heads, made.at_us, made.place, signed)


def _lines(record: Record) -> Iterator[Line]:
    return itertools.chain(record.visit, record.patients, record.of_clinic)


def records_of(lines: Iterable[Line]) -> dict[UUID, Patient]:
    """Each patient's record that some of these lines are of. Raises ValueError where one bears no id."""
    of: dict[str, list[Line]] = {}
    for line in lines:
        of.setdefault(line.body.stream.id, []).append(line)
    return {UUID(id_): patient_fold.fold(UUID(id_), map(_read, lines)) for id_, lines in of.items()}


def unsaid(history: History) -> frozenset[UUID]:
    """The lines that a note carries without their words.

    What was undone at once was perhaps somebody else's; where a paper was filed names the patient as whose the visit
    was then known.
    """
    return frozenset(
        each.id
        for each in history
        if isinstance(each.fact, PaperFiled) or (each.undone and not isinstance(each.fact, Locked))
    )


def _read(line: Line) -> Happening:
    said = read(_kept(line))
    filed = line.content is None and line.body.kind == tag_of(_FILED)
    return msgspec.structs.replace(said, fact=_FILED) if filed else said


def _heads(lines: Iterable[Line]) -> tuple[Head, ...]:
    last: dict[str, Line] = {}
    for line in lines:
        if line.body.station not in last or last[line.body.station].body.seq < line.body.seq:
            last[line.body.station] = line
    return tuple(Head(station, last[station].body.seq, last[station].hash) for station in sorted(last))


def _kept(line: Line) -> Kept:
    try:
        entry = Entry(line.body, line.hash, _bytes(line.sig))
        payload = Payload(_bytes(line.salt), _CODEC, None, (line.content or "").encode("utf-8", "replace"))
    except ValueError:
        return Kept(Entry(line.body, line.hash, b""), None)
    return Kept(entry, payload if line.content is not None else None)


def _bytes(lower_hex: str) -> bytes:
    """As it is written, and in no other way: neither in capitals nor with blanks. Raises ValueError."""
    made = bytes.fromhex(lower_hex)
    if made.hex() != lower_hex:
        raise ValueError(lower_hex)
    return made


def flaws(record: Record) -> Iterator[str]:
    """What is wrong with a record in itself, in plain words: whose it is, its chains, contents and signatures."""
    keys, session = _keys(record), told(record).session
    histories = session.history, *(each.history for each in records_of(record.patients).values())
    silent = frozenset[UUID]().union(*map(unsaid, histories))
    own, of_clinic = Stream("session", str(record.session)), Stream("clinic", str(record.clinic))
    for line in record.visit:
        if line.body.stream != own:
            yield f"{_said(line)} belongs to another visit."
    for line in record.patients:
        if line.body.stream.kind != "patient":
            yield f"{_said(line)} belongs to no patient's record."
    for line in record.of_clinic:
        if line.body.stream != of_clinic:
            yield f"{_said(line)} is none of the clinic’s own lines."
    yield from _whose(record, session)
    yield from _covered(record, session)
    for name, lines in (("visit", record.visit), ("patient’s record", record.patients), ("clinic", record.of_clinic)):
        yield from _order(name, lines)
    for lines in (record.visit, record.patients):
        yield from _chains(record, lines, keys, silent)
    for line in record.of_clinic:
        yield from _line(record, line, None, keys, alone=True)


def _whose(record: Record, session: Session) -> Iterator[str]:
    """Whether what is attached of patients is the record of the one whose visit it is, and of nobody else."""
    records = records_of(record.patients)
    theirs = {each.id for each in merging.together(records, record.patient).records}
    if record.patient not in records:
        yield "Nothing is attached of the patient whose visit it is."
    elif session.patient not in theirs and not session.erased:
        yield "The visit is not of the patient whose record is attached."
    if records.keys() - theirs:
        yield "The record of somebody else is attached besides."


def _covered(record: Record, session: Session) -> Iterator[str]:
    """Whether all is there that whoever signed the visit says they had before them.

    A patient's record that is not here at all was read as one with theirs then, or the visit was moved since.
    """
    reached: dict[tuple[Stream, str], int] = {}
    for line in _lines(record):
        chain = line.body.stream, line.body.station
        reached[chain] = max(line.body.seq, reached.get(chain, -1))
    streams = {stream for stream, _ in reached}
    for each in getattr(session.lock.fact, "covers", ()) if session.lock is not None else ():
        if each.stream.kind == "patient" and each.stream not in streams:
            continue
        if reached.get((each.stream, each.station), -1) < each.seq:
            yield f"Line {each.seq + 1} of {each.station} ({each.stream.kind}), which was signed, is missing."


def _order(name: str, lines: Sequence[Line]) -> Iterator[str]:
    places = [(line.body.stream.id, line.body.order_key) for line in lines]
    if places != sorted(places) or len(set(places)) < len(places):
        yield f"The lines of the {name} do not stand in their order."


def _chains(
    record: Record, lines: Sequence[Line], keys: "dict[str, Ed25519PublicKey]", silent: frozenset[UUID]
) -> Iterator[str]:
    erased = {line.body.stream for line in lines if line.body.kind == tag_of(Erased("", ""))}
    before: dict[tuple[Stream, str], Line] = {}
    for line in sorted(lines, key=lambda line: (line.body.stream.id, line.body.station, line.body.seq)):
        chain = line.body.stream, line.body.station
        yield from _line(record, line, before.get(chain), keys, alone=False)
        if line.content is None and line.body.stream not in erased and line.body.id not in silent:
            yield f"The content of {_said(line).lower()} is missing, and nothing says that it was erased."
        before[chain] = line


def _line(
    record: Record, line: Line, before: Line | None, keys: "dict[str, Ed25519PublicKey]", *, alone: bool
) -> Iterator[str]:
    from kapdesk.facts.signing import own_flaw

    kept, key = _kept(line), keys.get(line.body.station)
    expected = (0, GENESIS) if before is None else (before.body.seq + 1, before.hash)
    if line.body.clinic != record.clinic:
        yield f"{_said(line)} is of another clinic."
    if not alone and (line.body.seq, line.body.prev) != expected:
        yield f"{_said(line)} does not follow the one before it: a line is missing or was put in between."
    if key is None:
        yield f"{_said(line)} was recorded under {line.body.station}, which nobody here says is the clinic’s."
    elif (sentence := own_flaw(kept.entry, kept.payload, key)) is not None:
        yield f"{_said(line)} {sentence}."


def _said(line: Line) -> str:
    return f"Line {line.body.seq + 1} of {line.body.station} ({line.body.kind})"


def _keys(record: Record) -> "dict[str, Ed25519PublicKey]":
    """The stations' keys, as the clinic's own lines name them: a station is what was first said of it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found: dict[str, Ed25519PublicKey] = {}
    for each in map(read, map(_kept, record.of_clinic)):
        if isinstance(each.fact, StationEnrolled):
            try:
                key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(each.fact.public_key))
            except ValueError:
                continue
            found.setdefault(each.fact.station, key)
    return found
