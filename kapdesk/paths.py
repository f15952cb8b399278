"""Where things lie: the clinic's folder, the runtime folder, and the files that ship with KapDesk."""

import os
from pathlib import Path

_LONGEST = 54
"""A socket's path may have 107 bytes, and its name below this folder takes 53 of them."""

_PACKAGE = Path(__file__).resolve().parent


def default_clinic() -> Path:
    """The folder of the clinic's own desk on this computer."""
    import platformdirs  # here and below, for the window that is given a folder does not wait for it

    return Path(platformdirs.user_data_dir("KapDesk", appauthor=False)) / "clinic"


def demo_clinic() -> Path:
    """The folder of the invented demo clinic: kept apart, so it never mixes with records."""
    import platformdirs

    return Path(platformdirs.user_data_dir("KapDesk", appauthor=False)) / "demo"


def log_file() -> Path:
    """Where the program writes its own trace. Holds no clinical text."""
    import platformdirs

    return Path(platformdirs.user_log_dir("KapDesk", appauthor=False)) / "kapdesk.log"


def runtime() -> Path:
    """A private folder (mode 0700) for sockets, gone with the login session where the system does that."""
    import tempfile

    base = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = base and os.access(base, os.W_OK) and len(os.fsencode(base)) <= _LONGEST
    folder = Path(base) / "kapdesk" if usable else Path(tempfile.gettempdir()) / f"kapdesk-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to someone else")
    folder.chmod(0o700)
    return folder


def shipped(*parts: str) -> Path:
    """A file or folder that ships with KapDesk: `shipped("playlists")`, `shipped("resources", "protocols")`.

    In a wheel it lies inside the package; in a checkout beside it.
    """
    inside = _PACKAGE.joinpath(*parts)
    return inside if inside.exists() else _PACKAGE.parent.joinpath(*parts)
