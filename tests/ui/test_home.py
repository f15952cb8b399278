"""The first page: setting up, who is here, what runs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from kapdesk.clinic.backups import Safety
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.open import OpenClinic
from kapdesk.store import backup, keys, places
from tests.ui.hand import Hand
from ui.home.page import HomePage
from ui.home.safety import told
from ui.widgets.choice import Check

Start = Callable[[Path], Hand]


def words_on(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def test_a_folder_without_a_clinic_asks_for_its_set_up_and_opens_it(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "clinic"
    hand = start(folder)
    hand.until(lambda: "There is no clinic here yet." in words_on(hand))
    hand.write("Name of the clinic", "Sample Clinic")
    hand.write("Name", "Sample Therapist")
    next(box for box in hand.window.findChildren(Check) if box.text() == "Therapist").click()
    hand.press("Set up")
    hand.opened()
    hand.until(lambda: "Sample Clinic" in words_on(hand) and "Sample Therapist" in words_on(hand))
    assert hand.day.desk.clinic.state.name_of(hand.day.desk.by) == "Sample Therapist"
    assert keys.read(folder) is not None


def test_what_is_missing_at_the_set_up_is_said_in_place_and_nothing_is_made(start: Start, tmp_path: Path) -> None:
    hand = start(tmp_path / "new")
    hand.until(lambda: "There is no clinic here yet." in words_on(hand))
    hand.press("Set up")
    assert "The clinic’s name is missing" in words_on(hand)
    hand.write("Name of the clinic", "Sample Clinic")
    hand.write("Time zone", "Nowhere/Middle")
    hand.press("Set up")
    assert "is no time zone" in words_on(hand)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_opened_is_told_in_one_sentence(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "clinic"
    folder.mkdir()
    (folder / keys.FILE).write_text("not a key file")
    hand = start(folder)
    hand.until(lambda: "Opening" not in words_on(hand))
    assert "key" in words_on(hand).lower()
    assert hand.program.day is None
    (folder / keys.FILE).unlink()
    hand.press("Try again")
    hand.until(lambda: "There is no clinic here yet." in words_on(hand))
    assert "Try again" not in hand.buttons()


def test_someone_without_a_role_is_not_added(hand: Hand) -> None:
    hand.press("Add someone to the staff")
    hand.write("Name", "Sample Doctor")
    hand.press("Add this person")
    assert "Choose at least one role" in words_on(hand)
    assert "Sample Doctor" not in [person.name for person in hand.day.desk.clinic.state.people.values()]


def test_who_is_here_first_is_at_the_desk_and_who_leaves_is_not(hand: Hand) -> None:
    desk, name_of = hand.day.desk, hand.day.desk.clinic.state.name_of
    assert [name_of(person) for person in desk.here] == ["Sample Therapist", "Sample Nurse"]
    assert name_of(desk.by) == "Sample Therapist"
    desk.turn_person(desk.by, False)
    assert name_of(desk.by) == "Sample Nurse"
    assert "Writing: Sample Nurse" in words_on(hand)


def test_no_session_begins_before_someone_is_here(start: Start, folder: Path) -> None:
    hand = start(folder).opened()
    hand.press("Begin a session")
    hand.on(HomePage)
    assert "Choose first who is here" in words_on(hand)


def test_a_fifth_session_is_refused_in_words(hand: Hand) -> None:
    for n in range(4):
        hand.open_session(f"Sample Patient {'ABCD'[n]}", f"198{n}-01-01", str(n))
    hand.day.go_home()
    hand.press("Begin a session")
    hand.on(HomePage)
    assert "4 sessions run already" in words_on(hand)
    assert sum("Go on with this session" in name for name in hand.buttons()) == 4


def test_a_bug_while_opening_does_not_leave_the_first_page_waiting(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kapdesk.clinic.open.SqlLog", broken)
    hand = start(folder)
    hand.until(lambda: "by a fault in KapDesk" in words_on(hand))
    assert "Opening" not in words_on(hand)


def test_a_damaged_record_is_put_back_from_the_first_page(start: Start, folder: Path) -> None:
    OpenClinic(folder, Inbox().post).close()
    whole = (folder / "record.db").read_bytes()
    (folder / "record.db").write_bytes(whole[: len(whole) // 2])
    hand = start(folder)
    hand.until(lambda: "Put it back from its copies" in hand.buttons())
    assert "damaged" in words_on(hand)
    hand.press("Put it back from its copies")
    hand.opened()
    hand.until(lambda: "The record was put back" in words_on(hand))
    assert "Every line of it holds." in words_on(hand)
    assert "What was damaged is kept in" in words_on(hand)
    assert hand.day.desk.clinic.check().whole
    hand.press("Understood")
    assert "The record was put back" not in words_on(hand)


def test_what_no_copy_can_mend_offers_no_repair(start: Start, folder: Path) -> None:
    (folder / keys.FILE).write_text("not a key file")
    hand = start(folder)
    hand.until(lambda: "Try again" in hand.buttons())
    assert "Put it back from its copies" not in hand.buttons()


NOW_US, HOUR_US = 1_772_445_600_000_000, 3_600_000_000


@pytest.mark.parametrize(
    ("safety", "said", "amber"),
    [
        (Safety(NOW_US - 2 * HOUR_US, "x", apart=True), "Last verified backup 2 h 00 min ago, on another disk.", False),
        (Safety(NOW_US - 2 * HOUR_US, "x"), "on this disk only", False),
        (Safety(NOW_US - 37 * HOUR_US, "x", apart=True), "37 h 00 min ago", True),
        (Safety(), "No backup yet.", False),
        (Safety(NOW_US, "x", "No backup could be made in x (No space left on device)."), "No space left", True),
        (Safety(NOW_US, "x", lacks=3, second_trouble="Input/output error"), "is 3 lines behind (Input/output", True),
        (Safety(NOW_US, "x", on_reserve=True), "The disk is full.", True),
    ],
)
def test_how_safe_the_record_is_stands_on_the_first_page(safety: Safety, said: str, amber: bool) -> None:
    words, warns = told(safety, NOW_US)
    assert (said in words, warns) == (True, amber)


def test_the_age_of_the_backup_is_on_the_first_page_and_turns_amber(hand: Hand) -> None:
    line = hand.window.home.safety
    assert line is not None
    hand.until(lambda: "No backup yet" in line.accessibleName())
    hand.day.desk.clinic.tick()
    hand.until(hand.day.desk.clinic.backups.idle)
    hand.day.go_home()
    assert "Last verified backup just now" in line.accessibleName()


def test_closing_makes_a_last_backup(hand: Hand, folder: Path) -> None:
    hand.window.close()
    hand.until(lambda: hand.program.day is None)
    (made,) = backup.at_hand([folder / places.BACKUPS])
    assert made.entries > 2
