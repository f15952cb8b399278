"""Makes and signs the PDF in a process of its own: the note as JSON on its stdin, the PDF on its stdout; no file, no
argument."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from kapdesk.errors import KnownError
from kapdesk.note.downtime import Downtime
from kapdesk.note.paper import Attachment, Note
from kapdesk.note.sheet import Sheet
from kapdesk.note.signing import Order

_SAFE = "Your record is safe and complete; it can be made again at any time."
_LONGEST_S = 120.0
_PAGE = b"page"
"""Begins a line of the child's that tells how far it is: "page 3 of 8"."""
_UNSTAMPED = "TimestampRequestError"
_CHILD = ("-m", "kapdesk.note.press")
BEHIND = 10
"""By how much the child stands behind everything else: paper can wait, the music that sounds cannot."""
_HOME = Path(__file__).resolve().parents[2]
"""The child finds this very package, and no other that lies where the program was started."""


Progress = Callable[[float], None]
"""Is told what part of a paper is set, of 1."""


def press_downtime(sheet: Downtime, longest_s: float = _LONGEST_S) -> bytes:
    """The sheet for a day without the computer as a PDF file, made as a note is. Raises KnownError."""
    return _pressed({"downtime": msgspec.to_builtins(sheet)}, "sheet", longest_s)


def press_sheet(sheet: Sheet) -> bytes:
    """Any other paper as a PDF file, made as a note is. Raises KnownError."""
    return _pressed({"sheet": msgspec.to_builtins(sheet)}, "sheet", _LONGEST_S)


def press(
    note: Note, longest_s: float = _LONGEST_S, attachments: Sequence[Attachment] = (), progress: Progress | None = None
) -> bytes:
    """The note as a PDF file with what is attached to it, made in a child process.

    `progress` hears, on another thread, what part of its pages is set. Raises KnownError where the child fails or takes
    longer than `longest_s` seconds. Nothing is left behind.
    """
    attached = [msgspec.to_builtins(each) for each in attachments]
    return _pressed({"note": msgspec.to_builtins(note), "attached": attached}, "note", longest_s, progress)


def press_signed(order: Order) -> bytes:
    """A paper with signatures put into its fields; what it was stays byte for byte, as the beginning of what it is now.

    Raises KnownError as `press` does; the record, which is signed already, is not touched.
    """
    try:
        signed = _pressed({"sign": msgspec.to_builtins(order)}, "signed paper", _LONGEST_S)
    except KnownError as error:
        if order.seal.time_stamps and _UNSTAMPED in str(error.__cause__):
            raise KnownError(
                "The authority that stamps the time of signed papers did not answer. The record is signed and safe; "
                "the paper waits, and is tried again."
            ) from error
        raise
    if not signed.startswith(order.pdf):
        raise KnownError(f"The signed paper came out altered and was thrown away. {_SAFE}")
    return signed


def _pressed(content: object, what: str, longest_s: float, progress: Progress | None = None) -> bytes:
    # ASCII on the way: a lone surrogate, which UTF-8 cannot carry, arrives as it was typed.
    words = json.dumps(content).encode("ascii")
    try:
        child, problem = _run(words, longest_s, progress or (lambda part: None))
    except subprocess.TimeoutExpired as error:
        raise KnownError(f"The {what} could not be made within {longest_s:.0f} seconds. {_SAFE}") from error
    except OSError as error:
        raise KnownError(f"The {what} could not be made: the computer would not start the press. {_SAFE}") from error
    whole = child.stdout.startswith(b"%PDF-") and child.stdout.rstrip().endswith(b"%%EOF")
    if child.returncode or not whole:
        raise KnownError(f"The {what} could not be made. {_SAFE}") from ChildProcessError(problem)
    return child.stdout


def _run(words: bytes, longest_s: float, progress: Progress) -> tuple["subprocess.CompletedProcess[bytes]", str]:
    """Run the child to its end; gives it with what it said beside its progress."""
    ear, mouth = os.pipe()
    said: list[str] = []
    listening = threading.Thread(target=_listen, args=(ear, said, progress), daemon=True)
    listening.start()
    try:
        child = subprocess.run(
            [sys.executable, *_CHILD],
            input=words, stdout=subprocess.PIPE, stderr=mouth, timeout=longest_s, check=False, cwd=_HOME,
        )  # fmt: skip
    finally:
        os.close(mouth)
        listening.join()
    return child, "".join(said).strip()


def _listen(ear: int, said: list[str], progress: Progress) -> None:
    with os.fdopen(ear, "rb") as lines:
        for line in lines:
            words = line.split()
            if len(words) == 4 and words[0] == _PAGE and words[1].isdigit() and words[3].isdigit():
                progress(int(words[1]) / int(words[3]))
            else:
                said.append(line.decode("utf-8", "replace"))


def _tell(page: int, pages: int) -> None:
    sys.stderr.write(f"{_PAGE.decode()} {page} of {pages}\n")
    sys.stderr.flush()


def main() -> None:
    """The child: reads a note (or another paper) from stdin and writes its PDF to stdout."""
    if hasattr(os, "nice"):
        os.nice(BEHIND)
    content = json.loads(sys.stdin.buffer.read())
    if "downtime" in content:
        from kapdesk.note.downtime_page import set_downtime

        sys.stdout.buffer.write(set_downtime(msgspec.convert(content["downtime"], Downtime)))
        return
    if "sheet" in content:
        from kapdesk.note.sheet_page import set_sheet

        sys.stdout.buffer.write(set_sheet(msgspec.convert(content["sheet"], Sheet)))
        return
    if "sign" in content:
        from kapdesk.note.sign import sign

        sys.stdout.buffer.write(sign(msgspec.convert(content["sign"], Order)))
        return
    from kapdesk.note.layout import lay_out

    attached = msgspec.convert(content["attached"], tuple[Attachment, ...])
    sys.stdout.buffer.write(lay_out(msgspec.convert(content["note"], Note), attached, _tell))


if __name__ == "__main__":
    main()
