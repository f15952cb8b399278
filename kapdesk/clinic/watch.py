"""The rest of the checks, once the clinic is open: every chain, every page and the whole second copy, read in a process
of its own that takes only what time the computer has to spare."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kapdesk.errors import KnownError
from kapdesk.facts.entry import Stream
from kapdesk.people import clinic as clinic_fold
from kapdesk.people.clinic import Clinic
from kapdesk.record.history import read
from kapdesk.store import places, second
from kapdesk.store.check import Checked, check
from kapdesk.store.keys import Keys
from kapdesk.store.log import SqlLog

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic

logger = logging.getLogger(__name__)

_CHILD = ("-m", "kapdesk.clinic.watch")
_HOME = Path(__file__).resolve().parents[2]
NICE = 19


class _Asked(msgspec.Struct):
    folder: str
    own: Keys


class Watch:
    """Looks once. `trouble` says in plain words what was found, "" while nothing was."""

    def __init__(self, clinic: "OpenClinic") -> None:
        self._clinic = clinic
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self.trouble = ""

    def begin(self) -> None:
        """Look now; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Until it has looked."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Look no further."""
        self._closed = True
        if (child := self._child) is not None:
            child.kill()
        self.wait()

    def _look(self) -> None:
        from kapdesk.clinic import erase  # it stands above this in the house, and is needed once

        if erase.unfinished(self._clinic):
            try:
                erase.finish(self._clinic)
            except KnownError as error:
                self.trouble = str(error)
        log = self._clinic.log
        own = msgspec.structs.replace(log.keys, private_keys={})
        asked = msgspec.json.encode(_Asked(str(log.folder), own))
        try:
            self._child = subprocess.Popen(
                [sys.executable, *_CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_HOME,
            )
        except OSError as error:
            logger.warning("the record could not be looked through: %s", error.strerror)
            return
        if self._closed:
            self._child.kill()
        answer, _ = self._child.communicate(asked)
        if self._child.returncode == 0:
            self.trouble = self.trouble or _words(msgspec.json.decode(answer, type=Checked))
        elif not self._closed:
            logger.warning("the record could not be looked through: the child ended with %s", self._child.returncode)


def look_through(log: SqlLog, where: places.Places, clinic: Clinic) -> Checked:
    """Verify every chain of the record, that none ends before the line at which the clinic saw it end, every page, and
    every line of the second copy."""
    stations = {id_: station.public_key for id_, station in clinic.stations.items()}
    beside = second.look_through(log, where.folders(log.folder, log.keys.clinic, places.JOURNAL))
    return msgspec.structs.replace(check(log, stations, clinic.heads), second=beside)


def _words(checked: Checked) -> str:
    if checked.whole and not checked.second:
        return ""
    if checked.whole:
        return f"The second copy is damaged ({checked.second[0]}). The record itself is whole; make a backup."
    first = checked.damage[0].words if checked.damage else "a page is not as it was written"
    faults = len(checked.damage) + len(checked.pages)
    return (
        f"The record is damaged in {faults} place{'s' if faults != 1 else ''}: something {first}. What runs goes on "
        "and is saved. When it is over, close KapDesk and put the record back: kapdesk restore"
    )


def main() -> None:
    """The child: folder and keys on stdin, what was found on stdout."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    folder = Path(asked.folder)
    log = SqlLog(folder, asked.own)
    try:
        state = clinic_fold.fold(map(read, log.read(Stream("clinic", str(asked.own.clinic)))))
        found = look_through(log, places.read(folder), state)
    finally:
        log.close()
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
