"""What stands at the head of page 1: the status, whose note it is, the few figures, the times, who was there. Pure."""

from collections.abc import Sequence

from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.care import SEVERITIES, AdverseEventNoted, AdverseEventSettled, EscortNamed
from kapdesk.facts.session import PatientLeft, VitalsTaken
from kapdesk.note import lasted, measured, minutes, paper, recorded, signed, wording
from kapdesk.note.telling import Person, Telling
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session.state import Session


def standing_of(session: Session) -> paper.Standing:
    """A draft until it is signed; a rehearsal for ever."""
    if session.opened and session.opened.rehearsal:
        return "rehearsal"
    return "signed" if session.stage == "locked" else "draft"


def patient_of(patient: Patient, session: Session) -> paper.Patient:
    """Whose note it is, with the weight and its date."""
    known, weight = patient.registered, session.weight()
    return paper.Patient(
        name=patient.name,
        preferred=known.preferred_name if known and known.preferred_name != known.name else "",
        born=known.born_on if known else "",
        number=_numbers(patient),
        weight=f"{wording.decimal(weight.weight_g, 3)} kg on {weight.measured_on}" if weight else "not recorded",
        allergies=(known.allergies if known else "") or "none recorded",
        medicines=patient.described.medicines,
        pronouns=patient.described.pronouns,
        interpreter=patient.described.interpreter,
    )


def _numbers(patient: Patient) -> str:
    """The record number, and those of the records that are read with it."""
    known = [each.registered.record_number for each in patient.records if each.registered is not None]
    return ", also ".join(dict.fromkeys(filter(None, known)))


def status_of(telling: Telling) -> str:
    """What the note is, in a sentence or two."""
    session, said = telling.session, signed.status_of(telling)
    parts = []
    if session.opened and session.opened.rehearsal:
        parts.append("Practice only: nobody was treated and no medication was given.")
    unsigned = "The session is still running." if session.live else "The session has ended; not yet signed."
    parts.append(said or unsigned)
    return " ".join(parts)


def subtitle_of(session: Session, protocol: Protocol | None, visit: str, place: str) -> str:
    """Protocol, place in the course, chair."""
    parts = [f"{protocol.name}, version {protocol.version}" if protocol else ""]
    parts.append(place or (f"{visit} session" if visit == "dosing" else ""))
    chair = session.opened.chair if session.opened else ""
    parts.append(f"chair {chair}" if len(chair) < 3 and chair else chair)
    return "  ·  ".join(part for part in parts if part)


def tiles_of(telling: Telling, protocol: Protocol | None) -> tuple[paper.Tile, ...]:
    """What was given by each route, highest pressure, lowest saturation, adverse events, when the patient left."""
    made = []
    for each in recorded.sums(telling)[:2]:
        value, _, count = each.total.rpartition(" · ")
        made.append(paper.Tile(name=f"{each.medication}, {each.route}", value=value, more=count))
    if not made:
        made.append(paper.Tile(name="Medication", value="none given"))
    readings = telling.session.history.standing(VitalsTaken)
    highest = max((h for h in readings if h.fact.systolic_mmhg is not None), key=_systolic, default=None)
    lowest = min((h for h in readings if h.fact.spo2_percent is not None), key=_saturation, default=None)
    if highest is not None:
        flags = measured.flags_of(telling, protocol, highest)
        flag = flags.get("systolic_mmhg") or flags.get("diastolic_mmhg") or ""
        value = wording.pressure(highest.fact)
        made.append(paper.Tile(name="Highest BP", value=value, more=_when(telling, highest, "mmHg "), flag=flag))
    if lowest is not None:
        flag = measured.flags_of(telling, protocol, lowest).get("spo2_percent", "")
        value = f"{lowest.fact.spo2_percent} %"
        made.append(paper.Tile(name="Lowest SpO₂", value=value, more=_when(telling, lowest), flag=flag))
    if unwanted := telling.session.history.standing(AdverseEventNoted):
        made.append(_adverse(telling, unwanted))
    left = telling.session.left_us
    if left is not None:
        made.append(paper.Tile(name="Left", value=telling.clock(left), more=_since(telling, left)))
    return tuple(made)


def _adverse(telling: Telling, noted: Sequence[Happening]) -> paper.Tile:
    """How many, how bad the worst, and whether all of them came out."""
    settled = {h.fact.event for h in telling.session.history.standing(AdverseEventSettled)}
    worst = max((h.fact.severity for h in noted), key=SEVERITIES.index)
    bad = worst if len(noted) == 1 else f"worst {worst}"
    open_ = sum(h.id not in settled for h in noted)
    how = "settled" if not open_ else "no outcome on record" if open_ == len(noted) else f"{open_} without an outcome"
    return paper.Tile(name="Adverse events", value=str(len(noted)), more=f"{bad}, {how}")


def _systolic(each: Happening) -> int:
    return int(each.fact.systolic_mmhg)


def _saturation(each: Happening) -> int:
    return int(each.fact.spo2_percent)


def _when(telling: Telling, each: Happening, unit: str = "") -> str:
    minute = telling.minute(each.at_us)
    return f"{unit}at {telling.clock(each.at_us)}" + (f", {minute} min" if minute else "")


def _since(telling: Telling, at_us: int) -> str:
    dose = telling.session.first_dose_us
    return f"{wording.lasted((at_us - dose) // 60_000_000 * 60_000)} after first dose" if dose is not None else ""


def times_of(telling: Telling) -> tuple[paper.Named, ...]:
    """The times of the visit in their order, the escort, and when there was psychotherapy."""
    session = telling.session
    left = session.history.standing(PatientLeft)
    escort = (f", with {left[-1].fact.escort}" if left[-1].fact.escort else ", alone") if left else ""
    times = (
        ("Arrival", session.arrived_us, ""),
        ("Cleared", session.cleared_us, ""),
        ("First dose", session.first_dose_us, ""),
        ("End of observation", session.ended_us, ""),
        ("Left", session.left_us, escort),
    )
    made = [paper.Named(name=name, value=telling.clock(at) + more) for name, at, more in times if at is not None]
    if long := minutes.told(telling):
        made.append(paper.Named(name="Duration", value=long))
    named = session.history.standing(EscortNamed)
    if named:
        fact = named[-1].fact
        reached = "reached" if fact.reached else "not reached"
        made.append(paper.Named(name="Escort", value=f"{fact.name}, {fact.phone}, {reached}"))
    for n, line in enumerate(lasted.psychotherapy(telling)):
        made.append(paper.Named(name="" if n else "Psychotherapy", value=line))
    return tuple(made)


def present_of(telling: Telling, person: Person) -> paper.Present:
    """Someone of the staff by initials and role, and until when they were there."""
    role = ", ".join(person.roles)
    left_us = telling.left_us(person.id)
    until = f" until {telling.clock(left_us)}" if left_us is not None else ""
    return paper.Present(
        initials=telling.initials(person.id),
        name=person.name,
        role=role + until if person.came else f"{role}; not in the room" if role else "not in the room",
        credential=person.credentials,
    )
