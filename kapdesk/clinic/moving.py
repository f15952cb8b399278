"""A visit that was opened under the wrong patient: moved to the right one's record by two people.

Three records say so: the visit (whose it is now), the patient's it went from, the patient's it came to. The first is
what holds; where KapDesk stopped before the other two, the next opening says them.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic.astray import astray, became_here, became_there, strikings
from kapdesk.clinic.judges import SHORTEST_REASON
from kapdesk.errors import KnownError
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.patient import VisitCame, VisitGone
from kapdesk.facts.people import ITSELF, Actor, may
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Intent, Judge, Recording
from kapdesk.session.state import Session

if TYPE_CHECKING:
    from kapdesk.clinic.open import Line, OpenClinic

_NOTHING = "Nothing was moved"


def of_move(
    clinic: Callable[[], Clinic], whole: Callable[[UUID], Patient], running: Callable[[], Sequence[UUID]]
) -> Judge:
    """Whether a visit may be moved: by whom, with whom, where to. `running` are the patients with a live session.

    Whoever types is one who may sign; whoever agrees, one who may agree to an erasure, and somebody else.
    """

    def judge(session: Session, intent: Intent) -> str | None:
        fact = intent.fact
        if not isinstance(fact, VisitMoved):
            return None
        if session.patient is None:
            return f"There is no such visit in this clinic’s record. {_NOTHING}."
        before, to = whole(session.patient), whole(fact.patient)
        if fact.before != session.patient or to.id == before.id:
            return f"This visit stands in that patient’s record already. {_NOTHING}; look again."
        if to.registered is None or to.withdrawn:
            return f"That patient is not registered here. {_NOTHING}; register them first."
        if session.live and to.id in running():
            return f"{to.called} has a session running already. {_NOTHING}; end that one first."
        return _persons(fact, intent, clinic()) or _reason(fact, (before, to))

    return judge


def move(
    clinic: "OpenClinic",
    session: UUID,
    to: UUID,
    reason: str,
    actor: Actor,
    agreed_by: str,
    visits: "Sequence[Line]",
    struck: Sequence[UUID] = (),
) -> list[Recording]:
    """The visit is `to`'s: said in the visit and in both patients' records. `visits` are at least
    this one and those of `to`.

    `struck` is what was written into the wrong record during the visit (`astray`) and is struck there with the same
    reason; what is not named is kept, and both records say which.

    The caller has asked `agreed_by` for PIN or password, and whoever types for their password. Raises KnownError where
    it cannot be; then nothing was recorded.
    """
    clinic.require(actor.entered_by, "sign")
    was_open = session in clinic.rooms
    line = next((each for each in visits if each.id == session), None)
    if line is None or line.session.opened is None:
        raise KnownError(f"There is no such visit in this clinic’s record. {_NOTHING}.")
    if line.session.live and not was_open:
        raise KnownError(f"This session was running when KapDesk stopped. {_NOTHING}; go on with it first.")
    right = clinic.patient(to)
    if (sentence := _practice(line, right, visits)) is not None:
        raise KnownError(sentence)
    waiting = {clinic.patient(each).id for each in clinic.unfinished.patients}
    if line.session.live and right.id in waiting:
        raise KnownError(f"{right.called} has a session waiting. {_NOTHING}; go on with that one first.")
    room = clinic.room_of(session)
    try:
        before = room.session.patient
        assert before is not None
        moved = VisitMoved(right.id, before, agreed_by, reason.strip())
        lines = astray(room.session, clinic.patients.get(before) or Patient(before))
        if not set(struck) <= {id_ for line in lines for id_ in line.ids}:
            raise KnownError(f"What was to be struck is not there any more. {_NOTHING}; look again.")
        strike = strikings(clinic, before, struck, reason.strip(), clinic.state.name_of(agreed_by), actor)
        also = (became_there(lines, struck), became_here(lines, struck))
        recording = room.record(moved, actor=actor)
    finally:
        if not was_open:
            clinic.leave(room)
    at_us = recording.statement.at_us
    if line.session.signed:  # in the right name it is another version of the signed note
        recording.kept.add_done_callback(lambda _: clinic.post(lambda: clinic.papers.ask(session)))
    return [recording, *strike(), *_say(clinic, session, moved, actor, at_us, also)]


def finish(clinic: "OpenClinic") -> None:
    """Say in both patients' records what a move that was cut off has not said there yet."""
    rows = clinic.log.select("SELECT stream_id FROM entry WHERE stream_kind = 'session' AND kind = 'visit-moved'")
    for (id_,) in dict.fromkeys(rows):  # DISTINCT would have the database go through every visit
        session = clinic.session(UUID(id_))
        for each in session.moves:
            try:
                _say(clinic, UUID(id_), each.fact, Actor(each.by, each.entered_by), each.at_us)
            except KnownError:  # whoever moved it works here no more
                _say(clinic, UUID(id_), each.fact, ITSELF, each.at_us)


