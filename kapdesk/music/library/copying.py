"""Writes a lossless working copy of a piece, in the child process: stereo FLAC, at the level it is to be played at."""

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from kapdesk.errors import KnownError
from kapdesk.music.fades import gain_of
from kapdesk.music.library.decode import Decoding, Undecodable

HIGHEST_HZ = 192_000
FULL = "The disk is full, so no copy of it at the right level could be made. Make room, then check again."


def write(path: Path, out: Path, gain_db: float, tell: Callable[[float], None] = lambda share: None) -> int:
    """Decode `path` once more and write it to `out`, changed by `gain_db`; the bytes written. The original stays.

    The copy appears whole under its name, or not at all. Raises KnownError.
    """
    decoding, unfinished = Decoding(path), out.with_name(f"{out.name}.{os.getpid()}.part")
    gain = np.float32(gain_of(gain_db))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        blocks = decoding.blocks()
        first = next(blocks)
        with soundfile.SoundFile(unfinished, "w", decoding.rate, 2, "PCM_24", format="FLAC") as copy:
            copy.write(first * gain)
            for block in blocks:
                copy.write(block * gain)
                tell(decoding.share)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
            written = file.seek(0, os.SEEK_END)
        unfinished.replace(out)
    except FileNotFoundError as error:
        raise KnownError("It was removed while a copy of it was being made.") from error
    except (Undecodable, StopIteration) as error:
        raise KnownError("No copy of it at the right level could be made: it cannot be decoded.") from error
    except (OSError, soundfile.LibsndfileError) as error:
        full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT} or _full(out.parent)
        raise KnownError(FULL if full else f"No copy of it at the right level could be written ({error}).") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return written


def _full(folder: Path) -> bool:
    try:
        at = os.statvfs(folder)
    except OSError:
        return False
    return at.f_bavail * at.f_frsize < 1_000_000
