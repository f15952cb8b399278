"""What can be recorded in a visit.

Times (`at`) are in the envelope. Amounts are integers with their unit in the name.
"""

from typing import Literal
from uuid import UUID

import msgspec

from kapdesk.facts.care import CareFact
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Correction, Erased, Fact, Struck, Whole
from kapdesk.facts.papers import PaperFact
from kapdesk.facts.people import Role
from kapdesk.facts.words import Phase, Route, Visit

Arm = Literal["", "left", "right"]
Position = Literal["", "sitting", "lying", "standing"]
Reader = Literal["", "staff", "patient", "companion", "device"]
How = Literal["completed", "no dose given", "left against advice", "transferred"]
AddedAs = Literal["addendum", "late entry", "correction"]
Section = Literal["indication", "how it went", "condition at leaving", "plan"]


class VisitOpened(Fact, frozen=True, tag="visit-opened"):
    """The first fact of every visit: whose it is, which kind, and whether it is a rehearsal.

    A rehearsal never mixes with records.
    """

    visit: Visit
    patient: UUID
    rehearsal: bool
    time_zone: str
    paper: Literal["a4", "letter"]
    chair: str = ""


class ProtocolChosen(Fact, frozen=True, tag="protocol-chosen"):
    """The protocol as it was on that day, word for word: editing it later never changes an old record."""

    toml: str
    sha256: str


class PlannedTrack(msgspec.Struct, frozen=True, omit_defaults=True):
    """One piece of the plan; `file` is its name in the playlist's folder, `digest` the SHA-256 of its content.

    `intensity` goes from 1 (hardly there) to 5 (as full as can be); 0: nobody said. Tags are words such as "vocals".
    """

    title: str
    file: str
    phases: tuple[Phase, ...]
    digest: str = ""
    length_ms: Whole = 0
    intensity: Whole = 0
    tags: tuple[str, ...] = ()


class MusicPlanned(Fact, frozen=True, tag="music-planned"):
    """The playlist as it was on that day."""

    playlist: str
    tracks: tuple[PlannedTrack, ...]


class PatientArrived(Fact, frozen=True, tag="patient-arrived"):
    """The patient is here; until the first dose the large clock counts from now."""


class PersonCameIn(Fact, frozen=True, tag="person-came-in"):
    """Someone of the staff is in the room."""

    person: str
    name: str
    roles: tuple[Role, ...]
    credentials: str = ""


class PersonLeft(Fact, frozen=True, tag="person-left"):
    """Someone of the staff left the room."""

    person: str


class WeightMeasured(Fact, frozen=True, tag="weight-measured"):
    """Body weight, in grams; `measured_on` is a date (YYYY-MM-DD)."""

    weight_g: Whole
    measured_on: str


class IntentionSet(Fact, frozen=True, tag="intention-set"):
    """What the patient comes with today, in their own words."""

    text: str


class Cleared(Fact, frozen=True, tag="cleared"):
    """Everything needed before a dose is there."""


class DoseGiven(Fact, frozen=True, tag="dose-given"):
    """A medication was given. Dose in micrograms; strength in µg/mL and volume in µL where known."""

    medication: str
    dose_ug: Whole
    route: Route
    site: str = ""
    strength_ug_per_ml: Whole | None = None
    volume_ul: Whole | None = None
    lot: str = ""
    expiry: str = ""


class PhaseEntered(Fact, frozen=True, tag="phase-entered"):
    """Someone moved the session to a phase by hand; without it the protocol's times hold."""

    phase: Phase


class PhaseExtended(Fact, frozen=True, tag="phase-extended"):
    """A phase was given more (or less) time than the protocol says."""

    phase: Phase
    by_ms: Whole


class VitalsTaken(Fact, frozen=True, tag="vitals-taken"):
    """Only what was measured; pressure in mmHg, rates per minute, temperature in tenths of °C, oxygen in mL/min.

    `read_by`: who read the figures, where that is not whoever it says took them.
    """

    systolic_mmhg: Whole | None = None
    diastolic_mmhg: Whole | None = None
    pulse_per_min: Whole | None = None
    spo2_percent: Whole | None = None
    breaths_per_min: Whole | None = None
    temperature_dc: Whole | None = None
    arm: Arm = ""
    position: Position = ""
    oxygen_ml_per_min: Whole | None = None
    read_by: Reader = ""


class VitalsNotTaken(Fact, frozen=True, tag="vitals-not-taken"):
    """A due reading was left out, and why."""

    reason: str


class NoteTaken(Fact, frozen=True, tag="note-taken"):
    """An observation. `code` is one of the room's eight words or empty; `patients_words` marks a quotation."""

    text: str
    code: str = ""
    patients_words: bool = False


class Marked(Fact, frozen=True, tag="marked"):
    """Something happened here; words follow at the debrief (as a correction into a note)."""


class TrackStarted(Fact, frozen=True, tag="track-started"):
    """A piece began to sound, `position_ms` into it."""

    title: str
    file: str
    phase: Phase
    position_ms: Whole


