"""What was recorded, said in one line for the list of observations."""

from typing import assert_never

import msgspec

from kapdesk.clinical import care
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.vitals import Flag, flags, how_taken
from kapdesk.facts.after import CareHandedOver, CareTakenOver, HandOverWithdrawn
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
from kapdesk.facts.fact import Erased, Struck, Unread
from kapdesk.facts.music import (
    ImageryPaused,
    ImageryResumed,
    MusicChecked,
    MusicFact,
    OtherSound,
    OutputBack,
    OutputChosen,
    OutputLost,
    TrackRefused,
)
from kapdesk.facts.papers import Countersigned, PaperFiled, PaperKept
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    ComputerRestarted,
    ComputerSlept,
    Corrected,
    DoseGiven,
    Ended,
    ImageryStarted,
    ImageryStopped,
    IntentionSet,
    Locked,
    Marked,
    MusicBroughtBack,
    MusicLost,
    MusicPlanned,
    MusicRestored,
    MusicSilenced,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PersonCameIn,
    PersonLeft,
    PhaseEntered,
    PhaseExtended,
    ProtocolChosen,
    SessionFact,
    SummaryWritten,
    TrackSkipped,
    TrackStarted,
    TrackStopped,
    VisitOpened,
    VitalsNotTaken,
    VitalsTaken,
    VolumeSet,
    WallClockMoved,
    WeightMeasured,
)
from ui import words


class Said(msgspec.Struct, frozen=True):
    """A line: its heading, its text, and its sign where that is not the heading's own."""

    code: str
    text: str = ""
    icon: str = ""
    tone: str = "muted"


def said(fact: SessionFact) -> Said | None:
    """A fact as a line; None for what stands elsewhere on the screen, or has no meaning of its own."""
    if isinstance(fact, CareFact):
        return _care(fact)
    match fact:
        case NoteTaken():
            return Said(fact.code, f"“{fact.text}”" if fact.patients_words and fact.text else fact.text)
        case Marked():
            return Said("Mark", "to fill in", "mark", "accent")
        case VitalsTaken():
            return Said("Vitals", readings(fact), "vitals")
        case VitalsNotTaken():
            return Said("Vitals", f"Not taken: {fact.reason}", "vitals")
        case DoseGiven():
            return Said("Dose", dose(fact), "dose", "accent")
        case PhaseEntered():
            return Said("Phase", f"{fact.phase.capitalize()} from here, by hand", "phase")
        case PhaseExtended():
            longer = "longer" if fact.by_ms >= 0 else "shorter"
            return Said("Phase", f"{fact.phase.capitalize()} {words.minutes(abs(fact.by_ms))} {longer}", "phase")
        case PatientArrived():
            return Said("Arrived", "", "person")
        case PersonCameIn():
            return Said("In the room", f"{fact.name} came in", "people")
        case PersonLeft():
            return Said("In the room", "left", "people")
        case WeightMeasured():
            return Said("Weight", weight(fact), "weight")
        case IntentionSet():
            return Said("Intention", f"“{fact.text}”", "person")
        case Cleared():
            return Said("Ready", "Ready to begin", "check", "teal")
        case PatientLeft():
            return Said("Left", f"with {fact.escort}" if fact.escort else "alone", "leave")
        case Ended():
            return Said("End", words.join(fact.how, fact.reason), "end")
        case Locked():
            return Said("Signed", "Signed and locked", "lock")
        case AddendumWritten():
            return Said(fact.kind.capitalize(), fact.text, "edit")
        case Countersigned():
            return Said("Signed", "Countersigned", "lock")
        case PaperKept():
            return Said("Paper", f"Version {fact.version} of the note is kept", "lock")
        case PaperFiled():
            return Said("Paper", f"Filed as {fact.place}", "check")
        case TrackStarted() | TrackSkipped() | MusicLost() | MusicRestored() | MusicSilenced() | MusicBroughtBack():
            return Said("Music", _music(fact), "music")
        case ImageryStarted():
            return Said("Imagery", words.join(fact.title, "recorded voice" if fact.voice else "read aloud"), "imagery")
        case ImageryStopped():
            return Said("Imagery", f"{fact.title} {'over' if fact.how == 'ended' else 'left'}", "imagery")
        case ComputerSlept() | WallClockMoved() | ComputerRestarted():
            return Said("Computer", _computer(fact), "timer")
        case Unread():
            return Said("Unread", "Recorded by a newer KapDesk, or not readable here", "event")
        case (
            VisitOpened()
            | ProtocolChosen()
            | MusicPlanned()
            | VolumeSet()
            | TrackStopped()
            | SummaryWritten()
            | Corrected()
            | Struck()
            | Erased()
        ):
            return None
        case _ as unknown:
            assert_never(unknown)


def _care(fact: CareFact) -> Said | None:
    if isinstance(fact, StateBegan):
        return Said(fact.code, f"{fact.words}, from here on" if fact.words else "from here on")
    other = ("Music", "music", "muted") if isinstance(fact, MusicFact) else ("Care", "event", "muted")
    if isinstance(fact, MusicChecked):
        return None  # the preparation has shown it
    head, icon, tone = _CARE.get(type(fact), other)
    return Said(head, care.said(fact), icon, tone)


