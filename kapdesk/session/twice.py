"""Whether a reading stands there already: somebody else entered it a moment ago, or the same figures stand. Pure."""

from kapdesk.clinical.vitals import NAMES
from kapdesk.facts.people import Actor
from kapdesk.facts.session import VitalsTaken
from kapdesk.record.history import Happening
from kapdesk.session.state import Session

WITHIN_US = 60_000_000
"""Two readings so near to each other may be one. Short of the shortest time between two that are meant."""


def beside(session: Session, taken: VitalsTaken, at_us: int, actor: Actor) -> Happening | None:
    """The reading that this one may be once more, the newest; None where there is none.

    It was taken within a minute of this one, of something that this one measures too, and somebody else had a hand in
    it; or it says the same figures, whoever entered them. A temperature after a pressure is no second reading, and
    neither are other figures, or those of the other arm, by the same person, who knows of the first.
    """
    figures = _figures(taken)
    for each in reversed(session.history.standing(VitalsTaken)):
        there = _figures(each.fact)
        if abs(each.at_us - at_us) > WITHIN_US or not figures.keys() & there.keys():
            continue
        same = figures == there and not _otherwise(taken, each.fact)
        if same or (actor.by, actor.entered_by) != (each.by, each.entered_by):
            return each
    return None


def _otherwise(one: VitalsTaken, other: VitalsTaken) -> bool:
    """Whether both say how they were taken, and not in the same way."""
    said = ((one.arm, other.arm), (one.position, other.position))
    return any(a and b and a != b for a, b in said)


def _figures(taken: VitalsTaken) -> dict[str, int]:
    return {name: value for name in NAMES if (value := getattr(taken, name)) is not None}
