"""What the tests of the music begin with."""

from pathlib import Path

import pytest

from kapdesk.facts.session import (
    PhaseEntered,
)
from tests.desk import Desk
from tests.music.playing import ARC, Playing


@pytest.fixture
def playing(desk: Desk, tmp_path: Path) -> Playing:
    files = tmp_path / "music"
    files.mkdir()
    return Playing(desk, files)


@pytest.fixture
def at_the_peak(desk: Desk, tmp_path: Path) -> Playing:
    """The first piece of the peak is heard."""
    files = tmp_path / "music"
    files.mkdir()
    playing = Playing(desk, files, ARC)
    playing.desk.dosed(playing.room)
    playing.desk.kept(playing.room.record(PhaseEntered("peak")))
    playing.hear()
    assert playing.music.now().title == "Song"
    return playing
