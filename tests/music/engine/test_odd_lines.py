"""Whatever stands on the socket, the engine's end and the desk's go on, say so, and take the next good line."""

import contextlib
import json
import logging
import queue
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kapdesk.music.engine import decks, launch, wire
from kapdesk.music.engine.door import Door, listen
from kapdesk.music.engine.lines import MOST_UNREAD
from kapdesk.music.engine.link import Link
from kapdesk.music.engine.output import Output
from kapdesk.music.engine.player import Noticed, now_ms
from tests.marred import marred

WAIT_S = 20.0
QUICK = settings(deadline=timedelta(seconds=1), suppress_health_check=[HealthCheck.function_scoped_fixture])

ORDERS: list[dict[str, Any]] = [
    {"is": "load", "deck": "A", "path": __file__, "at_ms": 0},
    {"is": "play", "deck": "A", "gain": 1.0, "ms": 100},
    {"is": "crossfade", "old": "A", "new": "B", "gain": 1.0, "ms": 100},
    {"is": "fadeto", "deck": "A", "to": 0.5, "ms": 100, "curve": "decibel"},
    {"is": "pause", "deck": "A", "ms": 0},
    {"is": "resume", "deck": "A", "ms": 0},
    {"is": "stop", "deck": "B", "ms": 0},
    {"is": "seek", "deck": "A", "to_ms": 1_000},
    {"is": "setvolume", "percent": 50},
    {"is": "useoutput", "name": "headphones"},
    {"is": "restore", "volume": 50, "decks": [{"deck": "A", "state": "paused", "path": __file__}], "crossing": None},
]
EVENTS: list[dict[str, Any]] = [
    {"is": "status", "at_ms": 1, "done": 0, "volume": 50, "decks": [{"deck": "A"}], "crossing": None},
    {"is": "playing", "deck": "A", "path": "/a", "position_ms": 0, "length_ms": 1},
    {"is": "faded", "deck": "A", "gain": 1.0},
    {"is": "ended", "deck": "A", "path": "/a", "position_ms": 0, "length_ms": 1},
    {"is": "failed", "deck": "A", "path": "/a", "why": "gone"},
    {"is": "fault", "trace": "a trace"},
]

VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.sampled_from([10**400, -(10**400), 1e308, -1e308, 1.5])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def exchanged(draw: st.DrawFn, said: list[dict[str, Any]]) -> bytes:
    """A line in which one thing is another."""
    fields = dict(draw(st.sampled_from(said)))
    fields[draw(st.sampled_from(sorted(fields.keys() - {"is"})))] = draw(VALUE)
    return json.dumps(fields).encode()


def odd(said: list[dict[str, Any]], wrapped: Callable[[bytes], bytes]) -> st.SearchStrategy[list[bytes]]:
    """Lines that are none, or say what nobody would."""
    whole = [wrapped(json.dumps(each).encode()) for each in said]
    noise = st.binary(max_size=80) | st.sampled_from(whole).flatmap(marred) | exchanged(said).map(wrapped)
    return st.lists(noise.map(lambda line: line.replace(b"\n", b" ")), min_size=1, max_size=5)


DEEP = b'{"n":1,"order":' + b"[" * 100_000
HUGE = b"x" * (2 * MOST_UNREAD)


def readable(line: bytes, kind: Any) -> bool:
    try:
        msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return True


# The engine's end.


class QuickPlayer:
    """Every file sounds at once; no order is too odd for it."""

    def __init__(self, deck: wire.Deck, notice: Callable[[Noticed], None]) -> None:
        self.deck, self.notice = deck, notice
        self.take, self.length_ms, self.state, self.output = 0, 60_000, "Playing", ""

    def start(self, path: Path, at_ms: int) -> None:
        self.take += 1
        self.seconds = at_ms / 1000  # as libVLC is told
        self.notice(Noticed(self.deck, self.take, "playing", 0, now_ms()))

    def stop(self) -> None:
        self.take += 1

    def set_volume(self, volume: int) -> None:
        assert 0 <= volume <= 100


