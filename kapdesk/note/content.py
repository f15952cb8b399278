"""From a session to its note: what stands on page 1, and everything behind it. Pure."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from kapdesk.clinical.protocol import Protocol, parse
from kapdesk.clinical.template import BEHIND, PARTS, laid_out
from kapdesk.clock import Moment
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import NotePart
from kapdesk.facts.session import IntentionSet, Section, SummaryWritten
from kapdesk.note import (
    after,
    before,
    cared,
    counted,
    draft,
    listened,
    matters,
    measured,
    opening,
    paper,
    recorded,
    signed,
    wording,
)
from kapdesk.note.course import chart_of
from kapdesk.note.events import events_of
from kapdesk.note.moved import moved
from kapdesk.note.telling import Telling
from kapdesk.people import clinic as clinic_fold
from kapdesk.people import merging
from kapdesk.people import patient as patient_fold
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.session.heard import heard
from kapdesk.session.plan import PhaseSpan, phase_spans
from kapdesk.session.state import Session, seen

_UNWRITTEN = "Not written."


def as_signed(session: Session, patient: Patient, clinic: Clinic) -> tuple[Patient, Clinic]:
    """The patient and the staff as the one who signed the visit knew them, and who has come to the staff since."""
    if not session.signed:
        return patient, clinic
    then = clinic_fold.fold(seen(session, clinic.history, "clinic"))
    people = clinic.people | then.people
    staff = msgspec.structs.replace(
        clinic,
        founded=then.founded,
        people=people,
        code_sets=then.code_sets,
        template=then.template,
        letterhead=then.letterhead,
        licences={id_: number for id_, number in clinic.licences.items() if id_ not in then.people} | then.licences,
        counted=then.counted,
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
    heads: counted.Heads = ((), ()),
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
    now_us = made_at.utc_us if made_at else None
    telling = Telling(session, clinic, now_us)
    protocol = _protocol(session)
    spans = _spans(session, protocol)
    chart = chart_of(telling, protocol, spans, now_us)
    standing = opening.standing_of(session)
    drafts = draft.drafted(telling, protocol, patient)
    opened = session.opened
    visit = opened.visit if opened else "dosing"
    return paper.Note(
        standing=standing,
        clinic=clinic.name or "KapDesk",
        letterhead=clinic.letterhead,
        patient=opening.patient_of(patient, session),
        session=f"{id_.hex[-8:]}" if id_ else "",
        date=telling.day.isoformat(),
        offset=telling.offset,
        title="Ketamine-assisted psychotherapy: session note"
        if visit == "dosing"
        else f"{visit.capitalize()} visit: note",
        paper=wording.paper_size(opened),
        status=opening.status_of(telling),
        moved=moved(telling, signed_digest),
        subtitle=opening.subtitle_of(session, protocol, visit, place),
        whereabouts=cared.whereabouts(telling),
        tiles=opening.tiles_of(telling, protocol),
        times=opening.times_of(telling),
        people=tuple(opening.present_of(telling, person) for person in telling.people),
        indication="\n".join(_summary(session, "indication")) or before.indication_of(telling, patient),
        intention=_intention(session),
        how_it_went=_summary(session, "how it went", drafts) or (_UNWRITTEN,),
        events=events_of(telling, protocol),
        no_events=_no_events(telling, limits=protocol is not None),
        leaving=_leaving(telling, drafts),
        plan=_with(_summary(session, "plan", drafts) or (_UNWRITTEN,), after.agreed(telling, patient)),
        parts=_laid(clinic, PARTS),
        debrief=after.debrief(session),
        signatures=signed.signatures_of(telling),
        behind=tuple(
            paper.Laid(part=each.part, heading=each.heading) for each in laid_out(clinic.template, BEHIND) if each.shown
        ),
        chart=chart,
        doses=recorded.doses(telling),
        sums=recorded.sums(telling),
        before=before.before_of(telling, patient),
        scores=before.scores_of(telling, patient),
        orders=cared.orders_of(telling, patient),
        tables=matters.tables_of(telling, protocol),
        vitals=measured.vitals(telling, protocol),
        observations=recorded.observations(telling, spans),
        tracks=listened.tracks(telling, now_us),
        music=listened.totals(session, heard(session, now_us)),
        imagery=listened.imagery(telling, now_us),
        time_notices=recorded.time_notices(telling),
        changed=recorded.changed(telling),
        late=recorded.late(telling),
        digest=counted.digest_of(telling, protocol, heads, made_at),
    )


def _laid(clinic: Clinic, of: Sequence[NotePart]) -> tuple[paper.Laid, ...]:
    shown = [each for each in laid_out(clinic.template, of) if each.shown]
    return tuple(paper.Laid(part=each.part, heading=each.heading) for each in shown)


def _protocol(session: Session) -> Protocol | None:
    if session.protocol is None:
        return None
    try:
        return parse(session.protocol.toml)
    except KnownError:
        return None


def _spans(session: Session, protocol: Protocol | None) -> tuple[PhaseSpan, ...]:
    return phase_spans(session, protocol) if protocol else ()


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
