"""Space set aside for the rest of a session: held while there is plenty, given back when the disk is full."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.store import keys
from kapdesk.store.log import SqlLog
from kapdesk.store.reserve import Reserve
from tests.fakes import statement

MB = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with 12 MB, which can really be full."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", place], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small disk needs root: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_it_is_held_once_and_given_back_once(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 2 * MB)
    assert (reserve.hold(), reserve.held) == (True, True)
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= 2 * MB, "it takes up real room"
    assert (reserve.free(), reserve.free()) == (True, False)
    assert (reserve.used, reserve.held) == (True, False)


def test_where_there_is_little_room_none_is_taken_away(small_disk: Path) -> None:
    assert not Reserve(small_disk, 20 * MB).hold()
    assert list(small_disk.iterdir()) == []


def test_on_a_full_disk_the_session_writes_on_in_the_space_set_aside(
    small_disk: Path, folder: Path, own: keys.Keys
) -> None:
    clinic = Path(shutil.copytree(folder, small_disk / "clinic"))
    told: list[str | None] = []
    log = SqlLog(clinic, own, told.append)
    log.reserve = Reserve(clinic, 10 * MB)
    log.writer._make_room = log.reserve.free
    assert log.reserve.hold()
    stuffing = small_disk / "films"
    with stuffing.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    stream = Stream("session", str(uuid4()))
    for n in range(200):
        log.append(statement(stream, NoteTaken("She breathes slowly."), n)).result(20)
    assert told[0] is not None
    assert told[0].startswith("Not saved: the disk is full.")
    assert told[-1] is None
    assert log.reserve.used
    assert len(log.read(stream)) == 200
    stuffing.unlink()
    assert log.reserve.hold()
    log.close()
