"""A session, worked by its keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from kapdesk.facts.care import StateBegan
from kapdesk.facts.home import MusicElsewhere
from kapdesk.facts.people import Actor
from kapdesk.facts.session import (
    DoseGiven,
    Marked,
    MusicSilenced,
    NoteTaken,
    PhaseEntered,
    PhaseExtended,
    VitalsNotTaken,
    VitalsTaken,
)
from kapdesk.music.engine import wire
from tests.fakes import MINUTE_US
from tests.ui.hand import Hand, words_on
from ui.session.page import SessionPage
from ui.session.rows import rows
from ui.widgets.clock import ClockReading

KEY = Qt.Key


def test_a_whole_session_by_its_keys(hand: Hand) -> None:
    hand.begin()
    hand.pass_(3)
    hand.note("Eye mask on.")
    hand.key("5", "m")
    hand.key(KEY.Key_V, "136 88 78 97", KEY.Key_Return)
    hand.pass_(4)
    hand.dose("12,5")
    hand.press("To peak")
    hand.settle()
    hand.press("This phase five minutes longer")
    hand.settle()
    assert [fact.text for fact in hand.facts(NoteTaken)] == ["Eye mask on."]
    assert hand.facts(StateBegan) == [StateBegan("Eyes", "closed")]
    assert len(hand.facts(Marked)) == 1
    assert hand.facts(VitalsTaken) == [VitalsTaken(136, 88, 78, 97)]
    assert [fact.dose_ug for fact in hand.facts(DoseGiven)] == [50_000, 12_500]
    assert hand.facts(PhaseEntered) == [PhaseEntered("peak")]
    assert hand.facts(PhaseExtended) == [PhaseExtended("peak", 300_000)]
    assert {state for _, _, state in hand.rows()} == {"saved"}


def test_the_time_of_a_note_is_its_first_key(hand: Hand) -> None:
    hand.begin()
    began_us = hand.room.now_us()
    hand.key(KEY.Key_N, "S")
    hand.computer.pass_(90)
    hand.key("lowly.", KEY.Key_Return)
    hand.settle()
    (note,) = hand.room.session.history.standing(NoteTaken)
    assert (note.fact.text, note.at_us) == ("Slowly.", began_us)
    assert note.entered_at_us == began_us + 90_000_000


def test_keys_do_not_act_in_an_editor_and_esc_keeps_the_draft(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_N, "v d m 5 n", KEY.Key_Escape)
    assert hand.page.notes.edit.text() == "v d m 5 n"
    assert hand.facts(Marked) == []
    assert QApplication.focusWidget() is hand.page
    hand.key("m")
    hand.settle()
    assert len(hand.facts(Marked)) == 1
    assert hand.page.notes.edit.text() == "v d m 5 n"


def test_a_code_over_a_half_typed_note_goes_with_it(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_N, "a hand was asked for", KEY.Key_Escape, "8")
    hand.settle()
    assert hand.facts(NoteTaken) == []
    hand.key(KEY.Key_N, KEY.Key_Return)
    hand.settle()
    assert hand.facts(NoteTaken) == [NoteTaken("a hand was asked for", "Intervention")]


def test_the_patients_own_words_are_marked_as_such(hand: Hand) -> None:
    hand.begin()
    hand.press("The patient’s own words")
    hand.note("It is wide here.")
    assert hand.facts(NoteTaken) == [NoteTaken("It is wide here.", "", True)]
    assert ("", "“It is wide here.”", "saved") in hand.rows()
    hand.note("Calm.")
    assert hand.facts(NoteTaken)[1].patients_words is False


def test_what_was_just_recorded_is_taken_back_within_ten_seconds_only(hand: Hand) -> None:
    hand.begin()
    hand.note("wrong")
    hand.key("5")
    hand.settle()
    hand.page.keys.emit("undo")
    hand.settle()
    assert [note.text for note in hand.facts(NoteTaken)] == ["wrong"]
    hand.note("late")
    hand.computer.pass_(11)
    hand.page.keys.emit("undo")
    hand.settle()
    assert [note.text for note in hand.facts(NoteTaken)] == ["wrong", "late"]
    assert "There is nothing to take back" in words_on(hand)


def test_an_empty_note_line_takes_back_by_ctrl_z_a_filled_one_edits(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_N, "gone", KEY.Key_Return)
    hand.settle()
    hand.bot.keyClick(hand.page.notes.edit, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    assert hand.facts(NoteTaken) == []
    assert "gone" not in [text for _, text, _ in hand.rows()]


def test_a_value_that_is_not_possible_is_refused_and_one_to_check_is_asked_once(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_V, "350 88", KEY.Key_Return)
    assert "is not possible" in hand.page.vitals.pad.message()
    hand.settle()
    assert hand.facts(VitalsTaken) == []
    hand.page.vitals.pad.clear()
    hand.key(KEY.Key_V, "210 88", KEY.Key_Return)
    assert "please check" in hand.page.vitals.pad.message()
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(VitalsTaken) == [VitalsTaken(210, 88)]


def test_a_reading_left_out_has_its_reason(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_V)
    hand.press("Reading not taken, reason")
    hand.write("Reason the reading was not taken", "asleep")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(VitalsNotTaken) == [VitalsNotTaken("asleep")]


def test_a_late_reading_shows_on_the_clock_without_a_sound_or_a_pop_up(hand: Hand) -> None:
    hand.begin()
    hand.pass_(22)
    shown: ClockReading = hand.page.now.clock._reading
    assert shown.overdue == "Vitals 7 min late"
    assert shown.elapsed_ms == 22 * 60_000
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == [hand.window]


def test_a_dose_entered_twelve_minutes_late_stands_at_its_real_time_and_all_else_follows(hand: Hand) -> None:
    """Phases, what is due, and so what the music follows: the room's own reading of its phase."""
    hand.begin(dosed=False)
    hand.pass_(12)
    hand.key(KEY.Key_D)
    hand.write("Dose in milligrams", "50")
    hand.press("Time of day", hand.page.dose)
    hand.write("Time of day, hours and minutes", "11:10", hand.page.dose)
    hand.key(KEY.Key_Return)
    hand.until(lambda: hand.facts(DoseGiven))
    hand.settle()
    (given,) = hand.room.session.history.standing(DoseGiven)
    assert given.entered_at_us - given.at_us == 12 * MINUTE_US
    shown: ClockReading = hand.page.now.clock._reading
    assert (shown.elapsed_ms, shown.next_due) == (12 * 60_000, "Vitals in 3 min")
    span = hand.room.phase()
    assert span is not None
    assert (span.phase, span.start_us) == ("ascent", given.at_us + 5 * MINUTE_US)
    assert "12 min late" not in "".join(text for _, text, _ in hand.rows())


