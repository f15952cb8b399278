"""The window itself: closing, lights, one window for a clinic, and what happens when something goes wrong."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from kapdesk.facts.session import NoteTaken
from kapdesk.store import vault
from tests.fakes import Computer
from tests.ui.hand import Hand, words_on
from ui import theme, trace
from ui.bridge import Bridge
from ui.single import OneWindow
from ui.widgets.clock import ClockFace
from ui.window import Window

KEY = Qt.Key
Start = Callable[[Path], Hand]


class Watch(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_the_first_paint_is_told_although_the_first_page_covers_all_of_the_window(dusk: None, qtbot: QtBot) -> None:
    """Nothing is opened before it: a window that is covered whole, and says nothing, would wait for ever."""
    window = Window()
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted, timeout=5_000):
        window.showMaximized()
    window.close_for_good()


def test_no_part_is_ever_shown_as_a_window_of_its_own(hand: Hand, qapp: QApplication) -> None:
    watch = Watch()
    qapp.installEventFilter(watch)
    try:
        hand.begin()
        hand.key("?", "?", KEY.Key_F2, KEY.Key_D, KEY.Key_Escape)
        hand.press("Close session")
        hand.press("Records")
        hand.press("Home")
    finally:
        qapp.removeEventFilter(watch)
    assert watch.shown == []


def test_every_widget_to_press_or_type_into_has_a_name_and_is_large_enough(hand: Hand) -> None:
    small, nameless = [], []

    def look() -> None:
        kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QSlider)
        for widget in [each for kind in kinds for each in hand.window.findChildren(kind) if each.isVisible()]:
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            if not name:
                nameless.append(type(widget).__name__)
            if min(widget.width(), widget.height()) < theme.px(theme.TARGET):
                small.append(f"{name} {widget.width()}×{widget.height()}")

    look()
    hand.press("Begin a session")
    look()
    hand.press("Register a new patient")
    look()
    hand.press("Back")
    hand.begin()
    look()
    hand.key(KEY.Key_D)
    look()
    hand.key(KEY.Key_Escape, KEY.Key_V)
    look()
    hand.key(KEY.Key_Escape, KEY.Key_F2)
    look()
    hand.press("Close session")
    look()
    hand.press("Records")
    look()
    assert (small, nameless) == ([], [])


def test_closing_asks_in_place_while_a_session_runs(hand: Hand) -> None:
    hand.begin()
    hand.window.close()
    assert hand.window.isVisible()
    assert "A session is running" in words_on(hand)
    hand.press("Stay")
    assert "A session is running" not in words_on(hand)
    hand.window.close()
    hand.press("Close KapDesk")
    hand.until(lambda: hand.program.day is None)
    assert not hand.window.isVisible()


def test_a_closed_desk_closes_unasked_and_what_was_half_typed_is_there_again(
    start: Start, folder: Path, hand: Hand
) -> None:
    hand.begin()
    hand.key(KEY.Key_N, "half a se")
    hand.window.close()
    hand.press("Close KapDesk")
    hand.until(lambda: hand.program.day is None)
    hand.one.let_go()
    again = start(folder).opened()
    again.until(lambda: "Session running · 0:00 since first dose" in words_on(again))
    assert "Session of Running, 0:00" in again.buttons()
    assert "Sample Patient" not in words_on(again)
    again.press(next(name for name in again.buttons() if name.startswith("Go on")))
    assert again.page.notes.edit.text() == "half a se"
    again.key(KEY.Key_N, "ntence.", KEY.Key_Return)
    again.settle()
    assert again.facts(NoteTaken) == [NoteTaken("half a sentence.")]
    again.until(lambda: not again.day.desk.clinic.drafts.all())


def test_a_restart_of_the_computer_is_told_and_the_clock_goes_on(
    start: Start, folder: Path, hand: Hand, computer: Computer
) -> None:
    hand.begin()
    hand.key(KEY.Key_Space)
    hand.engine.sounds("A")
    hand.pass_(30)
    hand.pull_the_plug()
    computer.restart(off_s=240)
    again = start(folder).opened()
    again.until(lambda: "Session running · 0:34 since first dose" in words_on(again))
    assert "readings overdue" in words_on(again)
    again.press(next(name for name in again.buttons() if name.startswith("Go on")))
    again.settle()
    again.seat.show()
    assert again.page.now.clock._reading.elapsed_ms == 34 * 60_000
    assert again.page.now.clock._reading.uncertainty_ms > 0
    assert "nothing was recorded for 34 min, until 11:44" in words_on(again)
    again.press("Understood")
    assert "Music has been silent" in words_on(again)
    again.press("Bring in softly")
    assert not again.day.desk.music.now().silenced
    assert "Music has been silent" not in words_on(again)


def test_a_clock_that_cannot_say_asks_how_long_the_computer_was_away(
    start: Start, folder: Path, hand: Hand, computer: Computer
) -> None:
    hand.begin()
    hand.pass_(10)
    hand.pull_the_plug()
    computer.restart(off_s=-86_400 * 30)
    again = start(folder).opened()
    again.until(lambda: "Minutes since the last line, at 11:10?" in words_on(again))
    go_on = next(name for name in again.buttons() if name.startswith("Go on"))
    again.press(go_on)
    again.until(lambda: "Type how many minutes have passed" in words_on(again))
    again.write("Minutes since the last line", "17")
    again.press(go_on)
    assert "Choose first who is here" in words_on(again)
    again.press("Sample Nurse, medical staff, not here")
    again.press(go_on)
    again.settle()
    again.pass_(0, idle=True)  # the answer is no time in which nobody touched anything: the screen stays open
    assert again.page.now.clock._reading.elapsed_ms == 17 * 60_000


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_nobody_writes_any_more_the_screen_says_so_and_a_note_does_not_look_kept(hand: Hand) -> None:
    hand.begin()

    def end(_: object) -> None:
        raise SystemExit

    hand.day.desk.clinic.log.writer.submit(end)
    hand.until(lambda: "Nothing more is being saved since" in words_on(hand))
    hand.key(KEY.Key_N, "Tearful.", KEY.Key_Return)
    hand.until(lambda: hand.rows()[0] == ("", "Tearful.", "not saved"))
    hand.day.desk._tick()
    assert "Nothing more is being saved since" in words_on(hand)
    hand.window.close()
    hand.press("Close KapDesk")
    assert "Close; what is not saved is lost" in hand.buttons()
    hand.press("Stay")


def test_on_a_full_disk_the_row_says_not_saved_and_is_saved_later(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[vault.Connection] = []
    connect = vault.connect

    def remember(*args: object, **kwargs: object) -> vault.Connection:
        connections.append(connect(*args, **kwargs))  # type: ignore[arg-type]
        return connections[-1]

    monkeypatch.setattr(vault, "connect", remember)
    hand = start(folder).opened()
    hand.staff("Sample Therapist", "therapist")
    hand.begin()
    (pages,) = connections[1].execute("PRAGMA page_count").fetchone()
    connections[1].execute(f"PRAGMA max_page_count={pages}")
    text = "long " * 6_000
    hand.page.notes.edit.setPlainText(text)
    hand.key(KEY.Key_N, KEY.Key_Return)
    hand.until(lambda: "Not saved: the disk is full" in words_on(hand))
    hand.until(lambda: hand.rows()[0] == ("", text.strip(), "not saved"))
    hand.page.notes.list.retry_asked.emit(str(hand.room.pending[0].statement.id))
    hand.window.close()
    hand.press("Close KapDesk")
    assert hand.window.isVisible()
    hand.press("Stay")
    connections[1].execute("PRAGMA max_page_count=1000000")
    hand.until(lambda: hand.rows()[0][2] == "saved")
    assert "Not saved" not in words_on(hand)
    assert hand.facts(NoteTaken) == [NoteTaken(text.strip())]


def test_the_lights_follow_each_other_and_change_every_page_at_once(hand: Hand) -> None:
    hand.begin()
    seen = [theme.current().name]
    for _ in range(3):
        hand.press("Light")
        seen.append(theme.current().name)
    assert seen == ["dusk", "dim", "day", "dusk"]


def test_a_second_claim_raises_the_first_window(home: Path, folder: Path, qtbot: QtBot) -> None:
    first, second = OneWindow(folder), OneWindow(folder)
    assert first.claim() == "ours"
    first.listen()
    with qtbot.waitSignal(first.asked, timeout=5_000):
        qtbot.waitUntil(lambda: second.claim() in ("raised", "mute"), timeout=5_000)
    first.let_go()
    assert second.claim() == "ours"
    second.let_go()


def test_two_clinics_have_two_windows(home: Path, tmp_path: Path) -> None:
    one, other = OneWindow(tmp_path / "one"), OneWindow(tmp_path / "other")
    assert (one.claim(), other.claim()) == ("ours", "ours")
    one.let_go()
    other.let_go()


def test_a_bug_is_logged_without_what_was_typed_and_said_in_one_line(hand: Hand, tmp_path: Path) -> None:
    log = tmp_path / "log" / "kapdesk.log"
    root = logging.getLogger()
    before = list(root.handlers)
    assert trace.write_to(log)
    typed = "Sample " + "Patient A"
    try:
        hook = trace.hook_for(hand.program.tell_bug)
        try:
            raise ValueError(f"{typed} said so")
        except ValueError as error:
            hook(type(error), error, error.__traceback__)
    finally:
        for handler in [each for each in root.handlers if each not in before]:
            root.removeHandler(handler)
            handler.close()
    written = log.read_text()
    assert "ValueError" in written
    assert "test_window.py" in written
    assert typed not in written
    assert log.stat().st_mode & 0o077 == 0
    assert "the session goes on" in words_on(hand)
    hand.press("Understood")
    assert "the session goes on" not in words_on(hand)


def test_calls_from_other_threads_run_in_order_on_the_windows_thread(qtbot: QtBot) -> None:
    bridge, ran = Bridge(), []
    window = threading.get_ident()

    def hand_over() -> None:
        for n in range(100):
            bridge.post(lambda n=n: ran.append((n, threading.get_ident())))

    threading.Thread(target=hand_over).start()
    qtbot.waitUntil(lambda: len(ran) == 100, timeout=5_000)
    assert ran == [(n, window) for n in range(100)]
    bridge.post(lambda: ran.append((-1, 0)))
    bridge.close()
    bridge.post(lambda: ran.append((-2, 0)))
    QApplication.processEvents()
    assert len(ran) == 100, "the window is gone, and what came too late is shown nowhere"


def test_one_thing_is_said_above_the_page_at_a_time_the_most_important_first(hand: Hand) -> None:
    hand.program._tell_awake(False)
    hand.program.tell_bug(trace.PLAIN)
    hand.program._trouble("Not saved: the disk is full.")
    assert "Not saved" in words_on(hand)
    assert "the session goes on" not in words_on(hand)
    hand.program._trouble(None)
    assert "the session goes on" in words_on(hand)
    hand.press("Understood")
    assert "keep the screen awake" in words_on(hand)
    hand.press("Understood")
    assert "keep the screen awake" not in words_on(hand)


def test_a_page_that_cannot_be_drawn_is_told_and_stops_no_other_sessions_clock(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stale screen is worse than none: whoever looks at it must know."""
    first = hand.begin()
    hand.open_session("Sample Patient B", "1981-02-02", "3")
    second = hand.arrival

    def torn(*_: object) -> None:
        raise RuntimeError("a fault in a view")

    with monkeypatch.context() as fault, hand.bot.capture_exceptions() as caught:
        fault.setattr(first.notes, "display", torn)
        hand.pass_(1)
        hand.pass_(1)
    assert {str(each[1]) for each in caught} == {"a fault in a view"}
    assert "The page of Sample Patient A may be behind" in words_on(hand)
    assert "0:02" in first.now.clock.accessibleDescription()
    assert "0:02" in second.findChildren(ClockFace)[0].accessibleDescription()
    hand.pass_(1)
    hand.pass_(1)
    assert "may be behind" not in words_on(hand)
