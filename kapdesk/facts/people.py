"""Who acts, in which role, and the one table of who may record, read and do what."""

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

Act = Literal[
    "unlock screen",
    "be chosen under By",
    "take vitals",
    "witness",
    "check dose",
    "read records",
    "read patient",
    "print",
    "file",
    "export",
    "sign",
    "override",
    "prescribe",
    "approve protocol",
    "add people",
    "settings",
    "audit",
    "backup",
    "restore",
    "erase",
    "agree to erase",
]
"""What someone does at the desk beside recording. An erasure takes two people: one erases, another agrees."""

_AT_THE_SESSION: frozenset[Act] = frozenset(
    {"unlock screen", "be chosen under By", "take vitals", "witness", "check dose", "read records", "read patient"}
)
_WITH_NOTES: frozenset[Act] = frozenset({"print", "file", "export"})

MAY_DO: dict[Role, frozenset[Act]] = {
    "therapist": _AT_THE_SESSION | _WITH_NOTES | {"sign", "override", "agree to erase"},
    "medical staff": _AT_THE_SESSION | _WITH_NOTES | {"sign", "override"},
    "prescriber": _AT_THE_SESSION
    | _WITH_NOTES
    | {"sign", "override", "prescribe", "approve protocol", "agree to erase"},
    "records": _WITH_NOTES | {"unlock screen", "read records", "read patient"},
    "administrator": frozenset(
        {
            "unlock screen",
            "be chosen under By",
            "read patient",
            "add people",
            "settings",
            "audit",
            "backup",
            "restore",
            "erase",
        }
    ),
}

MAY_BY_PIN: frozenset[Act] = frozenset({"unlock screen", "be chosen under By", "take vitals", "witness", "check dose"})
"""What a PIN is enough for. Everything else asks for the password: signing, overriding, opening other records."""


class Actor(msgspec.Struct, frozen=True):
    """Who does it and who types it: often one, not always. Both are ids of people, or `DESK` for the program itself."""

    by: str
    entered_by: str


UNKNOWN = "unknown"
"""Who is at the keyboard after emergency access by someone not on the list: records nothing until they say who."""

DESK = "desk"
ITSELF = Actor(DESK, DESK)


def may_record(roles: tuple[Role, ...], area: Area) -> bool:
    """Whether someone with these roles may add to this kind of history."""
    return any(area in MAY_RECORD[role] for role in roles)


def may_type(roles: tuple[Role, ...]) -> bool:
    """Whether someone with these roles may be at the keyboard for whoever may record: all but the records staff."""
    return any(MAY_RECORD[role] for role in roles)


def may(roles: tuple[Role, ...], act: Act) -> bool:
    """Whether someone with these roles, signed in by password, may do this."""
    return any(act in MAY_DO[role] for role in roles)


def may_by_pin(roles: tuple[Role, ...], act: Act) -> bool:
    """Whether someone with these roles may do this on their PIN alone."""
    return act in MAY_BY_PIN and may(roles, act)
