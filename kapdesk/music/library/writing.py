"""Playlists written as our own TOML, into the clinic's folder."""

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from kapdesk.errors import KnownError
from kapdesk.facts.words import PHASES, Phase
from kapdesk.music.playlist import FORMAT, Playlist, Track
from kapdesk.toml import LARGEST

SHARES: tuple[tuple[Phase, float], ...] = (
    ("settle", 0.10), ("onset", 0.10), ("ascent", 0.15), ("peak", 0.30), ("return", 0.20), ("recovery", 0.15),
)  # fmt: skip
"""How long each phase lasts, roughly: a first suggestion for a list that knows no phases, for the clinic to set."""


def spread(lengths_ms: Sequence[int]) -> list[tuple[Phase, ...]]:
    """Phases for the pieces of a list, in its order: each piece has some, and each phase a piece.

    A piece is for a phase when the middle of one lies within the other, both laid over the same time.
    """
    lengths = [max(1, each) for each in lengths_ms]
    whole, found, at = sum(lengths), [], 0.0
    for length in lengths:
        until, mine, begins = at + length / whole, [], 0.0
        for phase, share in SHARES:
            ends = begins + share
            if at <= (begins + ends) / 2 < until or begins <= (at + until) / 2 < ends:
                mine.append(phase)
            begins = ends
        found.append(tuple(mine or (PHASES[-1],)))
        at = until
    return found


def text(title: str, tracks: Sequence[Track], before: str = "") -> str:
    """The TOML of a playlist, under the comments that stood at the beginning of `before`.

    KnownError when it would hold more than can be read again.
    """
    lines = _first_comments(before)
    lines += [f"format = {FORMAT}", f"title = {_quoted(title)}"]
    for track in tracks:
        lines += ["", "[[tracks]]", f"title = {_quoted(track.title)}", f"file = {_quoted(track.file)}"]
        lines.append(f"phases = [{', '.join(map(_quoted, track.phases))}]")
        for name in ("composer", "seed", "length_s", "intensity"):
            value = getattr(track, name)
            if value is not None:
                lines.append(f"{name} = {_quoted(value) if isinstance(value, str) else value}")
        if track.tags:
            lines.append(f"tags = [{', '.join(map(_quoted, track.tags))}]")
    whole = "\n".join(lines) + "\n"
    if len(whole) > LARGEST:
        raise KnownError(f"A playlist of {len(tracks):,} pieces is too long to be kept: a session hears some thirty. "
                         "Choose fewer, or one folder at a time.")  # fmt: skip
    return whole


def new(folder: Path, title: str, tracks: Sequence[Track]) -> Path:
    """Write a new playlist under a name made of its title; where it lies. KnownError when it cannot be written."""
    slug = "-".join(re.findall(r"\w+", title.lower()))[:60] or "playlist"
    named = (folder / f"{slug}{f'-{n}' if n > 1 else ''}.toml" for n in range(1, 10_000))
    path = next(path for path in named if not path.exists())
    put(path, text(title, tracks))
    return path


def again(playlist: Playlist) -> None:
    """Write a changed playlist over itself, under the comments at its beginning. KnownError when it cannot be."""
    before = ""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        before = playlist.source.read_text(encoding="utf-8")
    put(playlist.source, text(playlist.title, playlist.tracks, before))


def put(path: Path, content: str) -> None:
    """Write a text file whole or not at all. KnownError when the disk refuses."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise KnownError(f"The playlist cannot be written to {path.parent} ({error.strerror or error}). "
                         "What was there before is there still.") from error  # fmt: skip


def file_of(path: Path, folder: Path) -> str:
    """How a playlist in `folder` names a file: from its own folder where it lies within, else in full."""
    path, folder = path.absolute(), folder.absolute()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _first_comments(before: str) -> list[str]:
    kept = []
    for line in before.splitlines():
        if not line.startswith("#"):
            break
        kept.append(line)
    return kept


def _quoted(said: str) -> str:
    plain = said.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", plain) + '"'
