"""Given a piece of guided imagery over the music: its words, its voice, its pauses, and the room that is made."""

from pathlib import Path

from kapdesk.facts.music import (
    ImageryPaused,
    ImageryResumed,
)
from kapdesk.facts.people import ITSELF
from kapdesk.facts.session import (
    ImageryStarted,
    ImageryStopped,
    PhaseEntered,
)
from kapdesk.music import imagery
from kapdesk.music.engine import wire
from kapdesk.music.fades import gain_of
from kapdesk.music.guide import DOWN_MS, Reading
from kapdesk.music.turns import CROSSFADE_MS
from tests.music.playing import Playing


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


def into_the_peak(playing: Playing) -> None:
    """A crossfade has been asked for, and not yet begun."""
    playing.hear()
    playing.desk.dosed(playing.room)
    playing.desk.kept(playing.room.record(PhaseEntered("peak")))
    playing.music.tick()


def begin(playing: Playing, folder: Path, voice: bool = False) -> None:
    (folder / "rest.toml").write_text(REST)
    (folder / "rest.ogg").touch()
    playing.music.start_imagery(imagery.read(folder / "rest.toml"), voice)


def test_music_brought_back_after_a_piece_that_ended_in_silence_is_as_loud_as_before_it(
    playing: Playing, tmp_path: Path
) -> None:
    playing.hear()
    begin(playing, tmp_path)
    playing.music.silence()
    playing.engine.falls_silent("A")
    playing.music.stop_imagery()
    playing.music.bring_back()
    assert playing.asked(wire.FadeTo)[-1] == wire.FadeTo("A", 1.0, DOWN_MS, "power")


def test_music_brought_back_under_words_makes_room_for_them(playing: Playing, tmp_path: Path) -> None:
    playing.hear()
    playing.music.silence()
    playing.engine.falls_silent("A")
    begin(playing, tmp_path)
    playing.music.bring_back()
    assert playing.asked(wire.FadeTo)[-1] == wire.FadeTo("A", gain_of(-20), DOWN_MS, "power")


def test_words_begun_in_a_crossfade_are_given_room_by_both_pieces(playing: Playing, tmp_path: Path) -> None:
    into_the_peak(playing)
    playing.engine.sounds("B")
    begin(playing, tmp_path)
    ducked = gain_of(-20)
    assert playing.asked(wire.FadeTo)[-2:] == [wire.FadeTo(deck, ducked, DOWN_MS, "decibel") for deck in ("B", "A")]


def test_a_piece_that_was_on_its_way_in_when_words_began_comes_in_beside_them(playing: Playing, tmp_path: Path) -> None:
    into_the_peak(playing)
    begin(playing, tmp_path)
    playing.engine.sounds("B")
    assert playing.asked(wire.FadeTo)[-1] == wire.FadeTo("B", gain_of(-20), CROSSFADE_MS, "power")


def test_a_desk_that_takes_over_under_a_voice_lets_it_go_and_brings_the_music_up(
    playing: Playing, tmp_path: Path
) -> None:
    playing.hear()
    begin(playing, tmp_path, voice=True)
    playing.engine.sounds("voice", 120_000)
    playing.engine.faded("A")
    decks = playing.engine.decks
    playing.start_again()
    playing.engine.decks = decks
    playing.music.own(playing.room)
    playing.engine.hello()
    assert playing.engine.asked[-2:] == [wire.Stop("voice", 3_000), wire.FadeTo("A", 1.0, 8_000, "power")]


def test_when_nothing_can_be_heard_a_recorded_voice_waits_for_a_hand_and_its_words_with_it(
    playing: Playing, tmp_path: Path
) -> None:
    playing.room.by = playing.desk.person("Sample Nurse Two")
    playing.hear()
    begin(playing, tmp_path, voice=True)
    playing.engine.sounds("voice", 120_000)
    playing.desk.pass_(0.5)
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    playing.desk.pass_(10)
    playing.music.tick()
    playing.engine.tell(wire.OutputBack("headphones", 600_000))
    assert reading(playing).halted
    assert wire.Pause("voice", 900) in playing.engine.asked
    assert playing.recorded(ImageryPaused) == [ImageryPaused("Rest", 30_000)]
    [begun] = playing.room.session.history.standing(ImageryStarted)
    assert begun.by == playing.room.by.by
    [paused] = playing.room.session.history.standing(ImageryPaused)
    assert paused.by == ITSELF.by
    playing.music.halt_imagery()
    assert wire.Resume("voice", 900) in playing.engine.asked
    assert reading(playing).left_s == 90


def test_words_read_aloud_go_on_when_nothing_can_be_heard(playing: Playing, tmp_path: Path) -> None:
    playing.hear()
    begin(playing, tmp_path)
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    assert not reading(playing).halted
