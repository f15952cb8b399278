"""A hand in the real program that does what it is told from outside, a line at a time: the test hears what comes of it.

Each line on stdin is a JSON object with one of `press`, `drag`, `dose`, `plan` and `facts`;
each is answered by one line once it is done.
"""

import json
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

from kapdesk.clinic.music import planned, playlists
from ui.session.page import SessionPage

if TYPE_CHECKING:
    from tests.end_to_end.launch import Part

DRAG_STEPS, DRAG_MS = 12, 20
"""As fast as a hand is: from one volume to another in a quarter of a second."""


class Ear(QObject):
    """Hears the lines on a thread of its own, and brings them to the screen's."""

    heard = Signal(str)

    def listen(self) -> None:
        """Until nobody speaks any more."""
        for line in sys.stdin:
            self.heard.emit(line)


class Driven:
    """Does what it is told, in turn."""

    def __init__(self, part: "Part", tell: Callable[..., None]) -> None:
        self.part, self.tell = part, tell
        self.ear = Ear(part.program.window)
        self.ear.heard.connect(self.do, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self.ear.listen, daemon=True).start()

    def do(self, line: str) -> None:
        """One thing; the answer is told when it is done."""
        for what, of in json.loads(line).items():
            getattr(self, f"_{what}")(of)

    def _press(self, name: str) -> None:
        self._soon(lambda: self.part.press(name), lambda: self.tell(pressed=name))

    def _dose(self, mg: str) -> None:
        def given() -> bool:
            if not isinstance(self.part.program.window.page(), SessionPage):
                return False
            page = self.part.page
            page.start_dose()
            page.dose.form.mg.setText(mg)
            page.dose.record.click()
            return True

        self._soon(given, lambda: None)
        room = self.part.day.desk.live[0].room
        self._soon(lambda: room.session.first_dose_us is not None and not room.pending, lambda: self.tell(dose=mg))

    def _drag(self, to: int) -> None:
        """The knob of the volume, taken with the mouse and drawn there."""
        slider = next(s for s in self.part.program.window.findChildren(QSlider) if s.isVisible())
        here, there = _knob(slider, slider.value()), _knob(slider, min(to, slider.maximum()))
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, here)
        self._draw(slider, here, there, 1)

    def _draw(self, slider: QSlider, here: QPoint, there: QPoint, step: int) -> None:
        at = here + (there - here) * step / DRAG_STEPS
        QTest.mouseMove(slider, at)
        if step < DRAG_STEPS:
            QTimer.singleShot(DRAG_MS, lambda: self._draw(slider, here, there, step + 1))
            return
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        self.tell(percent=slider.value(), most=slider.maximum())

    def _plan(self, file: str) -> None:
        """The session's music is another playlist of the clinic's own."""
        desk = self.part.day.desk
        self._soon(lambda: bool(desk.live), lambda: self._record(file))

    def _record(self, file: str) -> None:
        room = self.part.day.desk.live[0].room
        own = next(path for path in playlists(self.part.day.desk.clinic.log.folder) if path.name == file)
        room.record(planned(own, self.part.day.desk.music.library))
        self._soon(lambda: not room.pending, lambda: self.tell(planned=file))

    def _facts(self, _: bool) -> None:
        room = self.part.day.desk.live[0].room
        said = [
            {"at_us": h.at_us, "is": type(h.fact).__name__, **msgspec.structs.asdict(h.fact)}
            for h in room.session.history
        ]
        self.tell(facts=msgspec.to_builtins(said, str_keys=True))

    def _soon(self, step: Callable[[], bool], then: Callable[[], None]) -> None:
        """A step, as soon as what it waits for is there."""

        def done() -> bool:
            if not step():
                return False
            then()
            return True

        self.part.steps.append(done)


def _knob(slider: QSlider, percent: int) -> QPoint:
    """Where the knob lies at a volume."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    option.sliderPosition = percent  # type: ignore[attr-defined]
    control, knob = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(control, option, knob, slider).center()
