"""Who has the watch over the patient, as it was handed over, taken back, and taken over. Pure."""

from typing import Literal
from uuid import UUID

from kapdesk.facts.after import CareHandedOver, CareTakenOver, HandOverWithdrawn
from kapdesk.record.history import Happening
from kapdesk.session.state import Session

Standing = Literal["taken over", "taken back", "handed over anew", "not yet taken"]


def standing(session: Session, handed: UUID) -> Standing:
    """What became of a hand-over. One that was taken over stays so, whatever else is said of it."""
    history = session.history
    if any(h.fact.handed == handed for h in history.standing(CareTakenOver)):
        return "taken over"
    if any(h.fact.handed == handed for h in history.standing(HandOverWithdrawn)):
        return "taken back"
    all_ = history.standing(CareHandedOver)
    return "handed over anew" if all_ and all_[-1].id != handed else "not yet taken"


def offered(session: Session) -> Happening | None:
    """The newest hand-over, where nobody has taken it over yet, nor taken it back."""
    handed = session.history.standing(CareHandedOver)
    return handed[-1] if handed and standing(session, handed[-1].id) == "not yet taken" else None


def on_watch(session: Session) -> str:
    """Who took over last (a person's id); empty where the watch was never handed over."""
    handed = {h.id: h.fact.to for h in session.history.standing(CareHandedOver)}
    taken = [h.fact.handed for h in session.history.standing(CareTakenOver) if h.fact.handed in handed]
    return handed[taken[-1]] if taken else ""


def doubt(session: Session, fact: CareHandedOver | CareTakenOver | HandOverWithdrawn, by: str) -> str | None:
    """Why the watch cannot be handed over, taken back or taken over, so; in one sentence."""
    if isinstance(fact, CareHandedOver):
        if fact.to == by:
            return "You have the watch already. Choose who takes it over."
        here = {person.person for person in session.present()}
        return None if fact.to in here else "They are not in the room. Say first, on the arrival page, that they came."
    handed = session.history.get(fact.handed)
    if handed is None or handed.struck or not isinstance(handed.fact, CareHandedOver):
        return "That hand-over is not in this session. Nothing was recorded."
    now = standing(session, fact.handed)
    if isinstance(fact, HandOverWithdrawn):
        if handed.by != by:
            return "Only who handed the watch over takes it back. Ask them, or hand it over anew."
        return _BACK[now]
    if handed.fact.to != by:
        return "The watch was handed to someone else, who takes it over by their own PIN or password."
    return _OVER[now]


_BACK: dict[Standing, str | None] = {
    "taken over": "The watch was taken over already. Whoever has it now hands it over again.",
    "taken back": "That hand-over was taken back already. Nothing was recorded.",
    "handed over anew": "The watch was handed over anew since. Take back the newest.",
    "not yet taken": None,
}
_OVER: dict[Standing, str | None] = {
    "taken over": "The watch was taken over already.",
    "taken back": "The hand-over was taken back by who gave it. Ask them to hand the watch over again.",
    "handed over anew": "The watch was handed over anew since. Take over the newest.",
    "not yet taken": None,
}
