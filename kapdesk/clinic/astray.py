"""What was written into the wrong patient's own record during a visit that is moved: found, told plainly, struck.

An order, a clearance, a consent that stand in a record because of somebody else's visit would be heeded in the next.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from kapdesk.clinical import care
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Correction, Erased, Fact, Struck
from kapdesk.facts.patient import (
    ConsentGiven,
    CoursePlanned,
    CrisisContactsSet,
    FormAnswered,
    IndicationStated,
    KeptLonger,
    MaintenancePlanned,
    MedicallyCleared,
    MergedInto,
    MilestoneReached,
    OrderWritten,
    PatientDescribed,
    PatientRegistered,
    RegistrationWithdrawn,
    Screened,
    TookIn,
    VisitCame,
    VisitGone,
    VisitPlanned,
)
from kapdesk.facts.people import Actor
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Recording
from kapdesk.session.state import Session

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic

_STAYS = (
    *(PatientRegistered, RegistrationWithdrawn, MergedInto, TookIn, VisitGone, VisitCame, KeptLonger),
    *(Correction, Struck, Erased),
)
"""What says who someone is, which records are one, or what became of one: that is no matter of a visit."""


class Astray(msgspec.Struct, frozen=True):
    """One line of what was written: the facts it stands for, and what they say, without a name."""

    ids: tuple[UUID, ...]
    words: str


def astray(session: Session, patient: Patient) -> tuple[Astray, ...]:
    """What stands in the record of `patient` that was entered while this visit of theirs was open, in that order.

    Up to its signing, or its last entry where it is over; answers of one list are one line.
    """
    entered = [each.entered_at_us for each in session.history]
    if not entered:
        return ()
    until_us = session.lock.entered_at_us if session.lock is not None else max(entered)
    found: dict[str | UUID, list[Happening]] = {}
    for each in sorted(patient.history.standing(Fact), key=lambda h: h.order):
        over = not session.live and each.entered_at_us > until_us
        if isinstance(each.fact, _STAYS) or each.entered_at_us < entered[0] or over:
            continue
        together = type(each.fact).__name__ if isinstance(each.fact, Screened | ConsentGiven) else each.id
        found.setdefault(together, []).append(each)
    return tuple(Astray(tuple(each.id for each in lines), _words(lines)) for lines in found.values())


def strikings(
    clinic: "OpenClinic", patient: UUID, struck: Sequence[UUID], reason: str, agreed: str, actor: Actor
) -> Callable[[], list[Recording]]:
    """Asks the judges of every striking first; what is returned records them.

    Raises KnownError where one cannot be struck; then nothing was recorded.
    """
    recorder = clinic.patient_recorder(patient)
    facts = [Struck(each, f"{reason}; struck with the move of the visit, agreed by {agreed}") for each in struck]
    now_us = clinic.clock.now().utc_us
    for fact in facts:
        if sentence := recorder.doubt(fact, actor, now_us):
            raise KnownError(f"{sentence} Nothing was moved.")
    return lambda: [recorder.record(fact, actor) for fact in facts]


def became_there(lines: Sequence[Astray], struck: Sequence[UUID]) -> str:
    """What became of them, as it stands after the reason in the record they were written into; may be empty."""
    parts = [
        f"{word}: {said}"
        for word, said in (("struck", _of(lines, struck, gone=True)), ("kept", _of(lines, struck, gone=False)))
        if said
    ]
    return f"; written here in that visit, {'; '.join(parts)}" if parts else ""


def became_here(lines: Sequence[Astray], struck: Sequence[UUID]) -> str:
    """The same in the right patient's record: only what was struck, for what is kept is the other patient's own."""
    said = _of(lines, struck, gone=True)
    return f"; struck where it was written, to be said anew here: {said}" if said else ""


def _of(lines: Sequence[Astray], struck: Sequence[UUID], *, gone: bool) -> str:
    return ", ".join(each.words for each in lines if (each.ids[0] in struck) == gone)


def _words(lines: Sequence[Happening]) -> str:
    fact = lines[-1].fact
    count = f"{len(lines)} answer{'' if len(lines) == 1 else 's'}"
    match fact:
        case OrderWritten():
            return f"order for {care.order(msgspec.structs.replace(fact, remark=''))}"
        case MedicallyCleared():
            return f"medical clearance of {fact.on} until {fact.valid_until}"
        case Screened():
            return f"screening ({count})"
        case ConsentGiven():
            return f"consent ({count})"
        case FormAnswered():
            return f"questionnaire {fact.form} of {fact.on}"
        case VisitPlanned():
            return f"planned visit on {fact.on}"
        case _:
            return _PLAIN.get(type(fact), "an entry this KapDesk cannot read")


_PLAIN: dict[type, str] = {
    IndicationStated: "indication",
    CrisisContactsSet: "crisis contacts",
    MilestoneReached: "milestone",
    CoursePlanned: "plan of the course",
    MaintenancePlanned: "plan after the course",
    PatientDescribed: "what to know about them",
}
