"""What every fact is, and the one that erases."""

from typing import Any, Literal
from uuid import UUID

import msgspec


class Fact(msgspec.Struct, frozen=True, tag_field="fact"):
    """Something that happened, in the past tense, units in names, nothing computed.

    The tag of each kind of fact is frozen: old records are read by it for ever.
    """


class Correction(Fact, frozen=True):
    """An earlier fact was wrong: `truth` is how it was, `at_us` when. The earlier one stays on the record.

    Each kind of stream has its own, `Corrected`, whose truth is one of its own facts.
    """

    target: UUID
    truth: Any
    at_us: int
    reason: str


class Struck(Fact, frozen=True, tag="struck"):
    """An earlier fact did not happen. `undo`: taken back within ten seconds; counted, but not printed."""

    target: UUID
    reason: str
    undo: bool = False


class Erased(Fact, frozen=True, tag="erased"):
    """The contents of this stream were deleted by law or request. Its entries stay, so its chain still verifies."""

    reason: str


class Unread(Fact, frozen=True, tag="unread"):
    """Stands in for a payload that cannot be read here: erased, sealed to someone else, or of a newer KapDesk.

    Never recorded, only met when reading.
    """

    kind: str
    why: Literal["erased", "sealed", "unknown"]


def tag_of(fact: Fact) -> str:
    """The frozen word of a fact's kind, as it stands in `Body.kind`."""
    return str(type(fact).__struct_config__.tag)
