"""Starts KapDesk on a screen: paints first, opens the record then, and leads from page to page."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from kapdesk import paths
from ui import theme, trace
from ui.bridge import Bridge
from ui.single import OneWindow
from ui.window import Window

if TYPE_CHECKING:
    from kapdesk.access.accounts import Tries
    from kapdesk.clinic.founding import First
    from kapdesk.clock import Reading
    from ui.awake import Awake
    from ui.day import Day
    from ui.lock.locking import Lock
    from ui.opening import Founding, Opened, Opening
    from ui.widgets.strip import Tone

ALREADY_OPEN = "This clinic is open in another KapDesk that does not answer. Close that one, then start again."
NO_SLEEP_GUARD = "This desktop does not let KapDesk keep the screen awake. Switch its sleep off for the session."
SAVING = "Saving the last words. KapDesk closes by itself when everything is on the disk."
LIGHTS: tuple[theme.ThemeName, ...] = ("dusk", "dim", "day")


def main(folder: Path | None = None, demo: bool = False, source: "Callable[[], Reading] | None" = None) -> int:
    """Show the window on a clinic folder until it is closed. `source` is the computer's clocks."""
    folder = folder or (paths.demo_clinic() if demo else paths.default_clinic())
    QCoreApplication.setApplicationName("KapDesk")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    one = OneWindow(folder)
    claim = one.claim()
    if claim == "raised":
        return 0
    program = Program(app, one, folder, demo, source)
    trace.catch(lambda sentence: program.bridge.post(lambda: program.tell_bug(sentence)))
    program.begin(claim == "ours")
    code = app.exec()
    one.let_go()
    return code


