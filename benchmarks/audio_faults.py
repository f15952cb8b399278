"""What is left of the sound when its engine hangs, the headphones go or the sound server dies; what changing costs."""

import os
import random
import signal
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.studio import Studio
from kapdesk.music.engine import wire
from tests.sound import HEADSET, Recording, Room, gaps_ms, peaks, sine, sounding_ms, sweep, until, write

AUDIBLE = 10 ** (-70 / 20)
SETTLED = 50
"""The first so many changes fill what is kept for good: codecs, buffers, Python's own pools."""


def stall(studio: Studio, formats: tuple[str, ...], rounds: int, chance: random.Random) -> list[float]:
    """SIGSTOP of the engine: ms from the signal until sound is back."""
    pieces = {suffix: write(studio.folder / f"stall{suffix}", sweep(40)) for suffix in formats}
    found = []
    for turn in range(rounds):
        studio.sound(pieces[formats[turn % len(formats)]], chance.randrange(5_000, 20_000))
        studio.recording.wait(chance.randrange(400, 1_200))
        at = studio.recording.ms
        os.kill(studio.ear.all(wire.Hello)[-1].pid, signal.SIGSTOP)
        studio.ear.next(wire.Restored)
        studio.recording.wait(500)
        heard = studio.recording.heard(at)
        begin, length = max(gaps_ms(heard), key=lambda gap: gap[1])
        found.append(float(begin + length))
        studio.stop()
    return found


class Loss(NamedTuple):
    """One loss of the output: s until it was told, s from when it is there again until sound is, and how many ms of
    sound came from the loudspeaker meanwhile (None where there is no loudspeaker either)."""

    warned_s: float
    back_s: float
    leak_ms: int | None


def unplug(studio: Studio, room: Room, speaker: Recording, rounds: int, chance: random.Random) -> list[Loss]:
    """The headphones are pulled out and put in again."""
    studio.sound(write(studio.folder / "unplug.flac", sweep(200)), 5_000)
    found = []
    for _ in range(rounds):
        studio.recording.wait(chance.randrange(400, 800))
        leaked_at, began = speaker.ms, time.monotonic()
        room.plug(HEADSET, into=False)
        studio.ear.next(wire.OutputLost)
        warned_s = time.monotonic() - began
        studio.recording.wait(500)
        leak_ms = int((peaks(speaker.heard(leaked_at - 50)) > AUDIBLE).sum())
        at = studio.recording.ms
        room.plug(HEADSET, into=True)
        studio.ear.next(wire.Playing, "A")
        studio.recording.wait(1_200)
        found.append(Loss(warned_s, sounding_ms(studio.recording.heard(at))[0] / 1000, leak_ms))
    return found


def server_dies(studio: Studio, room: Room) -> Loss:
    """The sound server is killed, and started again."""
    studio.sound(write(studio.folder / "server.flac", sine(440, 60)), 5_000)
    began = time.monotonic()
    room.close()
    studio.ear.next(wire.OutputLost)
    warned_s = time.monotonic() - began
    room.switch_on()
    began = time.monotonic()
    with room.recording() as again:
        until(lambda: peaks(again.heard()).max(initial=0.0) > AUDIBLE, what="the sound")
        return Loss(warned_s, time.monotonic() - began, None)


def growth(studio: Studio, changes: int) -> float:
    """By how many kB the engine grows with each change of piece, after the first `SETTLED`."""
    tones = [write(studio.folder / f"change-{at}.ogg", sine(220 + 110 * at, 5)) for at in range(4)]
    pid = studio.ear.all(wire.Hello)[-1].pid
    sizes = []
    for turn in range(changes):
        deck = wire.DECKS[turn % 2]
        studio.link.load(deck, tones[turn % len(tones)], 100 * (turn % 7))
        studio.link.play(deck)
        studio.ear.next(wire.Playing, deck)
        studio.link.stop(deck)
        studio.ear.next(wire.Stopped, deck)
        sizes.append(_size_kb(pid))
    return float(np.polyfit(np.arange(SETTLED, changes), sizes[SETTLED:], 1)[0])


def _size_kb(pid: int) -> int:
    """The memory of a process that is resident."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
