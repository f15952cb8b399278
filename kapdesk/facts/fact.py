"""What every fact is, and the one that erases."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

Whole = Annotated[int, msgspec.Meta(ge=-(2**53) + 1, le=2**53 - 1)]
"""A whole number that every reader of JSON takes exactly (I-JSON, RFC 7493), and every time of day can be made of."""


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
    at_us: Whole
    reason: str


class Struck(Fact, frozen=True, tag="struck"):
    """An earlier fact did not happen. `undo`: taken back within ten seconds; counted, but not printed.

    One that came later is no undo, whatever it says of itself.
    """

    target: UUID
    reason: str
    undo: bool = False


class Erased(Fact, frozen=True, tag="erased"):
    """The contents of this stream were deleted by law or request. Its entries stay, so its chain still verifies.

    Nothing is added to the stream after it, and what still comes from elsewhere comes without its content. The clinic's
    own stream is never erased. It takes two: the one who records it, and `agreed_by`.
    """

    reason: str
    agreed_by: str


class Unread(msgspec.Struct, frozen=True):
    """Stands in for a fact that cannot be read here: erased, sealed to someone else, or of a newer KapDesk.

    It is no fact, so it cannot be recorded; it is only met when reading.
    """

    kind: str
    why: Literal["erased", "sealed", "unknown"]


def tag_of(fact: Fact) -> str:
    """The frozen word of a fact's kind, as it stands in `Body.kind`."""
    return str(type(fact).__struct_config__.tag)
