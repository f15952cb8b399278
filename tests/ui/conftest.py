"""What tests of the screen begin with: no display, one of the three lights, and the program on a clinic folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes import Computer
from tests.ui.hand import Hand
from ui import theme


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A window without a window manager is what these tests want; that the platform says so is no failure."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture
def light(qapp: QApplication) -> Iterator[Callable[..., None]]:
    """Puts the program into a light; afterwards it is dusk again."""

    def put(name: theme.ThemeName, scale: float = 1.0) -> None:
        theme.apply(qapp, name, scale)

    yield put
    theme.apply(qapp, "dusk")


@pytest.fixture
def dusk(light: Callable[..., None]) -> None:
    light("dusk")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer of the test's own: nothing is read from, or written to, the one it runs on."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    return home


@pytest.fixture
def start(
    home: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, computer: Computer
) -> Iterator[Callable[[Path], Hand]]:
    """Starts the program on a folder, its music without sound, and gives a hand to work it with."""
    hands: list[Hand] = []

    def start(folder: Path) -> Hand:
        hands.append(Hand(qapp, qtbot, monkeypatch, folder, computer))
        return hands[-1]

    yield start
    for hand in hands:
        hand.pull_the_plug()
    for widget in qapp.topLevelWidgets():  # pages that were never shown belong to no window
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.apply(qapp, "dusk")


@pytest.fixture
def hand(start: Callable[[Path], Hand], folder: Path) -> Hand:
    """The program on a clinic that was just set up, with two of the staff here."""
    hand = start(folder)
    hand.opened()
    hand.staff("Sample Therapist", "therapist")
    hand.staff("Sample Nurse", "medical staff")
    return hand
