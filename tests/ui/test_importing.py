"""Patients from a table, on the clinic's page: a dry run, a question about dates, and then the patients."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from kapdesk.facts.patient import MilestoneReached
from tests.keys import NAME
from tests.ui.hand import Hand

ROWS = (
    "name,birth date,record number,allergies",
    "Sample Patient A,1980-01-01,R-1,penicillin",
    "A Sample,1980-01-01,R-2,",
    "Sample Patient C,03/04/1985,R-3,none",
    "Sample Patient D,31.02.1980,R-4,",
)


@pytest.fixture
def hand(hand: Hand) -> Hand:
    """Whoever set the clinic up is at the desk, by password, on the clinic's page."""
    desk = hand.day.desk
    for person in list(desk.here):
        desk.turn_person(person, False)
    desk.turn_person(next(id_ for id_, each in desk.clinic.state.people.items() if each.name == NAME), True)
    desk.typing = desk.clinic.ring.first
    desk.changed.emit()
    hand.press("The clinic")
    return hand


def said(hand: Hand) -> str:
    panel = hand.day.clinic.page.importing
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if not label.isHidden())


def read(hand: Hand, folder: Path, *rows: str) -> None:
    file = folder / "patients.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    hand.day.clinic.taking.read(file)
    hand.until(lambda: "lines (" in said(hand) or "Nothing was taken in" in said(hand))


def test_a_dry_run_says_line_by_line_and_only_the_word_takes_in(hand: Hand, tmp_path: Path) -> None:
    read(hand, tmp_path, *ROWS)
    clinic = hand.day.desk.clinic
    for line in (
        "1 can be taken in; 1 doubtful; 1 with a date to be asked about; 1 cannot be read",
        "Line 5: birth date 31.02.1980 is no date",
        "Line 3: A Sample: perhaps as line 2",
        "What comes first in 03/04/1985?",
    ):
        hand.until(lambda line=line: line in said(hand))
    assert clinic.known() == []
    hand.press("Day first")
    hand.until(lambda: "2 can be taken in" in said(hand))
    hand.press("Take in the patients")
    hand.until(lambda: "2 patients were taken in" in said(hand))
    hand.settle()
    assert {(each.name, each.registered.born_on) for each in clinic.known() if each.registered} == {
        ("Sample Patient A", "1980-01-01"),
        ("Sample Patient C", "1985-04-03"),
    }


def test_the_doubtful_come_in_where_someone_says_so(hand: Hand, tmp_path: Path) -> None:
    read(hand, tmp_path, *ROWS[:3])
    hand.until(lambda: hand.button("Take in the patients").isEnabled())
    assert hand.button("Take in the patients").text() == "Take in 1 patient"
    hand.press("Take in the doubtful lines too")
    assert hand.button("Take in the patients").text() == "Take in 2 patients"
    hand.press("Take in the patients")
    hand.until(lambda: "2 patients were taken in" in said(hand))


def test_a_file_put_away_leaves_nothing_and_what_is_no_table_says_so(hand: Hand, tmp_path: Path) -> None:
    read(hand, tmp_path, *ROWS)
    hand.press("Put the table away")
    assert "A table (CSV) with a line of column names" in said(hand)
    read(hand, tmp_path, "colour,number", "red,1")
    assert "The first line names no column for the name and the birth date" in said(hand)
    assert hand.day.desk.clinic.known() == []


def test_the_window_goes_on_while_a_long_file_comes_in(hand: Hand, tmp_path: Path) -> None:
    rows = [f"Name{n} Of{n},19{n % 60 + 30}-01-01,R-{n}," for n in range(300)]
    read(hand, tmp_path, ROWS[0], *rows)
    hand.until(lambda: hand.button("Take in the patients").isEnabled())
    hand.press("Take in the patients")
    hand.until(lambda: " of 300 patients …" in said(hand))  # between two rounds the window is drawn
    hand.until(lambda: "300 patients were taken in" in said(hand))
    hand.settle()
    assert len(hand.day.desk.clinic.known()) == 300


def undoing(hand: Hand) -> str:
    panel = hand.day.clinic.page.undoing
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if not label.isHidden())


def take_in(hand: Hand, folder: Path) -> None:
    read(hand, folder, ROWS[0], ROWS[1], "Sample Patient E,1971-02-03,R-5,none")
    hand.until(lambda: hand.button("Take in the patients").isEnabled())
    hand.press("Take in the patients")
    hand.until(lambda: "2 patients were taken in" in said(hand))
    hand.settle()


def test_an_import_is_looked_at_then_taken_back_with_a_reason_and_put_back_again(hand: Hand, tmp_path: Path) -> None:
    clinic = hand.day.desk.clinic
    assert hand.day.clinic.page.undoing.isHidden()
    take_in(hand, tmp_path)
    hand.until(lambda: "2 patients" in undoing(hand))
    (undo,) = (name for name in hand.buttons() if name.startswith("Undo the import"))
    hand.press(undo)
    hand.until(lambda: "2 patients by this import: 2 can be taken back." in undoing(hand))
    assert "Sample Patient E: can be taken back" in undoing(hand)
    assert len(clinic.known()) == 2
    hand.press("Take back the patients")
    hand.until(lambda: "The reason is missing" in undoing(hand))
    assert len(clinic.known()) == 2
    hand.write("Why: it stays on the record", "the list of the other clinic")
    hand.press("Take back the patients")
    hand.until(lambda: "2 patients of the import were taken back." in undoing(hand))
    hand.settle()
    assert clinic.known() == []
    (again,) = (name for name in hand.buttons() if name.startswith("Put back the import"))
    hand.press(again)
    hand.write("Why: it stays on the record", "it was the right list")
    hand.press("Put the patients back")
    hand.until(lambda: "2 patients stand in the lists again." in undoing(hand))
    hand.settle()
    assert len(clinic.known()) == 2


def test_who_was_written_of_since_is_listed_and_left_when_an_import_is_undone(hand: Hand, tmp_path: Path) -> None:
    take_in(hand, tmp_path)
    clinic = hand.day.desk.clinic
    one = next(each for each in clinic.known() if each.name == "Sample Patient A")
    clinic.patient_recorder(one.id).record(MilestoneReached("came by"), hand.day.desk.actor)
    hand.settle()
    (undo,) = (name for name in hand.buttons() if name.startswith("Undo the import"))
    hand.press(undo)
    hand.until(lambda: "1 can be taken back; 1 stays" in undoing(hand))
    assert f"Sample Patient A stays: {NAME} has written in this record since" in undoing(hand)
    hand.write("Why: it stays on the record", "the list of the other clinic")
    hand.press("Take back the patients")
    hand.until(lambda: "1 patient of the import was taken back. 1 was left as it is." in undoing(hand))
    hand.settle()
    assert f"Sample Patient A stays: {NAME} has written in this record since." in undoing(hand)
    assert [each.name for each in clinic.known()] == ["Sample Patient A"]
