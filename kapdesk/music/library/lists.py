"""Reads the lists of pieces that other programs write: M3U and M3U8, PLS, XSPF; and our own TOML.

Nothing is ever fetched: what lies on the network comes back with the sentence that says so.
"""

import codecs
import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kapdesk.errors import KnownError
from kapdesk.facts.words import Phase
from kapdesk.music import playlist

SUFFIXES = (".m3u", ".m3u8", ".pls", ".xspf", ".toml")
LARGEST = 32_000_000
"""Bytes. A list of 50,000 lines has some five million."""

STREAMED = ("This is a streaming link, and cannot be played here: nothing is fetched from the network. "
            "Play it on another device, and choose “music played elsewhere” for the session.")  # fmt: skip
ELSEWHERE = "It lies on another computer, and cannot be reached by this list. Copy it to this one, then add it."
NO_NAME = "Its name cannot be the name of a file."

_REMOTE = re.compile(
    r"\s*(?:(?!file:)[a-z][a-z0-9+.-]+://|(?:spotify|tidal|deezer|youtube|mailto|data):)", re.IGNORECASE
)
_TITLE = re.compile(r"#EXTINF:[^,]*,(.*)", re.IGNORECASE)
_NAMED = re.compile(r"#PLAYLIST:(.*)", re.IGNORECASE)
_PLS = re.compile(r"(File|Title)(\d+)\s*=(.*)", re.IGNORECASE)


class Listed(msgspec.Struct, frozen=True):
    """One line of a list: the file it means, or why there is none. Whether the file is there is not looked at.

    `said` is how the list calls it. `phases`, `intensity` (0: nobody said) and `tags` are known of our own lists only.
    """

    said: str
    path: Path | None = None
    title: str = ""
    phases: tuple[Phase, ...] = ()
    why_not: str = ""
    intensity: int = 0
    tags: tuple[str, ...] = ()


class PieceList(msgspec.Struct, frozen=True):
    """A list as it was read."""

    title: str
    pieces: tuple[Listed, ...]


def read(path: Path) -> PieceList:
    """The list in a file, by its suffix. KnownError when it cannot be read at all; a bad line is that line's own."""
    if path.suffix.lower() == ".toml":
        own = playlist.read(path)
        return PieceList(own.title, tuple(_own(path.parent, track) for track in own.tracks))
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise KnownError(f"The list {path.name} cannot be opened ({error.strerror or error}). "
                         "Choose another; the session does without.") from error  # fmt: skip
    if len(raw) > LARGEST:
        raise KnownError(f"The list {path.name} holds more than {LARGEST // 1_000_000} MB, and is none that was made "
                         "for listening. Choose another.")  # fmt: skip
    reader = {".xspf": _xspf, ".pls": _pls}.get(path.suffix.lower(), _m3u)
    named = ""
    pieces: list[Listed] = []
    for title, said in reader(raw, path.name):
        if said is None:
            named = title
        else:
            pieces.append(_piece(path.parent, said, title))
    return PieceList(named or path.stem, tuple(pieces))


_Line = tuple[str, str | None]
"""Title and place of a piece; the title of the whole list and None."""


def _m3u(raw: bytes, name: str) -> Iterator[_Line]:
    title = ""
    for line in _text(raw).splitlines():
        said = line.strip()
        if told := _TITLE.match(said):
            title = told[1].strip()
        elif told := _NAMED.match(said):
            yield told[1].strip(), None
        elif said and not said.startswith("#"):
            yield title, said
            title = ""


def _pls(raw: bytes, name: str) -> Iterator[_Line]:
    files: dict[int, str] = {}
    titles: dict[int, str] = {}
    for line in _text(raw).splitlines():
        if told := _PLS.match(line.strip()):
            where = files if told[1].lower() == "file" else titles
            where[int(told[2][:9])] = told[3].strip()
    for number in sorted(files):
        yield titles.get(number, ""), files[number]


def _xspf(raw: bytes, name: str) -> Iterator[_Line]:
    """XML without definitions of its own: nothing is expanded, nothing is fetched."""
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    inside: list[str] = []
    words: list[str] = []
    found: list[_Line] = []
    here = {"title": "", "location": ""}

    def begin(element: str, _: dict[str, str]) -> None:
        inside.append(element.rpartition(" ")[2])
        words.clear()
        if inside[-1] == "track":
            here.update(title="", location="")

    def end(_: str) -> None:
        said, element = "".join(words).strip(), inside.pop()
        if element == "title" and inside[-1:] == ["playlist"]:
            found.append((said, None))
        elif element in here and inside[-1:] == ["track"] and not here[element]:
            here[element] = said  # of several places the first
        elif element == "track" and here["location"]:
            found.append((here["title"], here["location"]))
        words.clear()

    def refuse(*_: object) -> None:
        raise KnownError(f"The list {name} holds definitions that could reach outside it, and is not read. "
                         "Save it as M3U8 in the program it comes from.")  # fmt: skip

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = words.append, refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise KnownError(f"The list {name} cannot be read: it is not whole from line {error.lineno} on. "
                         "Save it anew in the program it comes from.") from error  # fmt: skip
    yield from found


def _text(raw: bytes) -> str:
    """UTF-8, with the bytes that are none kept as they are: a name in another writing still finds its file."""
    for mark, writing in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return raw.decode(writing, "replace")
    return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _piece(folder: Path, said: str, title: str = "", phases: tuple[Phase, ...] = ()) -> Listed:
    from urllib.parse import unquote_to_bytes

    shown, title = legible(said), legible(title)
    if _REMOTE.match(said):
        return Listed(shown, None, title, phases, STREAMED)
    if said.lower().startswith("file:"):
        host, said = _of_url(said)
        if host not in {"", "localhost"}:
            return Listed(shown, None, title, phases, ELSEWHERE)
    if "\0" in said or not said:
        return Listed(shown, None, title, phases, NO_NAME)
    spelled = dict.fromkeys((
        said, os.fsdecode(unquote_to_bytes(said.encode("utf-8", "surrogateescape"))), said.replace("\\", "/"),
        said.encode("utf-8", "surrogateescape").decode("cp1252", "replace"),
    ))  # fmt: skip
    places = [folder / each for each in spelled if "\0" not in each]
    return Listed(shown, next((place for place in places if _there(place)), places[0]), title, phases)


def _own(folder: Path, track: playlist.Track) -> Listed:
    piece = _piece(folder, track.file, track.title, track.phases)
    return msgspec.structs.replace(piece, intensity=track.intensity or 0, tags=track.tags)


def _of_url(said: str) -> tuple[str, str]:
    from urllib.parse import unquote_to_bytes, urlsplit

    try:
        parts = urlsplit(said)
    except ValueError:
        return "?", ""
    path = unquote_to_bytes(parts.path.encode("utf-8", "surrogateescape"))
    return parts.netloc.lower(), os.fsdecode(path)


def _there(place: Path) -> bool:
    try:
        return place.exists()
    except (OSError, ValueError):
        return False


def legible(said: str) -> str:
    """Something that may hold any sign, for a line on the screen."""
    try:
        plain = said.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        plain = said.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return "".join(sign if sign.isprintable() else "�" for sign in plain)[:300]
