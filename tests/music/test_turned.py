"""Given a session at its peak, the therapist turns the music: what comes is another piece, and is on record."""

from pathlib import Path

from kapdesk.facts.music import (
    LevelFound,
    MusicTurned,
    TrackRefused,
)
from kapdesk.facts.patient import MusicWishes
from kapdesk.facts.session import (
    PhaseEntered,
)
from kapdesk.music.engine import wire
from tests.desk import Desk
from tests.music.playing import ARC, Playing


def test_softer_is_a_crossfade_to_a_softer_piece_of_the_phase_and_a_fact(at_the_peak: Playing) -> None:
    at_the_peak.music.turn("soften")
    assert at_the_peak.engine.asked[-1] == wire.Crossfade("A", "B", 1.0, 8_000)
    at_the_peak.engine.sounds("B")
    assert at_the_peak.music.now().title == "Strings"
    assert at_the_peak.recorded(MusicTurned) == [MusicTurned("soften")]


def test_where_no_softer_piece_is_left_this_one_becomes_softer_and_deeper_brings_it_back(
    at_the_peak: Playing,
) -> None:
    at_the_peak.music.turn("soften")
    at_the_peak.engine.sounds("B")
    at_the_peak.engine.falls_silent("A")
    at_the_peak.music.turn("soften")
    assert at_the_peak.engine.asked[-1] == wire.FadeTo("B", 0.5, 8_000, "decibel")
    assert "No softer piece" in at_the_peak.music.now().message
    for _ in range(5):
        at_the_peak.music.turn("soften")
    assert at_the_peak.engine.asked[-1] == wire.FadeTo("B", 0.25, 8_000, "decibel")


def test_it_stays_with_a_piece_through_a_change_of_phase_and_its_end_until_it_goes_on(at_the_peak: Playing) -> None:
    at_the_peak.music.turn("stay")
    at_the_peak.desk.kept(at_the_peak.room.record(PhaseEntered("return")))
    at_the_peak.engine.reaches("A", 60_000)
    at_the_peak.music.tick()
    assert at_the_peak.asked(wire.Crossfade) == []
    assert at_the_peak.music.now().stays
    at_the_peak.engine.reaches("A", 475_000)
    at_the_peak.music.tick()
    assert at_the_peak.engine.decks["B"].path.endswith("Song.ogg")
    at_the_peak.engine.sounds("B")
    at_the_peak.engine.falls_silent("A")
    at_the_peak.engine.reaches("B", 30_000)
    at_the_peak.music.turn("go-on")
    assert at_the_peak.engine.decks["A"].path.endswith("Home.ogg")
    assert not at_the_peak.music.now().stays


def test_brought_home_the_music_goes_ahead_of_the_phase_over_a_long_crossfade(at_the_peak: Playing) -> None:
    at_the_peak.music.turn("bring-home")
    assert at_the_peak.engine.asked[-1] == wire.Crossfade("A", "B", 1.0, 12_000)
    at_the_peak.engine.sounds("B")
    at_the_peak.engine.falls_silent("A")
    assert (at_the_peak.music.now().title, at_the_peak.music.now().homeward) == ("Home", True)
    phase = at_the_peak.room.phase()
    assert phase is not None
    assert phase.phase == "peak", "only the therapist moves the phase"


def test_not_this_brings_another_kind_within_three_seconds_and_is_never_played_again(at_the_peak: Playing) -> None:
    refused = at_the_peak.music.refuse()
    assert refused == ARC[1]
    assert at_the_peak.engine.asked[-1] == wire.Crossfade("A", "B", 1.0, 3_000)
    at_the_peak.engine.sounds("B")
    at_the_peak.engine.falls_silent("A")
    assert at_the_peak.music.now().title == "Strings", "the other song would be more of the same"
    assert at_the_peak.recorded(TrackRefused) == [TrackRefused("Song", "Song.ogg", "digest of Song")]
    at_the_peak.engine.reaches("B", 475_000)
    at_the_peak.music.tick()
    assert at_the_peak.engine.decks["A"].path.endswith("Choir.ogg")


def test_refused_while_the_piece_before_still_fades_it_goes_out_by_itself_and_another_follows(
    at_the_peak: Playing,
) -> None:
    at_the_peak.music.turn("soften")
    at_the_peak.engine.sounds("B")
    at_the_peak.music.refuse()
    assert at_the_peak.engine.asked[-1] == wire.Stop("B", 3_000)
    at_the_peak.engine.falls_silent("A")
    at_the_peak.engine.falls_silent("B")
    at_the_peak.music.tick()
    assert isinstance(at_the_peak.engine.asked[-1], wire.Play)
    assert at_the_peak.engine.decks["A"].path.endswith("Choir.ogg")


def test_refused_for_a_piece_that_cannot_be_played_the_next_one_takes_its_place_even_near_its_end(
    at_the_peak: Playing,
) -> None:
    at_the_peak.engine.reaches("A", 440_000)
    at_the_peak.music.turn("stay")
    at_the_peak.music.refuse()
    at_the_peak.engine.fails("B", "It is damaged.")
    assert at_the_peak.music.now().message == "“Strings” is skipped. It is damaged."
    at_the_peak.music.tick()
    assert at_the_peak.engine.asked[-1] == wire.Crossfade("A", "B", 1.0, 3_000)
    assert at_the_peak.engine.decks["B"].path.endswith("Choir.ogg")


def test_refused_with_nothing_left_that_can_be_played_it_goes_out(at_the_peak: Playing) -> None:
    at_the_peak.engine.reaches("A", 440_000)
    at_the_peak.music.refuse()
    for track in ARC:
        (at_the_peak.files / track.file).unlink()
    at_the_peak.engine.fails("B", "It is damaged.")
    at_the_peak.music.tick()
    assert at_the_peak.engine.asked[-1] == wire.Stop("A", 3_000)
    at_the_peak.engine.falls_silent("A")
    for _ in ARC:
        at_the_peak.music.tick()
    assert at_the_peak.music.now().message == "No piece of this playlist can be played. The session goes on in silence."


def test_a_piece_this_patient_avoids_is_never_chosen(desk: Desk, tmp_path: Path) -> None:
    files = tmp_path / "music"
    files.mkdir()
    playing = Playing(desk, files, ARC)
    desk.kept(desk.clinic.patient_recorder(playing.room.patient.id).record(MusicWishes(("vocals",)), playing.room.by))
    playing.desk.dosed(playing.room)
    playing.desk.kept(playing.room.record(PhaseEntered("peak")))
    playing.hear()
    assert playing.music.now().title == "Strings"


def test_a_piece_nearly_over_is_heard_to_its_end_when_its_phase_is_over(at_the_peak: Playing) -> None:
    at_the_peak.desk.kept(at_the_peak.room.record(PhaseEntered("return")))
    at_the_peak.engine.reaches("A", 400_000)
    at_the_peak.music.tick()
    assert at_the_peak.asked(wire.Crossfade) == []
    at_the_peak.engine.reaches("A", 473_500)
    at_the_peak.music.tick()
    assert at_the_peak.engine.decks["B"].path.endswith("Home.ogg")


def test_no_louder_than_the_sound_check_found(at_the_peak: Playing) -> None:
    at_the_peak.desk.kept(at_the_peak.room.record(LevelFound(60, 66, "Headphones")))
    at_the_peak.music.set_volume(100)
    assert at_the_peak.engine.volume == 66
    assert at_the_peak.music.now().ceiling == 66
