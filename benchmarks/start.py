"""How soon the window is there, and its rows, against the barest PySide6 window.

Each run is a process of its own, timed from before it is started; bare and KapDesk take turns. A clinic with some
sessions in its record is opened; nobody signs in yet, so no key derivation and no human pause is in the figures.
Under a virtual display where there is Xvfb, else off the screen.
"""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.form import Figure, Missing, main

HOUSE = Path(__file__).resolve().parent.parent
HEAVY = ("sqlalchemy", "alembic", "sqlcipher3", "cryptography", "reportlab", "numpy", "soundfile", "vlc", "pulsectl")

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: (print(time.monotonic()), QApplication.quit()))
app = QApplication(sys.argv)
window = Window()
window.setCentralWidget(QLabel("bare"))
window.resize(1366, 700)
window.show()
app.exec()
"""

DESK = """
import json, sys, time
from pathlib import Path
import ui.app
told = {}
class Program(ui.app.Program):
    def _after_paint(self):
        told["window"] = time.monotonic()
        told["heavy"] = [name for name in HEAVY if name in sys.modules]
        super()._after_paint()
    def closed(self, names, waiting, hint):
        super().closed(names, waiting, hint)
        from kapdesk.clinic.demo import PASSWORD
        self._sign_in(names[0], PASSWORD)
    def opened(self, opened):
        super().opened(opened)
        self.window.home.repaint()
        told["rows"] = time.monotonic()
        from kapdesk.access.sealing import COST, stretched
        began = time.monotonic()
        stretched("some password", bytes(16), COST)
        told["derivation"] = time.monotonic() - began
        print(json.dumps(told), flush=True)
        self.window.close_for_good()
ui.app.Program = Program
ui.app.main(Path(sys.argv[1]))
"""


@contextlib.contextmanager
def display() -> Iterator[dict[str, str]]:
    """The environment of a virtual display."""
    if shutil.which("Xvfb") is None:
        yield {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def clinic(folder: Path, sessions: int) -> None:
    """A demo clinic whose record holds some sessions that are over."""
    from kapdesk.clinic.demo import lay_out, prepare
    from kapdesk.clinic.inbox import Inbox
    from kapdesk.clinic.open import OpenClinic
    from kapdesk.facts.session import Ended

    inbox = Inbox()
    opened = OpenClinic(lay_out(folder, "Europe/Warsaw"), inbox.post)
    for _ in range(sessions):
        room = prepare(opened, lambda done: assert_(inbox.run_until(done, 30)))
        room.record(Ended("no dose given"))
        assert_(inbox.run_until(opened.drained, 30))
    opened.close()


def assert_(came: bool) -> None:
    """The record must come to rest before anything is timed."""
    if not came:
        raise TimeoutError("the record did not come to rest")


def run(code: str, env: dict[str, str], *arguments: str) -> tuple[float, str]:
    """Start a process; when that was, and its last line."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=HOUSE, env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    return began, done.stdout.splitlines()[-1]


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """Ratios of medians, bare and KapDesk in turn."""
    rounds = 25 if deep else 7
    bare, window, rows = [], [], []
    heavy: set[str] = set()
    with tempfile.TemporaryDirectory() as scratch, display() as env:
        folder = Path(scratch) / "clinic"
        clinic(folder, 3)
        home = Path(scratch) / "home"
        home.mkdir(mode=0o700)
        kept = {name: str(home) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME")}
        env = {name: value for name, value in {**env, **kept}.items() if name != "PYTHONDONTWRITEBYTECODE"}
        desk = f"HEAVY = {HEAVY!r}\n{DESK}"
        for n in range(-1, rounds):
            began, line = run(BARE, env)
            desk_began, told_line = run(desk, env, str(folder))
            told = json.loads(told_line)
            if n < 0:
                continue  # the first run of each compiles and warms the disk
            bare.append(float(line) - began)
            window.append(told["window"] - desk_began)
            rows.append(told["rows"] - desk_began - told["derivation"])
            heavy |= set(told["heavy"])
    floor = statistics.median(bare)
    return [
        Figure("window_ratio_bare", statistics.median(window) / floor, "ratio", 1.6, "less", rounds),
        Figure("rows_ratio_bare", statistics.median(rows) / floor, "ratio", 3.0, "less", rounds),
        Figure("imports_before_paint", len(heavy), "heavy", 0, "less", rounds),
    ], []


if __name__ == "__main__":
    main("start", measure)
