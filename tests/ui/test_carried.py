"""After a session the music is asked about in one question; the answer is on record, on the note and in the course."""

import pytest

from kapdesk.clinic.course import visited
from kapdesk.facts.music import MusicRated
from kapdesk.facts.session import Ended, TrackStarted
from tests.ui.hand import Hand, words_on
from ui.course.reading import visit_told


@pytest.fixture
def over(hand: Hand) -> Hand:
    """A session with music is over, its closing page open."""
    hand.begin()
    hand.room.record(TrackStarted("Warm Ground", "audio/warm-ground.ogg", "onset", 0))
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.press("To the note")
    hand.settle()
    return hand


def test_one_press_and_a_word_say_how_the_music_was(over: Hand) -> None:
    over.press("The music: in part")
    over.write("What was unwelcome, if anything", "the choir", over.closing.carried)
    over.press("Record how the music was")
    over.settle()
    assert over.facts(MusicRated) == [MusicRated("partly", "the choir")]
    assert "The music carried in part; unwelcome: the choir" in words_on(over)
    assert "The music carried in part; unwelcome: the choir" in visit_told(visited(over.room.id, over.room.session))


def test_more_is_asked_only_if_wanted(over: Hand) -> None:
    assert not over.closing.carried._scales["Liking"].isVisible()
    over.press("More about the music …")
    over.closing.carried._scales["Liking"].setCurrentText("7")
    over.press("The music: it carried")
    over.press("Record how the music was")
    over.settle()
    assert over.facts(MusicRated) == [MusicRated("carried", "", 7, None, None)]


def test_without_an_answer_nothing_is_recorded_and_the_words_stay(over: Hand) -> None:
    over.write("What was unwelcome, if anything", "the choir", over.closing.carried)
    over.press("Record how the music was")
    over.settle()
    assert over.facts(MusicRated) == []
    assert "Tap one of the three first" in words_on(over)
    assert over.closing.carried._unwelcome.text() == "the choir"


def test_where_no_music_was_heard_nothing_is_asked(hand: Hand) -> None:
    hand.begin()
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.press("To the note")
    hand.settle()
    assert hand.closing.carried.isHidden()
