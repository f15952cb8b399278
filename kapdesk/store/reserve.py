"""Space that is set aside on the record's disk, and given back when the disk is full: enough for the session's rest."""

import contextlib
import logging
import os
import shutil
import threading
from pathlib import Path

logger = logging.getLogger(__name__)

FILE = "reserve"
SIZE = 24 << 20
"""A session of 3,000 entries takes some 5 MB in the record, and the -wal up to 4 MB on the way; several run at once."""


class Reserve:
    """A file that only takes up room. Where there is not three times as much free, none is held."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self._path, self._size = folder / FILE, size
        self._lock = threading.Lock()
        self.used = False

    @property
    def held(self) -> bool:
        """Whether the space is set aside."""
        return self._path.exists() and self._path.stat().st_size >= self._size

    def hold(self) -> bool:
        """Set the space aside, if it is not yet and there is enough. Whether it is held now."""
        with self._lock:
            if self.held or shutil.disk_usage(self._path.parent).free < 3 * self._size:
                return self.held
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(fd, 0, self._size)
                else:  # pragma: no cover - macOS, Windows
                    os.write(fd, bytes(self._size))
                self.used = False
            except OSError as error:
                logger.warning("No space could be set aside: %s", error)
                with contextlib.suppress(OSError):
                    self._path.unlink()
            finally:
                os.close(fd)
            return self.held

    def free(self) -> bool:
        """Give the space back to the disk. Whether there was any."""
        with self._lock:
            try:
                self._path.unlink()
            except OSError:
                return False
            self.used = True
            logger.warning("The disk is full: the space set aside for the rest of the session is in use now.")
            return True
