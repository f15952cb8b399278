"""What the clinic's rules ask of a session, said in one line, on screen as on paper."""

from typing import assert_never

from kapdesk.clinical import leaving, sound
from kapdesk.facts.after import (
    AfterFact,
    CareHandedOver,
    CareTakenOver,
    DebriefWritten,
    HandOverWithdrawn,
    LeavingScored,
    PaperEntered,
    PracticeAgreed,
    PracticeReviewed,
    VisitMoved,
)
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
    CareFact,
    ChecklistAnswered,
    DoseChecked,
    EmergencyBegan,
    EmergencyOver,
    EmergencyStepTaken,
    EscortNamed,
    InfusionPaused,
    InfusionRateSet,
    InfusionStarted,
    InfusionStopped,
    LozengeOut,
    Overridden,
    PsychotherapyBegan,
    PsychotherapyOver,
    ScaleNotRated,
    ScaleRated,
    StateBegan,
    StateOver,
    StopSignalGiven,
    SubstanceCounted,
    TimerOver,
    TimerSet,
    TouchAgreed,
    Witnessed,
)
from kapdesk.facts.home import (
    ContactFound,
    ContactLost,
    ContactSought,
    HomeDosesCounted,
    HomeFact,
    MusicElsewhere,
    PatientLocated,
)
from kapdesk.facts.music import MusicFact
from kapdesk.facts.patient import OrderWritten
from kapdesk.facts.words import Route

ROUTES: dict[Route, str] = {"iv": "IV", "im": "IM", "sublingual": "sublingual", "oral": "oral", "nasal": "nasal"}


def said(fact: CareFact) -> str:
    """The fact in one line, without time and person."""
    if isinstance(fact, HomeFact):
        return _at_home(fact)
    if isinstance(fact, AfterFact):
        return _afterwards(fact)
    if isinstance(fact, MusicFact):
        return sound.said(fact)
    match fact:
        case ChecklistAnswered():
            return _join(f"{fact.words}: {fact.answer}", fact.remark)
        case Overridden():
            missing = f", missing: {', '.join(fact.missing)}" if fact.missing else ""
            return f"{fact.what.capitalize()} overridden{missing}. Reason: {fact.reason}"
        case ScaleRated():
            return _join(f"{fact.scale} {fact.value}", fact.remark)
        case ScaleNotRated():
            return f"{fact.scale} not rated: {fact.reason}"
        case BreachAnswered():
            return _join(f"Reading outside the limit: {fact.answer}", fact.reason)
        case DoseChecked():
            return "Dose checked by a second person" + (", afterwards" if fact.later else "")
        case TouchAgreed():
            return f"Touch agreed: {fact.what}" if fact.what else "No touch from here on"
        case StopSignalGiven():
            return "Stop signal given"
        case TimerSet():
            return f"Timer: {fact.words}, {fact.for_ms // 60_000} min"
        case TimerOver():
            return "Timer over"
        case InfusionStarted():
            return f"Infusion of {mg(fact.planned_ug)} mg at {mg(fact.rate_ug_per_h)} mg/h"
        case InfusionRateSet():
            return f"Infusion at {mg(fact.rate_ug_per_h)} mg/h from here"
        case InfusionPaused():
            return "Infusion paused"
        case InfusionStopped():
            how = "as the pump says" if fact.from_pump else "worked out from the rates"
            return f"Infusion stopped: {mg(fact.delivered_ug)} mg delivered, {how}"
        case LozengeOut():
            return f"No longer in the mouth: {fact.how} (to be held {fact.meant_ms // 60_000} min)"
        case StateBegan():
            return f"{fact.code}, from here on: {fact.words}" if fact.words else f"{fact.code}, from here on"
        case StateOver():
            return "No longer so"
        case PsychotherapyBegan():
            return f"Psychotherapy begins: {fact.modality}"
        case PsychotherapyOver():
            return "Psychotherapy ends"
        case EscortNamed():
            return f"Escort: {fact.name}, {fact.phone}{', reached' if fact.reached else ', not reached yet'}"
        case SubstanceCounted():
            of = f"{fact.medication}, lot {fact.lot}" if fact.lot else fact.medication
            parts = [
                f"{mg(amount)} mg {word}"
                for amount, word in (
                    (fact.drawn_ug, "drawn"),
                    (fact.given_ug, "given"),
                    (fact.wasted_ug, "wasted"),
                    (fact.returned_ug, "returned"),
                )
            ]
            return f"{of}: {', '.join(parts)}"
        case Witnessed():
            return "Count witnessed by a second person"
        case AdverseEventNoted():
            return _join(f"Adverse event: {fact.what}, {fact.severity}", fact.action)
        case AdverseEventSettled():
            return f"Adverse event settled: {fact.outcome}"
        case EmergencyBegan():
            return "Emergency"
        case EmergencyStepTaken():
            return f"Emergency: {fact.step}"
        case EmergencyOver():
            return f"Emergency over: {fact.outcome}"
        case _ as unknown:
            assert_never(unknown)


def _at_home(fact: HomeFact) -> str:
    match fact:
        case PatientLocated():
            seen = "seen" if fact.companion_seen else "not seen"
            named = ", ".join(filter(None, (fact.companion, fact.companion_phone, seen)))
            companion = f"Companion: {named if fact.companion else 'nobody'}"
            numbers = f"Emergency number there {fact.emergency_number}, call back {fact.call_back}"
            return f"At {fact.place}. {numbers}. {companion}"
        case HomeDosesCounted():
            return f"{fact.medication} at home: {fact.sent} sent, {fact.taken} taken, {fact.left} left"
        case ContactLost():
            return "Contact lost"
        case ContactSought():
            return _join(f"Contact lost: {fact.by} tried", fact.words)
        case ContactFound():
            return f"In contact again: {fact.words}"
        case MusicElsewhere():
            return f"Music played elsewhere: {fact.what}" if fact.what else "No music elsewhere any more"
        case _ as unknown:
            assert_never(unknown)


def _afterwards(fact: AfterFact) -> str:
    match fact:
        case DebriefWritten():
            return f"Debrief, {fact.part}: {fact.text}"
        case PracticeAgreed():
            return f"Agreed until next time: {fact.text}"
        case PracticeReviewed():
            return f"How that went: {fact.text}"
        case LeavingScored():
            return leaving.told(fact)
        case CareHandedOver():
            return _join("The watch is handed over", fact.words)
        case CareTakenOver():
            return "The watch is taken over"
        case HandOverWithdrawn():
            return "The hand-over of the watch is taken back"
        case PaperEntered():
            return f"{fact.lines} lines entered from paper: {fact.why}"
        case VisitMoved():
            return f"Moved here from another patient’s record: {fact.reason}"
        case _ as unknown:
            assert_never(unknown)


def order(fact: OrderWritten) -> str:
    """ "ketamine 50 mg IM, booster up to 25 mg, until 2026-12-31"."""
    booster = f", booster up to {mg(fact.booster_up_to_ug)} mg" if fact.booster_up_to_ug else ""
    dose = f"{fact.medication} {mg(fact.dose_ug)} mg {ROUTES[fact.route]}"
    return _join(f"{dose}{booster}, until {fact.valid_until}", fact.remark)


def mg(dose_ug: int) -> str:
    """Micrograms in milligrams, exactly: 12500 is "12.5"."""
    whole, part = divmod(abs(dose_ug), 1000)
    digits = f"{whole}.{part:03d}".rstrip("0").rstrip(".")
    return f"−{digits}" if dose_ug < 0 else digits


def _join(said: str, remark: str) -> str:
    return f"{said}. {remark}" if remark else said
