"""The deck and the mixer by themselves, on a player that makes no sound and a clock that a test moves."""

from pathlib import Path

import pytest

from kapdesk.music.engine import wire
from kapdesk.music.engine.deck import BACK_MS, GO_OVER_MS, START_MS
from kapdesk.music.engine.mixer import FAREWELL_MS, Mixer
from kapdesk.music.engine.player import Noticed
from kapdesk.music.fades import LARGEST_STEP, STEP_MS, gain_at


class SilentPlayer:
    """Holds a deck to what libVLC can bear, and keeps what it was told to do."""

    def __init__(self) -> None:
        self.take = 0
        self.running: tuple[str, int] | None = None
        self.volumes: list[int] = []
        self.length_ms = 60_000
        self.state = "NothingSpecial"

    def start(self, path: Path, at_ms: int) -> None:
        assert self.running is None, "started while it runs"
        self.take += 1
        self.running = (path.name, at_ms)
        self.volumes.append(0)

    def stop(self) -> None:
        if self.running:
            self.take += 1
        self.running = None

    def set_volume(self, volume: int) -> None:
        assert self.running, "volume of nothing"
        assert abs(gain_at(volume) - gain_at(self.volumes[-1])) <= LARGEST_STEP + 1e-9, "a jump"
        self.volumes.append(volume)

    @property
    def volume(self) -> int:
        return self.volumes[-1]


class Table:
    """A mixer on a clock of its own."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.told: list[wire.Told] = []
        self.players = {name: SilentPlayer() for name in wire.DECKS}
        self.mixer = Mixer(dict(self.players), self.told.append)

    def ask(self, *orders: wire.Order) -> None:
        for order in orders:
            self.mixer.take(order, self.now)

    def notice(self, deck: wire.Deck, what: str, place_ms: int = 0) -> None:
        take = self.players[deck].take
        self.mixer.notice(Noticed(deck, take, what, place_ms, self.now), self.now)  # type: ignore[arg-type]

    def run(self, ms: float) -> None:
        """Let time pass, with ticks as often as they are wanted, and libVLC's word on each place."""
        end = self.now + ms
        while self.now < end:
            self.now = min(end, self.now + (self.mixer.pace_ms(self.now) or STEP_MS))
            self.mixer.tick(self.now)

    def sound(self, deck: wire.Deck, path: Path, at_ms: int = 0) -> None:
        self.ask(wire.Load(deck, str(path), at_ms), wire.Play(deck, 1.0, 0))
        self.notice(deck, "playing")
        self.run(wire.EASE_MS + 100)

    def deck(self, name: wire.Deck) -> wire.DeckState:
        return next(deck for deck in self.mixer.status(0, self.now).decks if deck.deck == name)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.told]


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    path = tmp_path / "piece.ogg"
    path.write_bytes(b"a piece")
    return path


def test_nothing_rises_before_the_piece_is_heard(table: Table, piece: Path) -> None:
    table.ask(wire.Load("A", str(piece), 0), wire.Play("A", 1.0, 2_000))
    table.run(3_000)
    assert table.players["A"].volumes == [0]
    table.notice("A", "playing")
    table.run(1_000)
    assert 0 < table.players["A"].volume < 100
    assert table.kinds() == ["Playing"]
    table.run(1_100)
    assert (table.players["A"].volume, table.kinds()) == (100, ["Playing", "Faded"])


