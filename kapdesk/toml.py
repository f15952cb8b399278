"""Our TOML files within bounds: whatever stands in one, it is read or refused, and soon."""

import re
from typing import Any

LARGEST = 120_000
"""Characters; ours have some thousands."""

MOST_POINTS = 100
"""In one line. Reading a dotted key takes as long as its parts squared: one of 40 kB took five seconds."""

LONGEST_WORD = 1_000
"""Characters. Of a number that is longer Python may say nothing: not in a sentence about it either."""

LONGEST = 300
"""Characters that are repeated of a file in a sentence about it."""


def loads(text: str) -> dict[str, Any]:
    """What a TOML text holds. Raises ValueError, which says what is wrong: a TOMLDecodeError where it is no TOML."""
    import tomllib  # late: 2 ms of the start, where a clinic has no such file yet

    if len(text) > LARGEST:
        raise ValueError(f"it holds {len(text) // 1000} kB, and such a file holds a few")
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_POINTS:
            raise ValueError(f"line {number} holds more than {MOST_POINTS} points")
    if any(len(word) > LONGEST_WORD for word in re.findall(r"\w+", text, re.ASCII)):
        raise ValueError("a word or a number in it is too long")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("its brackets are nested too deep") from error


def brief(said: str) -> str:
    """What was said of a file, in one line and not too long: it may repeat whatever stands there."""
    line = " ".join(said.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
