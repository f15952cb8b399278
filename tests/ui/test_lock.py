"""The locked screen: nothing of the record is seen, what runs goes on, and the way back in is on record."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from kapdesk.access import file
from kapdesk.access.accounts import NewPassword
from kapdesk.access.keys import WrongPassword, unlock
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import GlassBroken, NoteTakenOut, RecordRead, ScreenLocked, SignedIn
from kapdesk.facts.fact import Fact
from kapdesk.facts.people import UNKNOWN, Actor
from kapdesk.facts.session import Ended, NoteTaken, VitalsTaken
from tests.keys import NAME, PASSWORD
from tests.ui.hand import Hand
from ui.close.page import ClosePage
from ui.lock.page import LockPage
from ui.records.audit import AuditPage
from ui.session.page import SessionPage

WORDS = "seven slow herons by the mill"
KEY = Qt.Key


@pytest.fixture
def hand(hand: Hand) -> Hand:
    hand.begin()
    hand.room.record(NoteTaken("She asked for the blue blanket."))
    hand.settle()
    return hand


def lock(hand: Hand) -> LockPage:
    QTest.keyClick(hand.window, KEY.Key_L, Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    return hand.on(LockPage)


def words(hand: Hand) -> str:
    said = [label.text() for label in hand.window.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*said, *hand.buttons()])


def account_without_pin(hand: Hand, name: str) -> str:
    """Someone of the staff has a password, and has not signed in with it yet."""
    people = hand.day.desk.clinic.state.people
    person = next(id_ for id_, each in people.items() if each.name == name)
    hand.day.desk.clinic.ring.add_person(person, name, NewPassword(WORDS))
    return person


def account(hand: Hand, name: str = "Sample Nurse", pin: str = "4071") -> str:
    """Someone of the staff signs in by password once, and chooses a PIN."""
    assert hand.program.lock is not None
    presence = hand.day.desk.presence
    person = account_without_pin(hand, name)
    for step in (presence.by_password(name, WORDS), presence.choose_pin(person, pin)):
        hand.until(step.done)
        step.result()
    hand.settle()
    return person


def audit(hand: Hand) -> list[Fact]:
    kinds = SignedIn | ScreenLocked | GlassBroken
    return [h.fact for h in hand.day.desk.clinic.state.history if isinstance(h.fact, kinds)]


def test_locked_it_names_nobody_and_its_clock_goes_on(hand: Hand) -> None:
    hand.note("Slow, even breath.")
    page = lock(hand)
    for secret in ("Sample Patient", "blanket", "breath", "1980"):
        assert secret not in words(hand)
    (card,) = page.cards.values()
    before = card.face.accessibleDescription()
    hand.pass_(3, idle=True)
    assert card.face.accessibleDescription() != before
    assert hand.engine.decks["A"].sounding or hand.day.desk.music.owner is not None
    for key in (KEY.Key_N, KEY.Key_D, KEY.Key_1, KEY.Key_M, KEY.Key_F2, KEY.Key_Question):
        QTest.keyClick(hand.window, key)
    hand.settle()
    assert len(hand.facts(NoteTaken)) == 2
    assert hand.on(LockPage) is page


def test_the_password_opens_it_where_it_was_with_the_half_typed_note_in_its_place(hand: Hand) -> None:
    hand.key(KEY.Key_N, "half a sen")
    lock(hand)
    hand.press(NAME)
    hand.write("Password", "not this one")
    hand.press("Unlock")
    hand.until(lambda: "do not belong together" in words(hand))
    assert hand.on(LockPage)
    hand.write("Password", PASSWORD)
    hand.press("Unlock")
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    assert hand.page.notes.edit.text() == "half a sen"
    assert hand.day.desk.clinic.state.name_of(hand.day.desk.typing) == NAME


def test_who_opened_it_types_and_whoever_may_not_record_types_for_others(hand: Hand) -> None:
    doing = hand.room.by.by
    lock(hand)
    hand.press(NAME)
    hand.write("Password", PASSWORD)
    hand.press("Unlock")
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    hand.note("Typed by the administrator.")
    note = hand.room.session.history.standing(NoteTaken)[-1]
    assert (note.by, note.entered_by) == (doing, hand.day.desk.clinic.ring.first)


def test_a_pin_changes_hands_in_a_moment(hand: Hand) -> None:
    hand.staff("Sample Therapist Two", "therapist")
    person = account(hand, "Sample Therapist Two")
    lock(hand)
    hand.press("Sample Therapist Two")
    hand.write("PIN", "4071")
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    hand.note("Now it is me.")
    note = hand.room.session.history.standing(NoteTaken)[-1]
    assert (note.by, note.entered_by) == (person, person)
    assert audit(hand)[-2:] == [ScreenLocked(False), SignedIn(person, "PIN")]


def test_a_reading_is_entered_by_pin_while_it_stays_locked(hand: Hand) -> None:
    hand.staff("Sample Nurse Two", "medical staff")
    person = account(hand, "Sample Nurse Two")
    page = lock(hand)
    hand.press("Enter vitals")
    (card,) = page.cards.values()
    card.pad.bring_back(("128", "80", "70", "98", "", ""))
    hand.press("Record reading")
    hand.write("PIN", "9999", card)
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
    hand.until(lambda: "not the PIN" in words(hand))
    assert hand.facts(VitalsTaken) == []
    hand.write("PIN", "4071", card)
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
    hand.until(lambda: hand.facts(VitalsTaken))
    hand.settle()
    (taken,) = hand.room.session.history.standing(VitalsTaken)
    assert (taken.fact.systolic_mmhg, taken.by, taken.entered_by) == (128, person, person)
    assert hand.on(LockPage) is page
    assert card.pad.draft() == ("",) * 6


def test_untouched_for_ten_minutes_it_locks_itself_and_the_music_plays_on(hand: Hand) -> None:
    hand.pass_(9, idle=True)
    assert isinstance(hand.window.page(), SessionPage)
    hand.pass_(2, idle=True)
    assert hand.on(LockPage)
    assert audit(hand)[-1] == ScreenLocked(True)
    assert hand.day.desk.music.owner is not None


def test_breaking_the_glass_opens_it_with_name_and_reason_and_the_window_says_so(hand: Hand) -> None:
    lock(hand)
    hand.press("Emergency access")
    hand.press("Open and keep it on record")
    assert "Type your name and the reason" in words(hand)
    hand.write("Your name", "Doctor From The Ward")
    hand.write("Reason", "patient unwell, nobody here")
    hand.press("Open and keep it on record")
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    hand.settle()
    assert audit(hand)[-1] == GlassBroken("", "Doctor From The Ward", "patient unwell, nobody here")
    assert "EMERGENCY ACCESS by Doctor From The Ward" in hand.window.said("glass")
    assert hand.room.by == Actor("", UNKNOWN)
    hand.seat.write_as(next(iter(hand.day.desk.clinic.state.people)))
    hand.note("By whom?")
    assert "It is not known who types" in words(hand)
    assert len(hand.facts(NoteTaken)) == 1
    hand.day.desk.add_person("Doctor From The Ward", ("prescriber",), "")
    hand.settle()
    hand.note("It is me.")
    assert hand.day.desk.clinic.state.name_of(hand.room.session.history.standing(NoteTaken)[-1].entered_by) == (
        "Doctor From The Ward"
    )
    with pytest.raises(KnownError, match="is not enough for this"):
        hand.day.desk.require("read records")
    hand.pass_(25 * 60)
    hand.day.desk.presence.locked(idle=False)  # type: ignore[union-attr]
    hand.settle()
    assert hand.window.said("glass") == ""


def test_the_administrators_name_under_emergency_access_gives_nothing_of_theirs(hand: Hand) -> None:
    lock(hand)
    hand.press("Emergency access")
    hand.write("Your name", NAME)
    hand.write("Reason", "curious")
    hand.press("Open and keep it on record")
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    hand.day.go_home()
    hand.day._open_own(hand.day.audit)
    assert hand.window.page() is hand.window.home
    with pytest.raises(KnownError, match="is not enough for this"):
        hand.day.desk.add_person("Sample Friend", ("administrator",), "", NewPassword(WORDS))


def test_a_choice_of_files_does_not_stay_open_over_the_locked_page(hand: Hand) -> None:
    dialog = QFileDialog(hand.window, "Save the note")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    lock(hand)
    assert not dialog.isVisible()


def test_what_is_turned_to_meanwhile_waits_behind_the_locked_page(hand: Hand) -> None:
    page = lock(hand)
    hand.day.go_home()
    assert hand.on(LockPage) is page
    hand.window.unlock()
    assert hand.window.page() is hand.window.home


def test_a_pin_is_chosen_on_the_first_page(hand: Hand) -> None:
    lock(hand)
    hand.press(NAME)
    hand.write("Password", PASSWORD)
    hand.press("Unlock")
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    hand.day.go_home()
    hand.press("Choose a PIN")
    hand.write("PIN", "4071")
    hand.write("PIN once more", "4072")
    hand.press("Keep this PIN")
    assert "The two PINs are not the same" in words(hand)
    hand.write("PIN", "1234")
    hand.write("PIN once more", "1234")
    hand.press("Keep this PIN")
    hand.until(lambda: "counts up or down" in words(hand))
    hand.write("PIN", "4071")
    hand.write("PIN once more", "4071")
    hand.press("Keep this PIN")
    hand.until(lambda: "holds until midnight" in words(hand))


def test_reading_a_record_and_taking_out_its_note_are_on_record(hand: Hand, tmp_path: Path) -> None:
    hand.room.record(Ended("completed"))
    hand.settle()
    room = hand.room.id
    hand.day.go_to(hand.seat, "close")
    hand.until(lambda: hand.closing.preview.pages() > 0)
    seat = hand.seat
    assert seat._closing is not None
    seat._closing.save(tmp_path / "note.pdf")
    hand.day._finish(seat)
    hand.day._open_record(room)
    hand.settle()
    facts = [h.fact for h in hand.day.desk.clinic.state.history if isinstance(h.fact, RecordRead | NoteTakenOut)]
    assert facts == [NoteTakenOut(room), RecordRead(room)]
    clerk = hand.staff("Sample Clerk", "administrator")
    hand.day._finish(hand.seat)
    hand.day.desk.by = clerk
    hand.day._open_record(room)
    assert room not in hand.day.desk.seats


def test_a_password_is_changed_on_the_first_page_by_who_knows_the_old_one(hand: Hand) -> None:
    lock(hand)
    hand.press(NAME)
    hand.write("Password", PASSWORD)
    hand.press("Unlock")
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    hand.day.go_home()

    def typed(old: str, new: str, said: str) -> None:
        hand.write("Password so far", old)
        hand.write("Password", new)
        hand.write("Password once more", new)
        hand.press("Keep this password")
        hand.until(lambda: said in words(hand))

    hand.press("Change password")
    typed("not this one", WORDS, "The password so far is another one")
    typed(PASSWORD, "password1", "at least 10 characters")
    typed(PASSWORD, WORDS, "The new password holds from now on")
    ring = file.read(hand.day.desk.clinic.log.folder)
    assert ring is not None
    with pytest.raises(WrongPassword):
        unlock(ring, NAME, PASSWORD)
    assert unlock(ring, NAME, WORDS).holder == hand.day.desk.typing


def test_an_administrator_sees_who_did_what_and_takes_it_out_as_a_table(hand: Hand, tmp_path: Path) -> None:
    hand.staff("=cmd|calc", "medical staff")
    lock(hand)
    hand.press(NAME)
    hand.write("Password", PASSWORD)
    hand.press("Unlock")
    hand.until(lambda: isinstance(hand.window.page(), SessionPage))
    hand.day.go_home()
    hand.press("Who did what")
    page = hand.on(AuditPage)
    assert any(f"{NAME} came in by password" in what for _, _, what in page.shown())
    hand.write("Look for a day, a name or a word", "added calc")
    assert len(page.shown()) == 1
    hand.day.audit.save(tmp_path / "who.csv")
    with (tmp_path / "who.csv").open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    assert head == ["When", "Who", "What"]
    assert row[2].startswith("'=cmd|calc added")
    assert "Sample Patient" not in (tmp_path / "who.csv").read_text()
    hand.day.desk.typing = hand.staff("Sample Nurse Two", "medical staff")
    hand.day._open_own(hand.day.audit)
    hand.day.go_home()
    hand.day._open_own(hand.day.audit)
    assert hand.window.page() is hand.window.home


def test_a_pin_neither_signs_nor_opens_records_nor_takes_out_notes(hand: Hand, tmp_path: Path) -> None:
    hand.staff("Sample Therapist Two", "therapist")
    account(hand, "Sample Therapist Two")
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.day.go_to(hand.seat, "close")
    hand.until(lambda: hand.closing.preview.pages() > 0)
    lock(hand)
    hand.press("Sample Therapist Two")
    hand.write("PIN", "4071")
    hand.press("Unlock")
    hand.until(lambda: isinstance(hand.window.page(), ClosePage))
    seat = hand.seat
    assert seat._closing is not None
    seat._closing.save(tmp_path / "note.pdf")
    assert not (tmp_path / "note.pdf").exists()
    assert words(hand).count("is not enough for this.") == 1
    hand.accounts.add(hand.day.desk.typing)
    hand.press("Sign and lock")
    hand.write("Password", "4071")
    hand.press("Sign and lock")
    hand.until(lambda: "do not belong together. Nothing was signed." in words(hand))
    assert not seat.room.session.signed
    hand.press("Not yet")
    hand.press("Records")
    assert "is not enough for this." in words(hand)

    lock(hand)
    hand.press("Sample Therapist Two")
    hand.press("Password instead")
    hand.write("Password", WORDS)
    hand.press("Unlock")
    hand.until(lambda: not hand.window.locked)
    hand.day.go_to(hand.seat, "close")
    hand.sign("Sample Therapist Two")
    hand.until(lambda: seat.room.session.signed)
