"""On which line of a TOML file each of its fields stands, and the comments above them."""

import re

_QUIET = re.compile(
    r"""
    "{3} (?: \\. | [^\\] )*? "{3} | '{3} .*? '{3}  # texts over several lines
    | " (?: \\. | [^"\\\n] )* " | ' [^'\n]* '
    | \# [^\n]*
    """,
    re.DOTALL | re.VERBOSE,
)
_TOKEN = re.compile(r"\n|[\[\]{},]|[\w.-]+(?=[ \t]*=)|[^\s\[\]{},]+")


def of(toml: str) -> dict[str, int]:
    """The line (from 1) of each field by its path, as `phases[1].minutes`. A key in quotes is not found."""
    found: dict[str, int] = {}
    lists: dict[str, int] = {}
    table, number = "", 1
    open_: list[tuple[str, int]] = []  # the lists (with the item that is read) and the inline tables (with -1) around
    key, begins = "", True
    quiet = _QUIET.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), toml)
    for match in _TOKEN.finditer(quiet):
        word = match[0]
        if word == "\n":
            number += 1
            begins = begins if open_ else True
        elif begins and word == "[":
            line = quiet[match.start() : _end(quiet, match.start())].strip()
            table = line.strip("[] \t")
            if line.startswith("[["):
                found.setdefault(table, number)
                lists[table] = lists.get(table, -1) + 1
                table = f"{table}[{lists[table]}]"
            found.setdefault(table, number)
            begins = False
            key = ""
        elif not open_ and not key and not begins:
            continue  # the rest of a header
        elif word == "[":
            open_.append((key, 0))
            key = f"{key}[0]"
            found.setdefault(key, number)
        elif word == "{":
            found[key] = number
            open_.append((key, -1))
        elif word in "]}":
            key = open_.pop()[0] if open_ else key
        elif word == ",":
            if open_ and open_[-1][1] >= 0:
                open_[-1] = (open_[-1][0], open_[-1][1] + 1)
                key = f"{open_[-1][0]}[{open_[-1][1]}]"
                found.setdefault(key, number)
        elif re.match(r"[ \t]*=", quiet[match.end() : match.end() + 20]):
            around = open_[-1][0] if open_ else table
            key = f"{around}.{word}" if around else word
            found.setdefault(key, number)
            begins = False
        elif open_ and open_[-1][1] >= 0:
            found[key] = number
        else:
            begins = False
    return found


def _end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def nearest(toml: str, path: str) -> int | None:
    """The line of a field, or of the nearest thing around it that stands in the text; None for what stands nowhere."""
    known = of(toml)
    while path:
        if path in known:
            return known[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


def comments(toml: str) -> dict[str, tuple[str, ...]]:
    """The comment lines that stand right above a field or a heading, by its path; "" for those at the head of the file.

    Those below the last field stand under "end".
    """
    by_line: dict[int, str] = {}
    for path, number in of(toml).items():
        by_line.setdefault(number, path)
    found: dict[str, tuple[str, ...]] = {}
    above: list[str] = []
    for number, line in enumerate(toml.split("\n"), 1):
        if line.lstrip().startswith("#"):
            above.append(line.strip())
        elif number in by_line or line.strip():
            if above:
                found["" if not found and number == min(by_line, default=0) else by_line.get(number, "end")] = (*above,)
            above = []
    if above:
        found["end" if by_line else ""] = (*above,)
    return found
