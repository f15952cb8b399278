"""Starts the real program as its own process and does one thing in it, for the tests that kill it.

    python -m tests.end_to_end.launch FOLDER BOOT PART [DEMO]

BOOT names the computer's boot and by how many seconds its time of day is ahead; PART is what to do.
Each line on stdout is a JSON object.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

import ui.app
from kapdesk.clinic.demo import PASSWORD
from kapdesk.clinic.room import Room
from kapdesk.clock import Reading, read_system
from kapdesk.facts.session import DoseGiven, NoteTaken
from tests.end_to_end.driven import Driven
from ui.day import Day
from ui.session.page import SessionPage


def tell(**said: Any) -> None:
    """A line for the test."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


class Boot:
    """The clocks of the computer in another boot, its time of day ahead by some seconds."""

    def __init__(self, name: str, ahead_s: int) -> None:
        self.name, self.ahead_s = name, ahead_s

    def __call__(self) -> Reading:
        real = read_system()
        return Reading(
            real.wall_us + self.ahead_s * 1_000_000, real.utc_offset_s, self.name, real.boottime_ms, real.awake_ms
        )


class Part:
    """Does its steps one after the other, each as soon as what it waits for is there."""

    def __init__(self, program: ui.app.Program) -> None:
        self.program = program
        self.steps: list[Callable[[], bool]] = []
        self.signed = False
        self.driven: Driven | None = None
        self.timer = QTimer(program.window, interval=10)
        self.timer.timeout.connect(self._step)
        self.timer.start()

    @property
    def day(self) -> Day:
        assert self.program.day is not None
        return self.program.day

    @property
    def page(self) -> SessionPage:
        page = self.program.window.page()
        assert isinstance(page, SessionPage)
        return page

    def press(self, name: str) -> bool:
        """Press the button whose name begins so; False while there is none."""
        for button in self.program.window.findChildren(QAbstractButton):
            if button.isVisible() and button.isEnabled() and button.accessibleName().startswith(name):
                QTest.mouseClick(button, Qt.MouseButton.LeftButton)
                return True
        return False

    def said(self) -> list[str]:
        """All words on the window."""
        return [label.text() for label in self.program.window.findChildren(QLabel) if label.isVisible()]

    def _step(self) -> None:
        sign_in = self.program.window.home.sign_in
        if sign_in is not None and not self.signed:
            sign_in._password.edit.setText(PASSWORD)
            self.signed = self.press("Open")
        if self.program.day is not None and self.steps and self.steps[0]():
            self.steps.pop(0)


def running(part: Part) -> None:
    """The demo's session is begun, a note is recorded, another is half-typed; then it waits to be killed."""

    def ready() -> bool:
        return part.press("Ready to begin")

    def dose() -> bool:
        if not isinstance(part.program.window.page(), SessionPage):
            return False
        part.page.start_dose()
        part.page.dose.form.mg.setText("50")
        part.page.dose.record.click()
        return True

    def note() -> bool:
        room = part.day.desk.live[0].room
        if not room.session.history.standing(DoseGiven):
            return False
        part.page.notes.edit.setPlainText("Recorded before the kill.")
        part.page.notes.edit.done.emit()
        part.page.keys.emit("music")
        return True

    def half() -> bool:
        room = part.day.desk.live[0].room
        if room.pending or not room.session.history.standing(NoteTaken):
            return False
        part.page.notes.start()
        for letter in "half a sen":
            QTest.keyClick(part.page.notes.edit, letter)
        return True

    def kept() -> bool:
        drafts = part.day.desk.clinic.drafts.all()
        if not any(draft.text == "half a sen" for draft in drafts.values()):
            return False
        room = part.day.desk.live[0].room
        tell(
            session=str(room.id),
            facts=[str(h.id) for h in room.session.history],
            dose_us=room.session.first_dose_us,
        )
        return True

    part.steps = [ready, dose, note, half, kept]


