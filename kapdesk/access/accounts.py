"""Passwords: how they are read, which are good enough, and how trying is slowed down."""

import unicodedata
from typing import Any

import msgspec

from kapdesk.errors import KnownError

SHORTEST, LONGEST = 10, 1024
"""Characters (code points) of a password. NIST SP 800-63B-4 asks for 15 where nothing else is asked for; we take 10 and
let the estimate of guesses decide, where that standard has only a list of refused passwords."""

SCORE = 3
"""zxcvbn's scale of 0 to 4: at least 10⁸ guesses, "safely unguessable" where each guess is slow (Wheeler, USENIX
Security 2016). Each guess costs one Argon2id, so at the least four months of one core, or hours of a thousand."""

_MEASURED = 72
"""zxcvbn's own limit: it is slow on long input. What follows can only make a password stronger."""

FREE_TRIES = 5
FIRST_WAIT_MS, LONGEST_WAIT_MS = 2_000, 30_000


class Password(str):
    """What someone typed to prove who they are; `repr` does not show it, so no trace does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<a password>"


class NewPassword(Password):
    """A password found good enough: what the key file takes. Only `chosen` makes one."""

    __slots__ = ()


def normal(password: str) -> str:
    """A password as every keyboard gives it: NFC, each kind of space a plain one (OpaqueString, RFC 8265, 4.2.2).

    Not NFKC, which would make different passwords alike (“²” and “2”); capitals and the number of spaces count.
    """
    if len(password) > 4 * LONGEST:
        return password  # nobody's, and a long run of accents takes the square of its length to put in order
    spaced = "".join(" " if unicodedata.category(character) == "Zs" else character for character in password)
    return unicodedata.normalize("NFC", spaced)


def chosen(password: str, *known: str) -> NewPassword:
    """The password, when it is good enough; KnownError says why not.

    `known` is what whoever guesses would try first: the person's name, the clinic's name.
    """
    if weak := weakness(password, *known):
        raise KnownError(f"{weak} Nothing was changed.")
    return NewPassword(password)


def weakness(password: str, *known: str) -> str | None:
    """Why a password is not good enough; None where it is. `known` as for `chosen`."""
    password = normal(password)
    if len(password) < SHORTEST:
        return f"A password has at least {SHORTEST} characters. Four words that do not belong together are easiest."
    if len(password) > LONGEST:
        return f"A password has at most {LONGEST:,} characters. Choose a shorter one."
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
        return "This password has a character that a keyboard cannot type, such as a line break. Leave it out."
    from zxcvbn import zxcvbn  # half a megabyte of word lists, wanted only when a password is chosen

    words = {word for name in known for word in (name, *name.split()) if len(word) > 1}
    found = zxcvbn(password[:_MEASURED], user_inputs=sorted(words))
    if found["score"] >= SCORE:
        return None
    return f"{_reason(found['sequence'])} Add a word or two that nobody would expect."


def _reason(parts: list[dict[str, Any]]) -> str:
    worst = max(parts, key=lambda part: len(part["token"]))
    match worst["pattern"], worst.get("dictionary_name"):
        case "dictionary", "user_inputs":
            return "This password is easy to guess: it is made of your name or the clinic’s."
        case "dictionary", "passwords":
            return "This password is easy to guess: many people use it, or one much like it."
        case "dictionary", _:
            return "This password is easy to guess: it is a common word or name."
        case "spatial", _:
            return "This password is easy to guess: its keys lie side by side."
        case "repeat", _:
            return "This password is easy to guess: it repeats itself."
        case "sequence", _:
            return "This password is easy to guess: it counts up or down."
        case ("date", _) | ("regex", _):
            return "This password is easy to guess: it is a date or a year."
        case _:
            return "This password is easy to guess: it is too short for what it is made of."


class Tries(msgspec.Struct, frozen=True):
    """Wrong passwords at this desk since the last right one, whoever they were for.

    After five each further one is waited for: 2, 4, 8, 16, then 30 s each, by the boot clock (ms). Never longer and
    never for good, for a session may be running; a hundred guesses take most of an hour, 10⁸ take a century. It is
    counted for the desk, not by name, so that trying one password on every name is no way round. Someone who copies
    the key file is not slowed by this at all: there only Argon2id and the password count.
    """

    wrong: int = 0
    last_ms: int = 0

    def failed(self, now_ms: int) -> "Tries":
        """After one more wrong password."""
        return Tries(self.wrong + 1, now_ms)

    def wait_ms(self, now_ms: int, free: int = FREE_TRIES) -> int:
        """How long until the next try; 0 when it may be made now. After a right password begin with `Tries()`."""
        over = self.wrong - free
        if over < 0:
            return 0
        wait = min(FIRST_WAIT_MS << min(over, 8), LONGEST_WAIT_MS)
        return min(max(self.last_ms + wait - now_ms, 0), wait)
