"""How many sessions run, beside the record and in the clear: so that the sign-in page can say that one waits."""

import os
from pathlib import Path

from kapdesk.store.journal_file import write_whole

FILE = "running"


def read(folder: Path) -> int:
    """How many were running when that was last written; 0 where nothing can be said."""
    try:
        return max(0, int((folder / FILE).read_text(encoding="ascii")))
    except (OSError, ValueError):
        return 0


def write(folder: Path, sessions: int) -> None:
    """A number and nothing else. A disk that refuses is no matter here."""
    new = folder / f"{FILE}.new"
    try:
        write_whole(new, str(sessions).encode())
        os.replace(new, folder / FILE)
    except OSError:
        return


def words(sessions: int) -> str:
    """What the sign-in page says of it."""
    if sessions == 0:
        return ""
    said = "A session was" if sessions == 1 else f"{sessions} sessions were"
    return f"{said} running when KapDesk last stopped. Sign in to go on; its music may still play."
