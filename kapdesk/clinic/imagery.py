"""The guided imagery of a clinic: its own pieces and what ships, and its own recordings of both."""

import os
import shutil
import tempfile
from pathlib import Path

import msgspec

from kapdesk import paths
from kapdesk.errors import KnownError
from kapdesk.music import imagery
from kapdesk.music.imagery import Imagery, Voice
from kapdesk.music.library.check import Checked, check
from kapdesk.music.library.gather import looked_at
from kapdesk.music.library.library import Library
from kapdesk.music.library.lists import Listed
from kapdesk.music.library.worker import Worker

FOLDER = "imagery"
RECORDINGS = (".flac", ".ogg", ".opus", ".mp3", ".m4a", ".wav")
"""What a recording may be. One named like its piece, in the clinic's `imagery/`, is that piece's voice."""

MOST_BYTES = 2_000_000_000


def pieces(folder: Path) -> tuple[list[Imagery], list[str]]:
    """The pieces at hand, the clinic's own before a shipped one of the same file name; and a sentence for each that
    cannot be read."""
    own = folder / FOLDER
    found: dict[str, Imagery] = {}
    wrong: list[str] = []
    for path in (*sorted(own.glob("*.toml")), *sorted(paths.shipped("resources", "imagery").glob("*.toml"))):
        if path.name in found:
            continue
        try:
            found[path.name] = _with_recording(imagery.read(path), own)
        except KnownError as error:
            wrong.append(str(error))
    return sorted(found.values(), key=lambda piece: piece.title), wrong


def add_recording(folder: Path, piece: Imagery, recording: Path, library: Library) -> str:
    """Keep a copy of a recording as the voice of a piece, in place of an earlier one of the clinic's; what is to be
    said of it, or empty. It is heard whole first, so that it speaks as loud as the music plays.

    Raises KnownError, and then nothing has changed. May take a while: not for the thread of the screen.
    """
    _look_at(recording)
    heard = _heard(recording, library)
    own = folder / FOLDER
    before = recordings(own, piece)
    try:
        own.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".recording-", dir=own)
        try:
            with os.fdopen(handle, "wb") as to, recording.open("rb") as of:
                shutil.copyfileobj(of, to)
                to.flush()
                os.fsync(to.fileno())
            kept = own / f"{piece.source.stem}{recording.suffix.lower()}"
            Path(name).replace(kept)
            if heard.measured is not None:
                library.shelf.put(kept.absolute(), kept.stat(), heard.measured)
        finally:
            Path(name).unlink(missing_ok=True)
        for old in before:
            if old != kept:
                old.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise KnownError(f"{recording.name} could not be kept ({why}). The piece is as it was.") from error
    return heard.verdict.said


def _heard(recording: Path, library: Library) -> Checked:
    worker = Worker()
    try:
        [heard] = check(library, [looked_at(Listed(recording.name, recording.absolute()))], worker)
    finally:
        worker.close()
    if heard.measured is None or heard.verdict.state == "bad":
        raise KnownError(f"{recording.name} cannot be a voice. {heard.verdict.said} The piece is as it was.")
    return heard


def all_recordings(folder: Path) -> list[Path]:
    """Every file of a clinic's own that is, or may become, a voice."""
    return [path.absolute() for suffix in RECORDINGS for path in (folder / FOLDER).glob(f"*{suffix}")]


def recordings(own: Path, piece: Imagery) -> list[Path]:
    """The clinic's recordings of a piece."""
    named = (own / f"{piece.source.stem}{suffix}" for suffix in RECORDINGS)
    return [path for path in named if path.is_file()]


def _with_recording(piece: Imagery, own: Path) -> Imagery:
    for path in recordings(own, piece):
        return msgspec.structs.replace(piece, voice=Voice(str(path.absolute())))
    return piece


def _look_at(recording: Path) -> None:
    nothing = "The piece is as it was."
    if recording.suffix.lower() not in RECORDINGS:
        kinds = ", ".join(suffix.removeprefix(".").upper() for suffix in RECORDINGS)
        raise KnownError(f"{recording.name} is no recording that can be used here ({kinds}). {nothing}")
    try:
        size = recording.stat().st_size if recording.is_file() else 0
    except OSError as error:
        raise KnownError(f"{recording.name} cannot be read ({error.strerror or error}). {nothing}") from error
    if size == 0:
        raise KnownError(f"{recording.name} is empty or not a file. {nothing}")
    if size > MOST_BYTES:
        raise KnownError(f"{recording.name} is larger than 2 GB, and a recording of a piece is far smaller. {nothing}")
