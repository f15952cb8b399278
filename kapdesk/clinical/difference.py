"""What differs between two protocols, field by field and in plain words: for whoever approves the later one."""

from kapdesk.clinical.fields import LIMIT_NAMES, NEEDS, ROWS, Row, at, without_row
from kapdesk.clinical.protocol import Item, PlannedPhase, Protocol, Rating
from kapdesk.clinical.vitals import Limits

_NOTHING = "none"


def differences(before: Protocol, after: Protocol) -> tuple[str, ...]:
    """One line for each thing that changed, in the order of the fields; none for two that plan the same."""
    said: list[str] = []
    for row in (*ROWS, *(Row(path, path, "words") for path in without_row() if "." not in path)):
        old, new = at(before, row.path), at(after, row.path)
        if old != new:
            said += _row(row, old, new)
    return tuple(said)


def _row(row: Row, old: object, new: object) -> list[str]:
    match row.kind, old, new:
        case "items", tuple(), tuple():
            return _items(row.name, old, new)
        case "phases", tuple(), tuple():
            return _phases(old, new)
        case "limits", Limits(), Limits():
            return [
                f"{name}, {row.name[0].lower()}{row.name[1:]}: "
                f"{_limit(field, getattr(old, field))} → {_limit(field, getattr(new, field))}"
                for field, name in LIMIT_NAMES.items()
                if getattr(old, field) != getattr(new, field)
            ]
        case "some of", tuple(), tuple():
            gone = [f"{row.name}: − {word(each)}" for each in old if each not in new]
            come = [f"{row.name}: + {word(each)}" for each in new if each not in old]
            return gone + come or [f"{row.name}: in another order"]
        case "ratings", tuple(), tuple():
            gone = [f"{row.name}: − {rating(each)}" for each in old if each not in new]
            come = [f"{row.name}: + {rating(each)}" for each in new if each not in old]
            return gone + come or [f"{row.name}: in another order"]
        case _:
            return [f"{row.name}: {_plain(row, old)} → {_plain(row, new)}"]


def _items(name: str, old: tuple[Item, ...], new: tuple[Item, ...]) -> list[str]:
    """Lines are the same where their ids are."""
    was, now = {item.id: item for item in old}, {item.id: item for item in new}
    said = [f"{name}: − {item.words}" for id_, item in was.items() if id_ not in now]
    for id_, item in now.items():
        if id_ not in was:
            said.append(f"{name}: + {item.words}{'' if item.needed else ' (need not be)'}")
            continue
        if was[id_].words != item.words:
            said.append(f"{name}: “{was[id_].words}” → “{item.words}”")
        if was[id_].needed != item.needed:
            said.append(f"{name}: “{item.words}” {'must be from now on' if item.needed else 'need not be any more'}")
    if [id_ for id_ in was if id_ in now] != [id_ for id_ in now if id_ in was]:
        said.append(f"{name}: in another order")
    return said or [f"{name}: its lines are called otherwise in records"]


def _phases(old: tuple[PlannedPhase, ...], new: tuple[PlannedPhase, ...]) -> list[str]:
    was, now = {each.phase: each.minutes for each in old}, {each.phase: each.minutes for each in new}
    said = [f"Phase {phase}: taken out ({minutes} min)" for phase, minutes in was.items() if phase not in now]
    for phase, minutes in now.items():
        if phase not in was:
            said.append(f"Phase {phase}: added, {minutes} min")
        elif was[phase] != minutes:
            said.append(f"Phase {phase}: {was[phase]} → {minutes} min")
    return said


def word(choice: str) -> str:
    """A choice in words."""
    return NEEDS.get(choice, choice)


def rating(each: Rating) -> str:
    """A rating that is due, in words."""
    when = f"after {each.after_phase}" if each.after_phase else f"at {', '.join(map(str, each.at_min))} min"
    return f"{each.scale} {when}"


def _limit(field: str, value: int | None) -> str:
    if value is None:
        return _NOTHING
    return f"{value // 10}.{value % 10} °C" if field.startswith("temperature_dc") else str(value)


def _plain(row: Row, value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None | "" | ():
            return _NOTHING
        case tuple():
            return f"{', '.join(map(str, value))} {row.unit}".strip()
        case int():
            return f"{value} {row.unit}".strip()
        case _:
            return str(value)
