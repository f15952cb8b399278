"""What may be recorded of a session at home: whole addresses, counts that add up, a contact lost and found once."""

from uuid import UUID

from kapdesk.facts.fact import Fact
from kapdesk.facts.home import (
    ContactFound,
    ContactLost,
    ContactSought,
    HomeDosesCounted,
    MusicElsewhere,
    PatientLocated,
)
from kapdesk.facts.session import Ended, PatientLeft
from kapdesk.record.recorder import Intent
from kapdesk.session import at_home
from kapdesk.session.state import Session

LONGEST = 500
STILL_LOST = "Contact is lost: press “In contact again” first, or choose another ending. Nothing was recorded."


def doubt(session: Session, intent: Intent) -> str | None:
    """Why this cannot be recorded, in one plain sentence, or None."""
    match intent.fact:
        case PatientLocated() | HomeDosesCounted():
            return truth(intent.fact)
        case ContactLost() if session.ended_us is not None and intent.at_us > session.ended_us:
            return "The session has ended. Write what happened as a note; nothing else was recorded."
        case ContactLost() if at_home.lost(session) is not None:
            return "Contact lost is on record already; go on with the calls, they are kept with their times."
        case ContactSought(lost=began) | ContactFound(lost=began):
            return _of_loss(session, began, intent) or truth(intent.fact)
        case MusicElsewhere(what=what):
            if not what.strip() and at_home.heard_now(session) is None:
                return "No music elsewhere is on record, so none can end. Type what the patient hears."
            return truth(intent.fact)
        case Ended(how="completed") if at_home.lost(session) is not None:
            return STILL_LOST
        case PatientLeft() if at_home.lost(session) and (session.ended is None or session.ended.how == "completed"):
            return STILL_LOST
        case _:
            return None


def truth(fact: Fact) -> str | None:
    """What such a fact leaves out or cannot mean, the first time as in a correction."""
    match fact:
        case PatientLocated():
            return _located(fact)
        case HomeDosesCounted():
            return _counted(fact)
        case ContactFound() if not fact.words.strip():
            return "How they are is missing. Type it in a word or two; the contact is still marked as lost."
        case MusicElsewhere() | ContactFound() | ContactSought() if len(_words(fact)) > LONGEST:
            return "That is too long for this line. Type it in a few words, the rest as a note."
        case _:
            return None


def _words(fact: MusicElsewhere | ContactFound | ContactSought) -> str:
    return fact.what if isinstance(fact, MusicElsewhere) else fact.words


def _located(fact: PatientLocated) -> str | None:
    missing = [
        word
        for word, said in (
            ("where they are", fact.place),
            ("the emergency number there", fact.emergency_number),
            ("the number to call back", fact.call_back),
        )
        if not said.strip()
    ]
    if missing:
        return f"Help could not be sent: {', '.join(missing)} is missing. Ask it now; what you typed is still here."
    if fact.companion_seen and not fact.companion.strip():
        return "Who was seen is missing. Type the companion’s name; what you typed is still here."
    if max(len(fact.place), len(fact.emergency_number), len(fact.call_back), len(fact.companion)) > LONGEST:
        return "That is too long to be read at a glance. Type the address, the rest as a note."
    return None


def _counted(fact: HomeDosesCounted) -> str | None:
    if not fact.medication.strip():
        return "Of which medication is missing. Type it as on its label."
    if min(fact.sent, fact.taken, fact.left) < 0:
        return "A count is below 0. Count what is in front of them again."
    if fact.sent != fact.taken + fact.left:
        return (
            f"{fact.sent} sent are not {fact.taken} taken and {fact.left} left. Count again together, on the picture."
        )
    return None


def _of_loss(session: Session, began: UUID, intent: Intent) -> str | None:
    one = next((each for each in at_home.losses(session) if each.began.id == began), None)
    if one is None:
        return "That contact was not lost in this session, or it was struck out. Nothing was recorded."
    if one.found is not None:
        return "They were reached again already. Press “Contact lost” if it broke off anew."
    if intent.at_us < one.began.at_us:
        return "That is before contact was lost. Choose a later time, or correct when it was lost."
    return None
