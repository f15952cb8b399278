"""How amounts, times, people and facts are said on paper. Pure."""

from collections.abc import Iterable
from typing import assert_never

from kapdesk.clinical import care, dosing
from kapdesk.clinical.vitals import how_taken
from kapdesk.facts.care import CareFact
from kapdesk.facts.clinic import ClinicFounded
from kapdesk.facts.fact import Correction, Erased, Struck, Unread
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
from kapdesk.note.paper import PaperSize


def paper_size(said: ClinicFounded | VisitOpened | None) -> PaperSize:
    """The paper that a clinic or a visit was set up with; A4 where nothing was said."""
    return "Letter" if said is not None and said.paper == "letter" else "A4"


def decimal(value: int, places: int) -> str:
    """An integer with its decimal point moved left, without zeros at the end: decimal(1250, 3) is "1.25"."""
    sign = "−" if value < 0 else ""
    whole, part = divmod(abs(value), 10**places)
    digits = f"{part:0{places}}".rstrip("0") if places else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def mg(dose_ug: int) -> str:
    """A dose in milligrams, exactly."""
    return f"{care.mg(dose_ug)} mg"


def medication(dose: DoseGiven) -> str:
    """The name of what was given, as it was written, with a capital."""
    name = dose.medication.strip()
    return name[:1].upper() + name[1:]


def per_kg(dose_ug: int, weight_g: int | None) -> str:
    """A dose per kilogram of body weight, to the hundredth of a mg, halves upwards; empty without a weight."""
    if not weight_g or weight_g <= 0:
        return ""
    return dosing.per_kg(dose_ug, weight_g)


