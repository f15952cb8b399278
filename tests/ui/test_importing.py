"""Patients from a table, on the clinic's page: a dry run, a question about dates, and then the patients."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

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
