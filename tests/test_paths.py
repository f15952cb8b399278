"""Where things lie."""

import stat
import tempfile
from pathlib import Path

import pytest

from kapdesk import paths


def test_what_ships_is_found_beside_the_package() -> None:
    assert (paths.shipped("resources", "protocols") / "im-booster.toml").is_file()


def test_the_demo_never_lies_where_the_clinics_own_records_do() -> None:
    assert paths.demo_clinic() != paths.default_clinic()
    assert paths.log_file().name == "kapdesk.log"


@pytest.mark.parametrize("there_before", [False, True])
def test_the_runtime_folder_is_the_owners_alone(monkeypatch: pytest.MonkeyPatch, there_before: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="k-") as short:
        base = Path(short)
        monkeypatch.setenv("XDG_RUNTIME_DIR", short)
        if there_before:
            (base / "kapdesk").mkdir(mode=0o777)
        folder = paths.runtime()
        assert folder == base / "kapdesk"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_runtime_folder_too_deep_for_a_socket_or_not_there_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 60)
    deep.mkdir()
    with tempfile.TemporaryDirectory(prefix="k-") as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        for unusable in (deep, tmp_path / "gone"):
            monkeypatch.setenv("XDG_RUNTIME_DIR", str(unusable))
            assert paths.runtime().parent == Path(short)


def test_without_a_login_session_the_runtime_folder_is_named_by_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = paths.runtime()
    assert folder.parent == tmp_path
    assert folder.name.startswith("kapdesk-")


def test_a_runtime_folder_of_someone_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("os.getuid", lambda: 4_242)
    with pytest.raises(PermissionError, match="belongs to someone else"):
        paths.runtime()