def lasted(ms: int) -> str:
    """A length of time: "45 s", "2 min 10 s", "1 h 4 min"."""
    seconds = round(abs(ms) / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def played(ms: int) -> str:
    """How much of a piece was heard: "7:42"."""
    seconds = max(0, round(ms / 1000))
    return f"{seconds // 60}:{seconds % 60:02}"


def pressure(vitals: VitalsTaken) -> str:
    """ "164/98", with a dash for what was not measured; empty where neither was."""
    pair = (vitals.systolic_mmhg, vitals.diastolic_mmhg)
    return "" if pair == (None, None) else "/".join("–" if value is None else str(value) for value in pair)


def reading(vitals: VitalsTaken) -> str:
    """A reading in one line."""
    parts = (
        pressure(vitals) and f"BP {pressure(vitals)}",
        "" if vitals.pulse_per_min is None else f"pulse {vitals.pulse_per_min}",
        "" if vitals.spo2_percent is None else f"SpO₂ {vitals.spo2_percent} %",
        "" if vitals.breaths_per_min is None else f"RR {vitals.breaths_per_min}",
        "" if vitals.temperature_dc is None else f"{vitals.temperature_dc // 10}.{vitals.temperature_dc % 10} °C",
        how_taken(vitals),
    )
    return ", ".join(part for part in parts if part)


def initials(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Initials for each (person, name), no two alike: "NO", and "NO2" for the next whose name gives the same."""
    given: dict[str, str] = {}
    for person, name in people:
        if person in given:
            continue
        words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
        letters = "".join(word[0] for word in (words[0], words[-1])).upper() if len(words) > 1 else name[:2].upper()
        letters = letters or "?"
        taken, number, one = set(given.values()), 2, letters
        while one in taken:
            one, number = f"{letters}{number}", number + 1
        given[person] = one
    return given


def said(fact: SessionFact) -> str:
    """A fact in one line, as it stands beside a correction of it or among what came after signing."""
    if isinstance(fact, CareFact):
        return care.said(fact)
    match fact:
        case VisitOpened():
            return f"{fact.visit.capitalize()} visit opened" + (f", chair {fact.chair}" if fact.chair else "")
        case ProtocolChosen():
            return f"Protocol chosen (SHA-256 {fact.sha256})"
        case MusicPlanned():
            return f"Playlist {fact.playlist} planned"
        case PatientArrived():
            return "Patient arrived"
        case PersonCameIn():
            named = f"{fact.name}, {fact.credentials}" if fact.credentials else fact.name
            return f"{named} came in ({', '.join(fact.roles)})" if fact.roles else f"{named} came in"
        case PersonLeft():
            return "Someone of the staff left"
        case WeightMeasured():
            return f"Weight {decimal(fact.weight_g, 3)} kg, measured on {fact.measured_on}"
        case IntentionSet():
            return f"Intention: {fact.text}"
        case Cleared():
            return "Cleared"
        case DoseGiven():
            return _dose(fact)
        case PhaseEntered():
            return f"Moved to {fact.phase}"
        case PhaseExtended():
            return f"{fact.phase.capitalize()} {lasted(fact.by_ms)} {'longer' if fact.by_ms >= 0 else 'shorter'}"
        case VitalsTaken():
            return reading(fact)
        case VitalsNotTaken():
            return f"Vital signs not taken: {fact.reason}"
        case NoteTaken():
            bare = any(mark in fact.text for mark in '“”„«"') or not fact.patients_words
            quoted = fact.text if bare else f"“{fact.text}”"
            return f"{fact.code}: {quoted}" if fact.code and quoted else fact.code or quoted
        case Marked():
            return "Mark"
        case TrackStarted():
            return f"{fact.title} began"
        case TrackStopped():
            return f"{fact.title} ended" + (f" after {played(fact.heard_ms)}" if fact.heard_ms is not None else "")
        case TrackSkipped():
            return f"{fact.title} could not be played: {fact.reason}"
        case MusicLost():
            return f"The music fell silent: {fact.reason}"
        case MusicRestored():
            return f"The music came back after {lasted(fact.silent_ms)}, with {fact.title}"
        case MusicSilenced():
            return "Music taken out softly"
        case MusicBroughtBack():
            return "Music brought back"
        case VolumeSet():
            return f"Music at {fact.percent} % volume"
        case ImageryStarted():
            return f"Guided imagery {fact.title} began"
        case ImageryStopped():
            return f"Guided imagery {fact.title} {'came to its end' if fact.how == 'ended' else 'was left'}"
        case SummaryWritten():
            return f"{fact.section.capitalize()}{', as drafted' if fact.drafted else ''}: {fact.text}"
        case PatientLeft():
            return f"Patient left with {fact.escort}" if fact.escort else "Patient left alone"
        case ComputerSlept():
            return f"The computer slept for {lasted(fact.for_ms)}"
        case WallClockMoved():
            return f"The computer’s time of day was moved {_way(fact.by_ms)} by {lasted(fact.by_ms)}"
        case ComputerRestarted():
            how = "by its time of day" if fact.how == "time of day" else "as someone said"
            return f"The computer restarted; {lasted(fact.away_ms)} passed, {how}"
        case Ended():
            return f"Session ended: {fact.how}" + (f", {fact.reason}" if fact.reason else "")
        case Locked():
            return "Signed and locked"
        case AddendumWritten():
            return fact.text
        case Countersigned():
            return f"Countersigned: {fact.meaning}"
        case PaperKept():
            return f"Version {fact.version} of the signed note is kept"
        case PaperFiled():
            return f"The signed note was filed as {fact.place}"
        case Corrected():
            return f"{said(fact.truth)}. Reason: {fact.reason}"
        case Struck():
            return f"Struck. Reason: {fact.reason}"
        case Erased():
            return f"Erased. Reason: {fact.reason}"
        case Unread():
            return "Something that cannot be read here"
        case _ as unknown:
            assert_never(unknown)


def before(fact: SessionFact, truth: SessionFact) -> str:
    """How something stood before it was corrected to `truth`; of a dose the vial only where that was wrong as well."""
    if isinstance(fact, DoseGiven) and isinstance(truth, DoseGiven) and _vial(fact) == _vial(truth):
        return _given(fact)
    return said(fact)


def _dose(fact: DoseGiven) -> str:
    """All that was said of it: "ketamine 60 mg IM, left deltoid, 50 mg/mL, 1.2 mL, lot K2291B, expiry 2027-08"."""
    return ", ".join(part for part in (_given(fact), *_vial(fact)) if part)


def _given(fact: DoseGiven) -> str:
    where = ", ".join(part for part in (care.ROUTES[fact.route], fact.site) if part)
    return f"{fact.medication} {mg(fact.dose_ug)} {where}"


def _vial(fact: DoseGiven) -> tuple[str, ...]:
    return (
        "" if fact.strength_ug_per_ml is None else f"{decimal(fact.strength_ug_per_ml, 3)} mg/mL",
        "" if fact.volume_ul is None else f"{decimal(fact.volume_ul, 3)} mL",
        fact.lot and f"lot {fact.lot}",
        fact.expiry and f"expiry {fact.expiry}",
    )


def is_amendment(fact: object) -> bool:
    """Whether a fact speaks of an earlier one."""
    return isinstance(fact, Correction | Struck)


def _way(ms: int) -> str:
    return "forward" if ms >= 0 else "back"
