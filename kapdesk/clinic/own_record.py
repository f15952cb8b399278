"""What can be recorded in the clinic's own record, and by whom; where not, why, in one sentence."""

from kapdesk.clinic import filed, seal, stocked
from kapdesk.clinic.judges import SHORTEST_REASON
from kapdesk.clinic.roles import may_not, permitted
from kapdesk.clinical import codes, letterhead, template
from kapdesk.clinical.protocol import parse, sha256
from kapdesk.errors import KnownError
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
from kapdesk.facts.fact import Correction, Erased, Struck
from kapdesk.facts.filing import Exported, FilingSet, TrayDaysSet
from kapdesk.facts.letterhead import LetterheadSet, LicenceNumberSet
from kapdesk.facts.people import may
from kapdesk.facts.seal import SealMade, TimeStampsSet
from kapdesk.facts.stock import StockMoved
from kapdesk.people.clinic import Clinic
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Intent

LONGEST_HOW = 120


def in_clinic(clinic: Clinic, intent: Intent) -> str | None:
    """Whether the clinic's own record may say it."""
    fact = intent.fact
    match fact:
        case Struck() | Correction():
            return _amendment(clinic, fact, intent)
        case CodesSet():
            return codes.doubt(fact.codes)
        case CodeWordsSet():
            return codes.words_doubt(fact.words)
        case NoteTemplateSet():
            return template.doubt(fact.parts)
        case ProtocolWritten():
            return _written(clinic, fact, intent)
        case SummarySent():
            return _sent(clinic, fact, intent)
        case SheetTakenOut():
            return _out(clinic, fact, intent)
        case StockMoved():
            return stocked.of_stock(clinic, fact, intent)
        case SealMade() | TimeStampsSet():
            return seal.doubt(fact)
        case PatientsImported():
            return _imported(clinic, fact, intent)
        case LetterheadSet():
            return letterhead.doubt(fact.lines)
        case LicenceNumberSet() if fact.person not in clinic.people:
            return "Nobody of the staff is that. Choose someone else."
        case LicenceNumberSet():
            return letterhead.number_doubt(fact.number)
        case FilingSet() | TrayDaysSet() | Exported():
            return filed.of_clinic(clinic, fact, intent)
        case Erased():
            return "The clinic's own record is never erased."
        case _:
            return None


def _amendment(clinic: Clinic, fact: Struck | Correction, intent: Intent) -> str | None:
    """People are corrected, that a summary was sent is taken back, a line of the stock is struck out; no more."""
    target = clinic.history.get(fact.target)
    if target is not None and isinstance(fact, Struck):
        if isinstance(target.fact, SummarySent):
            return _not_sent(clinic, target, fact, intent)
        if isinstance(target.fact, StockMoved):
            return stocked.not_moved(clinic, target, fact, intent)
    truth = fact.truth if isinstance(fact, Correction) else None
    if target is None or not isinstance(target.fact, PersonAdded) or not isinstance(truth, PersonAdded | None):
        return "That stands as it is in the clinic's record. Only what is said of its people can be corrected."
    return None


def _sent(clinic: Clinic, fact: SummarySent, intent: Intent) -> str | None:
    if sentence := may_not(clinic, {intent.actor.by, intent.actor.entered_by}, "file", "say that a summary was sent"):
        return sentence
    if not fact.how.strip() or len(fact.how) > LONGEST_HOW:
        return "How it was sent is missing, or too long. Type it in a word or two: fax, portal, post."
    if any(each.fact.session == fact.session for each in clinic.history.standing(SummarySent)):
        return "That it was sent is on record already. Nothing was recorded."
    return None


def _not_sent(clinic: Clinic, target: Happening, fact: Struck, intent: Intent) -> str | None:
    """That a summary was sent is taken back by those who may say it, once, and with the reason."""
    if sentence := may_not(
        clinic, {intent.actor.by, intent.actor.entered_by}, "file", "say that a summary was not sent"
    ):
        return sentence
    if target.struck:
        return "That it was sent was taken back already. Nothing was recorded."
    if len(fact.reason.strip()) < SHORTEST_REASON:
        return "The reason is missing. Type why it does not count as sent, for example: wrong fax number."
    return None


def _out(clinic: Clinic, fact: SheetTakenOut, intent: Intent) -> str | None:
    """A paper that is no session note goes out by those who may print one, and it is said of what it was."""
    if sentence := may_not(clinic, [intent.actor.entered_by], "print", "take papers out"):
        return sentence
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