class TrackStopped(Fact, frozen=True, tag="track-stopped"):
    """A piece is no longer heard. `position_ms` is the piece's own position, `heard_ms` how much of it sounded.

    Both are None where it fell silent while nobody was there to hear how far it came.
    """

    title: str
    file: str
    position_ms: Whole | None
    heard_ms: Whole | None
    how: Literal["faded", "ended", "lost"]


class TrackSkipped(Fact, frozen=True, tag="track-skipped"):
    """A piece could not be played, and why."""

    title: str
    file: str
    reason: str


class MusicLost(Fact, frozen=True, tag="music-lost"):
    """The music fell silent by a fault."""

    reason: str


class MusicRestored(Fact, frozen=True, tag="music-restored"):
    """The music came back after a fault, `silent_ms` later, `position_ms` into the piece."""

    title: str
    silent_ms: Whole
    position_ms: Whole


class MusicSilenced(Fact, frozen=True, tag="music-silenced"):
    """The music was taken out softly."""


class MusicBroughtBack(Fact, frozen=True, tag="music-brought-back"):
    """The music was brought in again."""


class VolumeSet(Fact, frozen=True, tag="volume-set"):
    """The music's volume, in percent of the desk's full volume."""

    percent: Whole


class ImageryStarted(Fact, frozen=True, tag="imagery-started"):
    """A guided-imagery piece began; `voice` tells whether a recorded voice was heard or the cues were read aloud."""

    title: str
    voice: bool


class ImageryStopped(Fact, frozen=True, tag="imagery-stopped"):
    """A guided-imagery piece came to its end or was left, `position_ms` into it."""

    title: str
    position_ms: Whole
    how: Literal["ended", "left"]


class SummaryWritten(Fact, frozen=True, tag="summary-written"):
    """A section of the note's first page, in the therapist's words; the newest of a section stands.

    `drafted`: KapDesk's own sentences from the record, which nobody has changed.
    """

    section: Section
    text: str
    drafted: bool = False


class PatientLeft(Fact, frozen=True, tag="patient-left"):
    """The patient left the clinic, and with whom; alone where `escort` is empty."""

    escort: str


class ComputerSlept(Fact, frozen=True, tag="computer-slept"):
    """The computer was suspended; the clock went on."""

    for_ms: Whole


class WallClockMoved(Fact, frozen=True, tag="wall-clock-moved"):
    """The computer's time of day was changed under the session; times go on from before the change."""

    by_ms: Whole


class ComputerRestarted(Fact, frozen=True, tag="computer-restarted"):
    """The session went on after a restart of the computer.

    `away_ms` is the time between the last entry before and this one, by the time of day or as someone said
    (`how`); it may be off by `uncertainty_ms`. `wall_ahead_ms`: how far the computer's time of day is ahead of
    the session's time since then.
    """

    away_ms: Whole
    uncertainty_ms: Whole
    how: Literal["time of day", "asked"]
    wall_ahead_ms: Whole = 0


class Ended(Fact, frozen=True, tag="ended"):
    """The session is over."""

    how: How
    reason: str = ""


class UpTo(msgspec.Struct, frozen=True):
    """Of one station's chain in a stream: everything up to entry number `seq`."""

    stream: Stream
    station: str
    seq: Whole


class Locked(Fact, frozen=True, tag="locked"):
    """Signed and locked. After this only addenda.

    `covers` is what the one who signed had before them: of the session, of the patient, and of the clinic. What comes
    from elsewhere and is not covered is late, whenever it was entered; of the signing station itself, what comes after.
    """

    covers: tuple[UpTo, ...] = ()


class AddendumWritten(Fact, frozen=True, tag="addendum-written"):
    """Something added after signing; the signed note stays as it was.

    A late entry is of something that happened in the visit (`at` says when) and was not written down; a correction says
    how something was that stands otherwise above, and `of` which entry that is.
    """

    text: str
    kind: AddedAs = "addendum"
    of: UUID | None = None


class Corrected(Correction, frozen=True, tag="corrected"):
    """An earlier fact was wrong: this is how it was. The earlier one stays on the record."""

    truth: "SessionFact"


SessionFact = (
    VisitOpened
    | ProtocolChosen
    | MusicPlanned
    | PatientArrived
    | PersonCameIn
    | PersonLeft
    | WeightMeasured
    | IntentionSet
    | Cleared
    | DoseGiven
    | PhaseEntered
    | PhaseExtended
    | VitalsTaken
    | VitalsNotTaken
    | NoteTaken
    | Marked
    | TrackStarted
    | TrackStopped
    | TrackSkipped
    | MusicLost
    | MusicRestored
    | MusicSilenced
    | MusicBroughtBack
    | VolumeSet
    | ImageryStarted
    | ImageryStopped
    | SummaryWritten
    | CareFact
    | PatientLeft
    | ComputerSlept
    | WallClockMoved
    | ComputerRestarted
    | Ended
    | Locked
    | AddendumWritten
    | PaperFact
    | Corrected
    | Struck
    | Erased
)
