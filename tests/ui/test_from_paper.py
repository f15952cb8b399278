"""A session written on paper, typed into the grid by keyboard alone; and the downtime sheet, asked for before it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kapdesk.facts.after import PaperEntered
from kapdesk.facts.session import Cleared, DoseGiven, Ended, NoteTaken, PatientArrived, VitalsTaken
from tests.ui.hand import Hand
from ui.paper.page import PaperPage
from ui.paper.reading import CELLS
from ui.paper.sheet import write

KEY = Qt.Key
TAB, ENTER = KEY.Key_Tab, KEY.Key_Return
WHY = "the power was out"


def opened(hand: Hand) -> PaperPage:
    """A session that was opened today, nobody noted as arrived, and its grid."""
    hand.day.go_home()
    hand.press("Begin a session")
    hand.press("Register a new patient")
    hand.write("Name, as on their papers", "Sample Patient A")
    hand.write("Born, YYYY-MM-DD", "1980-01-01")
    hand.press("Register")
    hand.until(lambda: any("Sample Patient A" in name for name in hand.buttons()))
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    hand.settle()
    hand.press("Enter from paper")
    page = hand.on(PaperPage)
    page.rows[0].start()
    return page


def row(hand: Hand, clock: str, kind: str, *cells: str) -> None:
    """Type a row from its time on, as a hand does that never leaves the keyboard."""
    hand.key(clock, TAB)
    hand.key(KEY.Key_Home, *[KEY.Key_Down] * list(CELLS).index(kind))
    for cell in cells:
        hand.key(TAB, cell)
    hand.key(ENTER)


def sheet(hand: Hand) -> None:
    """A short session, its rows not in order."""
    page = hand.on(PaperPage)
    row(hand, "0700", "Reading", "120", "80", "70", "98")
    row(hand, "0630", "Arrived")
    row(hand, "0715", "Note", "", "eyes closed, calm")
    row(hand, "0640", "Ready to begin")
    row(hand, "0645", "Dose", "50", "", "", "left deltoid")
    row(hand, "0830", "Ended", "comp")
    assert len(page.rows) == 7


def said(page: PaperPage) -> list[str]:
    return [each._said.text() for each in page.rows]


def enter_all(hand: Hand) -> None:
    hand.write("Why it was written on paper", WHY)
    hand.press("Enter all")
    hand.settle()


def test_a_short_session_is_typed_by_keyboard_and_starts_its_clock_when_the_dose_was_given(hand: Hand) -> None:
    page = opened(hand)
    sheet(hand)
    hand.until(lambda: page._said.text() == "6 to enter, 0 entered")
    assert said(page) == [""] * 7
    assert hand.facts(PatientArrived) == [], "nothing is recorded before “Enter all”"
    enter_all(hand)
    assert hand.facts(VitalsTaken) == [VitalsTaken(120, 80, 70, 98)]
    assert hand.facts(NoteTaken) == [NoteTaken("eyes closed, calm")]
    assert hand.facts(DoseGiven)[0].site == "left deltoid"
    assert hand.facts(Cleared) == [Cleared()]
    assert hand.facts(Ended) == [Ended("completed")]
    assert hand.facts(PaperEntered) == [PaperEntered(6, WHY)]
    dose_us = hand.room.session.first_dose_us
    assert dose_us is not None
    assert hand.seat.seen().wall(dose_us) == "06:45"
    assert page._said.text() == "0 to enter, 6 entered"


def test_what_is_entered_cannot_be_entered_twice(hand: Hand) -> None:
    opened(hand)
    sheet(hand)
    enter_all(hand)
    hand.press("Enter all")
    hand.settle()
    assert len(hand.facts(PaperEntered)) == 1
    assert len(hand.facts(DoseGiven)) == 1
    page = hand.on(PaperPage)
    assert not page.rows[0].clock.isEnabled()
    page.rows[-1].start()
    row(hand, "0630", "Arrived")
    hand.until(lambda: "on the record already" in said(page)[-2])


def test_a_refused_row_stays_with_its_sentence_and_goes_in_when_it_is_mended(hand: Hand) -> None:
    page = opened(hand)
    row(hand, "0630", "Arrived")
    row(hand, "0700", "Reading", "120", "130")
    hand.until(lambda: said(page)[1])
    sentence = said(page)[1]
    enter_all(hand)
    assert hand.facts(PatientArrived) == [PatientArrived()]
    assert hand.facts(VitalsTaken) == []
    assert said(page)[:2] == ["Entered", sentence]
    page.rows[1].cells[1].setText("80")
    hand.press("Enter all")
    hand.settle()
    assert hand.facts(VitalsTaken) == [VitalsTaken(120, 80)]
    assert [fact.lines for fact in hand.facts(PaperEntered)] == [1, 1]


@pytest.mark.parametrize(
    ("clock", "kind", "cells", "sentence"),
    [
        ("2570", "Note", ("", "x"), "The time is missing or is none."),
        ("2359", "Note", ("", "x"), "That time is still to come."),
        ("0630", "Dose", ("lots",), "How much was given?"),
        ("0630", "Dose", ("50",), "Not cleared"),
        ("0630", "Note", ("zzz", ""), "“zzz” is no code here."),
        ("0630", "Not taken", ("",), "Why it was not taken is missing."),
        ("0630", "Scale", ("pain", "11"), "pain goes from 0 to 10."),
        ("0630", "Event", ("nausea", "awful"), "“awful” is no answer here."),
    ],
)
def test_each_row_says_in_one_sentence_what_hinders_it(
    hand: Hand, clock: str, kind: str, cells: tuple[str, ...], sentence: str
) -> None:
    page = opened(hand)
    row(hand, clock, kind, *cells)
    hand.until(lambda: said(page)[0].startswith(sentence))


def test_what_is_possible_but_unusual_is_asked_about_once_before_it_goes_in(hand: Hand) -> None:
    page = opened(hand)
    row(hand, "0630", "Arrived")
    row(hand, "0640", "Reading", "210", "80")
    hand.until(lambda: "please check" in said(page)[1])
    enter_all(hand)
    assert "to be checked" in page._refusal.text()
    assert hand.facts(PatientArrived) == []
    hand.press("Enter all")
    hand.settle()
    assert hand.facts(VitalsTaken) == [VitalsTaken(210, 80)]


def test_without_a_reason_nothing_goes_in(hand: Hand) -> None:
    page = opened(hand)
    row(hand, "0630", "Arrived")
    hand.press("Enter all")
    assert "Why it was written on paper is missing" in page._refusal.text()
    assert hand.facts(PatientArrived) == []


def test_a_half_typed_grid_survives_a_kill(hand: Hand, start: Callable[[Path], Hand], folder: Path) -> None:
    opened(hand)
    row(hand, "0630", "Arrived")
    row(hand, "0715", "Note", "", "eyes clo")
    hand.write("Why it was written on paper", "no pow")
    clinic = hand.day.desk.clinic
    hand.until(lambda: any("no pow" in draft.text for draft in clinic.drafts.all().values()))
    hand.pull_the_plug()
    again = start(folder).opened()
    again.until(lambda: any(name.startswith("Go on") for name in again.buttons()))
    again.press(next(name for name in again.buttons() if name.startswith("Go on")))
    again.settle()
    again.press("Enter from paper")
    page = again.on(PaperPage)
    assert [(each.typed().clock, each.typed().kind) for each in page.rows] == [("0630", "Arrived"), ("0715", "Note")]
    assert page.rows[1].cells[1].text() == "eyes clo"
    again.write("Why it was written on paper", "er")
    again.press("Enter all")
    again.settle()
    assert again.facts(PaperEntered) == [PaperEntered(2, "no power")]
    again.until(lambda: not again.day.desk.clinic.drafts.all())


def test_the_grid_can_be_had_from_the_closing_page_too(hand: Hand) -> None:
    hand.begin()
    hand.press("Close session")
    hand.press("Enter from paper")
    page = hand.on(PaperPage)
    assert page.rows[0].kind.currentText() == "Note"
    hand.press("Back")
    assert hand.page is hand.window.page()


def test_a_downtime_sheet_is_asked_for_on_plan_and_arrival(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ui.paper.sheet.ask_where", lambda parent, title, *_: asked.append(title))
    hand.day.go_home()
    hand.press("Begin a session")
    hand.press("Print a downtime sheet")
    hand.until(lambda: len(asked) == 1)
    hand.open_session()
    hand.press("Print a downtime sheet")
    hand.until(lambda: len(asked) == 2)
    told: list[str] = []
    write(b"%PDF-", tmp_path / "sheet.pdf", told.append)
    assert told[0].startswith("Saved:")
    write(b"%PDF-", Path("/proc/none/sheet.pdf"), told.append)
    assert "could not be written" in told[1]


def test_what_is_typed_is_as_large_as_a_finger_and_has_a_name(hand: Hand) -> None:
    page = opened(hand)
    row(hand, "0645", "Dose", "50")
    QApplication.processEvents()
    for each in page.rows:
        for edit in (each.day, each.clock, each.kind, each.by, *each.cells):
            if edit.isVisible():
                assert edit.accessibleName()
                assert edit.height() >= 44
