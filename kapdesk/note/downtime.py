"""What stands on the sheet for a day without the computer: a session is written on it by hand and entered later."""

from typing import TYPE_CHECKING

from kapdesk.clinical.vitals import NAMES
from kapdesk.note.paper import Named, PaperSize, Piece

if TYPE_CHECKING:
    from kapdesk.clinical.protocol import Protocol
    from kapdesk.clinical.vitals import Limits
    from kapdesk.people.patient import Patient

MOST_TIMES = 13
"""So many readings have a row with their minute; further ones go into the empty rows."""
_UNITS = {
    "systolic_mmhg": "mmHg",
    "diastolic_mmhg": "mmHg",
    "pulse_per_min": "/min",
    "spo2_percent": "%",
    "breaths_per_min": "/min",
}


class Downtime(Piece, frozen=True):
    """A sheet to write on. What is not known is left empty and gets a line."""

    clinic: str
    protocol: str
    """Name and version, medication and route."""
    paper: PaperSize = "A4"
    patient: tuple[Named, ...] = ()
    before: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    course: str = ""
    """The phases with their minutes, and what is said of doses."""
    times_min: tuple[int, ...] = ()
    """When readings are due, in minutes from the first dose."""
    emergency: tuple[Named, ...] = ()
    approved: bool = False


def downtime_of(
    protocol: "Protocol", clinic: str = "", paper: PaperSize = "A4", patient: "Patient | None" = None, *, approved: bool
) -> Downtime:
    """The sheet of a protocol, for a patient where one is known."""
    known = patient.registered if patient is not None else None
    return Downtime(
        clinic=clinic,
        protocol=f"{protocol.name}, version {protocol.version}",
        paper=paper,
        patient=(
            Named(name="Name", value=patient.name if patient is not None else ""),
            Named(name="Born", value=known.born_on if known is not None else ""),
            Named(name="Record number", value=known.record_number if known is not None else ""),
            Named(name="Allergies", value=known.allergies if known is not None else ""),
            Named(name="Weight, kg, on", value=""),
            Named(name="Date", value=""),
            Named(name="Arrived at", value=""),
            Named(name="Chair or room", value=""),
        ),
        before=_before(protocol),
        leaving=_leaving(protocol),
        limits=tuple(_limits(protocol)),
        course=_course(protocol),
        times_min=times(protocol),
        emergency=(
            Named(name="Emergency number", value=""),
            Named(name="Prescriber on call", value=""),
            Named(name="Crisis contacts", value=_contacts(patient)),
            Named(name="Goes home with", value=""),
        ),
        approved=approved,
    )


def times(protocol: "Protocol") -> tuple[int, ...]:
    """Minutes from the first dose at which vitals are due, to the end of the phases or of the observation."""
    until = max(sum(each.minutes for each in protocol.phases), protocol.leaving.observed_min)
    at = [minute for minute in protocol.vitals_at_min if minute <= until]
    minute = (at[-1] if at else 0) + protocol.vitals_every_min
    while minute <= until and len(at) < MOST_TIMES:
        at.append(minute)
        minute += protocol.vitals_every_min
    return tuple(at[:MOST_TIMES])


_NEEDS = {
    "weight": "Weight measured",
    "baseline": "First reading taken",
    "order": "Order of the prescriber is there",
    "intention": "Intention asked",
    "indication": "Indication known",
    "screening": "Screening gone through",
    "consent": "Consent given",
    "crisis": "Crisis contacts known",
    "escort": "Someone takes the patient home",
    "location": "Where the patient is, and their number",
    "companion": "A companion is there",
}


def _before(protocol: "Protocol") -> tuple[str, ...]:
    staff = [f"In the room: {role}" for role in protocol.staff]
    needs = [words for need, words in _NEEDS.items() if need in protocol.needs]
    second = ["A second person checks each dose"] if protocol.second_check else []
    return (*staff, *needs, *(item.words for item in protocol.before), *second)


def _leaving(protocol: "Protocol") -> tuple[str, ...]:
    plan = protocol.leaving
    made = [f"{plan.observed_min} min since {plan.since}"] if plan.observed_min else []
    if plan.pressure_within_percent:
        made.append(f"Pressure within {plan.pressure_within_percent} % of the first reading")
    if plan.reading_within_min:
        made.append(f"A reading in the last {plan.reading_within_min} min")
    if plan.score is not None:
        made.append(f"{plan.score} at least {plan.score_least}")
    counted = ["Substances counted, waste witnessed"] if protocol.count_substances else []
    return (*made, *(item.words for item in plan.items), *counted)


def _limits(protocol: "Protocol") -> list[str]:
    made = []
    for when, limits in (("Before the first dose", protocol.limits_before), ("From then on", protocol.limits_after)):
        if said := _said(limits):
            made.append(f"{when}: {said}")
    if protocol.recheck_min:
        made.append(f"Outside a limit: tell the prescriber, read again after {protocol.recheck_min} min")
    return made


def _said(limits: "Limits") -> str:
    parts = []
    for field, unit in _UNITS.items():
        low, high = limits.low(field), limits.high(field)  # type: ignore[arg-type]
        sides = [f"from {low}"] if low is not None else []
        sides += [f"to {high}"] if high is not None else []
        if sides:
            parts.append(f"{NAMES[field]} {' '.join(sides)} {unit}")  # type: ignore[index]
    return ", ".join(parts)


def _course(protocol: "Protocol") -> str:
    phases = ", ".join(f"{each.phase} {each.minutes} min" for each in protocol.phases)
    caps = [f"one dose up to {protocol.most_mg} mg"] if protocol.most_mg else []
    caps += [f"in all up to {protocol.most_total_mg} mg"] if protocol.most_total_mg else []
    caps += [f"runs in over {protocol.infuse_over_min} min"] if protocol.infuse_over_min else []
    caps += [f"held in the mouth for {protocol.hold_min} min"] if protocol.hold_min else []
    return ". ".join(part for part in (f"Phases: {phases}", f"Doses: {', '.join(caps)}" if caps else "") if part)


def _contacts(patient: "Patient | None") -> str:
    from kapdesk.facts.patient import CrisisContactsSet

    found = patient.newest(CrisisContactsSet) if patient is not None else None
    return found.text if found is not None else ""
