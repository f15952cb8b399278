"""PINs: whose, for how long, and how many tries."""

from datetime import date, timedelta

import pytest

from kapdesk.access.pins import NoPin, Pins, WrongPin
from kapdesk.errors import KnownError

pytestmark = pytest.mark.usefixtures("cheap")
TODAY = date(2026, 11, 25)
TOMORROW = TODAY + timedelta(days=1)
NOOR, TARIQ = "person-noor", "person-tariq"


@pytest.fixture
def pins() -> Pins:
    """Noor signed in and chose a PIN."""
    pins = Pins()
    pins.signed_in(NOOR, TODAY)
    pins.choose(NOOR, "4829", TODAY)
    return pins


def wrong_times(pins: Pins, times: int, person: str = NOOR) -> None:
    for _ in range(times):
        with pytest.raises(WrongPin):
            pins.verify(person, "5733", TODAY)


def test_the_right_pin_is_the_persons_and_no_other_is(pins: Pins) -> None:
    pins.verify(NOOR, "4829", TODAY)
    for wrong in ("4828", "48290", "", "４８２９", "x" * 100_000):
        with pytest.raises(WrongPin, match="not the PIN of this person"):
            pins.verify(NOOR, wrong, TODAY)
        pins.verify(NOOR, "4829", TODAY)


def test_only_who_signed_in_by_password_today_chooses_a_pin(pins: Pins) -> None:
    with pytest.raises(NoPin, match="after signing in by password"):
        pins.choose(TARIQ, "4829", TODAY)
    with pytest.raises(NoPin, match="after signing in by password"):
        pins.choose(NOOR, "4829", TOMORROW)
    assert not pins.has_pin(TARIQ, TODAY)


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "", "４８２９", "-482", "48 29"])
def test_a_pin_is_four_to_eight_digits(pins: Pins, pin: str) -> None:
    with pytest.raises(KnownError, match="4 to 8 digits"):
        pins.choose(NOOR, pin, TODAY)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("0000", "repeats"),
        ("77777777", "repeats"),
        ("1212", "repeats"),
        ("123123", "repeats"),
        ("1234", "counts"),
        ("567890", "counts"),
        ("9876", "counts"),
        ("0987", "counts"),
        ("1985", "birthday"),
        ("2004", "birthday"),
        ("19850513", "birthday"),
        ("13051985", "birthday"),
    ],
)
def test_an_obvious_pin_is_refused_and_the_one_before_holds(pins: Pins, pin: str, why: str) -> None:
    with pytest.raises(KnownError, match=why):
        pins.choose(NOOR, pin, TODAY)
    pins.verify(NOOR, "4829", TODAY)


@pytest.mark.parametrize("pin", ["1357", "2846", "918273", "1029", "20041", "12345679"])
def test_a_pin_that_is_not_obvious_is_taken(pins: Pins, pin: str) -> None:
    pins.choose(NOOR, pin, TODAY)
    pins.verify(NOOR, pin, TODAY)


def test_five_wrong_tries_turn_a_pin_off_until_the_next_password(pins: Pins) -> None:
    wrong_times(pins, 4)
    with pytest.raises(WrongPin, match="this PIN is off"):
        pins.verify(NOOR, "5733", TODAY)
    assert not pins.has_pin(NOOR, TODAY)
    with pytest.raises(NoPin, match="this PIN is off"):
        pins.verify(NOOR, "4829", TODAY)
    with pytest.raises(NoPin, match="this PIN is off"):
        pins.choose(NOOR, "5733", TODAY)
    pins.signed_in(NOOR, TODAY)
    pins.verify(NOOR, "4829", TODAY)


def test_the_tries_that_are_left_are_said_and_a_right_one_gives_them_back(pins: Pins) -> None:
    wrong_times(pins, 3)
    with pytest.raises(WrongPin, match=r"1 try is left\.$"):
        pins.verify(NOOR, "5733", TODAY)
    pins.verify(NOOR, "4829", TODAY)
    with pytest.raises(WrongPin, match=r"4 tries are left\.$"):
        pins.verify(NOOR, "5733", TODAY)


def test_wrong_tries_of_one_do_not_touch_the_other(pins: Pins) -> None:
    pins.signed_in(TARIQ, TODAY)
    pins.choose(TARIQ, "918273", TODAY)
    wrong_times(pins, 5)
    pins.verify(TARIQ, "918273", TODAY)


def test_two_people_with_the_same_pin_are_not_mixed_up(pins: Pins) -> None:
    pins.signed_in(TARIQ, TODAY)
    pins.choose(TARIQ, "4829", TODAY)
    pins.leave(NOOR)
    pins.verify(TARIQ, "4829", TODAY)
    with pytest.raises(NoPin):
        pins.verify(NOOR, "4829", TODAY)


@pytest.mark.parametrize("day", [TOMORROW, TODAY - timedelta(days=1)])
def test_a_pin_holds_on_its_day_only(pins: Pins, day: date) -> None:
    with pytest.raises(NoPin, match="sign in by password"):
        pins.verify(NOOR, "4829", day)
    pins.signed_in(NOOR, day)
    assert not pins.has_pin(NOOR, day)
    with pytest.raises(NoPin):
        pins.verify(NOOR, "4829", TODAY)


def test_who_left_has_no_pin_and_signs_in_anew(pins: Pins) -> None:
    pins.leave(NOOR)
    pins.leave(NOOR)
    with pytest.raises(NoPin):
        pins.verify(NOOR, "4829", TODAY)
    pins.signed_in(NOOR, TODAY)
    with pytest.raises(NoPin):
        pins.verify(NOOR, "4829", TODAY)


def test_a_pin_is_kept_as_a_salted_digest_only(pins: Pins) -> None:
    pins.signed_in(TARIQ, TODAY)
    pins.choose(TARIQ, "4829", TODAY)
    one, other = pins._present[NOOR], pins._present[TARIQ]
    assert one.digest != other.digest
    assert "4829" not in f"{pins} {pins!r} {one} {vars(pins)}"
    assert bytes(one.digest).hex() not in f"{one!r} {vars(pins)}"