class FakeLibrary:
    """libVLC without a sound."""

    version = "3.0.0 Silent"

    def __init__(self, output: str, notice: Callable[[Noticed], None]) -> None:
        self.notice = notice

    def player(self, deck: wire.Deck) -> QuickPlayer:
        return QuickPlayer(deck, self.notice)


class Talk:
    """An engine and a desk's end of its socket, both on this thread: the engine takes a turn when it is told to."""

    def __init__(self, path: Path) -> None:
        self.door = Door(path)
        self.engine = decks.Engine(self.door)
        self.desk = socket.socket(socket.AF_UNIX)
        self.desk.connect(str(path))
        self.desk.setblocking(False)
        self._unread = b""
        self._n = 0

    def turn(self) -> None:
        self.engine._knock.send(b"!")  # it waits for nothing
        turns = iter([False, True])
        self.engine._over = turns.__next__  # type: ignore[method-assign]
        self.engine.run()

    def heard(self) -> list[wire.Told]:
        try:
            self._unread += self.desk.recv(1 << 20)
        except BlockingIOError:
            return []
        *lines, self._unread = self._unread.split(b"\n")
        return [msgspec.json.decode(line, type=wire.Told) for line in lines]

    def says(self, content: bytes) -> list[wire.Told]:
        """What the engine says of these lines, until it has carried out a good order behind them and a turn more."""
        self._n += 1
        order = wire.Numbered(1_000_000 + self._n, wire.SetVolume(self._n % 100))
        content += wire.line(order)
        told: list[wire.Told] = []
        for _ in range(1_000):
            with contextlib.suppress(BlockingIOError):
                content = content[self.desk.send(content) :]
            self.turn()
            told += self.heard()
            if any(isinstance(event, wire.Status) and event.done == order.n for event in told):
                assert told[-1].volume == self._n % 100  # type: ignore[union-attr]
                self.turn()
                return told + self.heard()
        raise AssertionError(f"the good order behind was never carried out: {told[-3:]}")

    def close(self) -> None:
        for each in (self.desk, self.door, self.engine._knocked, self.engine._knock):
            each.close()


def faults(told: list[wire.Told]) -> list[str]:
    return [event.trace for event in told if isinstance(event, wire.Fault)]


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    monkeypatch.setattr(decks, "Library", FakeLibrary)
    monkeypatch.setattr(decks, "find", lambda: Output("", "nowhere"))
    before = signal.getsignal(signal.SIGTERM)
    talk = Talk(tmp_path / "engine")
    talk.says(b"")
    yield talk
    talk.close()
    signal.signal(signal.SIGTERM, before)


def numbered(order: bytes) -> bytes:
    return b'{"n":7,"order":' + order + b"}"


def in_turn(*orders: dict[str, Any]) -> list[bytes]:
    return [numbered(json.dumps(order).encode()) for order in orders]


@QUICK
@given(lines=odd(ORDERS, numbered))
@example(lines=[DEEP])
@example(lines=[HUGE, b"\xff\xfe", b"null"])
@example(lines=[numbered(b'{"is":"load","deck":"A","path":"\\u0000","at_ms":0}')])
@example(lines=in_turn({**ORDERS[0], "at_ms": 10**400}, ORDERS[1]))
@example(lines=in_turn(*ORDERS[:2], {**ORDERS[3], "to": 1e308, "curve": "power"}))
def test_the_engine_says_what_was_no_order_and_carries_out_the_next_one(talk: Talk, lines: list[bytes]) -> None:
    told = talk.says(b"".join(line + b"\n" for line in lines))
    none = [line for line in lines if not readable(line, wire.Numbered)]
    assert len(faults(told)) == len(none)
    assert all(fault.startswith("not an order: ") and len(fault) < 1_000 for fault in faults(told))