def test_a_corrected_first_dose_moves_everything(hand: Hand) -> None:
    hand.begin()
    hand.pass_(12)
    (before,) = hand.room.session.history.standing(DoseGiven)
    peak_us = next(span.start_us for span in hand.room.spans if span.phase == "peak")
    hand.page.doses.opened.emit(str(before.id))
    hand.page.notes.amend._at.setText(hand.seat.seen().wall(before.at_us - 5 * MINUTE_US))
    hand.press("Correct")
    assert "Say why" in words_on(hand)
    hand.write("Reason", "seen on the clock")
    hand.press("Correct")
    hand.settle()
    (after,) = hand.room.session.history.standing(DoseGiven)
    moved_us = after.at_us - before.at_us
    assert abs(moved_us + 5 * MINUTE_US) < MINUTE_US
    assert next(span.start_us for span in hand.room.spans if span.phase == "peak") == peak_us + moved_us
    assert hand.page.now.clock._reading.elapsed_ms == (hand.room.now_us() - after.at_us) // 1000
    (row,) = [row for row in rows(hand.seat.seen()) if row.code == "Dose"]
    assert "seen on the clock" in row.remark


def test_a_note_is_corrected_in_place_and_keeps_what_it_was(hand: Hand) -> None:
    hand.begin()
    hand.note("slep")
    hand.page.notes.opened.emit(str(hand.id_of("slep")))
    hand.page.notes.amend._text.setPlainText("asleep")
    hand.write("Reason", "typing")
    hand.key(KEY.Key_Return)
    hand.settle()
    (row,) = [row for row in rows(hand.seat.seen()) if row.text == "asleep"]
    assert row.was == "slep"
    assert hand.page.notes.amend.isHidden()


def test_a_line_is_struck_with_a_reason_and_stays_to_be_seen(hand: Hand) -> None:
    hand.begin()
    hand.note("for another patient")
    hand.pass_(1)
    hand.page.notes.strike_asked.emit(str(hand.id_of("for another patient")))
    hand.press("Strike out")
    assert "Say why" in words_on(hand)
    hand.write("Reason", "wrong patient")
    hand.press("Strike out")
    hand.settle()
    assert hand.facts(NoteTaken) == []
    (row,) = [row for row in rows(hand.seat.seen()) if row.text == "for another patient"]
    assert row.struck


