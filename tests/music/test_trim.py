"""Every piece sounds as loud as the others, whatever else moves its level: its trim is in every gain asked for."""

from pathlib import Path

import msgspec
import pytest

from kapdesk import paths
from kapdesk.facts.session import PlannedTrack
from kapdesk.music import imagery
from kapdesk.music.arc import CIRCLE
from kapdesk.music.desk import MusicDesk
from kapdesk.music.engine import wire
from kapdesk.music.fades import gain_of
from kapdesk.music.library.check import check
from kapdesk.music.library.gather import gather
from kapdesk.music.library.library import Library
from kapdesk.music.library.measure import digest_of
from kapdesk.music.library.worker import Worker
from tests.desk import Desk
from tests.fake_engine import FakeEngine
from tests.music.library.sounds import flac, noise
from tests.music.test_desk import Playing
from tests.sound import write

LOUD = PlannedTrack("Loud", "loud.flac", ("settle", "onset"))
VARYING = PlannedTrack("Varying", "varying.vbr.mp3", ("ascent", "peak"))


ARRIVAL = paths.shipped("resources", "imagery", "arrival.toml")
AT_TARGET = pytest.approx(gain_of(-10), rel=0.03)


class Trimmed(Playing):
    """A session whose pieces lie 10 dB above the target, and were checked before."""

    def __init__(self, desk: Desk, files: Path, clinic: Path) -> None:
        flac(files / LOUD.file, 22, -13)
        write(files / VARYING.file, noise(22, -13))
        self.library = Library(clinic)
        super().__init__(desk, files, (LOUD, VARYING))
        worker = Worker()
        check(self.library, gather([files / LOUD.file, files / VARYING.file]).pieces, worker)
        worker.close()

    def start_again(self) -> None:
        self.music = MusicDesk((self.files,), library=self.library)
        self.engine = FakeEngine(self.music.hear)
        self.music.use(self.engine)
        self.engine.hello()


@pytest.fixture
def trimmed(desk: Desk, tmp_path: Path) -> Trimmed:
    (tmp_path / "music").mkdir()
    return Trimmed(desk, tmp_path / "music", tmp_path / "clinic")


def last_fade(trimmed: Trimmed) -> float:
    order = trimmed.asked(wire.FadeTo)[-1]
    assert isinstance(order, wire.FadeTo)
    return order.to


def test_a_loud_piece_comes_in_at_the_target_and_is_ducked_from_there(trimmed: Trimmed) -> None:
    trimmed.hear()
    (play,) = trimmed.asked(wire.Play)
    assert isinstance(play, wire.Play)
    assert play.gain == AT_TARGET
    trimmed.music.start_imagery(msgspec.structs.replace(imagery.read(ARRIVAL), duck_db=6))
    assert last_fade(trimmed) == pytest.approx(gain_of(-10 - 6), rel=0.03)
    trimmed.music.stop_imagery()
    assert last_fade(trimmed) == AT_TARGET


def test_a_recorded_voice_speaks_at_the_target_and_one_nobody_checked_speaks_softly(
    trimmed: Trimmed, tmp_path: Path
) -> None:
    loud, unchecked = trimmed.files / LOUD.file, tmp_path / "unchecked.flac"
    unchecked.write_bytes(b"sound")
    sample = imagery.read(ARRIVAL)
    for path, gain in ((loud, AT_TARGET), (unchecked, pytest.approx(gain_of(-14))), (sample.voice_path(), 1.0)):
        voice = sample.voice if path == sample.voice_path() else imagery.Voice(str(path))
        trimmed.music.start_imagery(msgspec.structs.replace(sample, voice=voice), voice=True)
        assert trimmed.asked(wire.Play)[-1] == wire.Play("voice", gain, wire.EASE_MS)
        trimmed.engine.sounds("voice")
        trimmed.music.stop_imagery()
        trimmed.engine.falls_silent("voice")


def test_after_a_silence_it_comes_back_at_the_gain_it_had(trimmed: Trimmed) -> None:
    trimmed.hear()
    trimmed.music.silence()
    trimmed.engine.falls_silent("A")
    trimmed.music.bring_back()
    assert trimmed.engine.decks["A"].gain == AT_TARGET
    trimmed.engine.sounds("A")
    trimmed.music._flow.level(800)
    assert last_fade(trimmed) == AT_TARGET


def test_a_desk_that_takes_over_knows_the_level_of_what_sounds(trimmed: Trimmed) -> None:
    trimmed.hear()
    decks = trimmed.engine.decks
    trimmed.music = MusicDesk((trimmed.files,), library=trimmed.library)
    trimmed.engine = FakeEngine(trimmed.music.hear)
    trimmed.engine.decks = decks
    trimmed.music.use(trimmed.engine)
    trimmed.engine.hello()
    trimmed.music.own(trimmed.room)
    trimmed.music._flow.level(800)
    assert last_fade(trimmed) == AT_TARGET


def test_what_seeks_badly_is_played_from_its_copy_and_is_known_by_it(trimmed: Trimmed) -> None:
    program = trimmed.music._flow.planned(trimmed.room)
    ready = program.ready(VARYING)
    assert ready.path.parent == trimmed.library.copies
    assert ready.gain_db == 0
    assert program.track_at(str(ready.path)) == program.track_at(str(trimmed.files / VARYING.file))
    assert program.trim(str(ready.path)) == 1.0


def test_a_file_that_was_only_touched_keeps_its_level(trimmed: Trimmed) -> None:
    (trimmed.files / LOUD.file).touch()
    assert trimmed.library.verdict(trimmed.files / LOUD.file).state == "unheard"
    trimmed.hear()
    assert trimmed.engine.decks["A"].gain == AT_TARGET


def test_a_piece_composed_here_is_at_the_target_without_being_checked(trimmed: Trimmed) -> None:
    (trimmed.files / "made.ogg").write_bytes(b"sound")
    made = PlannedTrack("Made", "made.ogg", ("peak",), tags=(CIRCLE,))
    assert trimmed.music._flow.planned(trimmed.room).ready(made).gain_db == 0
    assert trimmed.music._flow.planned(trimmed.room).ready(msgspec.structs.replace(made, tags=())).gain_db < -10


def test_the_shipped_pieces_are_known_and_are_at_the_target(tmp_path: Path) -> None:
    shipped = paths.shipped("playlists")
    library = Library(tmp_path, shipped)
    pieces = sorted((shipped / "audio").iterdir())
    assert pieces
    for path in pieces:
        ready = library.ready(path)
        assert ready.digest == digest_of(path)
        assert ready.path == path
        assert ready.gain_db == pytest.approx(0, abs=0.2)
        assert library.verdict(path).state == "good"
