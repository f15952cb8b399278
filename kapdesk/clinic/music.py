"""The music of an open clinic: playlists at hand, and the music desk wired to its engine."""

import logging
from collections.abc import Callable
from pathlib import Path

from kapdesk import paths
from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.session import MusicPlanned, PlannedTrack
from kapdesk.music import playlist
from kapdesk.music.arc import CIRCLE
from kapdesk.music.desk import MusicDesk
from kapdesk.music.engine.link import Link
from kapdesk.music.engine.port import Engine
from kapdesk.music.library.library import Library

logger = logging.getLogger(__name__)

FOLDER = "playlists"


def roots(folder: Path) -> tuple[Path, ...]:
    """Where playlists and their tracks are looked for: the clinic's own folder first, then what ships."""
    return folder.absolute() / FOLDER, paths.shipped(FOLDER)


def playlists(folder: Path) -> list[Path]:
    """All playlist files at hand, the clinic's own first."""
    return [path for root in roots(folder) for path in sorted(root.glob("*.toml"))]


def at_hand(folder: Path) -> Library:
    """The music a clinic has: what is known of its files, and of those that ship."""
    return Library(folder.absolute(), paths.shipped(FOLDER))


def planned(path: Path, library: Library | None = None) -> MusicPlanned:
    """A playlist as it goes on record, with what the library knows of its pieces.

    Raises KnownError naming file, line and field when it cannot be read.
    """
    try:
        read = playlist.read(path)
    except KnownError as error:
        logger.warning("%s", error)
        raise
    return MusicPlanned(read.title, tuple(_planned(track, read, library) for track in read.tracks))


def _planned(track: playlist.Track, read: playlist.Playlist, library: Library | None) -> PlannedTrack:
    tags = (*track.tags, CIRCLE) if track.seed is not None else track.tags
    known = library.find(read.path_of(track))[1] if library is not None else None
    digest, length_ms = (known.digest, known.length_ms) if known is not None else ("", (track.length_s or 0) * 1000)
    return PlannedTrack(track.title, track.file, track.phases, digest, length_ms, track.intensity or 0, tags)


def open_music(clinic: OpenClinic, through: Callable[[Engine], Engine] = lambda engine: engine) -> MusicDesk:
    """The music desk of a clinic, asking its engine `through` something. Without libVLC it says how to mend it."""
    library = at_hand(clinic.log.folder)
    desk = MusicDesk(roots(clinic.log.folder), library=library)
    try:
        socket = paths.runtime() / f"{clinic.log.keys.clinic.hex}.music"
        desk.use(through(Link(socket, lambda event: clinic.post(lambda: desk.hear(event)))))
    except KnownError as error:
        logger.warning("%s", error)
        return MusicDesk(roots(clinic.log.folder), str(error), library)
    return desk
