"""Guided imagery in a session: a piece is chosen with its cautions in view, read large, halted, and left gently."""

from pathlib import Path

from PySide6.QtWidgets import QLabel

from kapdesk.facts.music import ImageryPaused, ImageryResumed
from tests.music.library.sounds import flac
from tests.ui.hand import Hand, words_on
from ui.session.imagery import UNHEARD


def test_the_words_of_imagery_are_shown_to_be_read_aloud(hand: Hand) -> None:
    hand.begin()
    hand.press("Guided imagery")
    hand.press(hand.buttons(hand.page.music.pieces)[0])
    assert "Ask first." in words_on(hand), "what to be careful about is read before it begins"
    hand.press("Read aloud")
    hand.computer.pass_(40)
    hand.seat.hear()
    aloud = hand.page.music.aloud
    assert aloud.isVisible()
    assert len(aloud.cue) > 10
    words = next(label for label in aloud.findChildren(QLabel) if label.text() == aloud.cue)
    assert words.fontInfo().pixelSize() >= 1.5 * hand.page.fontInfo().pixelSize(), "read from beside the patient"
    hand.press("Leave imagery gently")
    hand.seat.hear()
    assert not aloud.isVisible()


def test_imagery_is_halted_and_goes_on_where_it_was(hand: Hand) -> None:
    hand.begin()
    hand.press("Guided imagery")
    hand.press(hand.buttons(hand.page.music.pieces)[0])
    assert "Ask first." in words_on(hand), "what to be careful about is read before it begins"
    hand.press("Read aloud")
    hand.computer.pass_(40)
    hand.press("Pause imagery")
    said = hand.page.music.aloud.cue
    hand.computer.pass_(120)
    hand.seat.hear()
    assert hand.page.music.aloud.cue == said
    hand.press("Go on with imagery")
    hand.settle()
    (paused,), (resumed,) = hand.facts(ImageryPaused), hand.facts(ImageryResumed)
    assert paused.position_ms == resumed.position_ms
    assert 40_000 <= paused.position_ms < 60_000


def test_a_recording_dropped_on_a_piece_is_offered_as_its_voice(hand: Hand, tmp_path: Path) -> None:
    recording = tmp_path / "our voice.flac"
    flac(recording, 22, -8)
    hand.begin()
    hand.press("Guided imagery")
    piece = hand.day.desk.imagery[0].piece
    hand.page.music.pieces.dropped.emit(piece, recording)
    hand.until(lambda: "has its own recorded voice now" in words_on(hand))
    hand.press("Understood")
    hand.press(hand.buttons(hand.page.music.pieces)[0])
    assert "Recorded voice" in hand.buttons()
    assert UNHEARD not in words_on(hand)
    empty = tmp_path / "empty.flac"
    empty.touch()
    hand.page.music.pieces.dropped.emit(piece, empty)
    hand.until(lambda: "empty or not a file" in words_on(hand))


def test_a_recording_put_there_by_hand_is_said_to_be_unchecked(hand: Hand) -> None:
    hand.begin()
    folder = hand.day.desk.clinic.log.folder / "imagery"
    folder.mkdir()
    (folder / f"{hand.day.desk.imagery[0].piece.source.stem}.flac").write_bytes(b"sound")
    hand.day.desk.read_imagery()
    hand.seat.hear()
    hand.press("Guided imagery")
    hand.press(hand.buttons(hand.page.music.pieces)[0])
    assert UNHEARD in words_on(hand)
