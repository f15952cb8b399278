"""The headphones go in mid-session: the foot of the page says so, and only a press plays the music elsewhere."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kapdesk.facts.music import OtherSound, OutputChosen, OutputLost
from kapdesk.music.engine import wire
from kapdesk.music.watch.outputs import Output, Program
from tests.ui.hand import Hand, words_on

HEADSET = Output("headphones", "WH-1000", "headphones", bluetooth=True)
SPEAKER = Output("speaker", "Built-in Speakers", "loudspeaker", usual=True)
SCREEN = Output("hdmi", "Screen", "loudspeaker")
GONE = "Headphones gone. Music is waiting."


@pytest.fixture
def heard(hand: Hand) -> Hand:
    """Music sounds in the patient's headphones."""
    hand.begin()
    hand.engine.tell(wire.Outputs((HEADSET, SPEAKER)))
    hand.key(Qt.Key.Key_Space)
    hand.engine.sounds("A")
    hand.settle()
    hand.seat.hear()
    return hand


def pull(hand: Hand, *left: Output) -> None:
    """Out with the headphones."""
    hand.engine.tell(wire.OutputLost("headphones", tuple(hand.engine.decks.values())))
    hand.engine.tell(wire.Outputs(left))
    hand.settle()
    hand.seat.hear()


def test_gone_headphones_are_said_and_only_a_press_uses_the_speaker(heard: Hand) -> None:
    pull(heard, SPEAKER)
    assert GONE in words_on(heard)
    assert not [order for order in heard.engine.asked if isinstance(order, wire.UseOutput)]
    heard.press("Use speaker")
    heard.settle()
    assert heard.engine.asked[-1] == wire.UseOutput("speaker")
    assert heard.facts(OutputLost) == [OutputLost("WH-1000")]
    assert heard.facts(OutputChosen) == [OutputChosen("Built-in Speakers", "loudspeaker")]
    heard.engine.tell(wire.OutputBack("speaker", 3_000))
    heard.seat.hear()
    assert GONE not in words_on(heard)


def test_put_in_again_the_words_go_by_themselves(heard: Hand) -> None:
    pull(heard, SPEAKER)
    heard.engine.tell(wire.OutputBack("headphones", 3_000))
    heard.engine.tell(wire.Outputs((HEADSET, SPEAKER)))
    heard.seat.hear()
    assert GONE not in words_on(heard)
    assert "to WH-1000" in words_on(heard)


def test_with_two_loudspeakers_each_is_named(heard: Hand) -> None:
    pull(heard, SPEAKER, SCREEN)
    assert {"Use Built-in Speakers", "Use Screen"} <= set(heard.buttons())


def test_with_nothing_left_the_words_stand_alone(heard: Hand) -> None:
    pull(heard)
    assert GONE in words_on(heard)
    assert not [name for name in heard.buttons() if name.startswith("Use ")]


def test_where_it_is_heard_is_chosen_in_mid_session_too(heard: Hand) -> None:
    heard.press("Where the music is heard …")
    assert "The music is heard on WH-1000." in words_on(heard)
    heard.press("Leave it")
    assert "The music is heard on WH-1000." not in words_on(heard)
    heard.press("Where the music is heard …")
    heard.press("Built-in Speakers")
    heard.settle()
    assert heard.engine.asked[-1] == wire.UseOutput("speaker")
    assert heard.facts(OutputChosen) == [OutputChosen("Built-in Speakers", "loudspeaker")]


def test_another_program_that_can_be_heard_there_is_named(heard: Hand) -> None:
    heard.engine.tell(wire.Outputs((HEADSET, SPEAKER), (Program("Browser", "headphones"),)))
    heard.seat.hear()
    assert "Browser can be heard here too." in words_on(heard)


