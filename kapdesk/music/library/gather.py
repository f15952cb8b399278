"""Gathers pieces from what was pointed at: files, whole folders, lists."""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from kapdesk.errors import KnownError
from kapdesk.music.library import lists
from kapdesk.music.library.lists import Listed, legible

HEARD_AS = frozenset(
    ".flac .ogg .oga .opus .mp3 .m4a .m4b .mp4 .aac .wav .wave .w64 .aif .aiff .aifc .wma .ape .wv .mka .webm .tta"
    " .mpc .caf .au .dsf .ac3 .mp2 .mpga".split()
)
"""What in a folder is taken for music by its name. A single file may be called as it likes."""

MOST = 50_000
DEEPEST = 40

MISSING = "This file is missing."
NO_TEXT = "Its name holds signs that are no text. Rename the file, then add it again."
NO_FILE = "This is neither a file nor a folder, and is left out."


class Gathered(msgspec.Struct, frozen=True):
    """What was found, in order; and a sentence for each thing that was not, by how it was called."""

    title: str
    pieces: tuple[Listed, ...]
    refused: tuple[tuple[str, str], ...] = ()


def gather(paths: Iterable[Path], stopped: Callable[[], bool] = lambda: False) -> Gathered:
    """All pieces in files, folders and lists, in the order given; in a folder by name. Never raises.

    A piece whose file is missing is among them, with its sentence. `stopped` ends it early.
    """
    found: list[Listed] = []
    refused: list[tuple[str, str]] = []
    title = ""
    for path in map(_in_full, paths):
        try:
            kind = _kind(path)
            if kind == "folder":
                title = title or legible(path.resolve().name)
                _walk(path, found, refused, set(), stopped)
            elif kind == "list":
                listed = lists.read(path)
                title = title or legible(listed.title)
                for each in listed.pieces:
                    if stopped() or len(found) > MOST:
                        break
                    found.append(looked_at(each))
            else:
                found.append(looked_at(Listed(legible(path.name), path)))
        except KnownError as error:
            refused.append((legible(path.name), str(error)))
        except OSError as error:
            refused.append((legible(path.name), _cannot(error)))
    if len(found) > MOST:
        refused.append((title, f"Only the first {MOST:,} pieces were taken. Choose fewer folders."))
    return Gathered(title, tuple(found[:MOST]), tuple(refused))


def looked_at(piece: Listed) -> Listed:
    """A piece with its sentence, where its file cannot be one that plays."""
    if piece.path is None or piece.why_not:
        return piece
    try:
        why = "" if _kind(piece.path) in {"file", "list"} else "This is a folder, not a piece of music."
        str(piece.path).encode("utf-8")
    except UnicodeEncodeError:
        why = NO_TEXT
    except KnownError as error:
        why = str(error)
    except (OSError, ValueError) as error:
        why = _cannot(error)
    return msgspec.structs.replace(piece, why_not=why)


def _in_full(path: Path) -> Path:
    """The child that hears it works elsewhere. Not resolved: a person finds it again as they called it."""
    return Path(os.path.abspath(path))


def _kind(path: Path) -> str:
    path.stat()  # raises for a loop of links, and where it may not be looked at
    if path.is_dir():
        return "folder"
    if not path.is_file():
        raise KnownError(NO_FILE)
    return "list" if path.suffix.lower() in lists.SUFFIXES else "file"


def _walk(
    folder: Path, found: list[Listed], refused: list[tuple[str, str]], seen: set[tuple[int, int]],
    stopped: Callable[[], bool], depth: int = 0,
) -> None:  # fmt: skip
    """A folder's pieces by name, then those of its folders. One that was walked already, by a link, is not again."""
    at = folder.stat()
    if (at.st_dev, at.st_ino) in seen:
        return
    seen.add((at.st_dev, at.st_ino))
    if len(seen) > MOST or depth > DEEPEST:
        return
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: _order(entry.name))
    except OSError as error:
        refused.append((legible(folder.name), f"This folder cannot be looked into ({error.strerror})."))
        return
    below = []
    for entry in inside:
        if stopped() or len(found) > MOST:
            return
        if entry.name.startswith("."):
            continue
        place = Path(entry.path)
        if _leads_on(entry):
            below.append(place)
        elif place.suffix.lower() in HEARD_AS:
            found.append(looked_at(Listed(legible(entry.name), place)))
    for place in below:
        _walk(place, found, refused, seen, stopped, depth + 1)


def _leads_on(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def _order(name: str) -> tuple[tuple[int, int, str], ...]:
    """So that 2 comes before 10."""
    parts: list[tuple[int, int, str]] = []
    word = ""
    for sign in f"{name.casefold()}\0":
        if sign == "\0" or (word and sign.isdecimal() != word[-1].isdecimal()):
            number = word.isdecimal()
            parts.append((0, int(word[:18]), "") if number else (1, 0, word))
            word = ""
        word += sign
    return tuple(parts)


def _cannot(error: OSError | ValueError) -> str:
    match getattr(error, "errno", None):
        case errno.ENOENT | errno.ENOTDIR:
            return MISSING
        case errno.ELOOP:
            return "This is a link that leads back to itself."
        case errno.EACCES | errno.EPERM:
            return "It may not be read: ask whoever looks after this computer for the right to it."
        case errno.ENAMETOOLONG:
            return "Its name is too long to be the name of a file."
        case _:
            return f"It cannot be looked at ({getattr(error, 'strerror', None) or error})."
