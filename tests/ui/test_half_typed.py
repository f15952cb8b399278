"""Whatever is half-typed is there again after KapDesk has stopped, in the place where it was typed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from kapdesk.facts.patient import CrisisContactsSet
from kapdesk.facts.session import IntentionSet, Marked, NoteTaken, SummaryWritten
from tests.fakes import Computer
from tests.ui.hand import Hand
from ui.session.half import SOON_MS

KEY = Qt.Key
Start = Callable[[Path], Hand]


def stop_and_start(hand: Hand, start: Start, folder: Path) -> Hand:
    """Once the drafts are on the disk, everything stops; then KapDesk is started and the session gone on with."""
    clinic = hand.day.desk.clinic
    before = len(clinic.drafts.all())
    hand.until(lambda: len(clinic.drafts.all()) > before or before)
    hand.pull_the_plug()
    again = start(folder).opened()
    again.until(lambda: any(name.startswith("Go on") for name in again.buttons()))
    again.press(next(name for name in again.buttons() if name.startswith("Go on")))
    again.settle()
    return again


def test_a_draft_goes_to_the_disk_well_within_the_two_seconds_that_are_promised() -> None:
    assert 2 * SOON_MS < 2_000


def test_a_half_typed_intention_is_there_again(hand: Hand, start: Start, folder: Path) -> None:
    hand.open_session()
    hand.write("Intention, in the patient’s words", "To be kin")
    again = stop_and_start(hand, start, folder)
    again.write("Intention, in the patient’s words", "")
    again.arrival._intention.moveCursor(again.arrival._intention.textCursor().MoveOperation.End)
    again.key("d")
    again.press("Record intention")
    again.settle()
    assert again.facts(IntentionSet) == [IntentionSet("To be kind")]
    again.until(lambda: not again.day.desk.clinic.drafts.all())


def test_what_is_half_typed_of_the_patient_before_the_dose_is_there_again(
    hand: Hand, start: Start, folder: Path
) -> None:
    hand.open_session()
    hand.press("Crisis contacts: answer")
    hand.write("Whom to call in a crisis, with numbers", "A friend, 555-01")
    again = stop_and_start(hand, start, folder)
    again.write("Whom to call in a crisis, with numbers", "00")
    again.press("Record the crisis contacts")
    again.settle()
    assert again.room.patient.newest(CrisisContactsSet) == CrisisContactsSet("A friend, 555-0100")
    again.until(lambda: not again.day.desk.clinic.drafts.all())


def test_a_half_typed_section_of_the_summary_is_there_again(hand: Hand, start: Start, folder: Path) -> None:
    hand.begin()
    hand.press("Close session")
    hand.closing.summary._edits["how it went"].clear()
    hand.write("How it went", "Settled wi")
    again = stop_and_start(hand, start, folder)
    again.press("Close session")
    assert again.closing.summary._edits["how it went"].toPlainText() == "Settled wi"
    again.write("Plan", "Rest.")
    again.write("How it went", "")
    again.write("Plan", "")
    again.settle()
    assert {fact.section: fact.text for fact in again.facts(SummaryWritten)} == {
        "how it went": "Settled wi",
        "plan": "Rest.",
    }
    again.until(lambda: not again.day.desk.clinic.drafts.all())


def test_the_half_typed_words_of_a_mark_are_there_again(hand: Hand, start: Start, folder: Path) -> None:
    hand.begin()
    hand.key("m")
    hand.settle()
    hand.press("Close session")
    hand.write("Words for the mark at 0:00", "A long bre")
    again = stop_and_start(hand, start, folder)
    again.press("Close session")
    again.write("Words for the mark at 0:00", "ath.")
    again.key(KEY.Key_Return)
    again.settle()
    assert (again.facts(Marked), again.facts(NoteTaken)) == ([], [NoteTaken("A long breath.")])


def test_a_half_typed_correction_is_there_again_when_its_line_is_opened(hand: Hand, start: Start, folder: Path) -> None:
    hand.begin()
    hand.note("slep")
    hand.page.notes.opened.emit(str(hand.id_of("slep")))
    hand.page.notes.amend._text.setPlainText("asleep, br")
    again = stop_and_start(hand, start, folder)
    again.page.notes.opened.emit(str(again.id_of("slep")))
    assert again.page.notes.amend._text.toPlainText() == "asleep, br"


def test_notes_that_wait_for_the_disk_come_back_one_after_the_other(hand: Hand, start: Start, folder: Path) -> None:
    hand.begin()
    half, drafts = hand.seat.half, hand.day.desk.clinic.drafts
    hand.key(KEY.Key_N, "first")
    half.keep()
    first_us = half.first_key_us
    half.hand_over()
    hand.page.notes.taken()
    hand.computer.pass_(5)
    hand.key("second")
    half.keep()
    hand.until(lambda: len(drafts.all()) == 2)
    again = stop_and_start(hand, start, folder)
    assert again.page.notes.edit.text() == "first"
    again.key(KEY.Key_N, KEY.Key_Return)
    again.settle()
    assert again.page.notes.edit.text() == "second"
    assert [h.at_us for h in again.room.session.history.standing(NoteTaken)] == [first_us]


def test_a_half_typed_quotation_comes_back_as_one_with_its_code(hand: Hand, start: Start, folder: Path) -> None:
    hand.begin()
    hand.press("The patient’s own words")
    hand.key(KEY.Key_N, "It is wi", KEY.Key_Escape, "1")
    hand.seat.half.keep()
    hand.seat.editors.keep()
    again = stop_and_start(hand, start, folder)
    again.key(KEY.Key_N, "de.", KEY.Key_Return)
    again.settle()
    assert again.facts(NoteTaken) == [NoteTaken("It is wide.", "Tears", True)]


def test_a_note_half_typed_the_day_before_is_recorded_now(
    hand: Hand, start: Start, folder: Path, computer: Computer
) -> None:
    hand.begin()
    hand.key(KEY.Key_N, "Late.")
    hand.seat.half.keep()
    hand.until(lambda: hand.day.desk.clinic.drafts.all())
    computer.pass_(25 * 3_600)
    again = stop_and_start(hand, start, folder)
    again.key(KEY.Key_N, KEY.Key_Return)
    again.settle()
    assert again.facts(NoteTaken) == [NoteTaken("Late.")]
