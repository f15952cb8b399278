"""Files that go bad while a session plays, with the real engine: a sentence for each, and the rest plays."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kapdesk.clinic import music
from kapdesk.clinic.room import Room
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import MusicPlanned, PhaseEntered, PlannedTrack, TrackSkipped, TrackStarted, TrackStopped
from kapdesk.music.library.gather import NO_FILE
from tests.desk import Desk
from tests.sound import RATE, sine, write

pytestmark = pytest.mark.usefixtures("deaf")

CALM = PlannedTrack("Calm", "calm.flac", ("settle", "onset"), length_ms=200_000)
LAST = PlannedTrack("Last", "last.flac", ("peak",), length_ms=200_000)


class Playing:
    """A session whose first piece sounds, and what becomes of the pieces of its peak."""

    def __init__(self, desk: Desk, names: tuple[str, ...]) -> None:
        self.desk, self.files = desk, desk.folder / music.FOLDER
        self.files.mkdir(exist_ok=True)
        for track in (CALM, LAST):
            write(self.files / track.file, sine(440, 200))
        peak = tuple(PlannedTrack(name, name, ("peak",), length_ms=200_000) for name in names)
        self.room: Room = desk.room()
        desk.kept(self.room.record(MusicPlanned("Sample playlist", (CALM, *peak, LAST))))
        desk.dosed(self.room)
        self.music = music.open_music(desk.clinic)
        self.music.own(self.room)
        self.until(lambda: self.music.now().engine != "")
        self.music.bring_back()
        self.until(lambda: self.music.now().title == "Calm" and not self.music.quiet)
        self.until(lambda: self.facts(TrackStarted))

    def until(self, done: Callable[[], object]) -> None:
        """Let the session go on, its clock's beats included."""

        def beat() -> bool:
            self.music.tick()
            return bool(done())

        self.desk.until(beat)

    def facts(self, kind: type[Fact]) -> list[Fact]:
        return [each.fact for each in self.room.session.history if isinstance(each.fact, kind)]

    def to_the_peak(self) -> None:
        self.desk.kept(self.room.record(PhaseEntered("peak")))


@pytest.fixture
def begin(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Playing]]:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    begun: list[Playing] = []

    def begin_(*names: str) -> Playing:
        begun.append(Playing(desk, names))
        return begun[-1]

    yield begin_
    for each in begun:
        each.music.end()
        each.music.close()


def test_every_kind_of_bad_file_gets_its_sentence_and_the_music_before_sounds_until_a_good_one_comes(
    begin: Callable[..., Playing],
) -> None:
    damaged = "This file is damaged, or it is not a sound file."
    kinds = {
        "gone.flac": "This file is missing.",
        "empty.ogg": "This file is empty.",
        "text.mp3": damaged,
        "word.flac": "This file holds no sound that can be played.",
        "word.mp3": damaged,
        "word.ogg": damaged,
        "page.flac": "This file holds no sound that can be played.",
        "folder.flac": "This is a folder, not a piece of music.",
        "zeros.flac": damaged,
        "loop.flac": "This is a link that leads back to itself.",
        "pipe.flac": NO_FILE,
    }
    playing = begin(*kinds)
    bad = playing.files
    (bad / "empty.ogg").touch()
    (bad / "text.mp3").write_text("This was never music.\n" * 200)
    for kind in ("flac", "mp3", "ogg"):
        (bad / f"word.{kind}").write_text("no music")
    (bad / "page.flac").write_text("<html><body>404 Not Found</body></html>" * 20)
    (bad / "folder.flac").mkdir()
    (bad / "zeros.flac").write_bytes((bad / "calm.flac").read_bytes()[:4] + bytes(40_000))
    (bad / "loop.flac").symlink_to(bad / "loop.flac")
    os.mkfifo(bad / "pipe.flac")
    playing.to_the_peak()
    playing.until(lambda: len(playing.facts(TrackStarted)) == 2)
    assert playing.facts(TrackSkipped) == [TrackSkipped(file, file, why) for file, why in kinds.items()]
    assert [fact.title for fact in playing.facts(TrackStarted) if isinstance(fact, TrackStarted)] == ["Calm", "Last"]
    assert playing.facts(TrackStopped) == [], "the first piece went out only against the last"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_skipped_with_a_sentence(begin: Callable[..., Playing]) -> None:
    playing = begin("locked.flac")
    write(playing.files / "locked.flac", sine(440, 4)).chmod(0)
    playing.to_the_peak()
    playing.until(lambda: playing.music.now().title == "Last")
    playing.until(lambda: len(playing.facts(TrackSkipped)) == 1)


def test_eight_channels_and_192_khz_are_played(begin: Callable[..., Playing]) -> None:
    import numpy as np
    import soundfile

    playing = begin("eight.flac", "fine.flac")
    tone = sine(440, 8)[:, :1]
    soundfile.write(playing.files / "eight.flac", np.repeat(tone, 8, axis=1), RATE)
    soundfile.write(playing.files / "fine.flac", np.repeat(tone, 2, axis=1), 4 * RATE)
    playing.to_the_peak()
    playing.until(lambda: playing.music.now().title == "eight.flac")
    playing.until(lambda: playing.music.now().title == "fine.flac")
    assert playing.facts(TrackSkipped) == []


def test_a_piece_removed_while_it_sounds_is_heard_on_and_one_cut_short_meanwhile_gives_way_to_the_next(
    begin: Callable[..., Playing],
) -> None:
    playing = begin("half.flac")
    whole = write(playing.files / "half.flac", sine(440, 20)).read_bytes()
    (playing.files / CALM.file).unlink()
    (playing.files / "half.flac").write_bytes(whole[: len(whole) // 5])
    playing.music.tick()
    assert playing.music.now().title == "Calm"
    playing.to_the_peak()
    playing.until(lambda: playing.music.now().title == "half.flac")
    playing.until(lambda: "broke off early" in playing.music.now().message)
    playing.until(lambda: len(playing.facts(TrackStarted)) == 2)
    assert playing.facts(TrackSkipped) == []
