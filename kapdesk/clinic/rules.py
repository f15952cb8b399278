"""What the visit's protocol asks for, and who may set it aside: a judge beside those of what is possible at all."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kapdesk.clinic import at_home, lasting, sound
from kapdesk.clinic.judges import SHORTEST_REASON
from kapdesk.clinic.roles import told
from kapdesk.clinical import care, leaving, scales
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.after import (
    CareHandedOver,
    CareTakenOver,
    HandOverWithdrawn,
    LeavingScored,
    PracticeAgreed,
    PracticeReviewed,
)
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
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
    SubstanceCounted,
    TimerOver,
    TimerSet,
    Witnessed,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.people import may
from kapdesk.facts.session import Cleared, DoseGiven, Locked, PatientLeft, VitalsTaken
from kapdesk.people.clinic import Clinic
from kapdesk.record.recorder import Intent, Judge
from kapdesk.session import handing, holding, infusion, needs
from kapdesk.session.counting import before_signing, given_by_lot
from kapdesk.session.leaving import before_leaving
from kapdesk.session.ordered import beyond_order, order_for, order_overridden
from kapdesk.session.state import Session

if TYPE_CHECKING:
    from kapdesk.clinic.room import Room

MOST_UG_PER_H = 2_000_000
"""2 g of a medication in an hour is taken for a slip. An example, to be approved by the clinic."""
_OVERRIDE = "override it with a reason"
_NO_REASON = "The reason is missing. It stands in the note; type why."


def by_the_protocol(room: Callable[[], "Room"], clinic: Callable[[], Clinic]) -> Judge:
    """Whether a fact may be recorded by the protocol of the visit, as session and patient stand."""

    def judge(session: Session, intent: Intent) -> str | None:
        fact, protocol = intent.fact, room().protocol
        if isinstance(fact, Overridden):
            return _override(fact, intent, clinic())
        if protocol is not None and (sentence := _asked(session, intent, protocol, room())):
            return sentence
        return at_home.doubt(session, intent) or sound.doubt(session, fact) or _of_care(session, fact, intent)

    return judge


def _override(fact: Overridden, intent: Intent, clinic: Clinic) -> str | None:
    person = clinic.people.get(intent.actor.by)
    if person is None or not may(person.roles, "override"):
        return f"{told(person)} may not override this. Ask someone whose role allows it; nothing was recorded."
    return _NO_REASON if len(fact.reason.strip()) < SHORTEST_REASON else None


def _asked(session: Session, intent: Intent, protocol: Protocol, room: "Room") -> str | None:
    known = room.patient.known
    match intent.fact:
        case Cleared():
            asked = needs.before_dose(session, known, protocol)
            if not needs.settled(session, "clearance", asked):
                return f"Not cleared: {_still(asked)}. Finish that, or {_OVERRIDE}."
        case DoseGiven() if (sentence := _since_moved(session, intent.fact, protocol, room)) is not None:
            return sentence
        case DoseGiven() if "order" in protocol.needs and session.counts(intent.fact):
            order = order_for(session, known, protocol)
            sentence = beyond_order(session, intent.fact, order.fact if order else None)
            if sentence and not order_overridden(session):
                return f"{sentence} Nothing was recorded: have it ordered, or {_OVERRIDE}."
        case Locked():
            asked = before_signing(session, protocol)
            if not needs.settled(session, "substances", asked):
                return f"Not signed: {_still(asked)}. Count that first, or {_OVERRIDE}."
        case PatientLeft() if session.ended is None or session.ended.how == "completed":
            asked = before_leaving(session, protocol, intent.at_us)
            if not needs.settled(session, "leaving", asked):
                return f"Not yet: {_still(asked)}. Finish that, {_OVERRIDE}, or end as “left against advice”."
    return None


def _since_moved(session: Session, dose: DoseGiven, protocol: Protocol, room: "Room") -> str | None:
    """What was cleared, was cleared for the patient it stood under: after a move it is asked for anew."""
    if not session.moves or not session.counts(dose):
        return None
    cleared = session.history.standing(Cleared)
    if cleared and cleared[-1].order > session.moves[-1].order:
        return None
    asked = needs.before_dose(session, room.patient.known, protocol)
    if room.patient.id != session.patient or not needs.settled(session, "clearance", asked):
        still = _still(asked) if needs.missing(asked) else "the move is being saved"
        return f"Moved to another patient since it was cleared: {still}. See “Before the dose”, or {_OVERRIDE} there."
    return None


def _infusion(
    session: Session, fact: InfusionStarted | InfusionRateSet | InfusionPaused | InfusionStopped, at_us: int
) -> str | None:
    dose = session.history.get(fact.dose)
    if dose is None or not isinstance(dose.fact, DoseGiven) or dose.struck:
        return "That dose is not in this session. Nothing was recorded."
    if isinstance(fact, InfusionStarted | InfusionRateSet) and not 0 < fact.rate_ug_per_h <= MOST_UG_PER_H:
        return "That rate is not possible. Type it in mg/h, for example 60."
    found = infusion.of_dose(session, fact.dose)
    if isinstance(fact, InfusionStarted):
        return "This infusion is on record already." if found is not None else None
    if found is None or found.over(at_us):
        return "No infusion of this dose is running. Nothing was recorded."
    if isinstance(fact, InfusionStopped) and not 0 <= fact.delivered_ug <= found.planned_ug:
        return f"More than the {care.mg(found.planned_ug)} mg that were planned cannot have run in. Type it again."
    return None


def _lozenge(session: Session, fact: LozengeOut, at_us: int) -> str | None:
    dose = session.history.get(fact.dose)
    if dose is None or not isinstance(dose.fact, DoseGiven) or dose.struck or dose.fact.route != "sublingual":
        return "That is no dose held in the mouth in this session. Nothing was recorded."
    if any(h.fact.dose == fact.dose for h in session.history.standing(LozengeOut)):
        return "What became of it is on record already. Open that line to correct it."
    if at_us < dose.at_us:
        return "That is before the dose was given. Check the time."
    if not 0 <= fact.meant_ms <= holding.MOST_MEANT_MS:
        return "No dose is held in the mouth for more than an hour. Check the minutes."
    return None


def _count(session: Session, fact: SubstanceCounted) -> str | None:
    """Whether a count balances, and says of what was given what the doses say."""
    if min(fact.drawn_ug, fact.given_ug, fact.wasted_ug, fact.returned_ug) < 0:
        return "An amount is below 0. Type what was drawn, wasted and returned."
    given_ug = given_by_lot(session).get((fact.medication, fact.lot), 0)
    if fact.given_ug != given_ug:
        return f"The doses of this lot add up to {care.mg(given_ug)} mg. Correct the dose, or count again."
    missing_ug = fact.drawn_ug - fact.given_ug - fact.wasted_ug - fact.returned_ug
    if missing_ug:
        off = f"{care.mg(abs(missing_ug))} mg {'are missing' if missing_ug > 0 else 'are too many'}"
        return f"{care.mg(fact.drawn_ug)} mg drawn do not balance: {off}. Count again."
    return None


def _still(asked: tuple[needs.Need, ...]) -> str:
    return f"still needs {'; '.join(needs.missing(asked))}"


def _of_care(session: Session, fact: Fact, intent: Intent) -> str | None:
    history = session.history
    match fact:
        case ScaleRated():
            return scales.doubt(fact.scale, fact.value)
        case ScaleNotRated():
            return _NO_REASON if len(fact.reason.strip()) < SHORTEST_REASON else None
        case LozengeOut():
            return _lozenge(session, fact, intent.at_us)
        case CareHandedOver() | CareTakenOver() | HandOverWithdrawn():
            return handing.doubt(session, fact, intent.actor.by)
        case LeavingScored():
            return leaving.doubt(fact)
        case PracticeAgreed() | PracticeReviewed() if not fact.text.strip():
            return "The words are missing. Type what was agreed, or how it went."
        case TimerSet() if not fact.words.strip() or not 0 < fact.for_ms <= 12 * 3_600_000:
            return "Type what the timer is for, and in how many minutes, for example 12."
        case TimerOver():
            timer = history.get(fact.timer)
            if timer is None or not isinstance(timer.fact, TimerSet):
                return "That timer is not in this session. Nothing was recorded."
            return None
        case ChecklistAnswered() if not fact.item.strip():
            return "That is no line of a checklist. Nothing was recorded."
        case BreachAnswered():
            target = history.get(fact.reading)
            if target is None or not isinstance(target.fact, VitalsTaken):
                return "That reading is not in this session. Nothing was recorded."
            return _NO_REASON if fact.answer == "continued" and len(fact.reason.strip()) < SHORTEST_REASON else None
        case EscortNamed() if not fact.name.strip() or not fact.phone.strip():
            return "Type who brings the patient home, and the number under which they are reached."
        case DoseChecked():
            dose = history.get(fact.dose)
            if dose is None or not isinstance(dose.fact, DoseGiven) or dose.struck:
                return "That dose is not in this session. Nothing was recorded."
            if intent.actor.by == dose.by:
                return "A dose is checked by a second person. Ask someone else to look at it."
            return None if dose in needs.unchecked(session) else "That dose was checked already."
        case InfusionStarted() | InfusionRateSet() | InfusionPaused() | InfusionStopped():
            return _infusion(session, fact, intent.at_us)
        case StateBegan() | StateOver() | PsychotherapyBegan() | PsychotherapyOver():
            return lasting.doubt(session, intent)
        case SubstanceCounted():
            return _count(session, fact)
        case Witnessed():
            count = history.get(fact.target)
            if count is None or not isinstance(count.fact, SubstanceCounted) or count.struck:
                return "That count is not in this session. Nothing was recorded."
            return "A count is witnessed by a second person. Ask someone else." if intent.actor.by == count.by else None
        case AdverseEventNoted() if not fact.what.strip():
            return "What happened is missing. Type it in a word or two."
        case AdverseEventSettled():
            event = history.get(fact.event)
            if event is None or not isinstance(event.fact, AdverseEventNoted):
                return "That event is not in this session. Nothing was recorded."
            return "How it came out is missing. Type it in a word or two." if not fact.outcome.strip() else None
        case EmergencyBegan() if session.in_emergency:
            return "The emergency is on record already; go on with its steps."
        case EmergencyStepTaken() | EmergencyOver() if not session.in_emergency:
            return "No emergency is running. Press Emergency first."
        case _:
            return None
