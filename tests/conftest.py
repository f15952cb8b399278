"""What most tests begin with: a clinic folder, and the desk that opens it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kapdesk.clinic.inbox import Inbox
from kapdesk.store import keys
from kapdesk.store.log import SqlLog
from tests.desk import Desk
from tests.fakes import Computer
from tests.keys import found, keys_of

settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=1_000, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """The long lane tries more examples, new ones each time."""
    settings.load_profile("quick" if config.option.markexpr == "not deep" else "deep")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic that was just set up; copied, never opened itself."""
    folder = tmp_path_factory.mktemp("founded") / "clinic"
    found(folder)
    return folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    """A clinic folder of the test's own."""
    return Path(shutil.copytree(founded, tmp_path / "clinic"))


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def open_desk(folder: Path, computer: Computer) -> Iterator[Callable[[], Desk]]:
    """Opens the clinic's desk; called again, it opens it again, as after a kill: what was not on the disk is gone."""
    opened: list[Desk] = []

    def open_() -> Desk:
        opened.append(Desk(folder, computer))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    return open_desk()


@pytest.fixture
def own(folder: Path) -> keys.Keys:
    """The keys of the clinic folder."""
    return keys_of(folder)


@pytest.fixture
def log(folder: Path, own: keys.Keys) -> Iterator[SqlLog]:
    """The clinic's log, opened by itself."""
    opened = SqlLog(folder, own)
    yield opened
    opened.close(give_up=True)


@pytest.fixture
def inbox() -> Inbox:
    """The core's thread where there is no window."""
    return Inbox()
