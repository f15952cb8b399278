"""Whether a reading may be one that stands there already."""

import msgspec
import pytest

from kapdesk.facts.fact import Struck
from kapdesk.facts.people import Actor
from kapdesk.facts.session import VitalsTaken
from kapdesk.session.state import fold
from kapdesk.session.twice import beside
from tests.fakes import happened, minute

ONE, OTHER = Actor("sample-person-1", "sample-person-1"), Actor("sample-person-2", "sample-person-2")
READ = VitalsTaken(142, 88, 78, arm="left")


@pytest.mark.parametrize(
    ("taken", "at", "actor", "asked"),
    [
        (READ, 10.5, OTHER, True),
        (VitalsTaken(138, 84), 10.5, OTHER, True),
        (VitalsTaken(138, 84), 11, OTHER, True),
        (VitalsTaken(138, 84), 9, OTHER, True),
        (VitalsTaken(138, 84), 11.1, OTHER, False),
        (VitalsTaken(138, 84), 8.9, OTHER, False),
        (VitalsTaken(temperature_dc=368), 10.5, OTHER, False),
        (READ, 10.5, ONE, True),
        (msgspec.structs.replace(READ, arm=""), 10.5, ONE, True),
        (msgspec.structs.replace(READ, arm="right"), 10.5, ONE, False),
        (msgspec.structs.replace(READ, arm="right"), 10.5, OTHER, True),
        (VitalsTaken(138, 84), 10.5, ONE, False),
        (VitalsTaken(138, 84), 10.5, Actor(ONE.by, OTHER.by), True),
    ],
)
def test_somebody_elses_within_a_minute_and_the_same_figures_once_more_are_asked_about(
    taken: VitalsTaken, at: float, actor: Actor, asked: bool
) -> None:
    first = happened(READ, 10)
    found = beside(fold([first]), taken, minute(at), actor)
    assert (found is not None and found.id == first.id) is asked


def test_what_was_struck_is_no_reading_to_ask_about() -> None:
    first = happened(READ, 10)
    assert beside(fold([first, happened(Struck(first.id, "wrong patient"), 10.2)]), READ, minute(10.5), OTHER) is None