def test_a_stop_of_no_length_still_comes_down_step_by_step(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.ask(wire.Stop("A", 0))
    assert table.players["A"].running
    table.run(wire.EASE_MS + STEP_MS)
    assert table.players["A"].running is None
    assert table.players["A"].volumes[-1] == 0
    assert table.kinds()[-1] == "Stopped"


def test_a_pause_in_mid_fade_turns_round_and_the_piece_never_stops(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.ask(wire.Pause("A", 3_000))
    table.run(2_000)
    low = table.players["A"].volume
    table.ask(wire.Resume("A", 1_000))
    table.run(2_000)
    assert low < 90
    assert (table.players["A"].volume, table.deck("A").leave) == (100, None)
    assert "Paused" not in table.kinds()


def test_a_paused_piece_goes_on_where_it_was(table: Table, piece: Path) -> None:
    table.sound("A", piece, 5_000)
    table.notice("A", "time", 6_000)
    table.ask(wire.Pause("A", 1_000))
    table.run(1_500)
    paused = table.told[-1]
    assert isinstance(paused, wire.Paused)
    assert 7_000 <= paused.position_ms <= 7_200
    table.run(60_000)
    table.ask(wire.Resume("A", 0))
    assert table.players["A"].running == ("piece.ogg", paused.position_ms)


def test_a_seek_goes_out_first_and_a_second_one_rides_on_it(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.ask(wire.Seek("A", 20_000))
    table.run(300)
    table.ask(wire.Seek("A", 30_000))
    table.run(wire.EASE_MS - 300 + STEP_MS)
    assert table.players["A"].running == ("piece.ogg", 30_000)
    assert table.players["A"].volume == 0


def test_a_pause_during_a_seek_keeps_the_place_that_was_sought(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.ask(wire.Seek("A", 20_000), wire.Pause("A", 0))
    table.run(wire.EASE_MS + STEP_MS)
    assert (table.deck("A").state, table.deck("A").position_ms) == ("paused", 20_000)


def test_what_is_loaded_on_a_sounding_deck_waits_for_its_silence_and_orders_keep_their_turn(
    table: Table, piece: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.ogg"
    other.write_bytes(b"another")
    table.sound("A", piece)
    table.ask(wire.Stop("A", 8_000))
    table.run(100)
    table.ask(wire.Load("A", str(other), 7_000), wire.Play("A", 0.5, 1_000))
    assert table.players["A"].running == ("piece.ogg", 0)
    table.run(wire.EASE_MS + 2 * STEP_MS)  # and not 8 s
    assert table.players["A"].running == ("other.ogg", 7_000)
    assert table.deck("A").fade == wire.Move(0.5, 1_000, "power")


def test_a_crossfade_begins_only_when_the_new_piece_sounds(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.ask(wire.Load("B", str(piece), 0), wire.Crossfade("A", "B", 1.0, 3_000))
    table.run(2_000)
    assert (table.players["A"].volume, table.deck("A").leave) == (100, None)
    table.notice("B", "playing")
    table.run(3_100)
    assert (table.deck("A").state, table.players["B"].volume) == ("empty", 100)
    assert {"Stopped", "Faded"} <= set(table.kinds()[-2:])


def test_a_crossfade_into_a_bad_piece_leaves_the_old_one_alone(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.ask(wire.Load("B", str(piece), 0), wire.Crossfade("A", "B", 1.0, 3_000))
    table.notice("B", "failed")
    table.run(4_000)
    assert (table.players["A"].volume, table.deck("A").leave) == (100, None)
    assert table.mixer.status(0, table.now).crossing is None


def test_a_crossfade_asked_too_late_is_over_before_the_last_moments_that_take_no_volume(
    table: Table, piece: Path
) -> None:
    table.players["A"].length_ms = 10_000
    table.sound("A", piece, 5_000)
    table.notice("A", "time", 6_000)
    table.ask(wire.Load("B", str(piece), 0), wire.Crossfade("A", "B", 1.0, 8_000))
    table.notice("B", "playing")
    table.run(10_000 - wire.TAIL_MS - 6_000 + STEP_MS)
    assert (table.players["A"].running, table.players["B"].volume) == (None, 100)


def test_in_its_last_moments_a_piece_is_left_to_end_by_itself(table: Table, piece: Path) -> None:
    table.players["A"].length_ms = 10_000
    table.sound("A", piece, 6_000)
    table.notice("A", "time", 9_000)
    table.ask(wire.Stop("A", 0))
    table.run(900)
    assert (table.players["A"].running, table.players["A"].volume) == (("piece.ogg", 6_000), 100)
    table.notice("A", "ended")
    assert isinstance(table.told[-1], wire.Ended)
    assert table.players["A"].running is None


def test_a_place_never_runs_away_from_what_was_last_said(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.notice("A", "time", 4_000)
    table.run(800)
    assert table.deck("A").position_ms == pytest.approx(4_800, abs=STEP_MS)
    table.run(20_000)
    assert table.deck("A").position_ms == 5_500


def test_what_was_said_of_a_piece_taken_off_is_not_taken_for_the_next(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    old = Noticed("A", table.players["A"].take, "ended", 0, table.now)
    table.ask(wire.Seek("A", 9_000))
    table.run(wire.EASE_MS + STEP_MS)
    table.mixer.notice(old, table.now)
    assert table.deck("A").state == "starting"
    assert "Ended" not in table.kinds()


def test_a_piece_that_never_sounds_is_given_up(table: Table, piece: Path) -> None:
    table.ask(wire.Load("A", str(piece), 0), wire.Play("A", 1.0, 0))
    table.run(START_MS + 2 * STEP_MS)
    assert table.kinds() == ["Failed"]
    assert table.players["A"].running is None


def test_a_restored_table_stands_as_the_lost_one_stood(table: Table, piece: Path) -> None:
    table.sound("A", piece, 5_000)
    table.ask(wire.SetVolume(80), wire.Load("B", str(piece), 0), wire.Crossfade("A", "B", 0.5, 4_000))
    table.notice("B", "playing")
    table.run(1_000)
    was = table.mixer.status(9, table.now)
    other = Table()
    other.ask(wire.Restore(was.volume, was.decks, was.crossing, room=was.room))
    for name in ("A", "B"):
        other.notice(name, "playing")
    stands = other.mixer.status(0, other.now)
    assert [(d.path, d.position_ms, d.gain, d.fade, d.leave, d.leave_ms) for d in stands.decks] == [
        (d.path, d.position_ms, d.gain, d.fade, d.leave, d.leave_ms) for d in was.decks
    ]
    other.run(4_000)
    assert (other.deck("A").state, other.deck("B").gain, other.mixer.status(0, other.now).volume) == ("empty", 0.5, 80)


def test_told_to_leave_now_every_deck_goes_out(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.sound("voice", piece)
    table.ask(wire.Leave(play_out=False))
    table.run(FAREWELL_MS + wire.EASE_MS)
    assert not table.mixer.sounding


def test_where_there_is_nowhere_to_sound_a_piece_waits_at_its_place_and_comes_back_softly(
    table: Table, piece: Path
) -> None:
    table.sound("A", piece, 5_000)
    table.notice("A", "time", 6_000)
    table.mixer.hush(table.now)
    assert table.players["A"].running is None
    table.run(START_MS + 60_000)
    assert (table.deck("A").state, table.deck("A").position_ms) == ("starting", 6_000)
    table.mixer.come_back(table.now)
    assert table.players["A"].running == ("piece.ogg", 6_000)
    table.notice("A", "playing")
    table.run(BACK_MS / 2)
    assert 0 < table.players["A"].volume < 95
    table.run(BACK_MS)
    assert table.players["A"].volume == 100


def test_what_reached_nobody_is_played_again(table: Table, piece: Path) -> None:
    table.sound("A", piece, 5_000)
    table.notice("A", "time", 9_000)
    table.mixer.hush(table.now, unheard_ms=1_500)
    assert table.deck("A").position_ms == 7_500


def test_a_fade_waits_too_and_goes_on_from_where_it_was(table: Table, piece: Path) -> None:
    table.sound("A", piece)
    table.ask(wire.FadeTo("A", 0.25, 4_000, "decibel"))
    table.run(2_000)
    table.mixer.hush(table.now)
    before = table.deck("A")
    table.run(30_000)
    assert (table.deck("A").gain, table.deck("A").fade) == (before.gain, before.fade)
    table.mixer.come_back(table.now)
    table.notice("A", "playing")
    table.run(2_100)
    assert table.deck("A").gain == 0.25


@pytest.mark.parametrize(("order", "state"), [(wire.Pause("A", 5_000), "paused"), (wire.Stop("A", 5_000), "empty")])
def test_what_was_going_out_when_its_output_went_is_out(
    table: Table, piece: Path, order: wire.Order, state: str
) -> None:
    table.sound("A", piece)
    table.ask(order)
    table.run(1_000)
    table.mixer.hush(table.now)
    assert table.deck("A").state == state
    table.mixer.come_back(table.now)
    assert table.players["A"].running is None


def test_with_nowhere_to_sound_orders_are_carried_out_in_silence(table: Table, piece: Path) -> None:
    table.mixer.hush(table.now)
    table.ask(wire.Load("A", str(piece), 0), wire.Play("A", 1.0, 500), wire.Seek("A", 9_000))
    table.run(100)
    assert (table.deck("A").state, table.deck("A").position_ms) == ("starting", 9_000)
    table.ask(wire.Pause("A", 3_000))
    table.run(100)
    assert table.kinds() == ["Paused"]
    table.ask(wire.Resume("A", 500))
    table.run(60_000)
    assert table.players["A"].running is None
    table.mixer.come_back(table.now)
    assert table.players["A"].running == ("piece.ogg", 9_000)


def test_going_over_to_another_output_goes_out_first_and_what_leaves_leaves_where_it_is(
    table: Table, piece: Path
) -> None:
    table.sound("A", piece, 5_000)
    table.notice("A", "time", 6_000)
    table.sound("B", piece)
    table.ask(wire.Stop("B", 3_000))
    table.mixer.go_over(table.now)
    table.run(500)
    assert table.players["A"].running == ("piece.ogg", 5_000)
    table.run(GO_OVER_MS)
    assert table.players["A"].running == ("piece.ogg", table.deck("A").position_ms)
    assert table.deck("A").position_ms >= 6_000
    table.run(3_000)
    assert table.deck("B").state == "empty"
