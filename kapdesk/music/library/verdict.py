"""Whether a piece can be heard in a session, at which level, and what hinders it: pure functions."""

from typing import Literal

import msgspec

from kapdesk.music.library.measured import Measured

TARGET_LUFS = -23.0
"""The loudness of programmes by EBU R 128; the shipped music has it. A clinic may say otherwise (`music.toml`)."""

CEILING_DBTP = -1.0
"""How high a raised piece may peak (EBU R 128)."""

NEAR_LU = 0.5
"""So little below the target nobody hears, and no copy is made for it."""

SHORT_OF_LU = 1.0
"""A piece whose peaks keep it this much softer than the others is named."""

SHORTEST_MS = 20_000
"""A piece must last longer than the fades at both its ends."""

State = Literal["good", "look", "bad", "unheard"]
"""`look`: it plays, and someone should know. `unheard`: nobody has listened yet."""


class Verdict(msgspec.Struct, frozen=True):
    """One plain sentence, empty for a good piece; the change of level it is played with, in dB; whether by a copy."""

    state: State
    said: str = ""
    gain_db: float = 0.0
    by_copy: bool = False


UNHEARD = Verdict("unheard", "It was not checked yet.", -14.0)
"""Most recordings lie about 14 dB above the target. A piece that comes in too softly is better than the other."""


def judge(measured: Measured | None, target_lufs: float = TARGET_LUFS) -> Verdict:
    """What is to be said of a piece, and how it is played."""
    if measured is None:
        return UNHEARD
    if measured.trouble:
        return Verdict("bad", measured.trouble)
    gain_db = gain(measured, target_lufs)
    by_copy = measured.seeks_badly or measured.channels > 2 or gain_db > NEAR_LU
    if not by_copy:
        gain_db = min(0.0, gain_db)
    said = _caution(measured, target_lufs, gain_db)
    return Verdict("look" if said else "good", said, round(gain_db, 2), by_copy)


def gain(measured: Measured, target_lufs: float) -> float:
    """The change in dB that brings a piece to the target; no further up than its peaks allow."""
    if measured.lufs is None:
        return 0.0
    wanted = target_lufs - measured.lufs
    return wanted if wanted <= 0 else max(0.0, min(wanted, CEILING_DBTP - measured.peak_dbtp))


def _caution(measured: Measured, target_lufs: float, gain_db: float) -> str:
    if measured.ends_early and measured.told_ms > measured.end_ms:
        return f"It breaks off at {_clock(measured.end_ms)} of {_clock(measured.told_ms)}. Put in a whole file."
    if measured.ends_early:
        return f"Its end is missing: it breaks off at {_clock(measured.end_ms)}. Put in a whole file."
    if measured.damaged:
        places = "one place" if measured.faults == 1 else f"{measured.faults} places"
        return f"It is damaged in {places} and may crack or skip there. Put in a whole file, or leave it out."
    if measured.lufs is None:
        return "It holds nothing but silence."
    if measured.length_ms < SHORTEST_MS:
        return f"It lasts only {round(measured.length_ms / 1000)} s, too short to be faded in and out."
    if (short_of := target_lufs - measured.lufs - gain_db) > SHORT_OF_LU:
        return f"It stays {short_of:.0f} dB softer than the other pieces, because its loudest moments allow no more."
    return ""


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
