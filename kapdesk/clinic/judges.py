"""What can be recorded in a visit, and when; where not, why, in one sentence."""

from datetime import UTC, datetime
from uuid import uuid4

from kapdesk.clinic import at_home as home
from kapdesk.clinic import filed, sound
from kapdesk.clinical import dosing
from kapdesk.clinical.protocol import parse, sha256
from kapdesk.clinical.vitals import doubts, measured
from kapdesk.clinical.weight import doubt
from kapdesk.clock import DAY_US, MINUTE_US
from kapdesk.errors import KnownError
from kapdesk.facts.after import PaperEntered, VisitMoved
from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.facts.entry import OrderKey
from kapdesk.facts.fact import Correction, Erased, Fact, Struck
from kapdesk.facts.home import ContactFound, ContactSought, HomeFact
from kapdesk.facts.music import MusicFact
from kapdesk.facts.papers import Countersigned, PaperFact, PaperFiled, PaperKept
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    DoseGiven,
    Ended,
    Locked,
    Marked,
    MusicPlanned,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PhaseEntered,
    PhaseExtended,
    ProtocolChosen,
    TrackStopped,
    VisitOpened,
    VitalsTaken,
    VolumeSet,
    WeightMeasured,
)
from kapdesk.record.history import UNDO_US, Happening
from kapdesk.record.recorder import Intent
from kapdesk.session import at_home, lasting
from kapdesk.session.state import Session, evolve

_BEFORE_ARRIVAL = "That is before the patient arrived. Check the time, or correct the arrival's first."
_PLAN_STANDS = "The plan cannot be exchanged after the first dose."
PAPER_DAYS = 7
"""So far back lies what may be entered from a sheet of paper."""
MOST_EXTENDED_MS = 12 * 60 * 60_000
SHORTEST_REASON = 3


def possible(session: Session, intent: Intent) -> str | None:
    """Whether it can have happened, as the session stands."""
    fact = intent.fact
    if session.erased:
        return "What was said here was erased. Nothing can be added to it."
    if session.signed and not isinstance(fact, AddendumWritten | VisitMoved | PaperFact):
        return "This session is signed and locked. Nothing in it can be changed; write an addendum instead."
    since_us = _begun_us(session, intent) if isinstance(fact, AddendumWritten) else intent.now_us
    if sentence := _time(intent.at_us, intent.now_us, since_us=since_us, from_paper=intent.from_paper):
        return sentence
    if isinstance(fact, PaperEntered):
        return _from_paper(fact)
    if isinstance(fact, Struck | Correction):
        return _amendment(session, fact, intent)
    return _as_it_stands(session, fact, intent)


def _from_paper(fact: PaperEntered) -> str | None:
    if fact.lines <= 0:
        return "No line was entered from paper. Type the sheet's lines first."
    if len(fact.why.strip()) < SHORTEST_REASON:
        return "Why it was written on paper is missing. It stands in the note; type it, then enter all."
    return None


def _begun_us(session: Session, intent: Intent) -> int:
    """A late entry may tell of anything from the visit's beginning on, however long ago that is."""
    return min((each.at_us for each in session.history), default=intent.now_us)


def _time(at_us: int, now_us: int, since_us: int, from_paper: bool = False) -> str | None:
    """What is wrong with a time: it is to come, or lies more than a day (from paper: a week) before `since_us`."""
    if at_us > now_us + MINUTE_US:
        return "That time is still to come. Choose a time up to now."
    if from_paper:
        too_long = at_us < since_us - PAPER_DAYS * DAY_US
        said = f"That is more than {PAPER_DAYS} days ago. Check the day; older sheets are kept as paper."
        return said if too_long else None
    if at_us < since_us - DAY_US:
        return "That time is more than a day ago. Check the time."
    return None


