"""The rows of a note's tables: what was given, measured, seen and heard, and how each line was amended.

Words and figures stand in their final form, ready to be set.
"""

from typing import Literal

from kapdesk.note.piece import Flag, Piece


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


class Event(Row, frozen=True):
    """Something that went wrong or crossed a limit, and what was done about it."""

    what: str = ""
    """What it was, in a few words; empty for something done without an event of its own."""
    detail: str = ""
    done: str = ""
    outcome: str = ""


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
    expiry: str = ""
    entered_by: str = ""
    """Initials of who typed it."""
    checked_by: str = ""
    """Initials of the second person who looked at it."""
    over: str = ""
    """How long it ran in, where it was an infusion that is over: "40 min"."""
    part_of: str = ""
    """What was meant to run in, where no more than `dose` has: "of 40 mg, so far"."""

    @property
    def ran(self) -> str:
        """How it ran in, where it was an infusion: "over 40 min"."""
        return self.part_of or (f"over {self.over}" if self.over else "")


class RouteSum(Piece, frozen=True):
    """What was given of one medication by one route. Routes are never added up."""

    medication: str
    route: str
    total: str
    """"80 mg · 1.17 mg/kg · 2 doses"."""

    @property
    def several(self) -> bool:
        """Whether it sums anything."""
        return not self.total.endswith(" 1 dose")


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
    how: str = ""
    """How all of them were taken, where that was the same: "left arm, sitting"."""


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


LateKind = Literal["Late addition", "Late entry", "Addendum", "Correction"]
"""What came after signing: something from another computer, or what was written then as one of the other three."""


class Line(Row, frozen=True):
    """A line of a table of a matter of its own; `cells` in the order of the table's columns."""

    cells: tuple[str, ...] = ()


class Table(Piece, frozen=True):
    """What was recorded of one matter: its name in KapDesk, its columns between the time and who said it, its lines."""

    part: str
    heading: str
    columns: tuple[str, ...] = ("What",)
    shares: tuple[int, ...] = (1,)
    """How the columns share their room."""
    lines: tuple[Line, ...] = ()
    intro: str = ""


class Late(Row, frozen=True):
    """What was added afterwards. `clock` is when it happened, with its date where the day differs."""

    kind: LateKind = "Late addition"
    text: str = ""
