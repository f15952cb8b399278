"""The sheet for a day without the computer: two pages to write on, of every shipped protocol, on either paper."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from kapdesk import paths
from kapdesk.clinical import protocol
from kapdesk.clinical.protocol import Item
from kapdesk.errors import KnownError
from kapdesk.facts.patient import CrisisContactsSet, PatientRegistered
from kapdesk.note.downtime import downtime_of, times
from kapdesk.note.downtime_page import WRITING
from kapdesk.note.paper import PaperSize
from kapdesk.note.press import press_downtime
from kapdesk.people.patient import fold
from tests.fakes import happened
from tests.note.reading import pages, unspaced

SHIPPED = sorted(paths.shipped("resources", "protocols").glob("*.toml"))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_every_shipped_protocol_has_two_pages_with_its_lists_and_times(path: Path, paper: PaperSize) -> None:
    plan, _ = protocol.read(path)
    first, second = (unspaced(page) for page in pages(press_downtime(downtime_of(plan, paper=paper, approved=False))))
    assert unspaced(f"{plan.name}, version {plan.version}") in first
    for item in plan.before:
        assert unspaced(item.words) in first
    for item in plan.leaving.items:
        assert unspaced(item.words) in second
    for minute in times(plan):
        assert str(minute) in second
    assert unspaced("To be entered into KapDesk by") in second
    assert unspaced("Signature, therapist") in second
    assert "Emergencynumber" in first
    assert "examples" in first


def test_a_row_is_high_enough_for_a_hand() -> None:
    assert WRITING >= 7 * 72 / 25.4


def test_what_is_known_of_the_patient_stands_on_it_and_the_rest_is_left_open() -> None:
    plan, _ = protocol.read(SHIPPED[0])
    patient = fold(
        UUID(int=1),
        [
            happened(PatientRegistered("Sample Patient A", "1980-01-01", allergies="penicillin"), 0),
            happened(CrisisContactsSet("A friend, 555-0100"), 1),
        ],
    )
    sheet = downtime_of(plan, "Sample Clinic", patient=patient, approved=True)
    first, second = pages(press_downtime(sheet))
    for words in ("Sample Patient A", "1980-01-01", "penicillin", "A friend, 555-0100", "Sample Clinic"):
        assert words in first
    assert "Patient: Sample Patient A Born: 1980-01-01" in " ".join(second.split())
    assert "examples" not in first


def test_a_list_that_is_too_long_goes_on_on_another_page_and_loses_nothing() -> None:
    plan, _ = protocol.read(SHIPPED[0])
    before = tuple(Item(f"line-{n}", f"Line {n} of a very long list, marked L{n:03}.") for n in range(140))
    made = pages(press_downtime(downtime_of(msgspec.structs.replace(plan, before=before), approved=True)))
    assert len(made) > 2
    assert f"Page {len(made)} of {len(made)}" in made[-1]
    whole = "".join(made)
    assert all(f"L{n:03}" in whole for n in range(140))
    assert "In an emergency" in whole


def test_the_same_sheet_gives_the_same_bytes() -> None:
    plan, _ = protocol.read(SHIPPED[0])
    sheet = downtime_of(plan, approved=False)
    assert press_downtime(sheet) == press_downtime(sheet)


def test_a_press_that_takes_too_long_says_that_the_sheet_was_not_made() -> None:
    plan, _ = protocol.read(SHIPPED[0])
    with pytest.raises(KnownError, match="The sheet could not be made within"):
        press_downtime(downtime_of(plan, approved=False), longest_s=0.001)


def test_the_command_writes_a_blank_sheet_without_a_password(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kapdesk", "downtime", "--clinic", str(tmp_path / "none")]
    done = subprocess.run([*command, "--protocol", "oral", str(tmp_path / "sheet.pdf")], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
    wrong = subprocess.run([*command, "--protocol", "none", str(tmp_path / "x.pdf")], capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "these are:" in wrong.stderr
