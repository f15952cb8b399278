"""What can be recorded when the effect has passed, and when the work changes hands."""

from typing import Literal
from uuid import UUID

from kapdesk.facts.fact import Fact, Whole

Debriefed = Literal["images", "feelings", "insights"]
LeavingScore = Literal["Aldrete", "mPADSS"]


class DebriefWritten(Fact, frozen=True, tag="debrief-written"):
    """What the patient tells of it afterwards, in their own words; the newest of a part stands."""

    part: Debriefed
    text: str


class PracticeAgreed(Fact, frozen=True, tag="practice-agreed"):
    """Something the patient wants to do until next time: homework, asked after at the next visit."""

    text: str


class PracticeReviewed(Fact, frozen=True, tag="practice-reviewed"):
    """How it went with what was agreed last time (`agreed`, said in an earlier visit)."""

    agreed: UUID
    text: str


class LeavingScored(Fact, frozen=True, tag="leaving-scored"):
    """The points of each criterion of a discharge scale, in its published order; 0 to 2 each."""

    scale: LeavingScore
    points: tuple[Whole, ...]


class CareHandedOver(Fact, frozen=True, tag="care-handed-over"):
    """One of the staff gives the watch over the patient to another, `to`, with a word about what matters."""

    to: str
    words: str


class CareTakenOver(Fact, frozen=True, tag="care-taken-over"):
    """The other has read the card and has the watch now."""

    handed: UUID


class HandOverWithdrawn(Fact, frozen=True, tag="hand-over-withdrawn"):
    """Who gave the watch takes it back before anyone has taken it over: it went to the wrong person, or too soon."""

    handed: UUID


class PaperEntered(Fact, frozen=True, tag="paper-entered"):
    """So many lines were entered from a sheet of paper, kept since; each of them has its own time."""

    lines: Whole
    why: str


class VisitMoved(Fact, frozen=True, tag="visit-moved"):
    """The visit was opened under the wrong patient: it belongs to `patient`, not to `before`. It takes two people.

    It holds after signing too; the note that was signed is superseded, not changed.
    """

    patient: UUID
    before: UUID
    agreed_by: str
    reason: str


AfterFact = (
    DebriefWritten
    | PracticeAgreed
    | PracticeReviewed
    | LeavingScored
    | CareHandedOver
    | CareTakenOver
    | HandOverWithdrawn
    | PaperEntered
    | VisitMoved
)
