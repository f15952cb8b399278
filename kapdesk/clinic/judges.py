"""What can be recorded when, and by whom. Each judge says in one plain sentence why not, or None."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from kapdesk.clinic import at_home as home
from kapdesk.clinic import filed, seal, sound, stocked
from kapdesk.clinical import codes, dosing, letterhead, template
from kapdesk.clinical.protocol import parse, sha256
from kapdesk.clinical.vitals import doubts, measured
from kapdesk.clinical.weight import doubt
from kapdesk.errors import KnownError
from kapdesk.facts.after import PaperEntered, VisitMoved
from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.facts.clinic import (
    CodesSet,
    CodeWordsSet,
    NoteTemplateSet,
    PatientsImported,
    PersonAdded,
    ProtocolWritten,
    SheetTakenOut,
    SummarySent,
)
from kapdesk.facts.entry import OrderKey
from kapdesk.facts.fact import Correction, Erased, Fact, Struck
from kapdesk.facts.filing import FilingFact
from kapdesk.facts.home import ContactFound, ContactSought, HomeFact
from kapdesk.facts.letterhead import LetterheadSet, LicenceNumberSet
from kapdesk.facts.music import MusicFact
from kapdesk.facts.papers import Countersigned, PaperFact, PaperFiled, PaperKept
from kapdesk.facts.patient import CoursePlanned, KeptLonger, OrderWritten, PatientRegistered
from kapdesk.facts.people import DESK, UNKNOWN, Area, may, may_record, may_type
from kapdesk.facts.seal import SealMade, TimeStampsSet
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
from kapdesk.facts.stock import StockMoved
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import UNDO_US, Happening
from kapdesk.record.recorder import Intent, Judge
from kapdesk.session import at_home, lasting
from kapdesk.session.state import Session, evolve

_BEFORE_ARRIVAL = "That is before the patient arrived. Check the time, or correct the arrival's first."
_PLAN_STANDS = "The plan cannot be exchanged after the first dose."
MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
LONGEST_HOW = 120
PAPER_DAYS = 7
"""So far back lies what may be entered from a sheet of paper."""
MOST_EXTENDED_MS = 12 * 60 * 60_000
SHORTEST_REASON = 3
MOST_VISITS = 100


def of_patient(patient: Patient, intent: Intent) -> str | None:
    """What can be said of a patient outside their visits."""
    fact = intent.fact
    if isinstance(fact, PatientRegistered) and not fact.name.strip():
        return "The patient's name is missing. Type it as on their papers."
    if isinstance(fact, CoursePlanned) and not 0 < fact.dosing_visits <= MOST_VISITS:
        return f"A course has 1 to {MOST_VISITS} dosing visits. Type how many are planned."
    if isinstance(fact, KeptLonger):
        if len(fact.reason.strip()) < SHORTEST_REASON:
            return "The reason is missing. Say why this record is kept longer."
        try:
            until = date.fromisoformat(fact.until)
        except ValueError:
            return "That is no date. Type it as year-month-day, for example 2040-12-31."
        if until <= datetime.fromtimestamp(intent.now_us / 1e6, UTC).date():
            return "That date has passed. A record can be kept longer, not shorter; choose a later day."
    return None


def prescribing(clinic: Callable[[], Clinic]) -> Judge:
    """Whether an order comes from a prescriber, and says what can be given. By word it may be entered by others."""

    def judge(patient: Patient, intent: Intent) -> str | None:
        order = intent.fact
        if not isinstance(order, OrderWritten):
            return None
        person = clinic().people.get(intent.actor.by)
        if person is None or not may(person.roles, "prescribe"):
            who = f"{person.name} ({', '.join(person.roles)})" if person else "Nobody"
            return f"{who} may not order a medication. Choose the prescriber who ordered it."
        dose = DoseGiven(order.medication, order.dose_ug, order.route)
        if sentence := _amounts(dose):
            return sentence
        if not 0 <= order.booster_up_to_ug <= dosing.MOST_UG:
            return "That booster is not possible. Type what was ordered, or 0 for none."
        try:
            until = date.fromisoformat(order.valid_until)
        except ValueError:
            return "That is no date. Type it as year-month-day, for example 2026-12-31."
        if until < datetime.fromtimestamp(intent.now_us / 1e6, UTC).date():
            return "That day has passed: the order would hold no more. Choose a later day."
        return None

    return judge


def permitted(clinic: Callable[[], Clinic], area: Area) -> Judge:
    """Whether the one who acts has a role that may record here."""

    def judge(_: Any, intent: Intent) -> str | None:
        for who in {intent.actor.by, intent.actor.entered_by} - {DESK}:
            person = clinic().staff.get(who)
            if person is None and who in clinic().left:
                return f"{clinic().name_of(who)} works here no more. Choose someone else under “By”."
            if who == UNKNOWN:
                return "It is not known who types. Sign in (Ctrl+L), or add yourself under “Who is here”."
            if person is None:
                return "Nobody is chosen under “By”. Choose who is writing; what you typed is still here."
            typed = who == intent.actor.entered_by != intent.actor.by
            if not (may_type(person.roles) if typed else may_record(person.roles, area)):
                roles = ", ".join(person.roles)
                return f"{person.name} ({roles}) may read here, not write. Choose someone else under “By”."
        return None

    return judge


def _sent(clinic: Clinic, fact: SummarySent, intent: Intent) -> str | None:
    for who in {intent.actor.by, intent.actor.entered_by}:
        person = clinic.staff.get(who)
        if person is None or not may(person.roles, "file"):
            return f"{clinic.name_of(who)} may not say that a summary was sent. Ask someone whose role allows it."
    if not fact.how.strip() or len(fact.how) > LONGEST_HOW:
        return "How it was sent is missing, or too long. Type it in a word or two: fax, portal, post."
    if any(each.fact.session == fact.session for each in clinic.history.standing(SummarySent)):
        return "That it was sent is on record already. Nothing was recorded."
    return None


def _not_sent(clinic: Clinic, target: Happening, fact: Struck, intent: Intent) -> str | None:
    """That a summary was sent is taken back by those who may say it, once, and with the reason."""
    for who in {intent.actor.by, intent.actor.entered_by}:
        person = clinic.staff.get(who)
        if person is None or not may(person.roles, "file"):
            return f"{clinic.name_of(who)} may not say that a summary was not sent. Ask someone whose role allows it."
    if target.struck:
        return "That it was sent was taken back already. Nothing was recorded."
    if len(fact.reason.strip()) < SHORTEST_REASON:
        return "The reason is missing. Type why it does not count as sent, for example: wrong fax number."
    return None


def in_clinic(clinic: Clinic, intent: Intent) -> str | None:
    """Whether the clinic's own record may say it.

    Of what is there people are corrected, that a summary was sent is taken back, a line of the stock is struck out;
    nothing is erased.
    """
    fact = intent.fact
    target = clinic.history.get(fact.target) if isinstance(fact, Struck) else None
    if isinstance(fact, Struck) and target is not None and isinstance(target.fact, SummarySent):
        return _not_sent(clinic, target, fact, intent)
    if isinstance(fact, Struck) and target is not None and isinstance(target.fact, StockMoved):
        return stocked.not_moved(clinic, target, fact, intent)
    if isinstance(fact, Struck | Correction):
        target = clinic.history.get(fact.target)
        truth = fact.truth if isinstance(fact, Correction) else None
        if target is None or not isinstance(target.fact, PersonAdded) or not isinstance(truth, PersonAdded | None):
            return "That stands as it is in the clinic's record. Only what is said of its people can be corrected."
    if isinstance(fact, CodesSet):
        return codes.doubt(fact.codes)
    if isinstance(fact, CodeWordsSet):
        return codes.words_doubt(fact.words)
    if isinstance(fact, NoteTemplateSet):
        return template.doubt(fact.parts)
    if isinstance(fact, ProtocolWritten):
        return _written(clinic, fact, intent)
    if isinstance(fact, SummarySent):
        return _sent(clinic, fact, intent)
    if isinstance(fact, SheetTakenOut):
        return _out(clinic, fact, intent)
    if isinstance(fact, StockMoved):
        return stocked.of_stock(clinic, fact, intent)
    if isinstance(fact, SealMade | TimeStampsSet):
        return seal.doubt(fact)
    if isinstance(fact, PatientsImported):
        return _imported(clinic, fact, intent)
    if isinstance(fact, LetterheadSet):
        return letterhead.doubt(fact.lines)
    if isinstance(fact, LicenceNumberSet):
        known = fact.person in clinic.people
        return letterhead.number_doubt(fact.number) if known else "Nobody of the staff is that. Choose someone else."
    if isinstance(fact, FilingFact):
        return filed.of_clinic(clinic, fact, intent)
    return "The clinic's own record is never erased." if isinstance(fact, Erased) else None


def _out(clinic: Clinic, fact: SheetTakenOut, intent: Intent) -> str | None:
    """A paper that is no session note goes out by those who may print one, and it is said of what it was."""
    person = clinic.staff.get(intent.actor.entered_by)
    if person is None or not may(person.roles, "print"):
        return f"{clinic.name_of(intent.actor.entered_by)} may not take papers out. Ask someone whose role allows it."
    if not fact.of.strip() or len(fact.of) > LONGEST_HOW:
        return "Of whom or of which days the paper is, is missing. Nothing left the record; make it again."
    return None


def _imported(clinic: Clinic, fact: PatientsImported, intent: Intent) -> str | None:
    """Said before the patients are: by whoever may register them, and of patients."""
    if not fact.patients:
        return "No patient would come of that table. Nothing was taken in; look at its lines again."
    if len(set(fact.patients)) < len(fact.patients):
        return "Two lines of that table would be one record. Nothing was taken in; choose the file again."
    return permitted(lambda: clinic, "patient")(None, intent)


def _written(clinic: Clinic, fact: ProtocolWritten, intent: Intent) -> str | None:
    """A protocol in the clinic's folder: by whoever may approve protocols or runs the clinic, and one that is read."""
    known = clinic.staff.get(intent.actor.entered_by)
    if known is None or not (may(known.roles, "settings") or may(known.roles, "approve protocol")):
        return "A prescriber or whoever runs the clinic changes protocols. Ask one of them; nothing is recorded."
    if not fact.file.endswith(".toml") or set(fact.file) & set("/\\:"):
        return "A protocol is a file in the clinic's own folder. Choose another name for it."
    if sha256(fact.toml) != fact.sha256:
        return "The protocol's text is not the one that was meant. Open it again and write it anew."
    try:
        plan = parse(fact.toml, fact.file)
    except KnownError as error:
        return str(error)
    if (plan.name, plan.version) != (fact.name, fact.version):
        return "The protocol's name or version is not the one in its text. Open it again and write it anew."
    return None


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
    return _amounts(dose)


def _amounts(dose: DoseGiven) -> str | None:
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
        return _amounts(truth)
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