def test_a_dose_that_cannot_be_read_is_refused_in_place(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.key(KEY.Key_D)
    hand.write("Dose in milligrams", "5O")
    hand.press("Record this dose")
    assert "Type the dose in milligrams" in words_on(hand)
    assert hand.facts(DoseGiven) == []
    assert hand.page.dose.form.mg.text() == "5O"


def test_nobody_writes_in_the_name_of_the_program(hand: Hand) -> None:
    hand.begin()
    hand.room.by = Actor("", "")
    hand.key(KEY.Key_N, "whose?", KEY.Key_Return)
    hand.settle()
    assert hand.facts(NoteTaken) == []
    assert "Nobody is chosen under “By”" in words_on(hand)
    assert hand.page.notes.edit.text() == "whose?"


def test_another_person_writes_after_one_press(hand: Hand) -> None:
    hand.begin()
    hand.press("By: Sample Therapist")
    hand.press("Sample Nurse")
    hand.note("Mine.")
    (note,) = hand.room.session.history.standing(NoteTaken)
    assert hand.day.desk.clinic.state.name_of(note.by) == "Sample Nurse"


def test_a_half_typed_note_stays_with_its_patient(hand: Hand) -> None:
    hand.begin()
    first = hand.seat
    hand.key(KEY.Key_N, "for A", KEY.Key_Escape)
    second = hand.open_session("Sample Patient B", "1981-02-02", "3")
    hand.press("Ready to begin")
    hand.key(KEY.Key_N, "for B", KEY.Key_Escape)
    assert hand.page is second.page
    assert second.page.notes.edit.text() == "for B"
    hand.day.go_to(first)
    assert hand.page.notes.edit.text() == "for A"
    assert "Observations for Sample Patient A, chair 2" in words_on(hand)


def test_both_layouts_and_the_narrow_one_hold_the_same_session(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_N, "half", KEY.Key_Escape, KEY.Key_F2)
    page = hand.page
    assert page.layout_ == "medical"
    assert page.vitals.pad.isVisible()
    hand.window.resize(640, 768)
    hand.until(lambda: page.notes.edit.isVisible() and page.width() < 640)
    assert page.notes.edit.text() == "half"
    assert page.now.clock.isVisible()
    hand.press("Vitals", page.columns.slim)
    assert page.vitals.tiles.isVisible()
    hand.window.resize(1366, 768)
    hand.until(lambda: page.notes.isVisible() and page.vitals.isVisible() and page.doses.isVisible())
    hand.key(KEY.Key_F2)
    assert page.layout_ == "therapist"
    assert page.notes.edit.text() == "half"


@pytest.mark.parametrize("size", [(1366, 708), (1366, 768), (1920, 1080), (640, 720)])
def test_the_page_fits_its_screen(hand: Hand, size: tuple[int, int]) -> None:
    hand.begin()
    hand.window.resize(*size)
    QApplication.processEvents()
    assert (hand.window.width(), hand.window.height()) == size
    for part in (hand.page.now.clock, hand.page.notes.edit, hand.page.notes.list, hand.page.music):
        assert part.isVisible()
        assert part.height() >= part.minimumSizeHint().height()
    hand.page.say("A sentence in place, while the screen is low.")
    QApplication.processEvents()
    assert (hand.window.width(), hand.window.height()) == size
    assert hand.page.now.clock.height() >= hand.page.now.clock.minimumSizeHint().height()


def test_space_takes_the_music_out_and_brings_it_back(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.key(KEY.Key_Space)
    hand.engine.sounds("A")
    assert not hand.day.desk.music.now().silenced
    hand.key(KEY.Key_Space)
    hand.settle()
    assert hand.day.desk.music.now().silenced
    assert len(hand.facts(MusicSilenced)) == 1
    assert "Bring back (key Space)" in hand.buttons()


def test_space_presses_the_button_that_was_reached_by_tab(hand: Hand) -> None:
    hand.begin()
    button = hand.button("This phase five minutes longer")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    hand.key(KEY.Key_Space)
    hand.settle()
    assert len(hand.facts(PhaseExtended)) == 1
    assert hand.day.desk.music.now().silenced
    assert not any(isinstance(order, wire.Load) for order in hand.engine.asked)


def test_a_press_of_the_mouse_leaves_the_cursor_in_the_note(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_N, "half")
    hand.press("This phase five minutes longer")
    assert QApplication.focusWidget() is hand.page.notes.edit


def test_the_card_of_keys_covers_neither_clock_nor_name(hand: Hand) -> None:
    hand.begin()
    hand.key("?")
    card = hand.window._card
    assert card is not None
    assert card.isVisible()
    for part in (hand.page.now.clock, hand.page.bar):
        place = part.rect().translated(part.mapTo(hand.window, part.rect().topLeft()))
        assert not place.intersects(card.geometry())
    hand.key("?")
    assert not card.isVisible()


def test_one_session_has_the_music_and_another_can_take_it(hand: Hand) -> None:
    first = hand.begin() and hand.seat
    assert first
    second = hand.open_session("Sample Patient B", "1981-02-02", "3")
    hand.press("Ready to begin")
    hand.on(SessionPage)
    assert "The music plays for Sample Patient A" in hand.page.music._title.whole()
    hand.press("Music to this session")
    assert hand.day.desk.music.owner is second.room


def test_a_tenfold_dose_is_asked_about_once_and_a_hundredfold_one_refused(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.key(KEY.Key_D)
    hand.write("Dose in milligrams", "500")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert "please check" in words_on(hand)
    assert hand.facts(DoseGiven) == []
    hand.page.dose.form.mg.setText("5000")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert "not possible" in words_on(hand)
    hand.page.dose.form.mg.setText("500")
    hand.key(KEY.Key_Return, KEY.Key_Return)
    hand.settle()
    assert [fact.dose_ug for fact in hand.facts(DoseGiven)] == [500_000]


def test_strength_lot_and_expiry_are_folded_away_and_go_on_record_with_the_volume(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.key(KEY.Key_D)
    assert "Lot" not in [
        edit.accessibleName() for edit in hand.page.dose.form.findChildren(QLineEdit) if edit.isVisible()
    ]
    hand.press("Strength, lot and expiry")
    hand.write("Strength in mg/mL", "40")
    hand.write("Lot", "SAMPLE-7")
    hand.write("Expiry, for example 2027-04", "2027-04")
    hand.write("Dose in milligrams", "25")
    assert "= 0.625 mL" in words_on(hand)
    hand.key(KEY.Key_Return)
    hand.settle()
    (dose,) = hand.facts(DoseGiven)
    assert (dose.strength_ug_per_ml, dose.volume_ul, dose.lot, dose.expiry) == (40_000, 625, "SAMPLE-7", "2027-04")


def test_a_line_of_three_days_ago_is_corrected_on_its_own_day(hand: Hand) -> None:
    hand.begin()
    (before,) = hand.room.session.history.standing(DoseGiven)
    hand.computer.pass_(2 * 86_400 + 3_600)
    hand.page.doses.opened.emit(str(before.id))
    hand.page.notes.amend._at.setText(hand.seat.seen().wall(before.at_us - 5 * MINUTE_US))
    hand.write("Reason", "seen on the clock")
    hand.press("Correct")
    hand.settle()
    (after,) = hand.room.session.history.standing(DoseGiven)
    assert abs(after.at_us - before.at_us + 5 * MINUTE_US) < MINUTE_US


def test_space_in_a_session_without_the_music_says_who_has_it(hand: Hand) -> None:
    hand.begin()
    hand.open_session("Sample Patient B", "1981-02-02", "3")
    hand.press("Ready to begin")
    hand.key(KEY.Key_Space)
    assert "The music plays for Sample Patient A" in words_on(hand)
    assert hand.day.desk.music.now().silenced


def test_without_a_sound_device_that_is_said_in_one_plain_sentence(hand: Hand) -> None:
    hand.begin()
    hand.engine.hello(sink="dummy (no sound server)")
    hand.day._show()
    assert "No sound output: the music runs, but nobody hears it." in words_on(hand)
    hand.engine.hello(sink="headphones")
    hand.day._show()
    assert "No sound output" not in words_on(hand)


def test_without_libvlc_a_plain_banner_says_how_to_install_it_and_the_session_goes_on(hand: Hand) -> None:
    hand.begin()
    hand.day.desk.music._unavailable = "Music needs libVLC, which is not here."
    hand.day._show()
    assert "sudo apt install libvlc5 vlc-plugin-base" in words_on(hand)
    hand.press("Understood")
    assert "sudo apt install" not in words_on(hand)
    hand.note("It goes on.")
    assert hand.facts(NoteTaken) == [NoteTaken("It goes on.")]


def test_music_that_kapdesk_does_not_play_is_typed_in_the_clinic_too(hand: Hand) -> None:
    page = hand.begin()
    hand.press("Music played elsewhere …")
    hand.write("Music played elsewhere: what they hear from now on", "a drum in the room")
    hand.press("Record these words")
    hand.settle()
    assert [fact.what for fact in hand.facts(MusicElsewhere)] == ["a drum in the room"]
    assert "Bring in" in [name.split(" (key")[0] for name in hand.buttons(page.music)]
