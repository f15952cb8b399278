"""The demo's pace: the computer's clocks run faster up to the next step, and fades that do not hold it up."""

from pathlib import Path

from kapdesk.clock import Reading, read_system
from kapdesk.music.engine.port import Engine
from kapdesk.music.engine.wire import EASE_MS, Deck
from kapdesk.music.fades import Curve

LIFELIKE = 60.0
"""Up to this speed every fade is as long as with a patient."""

SHORTEST = 6.0
"""No fade becomes shorter than one over this of its length, nor than `EASE_MS`: nobody is startled at any speed."""


class ScriptClock:
    """The computer's clocks, run at `speed` up to the next step of the script, where they stand still until it is done.

    Called, it gives a reading of them.
    """

    def __init__(self, speed: float) -> None:
        self._speed, self._start, self._real = speed, read_system(), read_system()
        self._passed_ms = self._limit_ms = 0.0
        self._held = False

    def __call__(self) -> Reading:  # noqa: D102 -- as the class says
        real = read_system()
        if not self._held:
            on = (real.awake_ms - self._real.awake_ms) * self._speed
            self._passed_ms = min(self._passed_ms + on, self._limit_ms)
        self._real = real
        start, passed = self._start, int(self._passed_ms)
        return Reading(
            start.wall_us + passed * 1000,
            start.utc_offset_s,
            start.boot_id,
            start.boottime_ms + passed,
            start.awake_ms + passed,
        )

    def run_to(self, minute: float) -> None:
        """Let the time run on to this minute after the start."""
        self()
        self._limit_ms = minute * 60_000

    def there(self) -> bool:
        """Whether the minute was reached."""
        self()
        return self._passed_ms >= self._limit_ms

    def hold(self, held: bool) -> None:
        """Stand still, or go on."""
        self()
        self._held = held

    def left_s(self) -> float:
        """How long until the minute is reached, in real seconds."""
        self()
        return max(0.0, self._limit_ms - self._passed_ms) / self._speed / 1000


class Brisk:
    """An engine whose fades are shorter the faster the demo is played; everything else is the engine's own."""

    def __init__(self, engine: Engine, speed: float) -> None:
        self._engine = engine
        self._by = min(max(1.0, speed / LIFELIKE), SHORTEST)

    def _shorter(self, ms: int) -> int:
        return min(ms, max(EASE_MS, round(ms / self._by)))

    def load(self, deck: Deck, path: Path, at_ms: int = 0) -> None:
        """As `Engine.load`."""
        self._engine.load(deck, path, at_ms)

    def play(self, deck: Deck, gain: float = 1.0, ms: int = 0) -> None:
        """As `Engine.play`."""
        self._engine.play(deck, gain, self._shorter(ms))

    def crossfade(self, old: Deck, new: Deck, gain: float = 1.0, ms: int = 8_000) -> None:
        """As `Engine.crossfade`."""
        self._engine.crossfade(old, new, gain, self._shorter(ms))

    def fade(self, deck: Deck, to: float, ms: int, curve: Curve = "power") -> None:
        """As `Engine.fade`."""
        self._engine.fade(deck, to, self._shorter(ms), curve)

    def pause(self, deck: Deck, ms: int = 0) -> None:
        """As `Engine.pause`."""
        self._engine.pause(deck, self._shorter(ms))

    def resume(self, deck: Deck, ms: int = 0) -> None:
        """As `Engine.resume`."""
        self._engine.resume(deck, self._shorter(ms))

    def stop(self, deck: Deck, ms: int = 0) -> None:
        """As `Engine.stop`."""
        self._engine.stop(deck, self._shorter(ms))

    def seek(self, deck: Deck, to_ms: int) -> None:
        """As `Engine.seek`."""
        self._engine.seek(deck, to_ms)

    def set_volume(self, percent: int) -> None:
        """As `Engine.set_volume`."""
        self._engine.set_volume(percent)

    def use_output(self, name: str) -> None:
        """As `Engine.use_output`."""
        self._engine.use_output(name)

    def close(self, play_out: bool) -> None:
        """As `Engine.close`."""
        self._engine.close(play_out)