def resumed(part: Part) -> None:
    """The running session is offered, gone on with, and what is there is told."""

    def offered() -> bool:
        words = [word for word in part.said() if word.startswith("Session running")]
        if not words:
            return False
        tell(offered=words[0])
        return part.press("Go on")

    def there() -> bool:
        if not isinstance(part.program.window.page(), SessionPage):
            return False
        seat = part.day.desk.live[0]
        if seat.room.pending or seat.room.session.first_dose_us is None:
            return False
        seat.show()
        tell(
            session=str(seat.room.id),
            facts=[str(h.id) for h in seat.room.session.history],
            dose_us=seat.room.session.first_dose_us,
            elapsed_ms=part.page.now.clock._reading.elapsed_ms,
            uncertainty_ms=part.page.now.clock._reading.uncertainty_ms,
            half=part.page.notes.edit.text(),
            notes=[h.fact.text for h in seat.room.session.history.standing(NoteTaken)],
            words=part.said(),
        )
        part.program.window.close()
        return True

    def closed() -> bool:
        return part.press("Close KapDesk")

    part.steps = [offered, there, closed]


def playing(part: Part) -> None:
    """The running session is gone on with; what is heard is told once the music's process has answered."""

    def there() -> bool:
        return isinstance(part.program.window.page(), SessionPage)

    def heard() -> bool:
        desk = part.day.desk
        now = desk.music.now()
        if not now.engine or desk.live[0].room.pending:
            return False
        kinds = [type(h.fact).__name__ for h in desk.live[0].room.session.history]
        tell(title=now.title, silenced=now.silenced, message=now.message, facts=kinds)
        return True

    part.steps = [lambda: part.press("Go on"), there, heard]


def recording(part: Part) -> None:
    """The session is begun or gone on with; what stands in it is told, then every note as it is kept, without end."""

    def room() -> Room:
        return part.day.desk.live[0].room

    def begun() -> bool:
        return isinstance(part.program.window.page(), SessionPage) or part.press("Go on") or part.press("Ready to beg")

    def there() -> bool:
        if not isinstance(part.program.window.page(), SessionPage) or room().pending:
            return False
        tell(facts=[str(h.id) for h in room().session.history])
        return True

    def noted() -> bool:
        if not room().pending:
            kept = room().record(NoteTaken("The colours are softer now.")).kept
            kept.add_done_callback(lambda done: tell(kept=str(done.result().body.id)))
        return False

    part.steps = [begun, there, noted]


def waiting(part: Part) -> None:
    """Only stands there, and tells when a second start raised it."""
    part.program.one.asked.connect(lambda: tell(raised=True))
    part.steps = [lambda: tell(open=True) is None]


def pictured(part: Part) -> None:
    """The window as the display shows it, once its rows are there."""

    def grabbed() -> bool:
        if not part.press("Ready to begin"):
            return False
        QApplication.processEvents()
        picture = part.program.window.screen().grabWindow(part.program.window.winId())
        dark = sum(
            picture.toImage().pixelColor(x, y).lightness() < 90
            for x in range(0, picture.width(), 40)
            for y in range(0, picture.height(), 40)
        )
        tell(
            width=picture.width(),
            height=picture.height(),
            dark=dark,
            dots=-(-picture.width() // 40) * -(-picture.height() // 40),
        )
        part.program.window.close()
        return True

    part.steps = [grabbed, lambda: part.press("Close KapDesk")]


def driven(part: Part) -> None:
    """Does what it is told on stdin."""
    part.driven = Driven(part, tell)
    part.steps = [lambda: tell(open=True) is None]


PARTS = {each.__name__: each for each in (running, resumed, playing, recording, waiting, pictured, driven)}


def main() -> int:
    """Start the program with a part to play."""
    folder, boot, part, *demo = sys.argv[1:]
    name, _, ahead_s = boot.partition("+")

    class Program(ui.app.Program):
        def begin(self, ours: bool) -> None:
            self.part = Part(self)
            PARTS[part](self.part)
            super().begin(ours)

    ui.app.Program = Program  # type: ignore[misc]
    return ui.app.main(Path(folder), bool(demo), Boot(name, int(ahead_s or 0)))


if __name__ == "__main__":
    sys.exit(main())
