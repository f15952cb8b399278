"""The clinic's music on its page: added, heard beside the window, told piece by piece; and told before a session."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton

from kapdesk.facts.session import MusicPlanned, PlannedTrack
from kapdesk.music import playlist
from kapdesk.music.library.lists import STREAMED
from kapdesk.music.playlist import PLAIN
from tests.music.library.sounds import flac, long
from tests.ui.hand import Hand, words_on
from ui.music.listening import STOPPED
from ui.music.page import NO_FILE, MusicPage
from ui.widgets.choice import Option
from ui.widgets.label import Label
from ui.widgets.panel import Panel


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder with two good pieces, one that is cut off and a text."""
    folder = tmp_path / "Evening Music"
    folder.mkdir()
    flac(folder / "1 calm.flac", 25, -20, 1)
    flac(folder / "2 soft.flac", 25, -34, 2)
    cut = flac(folder / "3 cut.flac", 40, -20, 3)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    (folder / "4 text.mp3").write_text("no music")
    return folder


@pytest.fixture
def page(hand: Hand) -> MusicPage:
    hand.press("Music")
    page = hand.on(MusicPage)
    hand.until(lambda: "First Light" in words_on(hand))
    return page


def drop(page: MusicPage, *paths: Path, url: str = "") -> None:
    dropped = QMimeData()
    dropped.setUrls([*(QUrl.fromLocalFile(str(path)) for path in paths), *([QUrl(url)] if url else [])])
    what = (Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    page.dragEnterEvent(QDragEnterEvent(QPoint(50, 200), *what))
    page.dropEvent(QDropEvent(QPointF(50, 200), *what))


def heard(hand: Hand) -> bool:
    return not hand.day.listening.busy


def test_a_dropped_folder_is_heard_and_becomes_a_playlist_of_what_can_be_played(
    hand: Hand, page: MusicPage, music: Path
) -> None:
    drop(page, music)
    hand.until(lambda: "3 pieces added." in words_on(hand) and heard(hand))
    hand.until(lambda: "It breaks off at 0:19 of 0:40. Put in a whole file." in words_on(hand))
    said = words_on(hand)
    assert "Left out: 4 text.mp3: It holds no music that can be played here, whatever its name says." in said
    assert "−20.0 LUFS" in said
    own = hand.day.desk.clinic.log.folder / "playlists" / "evening-music.toml"
    hand.until(lambda: "Evening Music" in words_on(hand))
    assert [track.title for track in playlist.read(own).tracks] == ["1 calm", "2 soft", "3 cut"]


@contextmanager
def beating(page: MusicPage) -> Iterator[list[float]]:
    """When the event loop came round, asked for every 5 ms."""
    beats = [time.perf_counter()]
    timer = QTimer(page, interval=5)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()
    yield beats
    timer.stop()


def test_the_window_goes_on_while_files_are_heard(hand: Hand, page: MusicPage, music: Path) -> None:
    """The event loop turns every 5 ms; the longest it stood still while a long file was heard is told here."""
    for seed in range(6):
        long(music / f"long {seed}.flac", 120, seed)
    with beating(page) as beats:
        drop(page, music)
        hand.until(lambda: page._bar.isVisible() and page._bar.value() > 0)
        hand.until(lambda: heard(hand) and "9 pieces added." in words_on(hand))
    stood_s = max(later - before for before, later in pairwise(beats))
    assert len(beats) > 50
    assert stood_s < 0.5


def test_a_list_of_49_000_lines_is_looked_through_while_the_window_goes_on(
    hand: Hand, page: MusicPage, music: Path
) -> None:
    long_list = music / "list.m3u"
    long_list.write_text("\n".join(f"gone {n}.mp3" for n in range(49_000)), encoding="utf-8")
    with beating(page) as beats:
        drop(page, long_list)
        hand.until(lambda: heard(hand) and "And 48,994 more were left out." in words_on(hand))
    assert max(later - before for before, later in pairwise(beats)) < 1
    assert "Left out: gone 0.mp3: This file is missing." in words_on(hand)


def test_cancel_ends_it_at_once_and_nothing_is_written(hand: Hand, page: MusicPage, music: Path) -> None:
    for seed in range(3):
        long(music / f"long {seed}.flac", 240, seed)
    drop(page, music)
    hand.until(lambda: "Cancel the check" in hand.buttons())
    hand.press("Cancel the check")
    hand.until(lambda: heard(hand) and STOPPED in words_on(hand))
    assert not list((hand.day.desk.clinic.log.folder / "playlists").glob("evening*.toml"))


def test_a_piece_is_given_other_phases_and_taken_out_by_a_press(hand: Hand, page: MusicPage, music: Path) -> None:
    drop(page, music)
    hand.until(lambda: "3 pieces added." in words_on(hand) and heard(hand) and "1 calm" in words_on(hand))
    own = hand.day.desk.clinic.log.folder / "playlists" / "evening-music.toml"
    hand.press("1 calm, 0:25, −20.0 LUFS, Ready, " + phases(own, 0))
    hand.press("1 calm is for peak")
    hand.until(lambda: "peak" in playlist.read(own).tracks[0].phases)
    hand.until(lambda: "Peak" in phases(own, 0))
    hand.press("Take 1 calm out of the playlist")
    hand.until(lambda: [track.title for track in playlist.read(own).tracks] == ["2 soft", "3 cut"])
    assert (music / "1 calm.flac").exists()


def phases(own: Path, number: int) -> str:
    return ", ".join(phase.capitalize() for phase in playlist.read(own).tracks[number].phases)


def test_a_piece_is_said_to_be_of_a_kind_and_how_full_it_is(hand: Hand, page: MusicPage, music: Path) -> None:
    """So that a wish can leave it out, and softer and deeper know where to turn."""
    drop(page, music)
    hand.until(lambda: "3 pieces added." in words_on(hand) and heard(hand) and "1 calm" in words_on(hand))
    own = hand.day.desk.clinic.log.folder / "playlists" / "evening-music.toml"

    def calm() -> playlist.Track:
        return playlist.read(own).tracks[0]

    hand.press("1 calm, 0:25, −20.0 LUFS, Ready, " + phases(own, 0))
    for name, tags in (
        ("1 calm: none of these kinds", (PLAIN,)),
        ("1 calm: vocals", ("vocals",)),
        ("1 calm: sacred", ("vocals", "sacred")),
        ("1 calm: vocals", ("sacred",)),
        ("1 calm: none of these kinds", (PLAIN,)),
    ):
        hand.until(lambda name=name: name in hand.buttons())
        hand.press(name)
        hand.until(lambda tags=tags: calm().tags == tags)
    for n, intensity in ((4, 4), (2, 2), (2, None)):
        hand.until(lambda n=n: f"1 calm is {n} of 5 full" in hand.buttons())
        hand.press(f"1 calm is {n} of 5 full")
        hand.until(lambda intensity=intensity: calm().intensity == intensity)


def test_a_list_of_our_own_brings_kinds_and_fullness_along(hand: Hand, page: MusicPage, music: Path) -> None:
    (music / "ours.toml").write_text(
        'format = 1\ntitle = "Ours"\ntracks = [{ title = "Hymn", file = "1 calm.flac", phases = ["peak"],'
        ' intensity = 4, tags = ["sacred", "en"] }]\n'
    )
    drop(page, music / "ours.toml")
    hand.until(lambda: "1 piece added." in words_on(hand) and heard(hand))
    [hymn] = playlist.read(hand.day.desk.clinic.log.folder / "playlists" / "ours.toml").tracks
    assert (hymn.phases, hymn.intensity, hymn.tags) == (("peak",), 4, ("sacred", "en"))


def test_beside_a_video_call_titles_are_read_and_every_button_is_whole(
    hand: Hand, page: MusicPage, music: Path
) -> None:
    drop(page, music)
    hand.until(lambda: "3 pieces added." in words_on(hand) and heard(hand) and "1 calm" in words_on(hand))
    hand.window.resize(640, 720)
    calm = next(name for name in hand.buttons() if name.startswith("1 calm, 0:25"))
    hand.press(calm)
    hand.until(lambda: "Take 1 calm out of the playlist" in hand.buttons())
    hand.settle()
    for panel in page.findChildren(Panel):
        for button in filter(QAbstractButton.isVisible, panel.findChildren(QAbstractButton)):
            assert button.mapTo(panel, button.rect().topRight()).x() < panel.width(), button.accessibleName()
    line = hand.button(calm)
    parts = [label for label in line.findChildren(Label) if label.isVisible()]
    assert parts[0].text() == "1 calm"
    assert parts[0].width() > 100
    assert all(left.geometry().right() < right.x() for left, right in pairwise(parts))


def test_a_dropped_link_is_told_that_nothing_is_fetched(hand: Hand, page: MusicPage) -> None:
    drop(page, url="https://example.org/radio.mp3")
    assert STREAMED in words_on(hand)
    assert "music played elsewhere" in STREAMED


def test_a_link_dropped_beside_music_is_told_and_the_music_is_taken(hand: Hand, page: MusicPage, music: Path) -> None:
    drop(page, music / "1 calm.flac", url="https://example.org/radio.mp3")
    hand.until(lambda: heard(hand) and "1 piece added." in words_on(hand))
    assert f"Left out: https://example.org/radio.mp3: {STREAMED}" in words_on(hand)


def test_what_is_no_file_of_this_computer_is_not_called_a_link(hand: Hand, page: MusicPage) -> None:
    drop(page)
    assert NO_FILE in words_on(hand)


def test_before_a_session_a_playlist_says_what_hinders_it(hand: Hand, page: MusicPage, music: Path) -> None:
    drop(page, music)
    hand.until(lambda: "3 pieces added." in words_on(hand) and heard(hand))
    (music / "1 calm.flac").unlink()
    hand.press("Back")
    hand.press("Begin a session")
    said = words_on(hand)
    assert "“1 calm”: This file is missing." in said
    assert "“3 cut”: It breaks off at 0:19 of 0:40." in said
    offered = [button.text() for button in hand.window.findChildren(Option) if button.isVisible()]
    assert "First Light  ·  4 pieces · ready" in offered
    assert "Evening Music  ·  3 pieces · 1 cannot be played, 1 to be looked at" in offered
    hand.press("Check the music")
    hand.until(lambda: hand.window.page() is page)
    hand.press("Back")
    assert "“1 calm”: This file is missing." in words_on(hand)


def test_on_arrival_the_plan_says_which_piece_is_missing_or_was_not_checked(
    hand: Hand, page: MusicPage, music: Path
) -> None:
    drop(page, music)
    hand.until(lambda: "3 pieces added." in words_on(hand) and heard(hand))
    hand.press("Back")
    hand.open_session()
    folder = hand.day.desk.clinic.log.folder / "playlists"
    flac(folder / "new.flac", 25)
    tracks = (
        PlannedTrack("Calm", str(music / "1 calm.flac"), ("settle",)),
        PlannedTrack("Gone", "gone.ogg", ("peak",)),
        PlannedTrack("New", "new.flac", ("return",)),
    )
    hand.room.record(MusicPlanned("Sample", tracks))
    hand.settle()
    hand.until(lambda: "“Gone”: This file is missing." in words_on(hand))
    assert "One piece was not checked yet and will play softly." in words_on(hand)
    assert "“Calm”" not in words_on(hand)