_CARE: dict[type, tuple[str, str, str]] = {
    ImageryPaused: ("Imagery", "imagery", "muted"),
    ImageryResumed: ("Imagery", "imagery", "muted"),
    OutputLost: ("Heard on", "headphones", "accent"),
    OutputBack: ("Heard on", "headphones", "muted"),
    OutputChosen: ("Heard on", "headphones", "muted"),
    OtherSound: ("Sound", "warning", "accent"),
    ChecklistAnswered: ("Checked", "check", "muted"),
    Overridden: ("Override", "warning", "accent"),
    ScaleRated: ("Scale", "vitals", "muted"),
    ScaleNotRated: ("Scale", "vitals", "muted"),
    LozengeOut: ("Lozenge", "dose", "accent"),
    BreachAnswered: ("Limit", "vitals", "accent"),
    DoseChecked: ("Dose", "check", "muted"),
    InfusionStarted: ("Infusion", "dose", "muted"),
    InfusionRateSet: ("Infusion", "dose", "muted"),
    InfusionPaused: ("Infusion", "pause", "accent"),
    InfusionStopped: ("Infusion", "end", "accent"),
    SubstanceCounted: ("Substance", "dose", "muted"),
    Witnessed: ("Substance", "check", "muted"),
    EscortNamed: ("Escort", "person", "muted"),
    TouchAgreed: ("Touch", "person", "accent"),
    StopSignalGiven: ("Stop signal", "warning", "alarm"),
    StateOver: ("State", "note", "muted"),
    PsychotherapyBegan: ("Psychotherapy", "people", "indigo"),
    PsychotherapyOver: ("Psychotherapy", "people", "indigo"),
    TimerSet: ("Timer", "timer", "muted"),
    TimerOver: ("Timer", "timer", "muted"),
    AdverseEventNoted: ("Adverse event", "event", "accent"),
    AdverseEventSettled: ("Adverse event", "event", "muted"),
    EmergencyBegan: ("Emergency", "warning", "alarm"),
    EmergencyStepTaken: ("Emergency", "warning", "alarm"),
    EmergencyOver: ("Emergency", "warning", "muted"),
    CareHandedOver: ("Watch", "people", "accent"),
    CareTakenOver: ("Watch", "people", "muted"),
    HandOverWithdrawn: ("Watch", "people", "accent"),
    TrackRefused: ("Music", "music", "accent"),
}


def readings(taken: VitalsTaken) -> str:
    """A reading in one line: "BP 136/82 · pulse 78 · SpO₂ 97 · RR 14 · 36.8 °C"."""
    pressure = words.pressure(taken.systolic_mmhg, taken.diastolic_mmhg)
    temperature = words.temperature(taken.temperature_dc)
    return words.join(
        f"BP {pressure}" if pressure else "",
        f"pulse {taken.pulse_per_min}" if taken.pulse_per_min is not None else "",
        f"SpO₂ {taken.spo2_percent}" if taken.spo2_percent is not None else "",
        f"RR {taken.breaths_per_min}" if taken.breaths_per_min is not None else "",
        f"{temperature} °C" if temperature else "",
        how_taken(taken),
    )


def dose(given: DoseGiven) -> str:
    """A dose in one line: "ketamine 50 mg IM, left deltoid"."""
    place = f", {given.site}" if given.site else ""
    return f"{given.medication} {words.amount(given.dose_ug)} {words.route(given.route)}{place}"


def weight(measured: WeightMeasured) -> str:
    """A weight with its date: "67 kg on 2026-03-02"."""
    whole, part = divmod(measured.weight_g, 1000)
    figure = f"{whole}.{part:03d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"{figure} kg on {measured.measured_on}"


def flagged(taken: VitalsTaken, at_us: int, first_dose_us: int | None, protocol: Protocol | None) -> list[Flag]:
    """What of a reading lies outside the clinic's limits: those before the first dose, or those after it."""
    return flags(taken, protocol.limits_at(at_us, first_dose_us)) if protocol else []


def _music(
    fact: TrackStarted | TrackSkipped | MusicLost | MusicRestored | MusicSilenced | MusicBroughtBack,
) -> str:
    match fact:
        case TrackStarted():
            return fact.title
        case TrackSkipped():
            return f"“{fact.title}” skipped: {fact.reason}"
        case MusicLost():
            return f"Silent: {fact.reason}"
        case MusicRestored():
            return f"Back after {words.lasting(fact.silent_ms)}: {fact.title}"
        case MusicSilenced():
            return "Taken out"
        case MusicBroughtBack():
            return "Brought back"


def _computer(fact: ComputerSlept | WallClockMoved | ComputerRestarted) -> str:
    match fact:
        case ComputerSlept():
            return f"Asleep for {words.lasting(fact.for_ms)}; the clock went on"
        case WallClockMoved():
            way = "forward" if fact.by_ms > 0 else "back"
            return f"Its time of day was set {way} by {words.lasting(abs(fact.by_ms))}; the session’s time went on"
        case ComputerRestarted():
            how = ", as someone said" if fact.how == "asked" else ""
            off = words.uncertainty(fact.uncertainty_ms)
            return words.join(f"Restarted; nothing recorded for {words.lasting(fact.away_ms)}{how}", off)
