"""What the clinic's rules asked for, as it was answered: orders, checks, overrides, answers to limits. Pure."""

from typing import get_args

from kapdesk.clinical import care
from kapdesk.facts.after import CareHandedOver, HandOverWithdrawn
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    CareFact,
    ChecklistAnswered,
    StateBegan,
    StateOver,
)
from kapdesk.note import lasted, wording
from kapdesk.note.listened import IN_MUSIC
from kapdesk.note.paper import Changed, Event
from kapdesk.note.telling import Telling
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session import at_home, handing
from kapdesk.session.holding import held

TOGETHER_US = 10 * 60_000_000
"""Answers of one person within so long of each other stand in one row."""


def orders_of(telling: Telling, patient: Patient) -> tuple[str, ...]:
    """The prescribers' orders that held on the day of the visit, with who gave each, and by whose hand."""
    day = telling.day.isoformat()
    said = []
    for each in patient.orders:
        if each.fact.valid_until >= day and wording.local(each.at_us, telling.zone).date() <= telling.day:
            typed = f", entered by {telling.clinic.name_of(each.entered_by)}" if each.entered_by != each.by else ""
            by = f"Ordered by {telling.clinic.name_of(each.by)}{typed}"
            said.append(f"{by}: {care.order(each.fact)}.")
    return tuple(said)


def rows(telling: Telling) -> tuple[Changed, ...]:
    """Every such fact in a row; the lines of a list that one person answered one after the other stand together.

    States stand among the observations, what the record says of the music among the music.
    """
    made: list[Changed] = []
    run: list[Happening] = []
    for each in telling.printed(*get_args(CareFact)):
        if isinstance(each.fact, (StateBegan, StateOver, *IN_MUSIC)):
            continue
        listed = isinstance(each.fact, ChecklistAnswered) and not each.struck and each.first is None
        if run and not (listed and each.by == run[0].by and each.at_us - run[0].at_us <= TOGETHER_US):
            made.append(_together(telling, run))
            run = []
        if listed:
            run.append(each)
        else:
            what = _held(telling, each) or _handed(telling, each) or lasted.work(telling, each) or care.said(each.fact)
            made.append(Changed(what=what, **telling.row(each)))
    return (*made, *((_together(telling, run),) if run else ()))


def events(telling: Telling) -> list[tuple[int, Event]]:
    """The adverse events, how bad each was, what was done, and how it came out; with its time (UTC µs)."""
    settled = {h.fact.event: h for h in telling.session.history.standing(AdverseEventSettled)}
    made = []
    for each in telling.session.history.standing(AdverseEventNoted):
        over = settled.get(each.id)
        outcome = f"{over.fact.outcome} at {telling.clock(over.at_us)}" if over else "No outcome on record"
        row = telling.row(each) | {"amendments": (), "entered": ""}
        what = f"{each.fact.what}, {each.fact.severity}"
        made.append((each.at_us, Event(what=what, done=each.fact.action, outcome=outcome, **row)))
    return made + _losses(telling)


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


def _held(telling: Telling, each: Happening) -> str:
    """What became of a dose in the mouth, with how long it was held: "Lozenge: 8 of 12 min, spat"."""
    found = [one for one in held(telling.session, None) if one.out is not None and one.out.id == each.id]
    return f"Lozenge: {found[0].words(each.at_us)}" if found else ""


_NOT_FOUND = "Nobody has said that they were reached again"


def _handed(telling: Telling, each: Happening) -> str:
    """To whom the watch was handed, and where nobody took it over; of a hand-over taken back, whose it was."""
    if isinstance(each.fact, HandOverWithdrawn):
        back = telling.session.history.get(each.fact.handed)
        if back is None or not isinstance(back.fact, CareHandedOver):
            return ""
        return f"The hand-over of the watch to {telling.clinic.name_of(back.fact.to)} is taken back"
    if not isinstance(each.fact, CareHandedOver):
        return ""
    open_ = not each.struck and handing.standing(telling.session, each.id) in ("not yet taken", "handed over anew")
    to = f"{telling.clinic.name_of(each.fact.to)}{', not taken over' if open_ else ''}"
    return f"The watch is handed over to {to}. {each.fact.words}".strip()


def _together(telling: Telling, run: list[Happening]) -> Changed:
    yes = [each.fact.words for each in run if each.fact.answer == "yes" and not each.fact.remark]
    others = [care.said(each.fact) for each in run if each.fact.answer != "yes" or each.fact.remark]
    said = ([f"Answered yes: {'; '.join(yes)}"] if yes else []) + others
    return Changed(what=". ".join(said), **telling.row(run[0]))
