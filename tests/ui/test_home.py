"""The first page: setting up, who is here, what runs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from kapdesk.access import file, recovery
from kapdesk.clinic import founding, keyring, running
from kapdesk.clinic.backups import Safety
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.session import Ended
from kapdesk.store import backup, places
from tests.keys import FIRST, NAME, PASSWORD, opened
from tests.ui.hand import Hand, words_on
from ui.home.page import HomePage
from ui.home.safety import told
from ui.widgets.choice import Check

Start = Callable[[Path], Hand]


def set_up(hand: Hand, password: str = PASSWORD, again: str = "") -> None:
    """Fill in the set-up page, and press."""
    hand.until(lambda: "There is no clinic here yet." in words_on(hand))
    hand.write("Name of the clinic", "Sample Clinic")
    hand.write("Name", "Sample Therapist")
    next(box for box in hand.window.findChildren(Check) if box.text() == "Therapist").click()
    hand.write("Password", password)
    hand.write("Password once more", again or password)
    hand.press("Set up")


def test_a_folder_without_a_clinic_asks_for_its_set_up_shows_the_code_and_opens_it(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "clinic"
    hand = start(folder)
    set_up(hand)
    hand.until(lambda: "It is shown this once" in words_on(hand))
    code = "-".join(word for word in words_on(hand).split("\n") if len(word) == 5 and word.isupper())
    assert len(recovery.read(code)) == 47
    assert not hand.button("Go on").isEnabled()
    hand.press("Print …")
    assert "knows no printer" in words_on(hand)
    next(box for box in hand.window.findChildren(Check) if box.text() == "It is on paper").click()
    hand.press("Go on")
    hand.until(lambda: hand.program.day is not None)
    hand.until(lambda: "Sample Clinic" in words_on(hand) and "Sample Therapist" in words_on(hand))
    assert code[:5] not in words_on(hand)
    assert hand.day.desk.clinic.state.name_of(hand.day.desk.by) == "Sample Therapist"
    (person,) = hand.day.desk.clinic.state.people.values()
    assert person.roles == ("therapist", "administrator")


def test_a_password_that_is_guessed_or_typed_differently_is_refused_in_place(start: Start, tmp_path: Path) -> None:
    hand = start(tmp_path / "new")
    set_up(hand, "sample therapist")
    assert "made of your name" in words_on(hand)
    hand.write("Password", " and four more words")
    hand.press("Set up")
    assert "not the same" in words_on(hand)
    assert not (tmp_path / "new").exists()


def test_a_wrong_password_is_told_and_the_name_stays(start: Start, folder: Path) -> None:
    hand = start(folder)
    hand.until(lambda: "The record is closed." in words_on(hand))
    hand.press("Open")
    assert "Type your password." in words_on(hand)
    hand.write("Password", "not the one")
    hand.press("Open")
    hand.until(lambda: "do not belong together" in words_on(hand))
    assert hand.program.day is None
    hand.write("Password", PASSWORD)
    hand.press("Open")
    hand.until(lambda: hand.program.day is not None)


def test_after_five_wrong_passwords_the_next_one_waits(start: Start, folder: Path) -> None:
    hand = start(folder)
    hand.until(lambda: hand.window.home.sign_in is not None)
    for _ in range(5):
        hand.until(lambda: hand.button("Open").isEnabled())
        hand.write("Password", "wrong")
        hand.press("Open")
        hand.until(lambda: "Opening …" not in hand.buttons())
    hand.until(lambda: any(name.startswith("Wait ") for name in hand.buttons()))
    hand.write("Password", PASSWORD)
    hand.until(lambda: "Open" in hand.buttons())
    hand.press("Open")
    hand.until(lambda: hand.program.day is not None)


def test_the_recovery_code_opens_it_and_gives_a_new_password(start: Start, tmp_path: Path) -> None:
    _, code = founding.found(tmp_path / "c", "Sample Clinic", "Europe/Warsaw", "a4", FIRST)
    hand = start(tmp_path / "c")
    hand.until(lambda: "Forgotten password" in hand.buttons())
    hand.press("Forgotten password")
    hand.write("Recovery code", code.lower().replace("-", " "))
    hand.write("Password", "another sixteen lanterns")
    hand.write("Password once more", "another sixteen lanterns")
    hand.press("Open with the recovery code")
    hand.until(lambda: hand.program.day is not None)
    assert keyring.sign_in(tmp_path / "c", NAME, "another sixteen lanterns")


def test_a_password_is_in_no_name_tip_or_text_of_the_window(start: Start, folder: Path) -> None:
    hand = start(folder)
    hand.until(lambda: hand.window.home.sign_in is not None)
    hand.write("Password", PASSWORD)
    for widget in hand.window.findChildren(QWidget):
        assert PASSWORD not in widget.accessibleName() + widget.toolTip() + widget.objectName()
    (edit,) = [each for each in hand.window.findChildren(QLineEdit) if each.text() == PASSWORD]
    assert edit.displayText() == "●" * len(PASSWORD) or set(edit.displayText()) != set(PASSWORD)
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    hand.press("Show what is typed: Password")
    assert edit.displayText() == PASSWORD
    assert hand.window.home.sign_in is not None
    hand.window.home.sign_in.clear()
    edit.undo()
    assert edit.text() == "", "nothing of it comes back"


def test_only_an_administrator_gives_someone_a_password(hand: Hand) -> None:
    hand.press("Add someone to the staff")
    hand.write("Name", "Sample Doctor")
    next(box for box in hand.window.findChildren(Check) if box.text() == "Prescriber" and box.isVisible()).click()
    hand.write("Password", PASSWORD)
    hand.write("Password once more", PASSWORD)
    hand.press("Add this person")
    assert "Sample Therapist (therapist) may not decide who works here" in words_on(hand)
    admin = next(id_ for id_, each in hand.day.desk.clinic.state.people.items() if each.name == NAME)
    hand.day.desk.by = admin
    hand.press("Add this person")
    hand.until(lambda: "Sample Doctor" in (keyring.names(hand.day.desk.clinic.log.folder) or ()))
    assert keyring.sign_in(hand.day.desk.clinic.log.folder, "Sample Doctor", PASSWORD)


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
    (folder / file.FILE).write_text("not a key file")
    hand = start(folder)
    hand.until(lambda: "Opening" not in words_on(hand))
    assert "key" in words_on(hand).lower()
    assert hand.program.day is None
    (folder / file.FILE).unlink()
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
    hand.until(lambda: hand.window.home.sign_in is not None)
    hand.write("Password", PASSWORD)
    hand.press("Open")
    hand.until(lambda: "by a fault in KapDesk" in words_on(hand))
    assert "Opening" not in words_on(hand)


def test_a_damaged_record_is_put_back_from_the_first_page(start: Start, folder: Path) -> None:
    OpenClinic(opened(folder), Inbox().post).close()
    whole = (folder / "record.db").read_bytes()
    (folder / "record.db").write_bytes(whole[: len(whole) // 2])
    hand = start(folder)
    hand.until(lambda: hand.window.home.sign_in is not None)
    hand.write("Password", PASSWORD)
    hand.press("Open")
    hand.until(lambda: "Put it back from its copies" in hand.buttons())
    assert "damaged" in words_on(hand)
    hand.press("Put it back from its copies")
    hand.until(lambda: hand.program.day is not None)
    hand.until(lambda: "The record was put back" in words_on(hand))
    assert "Every line of it holds." in words_on(hand)
    assert "What was damaged is kept in" in words_on(hand)
    assert hand.day.desk.clinic.check().whole
    hand.press("Understood")
    assert "The record was put back" not in words_on(hand)


def test_what_no_copy_can_mend_offers_no_repair(start: Start, folder: Path) -> None:
    (folder / file.FILE).write_text("not a key file")
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
        (Safety(NOW_US, "x", certificate="The clinic’s certificate ends on 2026-04-01."), "ends on 2026-04-01", True),
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


def test_the_sign_in_page_says_that_a_session_waits_and_names_nobody(start: Start, folder: Path) -> None:
    hand = start(folder).opened()
    hand.staff("Sample Nurse", "medical staff")
    hand.begin()
    hand.pass_(0.1)
    hand.until(lambda: running.read(folder) == 1)
    hand.pull_the_plug()
    again = start(folder)
    again.until(lambda: "A session was running when KapDesk last stopped." in words_on(again))
    assert "Sample Patient" not in words_on(again)


def test_a_session_that_has_ended_does_not_wait(start: Start, folder: Path) -> None:
    hand = start(folder).opened()
    hand.staff("Sample Nurse", "medical staff")
    hand.begin()
    hand.pass_(0.1)
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.pass_(0.1)
    hand.until(lambda: running.read(folder) == 0)
    assert running.words(0) == ""
