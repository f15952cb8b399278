"""What goes on record of a protocol that was written is what a reader finds in it, by someone who may."""

import pytest

from kapdesk.clinic.own_record import in_clinic
from kapdesk.clinical import protocol
from kapdesk.facts.clinic import PersonAdded, ProtocolWritten
from kapdesk.facts.people import DESK, Actor, Role
from kapdesk.people.clinic import Clinic
from kapdesk.record.recorder import Intent
from tests.clinic.test_judges import TOML

GOOD = ProtocolWritten("mine.toml", "S", "1", protocol.sha256(TOML), TOML)


def judged(fact: ProtocolWritten, role: Role | None = "prescriber") -> str | None:
    people = {} if role is None else {"p": PersonAdded("p", "Sample Person", (role,))}
    return in_clinic(Clinic(people=people), Intent(fact, Actor("p", "p"), 0, 0))


@pytest.mark.parametrize("role", ["prescriber", "administrator"])
def test_a_prescriber_and_whoever_runs_the_clinic_may_write_protocols(role: Role) -> None:
    assert judged(GOOD, role) is None


@pytest.mark.parametrize("role", ["therapist", "medical staff", "records", None])
def test_others_may_not(role: Role | None) -> None:
    assert "changes protocols" in (judged(GOOD, role) or "")


def test_the_program_itself_writes_none() -> None:
    assert in_clinic(Clinic(), Intent(GOOD, Actor(DESK, DESK), 0, 0)) is not None


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (ProtocolWritten("../mine.toml", "S", "1", GOOD.sha256, TOML), "the clinic's own folder"),
        (ProtocolWritten("mine.txt", "S", "1", GOOD.sha256, TOML), "the clinic's own folder"),
        (ProtocolWritten("mine.toml", "S", "1", "00", TOML), "not the one that was meant"),
        (ProtocolWritten("mine.toml", "S", "2", GOOD.sha256, TOML), "name or version is not the one"),
        (ProtocolWritten("mine.toml", "S", "1", protocol.sha256("a ="), "a ="), "mine.toml is not readable TOML"),
    ],
)
def test_what_contradicts_itself_is_refused_in_one_sentence(fact: ProtocolWritten, words: str) -> None:
    assert words in (judged(fact) or "")