def _as_it_stands(session: Session, fact: Fact, intent: Intent) -> str | None:
    match fact:
        case VisitOpened() if session.opened is not None:
            return "This session is open already."
        case ProtocolChosen() | MusicPlanned() if session.first_dose_us is not None:
            return _PLAN_STANDS
        case ProtocolChosen():
            return _plan(fact)
        case MusicPlanned():
            return next((said for track in fact.tracks if (said := sound.piece_doubt(track))), None)
        case PatientArrived() if session.arrived_us is not None:
            return "The arrival is noted already. Correct its time if it was another."
        case Cleared() if session.arrived_us is None:
            return "The patient has not arrived yet. Note the arrival first."
        case DoseGiven():
            return _dose(session, fact, intent.at_us)
        case PhaseExtended() if abs(fact.by_ms) > MOST_EXTENDED_MS:
            return "That is more than twelve hours. Choose fewer minutes."
        case VolumeSet() if not 0 <= fact.percent <= 100:
            return "The volume goes from 0 to 100 percent."
        case PhaseEntered() if session.first_dose_us is None and fact.phase != "settle":
            return "The phases begin with the first dose. Record the dose first."
        case VitalsTaken():
            return _vitals(fact)
        case WeightMeasured():
            return _weight(fact, intent)
        case Ended() | PatientLeft() if (dose := _dose_after(session, intent.at_us)) is not None:
            return dose
        case Ended():
            return _ended(session, fact)
        case Locked() if session.ended is None:
            return "The session goes on. End it first, then sign and lock."
        case Erased():
            return "That cannot be recorded here. Nothing was changed."
        case Countersigned() | PaperKept() | PaperFiled() if not session.signed:
            return "The session is not signed yet, so there is no signed paper of it. Sign and lock it first."
        case PaperFiled():
            return filed.of_paper(session, fact)
        case AddendumWritten() if not session.signed:
            return "The session is not signed yet. Write a note instead of an addendum."
        case _:
            return None


def _dose(session: Session, dose: DoseGiven, at_us: int) -> str | None:
    if session.opened is not None and session.opened.visit != "dosing":
        return f"This is a visit for {session.opened.visit}: no dose is given in it. Open a dosing visit."
    if session.counts(dose) and (session.cleared_us is None or session.arrived_us is None):
        return "Not cleared: finish “Before the dose” first. Nothing was recorded."
    if session.ended is not None:
        return "The session has ended. Strike out the end if a dose was forgotten, then record it."
    if session.arrived_us is None or at_us < session.arrived_us:
        return _BEFORE_ARRIVAL
    return amounts(dose)


def amounts(dose: DoseGiven) -> str | None:
    """What about a dose cannot be given at all, or None."""
    return next((doubt.words for doubt in dosing.doubts(dose, None) if not doubt.possible), None)


def _vitals(vitals: VitalsTaken) -> str | None:
    if not measured(vitals):
        return "No value was entered. Type at least one, or choose “Not taken”."
    worst = next((doubt for doubt in doubts(vitals) if not doubt.possible), None)
    return worst.words if worst else None


def _weight(weight: WeightMeasured, intent: Intent) -> str | None:
    """Dates are compared a day ahead of UTC, for there it is tomorrow already."""
    return doubt(weight, datetime.fromtimestamp(intent.now_us / 1e6 + 14 * 3600, UTC).date())


def _dose_after(session: Session, at_us: int) -> str | None:
    """Why a session cannot have been over at a time: a dose was given later."""
    doses = session.history.standing(DoseGiven)
    if doses and doses[-1].at_us > at_us:
        return "A dose was given after that time. Check the time."
    return None


def _ended(session: Session, ended: Ended) -> str | None:
    if session.ended is not None:
        return "The session has ended already."
    if ended.how == "no dose given" and session.first_dose_us is not None:
        return "A dose was given, so it cannot end as “no dose given”. Choose another ending."
    dosing = session.opened is not None and session.opened.visit == "dosing"
    if ended.how == "completed" and dosing and session.first_dose_us is None:
        return "No dose was given, so it ends as “no dose given”."
    return None


def _plan(chosen: ProtocolChosen) -> str | None:
    if sha256(chosen.toml) != chosen.sha256:
        return "The protocol's text does not fit its digest. Choose the protocol again."
    try:
        parse(chosen.toml)
    except KnownError as error:
        return str(error)
    return None


