"""From a session to its note: what stands on page 1, and everything behind it. Pure."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from kapdesk.clinical.protocol import Protocol, parse
from kapdesk.clinical.template import laid_out
from kapdesk.clock import Moment
from kapdesk.errors import KnownError
from kapdesk.facts import clinic as clinic_facts
from kapdesk.facts.care import EscortNamed
from kapdesk.facts.fact import Unread
from kapdesk.facts.people import Role
from kapdesk.facts.session import (
    DoseGiven,
    IntentionSet,
    Locked,
    NoteTaken,
    PatientLeft,
    Section,
    SummaryWritten,
    VitalsTaken,
)
from kapdesk.note import after, before, cared, draft, lasted, listened, paper, recorded, wording
from kapdesk.note.course import chart_of
from kapdesk.note.events import events_of
from kapdesk.note.moved import moved
from kapdesk.note.telling import Person, Telling
from kapdesk.people import clinic as clinic_fold
from kapdesk.people import merging
from kapdesk.people import patient as patient_fold
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session.heard import heard
from kapdesk.session.plan import PhaseSpan, phase_spans
from kapdesk.session.state import Session, seen

_UNWRITTEN = "Not written."


Heads = tuple[Sequence[clinic_facts.Head], Sequence[clinic_facts.Head]]


def as_signed(session: Session, patient: Patient, clinic: Clinic) -> tuple[Patient, Clinic]:
    """The patient and the staff as the one who signed the visit knew them, and who has come to the staff since."""
    if not session.signed:
        return patient, clinic
    then = clinic_fold.fold(seen(session, clinic.history, "clinic"))
    people = clinic.people | then.people
    staff = msgspec.structs.replace(
        clinic, founded=then.founded, people=people, code_sets=then.code_sets, template=then.template
    )
    known = {
        each.id: patient_fold.fold(each.id, seen(session, each.history, "patient", str(each.id)))
        for each in patient.records
    }
    if all(each.registered is None for each in known.values()):
        return patient, staff  # signed under another patient; who they are is known since
    whose = session.patient if session.patient in known else patient.id
    return merging.together(known, whose), staff


def note_of(
    session: Session,
    patient: Patient,
    clinic: Clinic,
    heads: Heads = ((), ()),
    made_at: Moment | None = None,
    id_: UUID | None = None,
    place: str = "",
    signed_digest: str = "",
) -> paper.Note:
    """The note of a visit as its record stands now.

    `heads` are the last line of each station's chain of this session, and of the clinic's own record; `made_at` is
    when the paper is made; `id_` is the session's stream, `place` its place
    in the course ("session 3 of 6"), `signed_digest` the digest of the line that signed it.
    Total: a protocol that cannot be read leaves phases and limits out, and says so.
    """
    telling = Telling(session, clinic)
    protocol = _protocol(session)
    spans = _spans(session, protocol)
    now_us = made_at.utc_us if made_at else None
    chart = chart_of(telling, protocol, spans, now_us)
    standing = _standing(session)
    drafts = draft.drafted(telling, protocol, patient)
    opened = session.opened
    visit = opened.visit if opened else "dosing"
    shown = [each for each in laid_out(clinic.template) if each.shown]
    return paper.Note(
        standing=standing,
        clinic=clinic.founded.name if clinic.founded else "KapDesk",
        patient=_patient(patient, session),
        session=f"{id_.hex[-8:]}" if id_ else "",
        date=telling.day.isoformat(),
        title="Ketamine-assisted psychotherapy: session note"
        if visit == "dosing"
        else f"{visit.capitalize()} visit: note",
        paper="Letter" if opened and opened.paper == "letter" else "A4",
        status=_status(telling),
        moved=moved(telling, signed_digest),
        subtitle=_subtitle(session, protocol, visit, place),
        whereabouts=cared.whereabouts(telling),
        tiles=_tiles(telling, protocol),
        times=_times(telling),
        people=tuple(_present(telling, person) for person in telling.people),
        indication="\n".join(_summary(session, "indication")) or before.indication_of(telling, patient),
        intention=_intention(session),
        how_it_went=_summary(session, "how it went", drafts) or (_UNWRITTEN,),
        events=events_of(telling, protocol),
        no_events=_no_events(telling, limits=protocol is not None),
        leaving=_leaving(telling, drafts),
        plan=_with(_summary(session, "plan", drafts) or (_UNWRITTEN,), after.agreed(telling, patient)),
        parts=tuple(paper.Laid(part=each.part, heading=each.heading) for each in shown),
        debrief=after.debrief(session),
        signatures=_signatures(telling),
        chart=chart,
        doses=recorded.doses(telling),
        sums=recorded.sums(telling),
        before=before.before_of(telling, patient),
        scores=before.scores_of(telling, patient),
        orders=cared.orders_of(telling, patient),
        care=cared.rows(telling),
        vitals=recorded.vitals(telling, protocol),
        observations=recorded.observations(telling, spans),
        tracks=listened.tracks(telling, now_us),
        music=listened.totals(heard(session, now_us)),
        imagery=listened.imagery(telling, now_us),
        time_notices=recorded.time_notices(telling),
        changed=recorded.changed(telling),
        late=recorded.late(telling),
        digest=_digest(telling, protocol, heads, made_at),
    )


def _protocol(session: Session) -> Protocol | None:
    if session.protocol is None:
        return None
    try:
        return parse(session.protocol.toml)
    except KnownError:
        return None


def _spans(session: Session, protocol: Protocol | None) -> tuple[PhaseSpan, ...]:
    return phase_spans(session, protocol) if protocol else ()


def _standing(session: Session) -> paper.Standing:
    if session.opened and session.opened.rehearsal:
        return "rehearsal"
    return "signed" if session.stage == "locked" else "draft"


def _patient(patient: Patient, session: Session) -> paper.Patient:
    known, weight = patient.registered, session.weight()
    return paper.Patient(
        name=patient.name,
        preferred=known.preferred_name if known and known.preferred_name != known.name else "",
        born=known.born_on if known else "",
        number=_numbers(patient),
        weight=f"{wording.decimal(weight.weight_g, 3)} kg on {weight.measured_on}" if weight else "not recorded",
        allergies=(known.allergies if known else "") or "none recorded",
        medicines=patient.described.medicines,
    )


def _numbers(patient: Patient) -> str:
    """The record number, and those of the records that are read with it."""
    known = [each.registered.record_number for each in patient.records if each.registered is not None]
    return ", also ".join(dict.fromkeys(filter(None, known)))


def _locked(session: Session) -> Happening | None:
    standing = session.history.standing(Locked)
    return standing[0] if standing else None


def _status(telling: Telling) -> str:
    session, locked = telling.session, _locked(telling.session)
    parts = []
    if session.opened and session.opened.rehearsal:
        parts.append("Practice only: nobody was treated and no medication was given.")
    if locked:
        parts.append(f"Signed and locked by {telling.clinic.name_of(locked.by)}, {telling.stamp(locked.at_us)}.")
    else:
        parts.append("The session is still running." if session.live else "The session has ended; not yet signed.")
    return " ".join(parts)


def _subtitle(session: Session, protocol: Protocol | None, visit: str, place: str) -> str:
    parts = [f"{protocol.name}, version {protocol.version}" if protocol else ""]
    parts.append(place or (f"{visit} session" if visit == "dosing" else ""))
    chair = session.opened.chair if session.opened else ""
    parts.append(f"chair {chair}" if len(chair) < 3 and chair else chair)
    return "  ·  ".join(part for part in parts if part)


def _tiles(telling: Telling, protocol: Protocol | None) -> tuple[paper.Tile, ...]:
    """What was given by each route, the highest pressure, the lowest saturation, and when the patient left."""
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
        flags = recorded.flags_of(telling, protocol, highest)
        flag = flags.get("systolic_mmhg") or flags.get("diastolic_mmhg") or ""
        value = wording.pressure(highest.fact)
        made.append(paper.Tile(name="Highest BP", value=value, more=_when(telling, highest, "mmHg "), flag=flag))
    if lowest is not None:
        flag = recorded.flags_of(telling, protocol, lowest).get("spo2_percent", "")
        value = f"{lowest.fact.spo2_percent} %"
        made.append(paper.Tile(name="Lowest SpO₂", value=value, more=_when(telling, lowest), flag=flag))
    left = telling.session.left_us
    if left is not None:
        made.append(paper.Tile(name="Left", value=telling.clock(left), more=_since(telling, left)))
    return tuple(made)


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


def _times(telling: Telling) -> tuple[paper.Named, ...]:
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
    named = session.history.standing(EscortNamed)
    if named:
        fact = named[-1].fact
        reached = "reached" if fact.reached else "not reached"
        made.append(paper.Named(name="Escort", value=f"{fact.name}, {fact.phone}, {reached}"))
    for n, line in enumerate(lasted.psychotherapy(telling)):
        made.append(paper.Named(name="" if n else "Psychotherapy", value=line))
    return tuple(made)


def _no_events(telling: Telling, *, limits: bool) -> str:
    """What was looked for where there are no events: by the codes that held on that day."""
    codes = telling.clinic.codes_at(telling.session.ended_us or telling.zero_us)
    unwanted = [code.word if code.word.isupper() else code.word.lower() for code in codes if code.unwanted]
    looked = [*(["reading beyond a limit"] if limits else []), *unwanted, "intervention"]
    *others, last = [f"no {each}" for each in looked]
    first = f"{', '.join(others)} and " if others else ""
    said = f"On record are {first}{last}."
    if limits:
        return said
    return f"{said} The clinic's limits could not be read, so no reading was held against them."


def _present(telling: Telling, person: Person) -> paper.Present:
    role = ", ".join(person.roles)
    left_us = telling.left_us(person.id)
    until = f" until {telling.clock(left_us)}" if left_us is not None else ""
    return paper.Present(
        initials=telling.initials(person.id),
        name=person.name,
        role=role + until if person.came else f"{role}; not in the room" if role else "not in the room",
        credential=person.credentials,
    )


def _summary(session: Session, section: Section, drafts: draft.Drafts | None = None) -> tuple[str, ...]:
    """The newest wording of a section, line by line; what stands as it was drafted is marked."""
    written = [h.fact for h in session.history.standing(SummaryWritten) if h.fact.section == section]
    if not written:
        return ()
    lines = tuple(line for line in written[-1].text.splitlines() if line.strip())
    return draft.marked(lines, written[-1], (drafts or {}).get(section, ()))


def _with(written: tuple[str, ...], more: Sequence[str]) -> tuple[str, ...]:
    """What was written, and what the record says beside it, unless it stands there already."""
    said = {line.removeprefix(draft.SIGN) for line in written}
    return (*written, *(line for line in more if draft.one_line(line) not in said))


def _intention(session: Session) -> str:
    standing = session.history.standing(IntentionSet)
    return standing[-1].fact.text if standing else ""


def _leaving(telling: Telling, drafts: draft.Drafts) -> tuple[str, ...]:
    session = telling.session
    more = [*after.scores(telling), *draft.last_reading(telling)]
    if session.ended and session.ended.how != "completed":
        more.append(f"{wording.said(session.ended)}.")
    return _with(_summary(session, "condition at leaving", drafts), more) or (_UNWRITTEN,)


_SIGN: tuple[tuple[tuple[Role, ...], str, str], ...] = (
    (("therapist",), "Therapist", "I conducted this session, and this note is complete."),
    (("prescriber", "medical staff"), "Prescriber or medical staff", "I have read this note and agree with it."),
)


def _signatures(telling: Telling) -> tuple[paper.Signature, ...]:
    """A field for the therapist and one for whoever is responsible for the medication."""
    locked = _locked(telling.session)
    made = []
    for roles, role, meaning in _SIGN:
        able = [person for wanted in roles for person in telling.people if wanted in person.roles and person.came]
        signer = next((person for person in able if locked and person.id == locked.by), able[0] if able else None)
        signed = locked is not None and signer is not None and signer.id == locked.by
        made.append(
            paper.Signature(
                role=role,
                name=signer.name if signer else "",
                credential=signer.credentials if signer else "",
                meaning=meaning,
                signed=telling.stamp(locked.at_us) if locked and signed else "",
            )
        )
    return tuple(made)


def _digest(telling: Telling, protocol: Protocol | None, heads: Heads, made_at: Moment | None) -> paper.Digest:
    session, clinic = telling.session, telling.clinic
    everything = list(session.history)
    counts = (
        ("line", "lines", len(everything)),
        ("observation", "observations", len(session.history.standing(NoteTaken))),
        ("reading", "readings", len(session.history.standing(VitalsTaken))),
        ("dose", "doses", len(session.history.standing(DoseGiven))),
        ("corrected", "corrected", sum(h.first is not None for h in everything)),
        ("struck", "struck", sum(h.struck and not h.undone for h in everything)),
    )
    undone = sum(h.undone for h in everything)
    return paper.Digest(
        counts=tuple(paper.Named(name=one if value == 1 else many, value=str(value)) for one, many, value in counts),
        heads=tuple(
            paper.Head(
                of=of,
                station=clinic.stations[head.station].name if head.station in clinic.stations else head.station,
                count=head.seq + 1,
                digest=head.hash,
            )
            for of, ends in zip(("Station", "Clinic’s record, station"), heads, strict=True)
            for head in ends
        ),
        undone=_count(undone, "line was", "lines were") + " undone within ten seconds, not printed." if undone else "",
        protocol=_protocol_words(session, protocol),
        left_out=tuple(_left_out(telling, everything)),
        made=f"{telling.stamp(made_at.utc_us)}, by KapDesk" if made_at else "",
    )


def _protocol_words(session: Session, protocol: Protocol | None) -> str:
    if session.protocol is None:
        return ""
    name = (
        f"{protocol.name}, version {protocol.version}" if protocol else "cannot be read; phases and limits are left out"
    )
    return f"{name}, SHA-256 {session.protocol.sha256}"


def _left_out(telling: Telling, everything: Sequence[Happening]) -> list[str]:
    words = []
    if not telling.zone_known:
        words.append(f"All times are in UTC: the time zone {telling.zone_name} is not known on this computer")
    unread = sum(isinstance(h.fact, Unread) for h in everything)
    if unread:
        words.append(
            _count(unread, "line", "lines")
            + " that cannot be read here (erased, closed to this reader, or of a newer KapDesk)"
        )
    hidden = [each.heading for each in laid_out(telling.clinic.template) if not each.shown]
    if hidden:
        words.append(f"By the clinic’s layout of the note its first page leaves out: {', '.join(hidden)}")
    dangling = sum(h.dangling for h in everything)
    if dangling:
        words.append(_count(dangling, "correction", "corrections") + " of something this record does not hold")
    return words


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
