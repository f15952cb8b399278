"""What every part of a note is, and the flag of a figure."""

from typing import Literal

import msgspec

Flag = Literal["", "high", "low"]
"""How a figure lies to the clinic's limits; set as ▲ H and ▼ L, never by colour alone."""


class Piece(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a note: never changes, travels as JSON, and refuses a field it does not know."""
