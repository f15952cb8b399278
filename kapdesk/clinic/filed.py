"""What can be recorded of notes on their way out of the record, and by whom; where not, why, in one sentence."""

from kapdesk.clinic import naming
from kapdesk.clinic.roles import may_not
from kapdesk.facts.filing import Exported, FilingFact, FilingSet, TrayDaysSet
from kapdesk.facts.papers import PaperFiled, PaperKept
from kapdesk.facts.people import Act
from kapdesk.people.clinic import Clinic
from kapdesk.record.recorder import Intent
from kapdesk.session.state import Session

DAYS = range(91)
"""Days a clinic can give itself for signing and filing."""
TO_LETTERS = range(3, 121)
"""How long it can be to whom an export goes."""


def of_clinic(clinic: Clinic, fact: FilingFact, intent: Intent) -> str | None:
    """Where and how soon notes are filed says whoever runs the clinic; an export names its visits and who gets it."""
    act: Act = "export" if isinstance(fact, Exported) else "settings"
    words = "export records here" if act == "export" else "change the clinic's settings here"
    if sentence := may_not(clinic, [intent.actor.entered_by], act, words):
        return sentence
    match fact:
        case FilingSet():
            return naming.doubt(fact.scheme) if fact.folder or fact.scheme else None
        case TrayDaysSet():
            days = (fact.sign, fact.countersign, fact.file)
            return None if all(each in DAYS for each in days) else f"Choose 0 to {DAYS[-1]} days; nothing was changed."
        case Exported():
            return _exported(fact)


def _exported(fact: Exported) -> str | None:
    if not fact.sessions or len(set(fact.sessions)) < len(fact.sessions):
        return "No visit was chosen, or one twice. Nothing was exported; choose again."
    if len(fact.to.strip()) not in TO_LETTERS:
        return "To whom it goes is missing, or too long. Type it in words, for example: City Hospital, Dr Sample."
    return None


def of_paper(session: Session, fact: PaperFiled) -> str | None:
    """A paper that is filed is one of this visit's, has a name in its folder, and is said to be there once."""
    if all(each.fact.sha256 != fact.sha256 for each in session.history if isinstance(each.fact, PaperKept)):
        return "There is no such paper of this visit. Nothing was recorded as filed."
    if not fact.place.strip() or set(fact.place) & set("/\\"):
        return "A filed paper has a name in its folder. Nothing was recorded as filed."
    if any(each.fact == fact for each in session.history):
        return "That paper is on record as filed under this name already. Nothing was recorded."
    return None