def test_another_program_that_sounds_there_is_warned_of_once(heard: Hand) -> None:
    browser = Program("Browser", "headphones")
    heard.engine.tell(wire.Outputs((HEADSET, SPEAKER), (browser,)))
    heard.settle()
    heard.seat.hear()
    assert heard.facts(OtherSound) == [OtherSound("Browser")]
    assert "Browser can be heard on WH-1000: close it or mute it." in words_on(heard)
    heard.press("Understood", heard.page.music)
    assert "Browser can be heard on WH-1000" not in words_on(heard)
    heard.engine.tell(wire.Outputs((HEADSET, SPEAKER)))
    heard.engine.tell(wire.Outputs((HEADSET, SPEAKER), (browser, Program("Calls", "headphones"))))
    heard.settle()
    heard.seat.hear()
    assert "Calls can be heard on WH-1000: close it or mute it." in words_on(heard)


def test_what_is_open_there_without_a_sound_is_no_reason_to_interrupt(heard: Hand) -> None:
    heard.engine.tell(wire.Outputs((HEADSET, SPEAKER), (Program("Browser", "headphones", sounds=False),)))
    heard.settle()
    heard.seat.hear()
    assert "close it or mute it" not in words_on(heard)


def test_headphones_that_are_back_are_said_for_a_moment(heard: Hand) -> None:
    pull(heard, SPEAKER)
    heard.engine.tell(wire.Outputs((HEADSET, SPEAKER)))
    heard.engine.tell(wire.OutputBack("headphones", 3_000))
    heard.settle()
    heard.seat.hear()
    assert "Headphones are back; the music came in softly." in words_on(heard)
    heard.pass_(0.5)
    heard.seat.hear()
    assert "Headphones are back" not in words_on(heard)


def test_after_a_choice_of_the_speaker_no_headphones_are_said_to_be_back(heard: Hand) -> None:
    pull(heard, SPEAKER)
    heard.press("Use speaker")
    heard.engine.tell(wire.OutputBack("speaker", 3_000))
    heard.settle()
    heard.seat.hear()
    assert "The music came in softly on Built-in Speakers." in words_on(heard)
    assert "back;" not in words_on(heard)


def test_a_choice_names_kind_battery_and_a_telephones_profile(heard: Hand) -> None:
    other = Output("bt", "Sample Buds", "headphones", bluetooth=True, calls=True, battery_percent=34)
    heard.engine.tell(wire.Outputs((HEADSET, SCREEN, other)))
    heard.seat.hear()
    heard.press("Where the music is heard …")
    assert {"Sample Buds (headphones), as on a telephone, battery 34 %", "Screen (loudspeaker)"} <= set(heard.buttons())


def test_where_there_is_nothing_to_hear_with_the_window_says_so_and_it_is_not_offered(heard: Hand) -> None:
    nothing = Output("auto_null", "Dummy Output", usual=True)
    pull(heard, nothing)
    assert GONE in words_on(heard)
    assert not [name for name in heard.buttons() if name.startswith("Use ")]
    heard.engine.tell(wire.Hello(1, "3", "auto_null", 70, ()))
    heard.pass_(0.1)
    assert "No sound output" in words_on(heard)


def test_on_a_narrow_page_the_words_and_the_press_are_seen_whole(heard: Hand) -> None:
    heard.window.resize(640, 900)
    QApplication.processEvents()
    pull(heard, SPEAKER)
    QApplication.processEvents()
    assert GONE in words_on(heard)
    assert "Use speaker" in heard.buttons()


def test_pulled_out_of_the_computer_itself_its_loudspeaker_is_offered_and_they_are_still_called_headphones(
    heard: Hand,
) -> None:
    pull(heard, Output("headphones", "Built-in Audio", "loudspeaker"))
    assert GONE in words_on(heard)
    heard.press("Use speaker")
    heard.settle()
    assert heard.engine.asked[-1] == wire.UseOutput("headphones")
    assert heard.facts(OutputChosen) == [OutputChosen("Built-in Audio", "loudspeaker")]
