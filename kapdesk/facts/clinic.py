"""What can be recorded of the clinic itself: its name, its people, its stations, and the heads of ended sessions."""

from typing import Literal
from uuid import UUID

import msgspec

from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Correction, Fact, Struck, Whole
from kapdesk.facts.filing import FilingFact
from kapdesk.facts.letterhead import LetterheadFact
from kapdesk.facts.people import Role
from kapdesk.facts.seal import SealFact
from kapdesk.facts.stock import StockMoved


class ClinicFounded(Fact, frozen=True, tag="clinic-founded"):
    """The first fact of a clinic folder. A demo clinic holds invented patients and rehearsals only."""

    name: str
    time_zone: str
    paper: Literal["a4", "letter"]
    demo: bool = False


class StationEnrolled(Fact, frozen=True, tag="station-enrolled"):
    """A computer that records for this clinic, and the public half (Ed25519, lower hex) of the key it signs with."""

    station: str
    name: str
    public_key: str


class PersonAdded(Fact, frozen=True, tag="person-added"):
    """Someone of the staff."""

    person: str
    name: str
    roles: tuple[Role, ...]
    credentials: str = ""


class StaffLeft(Fact, frozen=True, tag="staff-left"):
    """Someone of the staff works here no more: they sign in and record nothing from now on."""

    person: str


class Head(msgspec.Struct, frozen=True):
    """The last line of one station's chain in a stream."""

    station: str
    seq: Whole
    hash: str


class HeadsKept(Fact, frozen=True, tag="heads-kept"):
    """Where a stream's chains ended at that time, so that a cut tail shows."""

    stream: Stream
    heads: tuple[Head, ...]


class RecordRestored(Fact, frozen=True, tag="record-restored"):
    """The record was damaged and put back from its copies. On this computer `station` goes on where `before` stood.

    `backup_us` is when the copy was made (UTC µs; 0 where there was none), then how many entries it held, how many
    came from the second copy and from the damaged file itself, and how many of those did not hold.
    """

    station: str
    before: str
    backup_us: Whole
    from_backup: Whole
    from_second_copy: Whole
    from_damaged: Whole
    refused: Whole


class SignedIn(Fact, frozen=True, tag="signed-in"):
    """Someone of the staff proved who they are, and what with."""

    person: str
    how: Literal["password", "PIN", "recovery code"]


class SignInFailed(Fact, frozen=True, tag="sign-in-failed"):
    """Someone chose this name and did not prove to be them, so many times since the last entry."""

    name: str
    how: Literal["password", "PIN", "recovery code"]
    times: Whole


class ScreenLocked(Fact, frozen=True, tag="screen-locked"):
    """The screen was locked, by hand or because nobody had touched it. What runs went on."""

    idle: bool


class GlassBroken(Fact, frozen=True, tag="glass-broken"):
    """Emergency access: the locked screen was opened without password or PIN by someone who gave a name and a reason.

    `person` is who of the staff that name is, empty where nobody is called so.
    """

    person: str
    name: str
    reason: str


class RecoveryRenewed(Fact, frozen=True, tag="recovery-renewed"):
    """There is a new recovery code; the one before opens nothing of today's."""


class ClockMoved(Fact, frozen=True, tag="clock-moved"):
    """The computer's time of day was moved by so much (ms) while KapDesk ran; sessions go on by desk time."""

    moved_ms: Whole


class LockAfterSet(Fact, frozen=True, tag="lock-after-set"):
    """After so many minutes without a key or a touch the screen locks from now on."""

    minutes: Whole


class RetentionSet(Fact, frozen=True, tag="retention-set"):
    """Records are kept for so many years after a patient's last visit from now on."""

    years: Whole


class ProtocolApproved(Fact, frozen=True, tag="protocol-approved"):
    """A prescriber approved a protocol for use with patients, word for word."""

    name: str
    version: str
    sha256: str
    toml: str


class ProtocolWritten(Fact, frozen=True, tag="protocol-written"):
    """A protocol was written or changed in the clinic's folder, under a file name; word for word."""

    file: str
    name: str
    version: str
    sha256: str
    toml: str


class Code(msgspec.Struct, frozen=True):
    """One of the clinic's words for what is seen: something that happens, or something that lasts.

    `unwanted`: how bad it was is asked right after.
    """

    word: str
    lasts: bool = False
    unwanted: bool = False


class CodesSet(Fact, frozen=True, tag="codes-set"):
    """The clinic's codes from now on, in the order of their keys; the newest stands."""

    codes: tuple[Code, ...]


class CodeWords(msgspec.Struct, frozen=True):
    """What is said where a code that lasts begins and is over; empty: general words."""

    word: str
    begins: str = ""
    ends: str = ""


class CodeWordsSet(Fact, frozen=True, tag="code-words-set"):
    """What the clinic says of its lasting codes from now on; the newest stands, for what is recorded after it."""

    words: tuple[CodeWords, ...]


class NotePart(msgspec.Struct, frozen=True):
    """A part of the note: its name in KapDesk, the heading over it, and whether it is printed."""

    part: str
    heading: str
    shown: bool = True


class NoteTemplateSet(Fact, frozen=True, tag="note-template-set"):
    """How the clinic's notes are laid out from now on: their parts in order; the newest stands."""

    parts: tuple[NotePart, ...]


class SummarySent(Fact, frozen=True, tag="summary-sent"):
    """A visit's esketamine observation summary was sent, and how."""

    session: UUID
    how: str


class RecordRead(Fact, frozen=True, tag="record-read"):
    """Someone opened the record of a visit that is over."""

    session: UUID


class NoteTakenOut(Fact, frozen=True, tag="note-taken-out"):
    """A visit's note left the record as a file."""

    session: UUID


class SheetTakenOut(Fact, frozen=True, tag="sheet-taken-out"):
    """A paper that is no session note left the record: of which visit or patient (their id), or of which days."""

    sheet: Literal["integration sheet", "course overview", "substances log", "monthly page"]
    of: str


class ContentsErased(Fact, frozen=True, tag="contents-erased"):
    """What was said in a stream was deleted; its own last entry says so too. Two people: `agreed_by` is the other."""

    stream: Stream
    agreed_by: str
    reason: str


class PatientsImported(Fact, frozen=True, tag="patients-imported"):
    """A table was taken in: the SHA-256 of its file, and the records begun from its lines, in their order.

    It is said before the records are, so that one that was cut off can be found as well.
    """

    file_digest: str
    patients: tuple[UUID, ...]


class Corrected(Correction, frozen=True, tag="corrected"):
    """An earlier fact was wrong: this is how it is. The earlier one stays on the record."""

    truth: "ClinicFact"


ClinicFact = (
    ClinicFounded
    | StationEnrolled
    | PersonAdded
    | StaffLeft
    | HeadsKept
    | RecordRestored
    | SignedIn
    | SignInFailed
    | ScreenLocked
    | GlassBroken
    | RecoveryRenewed
    | ClockMoved
    | LockAfterSet
    | RetentionSet
    | ProtocolApproved
    | ProtocolWritten
    | CodesSet
    | CodeWordsSet
    | NoteTemplateSet
    | SummarySent
    | RecordRead
    | NoteTakenOut
    | SheetTakenOut
    | ContentsErased
    | PatientsImported
    | SealFact
    | FilingFact
    | LetterheadFact
    | StockMoved
    | Corrected
    | Struck
)