def test_an_order_at_which_the_engine_fails_takes_none_of_those_behind_it_along(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried_out: list[wire.Order] = []

    def take(order: wire.Order, now: float) -> None:
        if isinstance(order, wire.Stop):
            raise RuntimeError("a bug of ours")
        carried_out.append(order)
        real(order, now)

    real = talk.engine._mixer.take
    monkeypatch.setattr(talk.engine._mixer, "take", take)
    asked = [wire.Numbered(1, wire.Stop("A", 0)), wire.Numbered(2, wire.Pause("A", 0))]
    told = talk.says(b"".join(map(wire.line, asked)))
    assert carried_out[0] == wire.Pause("A", 0)
    (fault,) = faults(told)
    assert fault.rstrip().endswith("RuntimeError: a bug of ours")


def test_what_a_desk_left_unsaid_is_not_the_beginning_of_what_the_next_one_says(talk: Talk) -> None:
    talk.desk.send(wire.line(wire.Numbered(1, wire.SetVolume(3)))[:-4])
    talk.turn()
    talk.desk.close()
    talk.desk = socket.socket(socket.AF_UNIX)
    talk.desk.connect(str(talk.door._path))
    talk.desk.setblocking(False)
    assert faults(talk.says(b"")) == []


# The desk's end.


class OddEngine:
    """An engine's end of the socket that says what a test likes."""

    def __init__(self, path: Path) -> None:
        self.listener = listen(path)
        self.events: queue.SimpleQueue[wire.Event] = queue.SimpleQueue()
        self.link = Link(path, self.events.put)
        self.connection, _ = self.listener.accept()
        self.orders: queue.SimpleQueue[wire.Numbered] = queue.SimpleQueue()
        threading.Thread(target=self._hear, daemon=True).start()
        self._n = 0

    def _hear(self) -> None:
        """Take orders until the desk goes."""
        unread = b""
        while came := self.connection.recv(1 << 16):
            *lines, unread = (unread + came).split(b"\n")
            for line in lines:
                self.orders.put(msgspec.json.decode(line, type=wire.Numbered))
        self.connection.close()

    def says(self, content: bytes) -> list[wire.Event]:
        """What the desk hears of these lines, up to a good status behind them."""
        self._n += 1
        status = wire.Status(1_000_000 + self._n, 0, 50, ())
        self.connection.sendall(content + wire.line(status))
        heard: list[wire.Event] = []
        while status not in heard:
            heard.append(self.events.get(timeout=WAIT_S))
        return heard

    def close(self) -> None:
        self.link.close(play_out=True)
        self.listener.close()


@pytest.fixture
def odd_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OddEngine]:
    monkeypatch.setattr(launch.Spare, "warm", lambda spare: None)
    monkeypatch.setattr("kapdesk.music.engine.link.need_libvlc", lambda: None)
    engine = OddEngine(tmp_path / "engine")
    yield engine
    engine.close()


@QUICK
@given(lines=odd(EVENTS, lambda line: line))
@example(lines=[DEEP])
@example(lines=[HUGE, b"\xff\xfe", b"null"])
@example(lines=[json.dumps({**EVENTS[0], "at_ms": 10**400}).encode()])
@example(lines=[json.dumps({**EVENTS[2], "gain": 1e308}).encode()])
def test_the_desk_hears_the_next_good_line_and_logs_what_was_none(
    odd_engine: OddEngine, caplog: pytest.LogCaptureFixture, lines: list[bytes]
) -> None:
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        odd_engine.says(b"".join(line + b"\n" for line in lines))
    none = [line for line in lines if not readable(line, wire.Told)]
    said = [record.getMessage() for record in caplog.records if "something unknown" in record.getMessage()]
    assert len(said) == len(none)
    assert all(len(words) < 1_000 for words in said)


@pytest.mark.parametrize("pid", [0, -1, -(10**30), 10**30, 1.5, None])
def test_no_line_makes_the_desk_end_another_process_than_one(pid: object) -> None:
    hello = {"is": "hello", "pid": pid, "libvlc": "3", "sink": "", "volume": 1, "decks": []}
    assert not readable(json.dumps(hello).encode(), wire.Told)
    assert readable(json.dumps({**hello, "pid": 4711}).encode(), wire.Told)


def test_a_piece_whose_name_is_no_text_is_asked_for_like_any_that_is_missing(odd_engine: OddEngine) -> None:
    odd_engine.link.load("A", Path("/music/M\udcfcsik.ogg"))
    odd_engine.link.set_volume(40)
    asked = [odd_engine.orders.get(timeout=WAIT_S).order for _ in range(2)]
    assert asked == [wire.Load("A", "/music/M?sik.ogg", 0), wire.SetVolume(40)]
