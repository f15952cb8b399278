"""Tells a busy machine from an engine that hangs: by its silence on the wire, and by what is heard of it outside."""

import time
from collections.abc import Callable
from typing import Literal

from kapdesk.music.engine import wire
from kapdesk.music.watch.server import may_have_server
from kapdesk.music.watch.signal import Signal, signal_of, soften

BEAT_S = 0.25
"""An engine whose sound is on speaks every 0.1 s. After so long without a word it is looked at."""

CLOSER_S = 0.04
"""Between two looks from then on."""

MISSED_S = 0.5
"""With nothing left to be heard of it, an engine that has said nothing for so long hangs."""

STARTING_S = 2.0
"""The same where no piece has begun to sound yet."""

UNSEEN_S = 1.5
"""The same where nobody can tell what is heard: no sound server."""

BUSY_S = 6.0
"""An engine that is heard and says nothing may only be slow; but it takes no order either. Longer is too long."""

DEAF_S = 4.0
"""An engine that is silent, and does not answer an order for so long, hangs."""

NEARLY_OVER_S = 0.1
"""With less than that left to play it will be silent before another is in its place."""

FROZEN_S = 2.5
"""A piece whose place has not moved for so long, and that is not heard: libVLC hangs, though the engine speaks. At its
slowest (Ogg) libVLC says every 1.0 s where it is."""

NEAR_END_MS = 2 * wire.TAIL_MS
"""So near its end libVLC falls silent about the place, for it has read all; there it gets twice the time."""

Verdict = Literal["wait", "replace", "soften"]
"""`soften`: let it go out softly first, for it is still heard."""


def verdict(silent_s: float, sounding: bool, playing: bool, signal: Signal) -> Verdict:
    """What to do with an engine that has said nothing for `silent_s`.

    `sounding`: something of it should be heard, now or in a moment; `playing`: now.
    """
    if not sounding:
        return "replace" if silent_s >= DEAF_S else "wait"
    match signal.heard:
        case "unknown":
            return "replace" if silent_s >= UNSEEN_S else "wait"
        case "sounds" if signal.left_s == 0 or signal.left_s > NEARLY_OVER_S:
            return "soften" if silent_s >= BUSY_S else "wait"
        case _:
            return "replace" if silent_s >= (MISSED_S if playing else STARTING_S) else "wait"


class Heartbeat:
    """What one engine said last, and when; asked on the link's thread. Each method may look for 0.1 s, or let the sound
    go out for 0.9 s."""

    def __init__(self) -> None:
        self.over_at: float | None = None
        """When the sound of an engine that hangs was over (monotonic seconds)."""
        self._spoke_at = self._asked_at = self._looked_at = time.monotonic()
        self._heard_until = 0.0
        self._told: dict[wire.Deck, tuple[int, float]] = {}

    def spoke(self) -> None:
        """It said something."""
        self._spoke_at = time.monotonic()

    def asked(self) -> None:
        """It was given an order, and has carried out all before."""
        self._asked_at = time.monotonic()

    def missed(self, pid: int, last: wire.Status, asks: bool) -> bool:
        """Whether an engine that says nothing hangs, `last` being what it said before; `asks`: an order waits."""
        now = time.monotonic()
        sounding = any(deck.sounding for deck in last.decks)
        if last.hushed or not sounding:
            waited_s = now - max(self._spoke_at, self._asked_at)
            return (asks or sounding) and verdict(waited_s, False, False, Signal("unknown")) != "wait"
        silent_s = now - self._spoke_at
        if silent_s < MISSED_S:
            return False
        playing = any(deck.state == "playing" for deck in last.decks)
        return self._carry_out(pid, lambda signal: verdict(silent_s, True, playing, signal))

    def frozen(self, pid: int, status: wire.Status) -> bool:
        """Whether libVLC hangs while its engine goes on saying how it stands."""
        now = time.monotonic()
        longest_s = 0.0
        for deck in status.decks:
            told, since = self._told.get(deck.deck, (-1, now))
            if deck.state != "playing" or status.hushed or told != deck.told_ms:
                since = now
            self._told[deck.deck] = (deck.told_ms, since)
            longest_s = max(longest_s, now - since - (FROZEN_S if _nearly_over(deck) else 0.0))
        if longest_s < FROZEN_S or now - self._looked_at < MISSED_S:
            return False
        self._looked_at = now
        # Where nobody can tell what is heard, only the longest counts.
        seen_s = longest_s if may_have_server() else longest_s - BUSY_S
        return self._carry_out(pid, lambda signal: verdict(seen_s, True, True, signal))

    def _carry_out(self, pid: int, judge: Callable[[Signal], Verdict]) -> bool:
        signal = signal_of(pid)
        now = time.monotonic()
        if signal.heard == "sounds":
            self._heard_until = now + signal.left_s
        match judge(signal):
            case "wait":
                return False
            case "soften":
                soften(pid)
                self.over_at = time.monotonic()
            case "replace":
                self.over_at = min(self._heard_until or now, now)
        return True


def _nearly_over(deck: wire.DeckState) -> bool:
    return 0 < deck.length_ms < deck.position_ms + NEAR_END_MS
