"""Orders, whereabouts and everything untoward but readings, as it was recorded. Pure."""

from kapdesk.clinical import care
from kapdesk.clock import local
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    EmergencyBegan,
    EmergencyOver,
    EmergencyStepTaken,
    StopSignalGiven,
)
from kapdesk.facts.session import DoseGiven
from kapdesk.note import wording
from kapdesk.note.paper import Event
from kapdesk.note.telling import Telling
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session import at_home

EMERGENCY = "Emergency"
"""What an emergency is called among the events."""


def orders_of(telling: Telling, patient: Patient) -> tuple[str, ...]:
    """The prescribers' orders that held on the day of the visit, with who gave each, and by whose hand."""
    day = telling.day.isoformat()
    said = []
    for each in patient.orders:
        if each.fact.valid_until >= day and local(each.at_us, telling.zone).date() <= telling.day:
            typed = f", entered by {telling.clinic.name_of(each.entered_by)}" if each.entered_by != each.by else ""
            by = f"Ordered by {telling.clinic.name_of(each.by)}{typed}"
            said.append(f"{by}: {care.order(each.fact)}.")
    return tuple(said)


def events(telling: Telling) -> list[tuple[int, Event]]:
    """Adverse events, emergencies, lost contact and stop signals: what was done, and how each came out; by its time
    (UTC µs)."""
    settled = {h.fact.event: h for h in telling.session.history.standing(AdverseEventSettled)}
    made = []
    for each in telling.session.history.standing(AdverseEventNoted):
        over = settled.get(each.id)
        outcome = f"{over.fact.outcome} at {telling.clock(over.at_us)}" if over else "No outcome on record"
        row = telling.row(each) | {"amendments": (), "entered": ""}
        what = f"{each.fact.what}, {each.fact.severity}"
        made.append((each.at_us, Event(what=what, done=each.fact.action, outcome=outcome, **row)))
    return made + _losses(telling) + _emergencies(telling) + _stop_signals(telling)


def _emergencies(telling: Telling) -> list[tuple[int, Event]]:
    """Every emergency: what was done and given for it at what time, and how it came out."""
    session, made = telling.session, []
    history = session.history
    began = history.standing(EmergencyBegan)
    for n, each in enumerate(began):
        until = began[n + 1].at_us if n + 1 < len(began) else None
        steps = _between(history.standing(EmergencyStepTaken), each.at_us, until)
        over = _between(history.standing(EmergencyOver), each.at_us, until)
        end_us = over[-1].at_us if over else until
        rescue = [h for h in _between(history.standing(DoseGiven), each.at_us, None) if not session.counts(h.fact)]
        told = [(h.at_us, h.fact.step) for h in steps]
        told += [(h.at_us, _given(h.fact)) for h in rescue if end_us is None or h.at_us <= end_us]
        done = "; ".join(f"{words} at {telling.clock(at_us)}" for at_us, words in sorted(told, key=lambda one: one[0]))
        outcome = f"{over[-1].fact.outcome}, over at {telling.clock(over[-1].at_us)}" if over else "Not said to be over"
        row = telling.row(each) | {"amendments": (), "entered": ""}
        made.append((each.at_us, Event(what=EMERGENCY, done=done, outcome=outcome, **row)))
    return made


def _given(dose: DoseGiven) -> str:
    return f"{wording.medication(dose)} {wording.mg(dose.dose_ug)} {care.ROUTES[dose.route]}"


def _between(found: list[Happening], from_us: int, until_us: int | None) -> list[Happening]:
    return [h for h in found if h.at_us >= from_us and (until_us is None or h.at_us < until_us)]


def _stop_signals(telling: Telling) -> list[tuple[int, Event]]:
    found = telling.session.history.standing(StopSignalGiven)
    rows = [(h.at_us, telling.row(h) | {"amendments": (), "entered": ""}) for h in found]
    return [(at_us, Event(what="Stop signal given", **row)) for at_us, row in rows]


def whereabouts(telling: Telling) -> str:
    """Where the patient is and who is reached under which number, as said last; empty in the clinic."""
    there = at_home.located(telling.session)
    if there is None:
        return ""
    companion = f" Companion: {there.companion}, {there.companion_phone or 'no number'}." if there.companion else ""
    return f"{there.place}. Call back {there.call_back}. Emergency number there: {there.emergency_number}.{companion}"


def _losses(telling: Telling) -> list[tuple[int, Event]]:
    """Every time the contact was lost: what was tried, at what time, and how they were found again."""
    made = []
    for each in at_home.losses(telling.session):
        tried = [f"{h.fact.by} tried at {telling.clock(h.at_us)}" for h in each.tried]
        words = [f" ({h.fact.words})" if h.fact.words else "" for h in each.tried]
        found = each.found
        outcome = f"In contact again at {telling.clock(found.at_us)}: {found.fact.words}" if found else _NOT_FOUND
        row = telling.row(each.began) | {"amendments": (), "entered": ""}
        done = "; ".join(a + b for a, b in zip(tried, words, strict=True))
        made.append((each.began.at_us, Event(what="Contact lost", done=done, outcome=outcome, **row)))
    return made


_NOT_FOUND = "Nobody has said that they were reached again"
