"""The rules of the house that no other tool holds: sizes, words, floors, the lock, licences, and the pin of Qt."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

HOUSE = Path(__file__).resolve().parent.parent
RUN_TIME = HOUSE / ".ci" / "requirements.txt"
ALL = HOUSE / ".ci" / "requirements-dev.txt"


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every text file that is committed, or would be."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        try:
            yield name, (HOUSE / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def lines_with(pattern: str, where: Iterator[tuple[str, str]]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in where
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]


def pins(lock: Path) -> dict[str, str]:
    """Package -> pinned version, as the lock has it."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE))


def test_no_file_is_longer_than_500_lines() -> None:
    long = {
        str(path.relative_to(HOUSE)): count
        for path in sources("kapdesk", "ui", "tests", "benchmarks")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}


def test_every_folder_with_code_is_a_package_that_the_floors_can_see() -> None:
    folders = {path.parent for path in sources("kapdesk", "ui")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_page_of_the_rooms_names_every_package_and_no_room_that_is_not_there() -> None:
    page = (HOUSE / "ARCHITECTURE.md").read_text(encoding="utf-8")
    files = sources("kapdesk", "ui", "tests")
    packages = {path.parent.name for path in sources("kapdesk", "ui")}
    assert {name for name in packages if not re.search(rf"[`./]{name}[`./]", page)} == set()
    clinic = {path.name for path in files if path.parent.name == "clinic" and path.parent.parent.name == "kapdesk"}
    named = set(re.findall(r"`(?:\w+/)*(\w+\.py)`", page))
    assert clinic - named == {"__init__.py"}
    assert named <= {path.name for path in files}


def catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in caught
    )


def test_everything_is_caught_in_three_places_at_most() -> None:
    places = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path in sources("kapdesk", "ui")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    ]
    assert len(places) <= 3, places


# Each pattern below holds a letter in brackets, so that it does not find itself.


def test_nothing_says_that_it_is_unfinished() -> None:
    code = ((name, text) for name, text in texts() if name.endswith((".py", ".toml", ".qss", "Makefile")))
    assert lines_with(r"\b(T[O]DO|FIXM[E]|raise NotImplementedErro[r])\b", code) == []


def test_no_file_says_where_packages_come_from() -> None:
    hosts = r"pypi[.]org|pythonhoste[d]|deb[.]debian|archive[.]ubuntu|registry[.]npmjs|index-ur[l]"
    assert lines_with(hosts, texts()) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(r"(?<![\w.}/])/(roo[t]|tm[p]|wor[k]|User[s])/\w", texts()) == []


def test_the_core_imports_the_screen_nowhere_but_in_its_command_line() -> None:
    guilty = set()
    for path in sources("kapdesk"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    modules = [alias.name for alias in names]
                case ast.ImportFrom(module=str(module), level=0):
                    modules = [module]
                case _:
                    continue
            if any(module.split(".")[0] in {"PySide6", "shiboken6", "ui"} for module in modules):
                guilty.add(str(path.relative_to(HOUSE)))
    assert guilty <= {"kapdesk/cli/sessions.py"}


def test_the_rows_of_the_first_page_stand_without_the_paper() -> None:
    code = "import sys, ui.app, ui.opening, ui.day; print([name for name in sys.modules if 'kapdesk.note' in name])"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_import_only_goes_down() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run(
        [lint, "--no-logo", "--no-cache"], cwd=HOUSE, capture_output=True, text=True, timeout=120, check=False
    )
    assert told.returncode == 0, told.stdout


def test_qt_survives_the_void_calls_of_a_long_session() -> None:
    """PySide6 6.12.0 drops a reference to None in each and aborts Python 3.11 after about 6,400."""
    calls = (
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\n"
        "label = QLabel()\n"
        "for number in range(200_000): label.setText(str(number))\n"
        "print(label.text())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", calls],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (told.returncode, told.stdout.strip()) == (0, "199999"), told.stderr[-2000:]


def test_the_locks_hold_every_part_and_fit_each_other() -> None:
    run_time, everything = pins(RUN_TIME), pins(ALL)
    assert run_time.items() <= everything.items()
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    for line in project["project"]["dependencies"]:
        wanted = Requirement(line)
        pinned = run_time[wanted.name.lower().replace("_", "-")]
        assert wanted.specifier.contains(pinned), f"{line} is locked to {pinned}"


@pytest.mark.parametrize("lock", [RUN_TIME, ALL], ids=lambda path: path.name)
def test_every_pin_has_its_hashes(lock: Path) -> None:
    for block in re.split(r"\n(?=\S)", lock.read_text().strip()):
        first, *hashes = block.splitlines()
        assert re.match(r"[\w.-]+==\S+", first), first
        assert hashes, first
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes), first


# These name no licence in their metadata; it was read in the text they ship.
READ_BY_HAND = {"pyrage": "MIT", "sqlcipher3": "Zlib"}


def licence(name: str) -> str:
    told = metadata.distribution(name).metadata
    short = [text.split("\n")[0] for text in told.get_all("License") or []]
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    return "; ".join(told.get_all("License-Expression") or [READ_BY_HAND.get(name, ""), *short, *classifiers]).strip(
        "; "
    )


def test_no_part_of_the_running_program_asks_for_a_licence_stronger_than_the_lesser_gpl() -> None:
    installed = {str(part.metadata["Name"]).lower().replace("_", "-") for part in metadata.distributions()}
    for name in pins(RUN_TIME).keys() & installed:
        words = licence(name)
        assert words, f"{name} names no licence"
        lesser = "LGPL" in words or "Lesser" in words
        assert lesser or not re.search(r"GPL|General Public|SSPL|BUSL", words), f"{name}: {words}"


def test_no_package_comes_in_that_nobody_has_looked_at() -> None:
    read = set(re.findall(r"[\w.-]+\w", (HOUSE / "CONTRIBUTING.md").read_text().lower().replace("_", "-")))
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    direct = {Requirement(line).name.lower().replace("_", "-") for line in project["project"]["dependencies"]}
    assert pins(RUN_TIME).keys() >= direct
    assert pins(RUN_TIME).keys() - read == set(), "say in CONTRIBUTING.md what for, or what brings it along"


def test_the_hooks_before_a_commit_fetch_nothing() -> None:
    hooks = (HOUSE / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: *(\S+)", hooks) == ["local"]
    assert set(re.findall(r"language: *(\S+)", hooks)) == {"system"}


def test_a_crash_leaves_no_memory_on_the_disk() -> None:
    script = "import resource as r; from kapdesk import cli; cli._leave_no_core(); print(r.getrlimit(r.RLIMIT_CORE))"
    told = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "(0, 0)"
