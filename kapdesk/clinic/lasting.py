"""What may be recorded of states and psychotherapy: begun once, ended once, never backwards."""

from uuid import UUID

from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.record.recorder import Intent
from kapdesk.session import lasting
from kapdesk.session.state import Session

LONGEST = 500


def doubt(session: Session, intent: Intent) -> str | None:
    """Why this beginning or end cannot be recorded, in one plain sentence, or None."""
    match intent.fact:
        case StateBegan(code=code, words=words):
            if not code.strip():
                return "Which code it is, is missing. Press it again; nothing was recorded."
            if len(words) > LONGEST:
                return "That is too long for a state. Record it as a note, then press the code alone."
            if sentence := _after_the_end(session, intent):
                return sentence
            if any(each.what == code for each in lasting.on(lasting.states(session), intent.at_us)):
                return f"“{code}” is on already. Press it again to end it; what you typed is still here."
        case PsychotherapyBegan(modality=modality):
            if not modality.strip():
                return "The modality is missing. Choose one or type it; it stands in the note."
            if len(modality) > LONGEST:
                return "That is too long for a modality. Type it in a few words, the rest as a note."
            if sentence := _after_the_end(session, intent):
                return sentence
            if running := lasting.on(lasting.psychotherapy(session), intent.at_us):
                return f"Psychotherapy ({running[0].words}) is on record already. End that first, then begin anew."
        case StateOver(state=began):
            return _over(session, began, StateBegan, intent)
        case PsychotherapyOver(began=began):
            return _over(session, began, PsychotherapyBegan, intent)
        case _:
            pass
    return None


def _after_the_end(session: Session, intent: Intent) -> str | None:
    if session.ended_us is not None and intent.at_us > session.ended_us:
        return "The session has ended, and nothing in it begins any more. Write it as a note instead."
    return None


def _over(session: Session, began: UUID, kind: type, intent: Intent) -> str | None:
    one = session.history.get(began)
    if one is None or not isinstance(one.fact, kind) or one.struck or one.late:
        return "What should be over is not in this session, or was struck out. Nothing was recorded."
    if intent.at_us < one.at_us:
        return "That is before it began. Choose a later time, or correct when it began."
    ended = {h.fact.state for h in session.history.standing(StateOver)}
    ended |= {h.fact.began for h in session.history.standing(PsychotherapyOver)}
    if began in ended:
        return "That is over already. Nothing was recorded; correct its end if it was at another time."
    return None