def _say(
    clinic: "OpenClinic",
    session: UUID,
    moved: VisitMoved,
    actor: Actor,
    at_us: int,
    also: tuple[str, str] = ("", ""),
) -> list[Recording]:
    """The word in each of the two records, where it is not there yet and the record was not erased.

    `also` is what follows the reason, in the record it went from and in the one it came to.
    """
    said = []
    for whose, kind, more in ((moved.before, VisitGone, also[0]), (moved.patient, VisitCame, also[1])):
        known = clinic.patient(whose)
        if known.registered is None or any(_same(each, session, at_us) for each in known.standing(kind)):
            continue
        fact = kind(session, moved.agreed_by, f"{moved.reason}{more}")
        said.append(clinic.patient_recorder(known.id).record(fact, actor, at_us))
    return said


def _same(said: Happening, session: UUID, at_us: int) -> bool:
    return bool(said.fact.session == session and said.at_us == at_us)


def _persons(fact: VisitMoved, intent: Intent, clinic: Clinic) -> str | None:
    typing, other = clinic.staff.get(intent.actor.entered_by), clinic.staff.get(fact.agreed_by)
    if typing is None or not may(typing.roles, "sign"):
        who = f"{typing.name} ({', '.join(typing.roles)})" if typing else "Nobody known"
        return f"{who} may not move a visit. {_NOTHING}; ask someone who may sign."
    if fact.agreed_by in (intent.actor.by, intent.actor.entered_by):
        return f"Moving a visit takes two people. {_NOTHING}; ask someone else to agree."
    if other is None or not may(other.roles, "agree to erase"):
        who = f"{other.name} ({', '.join(other.roles)})" if other else "Nobody known"
        return f"{who} may not agree to this. {_NOTHING}; ask a therapist or a prescriber."
    return None


def _reason(fact: VisitMoved, patients: tuple[Patient, Patient]) -> str | None:
    """A reason, and no name in it: it stands in both records, and neither may name the other patient."""
    if len(fact.reason.strip()) < SHORTEST_REASON:
        return f"The reason is missing. {_NOTHING}; it stands in both records, type why."
    names = {name.casefold() for patient in patients for name in (patient.name, patient.called)}
    if any(name and name in fact.reason.casefold() for name in names):
        return f"The reason names a patient, and both records keep it. {_NOTHING}; say why without a name."
    return None


def _practice(line: "Line", to: Patient, visits: "Sequence[Line]") -> str | None:
    """A rehearsal does not come into a record with treatment in it, nor treatment into one of rehearsals only."""
    theirs = [each.session.opened.rehearsal for each in visits if each.patient.id == to.id and each.session.opened]
    rehearsal = line.session.opened is not None and line.session.opened.rehearsal
    if rehearsal and not all(theirs):
        return f"This is a rehearsal, and that record holds treatment. {_NOTHING}."
    if not rehearsal and theirs and all(theirs):
        return f"This visit is real, and that record holds rehearsals only. {_NOTHING}; check whose record it is."
    return None
