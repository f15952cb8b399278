"""Given a piece of guided imagery over the music: its words, its voice, its pauses, and the room that is made."""

from pathlib import Path

from kapdesk.facts.music import (
    ImageryPaused,
    ImageryResumed,
)
from kapdesk.facts.session import (
    ImageryStarted,
    ImageryStopped,
)
from kapdesk.music import imagery
from kapdesk.music.engine import wire
from kapdesk.music.fades import gain_of
from kapdesk.music.guide import Reading
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
