"""One start of the real program as a process of its own, the display it may be shown on, and what is left of it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kapdesk.access import file

HOUSE = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 90


class App:
    """One start of the program."""

    def __init__(self, home: Path, boot: str, part: str, demo: bool = True, **env: str) -> None:
        command = [sys.executable, "-m", "tests.end_to_end.launch", str(home / "clinic"), boot, part]
        own = {name: str(home) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME")}
        silent = {"PULSE_SERVER": "unix:/nonexistent", "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            [*command, *(["demo"] if demo else [])],
            cwd=HOUSE,
            env={**os.environ, **own, **silent, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def tells(self) -> dict[str, Any]:
        """Its next line."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read() if self.process.stderr else ""
        told: dict[str, Any] = json.loads(line)
        return told

    def do(self, **what: Any) -> dict[str, Any]:
        """Have the part `driven` do something; what it says to it."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return self.tells()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def ends(self) -> int:
        return self.process.wait(PATIENCE_S)


def end_music(folder: Path) -> None:
    """After a kill the music plays its piece to the end, as it should; a test does not wait for that."""
    own = file.read(folder)
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if own is not None and f"{own.clinic.hex}.music" in (process / "cmdline").read_text():
                os.kill(int(process.name), signal.SIGTERM)


@contextlib.contextmanager
def app(home: Path, boot: str, part: str, **env: str) -> Iterator[App]:
    started = App(home, boot, part, **env)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.kill()
        for pipe in (started.process.stdin, started.process.stdout, started.process.stderr):
            if pipe:
                pipe.close()


@contextlib.contextmanager
def display() -> Iterator[str]:
    """A display nobody looks at."""
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
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
