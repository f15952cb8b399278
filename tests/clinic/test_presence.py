"""Who is at the open desk: by password, by PIN, or by breaking the glass; each on record."""

from collections.abc import Callable
from concurrent.futures import Future

import pytest

from kapdesk.access.accounts import NewPassword
from kapdesk.access.pins import NoPin, WrongPin
from kapdesk.clinic.audit import loud
from kapdesk.clinic.presence import Presence
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import GlassBroken, ScreenLocked, SignedIn, SignInFailed
from kapdesk.facts.fact import Fact
from tests.desk import Desk

WORDS = "seven slow herons by the mill"


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    return open_desk()


@pytest.fixture
def nurse(desk: Desk) -> str:
    """Has an account, and has not signed in yet."""
    id_ = desk.person("Sample Nurse One").by
    desk.clinic.ring.add_person(id_, "Sample Nurse One", NewPassword(WORDS))
    return id_


@pytest.fixture
def presence(desk: Desk) -> Presence:
    return Presence(desk.clinic, desk.clinic.ring.first)


def told(desk: Desk, done: "Future[object]") -> object:
    desk.until(done.done)
    desk.settle()
    return done.result()


def audit(desk: Desk) -> list[Fact]:
    kinds = (SignedIn, SignInFailed, ScreenLocked, GlassBroken)
    return [h.fact for h in desk.clinic.state.history if isinstance(h.fact, kinds)]


def test_a_pin_stands_for_the_password_of_the_same_day(desk: Desk, presence: Presence, nurse: str) -> None:
    with pytest.raises(NoPin, match="after signing in by password today"):
        told(desk, presence.choose_pin(nurse, "4071"))
    assert told(desk, presence.by_password("Sample Nurse One", WORDS)) == nurse
    told(desk, presence.choose_pin(nurse, "4071"))
    assert presence.with_pin() == [nurse]
    assert told(desk, presence.by_pin(nurse, "4071")) == nurse
    assert told(desk, presence.by_pin(nurse, "4071", "take vitals")) == nurse
    first = desk.clinic.ring.first
    assert audit(desk) == [SignedIn(first, "password"), SignedIn(nurse, "password"), SignedIn(nurse, "PIN")]
    assert desk.clinic.state.history.last().by == nurse  # type: ignore[union-attr]

    desk.computer.pass_(24 * 3_600)
    assert presence.with_pin() == []
    with pytest.raises(NoPin, match="no PIN for this person today"):
        told(desk, presence.by_pin(nurse, "4071"))


def test_five_wrong_pins_switch_it_off_and_the_password_on_again(desk: Desk, presence: Presence, nurse: str) -> None:
    told(desk, presence.by_password("Sample Nurse One", WORDS))
    told(desk, presence.choose_pin(nurse, "4071"))
    for _ in range(5):
        with pytest.raises(WrongPin):
            told(desk, presence.by_pin(nurse, "1234"))
    with pytest.raises(NoPin, match="this PIN is off"):
        told(desk, presence.by_pin(nurse, "4071"))
    told(desk, presence.by_password("Sample Nurse One", WORDS))
    assert told(desk, presence.by_pin(nurse, "4071")) == nurse


def test_a_pin_never_signs_nor_opens_records(desk: Desk, presence: Presence, nurse: str) -> None:
    told(desk, presence.by_password("Sample Nurse One", WORDS))
    told(desk, presence.choose_pin(nurse, "4071"))
    for act in ("sign", "override", "read records", "print"):
        with pytest.raises(NoPin, match="A PIN is not enough for this"):
            told(desk, presence.by_pin(nurse, "4071", act))  # type: ignore[arg-type]
    clerk = desk.person("Sample Clerk", "records").by
    with pytest.raises(NoPin):
        told(desk, presence.by_pin(clerk, "4071", "take vitals"))


def test_breaking_the_glass_takes_a_name_and_a_reason_and_is_told_for_a_day(desk: Desk, presence: Presence) -> None:
    doctor = desk.person("Sample Doctor", "prescriber").by
    presence.locked(idle=True)
    for name, reason in (("", "fainted"), ("Sample Doctor", " "), ("  ", "  ")):
        with pytest.raises(KnownError, match="Type your name and the reason"):
            presence.break_glass(name, reason)
    assert presence.break_glass(" sample doctor ", "fainted") == doctor
    assert presence.break_glass("Someone From The Ward", "no one else here") == ""
    desk.settle()
    assert audit(desk)[1:] == [
        ScreenLocked(True),
        GlassBroken(doctor, "sample doctor", "fainted"),
        GlassBroken("", "Someone From The Ward", "no one else here"),
    ]
    said = loud(desk.clinic)
    assert [each.startswith("EMERGENCY ACCESS by") for each in said] == [True, True]
    assert "fainted" in said[1]
    desk.computer.pass_(25 * 3_600)
    assert loud(desk.clinic) == []


def test_a_sign_in_by_the_recovery_code_is_loud_too(desk: Desk) -> None:
    Presence(desk.clinic, desk.clinic.ring.first, "recovery code")
    desk.settle()
    assert loud(desk.clinic) == ["Sample Administrator came in by recovery code"]


def test_a_wrong_password_at_the_open_desk_is_refused_and_on_record(desk: Desk, presence: Presence, nurse: str) -> None:
    with pytest.raises(KnownError):
        told(desk, presence.by_password("Sample Nurse One", "not this one at all"))
    desk.settle()
    assert not presence.may_choose(nurse)
    assert audit(desk) == [
        SignedIn(desk.clinic.ring.first, "password"),
        SignInFailed("Sample Nurse One", "password", 1),
    ]
