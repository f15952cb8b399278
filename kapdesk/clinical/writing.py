"""A protocol written as TOML: its keys in a fixed order, and the comments that stood in the text before."""

import re
from collections.abc import Iterable

import msgspec

from kapdesk.clinical import lines
from kapdesk.clinical.protocol import Item, Protocol, Rating

_LONG = 100
"""Characters in a line of a list; a longer list goes over several lines."""


def write(protocol: Protocol, before: str = "") -> str:
    """The TOML of a protocol: fields in the order of the format, those that hold what holds anyway left out.

    The comments above a field in the text `before` stay above it; those of a field that is gone go to the end.
    """
    said = _Lines(lines.comments(before))
    said.comment("")
    tables: list[str] = []
    for name, default in zip(Protocol.__struct_fields__, _defaults(Protocol), strict=True):
        value = getattr(protocol, name)
        if name == "phases" or (isinstance(value, tuple) and value and isinstance(value[0], Rating)):
            tables.append(name)
        elif isinstance(value, msgspec.Struct):
            if value != default:
                tables.append(name)
        elif value != default:
            said.field(name, value)
    for name in tables:
        value = getattr(protocol, name)
        for n, each in enumerate(value if isinstance(value, tuple) else (value,)):
            path = f"{name}[{n}]" if isinstance(value, tuple) else name
            said.table(name, path, each, isinstance(value, tuple))
    said.end()
    return "\n".join(said.lines) + "\n"


class _Lines:
    def __init__(self, comments: dict[str, tuple[str, ...]]) -> None:
        self.lines: list[str] = []
        self._comments = dict(comments)

    def comment(self, path: str) -> None:
        self.lines += self._comments.pop(path, ())

    def field(self, path: str, value: object) -> None:
        self.comment(path)
        self.lines += f"{path.rpartition('.')[2]} = {_value(value)}".split("\n")

    def table(self, name: str, path: str, holds: msgspec.Struct, one_of_many: bool) -> None:
        self.lines.append("")
        if path.endswith("[0]"):
            self.comment(name)
        self.comment(path)
        self.lines.append(f"[[{name}]]" if one_of_many else f"[{name}]")
        for field, default in zip(holds.__struct_fields__, _defaults(type(holds)), strict=True):
            value = getattr(holds, field)
            if value != default:
                self.field(f"{path}.{field}", value)

    def end(self) -> None:
        for left in self._comments.values():
            self.lines += left


def _defaults(kind: type[msgspec.Struct]) -> list[object]:
    return [each.default for each in msgspec.structs.fields(kind)]


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _text(value)
        case tuple():
            return _list([_value(each) for each in value], any(isinstance(each, Item) for each in value))
        case msgspec.Struct():
            pairs = zip(value.__struct_fields__, _defaults(type(value)), strict=True)
            held = [(name, getattr(value, name)) for name, default in pairs if getattr(value, name) != default]
            return "{ " + ", ".join(f"{name} = {_value(each)}" for name, each in held) + " }"
        case _:
            raise TypeError(f"a protocol holds no {type(value).__name__}")


def _list(values: Iterable[str], apart: bool) -> str:
    values = list(values)
    line = f"[{', '.join(values)}]"
    if not apart and len(line) <= _LONG:
        return line
    return "[\n" + "".join(f"  {each},\n" for each in values) + "]"


def _text(text: str) -> str:
    """In quotes; whatever TOML does not take as it is, escaped."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", plain) + '"'


def next_version(version: str) -> str:
    """The version after one: its last number raised, or a 2 behind it where it has none."""
    found = re.search(r"(\d+)(\D*)$", version)
    return f"{version[: found.start()]}{int(found[1]) + 1}{found[2]}" if found else f"{version} 2".strip()


def with_version(protocol: Protocol, before: Protocol | None) -> Protocol:
    """A protocol with its version raised where something else changed in it and that did not."""
    if before is None or protocol == before or protocol.version != before.version:
        return protocol
    return msgspec.structs.replace(protocol, version=next_version(before.version))


def new_id(words: str, taken: Iterable[str]) -> str:
    """How records call a new line of a list: its first words, told apart from those that are there."""
    slug = "-".join(re.findall(r"[a-z0-9]+", words.lower())[:3])[:30] or "line"
    used, n = set(taken), 2
    name = slug
    while name in used:
        name, n = f"{slug}-{n}", n + 1
    return name
