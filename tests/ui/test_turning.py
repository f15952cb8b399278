"""The therapist turns the music at the foot of a session: what is pressed is heard, and is on record."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kapdesk.facts.music import LevelFound, MusicTurned, TrackRefused
from kapdesk.facts.patient import PieceAvoided
from kapdesk.music.engine import wire
from tests.ui.hand import Hand
from ui.session.reading import timeline


@pytest.fixture
def heard(hand: Hand) -> Hand:
    """Music sounds in a session that goes on."""
    hand.begin()
    hand.key(Qt.Key.Key_Space)
    hand.engine.sounds("A")
    hand.settle()
    hand.seat.hear()
    return hand


def test_the_turns_are_offered_while_music_is_heard_and_gone_in_silence(heard: Hand) -> None:
    assert "Softer music" in heard.buttons()
    heard.key(Qt.Key.Key_Space)
    heard.settle()
    heard.seat.hear()
    assert "Softer music" not in heard.buttons()


def test_staying_and_going_on_are_the_same_press(heard: Hand) -> None:
    heard.press("Stay with this piece")
    heard.settle()
    assert heard.day.desk.music.now().stays
    heard.press("Let the music go on with the phases")
    heard.settle()
    assert heard.facts(MusicTurned) == [MusicTurned("stay"), MusicTurned("go-on")]


def test_not_this_is_on_record_here_and_in_the_patients_own(heard: Hand) -> None:
    title = heard.day.desk.music.now().title
    heard.press("Not this piece: out within three seconds, and not played again")
    heard.settle()
    assert isinstance(heard.engine.asked[-1], wire.Stop | wire.Crossfade)
    assert [fact.title for fact in heard.facts(TrackRefused)] == [title]
    avoided = heard.room.patient.standing(PieceAvoided)
    assert [each.fact.title for each in avoided] == [title]


def test_where_the_page_is_narrow_the_five_stand_behind_one_press(heard: Hand) -> None:
    heard.window.resize(640, 900)
    QApplication.processEvents()
    assert "Softer music" not in heard.buttons()
    heard.press("Change the music …")
    heard.press("Bring home")
    heard.settle()
    assert heard.facts(MusicTurned) == [MusicTurned("bring-home")]


def test_the_slider_ends_where_the_sound_check_said(heard: Hand) -> None:
    heard.room.record(LevelFound(60, 66, "Headphones"))
    heard.settle()
    heard.seat.hear()
    slider = heard.page.music._volume
    assert slider.maximum() == 66


def test_a_slip_of_the_hand_is_taken_back_in_both_records_and_the_piece_is_heard_again(heard: Hand) -> None:
    title = heard.day.desk.music.now().title
    heard.press("Not this piece: out within three seconds, and not played again")
    heard.settle()
    heard.until(lambda: heard.room.patient.standing(PieceAvoided))
    heard.engine.falls_silent("A")
    heard.press("Bring it back")
    heard.until(lambda: not heard.room.patient.standing(PieceAvoided))
    heard.settle()
    assert heard.room.session.history.standing(TrackRefused) == []
    load = [order for order in heard.engine.asked if isinstance(order, wire.Load)][-1]
    heard.engine.sounds(load.deck)
    assert heard.day.desk.music.now().title == title


def test_what_is_heard_stands_in_the_timeline_piece_by_piece(heard: Hand) -> None:
    title = heard.day.desk.music.now().title
    heard.pass_(4)
    music = [each for each in timeline(heard.seat.seen()).stretches if each.music]
    assert [(each.name, each.end_ms - each.start_ms) for each in music] == [(title, 240_000)]
    assert f"{title}, " in heard.page.timeline._under(
        heard.page.timeline._x(120_000), heard.page.timeline._line(music[0])
    )
