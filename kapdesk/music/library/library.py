"""The music at hand in a clinic: what is known of each file, and with which file and level a session plays it."""

import contextlib
import time
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec

from kapdesk.errors import KnownError
from kapdesk.music.form import Written
from kapdesk.music.library.gather import looked_at
from kapdesk.music.library.lists import Listed
from kapdesk.music.library.measured import Measured
from kapdesk.music.library.shelf import Shelf
from kapdesk.music.library.verdict import TARGET_LUFS, Verdict, judge

FOLDER = "music"
COPIES = "copies"
SETTINGS = "music.toml"
KEPT_S = 7 * 86_400
"""A copy that no playlist needs any more is kept so long: a session that was planned with it may still go on."""


class Ready(msgspec.Struct, frozen=True):
    """What the session plays of a piece. `gain_db` is 0 or less. With a `why_not` there is nothing to play."""

    path: Path
    gain_db: float = 0.0
    digest: str = ""
    length_ms: int = 0
    why_not: str = ""


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    target_lufs: Annotated[float, msgspec.Meta(ge=-40, le=-14)] = TARGET_LUFS


class Library:
    """The pieces a clinic has. `folder` is the clinic's own, `shipped` that of the playlists that come with KapDesk.

    Looking something up asks the disk for a file's size and time, nothing more. May be used by several threads.
    """

    def __init__(self, folder: Path, shipped: Path | None = None) -> None:
        self.clinic = folder
        self.folder = folder / FOLDER
        self.copies = self.folder / COPIES
        self._shipped = shipped

    @cached_property
    def shelf(self) -> Shelf:
        """What was measured; read when it is first wanted, not while the window is on its way."""
        return Shelf(self.folder, self._shipped)

    @cached_property
    def _settings(self) -> tuple[float, str]:
        return _target(self.folder / SETTINGS)

    @property
    def target_lufs(self) -> float:
        """The loudness at which every piece is to sound, LUFS."""
        return self._settings[0]

    @property
    def trouble(self) -> str:
        """What is wrong with the clinic's settings, or empty."""
        return self._settings[1]

    def ready(self, path: Path, composed: bool = False) -> Ready:
        """What is to be played of a piece whose file is expected at `path`.

        A file that was moved is found where it was last seen. One that nobody has checked yet is played softly; but not
        one that was `composed` here, for it was made at −23 LUFS.
        """
        here, measured = self.find(path)
        why_not = looked_at(Listed(path.name, here)).why_not
        if why_not:
            return Ready(path, why_not=why_not)
        measured = measured or self.shelf.likely(here)
        verdict = judge(measured, self.target_lufs)
        if measured is None:
            return Ready(here, min(0.0, self.target_lufs - TARGET_LUFS) if composed else verdict.gain_db)
        if verdict.state == "bad":
            return Ready(path, digest=measured.digest, why_not=verdict.said)
        if verdict.by_copy and (copy := self.copy_of(measured)).is_file():
            return Ready(copy, 0.0, measured.digest, measured.length_ms)
        return Ready(here, min(0.0, verdict.gain_db), measured.digest, measured.length_ms)

    def find(self, path: Path) -> tuple[Path, Measured | None]:
        """Where the piece that belongs at `path` lies, and what is known of it."""
        measured = self.shelf.known(path)
        if measured is None and not path.exists() and (was := self.shelf.was_at(path)) is not None:
            places = self.shelf.places_of(was.digest)
            return (places[0], was) if places else (path, None)
        return path, measured

    def verdict(self, path: Path) -> Verdict:
        """What is to be said of a piece before a session."""
        here, measured = self.find(path)
        why_not = looked_at(Listed(path.name, here)).why_not
        return Verdict("bad", why_not) if why_not else judge(measured, self.target_lufs)

    def copy_of(self, measured: Measured) -> Path:
        """Where the working copy of a piece lies, or would."""
        return self.copies / f"{measured.digest}{self.target_lufs:+g}.flac"

    def tidy(self, in_use: Iterable[Path], now_s: float | None = None) -> int:
        """Remove the working copies that none of these pieces needs, once they have lain a week; how many went."""
        known = [self.find(path)[1] for path in in_use]
        needed = {self.copy_of(measured) for measured in known if measured is not None}
        now_s, gone = time.time() if now_s is None else now_s, 0
        with contextlib.suppress(OSError):
            for copy in list(self.copies.iterdir()):
                if copy not in needed and now_s - copy.stat().st_mtime > KEPT_S:
                    copy.unlink()
                    gone += 1
        return gone


def _target(path: Path) -> tuple[float, str]:
    """The clinic's target, and what is wrong with the file that says it."""
    if not path.exists():
        return TARGET_LUFS, ""
    try:
        return Written(path, "The music’s settings in", "Mend the file; until then −23 LUFS holds.").read(
            _Settings
        ).target_lufs, ""
    except KnownError as error:
        return TARGET_LUFS, str(error)
