"""The stop signal agreed with the patient: whether it was given and nobody has answered it yet. Pure."""

from kapdesk.clinical.codes import INTERVENTION
from kapdesk.facts.care import EmergencyBegan, StopSignalGiven, TouchAgreed
from kapdesk.facts.session import NoteTaken
from kapdesk.record.history import Happening
from kapdesk.session.state import Session

ANSWERED = "Stop signal answered"
"""What is noted, as an intervention, when someone presses that it was answered."""


def unanswered(session: Session) -> Happening | None:
    """The newest stop signal, until someone has answered it or the session is over; None where nothing waits.

    It has no end of its own: a time alone answers nobody. Answered it is by what a person records after it: that
    something was done (an intervention, the press "Answered" among them), words that were typed, another touch agreed,
    an emergency. A code pressed alone says what is seen, and what the patient said is not an answer to them.
    """
    if not session.live:
        return None
    given = session.history.standing(StopSignalGiven)
    if not given:
        return None
    last = given[-1]
    answers = [h for kind in (NoteTaken, TouchAgreed, EmergencyBegan) for h in session.history.standing(kind)]
    after = [h for h in answers if (h.at_us, h.order) > (last.at_us, last.order)]
    return None if any(_answers(h) for h in after) else last


def _answers(one: Happening) -> bool:
    fact = one.fact
    if not isinstance(fact, NoteTaken):
        return True
    return fact.code == INTERVENTION or bool(fact.text and not fact.patients_words)
