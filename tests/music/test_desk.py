"""Given a session with music planned for each phase, what is heard follows the session, and the record says so."""

from collections.abc import Callable

import msgspec

from kapdesk.facts.session import (
    DoseGiven,
    MusicBroughtBack,
    MusicLost,
    MusicRestored,
    MusicSilenced,
    PhaseEntered,
    TrackSkipped,
    TrackStarted,
    TrackStopped,
    VolumeSet,
)
from kapdesk.music.desk import MusicDesk
from kapdesk.music.engine import wire
from tests.desk import Desk
from tests.music.playing import TRACKS, Playing


def test_nothing_sounds_until_someone_brings_the_music_in(playing: Playing) -> None:
    playing.desk.dosed(playing.room)
    playing.music.tick()
    assert playing.asked(wire.Load) == []
    assert playing.music.now().silenced


def test_brought_in_it_begins_with_the_phases_first_piece_and_the_record_says_so(playing: Playing) -> None:
    playing.hear()
    assert playing.recorded(TrackStarted) == [TrackStarted("Settling", "settle.ogg", "settle", 0)]
    assert playing.music.now().title == "Settling"


def test_a_new_phase_crossfades_to_its_own_piece(playing: Playing) -> None:
    playing.hear()
    playing.desk.dosed(playing.room)
    playing.engine.reaches("A", 60_000)
    playing.desk.pass_(6)  # the onset of this protocol lasts five minutes
    playing.music.tick()
    assert playing.asked(wire.Crossfade) == [wire.Crossfade("A", "B", 1.0, 6_000)]
    playing.engine.sounds("B")
    playing.engine.falls_silent("A")
    assert playing.recorded(TrackStarted, TrackStopped)[1:] == [
        TrackStarted("Rising", "rise.ogg", "ascent", 0),
        TrackStopped("Settling", "settle.ogg", 60_000, 60_000, "faded"),
    ]


def test_a_corrected_first_dose_moves_the_music_with_the_phase(playing: Playing) -> None:
    playing.hear()
    playing.desk.dosed(playing.room)
    playing.music.tick()
    assert playing.asked(wire.Crossfade) == []
    (dose,) = playing.room.session.history.standing(DoseGiven)
    playing.desk.kept(playing.room.correct(dose.id, dose.fact, dose.at_us - 6 * 60_000_000, "Entered late"))
    playing.music.tick()
    playing.engine.sounds("B")
    assert playing.recorded(TrackStarted)[-1] == TrackStarted("Rising", "rise.ogg", "ascent", 0)


def test_a_piece_that_fails_in_the_crossfade_is_skipped_and_the_old_one_plays_on(playing: Playing) -> None:
    playing.hear()
    playing.desk.dosed(playing.room)
    playing.desk.kept(playing.room.record(PhaseEntered("peak")))
    playing.music.tick()
    playing.engine.fails("B", "it is damaged")
    assert playing.music.now().title == "Settling"
    assert playing.recorded(TrackSkipped) == [TrackSkipped("Rising", "rise.ogg", "it is damaged")]
    assert "Rising" in playing.music.now().message
    playing.music.tick()
    assert isinstance(playing.engine.asked[-1], wire.Crossfade)
    assert playing.engine.decks["B"].path.endswith("rise-2.ogg")


def test_between_two_pieces_the_phase_is_that_of_the_session(playing: Playing) -> None:
    playing.hear()
    playing.desk.dosed(playing.room)
    playing.desk.kept(playing.room.record(PhaseEntered("peak")))
    playing.engine.fails("A")
    assert (playing.music.now().title, playing.music.now().phase) == ("", "peak")


def test_before_its_end_a_piece_gives_way_to_the_next_and_a_single_one_to_itself(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 470_000)
    playing.music.tick()
    assert playing.asked(wire.Crossfade) == []
    playing.engine.reaches("A", 473_000)
    playing.music.tick()
    playing.engine.sounds("B")
    assert playing.recorded(TrackStarted)[-1] == TrackStarted("Settling", "settle.ogg", "settle", 0)


def test_a_missing_file_is_skipped_with_a_line_and_when_none_is_left_the_session_goes_on_in_silence(
    playing: Playing,
) -> None:
    for track in TRACKS:
        (playing.files / track.file).unlink()
    playing.music.bring_back()
    for _ in range(5):
        playing.music.tick()
    assert [fact.file for fact in playing.recorded(TrackSkipped) if isinstance(fact, TrackSkipped)] == [
        track.file for track in TRACKS
    ]
    assert len(playing.recorded(MusicLost)) == 1
    assert playing.music.now().message == "No piece of this playlist can be played. The session goes on in silence."


