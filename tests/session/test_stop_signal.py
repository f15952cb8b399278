"""A stop signal stands until a person has answered it: no time, and no code that only says what is seen, ends it."""

from uuid import UUID

import pytest

from kapdesk.facts.care import EmergencyBegan, StopSignalGiven, TouchAgreed
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.session import Ended, NoteTaken, VisitOpened, VitalsTaken
from kapdesk.session.state import Session, fold
from kapdesk.session.stop_signal import ANSWERED, unanswered
from tests.fakes import happened

OPENED = happened(VisitOpened("dosing", UUID(int=1), False, "Europe/Warsaw", "a4"), 0, counter=1)
STOP = happened(StopSignalGiven(), 20, counter=20)


def after(fact: Fact, at: float = 21) -> Session:
    """A session with a stop signal at minute 20, and something else."""
    return fold([OPENED, STOP, happened(fact, at, counter=21)])


@pytest.mark.parametrize(
    "fact",
    [
        NoteTaken(ANSWERED, "Intervention"),
        NoteTaken("", "Intervention"),
        NoteTaken("hand taken away"),
        TouchAgreed(""),
        EmergencyBegan(),
        Ended("completed"),
        Struck(STOP.id, "a slip"),
    ],
)
def test_it_is_answered_by_what_a_person_did_or_wrote(fact: Fact) -> None:
    assert unanswered(after(fact)) is None


@pytest.mark.parametrize(
    "fact", [NoteTaken("", "Tears"), NoteTaken("stop", "", patients_words=True), VitalsTaken(120, 80)]
)
def test_what_is_only_seen_or_said_by_the_patient_answers_nobody(fact: Fact) -> None:
    given = unanswered(after(fact, at=55))
    assert given is not None
    assert given.id == STOP.id


def test_a_note_that_was_begun_before_it_is_about_something_else() -> None:
    assert unanswered(after(NoteTaken("eyes closed"), at=19)) is not None


def test_a_second_signal_wants_its_own_answer() -> None:
    facts = [(StopSignalGiven(), 20), (NoteTaken("hand taken away"), 21), (StopSignalGiven(), 22)]
    told = [happened(fact, at, counter=n) for n, (fact, at) in enumerate(facts, start=2)]
    given = unanswered(fold([OPENED, *told]))
    assert given is not None
    assert given.id == told[-1].id
