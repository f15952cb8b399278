"""The music before a session: what is short or avoided is said then, composed, and the right level is found."""

import pytest
from PySide6.QtCore import Qt

from kapdesk.facts.music import LevelFound, MusicRated, OutputChosen
from kapdesk.facts.patient import MusicWishes, PieceAvoided
from kapdesk.facts.session import Ended, MusicPlanned, PlannedTrack
from kapdesk.music import arc
from kapdesk.music.engine import wire
from kapdesk.music.watch.outputs import Output, Program
from tests.ui.hand import Hand, words_on
from ui.widgets.level_slider import LevelSlider

SHORT = MusicPlanned(
    "Sample",
    (
        PlannedTrack("Settling", "settle.ogg", ("settle", "onset", "ascent"), length_ms=1_800_000),
        PlannedTrack("Song", "song.ogg", ("peak",), length_ms=480_000, tags=("vocals",)),
        PlannedTrack("Home", "home.ogg", ("return", "recovery"), length_ms=7_200_000),
    ),
)


@pytest.fixture
def arrived(hand: Hand) -> Hand:
    """The arrival page of a session whose peak has one song."""
    hand.open_session()
    folder = hand.day.desk.clinic.log.folder / "playlists"
    folder.mkdir(exist_ok=True)
    for track in SHORT.tracks:
        (folder / track.file).touch()
    hand.room.record(SHORT)
    hand.settle()
    hand.seat.hear()
    return hand


def test_a_phase_that_is_short_of_music_says_so_before_the_session(arrived: Hand) -> None:
    assert "Peak: 8 of 30 min; then a piece would be heard again." in words_on(arrived)


def test_a_phase_emptied_by_what_the_patient_avoids_is_said_in_preparation(arrived: Hand) -> None:
    arrived.press("No vocals for this patient")
    arrived.until(lambda: "Peak: every piece planned for it is avoided for this patient." in words_on(arrived))
    assert arrived.room.patient.newest(MusicWishes) == MusicWishes(("vocals",))


def test_what_is_short_is_composed_beside_and_joins_the_plan(arrived: Hand) -> None:
    """A minute's piece, really composed in a process of its own."""
    panel = arrived.arrival.music
    panel.composed.emit("peak", 1)
    arrived.until(lambda: "Composing" in words_on(arrived))
    arrived.bot.waitUntil(lambda: len(planned(arrived)) == 4, timeout=90_000)
    track = planned(arrived)[-1]
    assert (track.phases, track.tags, track.length_ms) == (("peak",), (arc.CIRCLE,), 60_000)
    assert (arrived.day.desk.clinic.log.folder / "playlists" / track.file).stat().st_size > 100_000


def test_of_which_pieces_nobody_said_the_kind_is_said_where_a_wish_depends_on_it(arrived: Hand) -> None:
    said = "Nobody said what kind 2 pieces of this plan are"
    assert said not in words_on(arrived)
    arrived.press("No vocals for this patient")
    arrived.until(lambda: said in words_on(arrived))


def planned(hand: Hand) -> tuple[PlannedTrack, ...]:
    plan = hand.room.session.music
    return plan.tracks if plan is not None else ()


def test_composing_that_is_stopped_leaves_the_plan_and_no_half_file(arrived: Hand) -> None:
    panel = arrived.arrival.music
    panel.composed.emit("peak", 30)
    arrived.until(lambda: "Composing" in words_on(arrived))
    arrived.press("Stop composing")
    arrived.settle()
    assert len(planned(arrived)) == 3
    assert "Composing" not in words_on(arrived)


def test_the_level_is_found_with_the_patient_and_is_the_sessions_ceiling(arrived: Hand) -> None:
    arrived.press("Play for the sound check")
    arrived.engine.sounds("A")
    arrived.seat.hear()
    arrived.arrival.music.turned_to.emit(62)
    arrived.seat.hear()
    arrived.press("This volume is right for the patient")
    arrived.settle()
    assert arrived.facts(LevelFound) == [LevelFound(62, 70, arrived.day.desk.music.now().sink)]
    assert "62 % is right, no louder than 70 %." in words_on(arrived)
    arrived.day.desk.music.set_volume(100)
    assert arrived.engine.volume == 70
    assert any(isinstance(order, wire.Play) for order in arrived.engine.asked)


