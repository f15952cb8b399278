"""Playlists made out of a clinic's own files: gathered, checked, spread over the phases and kept."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from kapdesk.clinic.imagery import all_recordings
from kapdesk.clinic.music import FOLDER, at_hand, playlists
from kapdesk.errors import KnownError
from kapdesk.facts.words import PHASES, Phase
from kapdesk.music import playlist
from kapdesk.music.library import lists, writing
from kapdesk.music.library.check import Checked, check, glance
from kapdesk.music.library.gather import Gathered, gather, looked_at
from kapdesk.music.library.library import Library
from kapdesk.music.library.lists import Listed
from kapdesk.music.library.worker import Worker
from kapdesk.music.playlist import KINDS, PLAIN, Playlist, Track


class Added(msgspec.Struct, frozen=True):
    """A playlist that was written, or that pieces were added to; and those left out, each with its sentence."""

    path: Path
    pieces: int
    left_out: tuple[tuple[str, str], ...] = ()


def own_folder(clinic: Path) -> Path:
    """Where a clinic's own playlists lie."""
    return clinic.absolute() / FOLDER


def pieces(path: Path) -> tuple[Listed, ...]:
    """The pieces of a playlist of ours, each looked at. Raises KnownError when it cannot be read."""
    return tuple(looked_at(each) for each in lists.read(path).pieces)


def state(path: Path, library: Library) -> tuple[Checked, ...]:
    """What is known of a playlist's pieces without hearing any. Raises KnownError when it cannot be read."""
    return tuple(glance(library, each) for each in pieces(path))


def keep(clinic: Path, title: str, checked: Iterable[Checked], into: Path | None = None) -> Added:
    """Write what can be played as a new playlist called `title`, or behind the pieces of one of the clinic's own.

    Raises KnownError when nothing of it can be played, or the disk refuses.
    """
    folder = own_folder(clinic)
    checked = tuple(checked)
    good = [each for each in checked if each.path is not None and each.measured is not None]
    good = [each for each in good if each.verdict.state != "bad"]
    left_out = tuple((each.piece.said, each.verdict.said) for each in checked if each not in good)
    if not good:
        raise KnownError("None of these can be played, so there is no playlist to write.")
    suggested = writing.spread([each.measured.length_ms for each in good if each.measured is not None])
    tracks = tuple(
        _track(each, phases, folder if into is None else into.parent)
        for each, phases in zip(good, suggested, strict=True)
    )
    if into is None:
        return Added(writing.new(folder, title, tracks), len(tracks), left_out)
    known = playlist.read(into)
    there = {track.file for track in known.tracks}
    fresh = tuple(track for track in tracks if track.file not in there)
    writing.again(Playlist(known.title, (*known.tracks, *fresh), into))
    return Added(into, len(fresh), left_out)


def set_phases(path: Path, number: int, phase: Phase, on: bool) -> Playlist:
    """Let a piece of a playlist be for a phase, or no more; the last one stays. Raises KnownError."""
    known = playlist.read(path)
    track = known.tracks[number]
    wanted = tuple(each for each in PHASES if (each in track.phases and each != phase) or (on and each == phase))
    if not wanted:
        raise KnownError(f"“{track.title}” needs a phase. Choose another first, or take the piece out.")
    return _changed(known, number, phases=wanted)


def set_kind(path: Path, number: int, kind: str, on: bool) -> Playlist:
    """Say that a piece of a playlist is of a kind, or not; PLAIN: of none of KINDS. Raises KnownError."""
    known = playlist.read(path)
    others = tuple(each for each in known.tracks[number].tags if each != kind)
    if on and kind == PLAIN:
        others = tuple(each for each in others if each not in KINDS)
    elif on and kind in KINDS:
        others = tuple(each for each in others if each != PLAIN)
    return _changed(known, number, tags=(*others, kind) if on else others)


def set_intensity(path: Path, number: int, intensity: int | None) -> Playlist:
    """Say how full a piece of a playlist is, from 1 to 5, or that nobody knows. Raises KnownError."""
    return _changed(playlist.read(path), number, intensity=intensity)


def _changed(known: Playlist, number: int, **changes: object) -> Playlist:
    tracks = list(known.tracks)
    tracks[number] = msgspec.structs.replace(tracks[number], **changes)
    changed = Playlist(known.title, tuple(tracks), known.source)
    writing.again(changed)
    return changed


def take_out(path: Path, number: int) -> Playlist | None:
    """Take a piece out of a playlist, never off the disk; None when it was the last and the playlist went with it."""
    known = playlist.read(path)
    tracks = known.tracks[:number] + known.tracks[number + 1 :]
    if not tracks:
        path.unlink(missing_ok=True)
        return None
    changed = Playlist(known.title, tracks, path)
    writing.again(changed)
    return changed


def add(
    clinic: Path, title: str, paths: Iterable[Path], worker: Worker, tell: Callable[[float, str], None]
) -> tuple[Added, Gathered]:
    """Gather, check and keep in one go. Raises KnownError, and Cancelled when the worker was."""
    gathered = gather(paths, lambda: worker.cancelled)
    checked = check(at_hand(clinic), gathered.pieces, worker, lambda told: tell(told.share, told.hearing))
    return keep(clinic, title or gathered.title or "Playlist", checked), gathered


def tidy(clinic: Path, library: Library) -> int:
    """Remove the working copies that no playlist at hand and no voice needs; how many."""
    in_use = all_recordings(clinic)
    for path in playlists(clinic):
        try:
            in_use += [each.path for each in lists.read(path).pieces if each.path is not None]
        except KnownError:
            return 0  # nobody knows what that one needs
    return library.tidy(in_use)


def _track(checked: Checked, phases: tuple[Phase, ...], folder: Path) -> Track:
    assert checked.path is not None
    composer = checked.measured.artist if checked.measured is not None else ""
    piece = checked.piece
    return Track(
        checked.title, writing.file_of(checked.path, folder), piece.phases or phases, composer or None,
        intensity=piece.intensity or None, tags=piece.tags,
    )  # fmt: skip
