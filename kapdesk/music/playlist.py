"""A playlist: pieces of music in the order they are meant, each belonging to phases of the effect."""

from pathlib import Path
from typing import Annotated

import msgspec

from kapdesk.facts.words import Phase
from kapdesk.music.form import Written

FORMAT = 1

KINDS = ("vocals", "sacred", "culture", "nature")
"""Kinds of music that people most often ask not to hear. A playlist's own tags stand beside them. An example."""

PLAIN = "plain"
"""Tag of a piece of which someone said that it is of none of these kinds; one without any tag, nobody has looked at."""

Line = Annotated[str, msgspec.Meta(min_length=1)]


class Track(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece. `file` is relative to the playlist's own.

    `intensity` goes from 1 (hardly there) to 5 (as full as can be). Tags are words by which a piece may be avoided:
    of KINDS, or a language; or PLAIN. A composed piece also has the `seed` and the length it was
    made with, for the last of its phases.
    """

    title: Line
    file: Line
    phases: Annotated[tuple[Phase, ...], msgspec.Meta(min_length=1)]
    composer: str | None = None
    seed: int | None = None
    length_s: int | None = None
    intensity: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    tags: tuple[Line, ...] = ()


class Playlist(msgspec.Struct, frozen=True):
    """A playlist as it was read. Its files may be missing: whoever plays a track skips it and says so."""

    title: str
    tracks: tuple[Track, ...]
    source: Path

    def path_of(self, track: Track) -> Path:
        """Where a track's file is expected. Not looked at: it may be gone, or not be music."""
        return self.source.parent / track.file


class _PlaylistFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    title: Line
    tracks: Annotated[tuple[Track, ...], msgspec.Meta(min_length=1)]


def read(path: Path) -> Playlist:
    """The playlist in a TOML file. KnownError naming file, line and field when it cannot be used."""
    written = Written(path, "The playlist", "Mend the file, or choose another playlist; the session goes on.")
    content = written.read(_PlaylistFile)
    if content.format != FORMAT:
        written.wrong(f"it is {content.format}, and this KapDesk reads format {FORMAT}", field="format")
    for number, track in enumerate(content.tracks):
        if "://" in track.file:
            written.wrong("streaming links cannot be played here, only files", field=f"tracks[{number}].file")
    return Playlist(content.title, content.tracks, path)
