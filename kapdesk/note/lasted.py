"""What lasted, on paper: states and psychotherapy from when until when, with how long. Pure."""

from uuid import UUID

from kapdesk.clinical.codes import GENERAL, default_words
from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.facts.clinic import CodeWords
from kapdesk.note import wording
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session import lasting
from kapdesk.session.lasting import Lasting

_MINUTE_MS = 60_000


def state(telling: Telling, began: Happening) -> str:
    """The beginning of a state with its words and its end: "closed, until 14:32 (12 min)"; with the clinic's own."""
    found = lasting.part_of(telling.session, began.id)
    own = _own(telling, began)
    parts = (own.begins, began.fact.words, "" if found is None else _until(telling, found))
    told = ", ".join(part for part in parts if part)
    return f"{told}: {own.ends}" if own.ends and found is not None and found.until_us is not None else told


def over(telling: Telling, end: Happening) -> str:
    """The end of a state, where it has a row of its own."""
    began = _began(telling, end.fact.state)
    ends = (_own(telling, began).ends if began is not None else "") or GENERAL[1]
    return f"{began.fact.words}: {ends}" if began is not None and began.fact.words else ends


def code_of(telling: Telling, end: Happening) -> str:
    """Which code an end speaks of; empty where that cannot be read."""
    began = _began(telling, end.fact.state)
    return str(began.fact.code) if began is not None else ""


def told_already(telling: Telling, each: Happening) -> bool:
    """Whether a row would say nothing new: the plain end of a state by whoever noted it, said where it began."""
    if not isinstance(each.fact, StateOver):
        return False
    began = _began(telling, each.fact.state)
    if began is None or began.struck or began.late:
        return False
    row = telling.row(each)
    plain = not (row["struck"] or row["amendments"] or row["entered"])
    return plain and (each.by, each.entered_by) == (began.by, began.entered_by)


def work(telling: Telling, each: Happening) -> str:
    """A beginning or end of psychotherapy as the table says it; empty for anything else."""
    if isinstance(each.fact, PsychotherapyBegan):
        found = lasting.part_of(telling.session, each.id)
        until = f", {_until(telling, found)}" if found is not None else ""
        return f"Psychotherapy: {each.fact.modality}{until}"
    if isinstance(each.fact, PsychotherapyOver):
        began = telling.session.history.get(each.fact.began)
        named = began is not None and isinstance(began.fact, PsychotherapyBegan)
        return f"Psychotherapy ends: {began.fact.modality}" if began is not None and named else "Psychotherapy ends"
    return ""


def psychotherapy(telling: Telling) -> tuple[str, ...]:
    """Its stretches, a line each, and of several the total: "14:20–14:55, parts work, 35 min".

    Start and stop times and the modality belong in the chart, not in the private notes (45 CFR 164.501).
    """
    found = lasting.psychotherapy(telling.session)
    if not found:
        return ()
    said = []
    for each in found:
        until = telling.clock(each.until_us) if each.until_us is not None else _open(telling)
        length = _length(telling, each)
        said.append(", ".join(part for part in (f"{telling.clock(each.from_us)}–{until}", each.words, length) if part))
    if len(found) > 1:
        together = lasting.minutes(found, telling.session, found[-1].from_us)
        said.append(f"together {together} min" + (" so far" if _goes_on(telling, found) else ""))
    return tuple(said)


def _own(telling: Telling, began: Happening) -> CodeWords:
    """The clinic's own words of then for the beginning and the end; those made from the code's word add nothing."""
    said, plain = telling.clinic.lasting_words_at(began.fact.code, began.entered_at_us), default_words(began.fact.code)
    begins = "" if said.begins == plain.begins else said.begins
    return CodeWords(said.word, begins, "" if said.ends == plain.ends else said.ends)


def _until(telling: Telling, found: Lasting) -> str:
    if found.until_us is None:
        length = _length(telling, found)
        return f"until {_open(telling)}" + (f" ({length})" if length else "")
    return f"until {telling.clock(found.until_us)} ({_length(telling, found)})"


def _length(telling: Telling, found: Lasting) -> str:
    """How long it lasted; empty while it goes on, for a paper does not know when it is read."""
    if found.until_us is None and telling.session.ended_us is None:
        return ""
    end_us = found.end_us(telling.session, found.from_us)
    return wording.lasted((end_us - found.from_us) // 60_000_000 * _MINUTE_MS)


def _open(telling: Telling) -> str:
    return "the end" if telling.session.ended_us is not None else "now"


def _goes_on(telling: Telling, found: tuple[Lasting, ...]) -> bool:
    return telling.session.ended_us is None and any(each.until_us is None for each in found)


def _began(telling: Telling, id_: UUID) -> Happening | None:
    one = telling.session.history.get(id_)
    return one if one is not None and isinstance(one.fact, StateBegan) else None
