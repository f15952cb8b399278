"""Reads one of our TOML files into a frozen shape, and names file, line and field of whatever is wrong with it."""

import re
import tomllib
from bisect import bisect_left
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

from kapdesk.errors import KnownError
from kapdesk.toml import LARGEST, brief, loads

_Shape = TypeVar("_Shape")
_PLACE = re.compile(r" - at `\$\.?(?P<field>.*)`$")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

MOST_LOOKED_AT = 500_000
"""Characters read, again and again, to find a field's line; where that is not enough, the field alone is named."""


class _TooLong(Exception):
    """Finding the line would take too long."""


class Written:
    """A TOML file as someone wrote it: its text, and where in it each field stands.

    `what` is how the file is called in sentences ("The playlist"), `remedy` their last part: what still works and
    what to do.
    """

    def __init__(self, path: Path, what: str, remedy: str) -> None:
        self.path = path
        self._what = what
        self._remedy = remedy
        self._text = ""

    def read(self, shape: type[_Shape]) -> _Shape:
        """The file's content as `shape`. KnownError for everything that can be wrong with it."""
        try:
            with self.path.open("rb") as file:
                raw = file.read(4 * LARGEST + 1)
        except OSError as error:
            self.wrong(f"it cannot be opened ({error.strerror or error})")
        if len(raw) > 4 * LARGEST:
            self.wrong(f"it holds more than {4 * LARGEST // 1000} kB, and such a file holds a few")
        try:
            self._text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            self.wrong("this is not UTF-8 text", line=raw.count(b"\n", 0, error.start) + 1)
        try:
            content = loads(self._text)
        except tomllib.TOMLDecodeError as error:
            said = re.match(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)$", str(error), re.DOTALL)
            line = int(said[2]) if said and said[2] else self._text.count("\n") + 1
            self.wrong(f"this is not TOML ({said[1] if said else error})", line=line)
        except ValueError as error:
            self.wrong(str(error))
        try:
            return msgspec.convert(content, type=shape)
        except msgspec.ValidationError as error:
            place = _PLACE.search(str(error))
            field, why = _plain(str(error)[: place.start()] if place else str(error), place["field"] if place else "")
            self.wrong(why, field=field)

    def wrong(self, why: str, *, field: str = "", line: int | None = None) -> NoReturn:
        """Raise the sentence: file, line and field, what is wrong, what to do. A field's line is looked up."""
        if line is None and field:
            line = self._line_of(field)
        named = f"field {brief(field)}" if field else ""
        place = ", ".join(part for part in (f"line {line}" if line else "", named) if part)
        raise KnownError(f"{self._what} {self.path.name} cannot be used{': ' + place if place else ''}: {brief(why)}. "
                         + self._remedy)  # fmt: skip

    def _line_of(self, field: str) -> int | None:
        """The line on which `field` ("tracks[1].phases") begins, or its nearest owner's; 1 where none is written.
        None where looking for it takes too long.

        TOML cut after any whole statement is TOML too, however it is written. So a field begins on the first line
        whose statement, once complete, makes the beginning of the file hold that field; found by halving.
        """
        lines = self._text.split("\n")
        steps = [int(index) if index else name for name, index in _STEP.findall(field)]
        looked_at = 0

        def content(end: int) -> dict[str, Any] | None:
            nonlocal looked_at
            beginning = "\n".join(lines[:end])
            looked_at += len(beginning)
            if looked_at > MOST_LOOKED_AT:
                raise _TooLong
            return _content(beginning)

        def holds_once_complete(line: int) -> bool:
            whole = (found for end in range(line, len(lines) + 1) if (found := content(end)) is not None)
            return _holds(next(whole), steps)

        try:
            while steps and not holds_once_complete(len(lines)):
                steps.pop()
            return max(1, bisect_left(range(len(lines)), True, key=holds_once_complete))
        except _TooLong:
            return None


def _content(text: str) -> dict[str, Any] | None:
    try:
        return loads(text)
    except ValueError:
        return None


def _holds(content: Any, steps: list[str | int]) -> bool:
    for step in steps:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _plain(said: str, field: str) -> tuple[str, str]:
    """The field meant and what is wrong with it, in a person's words, from what msgspec said of `field`."""
    if missing := re.fullmatch(r"Object missing required field `(.*)`", said):
        return f"{field}.{missing[1]}".lstrip("."), "it is missing"
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", said):
        return f"{field}.{unknown[1]}".lstrip("."), "there is no such field"
    if choice := re.fullmatch(r"Invalid enum value (.*)", said):
        return field, f"{choice[1]} is none of the words possible here"
    if re.fullmatch(r"Expected `(str|array)` of length >= 1", said):
        return field, "it is empty"
    if least := re.fullmatch(r"Expected `int` >= (.*)", said):
        return field, f"it must be {least[1]} or more"
    if most := re.fullmatch(r"Expected `int` <= (.*)", said):
        return field, f"it must be {most[1]} or less"
    if kind := re.fullmatch(r"Expected `([a-z]+)(?: \| null)?`, got `([a-z]+)`", said):
        words = {"str": "text", "int": "a whole number", "bool": "true or false", "array": "a list",
                 "object": "a table", "float": "a number with a point"}  # fmt: skip
        return field, f"{words.get(kind[1], kind[1])} is expected, not {words.get(kind[2], kind[2])}"
    return field, said
