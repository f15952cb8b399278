"""Bad files, no sound server, no libVLC: a plain sentence each, and never a hang."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kapdesk.errors import KnownError
from kapdesk.music.engine import wire
from kapdesk.music.engine.link import Link
from tests.music.engine.conftest import Player, gone
from tests.sound import Ear, sine, until, write

pytestmark = pytest.mark.usefixtures("deaf")

Start = Callable[[], Player]


def bad_files(folder: Path) -> dict[str, Path]:
    whole = write(folder / "whole.flac", sine(440, 4))
    empty, text, zeros = folder / "empty.ogg", folder / "text.mp3", folder / "zeros.ogg"
    empty.touch()
    text.write_text("This was never music.\n" * 200)
    zeros.write_bytes(whole.read_bytes()[:4] + bytes(40_000))
    return {"missing": folder / "nowhere.ogg", "empty": empty, "text": text, "zeros": zeros, "folder": folder}


def test_a_file_that_cannot_play_says_why_and_the_deck_is_free_again(start: Start, files: Path) -> None:
    player = start()
    why = {"missing": "missing", "empty": "empty", "text": "damaged", "zeros": "damaged", "folder": "folder"}
    for kind, path in bad_files(files).items():
        player.link.load("A", path)
        player.link.play("A")
        failed = player.ear.next(wire.Failed, "A")
        assert (failed.path, why[kind] in failed.why) == (str(path), True)
    player.link.load("A", files / "whole.flac", 1_000)
    player.link.play("A")
    assert player.ear.next(wire.Playing, "A").path.endswith("whole.flac")
    assert player.ear.all(wire.Fault) == []


def test_if_the_next_piece_fails_the_one_that_sounds_plays_on(start: Start, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "on.flac", sine(440, 20)))
    player.link.load("B", bad_files(files)["text"])
    player.link.crossfade("A", "B")
    player.ear.next(wire.Failed, "B")
    player.link.set_volume(80)
    until(lambda: player.ear.all(wire.Status)[-1].volume == 80)
    assert (player.deck("A").state, player.deck("A").leave, player.deck("A").gain) == ("playing", None, 1.0)


def test_a_piece_that_breaks_off_is_told_from_one_that_is_over(start: Start, files: Path) -> None:
    whole = write(files / "four.flac", sine(440, 4))
    half = files / "half.flac"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 5])
    player = start()
    player.link.load("A", half)
    player.link.load("B", whole, 2_500)
    player.link.play("A")
    player.link.play("B")
    until(lambda: len(player.ear.all(wire.Ended)) == 2)
    broken, over = sorted(player.ear.all(wire.Ended), key=lambda ended: ended.deck)
    assert broken.early
    assert broken.length_ms == pytest.approx(4_000, abs=50)
    assert not over.early
    assert over.position_ms == pytest.approx(4_000, abs=wire.TAIL_MS)  # the dummy output does not wait for its end


def test_names_with_any_character_are_played(start: Start, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "Zażółć #1 100% 安静? & co.ogg", sine(440, 3)))


def test_without_a_sound_server_time_goes_on_at_its_pace_and_the_sink_says_so(start: Start, files: Path) -> None:
    player = start()
    assert player.hello.sink == "dummy (no sound server)"
    assert player.hello.libvlc.startswith("3.")
    playing = player.sound("A", write(files / "dummy.ogg", sine(440, 20)), 5_000)
    assert playing.position_ms == 5_000
    first = until(lambda: player.deck("A").told_ms > 6_000 and player.ear.all(wire.Status)[-1])
    later = until(lambda: player.deck("A").told_ms > first.decks[0].told_ms + 800 and player.ear.all(wire.Status)[-1])
    passed = later.at_ms - first.at_ms
    assert later.decks[0].told_ms - first.decks[0].told_ms == pytest.approx(passed, abs=500)


def test_without_libvlc_the_sentence_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHON_VLC_LIB_PATH", str(tmp_path / "libvlc.so.5"))
    with pytest.raises(KnownError, match="sudo apt install libvlc5 vlc-plugin-base"):
        Link(tmp_path / "engine", Ear())


def test_a_line_that_is_no_order_is_passed_over(start: Start) -> None:
    player = start()
    assert player.link._socket
    player.link._socket.sendall(b'{"n":1,"order":{"is":"explode"}}\nnot even json\n')
    player.ear.next(wire.Fault)
    player.ear.next(wire.Fault)
    player.link.set_volume(33)
    until(lambda: player.ear.all(wire.Status)[-1].volume == 33)


def test_a_deck_with_nothing_on_it_lets_every_verb_pass(start: Start) -> None:
    player = start()
    for verb in (player.link.play, player.link.pause, player.link.resume, player.link.stop):
        verb("A")
    player.link.seek("A", 1_000)
    player.link.fade("A", 0.5, 100)
    player.link.crossfade("A", "B")
    player.link.set_volume(20)
    until(lambda: player.ear.all(wire.Status) and player.ear.all(wire.Status)[-1].volume == 20)
    assert {deck.state for deck in player.ear.all(wire.Status)[-1].decks} == {"empty"}
    assert player.ear.all(wire.Fault) == []


def test_asked_to_end_by_the_system_it_fades_out_first(start: Start, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "term.ogg", sine(440, 20)))
    terminated, at = player.pid, time.monotonic()
    player.link.close(play_out=True)
    os.kill(terminated, signal.SIGTERM)
    until(lambda: gone(terminated))
    assert 0.5 < time.monotonic() - at < 8


def test_a_piece_that_kills_the_engine_each_time_is_taken_off(start: Start, files: Path) -> None:
    player = start()
    player.sound("A", write(files / "deadly.ogg", sine(440, 20)))
    for _ in range(4):
        os.kill(player.pid, signal.SIGKILL)
        player.ear.next(wire.Hello)
    [failed] = player.ear.all(wire.Failed)
    assert failed.path.endswith("deadly.ogg")
    assert "break off" in failed.why
    player.ear.next(wire.Status)
    assert player.deck("A").state == "empty"
