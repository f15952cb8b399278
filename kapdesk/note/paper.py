"""What stands on a session note: words and figures in their final form, ready to be set.

A `Note` knows neither the record nor the page. `content.py` writes it, `press.py` sends it to a child process as JSON,
`layout.py` sets it. Text is what a person wrote, as it was written: nothing in it is ever read as markup.
"""

from typing import Literal

import msgspec

Standing = Literal["draft", "rehearsal", "signed"]
"""What the note is: a draft until it is signed and locked; a rehearsal is never more than that."""

PaperSize = Literal["A4", "Letter"]

Flag = Literal["", "high", "low"]
"""How a figure lies to the clinic's limits; set as ▲ H and ▼ L, never by colour alone."""


class Piece(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a note: never changes, travels as JSON, and refuses a field it does not know."""


class Amendment(Piece, frozen=True):
    """An earlier wording that no longer stands; it stays on the paper beside what replaced it."""

    what: Literal["corrected", "struck"]
    was: str = ""
    """How it stood before, in one line ("25 mg at 10:02"); empty where nothing but the strike is new."""
    reason: str = ""
    by: str = ""
    clock: str = ""
    """When it was corrected or struck, as "10:31"."""


class Row(Piece, frozen=True):
    """A line of a table: when it happened, how it was amended, and when it was typed if that was later."""

    clock: str
    """Wall clock in the clinic's time zone, "10:02"."""
    minute: str = ""
    """Minutes from the first dose, "0", "−15"; empty without a dose."""
    by: str = ""
    """Initials of who did or saw it."""
    entered: str = ""
    """When and by whom it was entered, only if that differs: "10:31, NO"."""
    struck: bool = False
    late: bool = False
    """Came after the note was locked."""
    amendments: tuple[Amendment, ...] = ()


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


class Tile(Piece, frozen=True):
    """One of the few figures at the head of page 1."""

    name: str
    value: str
    """The figure that is read first: "80 mg · 1.17 mg/kg"."""
    more: str = ""
    """What belongs to it: "IM" or "at 10:32, 30 min"."""
    flag: Flag = ""


class Event(Row, frozen=True):
    """Something that went wrong or crossed a limit, and what was done about it."""

    what: str = ""
    """What it was, in a few words; empty for something done without an event of its own."""
    detail: str = ""
    done: str = ""
    outcome: str = ""


class Signature(Piece, frozen=True):
    """Who has signed, or still has to: then `signed` is empty and the lines stand open."""

    role: str
    name: str = ""
    credential: str = ""
    meaning: str = ""
    """What the signature says: "I conducted this session and the note is complete"."""
    signed: str = ""
    """When, with the offset: "2026-11-19 14:10 +01:00"."""


class Dose(Row, frozen=True):
    """A medication that was given. `by` is who gave it."""

    medication: str = ""
    dose: str = ""
    """"60 mg"."""
    per_kg: str = ""
    """"0.88 mg/kg"."""
    strength: str = ""
    """"50 mg/mL", where known."""
    volume: str = ""
    """"1.2 mL", where known."""
    route: str = ""
    site: str = ""
    lot: str = ""
    """Lot and expiry: "K2291B · 2027-08"."""
    entered_by: str = ""
    """Initials of who typed it."""


class RouteSum(Piece, frozen=True):
    """What was given of one medication by one route. Routes are never added up."""

    medication: str
    route: str
    total: str
    """"80 mg · 1.17 mg/kg · 2 doses"."""


class Column(Piece, frozen=True):
    """A measure in the table of vital signs."""

    name: str
    unit: str = ""


class Figure(Piece, frozen=True):
    """A measured value as printed; empty where it was not measured."""

    value: str = ""
    flag: Flag = ""


class Reading(Row, frozen=True):
    """One taking of vital signs; `figures` in the order of the table's columns."""

    figures: tuple[Figure, ...] = ()
    how: str = ""
    """"left arm, sitting, oxygen 2 L/min"."""


class NotTaken(Row, frozen=True):
    """Vital signs that were due and were not taken."""

    what: str = ""
    reason: str = ""


class Vitals(Piece, frozen=True):
    """The table of vital signs."""

    columns: tuple[Column, ...] = ()
    readings: tuple[Reading, ...] = ()
    not_taken: tuple[NotTaken, ...] = ()
    limits: str = ""
    """The clinic's limits in words: "systolic 90–160, SpO₂ from 92 %"."""
    baseline: str = ""
    """"121/77, pulse 70, SpO₂ 97 %, at 09:47"."""


class Observation(Row, frozen=True):
    """What was seen, heard or done, in the words it was written in."""

    code: str = ""
    text: str = ""
    patients_words: bool = False


class PhaseNotes(Piece, frozen=True):
    """The observations of one phase of the effect."""

    phase: str
    span: str = ""
    """"10:02–10:14, 0–12 min"."""
    observations: tuple[Observation, ...] = ()


class Track(Row, frozen=True):
    """A piece of music that was heard; its number is the one in the chart. `clock` is when it began."""

    number: int = 0
    """0: no piece, but a silence, or a piece that could not be played."""
    title: str = ""
    phase: str = ""
    until: str = ""
    """Wall clock at which it was gone."""
    heard: str = ""
    """"7:42"."""
    ended: str = ""
    """"played to its end", "faded out by NO", "could not be played: file missing"."""


class Imagery(Row, frozen=True):
    """A guided imagery that was given."""

    title: str = ""
    until: str = ""
    voice: str = ""
    ended: str = ""


class TimeNotice(Row, frozen=True):
    """Something that happened to the computer's clock, and how sure the times after it are."""

    what: str = ""
    uncertainty: str = ""


class Changed(Row, frozen=True):
    """Something without a table of its own that was corrected or struck: an arrival, a weight, a phase."""

    what: str = ""


class Late(Row, frozen=True):
    """What was added afterwards. `clock` is when it happened, with its date where the day differs."""

    kind: Literal["Late addition", "Addendum", "Correction"] = "Late addition"
    text: str = ""


class Span(Piece, frozen=True):
    """A stretch of the session on the chart: a phase, or a track by its number. Times in ms from the chart's zero."""

    name: str
    from_ms: int
    to_ms: int


class Lasted(Span, frozen=True):
    """Something that lasted: its name is what is said of it on screen. `open`: nobody has said that it was over.
    `work`: the therapist's, not something seen."""

    open: bool = False
    work: bool = False


class Mark(Piece, frozen=True):
    """A moment on the chart, in ms from its zero, and its few words ("60 mg IM")."""

    name: str
    at_ms: int


class Limit(Piece, frozen=True):
    """A line of the clinic's alert limits on the chart, in mmHg, per minute or percent."""

    measure: Literal["pressure", "pulse", "spo2"]
    value: int
    name: str


class Point(Piece, frozen=True):
    """A reading on the chart: mmHg, per minute, percent; with the flags of its figures."""

    at_ms: int
    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    pulse_per_min: int | None = None
    spo2_percent: int | None = None
    pressure_flag: Flag = ""
    pulse_flag: Flag = ""
    spo2_flag: Flag = ""


class Chart(Piece, frozen=True):
    """The session as it is drawn: readings over phases, doses and music."""

    zero: Literal["first dose", "arrival"] = "first dose"
    zero_clock_s: int = 0
    """Wall clock of the zero, in seconds after midnight: the second row of the axis is counted from it."""
    from_ms: int = 0
    to_ms: int = 0
    phases: tuple[Span, ...] = ()
    doses: tuple[Mark, ...] = ()
    events: tuple[Mark, ...] = ()
    limits: tuple[Limit, ...] = ()
    points: tuple[Point, ...] = ()
    tracks: tuple[Span, ...] = ()
    lasted: tuple[Lasted, ...] = ()
    baseline_systolic_mmhg: int | None = None
    baseline_diastolic_mmhg: int | None = None
    words: str = ""
    """The chart told in two or three sentences, for whoever cannot see it."""


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


class Attachment(Piece, frozen=True):
    """A file inside the PDF: its name, type, what it is in a few words, and how it belongs to the paper (PDF/A-3)."""

    name: str
    mime: str
    description: str
    relationship: Literal["Source", "Data", "Supplement"]
    data: str


class Laid(Piece, frozen=True):
    """A part of the first page that is shown, by KapDesk's name for it, and the heading over it."""

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
    title: str = "Ketamine-assisted psychotherapy: session note"
    paper: PaperSize = "A4"
    language: str = "en"

    # page 1
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
    chart: Chart | None = None
    doses: tuple[Dose, ...] = ()
    sums: tuple[RouteSum, ...] = ()
    before: tuple[str, ...] = ()
    """Clearance, screening, consent and crisis contacts as they stood on the day, each in a sentence."""
    scores: tuple[str, ...] = ()
    """The newest of each questionnaire, with its day and how it has changed, each in a sentence."""
    orders: tuple[str, ...] = ()
    """The orders that held, each in a sentence."""
    care: tuple[Changed, ...] = ()
    """What was checked, overridden, rated and answered."""
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
