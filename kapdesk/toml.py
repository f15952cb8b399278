"""Our TOML files within bounds: whatever stands in one, it is read or refused, and soon."""

import tomllib
from typing import Any

LARGEST = 120_000
"""Characters; ours have some thousands."""

MOST_POINTS = 100
"""In one line. Reading a dotted key takes as long as its parts squared: one of 40 kB took five seconds."""

LONGEST = 300
"""Characters that are repeated of a file in a sentence about it."""


def loads(text: str) -> dict[str, Any]:
    """What a TOML text holds. Raises ValueError, which says what is wrong: a TOMLDecodeError where it is no TOML."""
    if len(text) > LARGEST:
        raise ValueError(f"it holds {len(text) // 1000} kB, and such a file holds a few")
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_POINTS:
            raise ValueError(f"line {number} holds more than {MOST_POINTS} points")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError as error:
        raise ValueError("its brackets are nested too deep") from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise ValueError("a number in it is too long") from error


def brief(said: str) -> str:
    """What was said of a file, in one line and not too long: it may repeat whatever stands there."""
    line = " ".join(said.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
