"""The question before a reading that may have been entered already: both can stand, but none is doubled unseen."""

from uuid import UUID

from kapdesk.clinical.vitals import NAMES
from kapdesk.facts.people import Actor
from kapdesk.facts.session import VitalsTaken
from kapdesk.people.clinic import Clinic
from kapdesk.session.state import Session
from kapdesk.session.twice import beside
from ui import words

MINUTE_MS = 60_000
HALF_US = 30_000_000


class Twice:
    """Asks once of each pair of readings; the same reading entered again is meant."""

    def __init__(self) -> None:
        self._asked: tuple[VitalsTaken, Actor, UUID] | None = None

    def doubt(
        self, session: Session, taken: VitalsTaken, at_us: int, now_us: int, actor: Actor, clinic: Clinic
    ) -> str | None:
        """Who entered what and when, to be asked about; None where this is the first, or was asked about before."""
        other = beside(session, taken, at_us, actor)
        if other is None or self._asked == (taken, actor, other.id):
            self._asked = None
            return None
        self._asked = (taken, actor, other.id)
        return f"{clinic.name_of(other.entered_by)} entered {_said(other.fact)} {_ago(now_us - other.entered_at_us)}."


def _ago(us: int) -> str:
    if us < HALF_US:
        return "a moment ago"
    return "a minute ago" if us < 3 * HALF_US else words.ago(us // 1000)


def _said(taken: VitalsTaken) -> str:
    if taken.systolic_mmhg is not None or taken.diastolic_mmhg is not None:
        return words.pressure(taken.systolic_mmhg, taken.diastolic_mmhg)
    name, value = next((NAMES[field], value) for field in NAMES if (value := getattr(taken, field)) is not None)
    if name == NAMES["temperature_dc"]:
        return f"{name} {words.temperature(value)}"
    return f"{name} {value}"