def _contradiction(session: Session) -> str | None:
    """What in a session cannot be so together."""
    dosed, ended = session.first_dose_us is not None, session.ended
    dosing = session.opened is not None and session.opened.visit == "dosing"
    if dosed and (session.cleared_us is None or session.arrived_us is None):
        return "A dose was given, so arrival and clearance stand. Correct their time, or strike the dose out first."
    if (session.first_dose_us or 0) < (session.arrived_us or 0) and dosed:
        return "A dose cannot have been given before the patient arrived. Check the time."
    if ended is not None and dosed and ended.how == "no dose given":
        return "A dose was given, so it cannot have ended as “no dose given”. Strike the dose out first."
    if ended is not None and not dosed and dosing and ended.how == "completed":
        return "It ended as “completed”, so a dose stands. Correct the end first."
    if ended is not None and ended.how == "completed" and at_home.lost(session) is not None:
        return "It ended as “completed”, so the patient had been reached. Correct the end first."
    if lasting.backwards(session) or at_home.backwards(session):
        return "It would be over before it began. Check the time; nothing was changed."
    return None


def _after(session: Session, intent: Intent) -> Session:
    """The session as it would be with this on record."""
    last = session.history.last()
    order = last.order.after(0, "") if last is not None else OrderKey(0, 0, "")
    by, entered_by = intent.actor.by, intent.actor.entered_by
    return evolve(session, Happening(uuid4(), order, intent.at_us, intent.now_us, by, entered_by, intent.fact))


def _amendment(session: Session, amendment: Struck | Correction, intent: Intent) -> str | None:
    target = session.history.get(amendment.target)
    if target is None:
        return "What should be corrected is not in this session."
    if isinstance(target.fact, VisitOpened):
        return "Whose session this is takes two people: move it on its closing page."
    if isinstance(target.fact, VisitMoved):
        return "A move stands. If it was wrong, move the visit again."
    if isinstance(target.fact, ProtocolChosen | MusicPlanned) and session.first_dose_us is not None:
        return _PLAN_STANDS
    if isinstance(amendment, Struck) and target.struck:
        return "That was struck out already."
    if isinstance(amendment, Struck) and amendment.undo and intent.now_us - target.entered_at_us > UNDO_US:
        return "That was more than a few seconds ago. Strike it out with a reason instead."
    if isinstance(amendment, Correction):
        if sentence := _time(amendment.at_us, intent.now_us, since_us=target.at_us):
            return sentence
        if amendment.at_us > target.at_us + DAY_US:
            return "That time is more than a day later than it was. Check the date."
    if _contradiction(session) is None and (sentence := _contradiction(_after(session, intent))):
        return sentence
    return None if isinstance(amendment, Struck) else _truth(session, amendment, target, intent)


def _truth(session: Session, amendment: Correction, target: Happening, intent: Intent) -> str | None:
    """Whether a correction says what a fact of its kind may say."""
    truth = amendment.truth
    if type(truth) is not type(target.fact) and not (isinstance(target.fact, Marked) and isinstance(truth, NoteTaken)):
        return "A correction says the same kind of thing. Strike it out and record anew instead."
    if isinstance(truth, VitalsTaken):
        return _vitals(truth)
    if isinstance(truth, WeightMeasured):
        return _weight(truth, intent)
    if isinstance(truth, Ended | PatientLeft) and (sentence := _dose_after(session, amendment.at_us)):
        return sentence
    if isinstance(truth, DoseGiven):
        return amounts(truth)
    if isinstance(truth, ProtocolChosen):
        return _plan(truth)
    if isinstance(truth, StateOver | PsychotherapyOver) and truth != target.fact:
        return "What is over stays the same, only its time can be another. Strike it out and record anew instead."
    if isinstance(truth, StateBegan | PsychotherapyBegan):
        said = truth.code if isinstance(truth, StateBegan) else truth.modality
        return None if said.strip() else "It would say nothing. Type a word, or strike it out."
    if isinstance(truth, ContactSought | ContactFound) and truth.lost != target.fact.lost:
        return "Which contact it was stays the same. Strike it out and record anew instead."
    if isinstance(truth, HomeFact):
        return home.truth(truth)
    if isinstance(truth, MusicFact):
        return sound.doubt(session, truth)
    if isinstance(truth, TrackStopped):
        return "What was heard is measured and cannot be corrected."
    return None
