"""Who came, who went, who read and took out what: the clinic's own record, told line by line."""

from collections.abc import Callable
from typing import assert_never
from uuid import UUID

import msgspec

from kapdesk.clinic.open import OpenClinic
from kapdesk.clinical.care import mg
from kapdesk.clock import DAY_US
from kapdesk.facts.care import Overridden
from kapdesk.facts.clinic import (
    ClinicFact,
    ClinicFounded,
    ClockMoved,
    Code,
    CodesSet,
    CodeWordsSet,
    ContentsErased,
    Corrected,
    GlassBroken,
    HeadsKept,
    LockAfterSet,
    NoteTakenOut,
    NoteTemplateSet,
    PatientsImported,
    PersonAdded,
    ProtocolApproved,
    ProtocolWritten,
    RecordRead,
    RecordRestored,
    RecoveryRenewed,
    RetentionSet,
    ScreenLocked,
    SheetTakenOut,
    SignedIn,
    SignInFailed,
    StaffLeft,
    StationEnrolled,
    SummarySent,
)
from kapdesk.facts.entry import OrderKey
from kapdesk.facts.fact import Struck, Unread
from kapdesk.facts.filing import Exported, FilingSet, TrayDaysSet
from kapdesk.facts.letterhead import CountedMinutesSet, LetterheadSet, LicenceNumberSet
from kapdesk.facts.people import Actor
from kapdesk.facts.seal import SealMade, TimeStampsSet
from kapdesk.facts.stock import StockMoved
from kapdesk.record.history import History, read


class Entry(msgspec.Struct, frozen=True):
    """One line: when it happened (UTC µs), who did it by name, and what, in words. Names no patient."""

    at_us: int
    by: str
    what: str
    loud: bool = False


def read_record(clinic: OpenClinic, session: UUID, actor: Actor) -> None:
    """Someone opens the record of a visit. Raises KnownError where they may not; on record where they may."""
    clinic.require(actor.entered_by, "read records")
    clinic.recorder.record(RecordRead(session), actor)


def take_out(clinic: OpenClinic, session: UUID, actor: Actor) -> None:
    """Someone saves or prints a visit's note. Raises KnownError where they may not; on record where they may."""
    clinic.require(actor.entered_by, "print")
    clinic.recorder.record(NoteTakenOut(session), actor)


def entries(clinic: OpenClinic) -> list[Entry]:
    """The clinic's own record from its first line to its last, without what the program says for itself; and what was
    set aside in the visits, each where it was said."""
    state = clinic.state
    told = _overrides(clinic)
    for each in state.history:
        what = _taken_back(each.fact, state.history) or _words(each.fact, state.name_of)
        if what:
            loud = is_loud(each.fact)
            what = f"{what} (struck)" if each.struck else what
            told.append((each.order, Entry(each.at_us, state.name_of(each.by), what, loud)))
    return [entry for _, entry in sorted(told, key=lambda each: each[0])]


def _taken_back(fact: object, history: History) -> str:
    """That a summary was not sent after all, with whose it is; empty for anything else."""
    target = history.get(fact.target) if isinstance(fact, Struck) else None
    if not isinstance(fact, Struck) or target is None or not isinstance(target.fact, SummarySent):
        return ""
    return f"took back that the observation summary of visit {_short(target.fact.session)} was sent: {fact.reason}"


def _overrides(clinic: OpenClinic) -> list[tuple[OrderKey, Entry]]:
    """What was set aside in the visits, by whom; the reason stands in the visit's own record."""
    made = []
    for id_, kept in clinic.log.read_kinds("session", ["overridden"]).items():
        for each in map(read, kept):
            if isinstance(each.fact, Overridden):
                what = f"OVERRODE {each.fact.what} in visit {_short(UUID(id_))}"
                made.append((each.order, Entry(each.at_us, clinic.state.name_of(each.by), what)))
    return made


def is_loud(fact: object) -> bool:
    """What the window says for a day after it."""
    recovered = isinstance(fact, SignedIn) and fact.how == "recovery code"
    return recovered or isinstance(fact, GlassBroken | RecordRestored)


def loud(clinic: OpenClinic) -> list[str]:
    """What was loud in the last day, newest first, in words."""
    since_us, state = clinic.clock.now().utc_us - DAY_US, clinic.state
    told = [each for each in state.history if is_loud(each.fact) and each.at_us >= since_us]
    return [_words(each.fact, state.name_of) for each in reversed(told)]