def test_silence_takes_three_seconds_and_bring_back_goes_on_at_the_place(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 90_000)
    playing.music.silence()
    assert playing.engine.asked[-1] == wire.Pause("A", 3_000)
    playing.engine.falls_silent("A")
    playing.music.tick()
    assert playing.music.now().silent_since_us is not None
    playing.music.bring_back()
    assert playing.engine.asked[-1] == wire.Resume("A", 3_000)
    playing.engine.sounds("A")
    playing.engine.reaches("A", 95_000)
    assert playing.recorded(TrackStarted, TrackStopped, MusicSilenced, MusicBroughtBack)[1:] == [
        MusicSilenced(),
        TrackStopped("Settling", "settle.ogg", 90_000, 90_000, "faded"),
        MusicBroughtBack(),
        TrackStarted("Settling", "settle.ogg", "settle", 90_000),
    ]
    assert playing.music.settled(1_500)


def test_brought_back_while_still_fading_it_turns_round_and_stays_on_record_as_one_piece(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 90_000)
    playing.music.silence()
    playing.music.bring_back()
    playing.engine.reaches("A", 100_000)
    assert playing.recorded(TrackStopped) == []
    assert playing.music.now().title == "Settling"
    assert playing.music.settled(1_500)


def test_after_a_fault_the_music_is_back_and_the_record_says_for_how_long_it_was_gone(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 30_000)
    decks = tuple(playing.engine.decks.values())
    playing.engine.tell(wire.Lost(decks))
    assert "fault" in playing.music.now().message
    playing.engine.tell(wire.Restored(180, decks))
    assert playing.music.now().message == ""
    assert playing.recorded(MusicRestored) == [MusicRestored("Settling", 180, 30_000)]


def test_a_restarted_desk_takes_over_the_piece_that_plays_on(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 30_000)
    deck = playing.engine.decks["A"]
    playing.start_again()
    playing.engine.decks["A"] = msgspec.structs.replace(deck, position_ms=50_000)
    playing.engine.hello()
    playing.music.own(playing.room)
    assert playing.music.now().title == "Settling"
    assert not playing.music.now().silenced
    playing.music.silence()
    playing.engine.falls_silent("A")
    assert playing.recorded(TrackStopped) == [TrackStopped("Settling", "settle.ogg", 50_000, 50_000, "faded")]


def test_a_restarted_desk_says_that_the_music_has_ended_meanwhile(playing: Playing) -> None:
    playing.hear()
    began_us = playing.desk.clinic.clock.now().utc_us
    playing.desk.pass_(4)
    playing.start_again()
    playing.music.own(playing.room)
    now = playing.music.now()
    assert now.silenced
    assert now.silent_since_us == began_us
    assert playing.recorded(TrackStopped) == [TrackStopped("Settling", "settle.ogg", None, None, "lost")]


def test_the_music_changes_hands_softly(playing: Playing) -> None:
    playing.hear()
    other = playing.desk.room(playing.room.by, playing.desk.patient(playing.room.by, "Sample Patient B", "1990-01-01"))
    playing.music.own(other)
    assert playing.asked(wire.Stop) == [wire.Stop("A", 3_000)]
    playing.engine.falls_silent("A")
    assert len(playing.recorded(TrackStopped)) == 1
    assert playing.music.owner is other


def test_a_volume_goes_on_record_once_it_has_stood_for_a_second(playing: Playing) -> None:
    for percent in (60, 50, 40):
        playing.music.set_volume(percent)
        playing.music.tick()
    playing.desk.pass_(0.1)
    playing.music.tick()
    assert playing.recorded(VolumeSet) == [VolumeSet(40)]


def test_without_libvlc_everything_else_works_and_it_is_said_how_to_mend_it(desk: Desk) -> None:
    music = MusicDesk((), "Music needs libVLC.")
    music.own(desk.room())
    for press in _presses(music):
        press()
    assert music.now().message == "Music needs libVLC."
    assert not music.now().available


def _presses(music: MusicDesk) -> list[Callable[[], None]]:
    return [music.bring_back, music.tick, music.silence, music.end, music.close]


def test_a_session_without_a_volume_of_its_own_never_begins_as_loud_as_another_patients(playing: Playing) -> None:
    playing.hear()
    playing.music.set_volume(100)
    other = playing.desk.room(playing.room.by, playing.desk.patient(playing.room.by, "Sample Patient B", "1990-01-01"))
    playing.music.own(other)
    assert playing.engine.volume == 70
