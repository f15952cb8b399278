"""The wheel holds the two packages and every file they read, in places where they find it."""

import os
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a release would be: built from this checkout, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=HOUSE, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_puts_nothing_but_kapdesk_and_ui_beside_its_own_papers(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names} == {"kapdesk", "ui", f"kapdesk-{PROJECT['version']}.dist-info"}


@pytest.mark.parametrize(
    "pattern",
    [
        "kapdesk/playlists/*.toml",
        "kapdesk/resources/protocols/*.toml",
        "kapdesk/resources/style.qss",
        "kapdesk/store/migrations/versions/*.py",
        "kapdesk/py.typed",
        "ui/py.typed",
        "*.dist-info/licenses/LICENSE",
    ],
)
def test_the_wheel_holds_what_the_program_reads(names: set[str], pattern: str) -> None:
    assert [name for name in names if fnmatch(name, pattern)]


def test_no_file_of_the_checkout_is_left_out(names: set[str]) -> None:
    places = {"kapdesk": "kapdesk", "ui": "ui", "playlists": "kapdesk/playlists", "resources": "kapdesk/resources"}
    wanted = {
        f"{inside}/{path.relative_to(HOUSE / folder).as_posix()}"
        for folder, inside in places.items()
        for path in (HOUSE / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".part"
    }
    packed = {name for name in names if ".dist-info/" not in name}
    assert wanted == packed


def test_a_wheel_reads_its_own_files_and_not_the_checkouts(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    ask = "from kapdesk import paths; print(paths.shipped('playlists')); print(paths.shipped('resources', 'style.qss'))"
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    inside = tmp_path / "kapdesk"
    assert told.stdout.splitlines() == [str(inside / "playlists"), str(inside / "resources" / "style.qss")]


def test_the_command_is_called_kapdesk(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [name for name in archive.namelist() if name.endswith("/entry_points.txt")]
        assert "kapdesk = kapdesk.cli:main" in archive.read(entry_points).decode().splitlines()
