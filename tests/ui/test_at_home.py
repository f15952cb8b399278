"""A session at home by video, through the window: where they are, the contact lost, sought and found."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from kapdesk import paths
from kapdesk.clinic.protocols import FOLDER
from kapdesk.clinical.dosing import SELF_TAKEN
from kapdesk.facts.care import Overridden
from kapdesk.facts.home import (
    ContactFound,
    ContactLost,
    ContactSought,
    HomeDosesCounted,
    MusicElsewhere,
    PatientLocated,
)
from kapdesk.facts.session import DoseGiven, Ended, VitalsTaken, WeightMeasured
from kapdesk.session import at_home, needs
from tests.plain import approve
from tests.ui.hand import Hand
from ui.session import reading, saying
from ui.session.vitals import reader

TOML = paths.shipped("resources", "protocols", "home-video.toml").read_text(encoding="utf-8")


@pytest.fixture
def hand(hand: Hand) -> Hand:
    """A clinic with the shipped protocol at home, approved; a therapist at the desk."""
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(TOML, encoding="utf-8")
    approve(desk.clinic, TOML)
    hand.settle()
    desk.turn_person(next(i for i, p in desk.clinic.state.people.items() if p.name == "Sample Therapist"), True)
    hand.open_session()
    return hand


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def located(hand: Hand) -> None:
    section = next(each for each in hand.arrival.before.sections if each.name == "location")
    section.open(True)
    hand.write("Where they are now: street, number, floor, town", "Sample Street 1, 2nd floor", section)
    hand.write("Emergency number there", "112", section)
    hand.write("Number to call back", "555-0101", section)
    hand.write("Companion’s name", "A friend", section)
    hand.write("Companion’s phone", "555-0100", section)
    hand.press("Companion seen on the picture", section)
    hand.press("Record where they are, as said today", section)
    hand.settle()


def test_where_they_are_and_what_was_sent_is_asked_on_arrival(hand: Hand) -> None:
    located(hand)
    there = PatientLocated("Sample Street 1, 2nd floor", "112", "555-0101", "A friend", "555-0100", True)
    assert hand.facts(PatientLocated) == [there]
    section = next(each for each in hand.arrival.before.sections if each.name == "doses at home")
    section.open(True)
    hand.write("Medication and strength, as on its label", "ketamine 100 mg", section)
    for word, text in (("sent", "4"), ("taken", "2"), ("left", "3")):
        hand.write(f"Pieces {word}", text, section)
    hand.press("Record the count", section)
    assert "4 sent are not 2 taken and 3 left" in said(hand)
    section.edits[2].clear()
    hand.write("Pieces taken", "1", section)
    hand.press("Record the count", section)
    hand.settle()
    assert hand.facts(HomeDosesCounted) == [HomeDosesCounted("ketamine 100 mg", 4, 1, 3)]
    assert "Emergency 112, call back 555-0101. At Sample Street 1, 2nd floor" in said(hand)


def test_a_lost_contact_shows_the_numbers_keeps_each_try_and_ends_with_a_word(hand: Hand) -> None:
    located(hand)
    hand.seat.turned.emit("session")
    hand.settle()
    hand.key(Qt.Key.Key_L)
    hand.settle()
    assert len(hand.facts(ContactLost)) == 1
    for words in ("Patient 555-0101", "A friend 555-0100", "Emergency number 112", "At Sample Street 1, 2nd floor"):
        assert words in said(hand)
    hand.press("Patient called")
    hand.pass_(2)
    hand.press("Companion called")
    hand.settle()
    assert [fact.by for fact in hand.facts(ContactSought)] == ["phone", "companion"]
    assert "Contact lost 2 min" in said(hand)
    hand.press("In contact again …")
    hand.write("In contact again: how they are", "calm, the network was gone")
    hand.press("Record these words")
    hand.settle()
    assert [fact.words for fact in hand.facts(ContactFound)] == ["calm, the network was gone"]
    assert at_home.lost(hand.room.session) is None
    assert "Contact lost 2 min" not in said(hand)
    assert hand.facts(Ended) == []


def test_at_home_a_reading_is_the_companions_unless_someone_says_otherwise(hand: Hand) -> None:
    assert reader(hand.seat.seen()) == "patient"
    located(hand)
    assert reader(hand.seat.seen()) == "companion"
    assert hand.arrival.vitals.pad.details.into(VitalsTaken(120, 80)).read_by == "companion"


def test_music_played_elsewhere_is_offered_first_and_the_desks_own_player_stands_behind_a_button(hand: Hand) -> None:
    hand.seat.turned.emit("session")
    hand.settle()
    music = hand.page.music
    assert hand.buttons(music) == ["Play here …", "Music played elsewhere …"]
    hand.press("Music played elsewhere …")
    hand.write("Music played elsewhere: what they hear from now on", "their own list")
    hand.press("Record these words")
    hand.settle()
    at = hand.seat.seen().wall(hand.room.session.history.standing(MusicElsewhere)[0].at_us)
    assert f"Played elsewhere · since {at}" in said(hand)
    assert "their own list" in said(hand)
    assert any("their own list" in text for _, text, _ in hand.rows())
    hand.key(Qt.Key.Key_Space)
    hand.press("Nothing any more")
    hand.settle()
    assert [fact.what for fact in hand.facts(MusicElsewhere)] == ["their own list", ""]
    assert "No music on record" in said(hand)
    hand.press("Play here …")
    assert "Bring in" in [name.split(" (key")[0] for name in hand.buttons(music)]
    assert "Play here …" not in hand.buttons(music)


def test_where_they_were_last_time_is_offered_and_only_what_is_pressed_is_recorded(hand: Hand) -> None:
    located(hand)
    hand.seat.record(Ended("no dose given"), pytest.fail)
    hand.settle()
    first, patient = hand.room.id, hand.room.patient.id
    desk = hand.day.desk
    music = hand.room.session.music
    assert music is not None
    room = desk.clinic.open_session(patient, TOML, music, desk.actor, "3", "dosing", None)
    desk.come_in(room)
    hand.day.go_to(hand.day._seated(room), "arrival")
    hand.settle()
    section = next(each for each in hand.arrival.before.sections if each.name == "location")
    section.open(True)
    assert hand.room.id != first
    hand.until(lambda: "Last time, " in said(hand))
    assert hand.facts(PatientLocated) == []
    assert [edit.text() for edit in section.edits] == [""] * 5
    hand.press("Still right: fill in where they were last time", section)
    assert section.edits[0].text() == "Sample Street 1, 2nd floor"
    assert hand.facts(PatientLocated) == []
    hand.press("Record where they are, as said today", section)
    hand.settle()
    assert hand.facts(PatientLocated) == [
        PatientLocated("Sample Street 1, 2nd floor", "112", "555-0101", "A friend", "555-0100", companion_seen=False)
    ]


def test_the_card_of_where_they_are_is_one_press_away_and_records_another_place(hand: Hand) -> None:
    located(hand)
    hand.seat.turned.emit("session")
    hand.settle()
    hand.press("Where they are, large")
    card = hand.page.place
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    for words in ("Sample Street 1, 2nd floor", "112", "555-0101", "A friend, 555-0100"):
        assert words in shown
    hand.press("Change where they are")
    hand.button("Record where they are from now on", card)
    place = card.findChild(QLineEdit)
    assert place is not None
    place.clear()
    hand.press("Record where they are from now on")
    assert "where they are is missing" in said(hand)
    assert len(hand.facts(PatientLocated)) == 1
    hand.write("Where they are now: street, number, floor, town", "Other Street 2", card)
    hand.press("Record where they are from now on")
    hand.settle()
    newest = hand.facts(PatientLocated)[-1]
    assert (newest.place, newest.call_back) == ("Other Street 2", "555-0101")
    assert "Other Street 2" in [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    hand.press("Put the card away")
    assert card.isHidden()


@pytest.mark.parametrize("height", [720, 900])
def test_in_one_column_an_allergy_is_whole_and_the_clock_has_its_edge_while_contact_is_lost(
    hand: Hand, height: int
) -> None:
    located(hand)
    known = hand.room.patient.registered
    assert known is not None
    allergies = "penicillin (rash), latex, peanuts, wasp stings"
    hand.seat.record_of_patient(msgspec.structs.replace(known, allergies=allergies), hand.room.by, pytest.fail)
    hand.seat.turned.emit("session")
    hand.window.resize(640, height)
    hand.settle()
    hand.key(Qt.Key.Key_L)
    hand.pass_(2)
    heed = next(each for each in hand.page.bar.findChildren(QLabel) if allergies in each.text() and each.isVisible())
    assert heed.height() >= heed.heightForWidth(heed.width())
    clock = hand.page.now.clock
    assert clock.geometry().bottom() <= hand.page.now.rect().bottom()
    assert clock.height() >= clock.minimumSizeHint().height()


def test_while_contact_is_lost_the_clock_and_the_timeline_say_so(hand: Hand) -> None:
    located(hand)
    hand.seat.turned.emit("session")
    hand.settle()
    hand.key(Qt.Key.Key_L)
    hand.pass_(2)
    seen = hand.seat.seen()
    assert reading.clock(seen).overdue == "Contact lost 2 min"
    shown = reading.timeline(seen)
    assert "Contact lost" in [mark.label for mark in shown.marks]
    (stretch,) = [each for each in shown.stretches if each.name == "Contact lost"]
    assert stretch.end_ms - stretch.start_ms == 120_000
    hand.press("In contact again …")
    hand.write("In contact again: how they are", "calm")
    hand.press("Record these words")
    hand.pass_(1)
    assert "Contact lost" not in reading.clock(hand.seat.seen()).overdue
    (stretch,) = [each for each in reading.timeline(hand.seat.seen()).stretches if each.name == "Contact lost"]
    assert stretch.end_ms - stretch.start_ms == 120_000


def test_a_dose_at_home_says_that_it_was_taken_by_the_patient_and_those_words_can_be_changed(hand: Hand) -> None:
    page = hand.seat.page
    page.dose.start(hand.seat.seen())
    form = page.dose.form
    assert form.site.text() == SELF_TAKEN
    form.mg.setText("100")
    dose = form.dose()
    assert isinstance(dose, DoseGiven)
    assert dose.site == SELF_TAKEN
    row = saying.said(dose)
    assert row is not None
    assert SELF_TAKEN in row.text
    form.site.setText("given by the companion")
    dose = form.dose()
    assert isinstance(dose, DoseGiven)
    assert dose.site == "given by the companion"


def test_at_home_the_staff_are_at_the_desk(hand: Hand) -> None:
    plan = hand.room.protocol
    assert plan is not None
    need = needs.before_dose(hand.room.session, hand.room.patient.known, plan)[0]
    assert need.words.startswith("At the desk: ")
    assert hand.arrival.people.accessibleName() == "Who is at the desk"
    assert "Who is at the desk" in said(hand)


def test_the_row_of_a_dose_at_home_is_whole_and_so_is_what_stands_beside_the_name(hand: Hand) -> None:
    hand.room.record(WeightMeasured(70_000, "2026-03-01"))
    hand.press("Override what is missing")
    hand.write("Reason of the override", "seen this morning")
    hand.press("Override with this reason")
    hand.settle()
    hand.press("Ready to begin")
    hand.settle()
    hand.room.record(Overridden("order", ("order",), "by word"))
    hand.settle()
    hand.room.record(DoseGiven("ketamine", 100_000, "sublingual", SELF_TAKEN))
    hand.settle()
    page = hand.page
    (row,) = [label for label in page.doses.findChildren(QLabel) if SELF_TAKEN in label.text()]
    assert row.text() == f"sublingual 100 mg, {SELF_TAKEN}"
    hand.until(lambda: row.heightForWidth(row.width()) <= row.height())
    assert row.parentWidget().rect().contains(row.geometry())
    shown = [label.text() for label in page.bar.findChildren(QLabel) if label.isVisible()]
    assert "born 1980-01-01" in shown
    assert "chair 2 · 70 kg on 2026-03-01" in shown
