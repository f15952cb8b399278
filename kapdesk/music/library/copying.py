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
from kapdesk.music.library.decode import Decoding, Sound, Undecodable

FULL = ("The disk is full or cannot be written to, so no copy of it at the right level could be made. Make room, then "
        "check again.")  # fmt: skip


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
        chance = np.random.default_rng(1)
        with soundfile.SoundFile(unfinished, "w", decoding.rate, 2, "PCM_16", format="FLAC") as copy:
            frames = _put(copy, first * gain, chance)
            for block in blocks:
                frames += _put(copy, block * gain, chance)
                tell(decoding.share)
        if soundfile.info(unfinished).frames != frames:
            raise KnownError(FULL)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
            written = file.seek(0, os.SEEK_END)
        unfinished.replace(out)
    except FileNotFoundError as error:
        raise KnownError("It was removed while a copy of it was being made.") from error
    except (Undecodable, StopIteration) as error:
        raise KnownError("No copy of it at the right level could be made: it cannot be decoded.") from error
    except (OSError, soundfile.LibsndfileError) as error:
        full = isinstance(error, soundfile.LibsndfileError) or error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        why = f"No copy of it at the right level could be written ({getattr(error, 'strerror', None) or error})."
        raise KnownError(FULL if full else why) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return written


def _put(copy: soundfile.SoundFile, sound: Sound, chance: np.random.Generator) -> int:
    """Write a block in 16 bits with triangular dither: noise at −93 dBFS, not a distortion that follows the music.

    With 24 bits the copies of one session would take gigabytes, for what no headphones can give.
    """
    noise = chance.random((2, *sound.shape), np.float32)
    copy.write(np.clip(sound + (noise[0] - noise[1]) / np.float32(1 << 15), -1.0, 1.0))
    return len(sound)
