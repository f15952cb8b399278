"""The recovery code: 160 random bits on paper, in characters that survive handwriting.

Eight groups of five characters: four that count and one that checks them. The alphabet has one character of each family
that is misread for another (0 O, 1 I L, 8 B), so any of the family may be typed. The check is a polynomial over GF(32),
begun with the group's place: one wrong character, two neighbours exchanged or two groups exchanged are always found,
anything else in 31 of 32 groups; so a slip of the pen is told apart from another clinic's code, and its group is named.
"""

import re
import secrets
import unicodedata

from kapdesk.errors import KnownError

ALPHABET = "0123456789ACDEFGHJKMNPQRSTUVWXYZ"
GROUPS, GROUP = 8, 5
_BITS = 160
_FAMILIES = str.maketrans("OILB", "0118")
_BETWEEN = re.compile(r"[\W_]+")


class Code(str):
    """A recovery code as it is printed; `repr` does not show it, so no trace does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<a recovery code>"


class Mistyped(KnownError):
    """No recovery code reads like this: a character is wrong or missing."""


def new() -> Code:
    """A new code: 160 bits of the system's randomness, in capitals, with dashes between its groups."""
    return _printed(secrets.randbits(_BITS))


def read(typed: str) -> Code:
    """The code as it was printed, from how it was typed: capitals, spaces and dashes are free.

    Raises Mistyped, naming the group, when it cannot be a code.
    """
    groups = [Code(group) for group in _BETWEEN.split(_plain(typed)) if group]
    joined = Code("".join(groups))
    if len(groups) != GROUPS:
        if len(joined) != GROUPS * GROUP:
            raise Mistyped(
                f"A recovery code has {GROUPS} groups of {GROUP} characters; this has {len(joined)} characters. "
                "Nothing was changed; compare it with the paper."
            )
        groups = [Code(joined[start : start + GROUP]) for start in range(0, len(joined), GROUP)]
    if wrong := [place for place, group in enumerate(groups, 1) if not _holds(place, group)]:
        which = f"Group {wrong[0]}" if len(wrong) == 1 else "Groups " + ", ".join(map(str, wrong))
        raise Mistyped(f"{which} of the recovery code cannot be right. Nothing was changed; compare with the paper.")
    return Code("-".join(groups))


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed[:1000]).upper().translate(_FAMILIES)


def _printed(bits: int) -> Code:
    counted = [ALPHABET[bits >> shift & 31] for shift in range(_BITS - 5, -1, -5)]
    groups = ["".join(counted[start : start + GROUP - 1]) for start in range(0, len(counted), GROUP - 1)]
    return Code("-".join(group + _check(place, group) for place, group in enumerate(groups, 1)))


def _holds(place: int, group: str) -> bool:
    return len(group) == GROUP and set(group) <= set(ALPHABET) and group[-1] == _check(place, group[:-1])


def _check(place: int, group: str) -> str:
    sum_ = place
    for character in group:
        sum_ = _doubled(sum_) ^ ALPHABET.index(character)
    return ALPHABET[_doubled(sum_)]


def _doubled(value: int) -> int:
    """Times x in GF(32) = GF(2)[x] / (x⁵ + x² + 1), where x generates all 31 values that are not 0."""
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)
