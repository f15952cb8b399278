"""Who may do what, by password and by PIN."""

from pathlib import Path
from typing import get_args

import pytest

from kapdesk.facts.people import MAY_BY_PIN, MAY_DO, MAY_RECORD, Act, Area, Role, may, may_by_pin, may_record

ACTS: tuple[Act, ...] = get_args(Act)
ROLES: tuple[Role, ...] = get_args(Role)


def test_every_role_has_its_line_and_every_act_someone_who_may() -> None:
    assert set(MAY_DO) == set(MAY_RECORD) == set(ROLES)
    assert set().union(*MAY_DO.values()) == set(ACTS)


def test_records_staff_read_print_file_and_export_and_nothing_else() -> None:
    beside_the_screen = {act for act in ACTS if may(("records",), act)} - {"unlock screen"}
    assert beside_the_screen == {"read records", "read patient", "print", "file", "export"}
    assert not any(may_record(("records",), area) for area in ("session", "patient", "clinic", "private"))


def test_an_administrator_runs_the_clinic_and_reads_no_session() -> None:
    assert may(("administrator",), "add people")
    assert may(("administrator",), "restore")
    assert not any(may(("administrator",), act) for act in ("read records", "print", "export", "sign", "override"))


def test_who_erases_does_not_agree_to_it_by_the_same_role() -> None:
    assert not any({"erase", "agree to erase"} <= acts for acts in MAY_DO.values())


@pytest.mark.parametrize("act", sorted(set(ACTS) - MAY_BY_PIN))
def test_a_pin_never_signs_overrides_nor_opens_anything(act: Act) -> None:
    assert not may_by_pin(ROLES, act)


def test_a_pin_does_what_the_session_needs_and_only_for_who_may() -> None:
    assert {act for act in ACTS if may_by_pin(("medical staff",), act)} == MAY_BY_PIN
    assert {act for act in ACTS if may_by_pin(("records",), act)} == {"unlock screen"}


def test_several_roles_add_up_and_none_allow_nothing() -> None:
    assert may(("administrator", "therapist"), "read records")
    assert not any(may((), act) for act in ACTS)


def table() -> str:
    """Roles against what they may record and do, as it stands in docs/security.md."""
    roles = get_args(Role)
    lines = ["| | " + " | ".join(roles) + " |", "|---" * (len(roles) + 1) + "|"]
    said = [(f"record: {area}", MAY_RECORD, area) for area in get_args(Area)]
    said += [(f"{act}{' (a PIN is enough)' if act in MAY_BY_PIN else ''}", MAY_DO, act) for act in ACTS]
    lines += [
        f"| {name} | " + " | ".join("yes" if what in may[r] else "" for r in roles) + " |" for name, may, what in said
    ]
    return "\n".join(lines)


def test_the_table_of_the_security_document_is_that_of_the_code() -> None:
    document = Path(__file__).resolve().parent.parent.parent / "docs" / "security.md"
    assert table() in document.read_text(encoding="utf-8"), f"docs/security.md should hold\n{table()}"
