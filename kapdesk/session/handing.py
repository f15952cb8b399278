"""Who has the watch over the patient, as it was handed over and taken over. Pure."""

from kapdesk.facts.after import CareHandedOver, CareTakenOver
from kapdesk.record.history import Happening
from kapdesk.session.state import Session


def offered(session: Session) -> Happening | None:
    """The newest hand-over, where nobody has taken it over yet."""
    handed = session.history.standing(CareHandedOver)
    taken = {h.fact.handed for h in session.history.standing(CareTakenOver)}
    return handed[-1] if handed and handed[-1].id not in taken else None


def on_watch(session: Session) -> str:
    """Who took over last (a person's id); empty where the watch was never handed over."""
    handed = {h.id: h.fact.to for h in session.history.standing(CareHandedOver)}
    taken = [h.fact.handed for h in session.history.standing(CareTakenOver) if h.fact.handed in handed]
    return handed[taken[-1]] if taken else ""


def doubt(session: Session, fact: CareHandedOver | CareTakenOver, by: str) -> str | None:
    """Why the watch cannot be handed over, or taken over, so; in one sentence."""
    if isinstance(fact, CareHandedOver):
        if fact.to == by:
            return "You have the watch already. Choose who takes it over."
        here = {person.person for person in session.present()}
        return None if fact.to in here else "They are not in the room. Say first, on the arrival page, that they came."
    handed = session.history.get(fact.handed)
    if handed is None or handed.struck or not isinstance(handed.fact, CareHandedOver):
        return "That hand-over is not in this session. Nothing was recorded."
    if handed.fact.to != by:
        return "The watch was handed to someone else, who takes it over by their own PIN."
    taken = {h.fact.handed for h in session.history.standing(CareTakenOver)}
    if fact.handed in taken:
        return "The watch was taken over already."
    newest = session.history.standing(CareHandedOver)[-1]
    return None if newest.id == handed.id else "The watch was handed over anew since. Take over the newest."
