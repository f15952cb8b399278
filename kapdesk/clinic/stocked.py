"""What may be recorded of the stock: by whom, how much, and with whom as a second person."""

from kapdesk.clinic.judges import SHORTEST_REASON
from kapdesk.clinic.roles import may_not
from kapdesk.facts.fact import Struck
from kapdesk.facts.people import may
from kapdesk.facts.stock import StockMoved
from kapdesk.people.clinic import Clinic
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Intent

LONGEST = 120
_WORDS = "record what is in stock"
MOST_UG = 10_000_000_000
"""10 kg of one lot: whoever types more has slipped."""


def of_stock(clinic: Clinic, fact: StockMoved, intent: Intent) -> str | None:
    """Why this cannot be recorded, in one plain sentence, or None."""
    if sentence := may_not(clinic, {intent.actor.by, intent.actor.entered_by}, "witness", _WORDS):
        return sentence
    if not fact.medication.strip() or max(map(len, (fact.medication, fact.lot, fact.words, fact.expiry))) > LONGEST:
        return "Which medication it is, is missing or too long. Type its name as it is given; nothing was recorded."
    if fact.amount_ug > MOST_UG or (fact.amount_ug <= 0 and fact.what != "counted") or fact.amount_ug < 0:
        return "That amount cannot be. Type it in milligrams, for example 500; nothing was recorded."
    if fact.what == "destroyed" and not fact.words.strip():
        return "Why it was destroyed is missing. Type it in a few words; nothing was recorded."
    if fact.witnessed_by:
        second = clinic.staff.get(fact.witnessed_by)
        if fact.witnessed_by in (intent.actor.by, intent.actor.entered_by):
            return "The second person is someone else. Ask another of the staff to look at it; nothing was recorded."
        if second is None or not may(second.roles, "witness"):
            name = clinic.name_of(fact.witnessed_by)
            return f"{name} may not witness this. Ask another of the staff to look at it; nothing was recorded."
    return None


def not_moved(clinic: Clinic, target: Happening, fact: Struck, intent: Intent) -> str | None:
    """Why this line of the stock cannot be struck out, or None."""
    if sentence := may_not(clinic, {intent.actor.by, intent.actor.entered_by}, "witness", _WORDS):
        return sentence
    if target.struck:
        return "That line is struck out already. Nothing was recorded."
    if len(fact.reason.strip()) < SHORTEST_REASON:
        return "The reason is missing. Type why that line is struck out, for example: wrong lot."
    return None
