"""What tests of the screen begin with: no display, and one of the three lights."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

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
