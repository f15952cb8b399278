"""What crossed a limit or went wrong in a session, and what was done, as it was recorded. Pure."""

from typing import NamedTuple
from uuid import UUID

import msgspec

from kapdesk.clinical import vitals as rules
from kapdesk.clinical.codes import INTERVENTION
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.care import BreachAnswered, StateBegan
from kapdesk.facts.session import NoteTaken, VitalsTaken
from kapdesk.note import cared, lasted, measured
from kapdesk.note.paper import Event
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening

TOGETHER_US = 5 * 60_000_000
"""How long after a note with an unwelcome code an adverse event of the same word is taken to be that: an example."""


class _Breach(NamedTuple):
    first: Happening
    farthest: Happening
    readings: list[Happening]
    back: Happening | None


class _Beyond(NamedTuple):
    """A measure, the side it was beyond its limit, and for how long."""

    field: str
    name: str
    side: str
    breach: _Breach


def events_of(telling: Telling, protocol: Protocol | None) -> tuple[Event, ...]:
    """Every stretch of readings beyond a limit, everything unwelcome, and what was done, as it was recorded.

    Unwelcome is what the clinic's codes said was so when it was noted, whatever they say today.

    What was answered to a reading stands beside it. Which intervention answered what else is not guessed: they stand in
    the order of time.
    """
    found = [
        _Beyond(field, name, side, breach)
        for field, name in rules.NAMES.items()
        for side in ("high", "low")
        for breach in _breaches(telling, protocol, field, side)
    ]
    made = [(each[0].breach.first.at_us, _breach_event(telling, protocol, each)) for each in _together(found)]
    made += cared.events(telling)
    for each in telling.session.history.standing(NoteTaken):
        row = telling.row(each) | {"amendments": (), "entered": ""}
        if telling.unwanted(each):
            _add_note(made, (each.at_us, Event(what=each.fact.code, detail=each.fact.text, **row)))
        elif each.fact.code == INTERVENTION:
            made.append((each.at_us, Event(done=each.fact.text, **row)))
    for each in telling.session.history.standing(StateBegan):
        if telling.unwanted(each):
            row = telling.row(each) | {"amendments": (), "entered": ""}
            made.append((each.at_us, Event(what=each.fact.code, detail=lasted.state(telling, each), **row)))
    return tuple(event for _, event in sorted(made, key=lambda pair: pair[0]))


def _add_note(made: list[tuple[int, Event]], note: tuple[int, Event]) -> None:
    """Beside the adverse event that was asked for after the same word, where there is one; else a line of its own."""
    at_us, event = note
    for n, (other_us, other) in enumerate(made):
        same = other.what.casefold().startswith(f"{event.what},".casefold()) and not other.detail
        if same and event.detail and abs(other_us - at_us) <= TOGETHER_US:
            made[n] = min(at_us, other_us), msgspec.structs.replace(other, detail=event.detail)
            return
    made.append(note)


def _breaches(telling: Telling, protocol: Protocol | None, field: str, side: str) -> list[_Breach]:
    found: list[_Breach] = []
    run: list[Happening] = []

    def far(each: Happening) -> int:
        return int(getattr(each.fact, field)) * (1 if side == "high" else -1)

    for each in telling.session.history.standing(VitalsTaken):
        if getattr(each.fact, field) is None:
            continue
        if measured.flags_of(telling, protocol, each).get(field) == side:
            run.append(each)
        elif run:
            found.append(_Breach(run[0], max(run, key=far), run, each))
            run = []
    if run:
        found.append(_Breach(run[0], max(run, key=far), run, None))
    return found


def _together(found: list[_Beyond]) -> list[list[_Beyond]]:
    """What was beyond its limit in the same readings stands in one row: it was answered as one."""
    groups: dict[tuple[UUID, ...], list[_Beyond]] = {}
    for each in found:
        groups.setdefault(tuple(one.id for one in each.breach.readings), []).append(each)
    return list(groups.values())


def _breach_event(telling: Telling, protocol: Protocol | None, beyond: list[_Beyond]) -> Event:
    first = beyond[0].breach
    what = "; ".join(_what(telling, protocol, each) for each in beyond)
    what = what[:1].upper() + what[1:]
    ends: dict[str, list[str]] = {}
    for each in beyond:
        back = each.breach.back
        value = measured.value_of(back.fact, each.field) if back else "No later reading within the limit"
        if back and len(beyond) > 1:
            value = f"{_short(each)} {value}"
        ends.setdefault(telling.clock(back.at_us) if back else "", []).append(value)
    outcome = "; ".join(
        f"{', '.join(dict.fromkeys(values))} at {clock}" if clock else values[0] for clock, values in ends.items()
    )
    row = telling.row(first.first) | {"amendments": (), "entered": ""}
    return Event(what=what, done=_answers(telling, first), outcome=outcome, **row)


def _what(telling: Telling, protocol: Protocol | None, beyond: _Beyond) -> str:
    field, _, side, breach = beyond
    limits = measured.limits_at(telling, protocol, breach.farthest.at_us)
    limit = limits.high(field) if side == "high" else limits.low(field)  # type: ignore[arg-type]
    value = measured.value_of(breach.farthest.fact, field)
    above, most = ("above", "highest") if side == "high" else ("below", "lowest")
    said = f"{_short(beyond)} {above} {measured.bare(field, limit or 0)}"
    if len(breach.readings) == 1:
        return f"{said}: {value}"
    return f"{said} in {len(breach.readings)} readings: {most} {value} at {telling.clock(breach.farthest.at_us)}"


def _short(beyond: _Beyond) -> str:
    return beyond.name if beyond.name in ("SpO₂", "RR") else beyond.name.lower()


def _answers(telling: Telling, breach: _Breach) -> str:
    """What was answered to its readings, once each, with its reason where one was given."""
    ids = {each.id for each in breach.readings}
    said = [h.fact for h in telling.session.history.standing(BreachAnswered) if h.fact.reading in ids]
    return "; ".join(dict.fromkeys(f"{fact.answer}: {fact.reason}" if fact.reason else fact.answer for fact in said))
