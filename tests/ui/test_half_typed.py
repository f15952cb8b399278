"""Whatever is half-typed is there again after KapDesk has stopped, in the place where it was typed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from kapdesk.facts.home import PatientLocated
from kapdesk.facts.patient import CrisisContactsSet, PatientRegistered
from kapdesk.facts.session import IntentionSet, Marked, NoteTaken, SummaryWritten
from tests.fakes import Computer
from tests.ui.hand import Hand
from tests.ui.test_patient_page import A, add, open_page
from tests.ui.test_protocol_editor import open_form, own, retype, write_it
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


def stop_and_open(hand: Hand, start: Start, folder: Path) -> Hand:
    """The same where no session runs."""
    drafts = hand.day.desk.clinic.drafts
    hand.until(drafts.all)
    hand.pull_the_plug()
    again = start(folder).opened()
    again.day.desk.turn_person(again.day.desk.clinic.ring.first, True)
    again.day.desk.typing = again.day.desk.clinic.ring.first
    again.day.desk.changed.emit()
    return again


def test_half_typed_words_on_the_card_of_where_they_are_are_there_again(hand: Hand, start: Start, folder: Path) -> None:
    hand.begin()
    there = PatientLocated("Sample Street 1", "112", "555-0101", "", "")
    hand.room.record(there)
    hand.settle()
    hand.page.turn_place()
    hand.press("Change where they are")
    hand.page.place.findChildren(QLineEdit)[0].clear()
    hand.write("Where they are now: street, number, floor, town", "Other Str", hand.page.place)
    again = stop_and_start(hand, start, folder)
    again.page.turn_place()
    again.write("Where they are now: street, number, floor, town", "eet 2", again.page.place)
    again.press("Record where they are from now on")
    again.settle()
    assert again.facts(PatientLocated)[-1] == PatientLocated("Other Street 2", "112", "555-0101", "", "")
    again.until(lambda: not again.day.desk.clinic.drafts.all())


B = PatientRegistered("Sample Patient B", "1971-01-01")
CONTACTS = "Whom to call in a crisis, with numbers"


def open_crisis(hand: Hand, name: str) -> QLineEdit:
    page = open_page(hand, name)
    section = next(each for each in page.before.sections if any(e.accessibleName() == CONTACTS for e in each.edits))
    if not section.is_open:
        section.open(True)
    return next(each for each in section.edits if each.accessibleName() == CONTACTS)


def test_what_is_half_typed_on_a_patients_page_is_there_again_and_on_no_other_patients(
    hand: Hand, start: Start, folder: Path
) -> None:
    a, _ = add(hand, A, B)
    open_crisis(hand, "Sample Patient A")
    hand.write(CONTACTS, "A friend, 555-01")
    assert open_crisis(hand, "Sample Patient B").text() == ""
    assert open_crisis(hand, "Sample Patient A").text() == "A friend, 555-01"
    again = stop_and_open(hand, start, folder)
    assert open_crisis(again, "Sample Patient B").text() == ""
    assert open_crisis(again, "Sample Patient A").text() == "A friend, 555-01"
    again.write(CONTACTS, "00")
    again.press("Record the crisis contacts")
    again.settle()
    assert again.day.desk.clinic.patient(a).newest(CrisisContactsSet) == CrisisContactsSet("A friend, 555-0100")
    assert open_crisis(again, "Sample Patient B").text() == "", "what is on one patient's record stays theirs"
    assert open_crisis(again, "Sample Patient A").text() == "A friend, 555-0100"
    again.until(lambda: not again.day.desk.clinic.drafts.all())


def test_no_secret_is_typed_where_drafts_are_kept(hand: Hand) -> None:
    add(hand, A)
    page = open_page(hand, "Sample Patient A")
    edits = [edit for section in page.before.sections for edit in section.edits]
    assert edits
    assert all(edit.echoMode() == QLineEdit.EchoMode.Normal for edit in edits)


def test_a_half_changed_protocol_is_there_again_and_goes_when_it_is_written(
    hand: Hand, start: Start, folder: Path
) -> None:
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    open_form(hand)
    retype(hand, "Systolic above, after the dose", "17x")
    hand.press("Checklist: add a line")
    hand.write("Checklist, line 7", "Bladder asked")
    again = stop_and_open(hand, start, folder)
    page = open_form(again)
    retype(again, "Systolic above, after the dose", "170")
    assert "+ Bladder asked" in page.editor._changes.text()
    write_it(again, page)
    assert len(own(again)) == 1
    again.until(lambda: not again.day.desk.clinic.drafts.all())


def test_a_change_that_is_given_up_is_not_kept(hand: Hand) -> None:
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    page = open_form(hand)
    retype(hand, "Systolic above, after the dose", "170")
    hand.until(hand.day.desk.clinic.drafts.all)
    hand.press("Back to the clinic without writing")
    hand.until(lambda: not hand.day.desk.clinic.drafts.all())
    hand.press("Change this protocol")
    assert page.editor._changes.text() == "Nothing yet."
