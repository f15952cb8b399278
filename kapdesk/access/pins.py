"""PINs: who of those that signed in by password today is at the desk now. In memory only, and never near a key."""

import secrets
from datetime import date
from hmac import compare_digest

import msgspec

from kapdesk.access import sealing
from kapdesk.access.sealing import Key
from kapdesk.errors import KnownError

SHORTEST, LONGEST = 4, 8
TRIES = 5
_DIGITS = "01234567890"
_YEARS = ("19", "20")


class WrongPin(KnownError):
    """Not this person's PIN."""


class NoPin(KnownError):
    """This person has no PIN that holds now: they sign in by password."""


class _Presence(msgspec.Struct, frozen=True):
    """Someone signed in on `day`; their PIN, if they chose one, as Argon2id of it (32 bytes) under a salt (16)."""

    day: date
    salt: bytes = b""
    digest: Key = Key()
    wrong: int = 0


class Pins:
    """The PINs of today. A PIN is asked together with the person, so two people with the same one are not mixed up.

    It holds until the local date changes (at midnight in a session too), the person leaves, or five tries in a row were
    wrong; then only a sign-in by password helps. What it may do is `facts.people.MAY_BY_PIN`. It is digested as slowly
    as a password, though four digits fall in half an hour to whoever reads the memory: who can, has the keys.
    """

    def __init__(self) -> None:
        self._present: dict[str, _Presence] = {}

    def __repr__(self) -> str:
        return f"<the PINs of {len(self._present)} people>"

    def signed_in(self, person: str, today: date) -> None:
        """Someone signed in by password: their PIN of today, if they have one, works again."""
        before = self._today(person, today)
        self._present[person] = msgspec.structs.replace(before, wrong=0) if before else _Presence(today)

    def choose(self, person: str, pin: str, today: date) -> None:
        """Take a PIN (4 to 8 digits) from someone signed in. Raises KnownError when it is easily guessed, NoPin."""
        presence = self._today(person, today)
        if presence is None:
            raise NoPin("A PIN is chosen after signing in by password today. Sign in, then choose it.")
        if presence.wrong >= TRIES:
            raise NoPin(_OFF)
        if weakness := _weakness(pin):
            raise KnownError(f"{weakness} Nothing was changed; choose another.")
        salt = secrets.token_bytes(sealing.SALT)
        self._present[person] = _Presence(today, salt, sealing.stretched(pin, salt, sealing.COST))

    def has_pin(self, person: str, today: date) -> bool:
        """Whether this person can be asked for a PIN now."""
        presence = self._today(person, today)
        return presence is not None and presence.digest != b"" and presence.wrong < TRIES

    def verify(self, person: str, pin: str, today: date) -> None:
        """Return when this is the person's PIN; raise WrongPin or NoPin when not, saying how many tries are left."""
        presence = self._today(person, today)
        if presence is None or not presence.digest:
            raise NoPin("There is no PIN for this person today. What is running goes on; sign in by password.")
        if presence.wrong >= TRIES:
            raise NoPin(_OFF)
        right = compare_digest(sealing.stretched(pin, presence.salt, sealing.COST), presence.digest)
        wrong = 0 if right else presence.wrong + 1
        self._present[person] = msgspec.structs.replace(presence, wrong=wrong)
        if wrong == TRIES:
            raise WrongPin(_OFF)
        if not right:
            left = TRIES - wrong
            raise WrongPin(f"This is not the PIN of this person. {left} {'try is' if left == 1 else 'tries are'} left.")

    def leave(self, person: str) -> None:
        """Someone signed out or left the room for today: their PIN is forgotten."""
        self._present.pop(person, None)

    def _today(self, person: str, today: date) -> _Presence | None:
        presence = self._present.get(person)
        if presence is not None and presence.day != today:
            del self._present[person]
            return None
        return presence


_OFF = f"{TRIES} tries were wrong, so this PIN is off. What is running goes on; sign in by password."


def _weakness(pin: str) -> str | None:
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        return f"A PIN has {SHORTEST} to {LONGEST} digits."
    if pin in (pin + pin)[1:-1]:
        return "This PIN repeats itself, so it is tried first."
    if pin in _DIGITS or pin in _DIGITS[::-1]:
        return "This PIN counts up or down, so it is tried first."
    if (len(pin) == 4 and pin.startswith(_YEARS)) or (len(pin) == 8 and (pin.startswith(_YEARS) or pin[4:6] in _YEARS)):
        return "This PIN looks like a year or a birthday, so it is tried first."
    return None
