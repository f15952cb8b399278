"""The list of observations, from what is recorded and what is on its way."""

from uuid import UUID

import msgspec

from kapdesk.facts.after import CareHandedOver
from kapdesk.facts.fact import Correction, Struck
from kapdesk.facts.session import Corrected, NoteTaken, PersonLeft, VitalsTaken
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Recording
from kapdesk.session import handing
from ui import words
from ui.session.lasting import begun, over
from ui.session.saying import Said, flagged, said
from ui.session.seen import Seen
from ui.widgets.rows import Row, State

_NAMES = {
    "systolic_mmhg": "systolic",
    "diastolic_mmhg": "diastolic",
    "pulse_per_min": "pulse",
    "spo2_percent": "SpO₂",
    "breaths_per_min": "RR",
    "temperature_dc": "temperature",
}


def rows(seen: Seen) -> tuple[Row, ...]:
    """Every line there is to show, the newest first. What was taken back within ten seconds is not shown."""
    amended = {_target(each): each for each in seen.pending if isinstance(each.fact, Correction | Struck)}
    state: State = "not saved" if seen.trouble else "saving"
    found: list[tuple[int, int, Row]] = []
    for n, each in enumerate(seen.session.history):
        if each.undone or isinstance(each.fact, Correction | Struck):
            continue
        row = _row(each, seen)
        at_us = each.at_us
        waiting = amended.get(each.id)
        if row is not None and waiting is not None:
            if isinstance(waiting.fact, Corrected):
                at_us = waiting.fact.at_us
            row = _amended(row, waiting, seen, state)
        if row is not None:
            found.append((at_us, n, row))
    there = {each.id for each in seen.session.history}
    on_the_way = [each for each in seen.pending if _target(each) is None and each.statement.id not in there]
    for n, waiting_too in enumerate(on_the_way, start=len(seen.session.history)):
        row = _pending(waiting_too, seen, state)
        if row is not None:
            found.append((waiting_too.statement.at_us, n, row))
    found.sort(key=lambda each: each[:2], reverse=True)
    return tuple(row for _, _, row in found)


def initials(name: str) -> str:
    """A name by its first letters: "Sample Nurse" is SN."""
    return "".join(word[0].upper() for word in name.replace(",", " ").split() if word[0].isalpha())


def _line(fact: object, at_us: int, seen: Seen, entered_us: int) -> Said | None:
    """A fact as a line of this session: the end of something names what it ends, by the words of the clinic then."""
    return begun(fact, entered_us, seen) or over(fact, at_us, seen) or said(fact)  # type: ignore[arg-type]


def _row(one: Happening, seen: Seen) -> Row | None:
    line = _line(one.fact, one.at_us, seen, one.entered_at_us)
    if line is None:
        return None
    before = (begun(one.first, one.entered_at_us, seen) or said(one.first)) if one.first is not None else None
    moved = one.first is not None and one.first_at_us != one.at_us
    filled = isinstance(one.first, NoteTaken) and not one.first.text and not moved and not one.struck
    remark = words.join(
        "" if filled else one.why,  # a code that got its words was not wrong
        f"time was {seen.axis(one.first_at_us)}" if moved else "",
        "added after signing" if one.late else "",
        _beyond(one.fact, one.at_us, seen),
    )
    changed = before is not None and before.text != line.text and not filled
    was = before.text or before.code if before is not None and changed else ""
    return Row(
        str(one.id),
        seen.axis(one.at_us),
        line.code,
        _text(one.fact, line.text, seen, one),
        _who(one.by, one.entered_by, seen),
        "saved",
        one.struck,
        was,
        line.icon,
        line.tone,
        remark,
    )


def _pending(one: Recording, seen: Seen, state: State) -> Row | None:
    line = _line(one.fact, one.statement.at_us, seen, one.statement.at_us)
    if line is None:
        return None
    statement = one.statement
    return Row(
        str(statement.id),
        seen.axis(statement.at_us),
        line.code,
        _text(one.fact, line.text, seen),
        _who(statement.actor.by, statement.actor.entered_by, seen),
        state,
        icon=line.icon,
        tone=line.tone,
        remark=_beyond(one.fact, statement.at_us, seen),
    )


def _amended(row: Row, by: Recording, seen: Seen, state: State) -> Row:
    """A line whose correction is on its way."""
    if isinstance(by.fact, Struck):
        return msgspec.structs.replace(row, struck=True, remark=by.fact.reason, state=state)
    assert isinstance(by.fact, Corrected)
    line = begun(by.fact.truth, by.statement.at_us, seen) or said(by.fact.truth)
    text = _text(by.fact.truth, line.text, seen) if line else row.text
    was = row.text if text != row.text else ""
    return msgspec.structs.replace(
        row, at=seen.axis(by.fact.at_us), text=text, was=was, remark=by.fact.reason, state=state
    )


def _text(fact: object, text: str, seen: Seen, one: Happening | None = None) -> str:
    """The line's words with the names in them. A hand-over says to whom, and what became of it."""
    if isinstance(fact, PersonLeft):
        return f"{seen.name_of(fact.person)} left"
    if not isinstance(fact, CareHandedOver):
        return text
    now: str = handing.standing(seen.session, one.id) if one is not None else "not yet taken"
    to = f"Handed over to {seen.name_of(fact.to)}{'' if one is not None and one.struck else f', {now}'}"
    return f"{to}. {fact.words}" if fact.words else to


def _beyond(fact: object, at_us: int, seen: Seen) -> str:
    """What of a reading lies beyond the limits: "systolic above 160"."""
    if not isinstance(fact, VitalsTaken):
        return ""
    found = flagged(fact, at_us, seen.session.first_dose_us, seen.protocol)
    return ", ".join(f"{_NAMES[flag.field]} {flag.side} {_figure(flag.field, flag.limit)}" for flag in found)


def _figure(field: str, value: int) -> str:
    return words.temperature(value) if field == "temperature_dc" else str(value)


def _who(by: str, entered_by: str, seen: Seen) -> str:
    done = seen.name_of(by)
    return done if by == entered_by else f"{done}, typed by {seen.name_of(entered_by)}"


def _target(one: Recording) -> UUID | None:
    return one.fact.target if isinstance(one.fact, Correction | Struck) else None
