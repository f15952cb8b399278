"""Verifies a paper in a process of its own, with bounds of time and memory: whoever made it may have made it to harm.

The child is this module: a paper on its stdin, on its stdout what was found in it.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kapdesk.clinic.verify import Verdict, verify
from kapdesk.errors import KnownError
from kapdesk.note.press import BEHIND
from kapdesk.note.sealed import NoPaper

logger = logging.getLogger(__name__)

LARGEST_BYTES = 100 * 1024 * 1024
_LONGEST_S = 120.0
_MOST_MEMORY = 2 * 1024**3
"""Bytes of address space: eight times what a note takes, and far less than a file asks for that is made to harm."""

_HOME = Path(__file__).resolve().parents[2]


class _Asked(msgspec.Struct, frozen=True):
    pdf: bytes
    certificates: tuple[bytes, ...]


class _Answer(msgspec.Struct, frozen=True):
    """What the child says: what was found, or why nothing can be."""

    verdict: Verdict | None = None
    no_paper: str = ""
    known: str = ""


def beside(pdf: bytes, certificates: Sequence[str]) -> str:
    """Verified in a process of its own, and told in one sentence. Raises KnownError where that cannot be said."""
    answer = _aside(pdf, tuple(each.encode() for each in certificates))
    if answer is None or answer.known:
        raise KnownError("Whether this paper is unchanged could not be checked. The record is safe; try again.")
    verdict = answer.verdict
    said = [each.said for each in verdict.findings if each.how == "altered"] if verdict is not None else []
    if verdict is None or said:
        return f"This paper was ALTERED: {said[0] if said else answer.no_paper.capitalize() + '.'}"
    if not verdict.signed:
        return ""
    every_word = all(each.how == "holds" for each in verdict.findings)
    return f"Checked just now: unchanged since it was signed{', every word as recorded' if every_word else ''}."


def verify_file(path: Path, certificate: Path | None = None) -> Verdict:
    """As `verify`, of a file, in a process of its own: whoever made it may have made it to harm whoever opens it.

    Raises KnownError where it cannot be read, is no note of KapDesk, or takes more than any note would.
    """
    try:
        if path.is_dir():
            raise KnownError(f"{path} is a folder. Nothing was verified; name the note's file.")
        if path.stat().st_size > LARGEST_BYTES:
            raise KnownError(
                f"{path} is larger than any note of KapDesk. Nothing was verified; look whether it is one."
            )
        content = path.read_bytes()
        own = (certificate.read_bytes(),) if certificate is not None else ()
    except OSError as error:
        raise KnownError(f"{error.filename} cannot be read ({error.strerror}). Nothing was verified.") from error
    answer = _aside(content, own)
    if answer is None:
        raise KnownError(
            f"{path.name} could not be taken apart: it takes more time or memory than any note of KapDesk, or is made "
            "as none is. Nothing was verified; do not rely on it."
        )
    if answer.verdict is None:
        raise KnownError(answer.known or f"{path.name} is no note of KapDesk: {answer.no_paper}. Nothing was verified.")
    return answer.verdict


def _aside(pdf: bytes, certificates: tuple[bytes, ...]) -> _Answer | None:
    """`verify` in a child with bounds of time and memory; None where it did not come to an end within them."""
    command = [sys.executable, "-m", "kapdesk.clinic.verified"]
    asked = msgspec.json.encode(_Asked(pdf, certificates))
    try:
        child = subprocess.run(command, input=asked, capture_output=True, timeout=_LONGEST_S, check=False, cwd=_HOME)
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.info("a paper was not verified: %s", type(error).__name__)
        return None
    if child.returncode:
        logger.info("a paper was not verified: %s", child.stderr.decode("utf-8", "replace")[-2_000:])
        return None
    return msgspec.json.decode(child.stdout, type=_Answer)


def main() -> None:
    """The child: a paper on its stdin, on its stdout what was found in it."""
    if hasattr(os, "nice"):
        os.nice(BEHIND)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    try:
        answer = _Answer(verify(asked.pdf, asked.certificates))
    except NoPaper as error:
        answer = _Answer(no_paper=str(error))
    except KnownError as error:
        answer = _Answer(known=str(error))
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
