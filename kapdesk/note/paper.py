"""What stands on a session note: words and figures in their final form, ready to be set.

A `Note` knows neither the record nor the page. `content.py` writes it, `press.py` sends it to a child process as JSON,
`layout.py` sets it. Text is what a person wrote, as it was written: nothing in it is ever read as markup.
"""

from typing import Literal

import msgspec

from kapdesk.note.piece import Flag, Piece
from kapdesk.note.plotted import Chart, Lasted, Limit, Mark, Point, Span
from kapdesk.note.rows import (
    Amendment,
    Changed,
    Column,
    Dose,
    Event,
    Figure,
    Imagery,
    Late,
    LateKind,
    Line,
    NotTaken,
    Observation,
    PhaseNotes,
    Reading,
    RouteSum,
    Row,
    Table,
    TimeNotice,
    Track,
    Vitals,
)

__all__ = [
    "Amendment",
    "Attachment",
    "Changed",
    "Chart",
    "Column",
    "Digest",
    "Dose",
    "Event",
    "Figure",
    "Flag",
    "Head",
    "Imagery",
    "Laid",
    "Lasted",
    "Late",
    "LateKind",
    "Limit",
    "Line",
    "Mark",
    "Named",
    "NotTaken",
    "Note",
    "Observation",
    "PaperSize",
    "Patient",
    "PhaseNotes",
    "Piece",
    "Point",
    "Present",
    "Reading",
    "RouteSum",
    "Row",
    "Signature",
    "Span",
    "Standing",
    "Stated",
    "Table",
    "Tile",
    "TimeNotice",
    "Track",
    "Vitals",
]

Standing = Literal["draft", "rehearsal", "signed"]
"""What the note is: a draft until it is signed and locked; a rehearsal is never more than that."""

PaperSize = Literal["A4", "Letter"]


class Patient(Piece, frozen=True):
    """Whose note this is."""

    name: str
    preferred: str = ""
    born: str = ""
    number: str = ""
    weight: str = ""
    """With its date: "68.4 kg on 2026-11-19"."""
    allergies: str = ""
    medicines: str = ""
    pronouns: str = ""
    interpreter: str = ""


class Present(Piece, frozen=True):
    """Someone who was there, and the initials that stand for them in the tables."""

    initials: str
    name: str
    role: str
    credential: str = ""


class Named(Piece, frozen=True):
    """A figure with its name: a time ("Arrival", "09:47") or a count ("Notes", "42")."""

    name: str
    value: str


class Stated(Piece, frozen=True):
    """What was known of one matter, its parts in a line each, and on which day and by whom it was said."""

    name: str
    words: str
    said: str = ""
    """"2026-03-02, Doctor One"."""


class Tile(Piece, frozen=True):
    """One of the few figures at the head of page 1."""

    name: str
    value: str
    """The figure that is read first: "80 mg · 1.17 mg/kg"."""
    more: str = ""
    """What belongs to it: "IM" or "at 10:32, 30 min"."""
    flag: Flag = ""


class Signature(Piece, frozen=True):
    """Who has signed, or still has to: then `signed` is empty and the lines stand open."""

    role: str
    name: str = ""
    credential: str = ""
    licence: str = ""
    """The number of the licence, where the clinic keeps it."""
    meaning: str = ""
    """What the signature says: "I conducted this session and the note is complete"."""
    signed: str = ""
    """When, with the offset: "2026-11-19 14:10 +01:00"."""


class Head(Piece, frozen=True):
    """The last of a station's records: who holds it can tell whether the note's record is whole."""

    station: str
    count: int
    digest: str
    """SHA-256, 64 hex digits, never shortened."""
    of: str = "Station"
    """What stands before the station's name: whose record it is."""


class Digest(Piece, frozen=True):
    """What the last page says about the record the note was made from."""

    counts: tuple[Named, ...] = ()
    heads: tuple[Head, ...] = ()
    undone: str = ""
    """"2 lines were undone within ten seconds and are not printed"."""
    protocol: str = ""
    """Name, version and SHA-256 of the protocol that ran."""
    left_out: tuple[str, ...] = ()
    made: str = ""
    """When this paper was made, with the offset, and by which version of the program."""
    replaces: str = ""
    """The version before, by the SHA-256 of its signed paper."""


class Attachment(Piece, frozen=True):
    """A file inside the PDF: its name, type, what it is in a few words, and how it belongs to the paper (PDF/A-3)."""

    name: str
    mime: str
    description: str
    relationship: Literal["Source", "Data", "Supplement"]
    data: str


class Laid(Piece, frozen=True):
    """A part of the note that is shown, by KapDesk's name for it, and the heading over it."""

    part: str
    heading: str


class Note(Piece, frozen=True):
    """One session on paper. Order of the fields is the order of the pages."""

    # every page
    standing: Standing
    clinic: str
    patient: Patient
    session: str
    """The session's short number, the one people say: "S-0318"."""
    date: str
    offset: str = ""
    """From UTC to the clock all times are told by: "UTC+01:00"."""
    title: str = "Ketamine-assisted psychotherapy: session note"
    paper: PaperSize = "A4"
    language: str = "en"

    # page 1
    letterhead: tuple[str, ...] = ()
    """What stands under the clinic's name: address, phone, licence."""
    status: str = ""
    """The status in one sentence: "Draft: not yet signed. Still to sign: therapist, prescriber."."""
    moved: str = ""
    """Where the visit was first recorded under another patient: when and by whom it was moved, what this replaces."""
    subtitle: str = ""
    """Protocol and place in the course: "Intramuscular with booster · session 3 of 6"."""
    whereabouts: str = ""
    """Where the patient is, and how they are reached, in a session at home: for those who are sent there."""
    tiles: tuple[Tile, ...] = ()
    times: tuple[Named, ...] = ()
    people: tuple[Present, ...] = ()
    indication: str = ""
    intention: str = ""
    parts: tuple[Laid, ...] = ()
    """The parts of the first page in their order; all of KapDesk's own where there are none."""
    debrief: tuple[str, ...] = ()
    """What the patient told of it afterwards: "Images: …"."""
    how_it_went: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    no_events: str = ""
    """What was looked for where there are none: never more than that."""
    leaving: tuple[str, ...] = ()
    """Condition at leaving."""
    plan: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()

    # behind it
    behind: tuple[Laid, ...] = ()
    """The parts behind the first page in their order; all of KapDesk's own where there are none."""
    chart: Chart | None = None
    doses: tuple[Dose, ...] = ()
    sums: tuple[RouteSum, ...] = ()
    before: tuple[Stated, ...] = ()
    """Clearance, screening, consent and crisis contacts as they stood on the day."""
    scores: tuple[str, ...] = ()
    """The newest of each questionnaire, with its day and how it has changed, each in a sentence."""
    orders: tuple[str, ...] = ()
    """The orders that held, each in a sentence."""
    tables: tuple[Table, ...] = ()
    """What was checked, set aside, counted, rated, done and agreed: a table for each matter."""
    vitals: Vitals = msgspec.field(default_factory=Vitals)
    observations: tuple[PhaseNotes, ...] = ()
    tracks: tuple[Track, ...] = ()
    music: str = ""
    """How much was heard in all, in a sentence."""
    imagery: tuple[Imagery, ...] = ()
    time_notices: tuple[TimeNotice, ...] = ()
    changed: tuple[Changed, ...] = ()
    late: tuple[Late, ...] = ()
    digest: Digest = msgspec.field(default_factory=Digest)
