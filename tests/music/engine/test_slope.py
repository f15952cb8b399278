"""However the volume is turned, what is heard follows gently: on a clock of its own, and recorded."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.music.engine import wire
from kapdesk.music.fades import FAINT_DB, FALL_DB_S, RISE_DB_S, STEP_MS, decibels_of, gain_at
from tests.music.engine.conftest import Player
from tests.music.engine.test_deck import Table
from tests.music.engine.test_sound import CLICK_DBFS
from tests.sound import Recording, click_dbfs, levels_dbfs, sine, write

STEP_OF_A_VOLUME_DB = 3.0
"""Two whole volumes beside each other differ by that much at 20, by less above."""


def follow(table: Table, ms: float, every_ms: float = STEP_MS) -> list[tuple[float, float]]:
    """Time in ms, and how loud deck A is in dB, at each turn of the engine."""
    heard, end = [], table.now + ms
    while table.now < end:
        table.run(every_ms)
        heard.append((table.now, decibels_of(gain_at(table.players["A"].volume))))
    return heard


def steepest(heard: list[tuple[float, float]], over_ms: float = 1_000) -> tuple[float, float]:
    """The most that the level rose, and fell, within so long, in dB; what is fainter than anybody hears is left out."""
    loud = [(at, level) for at, level in heard if level > FAINT_DB]
    changes = [later - earlier for at, earlier in loud for to, later in loud if 0 <= to - at <= over_ms]
    return max(changes), min(changes)


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    path = tmp_path / "piece.ogg"
    path.write_bytes(b"a piece")
    return path


def test_a_slider_pulled_up_at_once_is_heard_to_rise_slowly(piece: Path) -> None:
    table = Table()
    table.ask(wire.SetVolume(20))
    table.sound("A", piece)
    for percent in range(20, 91, 7):  # within 50 ms
        table.ask(wire.SetVolume(percent))
        table.run(5)
    heard = follow(table, 6_000)
    assert steepest(heard)[0] <= RISE_DB_S + STEP_OF_A_VOLUME_DB
    assert table.players["A"].volume == 90
    assert next(at for at, level in heard if level > -20) - heard[0][0] > 2_000


def test_down_it_goes_faster_and_to_silence_without_waiting_for_what_nobody_hears(piece: Path) -> None:
    table = Table()
    table.sound("A", piece)
    table.ask(wire.SetVolume(0))
    heard = follow(table, 4_000)
    assert steepest(heard)[1] >= -FALL_DB_S - STEP_OF_A_VOLUME_DB
    assert next(at for at, level in heard if level < FAINT_DB) - heard[0][0] == pytest.approx(3_000, abs=300)
    assert (table.players["A"].volume, table.deck("A").state, table.deck("A").gain) == (0, "playing", 1.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(15, 100), st.floats(1, 900)), min_size=1, max_size=8), st.floats(1, 250))
def test_no_hand_and_no_late_turn_makes_it_steeper(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[int, float]], late_ms: float
) -> None:
    piece = tmp_path_factory.mktemp("slope") / "piece.ogg"
    piece.write_bytes(b"a piece")
    table = Table()
    table.ask(wire.SetVolume(40))
    table.sound("A", piece)
    heard = follow(table, STEP_MS)
    for percent, ms in turns:
        table.ask(wire.SetVolume(percent))
        table.now += late_ms  # a busy machine
        table.mixer.tick(table.now)
        heard += follow(table, ms)
    rise, fall = steepest(heard)
    assert rise <= RISE_DB_S + STEP_OF_A_VOLUME_DB
    assert fall >= -FALL_DB_S - STEP_OF_A_VOLUME_DB


def test_where_nothing_sounds_it_is_there_at_once_and_the_piece_comes_in_at_it(piece: Path) -> None:
    table = Table()
    table.ask(wire.SetVolume(30))
    table.sound("A", piece)
    assert table.players["A"].volume == 30


def test_what_is_on_its_way_out_never_becomes_louder_for_what_comes_next(piece: Path) -> None:
    """Another session with a higher volume takes the music over while this patient's fades."""
    table = Table()
    table.ask(wire.SetVolume(30))
    table.sound("A", piece)
    table.ask(wire.Stop("A", 3_000), wire.SetVolume(90))
    levels = [level for _, level in follow(table, 2_900)]
    assert all(later <= earlier for earlier, later in pairwise(levels))
    table.run(500)
    table.sound("B", piece)
    assert table.players["B"].volume == 90


def test_an_engine_put_back_in_mid_slope_goes_on_from_there(piece: Path) -> None:
    table = Table()
    table.ask(wire.SetVolume(20))
    table.sound("A", piece)
    table.ask(wire.SetVolume(90))
    table.run(2_000)
    was, level = table.mixer.status(9, table.now), decibels_of(gain_at(table.players["A"].volume))
    other = Table()
    other.ask(wire.Restore(was.volume, was.decks, was.crossing, room=was.room))
    other.notice("A", "playing")
    heard = follow(other, 300)
    assert heard[-1][1] == pytest.approx(level + RISE_DB_S * 0.3, abs=STEP_OF_A_VOLUME_DB)
    follow(other, 6_000)
    assert other.players["A"].volume == 90


def test_a_drag_from_20_to_90_in_50_ms_is_heard_without_a_click_and_no_steeper_than_it_may(
    start: Callable[[], Player], recording: Recording, files: Path
) -> None:
    player = start()
    player.link.set_volume(20)
    player.sound("A", write(files / "drag.flac", sine(440, 20)))
    recording.wait(300)
    since = recording.ms
    for percent in range(20, 91, 7):
        player.link.set_volume(percent)
        recording.wait(5)
    recording.wait(5_600)
    up = recording.heard(since - 100)
    levels = levels_dbfs(up, 100)
    assert max(levels[10:] - levels[:-10]) <= RISE_DB_S + STEP_OF_A_VOLUME_DB  # within any second
    assert float(np.median(levels[-5:])) == pytest.approx(-15 + decibels_of(gain_at(90)), abs=0.5)
    since = recording.ms
    for percent in range(90, 19, -7):
        player.link.set_volume(percent)
        recording.wait(5)
    recording.wait(2_500)
    down = recording.heard(since - 100)
    levels = levels_dbfs(down, 100)
    assert min(levels[10:] - levels[:-10]) >= -FALL_DB_S - STEP_OF_A_VOLUME_DB
    assert levels[-1] == pytest.approx(-15 + decibels_of(gain_at(20)), abs=1)
    assert click_dbfs(up) <= CLICK_DBFS
    assert click_dbfs(down) <= CLICK_DBFS
