"""Given a session with music planned for each phase, what is heard follows the session, and the record says so."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kapdesk.clinic.room import Room
from kapdesk.facts.fact import Fact
from kapdesk.facts.music import (
    ImageryPaused,
    ImageryResumed,
    LevelFound,
    MusicTurned,
    OutputBack,
    OutputChosen,
    OutputLost,
    TrackRefused,
)
from kapdesk.facts.patient import MusicWishes
from kapdesk.facts.session import (
    DoseGiven,
    ImageryStarted,
    ImageryStopped,
    MusicBroughtBack,
    MusicLost,
    MusicPlanned,
    MusicRestored,
    MusicSilenced,
    PhaseEntered,
    PlannedTrack,
    TrackSkipped,
    TrackStarted,
    TrackStopped,
    VolumeSet,
)
from kapdesk.facts.words import Phase
from kapdesk.music import imagery
from kapdesk.music.desk import MusicDesk
from kapdesk.music.engine import wire
from kapdesk.music.fades import gain_of
from kapdesk.music.guide import Reading
from kapdesk.music.watch.outputs import Output
from tests.desk import Desk
from tests.fake_engine import FakeEngine

TRACKS = (
    PlannedTrack("Settling", "settle.ogg", ("settle", "onset")),
    PlannedTrack("Rising", "rise.ogg", ("ascent", "peak")),
    PlannedTrack("Rising further", "rise-2.ogg", ("peak",)),
    PlannedTrack("Coming back", "return.ogg", ("return", "recovery")),
)


class Playing:
    """A session under way with its music."""

    def __init__(self, desk: Desk, files: Path, tracks: tuple[PlannedTrack, ...] = TRACKS) -> None:
        self.desk, self.files = desk, files
        for track in tracks:
            (files / track.file).touch()
        self.room: Room = desk.room()
        desk.kept(self.room.record(MusicPlanned("Sample playlist", tracks)))
        self.start_again()
        self.music.own(self.room)

    def start_again(self) -> None:
        """A music desk and an engine that were just started."""
        self.music = MusicDesk((self.files,))
        self.engine = FakeEngine(self.music.hear)
        self.music.use(self.engine)
        self.engine.hello()

    def hear(self) -> None:
        """Bring the music in, and let it be heard."""
        self.music.bring_back()
        self.engine.sounds("A")
        self.engine.faded("A")
        self.desk.settle()

    def recorded(self, *kinds: type[Fact]) -> list[Fact]:
        self.desk.settle()
        return [each.fact for each in self.room.session.history if isinstance(each.fact, kinds)]

    def asked(self, kind: type) -> list[object]:
        return [order for order in self.engine.asked if isinstance(order, kind)]


@pytest.fixture
def playing(desk: Desk, tmp_path: Path) -> Playing:
    files = tmp_path / "music"
    files.mkdir()
    return Playing(desk, files)


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
    assert playing.engine.asked[-1] == wire.Stop("A", 3_000)
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


def test_imagery_is_read_aloud_by_its_cues_and_with_a_voice_the_music_makes_room(
    playing: Playing, tmp_path: Path
) -> None:
    piece = tmp_path / "rest.toml"
    piece.write_text(
        'format = 1\ntitle = "Rest"\nphase = "settle"\nlanguage = "en"\nlength_s = 120\n'
        '[[cues]]\nat_s = 0\ntext = "Let the ground carry you."\n[[cues]]\nat_s = 60\ntext = "Nothing to do."\n'
        '[voice]\nfile = "rest.ogg"\n'
    )
    (tmp_path / "rest.ogg").touch()
    playing.hear()
    playing.music.start_imagery(imagery.read(piece), voice=True)
    assert reading(playing).words == "Let the ground carry you."
    assert (reading(playing).next_words, reading(playing).next_in_s) == ("Nothing to do.", 60)
    assert playing.engine.asked[-1] == wire.FadeTo("A", gain_of(-12), 800, "decibel")
    playing.desk.pass_(1)
    assert reading(playing).words == "Nothing to do."
    playing.engine.sounds("voice", 120_000)
    playing.desk.pass_(1)
    playing.music.tick()
    assert playing.engine.asked[-1] == wire.FadeTo("A", 1.0, 1_500, "decibel")
    assert playing.recorded(ImageryStarted, ImageryStopped) == [
        ImageryStarted("Rest", True),
        ImageryStopped("Rest", 120_000, "ended"),
    ]


REST = (
    'format = 1\ntitle = "Rest"\nphase = "settle"\nlanguage = "en"\nlength_s = 120\nduck_db = 20\n'
    '[[cues]]\nat_s = 0\ntext = "Let the ground carry you."\n[voice]\nfile = "rest.ogg"\n'
)


def reading(playing: Playing) -> Reading:
    found = playing.music.reading()
    assert found is not None
    return found


def test_halted_the_voice_keeps_its_place_the_music_comes_back_and_it_goes_on_from_there(
    playing: Playing, tmp_path: Path
) -> None:
    (tmp_path / "rest.toml").write_text(REST)
    (tmp_path / "rest.ogg").touch()
    playing.hear()
    playing.music.start_imagery(imagery.read(tmp_path / "rest.toml"), voice=True)
    playing.engine.sounds("voice", 120_000)
    playing.desk.pass_(0.5)
    playing.music.halt_imagery()
    assert playing.engine.asked[-2:] == [wire.Pause("voice", 900), wire.FadeTo("A", 1.0, 1_500, "decibel")]
    playing.desk.pass_(10)
    playing.music.tick()
    assert reading(playing).halted
    playing.music.halt_imagery()
    assert playing.engine.asked[-2:] == [wire.Resume("voice", 900), wire.FadeTo("A", gain_of(-20), 800, "decibel")]
    assert reading(playing).left_s == 90
    assert playing.recorded(ImageryPaused, ImageryResumed) == [
        ImageryPaused("Rest", 30_000),
        ImageryResumed("Rest", 30_000),
    ]


def test_a_piece_under_way_when_the_desk_broke_off_is_closed_on_record(playing: Playing, tmp_path: Path) -> None:
    (tmp_path / "rest.toml").write_text(REST)
    playing.music.start_imagery(imagery.read(tmp_path / "rest.toml"))
    playing.desk.settle()
    playing.start_again()
    playing.music.own(playing.room)
    assert playing.recorded(ImageryStopped) == [ImageryStopped("Rest", 0, "left")]


def test_without_libvlc_everything_else_works_and_it_is_said_how_to_mend_it(desk: Desk) -> None:
    music = MusicDesk((), "Music needs libVLC.")
    music.own(desk.room())
    for press in _presses(music):
        press()
    assert music.now().message == "Music needs libVLC."
    assert not music.now().available


def _presses(music: MusicDesk) -> list[Callable[[], None]]:
    return [music.bring_back, music.tick, music.silence, music.end, music.close]


def piece(title: str, *phases: Phase, intensity: int = 0, tags: tuple[str, ...] = ()) -> PlannedTrack:
    return PlannedTrack(title, f"{title}.ogg", phases, f"digest of {title}", 480_000, intensity, tags)


ARC = (
    piece("Settling", "settle", "onset", intensity=2),
    piece("Song", "peak", intensity=5, tags=("vocals",)),
    piece("Choir", "peak", intensity=5, tags=("vocals",)),
    piece("Strings", "peak", intensity=3),
    piece("Home", "return", intensity=2),
    piece("Rest", "recovery", intensity=1),
)


@pytest.fixture
def at_the_peak(desk: Desk, tmp_path: Path) -> Playing:
    """The first piece of the peak is heard."""
    files = tmp_path / "music"
    files.mkdir()
    playing = Playing(desk, files, ARC)
    playing.desk.dosed(playing.room)
    playing.desk.kept(playing.room.record(PhaseEntered("peak")))
    playing.hear()
    assert playing.music.now().title == "Song"
    return playing


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


def test_when_the_headphones_go_the_piece_waits_and_the_record_says_what_was_heard(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 65_000)
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    now = playing.music.now()
    assert (now.lost, now.silenced, now.message) == (True, False, "headphones gone. Music is waiting.")
    playing.engine.tell(wire.OutputBack("headphones", 30_000))
    playing.engine.tell(wire.Playing("A", playing.engine.decks["A"].path, 65_000, 480_000))
    assert playing.music.now().message == ""
    playing.engine.reaches("A", 70_000)
    playing.music.silence()
    playing.engine.falls_silent("A")
    assert playing.recorded(TrackStarted, TrackStopped, OutputLost, OutputBack) == [
        TrackStarted("Settling", "settle.ogg", "settle", 0),
        OutputLost("headphones"),
        TrackStopped("Settling", "settle.ogg", 65_000, 65_000, "lost"),
        OutputBack("headphones", 30_000),
        TrackStarted("Settling", "settle.ogg", "settle", 65_000),
        TrackStopped("Settling", "settle.ogg", 70_000, 5_000, "faded"),
    ]


def test_music_that_is_taken_out_while_the_headphones_are_gone_was_heard_up_to_then_only(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 65_000)
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    playing.music.silence()
    playing.engine.falls_silent("A")
    assert playing.recorded(TrackStopped) == [TrackStopped("Settling", "settle.ogg", 65_000, 65_000, "lost")]
    playing.music.bring_back()
    playing.engine.sounds("A")
    assert playing.recorded(TrackStarted)[-1] == TrackStarted("Settling", "settle.ogg", "settle", 65_000)


def test_the_speaker_is_used_because_a_person_said_so(playing: Playing) -> None:
    playing.hear()
    playing.engine.tell(wire.Outputs((Output("speaker", "Loudspeaker", "loudspeaker"),)))
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    assert playing.asked(wire.UseOutput) == []
    playing.music.use_output(playing.music.now().outputs[0].name)
    assert playing.asked(wire.UseOutput) == [wire.UseOutput("speaker")]
    assert playing.recorded(OutputChosen) == [OutputChosen("Loudspeaker", "loudspeaker")]


def test_a_desk_that_comes_back_while_they_are_gone_takes_over_what_waits(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 40_000)
    decks = playing.engine.decks
    playing.music = MusicDesk((playing.files,))
    playing.engine = FakeEngine(playing.music.hear)
    playing.engine.decks = {**decks, "A": msgspec.structs.replace(decks["A"], state="starting")}
    playing.music.use(playing.engine)
    playing.music.own(playing.room)
    playing.engine.tell(wire.Hello(1, "3", "headphones", 70, tuple(playing.engine.decks.values()), hushed=True))
    assert playing.music.now().lost
    assert not playing.music.now().silenced
    assert playing.recorded(TrackStopped) == [TrackStopped("Settling", "settle.ogg", 40_000, 40_000, "lost")]
    playing.engine.sounds("A")
    assert playing.recorded(TrackStarted)[-1] == TrackStarted("Settling", "settle.ogg", "settle", 40_000)
