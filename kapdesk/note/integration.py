"""The sheet a patient takes home: what they came with, what they said, what they heard, what they want to do. Pure.

Nothing clinical stands on it: no dose, reading, diagnosis or event, and nothing that the staff observed. It is built up
from the few kinds of facts that are the patient's own; whatever else is recorded has no way onto it.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date

import msgspec

from kapdesk.facts.after import DebriefWritten, PracticeAgreed
from kapdesk.facts.patient import CrisisContactsSet, VisitPlanned
from kapdesk.facts.session import IntentionSet, NoteTaken
from kapdesk.note.after import PARTS
from kapdesk.note.paper import PaperSize
from kapdesk.note.sheet import Block, Part, Points, Sheet, ToWrite, Words
from kapdesk.note.telling import Telling
from kapdesk.people.patient import Patient
from kapdesk.session.heard import heard

TITLE = "For you, after your session"
_QUOTED = re.compile('[“„«"]([^“”„«»"]+)[”“»"]')
_PHONE = re.compile(r"\d[\d ()/.-]{5,}\d")
_NEXT = {
    "preparation": "to prepare",
    "dosing": "for your next session",
    "integration": "for integration",
    "follow-up": "to look back together",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Said(msgspec.Struct, frozen=True):
    """Something the patient said, word for word, to stand on the sheet or not. `id` names it: two quotations in one
    note are two. `own`: it was marked as their own words, so it stands there unless someone takes it off."""

    id: str
    text: str
    when: str
    own: bool


def said_by(telling: Telling) -> tuple[Said, ...]:
    """What may be quoted, in the order it was said: of the notes marked as the patient's own words what is in quotation
    marks, or all of one without any; what they told afterwards; then what stands in quotation marks unmarked.

    What goes with a code for something unwelcome is an event, and is offered only.
    """
    marked: list[Said] = []
    others: list[Said] = []
    for each in telling.session.history.standing(NoteTaken):
        fact, when = each.fact, f"at {telling.clock(each.at_us)}"
        own = fact.patients_words and not (fact.code and telling.unwanted(each))
        quoted = [words.strip() for words in _QUOTED.findall(fact.text) if words.strip()]
        if fact.patients_words and not quoted and fact.text.strip():
            quoted = [fact.text.strip()]  # all of it is theirs; else what stands around their words is the staff's
        for n, words in enumerate(quoted):
            said = when if fact.patients_words else f"{when}, not marked as their own words"
            (marked if own else others).append(Said(f"{each.id} {n}", words, said, own))
    newest = {h.fact.part: h for h in telling.session.history.standing(DebriefWritten)}
    for part in PARTS:
        if part in newest and newest[part].fact.text.strip():
            text = _bare(newest[part].fact.text)
            marked.append(Said(str(newest[part].id), text, f"afterwards, {part}", True))
    return (*marked, *others)


def integration_of(
    telling: Telling,
    patient: Patient,
    chosen: Collection[str] | None = None,
    paper: PaperSize = "A4",
) -> Sheet:
    """The sheet of a visit. `chosen` are the ids of what is quoted; None: all that is marked as their own words.

    What is not known (the next day, whom to call, the clinic's phone) has a line to write it on."""
    session = telling.session
    name = patient.called
    clinic = telling.clinic.name
    said = [each.text for each in said_by(telling) if (each.own if chosen is None else each.id in chosen)]
    intentions = session.history.standing(IntentionSet)
    intention = intentions[-1].fact.text.strip() if intentions else ""
    practices = tuple(h.fact.text.strip() for h in session.history.standing(PracticeAgreed) if h.fact.text.strip())
    parts = [
        _part("What you came with", [Words(text=f"“{_bare(intention)}”", how="quoted")] if intention else []),
        _part("In your own words", [Words(text=f"“{text}”", how="quoted") for text in said]),
        _part("What you heard", _music(telling)),
        _part("What you want to do until we meet", [Points(items=practices)] if practices else []),
        _part("When we meet again", _next(patient, telling.day)),
        _part("If you need someone", _help(patient, clinic, telling.clinic.letterhead)),
    ]
    return Sheet(
        title=TITLE,
        subtitle=f"{name}, this is from {in_words(telling.day)}. It is yours to keep, to add to and to share or not.",
        clinic=clinic,
        whose=name,
        date=in_words(telling.day),
        foot="Yours to keep",
        parts=tuple(part for part in parts if part is not None),
        large=True,
        rehearsal=session.opened is not None and session.opened.rehearsal,
        paper=paper,
    )


def in_words(day: date) -> str:
    """ "Thursday 26 November 2026"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_in_words(day: date) -> str:
    """ "November 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _part(heading: str, blocks: Sequence[Block]) -> Part | None:
    return Part(heading=heading, blocks=tuple(blocks)) if blocks else None


def _music(telling: Telling) -> list[Block]:
    """Each piece once, in the order it was first heard; none that was sent away."""
    found = heard(telling.session)
    titles = dict.fromkeys(one.began.fact.title for one in found.pieces if not one.refused)
    guided = dict.fromkeys(f"{one.began.fact.title}, guided" for one in found.imagery)
    elsewhere = dict.fromkeys(one.began.fact.what for one in found.elsewhere)
    items = tuple(filter(None, (*titles, *guided, *elsewhere)))
    return [Points(items=items, numbered=True)] if items else []


def _next(patient: Patient, today: date) -> list[Block]:
    """Each visit that is planned from this day on, the soonest first; what is not known is written in."""
    newest = {h.fact.visit: h.fact for h in patient.standing(VisitPlanned)}
    coming = sorted((fact for fact in newest.values() if fact.on >= today.isoformat()), key=lambda fact: fact.on)
    if not coming:
        return [ToWrite(names=("Day and time", "With whom"))]
    days = (Words(text=f"{_day(fact.on)}, {_NEXT[fact.visit]}.") for fact in coming)
    return [*days, ToWrite(names=("At what time", "With whom"))]


def _help(patient: Patient, clinic: str, letterhead: Sequence[str]) -> list[Block]:
    """Whom to call: their own contacts first, then the clinic as it stands on its papers, then help at once."""
    contacts = patient.newest(CrisisContactsSet)
    own = contacts.text.strip() if contacts is not None else ""
    made: list[Block] = [Words(text=own, how="strong")] if own else []
    if letterhead:
        made.append(Words(text="\n".join((clinic, *letterhead))))
    made.append(Words(text="If you or someone else is in danger, call the emergency number where you are."))
    phone = any(_PHONE.search(line) for line in letterhead)
    empty = (*(() if own else ("Whom to call in a crisis",)), *(() if phone else ("The clinic’s phone",)))
    return [*made, ToWrite(names=empty)] if empty else made


def _day(on: str) -> str:
    try:
        return in_words(date.fromisoformat(on))
    except ValueError:
        return on


def _bare(text: str) -> str:
    """Without the quotation marks around the whole of it; it gets its own on paper."""
    text = text.strip()
    whole = _QUOTED.fullmatch(text)
    return whole[1].strip() if whole else text
