"""Seals what streams by into an age file, in a process of its own: stretching a passphrase takes two seconds in which
nothing else of a program would move.

The child reads one line of JSON, then the content to its end, and writes the age file; nothing of it is ever a file of
plain text.
"""

import contextlib
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from kapdesk.errors import KnownError

LARGEST_BY_PASSPHRASE = 300_000_000
"""Bytes. Such an age file is made in memory as a whole; to a key it streams, of any size."""

_CHILD = ("-m", "kapdesk.exchange.sealing")
_HOME = Path(__file__).resolve().parents[2]
_PART = 1 << 16
_TOO_LARGE = 3


class Lock(msgspec.Struct, frozen=True):
    """What opens the file: the recipients' keys ("age1…"), or else a passphrase."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    def __repr__(self) -> str:
        """Without the passphrase, which no trace shows."""
        return f"<a lock of {len(self.recipients)} keys>" if self.recipients else "<a lock with a passphrase>"


class Sealing:
    """One age file in the making. `stop` may be called from any thread."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._child: subprocess.Popen[bytes] | None = None
        self.stopped = False

    def stop(self) -> None:
        """Let it come to nothing, now."""
        self.stopped = True
        if self._child is not None:
            self._child.kill()

    def into(self, content: Iterator[bytes], file: BinaryIO) -> str:
        """Seal the content into an open file; the SHA-256 of what was written.

        Raises OSError where the file takes no more, KnownError where it could not be sealed or was stopped.
        """
        command = [sys.executable, *_CHILD]
        pipe, none = subprocess.PIPE, subprocess.DEVNULL
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=none, cwd=_HOME) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            self._child = child
            copy = _Copy(child, child.stdout, file)
            told = {"recipients": self._lock.recipients, "passphrase": str(self._lock.passphrase)}
            try:
                with contextlib.ExitStack() as cut_off:
                    cut_off.callback(child.kill)
                    if not self.stopped:
                        with contextlib.suppress(BrokenPipeError):  # the child says why by how it ended
                            child.stdin.write(json.dumps(told).encode("ascii") + b"\n")
                            for part in content:
                                child.stdin.write(part)
                        cut_off.pop_all()
            finally:
                _let_go(child.stdin)
                copy.join()
            ended = child.wait()
        if self.stopped:
            raise KnownError("The export was stopped. Nothing was kept of it.")
        if copy.trouble is not None:
            raise copy.trouble
        if ended == _TOO_LARGE:
            most = LARGEST_BY_PASSPHRASE // 1_000_000
            raise KnownError(f"More than {most} MB are too much for a passphrase. Export it to a key, or in parts.")
        if ended:
            raise KnownError("The archive could not be sealed. Nothing of it was kept, the record is safe; try again.")
        return copy.whole.hexdigest()


class _Copy(threading.Thread):
    """What the child gives, into the file, as it comes."""

    def __init__(self, child: "subprocess.Popen[bytes]", source: "BinaryIO | object", file: BinaryIO) -> None:
        super().__init__(name="sealing", daemon=True)
        self._child, self._source, self._file = child, source, file
        self.whole = hashlib.sha256()
        self.trouble: OSError | None = None
        self.start()

    def run(self) -> None:
        try:
            while part := self._source.read(_PART):  # type: ignore[union-attr]
                self._file.write(part)
                self.whole.update(part)
        except OSError as error:
            self.trouble = error
            self._child.kill()


def _let_go(pipe: "BinaryIO | object") -> None:
    with contextlib.suppress(OSError):  # what was still to be written to a child that is gone
        pipe.close()  # type: ignore[union-attr]


def main() -> int:
    """The child."""
    import pyrage

    source, target = sys.stdin.buffer, sys.stdout.buffer
    lock = msgspec.convert(json.loads(source.readline()), Lock)
    if lock.recipients:
        pyrage.encrypt_io(source, target, [pyrage.x25519.Recipient.from_str(each) for each in lock.recipients])
        return 0
    content = source.read(LARGEST_BY_PASSPHRASE + 1)
    if len(content) > LARGEST_BY_PASSPHRASE:
        return _TOO_LARGE
    target.write(pyrage.passphrase.encrypt(content, lock.passphrase))
    return 0


if __name__ == "__main__":
    sys.exit(main())
