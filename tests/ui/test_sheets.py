"""The papers beside the session note on screen: chosen, looked at, saved on record, and gone back from."""

from pathlib import Path

import pytest

from kapdesk.facts.clinic import SheetTakenOut
from kapdesk.facts.session import DoseGiven, NoteTaken
from kapdesk.facts.stock import StockMoved
from tests.note.reading import poppler
from tests.ui.hand import Hand, words_on
from tests.ui.test_lock import account
from ui.close.page import ClosePage
from ui.patient.page import PatientPage
from ui.records.page import RecordsPage
from ui.sheets.page import SheetPage


def over(hand: Hand) -> None:
    hand.begin()
    for text, own in (("like warm water", True), ("Says “there is room” and breathes.", False)):
        hand.room.record(NoteTaken(text, "", own))
    hand.settle()
    hand.press("Close session")
    assert "The sheet that the patient takes home" not in hand.buttons()
    hand.press("End: completed")
    hand.press("End the session")
    hand.until(lambda: hand.room.session.ended)
    hand.settle()


def made(hand: Hand) -> SheetPage:
    """The paper that is shown, once it is there."""
    page = hand.on(SheetPage)
    hand.until(lambda: page.preview.pages() > 0 and hand.day.sheets._pdf is not None)
    return page


def text(hand: Hand) -> str:
    assert hand.day.sheets._pdf is not None
    return " ".join(poppler(hand.day.sheets._pdf).split())


def taken_out(hand: Hand) -> list[SheetTakenOut]:
    hand.settle()
    return [h.fact for h in hand.day.desk.clinic.state.history.standing(SheetTakenOut)]


def test_the_sheet_for_the_patient_quotes_what_is_ticked_and_is_saved_on_record(hand: Hand, tmp_path: Path) -> None:
    over(hand)
    hand.press("The sheet that the patient takes home")
    made(hand)
    assert "“like warm water”" in text(hand)
    assert "there is room" not in text(hand)
    (other,) = [name for name in hand.buttons() if name.startswith("Quote “there is room”")]
    hand.press(other)
    made(hand)
    assert "“there is room”" in text(hand)
    assert "50 mg" not in text(hand)
    assert taken_out(hand) == []
    hand.day.sheets.save(tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
    assert taken_out(hand) == [SheetTakenOut("integration sheet", str(hand.room.id))]
    assert "Saved:" in words_on(hand)
    hand.press("Back")
    assert isinstance(hand.window.page(), ClosePage)
    assert hand.day.sheets._pdf is None


def printer(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """A printing system that does what the script says."""
    command = folder / "lp"
    command.write_text(script)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_course_of_a_patient_is_a_paper_from_their_page_and_is_printed_as_it_is(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over(hand)
    hand.day._open_patient(hand.room.patient.id)
    hand.press("The course overview as a paper")
    made(hand)
    assert "Course overview" in text(hand)
    assert "Sample Patient A" in text(hand)
    printer(monkeypatch, tmp_path, "#!/bin/sh\necho 'lp: Error - scheduler not responding.' >&2\nexit 1\n")
    hand.press("Print this paper")
    hand.until(lambda: "did not take it (scheduler not responding)" in words_on(hand))
    printer(monkeypatch, tmp_path, f'#!/bin/sh\ncat > "{tmp_path}/printed.pdf"\n')
    hand.press("Print this paper")
    hand.until(lambda: "Sent to the printer." in words_on(hand))
    assert (tmp_path / "printed.pdf").read_bytes() == hand.day.sheets._pdf
    assert taken_out(hand)[-1] == SheetTakenOut("course overview", str(hand.room.patient.id))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr("ui.printing.QDesktopServices.openUrl", lambda url: False)
    hand.press("Print this paper")
    hand.until(lambda: "offers no printing here" in words_on(hand))
    hand.press("Back")
    assert isinstance(hand.window.page(), PatientPage)


def test_the_month_and_the_substances_are_papers_from_the_records(hand: Hand) -> None:
    over(hand)
    assert hand.facts(DoseGiven)
    hand.day._open_records()
    hand.press("The month as a paper")
    page = made(hand)
    assert "The month: March 2026" in text(hand)
    assert "Sample Patient" not in text(hand)
    assert not hand.button("The month after").isEnabled()
    hand.press("The month before")
    hand.until(lambda: hand.day.sheets._pdf is not None and "The month: February 2026" in text(hand))
    hand.press("Back")
    assert isinstance(hand.window.page(), RecordsPage)
    hand.press("Substances as a paper")
    made(hand)
    assert "Substances log" in text(hand)
    page.days.since.setText("nonsense")
    hand.press("Show these days")
    hand.until(lambda: "That is no day." in words_on(hand))
    hand.day.sheets.save(Path("never.pdf"))
    assert taken_out(hand) == []


def test_whoever_may_not_export_is_told_so_on_the_records(hand: Hand) -> None:
    over(hand)
    administrator = hand.staff("Sample Administrator Two", "administrator")
    hand.day._open_records()
    hand.day.desk.typing = administrator
    hand.press("The month as a paper")
    assert isinstance(hand.window.page(), RecordsPage)
    assert "may not" in words_on(hand)


def test_what_comes_into_the_safe_is_recorded_and_stands_on_the_log(hand: Hand) -> None:
    over(hand)
    hand.day._open_records()
    hand.press("Substances as a paper")
    made(hand)
    hand.write("Medication", "ketamine")
    hand.write("Amount, mg", "a lot")
    hand.press("Record in stock")
    assert "Type the amount in milligrams" in words_on(hand)
    hand.write("Amount, mg", "")
    hand.on(SheetPage).stock._amount.setText("500")
    hand.write("Lot", "K1")
    hand.write("From whom, to whom, or why", "Sample Pharmacy")
    hand.press("Record in stock")
    hand.until(lambda: [h.fact.amount_ug for h in hand.day.desk.clinic.state.history.standing(StockMoved)] == [500_000])
    assert "On record, not witnessed." in words_on(hand)
    hand.until(lambda: hand.day.sheets._pdf is not None and "Stock by lot" in text(hand))
    for words in ("ketamine, lot K1", "Sample Pharmacy", "not witnessed"):
        assert words in text(hand)
    hand.press("Take back what was just recorded in stock")
    hand.until(lambda: hand.day.desk.clinic.state.history.standing(StockMoved) == [])
    hand.until(lambda: hand.day.sheets._pdf is not None and "Stock by lot" not in text(hand))


def test_whoever_looks_on_at_the_safe_shows_who_they_are(hand: Hand) -> None:
    over(hand)
    person = account(hand, "Sample Nurse", "4071")
    hand.day._open_records()
    hand.press("Substances as a paper")
    panel = made(hand).stock
    panel._who.setCurrentIndex(panel._who.findData(person))
    hand.write("Medication", "ketamine")
    hand.write("Amount, mg", "500")
    hand.write("PIN or password of who looked on", "9999")
    hand.press("Record in stock")
    hand.until(lambda: "Nothing was recorded." in words_on(hand))
    assert hand.day.desk.clinic.state.history.standing(StockMoved) == []
    hand.write("PIN or password of who looked on", "4071")
    hand.press("Record in stock")
    hand.until(lambda: hand.day.desk.clinic.state.history.standing(StockMoved))
    (moved,) = hand.day.desk.clinic.state.history.standing(StockMoved)
    assert (moved.fact.witnessed_by, moved.fact.amount_ug) == (person, 500_000)
    assert moved.by != person
