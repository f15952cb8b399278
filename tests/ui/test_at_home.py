"""A session at home by video, through the window: where they are, the contact lost, sought and found."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kapdesk import paths
from kapdesk.clinic.protocols import FOLDER
from kapdesk.facts.home import (
    ContactFound,
    ContactLost,
    ContactSought,
    HomeDosesCounted,
    MusicElsewhere,
    PatientLocated,
)
from kapdesk.facts.session import Ended, VitalsTaken
from kapdesk.session import at_home
from tests.plain import approve
from tests.ui.hand import Hand
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
