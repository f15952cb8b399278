"""Who acts, in which role, and the one table of who may record what."""

from typing import Literal

import msgspec

Role = Literal["therapist", "medical staff", "prescriber", "records", "administrator"]
Area = Literal["session", "patient", "clinic", "private"]

MAY_RECORD: dict[Role, frozenset[Area]] = {
    "therapist": frozenset({"session", "patient", "private"}),
    "medical staff": frozenset({"session", "patient"}),
    "prescriber": frozenset({"session", "patient", "private"}),
    "records": frozenset(),
    "administrator": frozenset({"patient", "clinic"}),
}


class Actor(msgspec.Struct, frozen=True):
    """Who does it and who types it: often one, not always. Both are ids of people, or `DESK` for the program itself."""

    by: str
    entered_by: str


DESK = "desk"
ITSELF = Actor(DESK, DESK)


def may_record(roles: tuple[Role, ...], area: Area) -> bool:
    """Whether someone with these roles may add to this kind of history."""
    return any(area in MAY_RECORD[role] for role in roles)