def test_no_hand_pushes_the_sound_check_beyond_what_was_found_and_the_slider_shows_where_that_is(
    arrived: Hand,
) -> None:
    arrived.room.record(LevelFound(62, 70, "Headphones"))
    arrived.settle()
    arrived.seat.hear()
    slider = arrived.arrival.music.findChild(LevelSlider)
    assert isinstance(slider, LevelSlider)
    assert slider.ceiling == 70
    slider.setFocus()
    arrived.key(*[Qt.Key.Key_PageUp] * 5, Qt.Key.Key_End)
    assert (slider.value(), arrived.day.desk.music.volume) == (70, 70)
    slider.setSliderDown(True)
    slider.setSliderPosition(95)  # as a drag does
    assert (slider.value(), slider.sliderPosition(), arrived.engine.volume) == (70, 70, 70)
    slider.setSliderPosition(20)
    assert arrived.engine.volume == 20


def test_the_next_visit_begins_at_the_level_that_was_right_at_the_last(arrived: Hand) -> None:
    arrived.room.record(LevelFound(41, 46, "Headphones"))
    arrived.settle()
    arrived.room.record(Ended("no dose given"))
    arrived.settle()
    arrived.day.desk.music.set_volume(66)
    arrived.day.go_home()
    arrived.press("Begin a session")
    before = set(arrived.day.desk.seats)
    arrived.press("Sample Patient A · born 1980-01-01")
    arrived.press("Open the session for Sample Patient A")
    arrived.until(lambda: set(arrived.day.desk.seats) - before)
    music = arrived.day.desk.music
    arrived.until(lambda: "Last time 41 % was right on Headphones." in words_on(arrived))
    music.own(arrived.room)
    arrived.seat.hear()
    slider = arrived.arrival.music.findChild(LevelSlider)
    assert isinstance(slider, LevelSlider)
    assert (slider.value(), music.volume, slider.ceiling) == (41, 41, 100)


def test_a_piece_that_was_refused_once_may_be_played_again(arrived: Hand) -> None:
    arrived.seat.record_of_patient(PieceAvoided("Song", "song.ogg"), arrived.room.by, arrived.arrival.say)
    arrived.until(lambda: "Song is not played to them." in words_on(arrived))
    arrived.press("Song may be played again")
    arrived.until(lambda: "Song is not played to them." not in words_on(arrived))
    assert arrived.room.patient.standing(PieceAvoided) == []


def test_where_it_is_heard_is_said_and_chosen_before_the_session_and_what_else_is_heard_there(
    arrived: Hand,
) -> None:
    headset = Output("headphones", "WH-1000", "headphones", bluetooth=True)
    speaker = Output("speaker", "Built-in Speakers", "loudspeaker", usual=True)
    arrived.engine.tell(wire.Outputs((headset, speaker)))
    arrived.seat.hear()
    assert "Heard on WH-1000." in words_on(arrived)
    arrived.engine.tell(wire.Outputs((headset, speaker), (Program("Browser", "headphones"),)))
    arrived.seat.hear()
    assert "Heard on WH-1000. Browser can be heard there too: close it." in words_on(arrived)
    arrived.press("Use Built-in Speakers")
    arrived.settle()
    arrived.seat.hear()
    assert arrived.engine.asked[-1] == wire.UseOutput("speaker")
    assert arrived.facts(OutputChosen) == [OutputChosen("Built-in Speakers", "loudspeaker")]
    assert "Heard on Built-in Speakers, a loudspeaker." in words_on(arrived)


def test_what_was_unwelcome_last_time_is_said_before_the_next_session(hand: Hand) -> None:
    hand.begin()
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.room.record(MusicRated("partly", "the choir"))
    hand.settle()
    patient = hand.room.patient.id
    hand.day._finish(hand.seat)
    hand.pass_(60)
    hand.press("Begin a session")
    hand.day.prepare.choose(patient)
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    hand.until(lambda: "Last time unwelcome: the choir. The music carried in part." in words_on(hand))