class Program:
    """The window and the desk behind it, from the first paint to the last."""

    def __init__(
        self, app: QApplication, one: OneWindow, folder: Path, demo: bool, source: "Callable[[], Reading] | None"
    ) -> None:
        self.app, self.one, self.demo = app, one, demo
        self.bridge = Bridge()
        size = app.primaryScreen().availableSize()
        self.light: theme.ThemeName = LIGHTS[0]
        self.scale = theme.scale_for(size.width(), size.height())
        theme.apply(app, self.light, self.scale)
        self.window = Window()
        self.window.resize(size)
        self._folder, self._source = folder, source
        self.opening: Opening | None = None
        self.awake: Awake | None = None
        self.tries: Tries | None = None
        self.refused: dict[str, int] = {}
        self.day: Day | None = None
        self.lock: Lock | None = None
        self.window.home.wanted.connect(self._found)
        self.window.home.signed.connect(self._sign_in)
        self.window.home.recovered.connect(self._recover)
        self.window.home.kept.connect(self._open)
        self.window.home.again.connect(self._again)
        self.window.home.repair.connect(self._repair)
        self.window.light_asked.connect(self._next_light)
        self.window.closing.connect(self._closing)
        self.window.strip_acted.connect(self._acted)
        one.asked.connect(self.window.come_forward)

    def begin(self, ours: bool) -> None:
        """Paint; then open the record."""
        if ours:
            self.window.painted.connect(self._after_paint)
        else:
            self.window.home.fail(ALREADY_OPEN)
        self.window.showMaximized()

    def tell_bug(self, sentence: str) -> None:
        """A bug was logged: say so quietly, and go on."""
        self._say("bug", sentence, "warn", (("away", "Understood"),))

    def _after_paint(self) -> None:
        """Only now what is heavy, and on a thread of its own."""
        from ui.opening import Opening

        self.opening = Opening(self._folder, self._source, self.bridge, self._trouble, self, self.demo)
        self.opening.look()
        trace.write_to(paths.log_file())
        self.one.listen()

    def _again(self) -> None:
        """Try once more to open the record."""
        if self.opening is not None:
            self.opening.open()
        elif self.one.claim() == "ours":  # another KapDesk had it
            self._after_paint()
        else:
            self.window.home.fail(ALREADY_OPEN)

    def _repair(self) -> None:
        """Put a damaged record back from its copies, then open it."""
        assert self.opening is not None
        self.opening.open(repair=True)

    def _found(self, founding: "Founding", first: "First") -> None:
        assert self.opening is not None
        self.opening.found(founding, first)

    def _sign_in(self, name: str, password: str) -> None:
        assert self.opening is not None
        self.opening.sign_in(name, password)

    def _recover(self, code: str, name: str, password: str) -> None:
        assert self.opening is not None
        self.opening.recover(code, name, password)

    def _open(self) -> None:
        assert self.opening is not None
        self.opening.open()

    def empty(self) -> None:
        """There is no clinic yet (`Told`)."""
        self.window.home.ask_set_up()

    def closed(self, names: tuple[str, ...], waiting: str, hint: str) -> None:
        """These people can sign in (`Told`)."""
        self.window.home.ask_sign_in(names, waiting, hint)

    def founded(self, code: str, clinic: str) -> None:
        """The clinic was set up (`Told`)."""
        self.window.home.show_code(code, clinic)

    def failed(self, sentence: str, damaged: bool, wrong: bool) -> None:
        """A step was not possible (`Told`); after some wrong passwords the next one waits."""
        self.window.home.fail(sentence, damaged)
        panel = self.window.home.sign_in
        if wrong and panel is not None:
            self.refused[panel.chosen] = self.refused.get(panel.chosen, 0) + 1
            from kapdesk.access.accounts import Tries

            now_ms = time.monotonic_ns() // 1_000_000
            self.tries = (self.tries or Tries()).failed(now_ms)
            panel.hold(-(-self.tries.wait_ms(now_ms) // 1_000))

    def opened(self, opened: "Opened") -> None:
        """The clinic is open (`Told`)."""
        from ui.awake import Awake
        from ui.day import Day
        from ui.lock.locking import Lock

        self.awake = Awake(lambda active: self.bridge.post(lambda: self._tell_awake(active)))
        self.day = Day(self.window, opened)
        for name, times in self.refused.items():
            self.day.desk.presence.failed(name, "password", times)
        self.lock = Lock(self.window, self.day.desk, self.day.finish_typing)
        self.day.desk.lock_asked.connect(self.lock.lock)
        self.day.desk.fell_behind.connect(lambda sentence: self._say("behind", sentence, "breach"))
        self.day.running.connect(self.awake.hold)
        self._say("repaired", opened.repaired, "warn", (("away", "Understood"),))
        self.tries = None
        if self.demo and not self.day.desk.away:
            self.day.prepare_demo(self._wait)

    def _wait(self, done: Callable[[], bool]) -> None:
        loop = QEventLoop()
        while not done():
            loop.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, 20)

    def _trouble(self, sentence: str | None) -> None:
        self._say("disk", sentence or "", "breach")
        if self.day is not None:
            self.day.desk.told(sentence)

    def _tell_awake(self, active: bool) -> None:
        if not active:
            self._say("awake", NO_SLEEP_GUARD, "quiet", (("away", "Understood"),))

    def _say(self, strip: str, sentence: str, tone: "Tone", answers: tuple[tuple[str, str], ...] = ()) -> None:
        """A sentence above the page, with its answers; none takes it away."""
        from ui.widgets.strip import Action, StripView

        actions = tuple(Action(id_, label, id_ == "stay") for id_, label in answers)
        icon = "not-saved" if strip == "disk" else ""
        self.window.say(strip, StripView(sentence, tone, icon, actions) if sentence else None)

    def _next_light(self) -> None:
        self.light = LIGHTS[(LIGHTS.index(self.light) + 1) % len(LIGHTS)]
        theme.apply(self.app, self.light, self.scale)

    def _acted(self, strip: str, answer: str) -> None:
        if strip in ("bug", "awake", "repaired", "glass"):
            self.window.say(strip, None)
        elif strip == "closing":
            self.window.say("closing", None)
            if answer == "close":
                self._close()
            elif answer == "lose":
                self._end(give_up=True)
            else:
                self._stay()

    def _closing(self) -> None:
        """The window was asked to close: not before everything is on the disk, nor unasked while sessions run."""
        if self.day is None:
            self.window.close_for_good()
        elif self.day.desk.live and not self.window.said("closing"):
            said = "A session is running. Closed, it stays as it is, and is offered at the next start."
            self._say("closing", said, "warn", (("stay", "Stay"), ("close", "Close KapDesk")))
        else:
            self._close()

    def _close(self) -> None:
        assert self.day is not None
        self.day.finish_typing()
        self.day.desk.clinic.backups.ask()
        if self._at_rest():
            self._end()
            return
        trouble = self.day.desk.trouble
        answers = (("stay", "Stay"), ("lose", "Close; what is not saved is lost")) if trouble else ()
        self._say("closing", trouble or SAVING, "warn", answers)
        self._waiting = QTimer(self.window, interval=100)
        self._waiting.timeout.connect(self._end_when_drained)
        self._waiting.start()

    def _end_when_drained(self) -> None:
        if self._at_rest():
            self._end()

    def _at_rest(self) -> bool:
        """Whether everything is on the disk, the last backup included."""
        clinic = self.day.desk.clinic if self.day is not None else None
        return clinic is not None and clinic.drained() and clinic.backups.idle()

    def _stay(self) -> None:
        if waiting := getattr(self, "_waiting", None):
            waiting.stop()

    def _end(self, give_up: bool = False) -> None:
        self._stay()
        if self.awake is not None:
            self.awake.hold(False)
        day, self.day = self.day, None
        if day is not None:
            day.end(give_up)
        self.bridge.close()
        self.window.close_for_good()