def _words(fact: ClinicFact | Unread, name_of: Callable[[str], str]) -> str:
    match fact:
        case ClinicFounded():
            return f"set up {fact.name}"
        case StationEnrolled():
            return f"station {fact.name} ({fact.station}) enrolled"
        case PersonAdded():
            return f"{fact.name} added: {', '.join(fact.roles)}"
        case StaffLeft():
            return f"{name_of(fact.person)} works here no more"
        case SignedIn():
            return f"{name_of(fact.person)} came in by {fact.how}"
        case SignInFailed():
            return f"{fact.times} × no {fact.how} of {fact.name}"
        case ScreenLocked():
            return "screen locked: nobody had touched it" if fact.idle else "screen locked"
        case GlassBroken():
            return f"EMERGENCY ACCESS by {fact.name}: {fact.reason}"
        case RecoveryRenewed():
            return "made a new recovery code"
        case ClockMoved():
            return f"the computer’s time of day was moved {_moved(fact.moved_ms)}; sessions went on by desk time"
        case LockAfterSet():
            return f"the screen locks after {fact.minutes} min"
        case RetentionSet():
            return f"records are kept for {fact.years} years after the last visit"
        case ProtocolApproved():
            return f"approved the protocol {fact.name}, version {fact.version}, for patients"
        case ProtocolWritten():
            return f"wrote the protocol {fact.name}, version {fact.version} ({fact.file})"
        case CodesSet():
            return f"codes: {', '.join(map(_code, fact.codes))}"
        case CodeWordsSet():
            said = "; ".join(f"“{each.begins}”, “{each.ends}” for {each.word}" for each in fact.words)
            return f"what codes say where they begin and end: {said or 'only general words'}"
        case NoteTemplateSet():
            return "laid out the clinic’s note anew"
        case SummarySent():
            return f"sent the observation summary of visit {_short(fact.session)}: {fact.how}"
        case RecordRead():
            return f"opened the record of visit {_short(fact.session)}"
        case NoteTakenOut():
            return f"took out the note of visit {_short(fact.session)}"
        case SheetTakenOut():
            whose = {"integration sheet": "visit ", "course overview": "patient "}.get(fact.sheet, "")
            return f"took out the {fact.sheet} of {whose}{_of(fact.of)}"
        case ContentsErased():
            stream = f"{fact.stream.kind} {fact.stream.id[-8:]}"
            return f"ERASED {stream}, {name_of(fact.agreed_by)} agreeing: {fact.reason}"
        case PatientsImported():
            count = len(fact.patients)
            return f"took in {count} patient{'' if count == 1 else 's'} from a table (file {fact.file_digest[:8]})"
        case SealMade():
            return f"papers are signed with the certificate {fact.sha256[:16]} from now on"
        case TimeStampsSet():
            return f"signed papers get a time stamp from {fact.url}" if fact.url else "signed papers get no time stamp"
        case FilingSet():
            return f"signed notes are filed into {fact.folder}: {fact.scheme}" if fact.folder else "nothing is filed"
        case TrayDaysSet():
            return f"notes are signed in {fact.sign}, countersigned in {fact.countersign}, filed in {fact.file} days"
        case LetterheadSet():
            return f"letterhead of the papers: {'; '.join(fact.lines) or 'none'}"
        case LicenceNumberSet():
            return f"licence number of {name_of(fact.person)}: {fact.number or 'none'}"
        case StockMoved():
            seen = f", {name_of(fact.witnessed_by)} looking on" if fact.witnessed_by else ", NOT WITNESSED"
            words = f": {fact.words}" if fact.words else ""
            of = f"{fact.medication}, lot {fact.lot}" if fact.lot else f"{fact.medication}, no lot"
            return f"stock of {of}: {mg(fact.amount_ug)} mg {fact.what}{words}{seen}"
        case CountedMinutesSet():
            return f"minutes are billed from {fact.since} to {fact.until}"
        case Exported():
            return _exported(fact)
        case RecordRestored():
            return f"RECORD PUT BACK from its copies: {fact.from_backup} + {fact.from_second_copy} lines"
        case Corrected():
            return f"corrected: {_words(fact.truth, name_of)} ({fact.reason})"
        case Struck():
            return f"struck something: {fact.reason}"
        case Unread():
            return "something that cannot be read here"
        case HeadsKept():
            return ""
        case _ as unknown:
            assert_never(unknown)


def _exported(fact: Exported) -> str:
    count = len(fact.sessions)
    period = f", {fact.since} to {fact.until}" if fact.since or fact.until else ""
    visits = f"{count} visits" if count != 1 else f"visit {_short(fact.sessions[0])}"
    return f"EXPORTED {visits}{period} to {fact.to} (archive {fact.sha256[:8]}, opens with a {fact.opens_with})"


def _moved(ms: int) -> str:
    seconds = abs(ms) // 1_000
    said = f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
    return f"{said} {'on' if ms > 0 else 'back'}"


def _short(session: UUID) -> str:
    return session.hex[-8:]


def _of(of: str) -> str:
    """A visit's or a patient's id as short as elsewhere; a time as it is."""
    try:
        return _short(UUID(of))
    except ValueError:
        return of


def _code(code: Code) -> str:
    more = ", ".join(word for word, so in (("lasts", code.lasts), ("unwanted", code.unwanted)) if so)
    return f"{code.word} ({more})" if more else code.word
