"""What the music desk may ask of whatever makes the sound; `Link` is the real one, tests have a fake."""

from pathlib import Path
from typing import Protocol

from kapdesk.music.engine.wire import Deck
from kapdesk.music.fades import Curve


class Engine(Protocol):
    """Three decks, asked by verbs that return at once; what comes of it is told by events (`wire.Event`).

    Nothing here blocks, nothing can click: the engine itself runs every change of level as a fade. Times are ms, gains
    0.0 to 1.0 (a factor on the amplitude). A fade of 0 ms is as quick as can't be heard as a click: `EASE_MS` from
    full level, and less from a softer one. Orders are carried out in the order given; one that must wait for a deck
    to fall silent (`load`; `seek` behind a `pause`) makes a fade-out under way on that deck as quick as that.
    Events come on threads that are not the caller's.
    """

    def load(self, deck: Deck, path: Path, at_ms: int = 0) -> None:
        """Put a file on a deck, silent, at a place. A deck that still sounds is faded out and stopped first.

        Told: `Failed` at once if the file is missing, empty or may not be read; otherwise nothing.
        """

    def play(self, deck: Deck, gain: float = 1.0, ms: int = 0) -> None:
        """Let a loaded deck sound, rising to `gain` in equal power over `ms` from the moment it is heard.

        MUST follow `load`. Told: `Playing`, then `Faded`; or `Failed`.
        """

    def crossfade(self, old: Deck, new: Deck, gain: float = 1.0, ms: int = 8_000) -> None:
        """Let `new` sound and, only once it does, fade `old` out and `new` in to `gain` at equal power over `ms`.

        `new` MUST be loaded and be another deck. MUST be asked `ms` + `TAIL_MS` before the end of `old`: no fade can
        reach into a piece's last `TAIL_MS`, so asked later, both fades are as much shorter. `old` may have ended
        meanwhile. If `new` fails, `old` plays on as if nothing had been asked. Told: `Playing(new)`, then `Faded(new)`
        and `Stopped(old)` in either order; or `Failed(new)`; `Ended(old)` for `Stopped` if its piece was over sooner.
        """

    def fade(self, deck: Deck, to: float, ms: int, curve: Curve = "power") -> None:
        """Move the gain of a deck that sounds or is paused. Replaces a fade of its gain that is under way.

        MUST follow `play` or `crossfade`. To fade out for good use `stop` or `pause`, with their `ms`.
        Told: `Faded`, unless it is replaced.
        """

    def pause(self, deck: Deck, ms: int = 0) -> None:
        """Fade out over `ms` and keep the place. Told: `Paused`; `Ended` if asked in the piece's last `TAIL_MS`."""

    def resume(self, deck: Deck, ms: int = 0) -> None:
        """Come back to the gain it had. Turns round a `pause` (or a `stop`) that is still fading out.

        Told: `Playing`, if it had fallen silent.
        """

    def stop(self, deck: Deck, ms: int = 0) -> None:
        """Fade out over `ms` and empty the deck. Told: `Stopped`; nothing if it was empty.

        In the last `TAIL_MS` of a piece it is left to end by itself. Told then: `Ended`.
        """

    def seek(self, deck: Deck, to_ms: int) -> None:
        """Go to another place in the piece, out and in as quick as can be; a paused deck stays paused.

        Told: `Playing` with the new place, if it sounds.
        """

    def set_volume(self, percent: int) -> None:
        """The volume of everything, 0 to 100 on the scale of a slider (50 is -18 dB).

        While something sounds it glides there, down by `FALL_DB_S` and up by `RISE_DB_S`, however often it is asked.
        """

    def use_output(self, name: str) -> None:
        """Play there from now on, and nowhere else; what sounds goes over softly, what waits comes in there.

        If it is not there, or goes, everything falls silent and waits at its place, and nothing sounds anywhere else.
        Told: `OutputLost` then, `OutputBack` when it is there again or another is chosen.
        """

    def close(self, play_out: bool) -> None:
        """Let go of the engine: it plays the piece that sounds to its end and leaves, or fades out now and leaves.

        Nothing may be asked afterwards, and no event comes.
        """
