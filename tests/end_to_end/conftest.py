"""What the tests of the whole program begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.starts import end_music


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    yield home
    end_music(home / "clinic")
