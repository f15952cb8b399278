"""The child process that hears files: one job after the other from its stdin, one JSON line per result on its stdout.

A process of its own, so that the screen never waits, and a decoder that crashes or hangs on one file takes nothing
else along. `python -m kapdesk.music.library.child`
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kapdesk.errors import KnownError

TELL_S = 0.1
"""How often the share done is told at most."""


def main() -> None:
    """Do jobs until stdin ends."""
    out = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1)
    os.dup2(2, 1)  # what a library prints is no result
    os.nice(10)  # the music that sounds comes first
    for line in sys.stdin:
        job = json.loads(line)
        told_at = time.monotonic()

        def say(number: int = job["n"], **answer: Any) -> None:
            out.write(json.dumps({"n": number, **answer}) + "\n")

        def tell(share: float, say: Any = say) -> None:
            nonlocal told_at
            if time.monotonic() - told_at > TELL_S:
                told_at = time.monotonic()
                say(share=round(share, 4))

        try:
            say(done=_do(job, tell))
        except KnownError as error:
            say(trouble=str(error))
        except OSError as error:  # one that nobody foresaw is this file's sentence too
            say(trouble=f"It cannot be read ({error.strerror or error}).")
        except MemoryError:
            say(trouble="There is not enough memory to read it.")


def _do(job: dict[str, Any], tell: Any) -> Any:
    path = Path(job["path"])
    match job["do"]:
        case "measure":
            from kapdesk.music.library.measure import measure

            return msgspec.to_builtins(measure(path, tell))
        case "digest":
            from kapdesk.music.library.measure import digest_of

            return digest_of(path, tell)
        case "copy":
            from kapdesk.music.library.copying import write

            return write(path, Path(job["out"]), job["gain_db"], tell)
        case "find":
            from kapdesk.music.library.measure import digest_of

            found = (place for place in _of_size(job, tell) if _is(place, job["digest"], digest_of))
            return next((str(place) for place in found), None)
        case other:
            raise ValueError(f"no such job: {other}")


def _is(place: Path, digest: str, digest_of: Any) -> bool:
    with contextlib.suppress(KnownError):
        return bool(digest_of(place) == digest)
    return False


def _of_size(job: dict[str, Any], tell: Any) -> Iterator[Path]:
    """Files of the size looked for, in and below the folders in which to look."""
    from kapdesk.music.library.gather import gather

    for folder in job["folders"]:
        for piece in gather([Path(folder)], lambda: bool(tell(0.0))).pieces:
            with contextlib.suppress(OSError):
                if piece.path is not None and not piece.why_not and piece.path.stat().st_size == job["size"]:
                    yield piece.path


if __name__ == "__main__":
    main()
