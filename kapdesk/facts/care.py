"""What can be recorded in a visit of the clinic's rules: what was checked, overridden, rated, answered and settled."""

from typing import Literal, get_args
from uuid import UUID

from kapdesk.facts.after import AfterFact
from kapdesk.facts.fact import Fact, Whole
from kapdesk.facts.home import HomeFact
from kapdesk.facts.music import MusicFact

Answer = Literal["yes", "no", "does not apply"]
Held = Literal["clearance", "order", "leaving", "substances"]
Scale = Literal["MOAA/S", "RASS", "CADSS-6", "CADSS", "nausea", "pain"]
BreachAnswer = Literal["infusion paused", "stopped", "prescriber told", "rescue given", "continued"]
Severity = Literal["mild", "moderate", "severe"]
Lozenge = Literal["spat", "swallowed", "dissolved", "vomited"]

BREACH_ANSWERS: tuple[BreachAnswer, ...] = get_args(BreachAnswer)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
LOZENGES: tuple[Lozenge, ...] = get_args(Lozenge)


class ChecklistAnswered(Fact, frozen=True, tag="checklist-answered"):
    """An item of the protocol's lists was answered; the newest answer stands. `words` as they stood on the list."""

    item: str
    words: str
    answer: Answer
    remark: str = ""


class Overridden(Fact, frozen=True, tag="overridden"):
    """Something that holds was set aside, by someone whose role may: what was still missing then, and why."""

    what: Held
    missing: tuple[str, ...]
    reason: str


class ScaleRated(Fact, frozen=True, tag="scale-rated"):
    """A rating on a scale, by whoever watches the patient."""

    scale: Scale
    value: Whole
    remark: str = ""


class ScaleNotRated(Fact, frozen=True, tag="scale-not-rated"):
    """A rating that was due was left out, and why."""

    scale: Scale
    reason: str


class BreachAnswered(Fact, frozen=True, tag="breach-answered"):
    """What was done about a reading outside the clinic's limits."""

    reading: UUID
    answer: BreachAnswer
    reason: str = ""


class DoseChecked(Fact, frozen=True, tag="dose-checked"):
    """A second person looked at a dose: medication, strength, amount, patient. `later`: after it was given."""

    dose: UUID
    later: bool = False


class TouchAgreed(Fact, frozen=True, tag="touch-agreed"):
    """Which touch the patient wants from now on, in words; empty: none."""

    what: str


class StopSignalGiven(Fact, frozen=True, tag="stop-signal-given"):
    """The patient gave the signal to stop."""


class TimerSet(Fact, frozen=True, tag="timer-set"):
    """Someone is to be reminded, silently, of something in so many ms."""

    words: str
    for_ms: Whole


class TimerOver(Fact, frozen=True, tag="timer-over"):
    """What a timer was set for was done, or is not wanted any more."""

    timer: UUID


class InfusionStarted(Fact, frozen=True, tag="infusion-started"):
    """A dose runs in over time, from when it was given: so much of it (µg), at so many µg/h."""

    dose: UUID
    planned_ug: Whole
    rate_ug_per_h: Whole


class InfusionRateSet(Fact, frozen=True, tag="infusion-rate-set"):
    """The infusion runs at another rate from now on; after a pause it runs again."""

    dose: UUID
    rate_ug_per_h: Whole


class InfusionPaused(Fact, frozen=True, tag="infusion-paused"):
    """The infusion stands still."""

    dose: UUID


class InfusionStopped(Fact, frozen=True, tag="infusion-stopped"):
    """The infusion was ended before all had run in. `delivered_ug` as the pump says, or worked out from the rates."""

    dose: UUID
    delivered_ug: Whole
    from_pump: bool


class LozengeOut(Fact, frozen=True, tag="lozenge-out"):
    """A dose is no longer held in the mouth, and what became of it; it was to be held for `meant_ms`."""

    dose: UUID
    how: Lozenge
    meant_ms: Whole


class StateBegan(Fact, frozen=True, tag="state-began"):
    """Something seen that lasts: which of the clinic's codes, and in which way."""

    code: str
    words: str = ""


class StateOver(Fact, frozen=True, tag="state-over"):
    """What lasted is over."""

    state: UUID


class PsychotherapyBegan(Fact, frozen=True, tag="psychotherapy-began"):
    """The therapist began to work with the patient, and how (the modality)."""

    modality: str


class PsychotherapyOver(Fact, frozen=True, tag="psychotherapy-over"):
    """That work is over for now."""

    began: UUID


class EscortNamed(Fact, frozen=True, tag="escort-named"):
    """Who brings the patient home, and under which number; `reached`: they answered."""

    name: str
    phone: str
    reached: bool = False


class SubstanceCounted(Fact, frozen=True, tag="substance-counted"):
    """What became of a medication of one lot in this visit: drawn is given, wasted and returned (µg)."""

    medication: str
    lot: str
    drawn_ug: Whole
    given_ug: Whole
    wasted_ug: Whole
    returned_ug: Whole


class Witnessed(Fact, frozen=True, tag="witnessed"):
    """A second person saw that a count is so."""

    target: UUID


class AdverseEventNoted(Fact, frozen=True, tag="adverse-event-noted"):
    """Something unwanted happened to the patient, how bad it was, and what was done."""

    what: str
    severity: Severity
    action: str = ""


class AdverseEventSettled(Fact, frozen=True, tag="adverse-event-settled"):
    """How an adverse event came out."""

    event: UUID
    outcome: str


class EmergencyBegan(Fact, frozen=True, tag="emergency-began"):
    """Someone called an emergency."""


class EmergencyStepTaken(Fact, frozen=True, tag="emergency-step-taken"):
    """What was done in the emergency, at the time it was pressed."""

    step: str


class EmergencyOver(Fact, frozen=True, tag="emergency-over"):
    """The emergency is over, and how it came out."""

    outcome: str


CareFact = (
    ChecklistAnswered
    | Overridden
    | ScaleRated
    | ScaleNotRated
    | BreachAnswered
    | DoseChecked
    | TouchAgreed
    | StopSignalGiven
    | TimerSet
    | TimerOver
    | InfusionStarted
    | InfusionRateSet
    | InfusionPaused
    | InfusionStopped
    | LozengeOut
    | StateBegan
    | StateOver
    | PsychotherapyBegan
    | PsychotherapyOver
    | EscortNamed
    | SubstanceCounted
    | Witnessed
    | AdverseEventNoted
    | AdverseEventSettled
    | EmergencyBegan
    | EmergencyStepTaken
    | EmergencyOver
    | HomeFact
    | AfterFact
    | MusicFact
)
